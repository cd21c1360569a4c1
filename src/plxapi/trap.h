/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Loads and stores that are caught and done otherwise.
 *
 * A trapped window is mapped PROT_NONE.  A handler for SIGSEGV, installed when
 * the first is made, decodes the instruction that touched it, does the access
 * by plxdma_peek() and plxdma_poke() (plxdma_batch() where one instruction
 * needs several), sets registers and flags, and goes on behind the
 * instruction.  No page is ever opened, so any number of threads can do so at
 * once, and none sees another's access.
 *
 * This is the one place where this project installs a signal handler, and it
 * is not libplxdma that does.  A handler that was there before gets every
 * fault that isn't ours.
 *
 * A signal handler finds its way by variables of the process only: the table
 * of windows is one.  It is read without a lock, and an entry that changed
 * meanwhile is read again.
 */
#ifndef PLXAPI_TRAP_H
#define PLXAPI_TRAP_H

#include <plxdma/plxdma.h>
#include <stddef.h>
#include <stdint.h>

/* What an access needs to know. */
struct trap_window {
	uintptr_t base;
	size_t size;
	struct plxdma_card *card;
	unsigned int bar;
};

/* Makes a window of @size bytes onto a BAR.  0, -ENOSPC, -ENOMEM, or
 * -EOPNOTSUPP on machines whose instructions nobody here can decode. */
int trap_open(struct plxdma_card *card, unsigned int bar, size_t size,
	      void **address);
void trap_close(void *address);

/* The window that @size bytes at @address lie in.  1, or 0 if there is none. */
int trap_find(uintptr_t address, size_t size, struct trap_window *found);

#endif
