/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * MOVS, STOS and LODS, with and without REP.
 *
 * A repetition is done in bites, and the program is let go on in between with
 * its registers as they are then: as on the processor, signals come in.
 * Neighbouring bytes move as Lwords where they lie so; a processor is free to
 * do the same.
 */
#include <string.h>

#include "plxapi/decoded.h"
#include "plxapi/registers.h"

#define BITE 64u
#define BITES 32u
/* Windows begin and end at pages. */
#define PAGE 4096u

#define FLAG_DIRECTION 0x400

enum string_op {
	STRING_MOVE,
	STRING_STORE,
	STRING_LOAD,
};

struct string {
	enum string_op op;
	size_t element;
	int backwards;
	uint64_t from, to, left; /* left: elements */
};

static int string_of(const struct decoded *in, struct string *string)
{
	static const struct {
		ZydisMnemonic mnemonic;
		enum string_op op;
		size_t element;
	} known[] = {
		{ ZYDIS_MNEMONIC_MOVSB, STRING_MOVE, 1 },
		{ ZYDIS_MNEMONIC_MOVSW, STRING_MOVE, 2 },
		{ ZYDIS_MNEMONIC_MOVSD, STRING_MOVE, 4 },
		{ ZYDIS_MNEMONIC_MOVSQ, STRING_MOVE, 8 },
		{ ZYDIS_MNEMONIC_STOSB, STRING_STORE, 1 },
		{ ZYDIS_MNEMONIC_STOSW, STRING_STORE, 2 },
		{ ZYDIS_MNEMONIC_STOSD, STRING_STORE, 4 },
		{ ZYDIS_MNEMONIC_STOSQ, STRING_STORE, 8 },
		{ ZYDIS_MNEMONIC_LODSB, STRING_LOAD, 1 },
		{ ZYDIS_MNEMONIC_LODSW, STRING_LOAD, 2 },
		{ ZYDIS_MNEMONIC_LODSD, STRING_LOAD, 4 },
		{ ZYDIS_MNEMONIC_LODSQ, STRING_LOAD, 8 },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (known[i].mnemonic != in->instruction.mnemonic)
			continue;
		string->op = known[i].op;
		string->element = known[i].element;
		return 0;
	}
	return -1;
}

static void get(uint64_t address, void *data, size_t size)
{
	struct trap_window window;

	if (trap_find(address, size, &window))
		access_load(&window, address - window.base, data, size);
	else
		memcpy(data, (const void *)address, size);
}

static void put(uint64_t address, const void *data, size_t size)
{
	struct trap_window window;

	if (trap_find(address, size, &window))
		access_store(&window, address - window.base, data, size);
	else
		memcpy((void *)address, data, size);
}

static size_t within_page(uint64_t address, size_t size)
{
	size_t left = PAGE - (address & (PAGE - 1));

	return size < left ? size : left;
}

/* Whole elements that neither operand's page ends in; one if need be. */
static size_t bite_size(const struct string *string)
{
	size_t size = string->left < BITE ? (size_t)string->left *
						    string->element
					  : BITE;

	if (size > BITE)
		size = BITE;
	if (string->backwards)
		return string->element;
	if (string->op != STRING_STORE)
		size = within_page(string->from, size);
	if (string->op != STRING_LOAD)
		size = within_page(string->to, size);
	size -= size % string->element;
	return size ? size : string->element;
}

static void fill(unsigned char *bytes, size_t size, uint64_t value,
		 size_t element)
{
	size_t i;

	for (i = 0; i < size; i += element)
		memcpy(bytes + i, &value, element);
}

static void bite_do(ucontext_t *context, struct string *string)
{
	greg_t *accumulator = &context->uc_mcontext.gregs[REG_RAX];
	size_t size = bite_size(string);
	uint64_t step = string->backwards ? -(uint64_t)size : size;
	unsigned char bytes[BITE];
	uint64_t value = 0;

	if (string->op == STRING_STORE) {
		fill(bytes, size, (uint64_t)*accumulator, string->element);
	} else {
		get(string->from, bytes, size);
		string->from += step;
	}
	if (string->op == STRING_LOAD) {
		memcpy(&value, bytes + size - string->element,
		       string->element);
		register_set(context,
			     string->element == 8   ? ZYDIS_REGISTER_RAX
			     : string->element == 4 ? ZYDIS_REGISTER_EAX
			     : string->element == 2 ? ZYDIS_REGISTER_AX
						    : ZYDIS_REGISTER_AL,
			     value);
	} else {
		put(string->to, bytes, size);
		string->to += step;
	}
	string->left -= size / string->element;
}

int string_do(struct decoded *in)
{
	greg_t *gregs = in->context->uc_mcontext.gregs;
	int repeated = !!(in->instruction.attributes & ZYDIS_ATTRIB_HAS_REP);
	struct string string = {
		.backwards = !!(gregs[REG_EFL] & FLAG_DIRECTION),
		.from = (uint64_t)gregs[REG_RSI],
		.to = (uint64_t)gregs[REG_RDI],
		.left = repeated ? (uint64_t)gregs[REG_RCX] : 1,
	};
	unsigned int i;

	if (in->instruction.address_width != 64 || string_of(in, &string))
		return -1;
	for (i = 0; i < BITES && string.left; i++)
		bite_do(in->context, &string);
	if (string.op != STRING_STORE)
		gregs[REG_RSI] = (greg_t)string.from;
	if (string.op != STRING_LOAD)
		gregs[REG_RDI] = (greg_t)string.to;
	if (repeated)
		gregs[REG_RCX] = (greg_t)string.left;
	if (!string.left)
		gregs[REG_RIP] += in->instruction.length;
	return 0;
}
