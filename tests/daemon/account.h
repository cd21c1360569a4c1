/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who had how much of a bus, by the software card's own trace: each owner has a
 * MiB of the card's SRAM, and one more is whoever uses any other local address.
 * A byte and a descriptor's fetch are what they cost on the bus, so that the
 * sum is what the card counts as bus time.
 */
#ifndef TESTS_DAEMON_ACCOUNT_H
#define TESTS_DAEMON_ACCOUNT_H

#include <stdint.h>
#include <sys/types.h>

#define ACCOUNT_OWNERS 16
#define ACCOUNT_ELSE (ACCOUNT_OWNERS - 1)

struct account {
	int fd;
	off_t at;			/* read so far */
	unsigned int owner[2];		/* of what each channel does */
	uint64_t bytes[ACCOUNT_OWNERS];
	uint64_t starts[ACCOUNT_OWNERS];
	unsigned int watched;		/* of whose next start ... */
	uint64_t before;		/* ... the sum of all is kept */
};

/* -1 if the trace isn't there. */
int account_open(struct account *account, const char *trace);
void account_close(struct account *account);
/* As far as the trace goes now. */
void account_read(struct account *account);
void account_reset(struct account *account);
uint64_t account_sum(const struct account *account);
/* The sum of all when @owner starts something next, UINT64_MAX until then. */
void account_watch(struct account *account, unsigned int owner);

#endif
