/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See arithmetic.h. */
#include "plxapi/arithmetic.h"

#define FLAG_CARRY UINT64_C(0x001)
#define FLAG_PARITY UINT64_C(0x004)
#define FLAG_ADJUST UINT64_C(0x010)
#define FLAG_ZERO UINT64_C(0x040)
#define FLAG_SIGN UINT64_C(0x080)
#define FLAG_OVERFLOW UINT64_C(0x800)
#define FLAGS                                                                  \
	(FLAG_CARRY | FLAG_PARITY | FLAG_ADJUST | FLAG_ZERO | FLAG_SIGN |      \
	 FLAG_OVERFLOW)

static uint64_t flag(uint64_t is, uint64_t which)
{
	return is ? which : 0;
}

static uint64_t result_flags(uint64_t result, uint64_t sign)
{
	return flag(!result, FLAG_ZERO) | flag(result & sign, FLAG_SIGN) |
	       flag(!(__builtin_popcountll(result & 0xff) & 1), FLAG_PARITY);
}

/* Carries out of every bit of a sum, and borrows of a difference. */
static uint64_t sum_flags(uint64_t a, uint64_t b, uint64_t result,
			  uint64_t sign)
{
	uint64_t carries = (a & b) | ((a | b) & ~result);

	return flag(carries & sign, FLAG_CARRY) |
	       flag(carries & 8, FLAG_ADJUST) |
	       flag((a ^ result) & (b ^ result) & sign, FLAG_OVERFLOW);
}

static uint64_t difference_flags(uint64_t a, uint64_t b, uint64_t result,
				 uint64_t sign)
{
	uint64_t borrows = (~a & b) | ((~a | b) & result);

	return flag(borrows & sign, FLAG_CARRY) |
	       flag(borrows & 8, FLAG_ADJUST) |
	       flag((a ^ b) & (a ^ result) & sign, FLAG_OVERFLOW);
}

uint64_t arithmetic_do(enum arithmetic op, uint64_t a, uint64_t b,
		       unsigned int bits, uint64_t *flags)
{
	const uint64_t sign = UINT64_C(1) << (bits - 1);
	const uint64_t mask = sign | (sign - 1);
	uint64_t carry = *flags & FLAG_CARRY, kept = *flags & ~FLAGS;
	uint64_t result, set;

	if (op == ARITHMETIC_NOT)
		return ~a & mask;
	if (op == ARITHMETIC_INC || op == ARITHMETIC_DEC)
		b = 1;
	if (op == ARITHMETIC_NEG) {
		b = a;
		a = 0;
	}
	a &= mask;
	b &= mask;
	switch (op) {
	case ARITHMETIC_ADD:
	case ARITHMETIC_ADC:
	case ARITHMETIC_INC:
		result = (a + b + (op == ARITHMETIC_ADC ? carry : 0)) & mask;
		set = sum_flags(a, b, result, sign);
		break;
	case ARITHMETIC_AND:
		result = a & b;
		set = 0;
		break;
	case ARITHMETIC_OR:
		result = a | b;
		set = 0;
		break;
	case ARITHMETIC_XOR:
		result = a ^ b;
		set = 0;
		break;
	default:
		result = (a - b - (op == ARITHMETIC_SBB ? carry : 0)) & mask;
		set = difference_flags(a, b, result, sign);
		break;
	}
	set |= result_flags(result, sign);
	if (op == ARITHMETIC_INC || op == ARITHMETIC_DEC)
		set = (set & ~FLAG_CARRY) | carry;
	*flags = kept | set;
	return result;
}
