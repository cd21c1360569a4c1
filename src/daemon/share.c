/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The line is a list: who is put back goes towards its end, where it is looked
 * for from. See share.h.
 */
#include "share.h"

#include <stdlib.h>

/* Of virtual time in a unit of cost, so that weights divide it finely. */
#define FINENESS 1024u

void share_init(struct share *share)
{
	share->now = 0;
	TAILQ_INIT(&share->line);
	TAILQ_INIT(&share->all);
}

void share_destroy(struct share *share)
{
	struct sharer *sharer;

	while ((sharer = TAILQ_FIRST(&share->all))) {
		TAILQ_REMOVE(&share->all, sharer, all);
		free(sharer);
	}
}

static void forget(struct share *share, struct sharer *sharer)
{
	TAILQ_REMOVE(&share->all, sharer, all);
	free(sharer);
}

/* Those who left and whose time the channel's clock has passed. */
static void forget_old(struct share *share)
{
	struct sharer *sharer, *next;

	for (sharer = TAILQ_FIRST(&share->all); sharer; sharer = next) {
		next = TAILQ_NEXT(sharer, all);
		if (!sharer->client && sharer->finish <= share->now)
			forget(share, sharer);
	}
}

static struct sharer *find(struct share *share, const void *client,
			   uint32_t uid)
{
	struct sharer *sharer, *left = NULL;

	for (sharer = TAILQ_FIRST(&share->all); sharer;
	     sharer = TAILQ_NEXT(sharer, all)) {
		if (sharer->client == client)
			return sharer;
		if (!sharer->client && sharer->uid == uid)
			left = sharer;
	}
	return left;
}

struct sharer *share_join(struct share *share, const void *client,
			  uint32_t uid)
{
	struct sharer *sharer;

	forget_old(share);
	sharer = find(share, client, uid);
	if (!sharer) {
		sharer = calloc(1, sizeof(*sharer));
		if (!sharer)
			return NULL;
		TAILQ_INIT(&sharer->lanes);
		TAILQ_INSERT_TAIL(&share->all, sharer, all);
	}
	sharer->client = client;
	sharer->uid = uid;
	sharer->lanes_open++;
	return sharer;
}

void share_leave(struct share *share, struct sharer *sharer)
{
	if (--sharer->lanes_open)
		return;
	if (sharer->ready)
		TAILQ_REMOVE(&share->line, sharer, line);
	sharer->ready = 0;
	sharer->client = NULL;
	if (sharer->finish <= share->now)
		forget(share, sharer);
}

static void line_up(struct share *share, struct sharer *sharer)
{
	struct sharer *before = TAILQ_LAST(&share->line, sharer_queue);

	while (before && before->start > sharer->start)
		before = TAILQ_PREV(before, sharer_queue, line);
	if (before)
		TAILQ_INSERT_AFTER(&share->line, before, sharer, line);
	else
		TAILQ_INSERT_HEAD(&share->line, sharer, line);
	sharer->ready = 1;
}

void share_update(struct share *share, struct sharer *sharer)
{
	int wants = sharer->held || !TAILQ_EMPTY(&sharer->lanes);

	if (wants == sharer->ready)
		return;
	if (!wants) {
		TAILQ_REMOVE(&share->line, sharer, line);
		sharer->ready = 0;
		return;
	}
	sharer->start = sharer->finish > share->now ? sharer->finish :
						      share->now;
	line_up(share, sharer);
}

struct sharer *share_first(const struct share *share)
{
	return TAILQ_FIRST(&share->line);
}

void share_charge(struct share *share, struct sharer *sharer, uint64_t cost,
		  unsigned int weight)
{
	if (sharer->start > share->now)
		share->now = sharer->start;
	sharer->finish = sharer->start +
			 (cost + sharer->debt) * FINENESS /
			 (weight ? weight : 1);
	sharer->debt = 0;
	sharer->start = sharer->finish;
	if (!sharer->ready)
		return;
	TAILQ_REMOVE(&share->line, sharer, line);
	line_up(share, sharer);
}

void share_owe(struct sharer *sharer, uint64_t cost)
{
	sharer->debt += cost;
}
