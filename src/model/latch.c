/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's locks where they are contended.
 */
#include "model/latch.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SPINS 400

static long futex(atomic_uint *word, int operation, unsigned int value,
		  const struct timespec *until)
{
	return syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value,
		       until, NULL, FUTEX_BITSET_MATCH_ANY);
}

void latch_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

void latch_pause(void)
{
	for (unsigned int i = 0; i < 16; i++)
		latch_relax();
}

static int latch_spin(struct latch *latch)
{
	for (unsigned int i = 0; i < SPINS; i++) {
		unsigned int free = LATCH_FREE;

		if (atomic_load_explicit(&latch->state, memory_order_relaxed) ==
			    LATCH_FREE &&
		    atomic_compare_exchange_weak_explicit(
			    &latch->state, &free, LATCH_HELD,
			    memory_order_acquire, memory_order_relaxed))
			return 1;
		latch_relax();
	}
	return 0;
}

void latch_await(struct latch *latch)
{
	atomic_fetch_add_explicit(&latch->waiting, 1, memory_order_relaxed);
	if (latch_spin(latch))
		goto out_taken;
	while (atomic_exchange_explicit(&latch->state, LATCH_AWAITED,
					memory_order_acquire) != LATCH_FREE)
		futex(&latch->state, FUTEX_WAIT_BITSET, LATCH_AWAITED, NULL);
out_taken:
	atomic_fetch_sub_explicit(&latch->waiting, 1, memory_order_relaxed);
}

void latch_wake(struct latch *latch)
{
	futex(&latch->state, FUTEX_WAKE, 1, NULL);
}

void word_sleep(atomic_uint *word, unsigned int seen, uint64_t until)
{
	struct timespec when = {
		.tv_sec = (time_t)(until / 1000000000u),
		.tv_nsec = (long)(until % 1000000000u),
	};

	futex(word, FUTEX_WAIT_BITSET, seen,
	      until == WORD_NEVER ? NULL : &when);
}

void word_wake(atomic_uint *word)
{
	futex(word, FUTEX_WAKE, INT_MAX, NULL);
}
