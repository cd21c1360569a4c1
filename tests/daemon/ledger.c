/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See ledger.h. */
#include "ledger.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

const char *const ledger_wrongs[WRONGS] = {
	[WRONG_TWO_HOLDERS] = "never two holders",
	[WRONG_LOST] = "never a lost lease",
	[WRONG_INTRUDER] = "never a transfer by a non-holder",
	[WRONG_NAME] = "refusals name the right holder",
	[WRONG_CALL] = "no call fails for no reason",
};

#define PID_BITS 24

static int32_t pid_of(uint64_t holder)
{
	return (int32_t)(holder & ((1u << PID_BITS) - 1));
}

/* Is what was entered over? Then it counts for nothing. */
static int over(const struct ledger *ledger, uint64_t holder)
{
	uint64_t until = holder >> PID_BITS;

	return until && ledger_now() >= ledger->began + until * 1000;
}

struct ledger *ledger_new(void)
{
	struct ledger *ledger = mmap(NULL, sizeof(*ledger),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (ledger == MAP_FAILED)
		return NULL;
	ledger->began = ledger_now() - 1000000000;
	return ledger;
}

uint64_t ledger_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void ledger_note(struct ledger *ledger, enum ledger_wrong wrong,
		 const char *format, ...)
{
	va_list args;

	if (atomic_fetch_add(&ledger->wrong[wrong], 1) >= 3)
		return;
	printf("# not \"%s\": process %d: ", ledger_wrongs[wrong],
	       (int)getpid());
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

int ledger_covers(enum plxdma_claimed what, unsigned int channel)
{
	return what == PLXDMA_CLAIM_CARD || (unsigned int)what == channel;
}

static int doomed(const struct ledger *ledger, int32_t pid)
{
	for (unsigned int i = 0; i < LEDGER_WORKERS; i++) {
		if (atomic_load(&ledger->doomed[i]) == pid)
			return 1;
	}
	return 0;
}

int ledger_may_be_over(uint64_t asked, uint64_t lease_ms)
{
	/* It began after it was asked for. */
	return lease_ms && ledger_now() >= asked + lease_ms * 1000000;
}

/* Who was late to enter what is over by now leaves it. */
static void line_enter(struct ledger *ledger, struct ledger_line *line,
		       uint64_t asked, uint64_t lease_ms)
{
	uint64_t until = lease_ms ? (asked + lease_ms * 1000000 -
				     ledger->began) / 1000 : 0;
	uint64_t mine = (uint64_t)getpid() | until << PID_BITS;
	uint64_t before = atomic_load(&line->holder);
	int32_t other;

	do {
		other = pid_of(before);
		if (ledger_may_be_over(asked, lease_ms))
			return;
	} while (!atomic_compare_exchange_strong(&line->holder, &before, mine));
	atomic_fetch_add(&line->entries, 1);
	if (other && other != getpid() && !doomed(ledger, other) &&
	    !over(ledger, before) && !ledger_may_be_over(asked, lease_ms))
		ledger_note(ledger, WRONG_TWO_HOLDERS, "%d has it, too",
			    (int)other);
}

void ledger_enter(struct ledger *ledger, enum plxdma_claimed what,
		  uint64_t asked, uint64_t lease_ms)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (ledger_covers(what, i))
			line_enter(ledger, &ledger->lines[i], asked, lease_ms);
	}
}

/* It is another's by now, if the lease was over. */
static void line_strike(struct ledger_line *line, int32_t pid)
{
	uint64_t holder = atomic_load(&line->holder);

	if (pid_of(holder) == pid &&
	    atomic_compare_exchange_strong(&line->holder, &holder, 0))
		atomic_fetch_add(&line->entries, 1);
}

void ledger_strike(struct ledger *ledger, enum plxdma_claimed what)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (ledger_covers(what, i))
			line_strike(&ledger->lines[i], getpid());
	}
}

void ledger_bury(struct ledger *ledger, int32_t pid)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++)
		line_strike(&ledger->lines[i], pid);
}

struct ledger_sight ledger_see(const struct ledger *ledger,
			       unsigned int channel)
{
	const struct ledger_line *line = &ledger->lines[channel];
	struct ledger_sight sight;

	/* In this order: a change in between is a change since. */
	sight.entries = atomic_load(&line->entries);
	sight.holder = atomic_load(&line->holder);
	return sight;
}

int32_t ledger_held_since(const struct ledger *ledger, unsigned int channel,
			  struct ledger_sight before)
{
	const struct ledger_line *line = &ledger->lines[channel];
	uint64_t holder = atomic_load(&line->holder);

	if (holder != before.holder || over(ledger, holder) ||
	    doomed(ledger, pid_of(holder)) ||
	    atomic_load(&line->entries) != before.entries)
		return 0;
	return pid_of(holder);
}
