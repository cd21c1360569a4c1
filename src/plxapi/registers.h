/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers of the interrupted program, in the frame that the kernel made for
 * the handler; what is changed here is what the program goes on with.
 */
#ifndef PLXAPI_REGISTERS_H
#define PLXAPI_REGISTERS_H

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include <Zydis/Zydis.h>

/* Finds out where the kernel puts the vector registers. */
void registers_prepare(void);

/* General registers of any width; a 32-bit write clears the upper half. */
uint64_t register_get(const ucontext_t *context, ZydisRegister name);
void register_set(ucontext_t *context, ZydisRegister name, uint64_t value);

/* The 64 bytes of vector register @index, as far as the machine has them. */
#define VECTOR_BYTES 64
void vector_get(const ucontext_t *context, unsigned int index,
		unsigned char bytes[VECTOR_BYTES]);
/* 0, or -1 if the frame has no room for it. */
int vector_set(ucontext_t *context, unsigned int index,
	       const unsigned char bytes[VECTOR_BYTES]);

#endif
