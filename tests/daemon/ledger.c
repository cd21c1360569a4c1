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

struct ledger *ledger_new(void)
{
	struct ledger *ledger = mmap(NULL, sizeof(*ledger),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return ledger == MAP_FAILED ? NULL : ledger;
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

static void line_enter(struct ledger *ledger, struct ledger_line *line,
		       uint64_t asked, uint64_t lease_ms)
{
	int32_t before = atomic_load(&line->pid);
	uint64_t until = atomic_load(&line->until);

	if (before && before != getpid() && !doomed(ledger, before) &&
	    !(until && ledger_now() >= until) &&
	    atomic_load(&line->pid) == before &&
	    atomic_load(&line->until) == until)
		ledger_note(ledger, WRONG_TWO_HOLDERS, "%d has it, too",
			    (int)before);
	atomic_fetch_add(&line->entries, 1);
	atomic_store(&line->until,
		     lease_ms ? asked + lease_ms * 1000000 : 0);
	atomic_store(&line->pid, getpid());
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
	if (atomic_compare_exchange_strong(&line->pid, &pid, 0))
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

	return (struct ledger_sight){
		.entries = atomic_load(&line->entries),
		.pid = atomic_load(&line->pid),
	};
}

int32_t ledger_held_since(const struct ledger *ledger, unsigned int channel,
			  struct ledger_sight before)
{
	const struct ledger_line *line = &ledger->lines[channel];
	uint64_t until = atomic_load(&line->until);

	if (!before.pid || (until && ledger_now() >= until) ||
	    doomed(ledger, before.pid) ||
	    atomic_load(&line->pid) != before.pid ||
	    atomic_load(&line->entries) != before.entries)
		return 0;
	return before.pid;
}
