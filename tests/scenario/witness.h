/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What memory holds so that a wrong byte gives itself away.
 *
 * Every 8 bytes of a transfer carry the transfer's number and their position
 * in it, scrambled so that all 8 differ from those of any other word.  The
 * scrambling can be undone: a wrong word tells where it should have been.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stddef.h>
#include <stdint.h>

void witness_fill(void *memory, size_t size, uint32_t nonce);
/* The opposite of every bit: no byte of a transfer can be right by luck. */
void witness_complement(void *memory, size_t size, uint32_t nonce);
/* Return: offset of the first wrong byte, or @size if all are right. */
size_t witness_check(const void *memory, size_t size, uint32_t nonce);
/* Says in a sentence what stands at @at instead. */
void witness_explain(const void *memory, size_t size, size_t at,
		     uint32_t nonce, char *text, size_t room);
/* Of what must not change. */
uint64_t witness_hash(const void *memory, size_t size);

#endif
