/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The INTx line between the card and a client: a level, told by eventfds.
 *
 * As VFIO has it: a level that rises is signalled once and masks itself; the
 * client unmasks when its guest has had a look at the device (QEMU: at any
 * access to a BAR), and is told again if the level still stands.  A level that
 * falls takes back what the client hasn't consumed, else its guest would see
 * an interrupt that nobody raised.
 */
#ifndef VFIO_USER_LINE_H
#define VFIO_USER_LINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct line {
	pthread_mutex_t lock; /* the card's engine may have its own thread */
	int trigger;	      /* the client's eventfds, or -1 */
	int unmask;
	bool level;
	bool masked;	 /* by the client */
	bool automasked; /* signalled, and not unmasked since */
	uint64_t signals, withdrawn;
};

void line_init(struct line *line);
void line_destroy(struct line *line);
/* Any thread; never blocks on an eventfd of a client that behaves. */
void line_set_level(struct line *line, bool level);
/* Takes the descriptors over, also when it fails: -EINVAL if it is none that a
 * line can use. -1: no more. */
int line_set_trigger(struct line *line, int fd);
int line_set_unmask(struct line *line, int fd);
void line_mask(struct line *line);
void line_unmask(struct line *line);
/* As if the card had raised it. */
void line_signal(struct line *line);
/* The client's unmask eventfd is readable. */
void line_unmask_ready(struct line *line);
/* Forgets the client; the level stays what it is. */
void line_release(struct line *line);

#endif
