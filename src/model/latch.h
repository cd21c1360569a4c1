/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's locks, and words to sleep on.
 *
 * A register access costs about as much as its lock, and the critical
 * sections are far shorter than a sleep: hence a lock that spins first and
 * calls the kernel only when that was in vain.
 */
#ifndef MODEL_LATCH_H
#define MODEL_LATCH_H

#include <stdatomic.h>
#include <stdint.h>

enum latch_state { LATCH_FREE, LATCH_HELD, LATCH_AWAITED };

struct latch {
	atomic_uint state;
	atomic_uint waiting;
};

/* The slow ways; see latch_take() and latch_give(). */
void latch_await(struct latch *latch);
void latch_wake(struct latch *latch);

static inline void latch_take(struct latch *latch)
{
	unsigned int free = LATCH_FREE;

	if (!atomic_compare_exchange_strong_explicit(
		    &latch->state, &free, LATCH_HELD, memory_order_acquire,
		    memory_order_relaxed))
		latch_await(latch);
}

static inline int latch_awaited(const struct latch *latch)
{
	return atomic_load_explicit(&latch->waiting, memory_order_relaxed) > 0;
}

/* A moment of a spin. */
void latch_relax(void);

/* About as long as it takes another CPU to see that a latch is free. */
void latch_pause(void);

/* Who polls a register would take the latch again before anybody else sees
 * that it is free: it waits a moment where somebody wants it. */
static inline void latch_give(struct latch *latch)
{
	if (atomic_exchange_explicit(&latch->state, LATCH_FREE,
				     memory_order_release) == LATCH_AWAITED)
		latch_wake(latch);
	if (latch_awaited(latch))
		latch_pause();
}

#define WORD_NEVER UINT64_MAX

/* Sleeps while *word is @seen, until the moment @until of CLOCK_MONOTONIC. */
void word_sleep(atomic_uint *word, unsigned int seen, uint64_t until);
void word_wake(atomic_uint *word);

#endif
