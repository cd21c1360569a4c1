/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Showing something again and again: redrawn in place on a terminal, until q
 * or Ctrl-C; one block after the other where the output is none.
 */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdint.h>

struct watch {
	uint64_t interval_ms;
	uint64_t rounds;		/* 0: without end */
};

/* Calls @show until that returns something else than CLI_OK, or it is enough;
 * returns what it returned. */
int watch_run(const struct watch *watch, int (*show)(void *context),
	      void *context);

#endif
