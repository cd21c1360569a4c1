/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads and stores of vector registers: what memcpy() is made of, and the
 * moves of a single element.
 *
 * Old-style instructions leave the register above their 16 bytes alone, VEX
 * and EVEX ones clear it.  Masked moves are not known.
 */
#include <string.h>

#include "plxapi/decoded.h"
#include "plxapi/registers.h"

#define XMM_BYTES 16u

/* Which bytes of the register move, and what becomes of the rest of its low
 * 16 when it is loaded. */
enum shape {
	SHAPE_NONE,
	SHAPE_WHOLE, /* as many as there are in memory, the rest cleared */
	SHAPE_LOW,   /* bytes 0 to 7, the others stay */
	SHAPE_HIGH,  /* bytes 8 to 15, the others stay */
};

static enum shape shape_of(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_MOVUPS:
	case ZYDIS_MNEMONIC_MOVUPD:
	case ZYDIS_MNEMONIC_MOVAPS:
	case ZYDIS_MNEMONIC_MOVAPD:
	case ZYDIS_MNEMONIC_MOVDQU:
	case ZYDIS_MNEMONIC_MOVDQA:
	case ZYDIS_MNEMONIC_LDDQU:
	case ZYDIS_MNEMONIC_MOVNTDQ:
	case ZYDIS_MNEMONIC_MOVNTDQA:
	case ZYDIS_MNEMONIC_MOVNTPS:
	case ZYDIS_MNEMONIC_MOVNTPD:
	case ZYDIS_MNEMONIC_MOVD:
	case ZYDIS_MNEMONIC_MOVQ:
	case ZYDIS_MNEMONIC_MOVSS:
	case ZYDIS_MNEMONIC_MOVSD:
	case ZYDIS_MNEMONIC_VMOVUPS:
	case ZYDIS_MNEMONIC_VMOVUPD:
	case ZYDIS_MNEMONIC_VMOVAPS:
	case ZYDIS_MNEMONIC_VMOVAPD:
	case ZYDIS_MNEMONIC_VMOVDQU:
	case ZYDIS_MNEMONIC_VMOVDQU8:
	case ZYDIS_MNEMONIC_VMOVDQU16:
	case ZYDIS_MNEMONIC_VMOVDQU32:
	case ZYDIS_MNEMONIC_VMOVDQU64:
	case ZYDIS_MNEMONIC_VMOVDQA:
	case ZYDIS_MNEMONIC_VMOVDQA32:
	case ZYDIS_MNEMONIC_VMOVDQA64:
	case ZYDIS_MNEMONIC_VLDDQU:
	case ZYDIS_MNEMONIC_VMOVNTDQ:
	case ZYDIS_MNEMONIC_VMOVNTDQA:
	case ZYDIS_MNEMONIC_VMOVNTPS:
	case ZYDIS_MNEMONIC_VMOVNTPD:
	case ZYDIS_MNEMONIC_VMOVD:
	case ZYDIS_MNEMONIC_VMOVQ:
	case ZYDIS_MNEMONIC_VMOVSS:
	case ZYDIS_MNEMONIC_VMOVSD:
		return SHAPE_WHOLE;
	case ZYDIS_MNEMONIC_MOVLPS:
	case ZYDIS_MNEMONIC_MOVLPD:
		return SHAPE_LOW;
	case ZYDIS_MNEMONIC_MOVHPS:
	case ZYDIS_MNEMONIC_MOVHPD:
		return SHAPE_HIGH;
	default:
		return SHAPE_NONE;
	}
}

static int is_vector(ZydisRegister name)
{
	ZydisRegisterClass class = ZydisRegisterGetClass(name);

	return class == ZYDIS_REGCLASS_XMM || class == ZYDIS_REGCLASS_YMM ||
	       class == ZYDIS_REGCLASS_ZMM;
}

static int load(const struct decoded *in, unsigned int index, enum shape shape)
{
	unsigned char bytes[VECTOR_BYTES];

	vector_get(in->context, index, bytes);
	if (in->instruction.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY)
		memset(bytes, 0, sizeof(bytes));
	else if (shape == SHAPE_WHOLE)
		memset(bytes, 0, XMM_BYTES);
	access_load(&in->window, in->offset,
		    bytes + (shape == SHAPE_HIGH ? 8 : 0), in->bytes);
	return vector_set(in->context, index, bytes);
}

static int store(const struct decoded *in, unsigned int index, enum shape shape)
{
	unsigned char bytes[VECTOR_BYTES];

	vector_get(in->context, index, bytes);
	access_store(&in->window, in->offset,
		     bytes + (shape == SHAPE_HIGH ? 8 : 0), in->bytes);
	return 0;
}

static int is_masked(const ZydisDecodedInstruction *instruction)
{
	return instruction->encoding == ZYDIS_INSTRUCTION_ENCODING_EVEX &&
	       instruction->avx.mask.reg != ZYDIS_REGISTER_NONE &&
	       instruction->avx.mask.reg != ZYDIS_REGISTER_K0;
}

int vector_do(const struct decoded *in)
{
	enum shape shape = shape_of(in->instruction.mnemonic);
	const ZydisDecodedOperand *to = NULL, *from = NULL;
	unsigned int i;

	if (shape == SHAPE_NONE || is_masked(&in->instruction))
		return -1;
	/* EVEX has its mask, be it none, as an operand in between. */
	for (i = 0; i < in->instruction.operand_count_visible; i++) {
		const ZydisDecodedOperand *operand = &in->operands[i];

		if (operand->encoding == ZYDIS_OPERAND_ENCODING_MASK)
			continue;
		if (from)
			return -1;
		if (to)
			from = operand;
		else
			to = operand;
	}
	if (!from || in->bytes > VECTOR_BYTES)
		return -1;
	if (to->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    is_vector(to->reg.value))
		return load(in, (unsigned int)ZydisRegisterGetId(to->reg.value),
			    shape);
	if (from->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    is_vector(from->reg.value))
		return store(in,
			     (unsigned int)ZydisRegisterGetId(from->reg.value),
			     shape);
	return -1;
}
