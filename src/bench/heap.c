/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The heap alone: a hot pair of alloc and free per size, and a churn of mixed
 * sizes with thousands live.
 */
#include "bench/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem/heap.h"

#define MIB ((uint64_t)1 << 20)
#define LIVE 4096
#define CHURN_ARENA (1024 * MIB)
#define HOT_AT_MOST 25

struct pair {
	struct heap *heap;
	uint64_t size;
};

static void pair_run(void *context, unsigned int operations)
{
	struct pair *pair = context;

	while (operations--)
		(void)heap_release(pair->heap,
				   heap_alloc(pair->heap, pair->size));
}

static void hot_pairs(struct figures *figures, const char *how, double at_most)
{
	struct pair pair;
	struct figure *figure;

	if (heap_new(64 * MIB, &pair.heap))
		return;
	for (pair.size = 64; pair.size <= MIB; pair.size *= 2) {
		figure = figure_add(figures, "ns", "heap: alloc + free, %llu "
				    "B%s", (unsigned long long)pair.size, how);
		figure->value = figure_time(figures, pair_run, &pair, 2000);
		figure->at_most = at_most;
	}
	heap_free(pair.heap);
}

/* A process of one thread takes no lock; what is promised is the other. */
static void *bystander(void *over)
{
	while (!__atomic_load_n((int *)over, __ATOMIC_ACQUIRE))
		usleep(10000);
	return NULL;
}

static void hot_pairs_locked(struct figures *figures)
{
	pthread_t thread;
	int over = 0;

	if (pthread_create(&thread, NULL, bystander, &over))
		return;
	hot_pairs(figures, "", HOT_AT_MOST);
	__atomic_store_n(&over, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
}

struct churn {
	struct heap *heap;
	uint64_t random;
	uint64_t offset[LIVE];
};

static uint64_t random_next(struct churn *churn)
{
	churn->random ^= churn->random << 13;
	churn->random ^= churn->random >> 7;
	churn->random ^= churn->random << 17;
	return churn->random;
}

/* 64 B to 1 MiB, each power of two as likely as another. */
static uint64_t random_size(struct churn *churn)
{
	uint64_t random = random_next(churn);
	uint64_t top = (uint64_t)64 << random % 15;

	return top / 2 + (random >> 8) % (top / 2) + 1;
}

static void churn_run(void *context, unsigned int operations)
{
	struct churn *churn = context;
	uint64_t *offset;

	while (operations--) {
		offset = &churn->offset[random_next(churn) % LIVE];
		if (*offset != HEAP_NONE)
			(void)heap_release(churn->heap, *offset);
		*offset = heap_alloc(churn->heap, random_size(churn));
	}
}

static void random_run(void *context, unsigned int operations)
{
	struct churn *churn = context;
	uint64_t sum = 0;

	while (operations--)
		sum += churn->offset[random_next(churn) % LIVE] +
		       random_size(churn);
	__asm__ volatile("" : : "r"(sum));
}

static void mixed_churn(struct figures *figures)
{
	struct churn *churn = calloc(1, sizeof(*churn));
	struct figure *figure;
	unsigned int i;
	double bare;

	if (!churn || heap_new(CHURN_ARENA, &churn->heap)) {
		free(churn);
		return;
	}
	churn->random = 88172645463325252u;
	for (i = 0; i < LIVE; i++)
		churn->offset[i] = HEAP_NONE;
	churn_run(churn, 20 * LIVE);
	bare = figure_time(figures, random_run, churn, LIVE);
	figure = figure_add(figures, "ns", "heap: free + alloc, churn, %d live",
			    LIVE);
	figure->value = figure_time(figures, churn_run, churn, LIVE) - bare;
	figure_note(figure, "64 B to 1 MiB at random; %.1f ns of random taken "
		    "off", bare);
	heap_free(churn->heap);
	free(churn);
}

void bench_heap(struct figures *figures)
{
	hot_pairs(figures, ", one thread", HOT_AT_MOST);
	hot_pairs_locked(figures);
	mixed_churn(figures);
}
