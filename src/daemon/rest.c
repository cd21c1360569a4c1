/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How long the daemon may sleep, and how its clients learn that it does: it
 * says so in everything that is shared, then looks once more.
 */
#include "rest.h"

#include "log.h"

#define SLEEP_NS UINT64_C(1000000000)
/* While somebody's end waits for an abort */
#define SLEEP_SHORT_NS UINT64_C(1000000)

static uint64_t sleep_length(const struct server *server, uint64_t now)
{
	uint64_t until = now + (server->unfinished ? SLEEP_SHORT_NS :
						     SLEEP_NS), deadline;
	const struct batcher *batcher;

	for (unsigned int i = 0; i < server->card_count; i++) {
		deadline = card_deadline(server->cards[i], now);
		if (deadline < until)
			until = deadline;
	}
	for (batcher = TAILQ_FIRST(&server->batchers); batcher;
	     batcher = TAILQ_NEXT(batcher, all)) {
		deadline = batcher_deadline(batcher, now);
		if (deadline < until)
			until = deadline;
	}
	return until > now ? until - now : 0;
}

/* Says to all clients that this side sleeps. Did anybody ask meanwhile? */
static int sleep_announce(struct server *server)
{
	struct batcher *batcher;
	struct lane *lane;
	int pending = 0;

	for (lane = TAILQ_FIRST(&server->lanes); lane;
	     lane = TAILQ_NEXT(lane, all))
		ring_server_sleep(&lane->ring);
	for (batcher = TAILQ_FIRST(&server->batchers); batcher;
	     batcher = TAILQ_NEXT(batcher, all))
		batch_server_sleep(&batcher->server);
	for (lane = TAILQ_FIRST(&server->lanes); lane;
	     lane = TAILQ_NEXT(lane, all))
		pending |= lane_pending(lane);
	for (batcher = TAILQ_FIRST(&server->batchers); batcher;
	     batcher = TAILQ_NEXT(batcher, all))
		pending |= !batcher->running &&
			   batch_server_pending(&batcher->server);
	return pending;
}

static void sleep_end(struct server *server)
{
	struct batcher *batcher;
	struct lane *lane;

	for (lane = TAILQ_FIRST(&server->lanes); lane;
	     lane = TAILQ_NEXT(lane, all))
		ring_server_awake(&lane->ring);
	for (batcher = TAILQ_FIRST(&server->batchers); batcher;
	     batcher = TAILQ_NEXT(batcher, all))
		batch_server_awake(&batcher->server);
}

static void nothing_heard(struct server *server)
{
	for (unsigned int i = 0; i < server->card_count; i++)
		card_overslept(server->cards[i]);
}

void rest(struct server *server, uint64_t now)
{
	uint64_t length = sleep_length(server, now);

	if (sleep_announce(server))
		length = 0;
	server->tally.sleeps++;
	log_catch_up(now);
	passage_turn(&server->passage, now);
	if (!loop_wait(server->loop, length) && length)
		nothing_heard(server);
	sleep_end(server);
}
