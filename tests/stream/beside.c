/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See beside.h.  PLXDMA_OBSERVER_UID is whom they become, where it is set: they
 * need no privilege.
 */
#include "beside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#define COUNTER_MASK ((1u << 27) - 1)
#define SPEC 200

static pid_t children[BESIDE_MOST];
static int begin[BESIDE_MOST], begun[BESIDE_MOST];
static unsigned int children_count;

struct view {
	struct plxdma_card *card;
	struct plxdma_observer *observer;
	uint64_t gaps, stale, wrong;
	uint32_t next;		/* word */
	int any;
};

/* Words count up in a block, and from one to the next unless one is missed. */
static int look_at(struct view *view, const struct plxdma_block *block)
{
	const uint32_t *words = block->data;
	const uint32_t first = words[0] & COUNTER_MASK;
	size_t i, count = block->bytes / 4;

	if (view->any && !block->dropped && first != view->next)
		return 0;
	for (i = 1; i < count; i++)
		if (((words[i] - first) & COUNTER_MASK) != i)
			return 0;
	view->next = (first + (uint32_t)count) & COUNTER_MASK;
	view->any = 1;
	return 1;
}

static int read_along(struct view *view)
{
	struct plxdma_block block;
	int result, right;

	for (;;) {
		block.size = sizeof(block);
		result = plxdma_observer_take(view->observer,
					      INT64_C(60000000000), &block);
		if (result)
			return result;
		right = look_at(view, &block);
		view->gaps += block.dropped;
		if (!plxdma_observer_give(view->observer))
			view->wrong += !right;
		else
			view->any = 0;
	}
}

static double cpu(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int observe(struct view *view, unsigned int number)
{
	struct plxdma_observer_stats stats = {.size = sizeof(stats)};
	int result = read_along(view);

	plxdma_observer_stats(view->observer, &stats);
	printf("# observer %u: %llu blocks whole, %llu missed, CPU %.2f s\n"
	       "%sok - observer %u: each word is right, and the stream ended\n",
	       number, (unsigned long long)stats.whole,
	       (unsigned long long)stats.missed, cpu(),
	       view->wrong || result != -ENODATA ? "not " : "", number);
	return view->wrong || result != -ENODATA;
}

static int child(unsigned int number, int in, int out)
{
	const char *uid = getenv("PLXDMA_OBSERVER_UID");
	struct view view = { 0 };
	char spec[SPEC] = "";
	int result;

	if (read(in, spec, sizeof(spec) - 1) <= 0)
		return 0;
	if (uid && (setgid((gid_t)atoi(uid)) || setuid((uid_t)atoi(uid))))
		return 1;
	result = plxdma_open(spec, &view.card);
	if (!result)
		result = plxdma_observer_open(view.card, 0, 8, &view.observer);
	if (result)
		printf("not ok - observer %u: %s\n", number,
		       plxdma_error(view.card));
	if (write(out, "", 1) != 1 || result)
		return 1;
	result = observe(&view, number);
	plxdma_observer_close(view.observer);
	plxdma_close(view.card);
	return result;
}

static void fork_one(unsigned int number)
{
	int to[2], from[2];

	if (pipe(to) || pipe(from))
		exit(1);
	fflush(stdout);
	children[number] = fork();
	if (!children[number]) {
		close(to[1]);
		close(from[0]);
		number = (unsigned int)child(number, to[0], from[1]);
		fflush(stdout);
		_exit((int)number);
	}
	close(to[0]);
	close(from[1]);
	begin[number] = to[1];
	begun[number] = from[0];
}

void beside_fork(unsigned int count)
{
	for (children_count = 0;
	     children_count < count && children_count < BESIDE_MOST;
	     children_count++)
		fork_one(children_count);
}

void beside_begin(const char *spec)
{
	char name[SPEC], byte;
	unsigned int i;

	snprintf(name, sizeof(name), "%s", spec);
	name[strcspn(name, ",")] = '\0';
	for (i = 0; i < children_count; i++)
		if (write(begin[i], name, strlen(name) + 1) < 0 ||
		    read(begun[i], &byte, 1) < 1)
			printf("# observer %u is gone\n", i);
}

int beside_end(void)
{
	unsigned int i;
	int status, wrong = 0;

	for (i = 0; i < children_count; i++)
		wrong += waitpid(children[i], &status, 0) < 0 || status;
	return wrong;
}
