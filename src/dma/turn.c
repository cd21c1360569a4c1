/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See turn.h. */
#include "dma/turn.h"

#include <errno.h>

#include "dma/card.h"

int turn_line_init(struct turn_line *line)
{
	atomic_init(&line->head, NULL);
	atomic_init(&line->accesses, 0);
	return -pthread_mutex_init(&line->lock, NULL);
}

void turn_line_destroy(struct turn_line *line)
{
	pthread_mutex_destroy(&line->lock);
}

static struct dma_turn *line_head(const struct turn_line *line)
{
	return atomic_load_explicit(&line->head, memory_order_relaxed);
}

/* Orders it against turn_access_begin(): of an access and a turn that begin at
 * once, one at least sees the other. */
static void line_set_head(struct turn_line *line, struct dma_turn *turn)
{
	atomic_store(&line->head, turn);
}

static void line_join(struct turn_line *line, struct dma_turn *turn)
{
	struct dma_turn *last = line_head(line);

	turn->next = NULL;
	turn->in_line = 1;
	turn->begun = 0;
	if (!last) {
		line_set_head(line, turn);
		return;
	}
	while (last->next)
		last = last->next;
	last->next = turn;
}

/* A start that saw nobody in line has been made once its lock is ours. */
static void starts_await(struct dma_card *card)
{
	unsigned int n;

	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		pthread_mutex_lock(&card->channels[n].lock);
		pthread_mutex_unlock(&card->channels[n].lock);
	}
}

int turn_take(struct dma_card *card, struct dma_turn *turn)
{
	struct turn_line *line = &card->turns;
	int first;

	if (turn->begun)
		return 0;
	pthread_mutex_lock(&line->lock);
	if (!turn->in_line)
		line_join(line, turn);
	first = line_head(line) == turn;
	pthread_mutex_unlock(&line->lock);
	if (!first || atomic_load(&line->accesses))
		return -EAGAIN;
	starts_await(card);
	turn->begun = 1;
	return 0;
}

static void line_unlink(struct turn_line *line, struct dma_turn *turn)
{
	struct dma_turn *before = line_head(line);

	if (before == turn) {
		line_set_head(line, turn->next);
		return;
	}
	while (before->next != turn)
		before = before->next;
	before->next = turn->next;
}

void turn_leave(struct dma_card *card, struct dma_turn *turn)
{
	struct turn_line *line = &card->turns;

	if (!turn->in_line)
		return;
	pthread_mutex_lock(&line->lock);
	line_unlink(line, turn);
	pthread_mutex_unlock(&line->lock);
	turn->in_line = 0;
	turn->begun = 0;
}

int turn_access_begin(struct dma_card *card)
{
	struct turn_line *line = &card->turns;

	atomic_fetch_add(&line->accesses, 1);
	if (!atomic_load(&line->head))
		return 0;
	turn_access_end(card);
	return -EAGAIN;
}

void turn_access_end(struct dma_card *card)
{
	atomic_fetch_sub_explicit(&card->turns.accesses, 1,
				  memory_order_release);
}
