/* SPDX-License-Identifier: MIT */
/*
 * What the bytes of a transfer look like: each 8 carry the transfer's nonce
 * and their position, so that a byte of another transfer, or of another place
 * in this one, is never taken for the right one.
 */
#ifndef THROUGHPUT_PATTERN_H
#define THROUGHPUT_PATTERN_H

#include <stdint.h>

/* A nonce that no other transfer of this run has. */
uint32_t pattern_nonce(void);

void pattern_fill(void *memory, uint64_t size, uint32_t nonce);
/* What memory holds before the bytes come: no bit of theirs. */
void pattern_fill_complement(void *memory, uint64_t size, uint32_t nonce);
/* Return: number of wrong words (8 bytes, the last maybe fewer). */
uint64_t pattern_check(const void *memory, uint64_t size, uint32_t nonce);
/* The 4 bytes at a position that is a multiple of 4. */
uint32_t pattern_lword(uint32_t nonce, uint64_t position);

#endif
