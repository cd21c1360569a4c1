/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arithmetic of two operands as x86 does it, with its flags. */
#ifndef PLXAPI_ARITHMETIC_H
#define PLXAPI_ARITHMETIC_H

#include <stdint.h>

enum arithmetic {
	ARITHMETIC_ADD,
	ARITHMETIC_ADC,
	ARITHMETIC_SUB,
	ARITHMETIC_SBB,
	ARITHMETIC_AND,
	ARITHMETIC_OR,
	ARITHMETIC_XOR,
	ARITHMETIC_INC, /* leaves the carry flag alone */
	ARITHMETIC_DEC,
	ARITHMETIC_NEG,
	ARITHMETIC_NOT, /* leaves all flags alone */
};

/* @bits: 8, 16, 32 or 64.  @flags: EFLAGS before and after. */
uint64_t arithmetic_do(enum arithmetic op, uint64_t a, uint64_t b,
		       unsigned int bits, uint64_t *flags);

#endif
