/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A pin against migration: memory registered as io_uring buffers.
 *
 * Hugepages do move (memory offline, soft-offline, move_pages); registered
 * ones don't.  It is a pin against migration only: soon after its owner's
 * death the pages are free, whatever a card does.  It needs no module.
 */
#ifndef PIN_H
#define PIN_H

#include <stddef.h>

#include "error/error.h"

struct pin;

/*
 * Makes the process's ring if there is none yet.  A ring that was made with
 * CAP_IPC_LOCK keeps pinning beyond RLIMIT_MEMLOCK after that was dropped.
 */
int pin_prepare(struct error *error);
/* 0 or a negative errno with the remedy in the text. */
int pin_new(void *base, size_t size, struct pin **pin, struct error *error);
void pin_free(struct pin *pin);
/*
 * May pages that this process has unpinned still be held?  Linux before 6.4
 * lets go of a registered buffer up to a second after it was told to.
 */
int pin_settling(void);

#endif
