/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The heap and its lock under threads, real-time ones included.
 */
#include "suites.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/wait.h>

#include "mem/heap.h"
#include "mem/lock.h"
#include "pool.h"

#define SIZE ((uint64_t)8 << 20)
#define THREADS 4
#define STEPS 20000
#define LIVE 64

static struct heap *heap;
static _Atomic uint8_t owner[SIZE / 64];

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void spin_for(uint64_t ns)
{
	uint64_t end = clock_ns() + ns;

	while (clock_ns() < end)
		;
}

static void owner_set(uint64_t offset, uint64_t length, uint8_t from,
		      uint8_t to)
{
	uint64_t unit;

	for (unit = offset / 64; unit * 64 < offset + length; unit++)
		if (atomic_exchange_explicit(&owner[unit], to,
					     memory_order_relaxed) != from)
			abort();
}

static void *churn(void *name)
{
	uint8_t self = *(uint8_t *)name;
	unsigned int seed = self, step, slot;
	uint64_t offset[LIVE], length[LIVE] = { 0 };

	for (step = 0; step < STEPS + LIVE; step++) {
		slot = step < STEPS ? (unsigned int)rand_r(&seed) % LIVE
				    : step - STEPS;
		if (length[slot]) {
			owner_set(offset[slot], length[slot], self, 0);
			if (heap_release(heap, offset[slot]))
				abort();
			length[slot] = 0;
		} else if (step < STEPS) {
			length[slot] = 1 + (unsigned int)rand_r(&seed) % 20000;
			offset[slot] = heap_alloc(heap, length[slot]);
			if (offset[slot] == HEAP_NONE)
				length[slot] = 0;
			else
				owner_set(offset[slot], length[slot], 0, self);
		}
	}
	return NULL;
}

START_TEST(threads_never_share_what_they_allocated)
{
	pthread_t thread[THREADS];
	uint8_t name[THREADS];
	uint64_t used, largest;
	unsigned int i;

	ck_assert_int_eq(heap_new(SIZE, &heap), 0);
	for (i = 0; i < THREADS; i++) {
		name[i] = (uint8_t)(i + 1);
		ck_assert_int_eq(pthread_create(&thread[i], NULL, churn,
						&name[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	heap_stat(heap, &used, &largest);
	ck_assert_uint_eq(used, 0);
	ck_assert_uint_eq(largest, SIZE);
	heap_free(heap);
}
END_TEST

static struct lock lock;
static _Atomic int holding, got, over;

/* A process of one thread takes no lock: this makes it one of two. */
static void *bystander(void *unused)
{
	(void)unused;
	while (!atomic_load(&over))
		usleep(1000);
	return NULL;
}

static pthread_t bystander_start(void)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, bystander, NULL), 0);
	return thread;
}

static void bystander_end(pthread_t thread)
{
	atomic_store(&over, 1);
	pthread_join(thread, NULL);
}

static uint64_t waited;

static void *waiter(void *unused)
{
	uint64_t began = clock_ns();

	(void)unused;
	lock_take(&lock);
	waited = clock_ns() - began;
	atomic_store(&got, 1);
	lock_drop(&lock);
	return NULL;
}

START_TEST(a_waiter_sleeps_until_the_holder_is_done)
{
	pthread_t thread, other = bystander_start();

	lock_take(&lock);
	ck_assert_int_eq(pthread_create(&thread, NULL, waiter, NULL), 0);
	usleep(50000);
	ck_assert_int_eq(atomic_load(&got), 0);
	lock_drop(&lock);
	pthread_join(thread, NULL);
	ck_assert_int_eq(atomic_load(&got), 1);
	ck_assert_uint_eq(atomic_load(&lock.word), 0);
	bystander_end(other);
}
END_TEST

START_TEST(a_process_of_one_thread_takes_no_lock)
{
	/* ThreadSanitizer has a thread of its own. */
	if (!lock_needless())
		return;
	lock_take(&lock);
	ck_assert_uint_eq(atomic_load(&lock.word), 0);
	lock_drop(&lock);
}
END_TEST

START_TEST(the_child_of_a_fork_takes_locks_in_its_own_name)
{
	pthread_t other = bystander_start();
	pid_t child;
	int status;

	lock_take(&lock);
	lock_drop(&lock);
	ck_assert_uint_eq(lock_thread, (uint32_t)gettid());
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child)
		_exit(lock_thread ? 1 : 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	bystander_end(other);
}
END_TEST

static void *low(void *unused)
{
	(void)unused;
	lock_take(&lock);
	atomic_store(&holding, 1);
	spin_for(5000000);
	lock_drop(&lock);
	return NULL;
}

static void *middle(void *unused)
{
	(void)unused;
	spin_for(150000000);
	return NULL;
}

static int thread_on_one_cpu(pthread_t *thread, void *(*run)(void *),
			     int priority)
{
	struct sched_param param = { .sched_priority = priority };
	pthread_attr_t attributes;
	cpu_set_t cpus;
	int rc;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof(cpus), &cpus);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
	pthread_attr_setschedparam(&attributes, &param);
	rc = pthread_create(thread, &attributes, run, NULL);
	pthread_attr_destroy(&attributes);
	return rc;
}

/*
 * The low thread holds the lock, the middle one keeps the CPU from it, the
 * high one waits: it lends its priority, so the middle one has to wait too.
 */
START_TEST(a_real_time_waiter_is_not_held_up_by_who_preempted_the_holder)
{
	pthread_t thread[3];

	if (thread_on_one_cpu(&thread[0], low, 1)) {
		pool_skip(__func__, "needs CAP_SYS_NICE for SCHED_FIFO");
		return;
	}
	while (!atomic_load(&holding))
		usleep(100);
	ck_assert_int_eq(thread_on_one_cpu(&thread[1], middle, 10), 0);
	ck_assert_int_eq(thread_on_one_cpu(&thread[2], waiter, 20), 0);
	pthread_join(thread[0], NULL);
	pthread_join(thread[1], NULL);
	pthread_join(thread[2], NULL);
	ck_assert_uint_lt(waited, 100000000);
}
END_TEST

Suite *suite_threads(void)
{
	Suite *suite = suite_create("threads");
	TCase *tcase = tcase_create("threads");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, threads_never_share_what_they_allocated);
	tcase_add_test(tcase, a_process_of_one_thread_takes_no_lock);
	tcase_add_test(tcase, a_waiter_sleeps_until_the_holder_is_done);
	tcase_add_test(tcase,
		the_child_of_a_fork_takes_locks_in_its_own_name);
	tcase_add_test(tcase,
		a_real_time_waiter_is_not_held_up_by_who_preempted_the_holder);
	suite_add_tcase(suite, tcase);
	return suite;
}
