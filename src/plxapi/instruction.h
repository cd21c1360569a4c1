/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One x86-64 instruction that touches a trapped window, done in its stead.
 *
 * Known are: loads and stores of general registers and immediates with all
 * their extensions, string moves and stores with and without REP, loads and
 * stores of whole and of parts of XMM, YMM and ZMM registers (what memcpy()
 * is made of), and the usual read-modify-write and compare instructions.  A
 * 64-bit access is two of 32 bits: the bus is 32 bits wide.
 */
#ifndef PLXAPI_INSTRUCTION_H
#define PLXAPI_INSTRUCTION_H

#include <ucontext.h>

/* Once, before the first. */
void instruction_prepare(void);

/* Registers, flags and memory are as after the instruction.  0, or -1 if it is
 * none that is known; then nothing was done. */
int instruction_do(ucontext_t *context);

#endif
