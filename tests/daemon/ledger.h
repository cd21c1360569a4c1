/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What claimants themselves write down of their claims, in memory that they
 * share and the daemon doesn't know: the proof that there are never two.
 *
 * A holder enters what it got after it was told, and strikes it out before it
 * gives it back, so an entry never claims more than was held. It also enters
 * until when the claim holds at least. Who is about to be killed is marked
 * before; from then on its entries count for nothing.
 */
#ifndef TESTS_DAEMON_LEDGER_H
#define TESTS_DAEMON_LEDGER_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include <plxdma/plxdma.h>

#define LEDGER_WORKERS 16

/* One line for each channel; a card's holder enters both. */
struct ledger_line {
	/* Pid, and until when in us since the ledger began, 0: no lease; in one
	 * word, so that nobody sees half of it. */
	_Atomic uint64_t holder;
	_Atomic uint32_t entries;	/* counts changes */
};

enum ledger_wrong {
	WRONG_TWO_HOLDERS,
	WRONG_LOST,		/* refused before its lease was over */
	WRONG_INTRUDER,		/* somebody else's transfer or write */
	WRONG_NAME,		/* a refusal that names another */
	WRONG_CALL,		/* a call that failed for no reason */
	WRONGS,
};

struct ledger {
	struct ledger_line lines[PLXDMA_CHANNELS];
	_Atomic int32_t doomed[LEDGER_WORKERS];	/* pid */
	_Atomic uint32_t sequences;
	_Atomic uint32_t granted;
	_Atomic uint32_t waited;	/* of these, after a wait */
	_Atomic uint32_t refused;
	_Atomic uint32_t named;		/* refusals whose name was checked */
	_Atomic uint32_t intrusions;	/* tried and refused */
	_Atomic uint32_t lapsed;	/* leases that were over */
	_Atomic uint32_t wrong[WRONGS];
	uint32_t wanted;
	uint64_t began;			/* ns, CLOCK_MONOTONIC */
};

extern const char *const ledger_wrongs[WRONGS];

struct ledger *ledger_new(void);
uint64_t ledger_now(void);
int ledger_covers(enum plxdma_claimed what, unsigned int channel);
/* A claim that was asked for at @asked was granted. */
void ledger_enter(struct ledger *ledger, enum plxdma_claimed what,
		  uint64_t asked, uint64_t lease_ms);
void ledger_strike(struct ledger *ledger, enum plxdma_claimed what);
/* What a dead process left. */
void ledger_bury(struct ledger *ledger, int32_t pid);
/* May the claim have ended by itself? */
int ledger_may_be_over(uint64_t asked, uint64_t lease_ms);
/* Notes what is wrong, and says so (a few times). */
void ledger_note(struct ledger *ledger, enum ledger_wrong wrong,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Who holds a channel for certain: seen before and after a call. */
struct ledger_sight {
	uint64_t holder;
	uint32_t entries;
};
struct ledger_sight ledger_see(const struct ledger *ledger,
			       unsigned int channel);
/* The pid that held it from then until now, or 0. */
int32_t ledger_held_since(const struct ledger *ledger, unsigned int channel,
			  struct ledger_sight before);

#endif
