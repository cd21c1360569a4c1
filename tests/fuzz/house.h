/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The whole daemon with a software card, in this process and in one thread,
 * and its one client: an input says what that does by its socket, its rings
 * and its memory for registers. What is sent is received, checked and answered
 * by the daemon's own loop, which asks for the next thing to do whenever it
 * looks for something to do.
 *
 * An input is a list of deeds, each a byte that says which (modulo 8; bit 3 is
 * the channel), and what it takes:
 *
 *   0, 1, 2  a request that is well-formed: type, bytes of its body, body
 *   3        any packet: length (2 bytes), bytes
 *   4        an entry of a ring, submitted as it should be: 64 bytes
 *   5        bytes anywhere in a ring's area: place (4), length, bytes
 *   6        a batch: steps, 24 bytes each
 *   7        bytes anywhere in the batches' area: place (4), length, bytes
 *
 * What the input lacks is zero. If its first byte is odd the client has greeted
 * and has a card, an arena, a claim of channel 0 and both ways in already.
 */
#ifndef TESTS_FUZZ_HOUSE_H
#define TESTS_FUZZ_HOUSE_H

#include <stddef.h>
#include <stdint.h>

/* Opened at the first call. Every client is gone when it returns, and nothing
 * of it is left. */
void house_visit(const uint8_t *data, size_t size);

#endif
