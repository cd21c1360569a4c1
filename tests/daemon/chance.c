/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SplitMix64: any seed will do, also neighbouring ones, and every bit is good.
 * The state is the process's, so that code which is random all over need not
 * hand it around.
 */
#include "chance.h"

static uint64_t state;

void chance_seed(uint64_t seed)
{
	state = seed;
}

uint64_t random64(void)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

unsigned int below(unsigned int bound)
{
	return (unsigned int)(random64() % bound);
}

int one_in(unsigned int n)
{
	return below(n) == 0;
}
