/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The line is a list: who is put back goes towards its end, where it is looked
 * for from. See shares.h.
 */
#include "shares.h"

#include <stdlib.h>

/* Of virtual time in a unit of cost, so that weights divide it finely. */
#define FINENESS 1024u

void shares_init(struct shares *shares)
{
	shares->now = 0;
	TAILQ_INIT(&shares->line);
	TAILQ_INIT(&shares->all);
}

void shares_destroy(struct shares *shares)
{
	struct sharer *sharer;

	while ((sharer = TAILQ_FIRST(&shares->all))) {
		TAILQ_REMOVE(&shares->all, sharer, all);
		free(sharer);
	}
}

static void forget(struct shares *shares, struct sharer *sharer)
{
	TAILQ_REMOVE(&shares->all, sharer, all);
	free(sharer);
}

/* Those who left and whose time the channel's clock has passed. */
static void forget_old(struct shares *shares)
{
	struct sharer *sharer, *next;

	for (sharer = TAILQ_FIRST(&shares->all); sharer; sharer = next) {
		next = TAILQ_NEXT(sharer, all);
		if (!sharer->client && sharer->finish <= shares->now)
			forget(shares, sharer);
	}
}

static struct sharer *find(struct shares *shares, const void *client,
			   uint32_t uid)
{
	struct sharer *sharer, *left = NULL;

	for (sharer = TAILQ_FIRST(&shares->all); sharer;
	     sharer = TAILQ_NEXT(sharer, all)) {
		if (sharer->client == client)
			return sharer;
		if (!sharer->client && sharer->uid == uid)
			left = sharer;
	}
	return left;
}

struct sharer *shares_join(struct shares *shares, const void *client,
			  uint32_t uid)
{
	struct sharer *sharer;

	forget_old(shares);
	sharer = find(shares, client, uid);
	if (!sharer) {
		sharer = calloc(1, sizeof(*sharer));
		if (!sharer)
			return NULL;
		TAILQ_INIT(&sharer->lanes);
		TAILQ_INSERT_TAIL(&shares->all, sharer, all);
	}
	sharer->client = client;
	sharer->uid = uid;
	sharer->lanes_open++;
	return sharer;
}

void shares_leave(struct shares *shares, struct sharer *sharer)
{
	if (--sharer->lanes_open)
		return;
	if (sharer->ready)
		TAILQ_REMOVE(&shares->line, sharer, line);
	sharer->ready = 0;
	sharer->client = NULL;
	if (sharer->finish <= shares->now)
		forget(shares, sharer);
}

static void line_up(struct shares *shares, struct sharer *sharer)
{
	struct sharer *before = TAILQ_LAST(&shares->line, sharer_queue);

	while (before && before->start > sharer->start)
		before = TAILQ_PREV(before, sharer_queue, line);
	if (before)
		TAILQ_INSERT_AFTER(&shares->line, before, sharer, line);
	else
		TAILQ_INSERT_HEAD(&shares->line, sharer, line);
	sharer->ready = 1;
}

void shares_update(struct shares *shares, struct sharer *sharer)
{
	int wants = sharer->held || !TAILQ_EMPTY(&sharer->lanes);

	if (wants == sharer->ready)
		return;
	if (!wants) {
		TAILQ_REMOVE(&shares->line, sharer, line);
		sharer->ready = 0;
		return;
	}
	sharer->start = sharer->finish > shares->now ? sharer->finish :
						      shares->now;
	line_up(shares, sharer);
}

struct sharer *shares_first(const struct shares *shares)
{
	return TAILQ_FIRST(&shares->line);
}

void shares_charge(struct shares *shares, struct sharer *sharer, uint64_t cost,
		  unsigned int weight)
{
	if (sharer->start > shares->now)
		shares->now = sharer->start;
	sharer->finish = sharer->start +
			 (cost + sharer->debt) * FINENESS /
			 (weight ? weight : 1);
	sharer->debt = 0;
	sharer->start = sharer->finish;
	if (!sharer->ready)
		return;
	TAILQ_REMOVE(&shares->line, sharer, line);
	line_up(shares, sharer);
}

void shares_owe(struct sharer *sharer, uint64_t cost)
{
	sharer->debt += cost;
}
