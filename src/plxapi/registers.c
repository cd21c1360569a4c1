/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See registers.h.  The frame's vector part is an XSAVE area in its standard
 * form: Intel's manual, volume 1, chapter 13. */
#include "plxapi/registers.h"

#include <cpuid.h>
#include <signal.h>
#include <string.h>

/* Components of the area, by their bits in XSTATE_BV. */
enum component {
	COMPONENT_SSE = 1,	/* XMM0 to 15, in the legacy part */
	COMPONENT_AVX = 2,	/* upper halves of YMM0 to 15 */
	COMPONENT_ZMM_HIGH = 6, /* upper halves of ZMM0 to 15 */
	COMPONENT_ZMM_16 = 7,	/* ZMM16 to 31 */
	COMPONENTS,
};

#define LEGACY_XMM 160u	 /* offset of XMM0 */
#define LEGACY_SIZE 512u /* header behind it: XSTATE_BV first */
#define CPUID_XSAVE 0x0d

static struct {
	uint32_t offset, size;
} components[COMPONENTS];

void registers_prepare(void)
{
	unsigned int a, b, c, d, i;

	for (i = COMPONENT_AVX; i < COMPONENTS; i++) {
		if (!__get_cpuid_count(CPUID_XSAVE, i, &a, &b, &c, &d))
			return;
		components[i].size = a;
		components[i].offset = b;
	}
}

/* --- general registers ------------------------------------------------ */

static const int gregs[16] = {
	REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8,	 REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

static int is_high_byte(ZydisRegister name)
{
	return name >= ZYDIS_REGISTER_AH && name <= ZYDIS_REGISTER_BH;
}

static int greg_of(ZydisRegister name)
{
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(
		ZYDIS_MACHINE_MODE_LONG_64, name);

	return gregs[(unsigned int)(whole - ZYDIS_REGISTER_RAX) % 16];
}

static unsigned int bits_of(ZydisRegister name)
{
	return ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, name);
}

static uint64_t mask_of(unsigned int bits)
{
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

uint64_t register_get(const ucontext_t *context, ZydisRegister name)
{
	uint64_t whole;

	if (name == ZYDIS_REGISTER_NONE)
		return 0;
	whole = (uint64_t)context->uc_mcontext.gregs[greg_of(name)];
	if (is_high_byte(name))
		whole >>= 8;
	return whole & mask_of(bits_of(name));
}

void register_set(ucontext_t *context, ZydisRegister name, uint64_t value)
{
	greg_t *place = &context->uc_mcontext.gregs[greg_of(name)];
	unsigned int bits = bits_of(name), shift = is_high_byte(name) ? 8 : 0;
	uint64_t mask = bits == 32 ? UINT64_MAX : mask_of(bits) << shift;

	value = (value & mask_of(bits)) << shift;
	*place = (greg_t)(((uint64_t)*place & ~mask) | value);
}

/* --- vector registers ------------------------------------------------- */

/* A stretch of a vector register: where in the area, where in the register. */
struct stretch {
	enum component component;
	uint32_t from, at, size;
};

static unsigned int stretches_of(unsigned int index, struct stretch *stretches)
{
	if (index >= 16) {
		stretches[0] = (struct stretch){
			COMPONENT_ZMM_16, 64 * (index - 16), 0, 64
		};
		return 1;
	}
	stretches[0] = (struct stretch){ COMPONENT_SSE, 16 * index, 0, 16 };
	stretches[1] = (struct stretch){ COMPONENT_AVX, 16 * index, 16, 16 };
	stretches[2] =
		(struct stretch){ COMPONENT_ZMM_HIGH, 32 * index, 32, 32 };
	return 3;
}

static unsigned char *area_of(const ucontext_t *context)
{
	return (unsigned char *)context->uc_mcontext.fpregs;
}

/* Without the magic number there is the legacy part alone. */
static int is_extended(const ucontext_t *context)
{
	const struct _fpx_sw_bytes *extent =
		(const void *)(area_of(context) + LEGACY_SIZE -
			       sizeof(*extent));

	return extent->magic1 == FP_XSTATE_MAGIC1;
}

static int has(const ucontext_t *context, enum component component)
{
	const struct _fpx_sw_bytes *extent =
		(const void *)(area_of(context) + LEGACY_SIZE -
			       sizeof(*extent));

	if (component == COMPONENT_SSE)
		return 1;
	return is_extended(context) && extent->xstate_bv >> component & 1 &&
	       components[component].offset + components[component].size <=
		       extent->xstate_size;
}

static unsigned char *place_of(const ucontext_t *context,
			       const struct stretch *stretch)
{
	uint32_t offset = stretch->component == COMPONENT_SSE
				  ? LEGACY_XMM
				  : components[stretch->component].offset;

	return area_of(context) + offset + stretch->from;
}

static uint64_t *in_use(const ucontext_t *context)
{
	return (uint64_t *)(void *)(area_of(context) + LEGACY_SIZE);
}

void vector_get(const ucontext_t *context, unsigned int index,
		unsigned char bytes[VECTOR_BYTES])
{
	struct stretch stretches[3];
	unsigned int count = stretches_of(index, stretches), i;

	memset(bytes, 0, VECTOR_BYTES);
	for (i = 0; i < count; i++) {
		const struct stretch *s = &stretches[i];

		/* What isn't in use is zero, whatever the area holds. */
		if (!has(context, s->component) ||
		    (is_extended(context) &&
		     !(*in_use(context) >> s->component & 1)))
			continue;
		memcpy(bytes + s->at, place_of(context, s), s->size);
	}
}

static void component_use(ucontext_t *context, enum component component)
{
	uint64_t bit = UINT64_C(1) << component;

	if (!is_extended(context) || *in_use(context) & bit)
		return;
	if (component == COMPONENT_SSE)
		memset(area_of(context) + LEGACY_XMM, 0, 16 * 16);
	else
		memset(area_of(context) + components[component].offset, 0,
		       components[component].size);
	*in_use(context) |= bit;
}

int vector_set(ucontext_t *context, unsigned int index,
	       const unsigned char bytes[VECTOR_BYTES])
{
	static const unsigned char zero[VECTOR_BYTES];
	struct stretch stretches[3];
	unsigned int count = stretches_of(index, stretches), i;

	for (i = 0; i < count; i++) {
		const struct stretch *s = &stretches[i];

		if (has(context, s->component)) {
			component_use(context, s->component);
			memcpy(place_of(context, s), bytes + s->at, s->size);
		} else if (memcmp(bytes + s->at, zero, s->size)) {
			return -1;
		}
	}
	return 0;
}
