/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel stub as its library sees it, made of a sparse file and a switch.
 *
 * The linker leads open() and ioctl() of this program here (--wrap).  Opening
 * the companion device gives a file in which every BAR and coherent block lies
 * at its mmap() offset; ioctls answer from what a test has set, and note what
 * they were asked.
 */
#ifndef FAKE_STUB_H
#define FAKE_STUB_H

#include <stdint.h>

#include "uio_plx9054.h"

#define FAKE_STUB_ADDRESS "0000:fd:1e.5"
#define FAKE_STUB_RUNS 16
#define FAKE_STUB_REQUESTS 0x10

struct fake_stub {
	int open_error;		/* errno of open(), 0: it opens */
	struct plx9054_info info;
	/* By the low four bits of the request: errno, and how often asked. */
	int errors[FAKE_STUB_REQUESTS];
	unsigned int calls[FAKE_STUB_REQUESTS];
	struct plx9054_run runs[FAKE_STUB_RUNS];	/* what MAP answers */
	uint32_t run_count;
	struct plx9054_map mapped;	/* what it was asked */
	uint32_t unmapped;		/* the last handle given back */
	struct plx9054_event events[PLX9054_SOURCES];
	int fds[PLX9054_SOURCES];
	struct plx9054_channel channel;
	struct plx9054_access access;
	uint32_t access_value;
	uint32_t master;
	uint32_t status;
	int fd;				/* of the file, -1: not open */
};

extern struct fake_stub fake_stub;

/* A 9054 with BARs 0 to 3, an idle card. */
void fake_stub_reset(void);
/* Into a register, as the card would. */
void fake_stub_put(unsigned int bar, unsigned int offset, uint32_t value);
uint32_t fake_stub_get(unsigned int bar, unsigned int offset);
/* The number of a request in errors[] and calls[]. */
unsigned int fake_stub_request(unsigned long request);

#endif
