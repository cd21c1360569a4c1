/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a client's steps to register accesses: copy, check each by itself,
 * check each against the card's policy and claims, and let the driver check
 * and do the rest.
 */
#include "batcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bell.h"
#include "chip/recipe.h"
#include "client.h"
#include "tenant.h"

/* How long a batch may stand in line before its client is told. */
#define PATIENCE_NS (PLXDMA_POLL_MAX_US * UINT64_C(1000))
/* A batch that can't go on yet is looked at without a pause for so long, and
 * so often after that. */
#define EAGER_NS UINT64_C(100000)
#define LOOK_NS UINT64_C(20000)

static int eventfds_new(struct batcher *batcher)
{
	batcher->wakes_daemon = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (batcher->wakes_daemon < 0)
		return -errno;
	batcher->wakes_client = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (batcher->wakes_client >= 0)
		return 0;
	close(batcher->wakes_daemon);
	return -errno;
}

int batcher_new(struct tenant *tenant, struct batcher **batcher)
{
	struct batcher *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return -ENOMEM;
	made->tenant = tenant;
	err = eventfds_new(made);
	if (err)
		goto out_free;
	made->area_fd = wire_batch_new(&made->server.area);
	if (made->area_fd < 0) {
		err = made->area_fd;
		goto out_close;
	}
	*batcher = made;
	return 0;

out_close:
	close(made->wakes_daemon);
	close(made->wakes_client);
out_free:
	free(made);
	return err;
}

static struct claims *claims_of(const struct batcher *batcher)
{
	return &batcher->tenant->card->claims;
}

static struct claim_party *party_of(const struct batcher *batcher)
{
	return &batcher->tenant->claimant.party;
}

static void changes_end(struct batcher *batcher)
{
	if (batcher->changes)
		claims_changed(claims_of(batcher), party_of(batcher));
	batcher->changes = 0;
}

void batcher_free(struct batcher *batcher)
{
	if (batcher->running)
		dma_card_batch_drop(batcher->tenant->card->dma,
				    &batcher->batch);
	changes_end(batcher);
	wire_batch_unmap(batcher->server.area);
	close(batcher->area_fd);
	close(batcher->wakes_daemon);
	close(batcher->wakes_client);
	free(batcher);
}

static void answer(struct batcher *batcher, int err, const struct error *error)
{
	batcher->running = 0;
	changes_end(batcher);
	batch_server_answer(&batcher->server, batcher->steps, batcher->count,
			    batcher->batch.position, err, error->text[0] ?
			    error->text : strerror(-err));
	if (batch_server_must_wake(&batcher->server) &&
	    bell_ring(batcher->wakes_client, 1) == -EINTR)
		batcher->tenant->client->dead = 1;
}

/* What no batch may say, whatever the card. */
static int shape_check(struct batcher *batcher, struct error *error)
{
	uint32_t poll_us = 0;
	int err;

	batcher->writes = 0;
	for (uint32_t i = 0; i < batcher->count; i++) {
		const struct plxdma_step *step = &batcher->steps[i];

		err = step_check(step, error);
		if (err)
			return err;
		batcher->writes |= step->op == PLXDMA_STEP_WRITE;
		if (step->op == PLXDMA_STEP_POLL)
			poll_us += step->timeout_us;
		if (poll_us > PLXDMA_POLL_MAX_US)
			return error_set(error, -EINVAL, "all polls of a batch "
					 "together take at most %u us",
					 PLXDMA_POLL_MAX_US);
	}
	return 0;
}

/* Who may do it; asked again as long as nothing was done. */
static int permission_check(const struct batcher *batcher, struct error *error)
{
	const struct card *card = batcher->tenant->card;
	int owns = claims_owns_card(&card->claims, party_of(batcher));
	int err = 0;

	if (batcher->writes)
		err = claims_permit_change(&card->claims, party_of(batcher),
					   error);
	if (reach_is_open(&batcher->tenant->grant.reach))
		return err;
	for (uint32_t i = 0; !err && i < batcher->count; i++)
		err = reach_check(&batcher->tenant->grant.reach,
				  &batcher->steps[i], owns, error);
	return err;
}

static int batch_take(struct batcher *batcher, uint64_t now)
{
	struct error error = { "" };
	int got = batch_server_take(&batcher->server, batcher->steps,
				    &batcher->count);

	if (!got)
		return 0;
	batcher->batch = (struct dma_batch){
		.steps = batcher->steps,
		.count = batcher->count,
	};
	batcher->since = now;
	batcher->running = 1;
	if (got < 0)
		error_set(&error, got, "a batch has 1 to %u steps",
			  PLXDMA_BATCH);
	else
		got = shape_check(batcher, &error);
	if (got < 0)
		answer(batcher, got, &error);
	return 1;
}

static int waited_long(const struct batcher *batcher, uint64_t now)
{
	return !batcher->batch.turn.begun &&
	       now - batcher->since > PATIENCE_NS;
}

static void batch_refuse(struct batcher *batcher, int err,
			 const struct error *error)
{
	dma_card_batch_drop(batcher->tenant->card->dma, &batcher->batch);
	answer(batcher, err, error);
}

static void batch_run(struct batcher *batcher, uint64_t now)
{
	struct card *card = batcher->tenant->card;
	struct error error = { "" };
	int err = 0;

	if (!batcher->batch.turn.begun)
		err = permission_check(batcher, &error);
	if (err) {
		batch_refuse(batcher, err, &error);
		return;
	}
	err = dma_card_batch(card->dma, &batcher->batch, &error);
	if (err != -EAGAIN) {
		answer(batcher, err, &error);
	} else if (waited_long(batcher, now)) {
		err = error_set(&error, -EBUSY, "card %s: others' recipes and "
				"batches have had it for more than %u us: try "
				"again", card->name, PLXDMA_POLL_MAX_US);
		batch_refuse(batcher, err, &error);
	} else if (batcher->batch.turn.begun && batcher->writes &&
		   !batcher->changes) {
		batcher->changes = 1;
		claims_changing(claims_of(batcher), party_of(batcher));
	}
}

int batcher_take(struct batcher *batcher, uint64_t now)
{
	return !batcher->running && batch_take(batcher, now);
}

int batcher_turn(struct batcher *batcher, uint64_t now)
{
	if (!batcher->running)
		return 0;
	batch_run(batcher, now);
	return !batcher->running || now - batcher->since < EAGER_NS;
}

uint64_t batcher_deadline(const struct batcher *batcher, uint64_t now)
{
	return batcher->running ? now + LOOK_NS : UINT64_MAX;
}
