/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An instruction that touched a window, and what there is to do it with. */
#ifndef PLXAPI_DECODED_H
#define PLXAPI_DECODED_H

#include <Zydis/Zydis.h>
#include <ucontext.h>

#include "plxapi/access.h"

struct decoded {
	ucontext_t *context;
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	/* Its operand in memory; strings have their own. */
	struct trap_window window;
	uint64_t offset;
	size_t bytes;
};

/* Loads and stores of vector registers.  0, or -1 if it is none of them. */
int vector_do(const struct decoded *in);

/* MOVS, STOS and LODS; does a part of a long repetition, moves RIP behind it
 * when all is done.  0 or -1. */
int string_do(struct decoded *in);

#endif
