/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock's slow paths.  The kernel may be without priority inheritance
 * (emulators are): then a waiter yields instead of sleeping.
 */
#include "lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A critical section is some 20 ns long: this covers several. */
#define LOOKS 64

_Thread_local uint32_t lock_thread;

static pthread_once_t lock_once = PTHREAD_ONCE_INIT;

static void thread_forget(void)
{
	lock_thread = 0;
}

/* A fork's child is another thread. */
static void fork_watch(void)
{
	(void)pthread_atfork(NULL, NULL, thread_forget);
}

uint32_t lock_thread_name(void)
{
	pthread_once(&lock_once, fork_watch);
	lock_thread = (uint32_t)gettid();
	return lock_thread;
}

static long futex(struct lock *lock, int operation)
{
	return syscall(SYS_futex, &lock->word,
		       operation | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0);
}

static int lock_try(struct lock *lock, uint32_t self)
{
	uint32_t nobody = 0;

	return atomic_compare_exchange_strong_explicit(
		&lock->word, &nobody, self, memory_order_acquire,
		memory_order_relaxed);
}

static void processor_rest(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

void lock_wait(struct lock *lock, uint32_t self)
{
	int looks;

	for (looks = 0; looks < LOOKS; looks++) {
		if (!atomic_load_explicit(&lock->word, memory_order_relaxed) &&
		    lock_try(lock, self))
			return;
		processor_rest();
	}
	while (futex(lock, FUTEX_LOCK_PI)) {
		if (lock_try(lock, self))
			return;
		sched_yield();
	}
	/* The kernel wrote our id; see what the last holder wrote. */
	(void)atomic_load_explicit(&lock->word, memory_order_acquire);
}

void lock_wake(struct lock *lock)
{
	/* Changes nothing; what was done under the lock comes before it. */
	(void)atomic_fetch_or_explicit(&lock->word, 0, memory_order_release);
	(void)futex(lock, FUTEX_UNLOCK_PI);
}
