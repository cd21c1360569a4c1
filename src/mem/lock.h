/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The heap's lock: a futex with priority inheritance.
 *
 * Free of contention it is two compare-and-swaps and no system call, about
 * half of what pthread's mutex of the same protocol costs, which is why it is
 * written out here.  Contended, a waiter looks a bounded number of times and
 * then sleeps in the kernel, which lends its priority to the holder: a
 * real-time thread waits for one O(1) critical section and never for whoever
 * preempted the holder, as it would with a spinlock or a plain futex.
 *
 * A process of one thread takes no lock at all, as in glibc's own malloc();
 * nobody may start its first thread between lock_take() and lock_drop().
 */
#ifndef LOCK_H
#define LOCK_H

#include <stdatomic.h>
#include <stdint.h>
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define lock_needless() __libc_single_threaded
#else
#define lock_needless() 0
#endif

struct lock {
	_Atomic uint32_t word;	/* 0, or the holder's thread id | waiters */
};

/* Id of the calling thread, 0 before it first took a lock. */
extern _Thread_local uint32_t lock_thread
	__attribute__((tls_model("initial-exec")));

uint32_t lock_thread_name(void);
void lock_wait(struct lock *lock, uint32_t self);
void lock_wake(struct lock *lock);

static inline void lock_take(struct lock *lock)
{
	uint32_t self = lock_thread, nobody = 0;

	if (lock_needless())
		return;
	if (__builtin_expect(!self, 0))
		self = lock_thread_name();
	if (!atomic_compare_exchange_strong_explicit(
		    &lock->word, &nobody, self, memory_order_acquire,
		    memory_order_relaxed))
		lock_wait(lock, self);
}

static inline void lock_drop(struct lock *lock)
{
	uint32_t self = lock_thread;

	if (lock_needless())
		return;
	if (!atomic_compare_exchange_strong_explicit(
		    &lock->word, &self, 0, memory_order_release,
		    memory_order_relaxed))
		lock_wake(lock);
}

#endif
