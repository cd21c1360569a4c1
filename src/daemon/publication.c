/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See publication.h. */
#include "publication.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bell.h"
#include "client.h"
#include "lane.h"
#include "tenant.h"

static struct tenant *channel_tenant(const struct client *client, uint32_t card,
				     uint32_t index, struct error *error)
{
	if (index < PLXDMA_CHANNELS)
		return control_tenant(client, card, error);
	error_set(error, -EINVAL, "a card has channels 0 and 1");
	return NULL;
}

static int publication_make(struct lane *lane, struct error *error)
{
	struct publication *made = calloc(1, sizeof(*made));

	if (!made)
		return error_set(error, -ENOMEM, "no memory for a stream");
	made->fd = wire_published_new(&made->publisher.area);
	if (made->fd < 0) {
		int err = made->fd;

		free(made);
		return error_set(error, err, "can't make a page for observers: "
				 "%s", strerror(-err));
	}
	TAILQ_INIT(&made->observers);
	lane->publication = made;
	return 0;
}

/* Whom does the stream belong to, and may it be read beside him? */
static int publishable(const struct lane *lane, struct error *error)
{
	if (!lane->tenant->client->arena->read_only)
		return error_set(error, -EINVAL, "its memory can be written: "
				 "open the card with observers=yes");
	if (lane->claim != WIRE_OWN)
		return error_set(error, -EPERM, "a stream that is observed "
				 "needs a claim: call plxdma_claim() for "
				 "channel %u or for the card first",
				 lane->index);
	return 0;
}

int publication_run(struct client *client, const struct wire_message *request,
		    struct packet *answer, struct error *error)
{
	const struct wire_publish *publish = &request->publish;
	struct tenant *tenant = channel_tenant(client, publish->card,
					       publish->index, error);
	struct lane *lane;
	int err;

	(void)answer;
	if (!tenant)
		return -EINVAL;
	lane = tenant->lanes[publish->index];
	if (!lane)
		return error_set(error, -EINVAL, "channel %u is not open",
				 publish->index);
	err = publishable(lane, error);
	if (!err && !lane->publication)
		err = publication_make(lane, error);
	if (err)
		return err;
	if (publish->runs)
		publisher_start(&lane->publication->publisher, publish->run,
				publish->number, publish->tai_offset_ns);
	else
		publisher_state(&lane->publication->publisher, WIRE_STREAM_STOPPED);
	lane->publication->news = 1;
	publication_wake(lane->publication);
	return 0;
}

static struct lane *published_lane(const struct card *card, uint32_t index)
{
	struct tenant *tenant;

	TAILQ_FOREACH(tenant, &card->tenants, link) {
		struct lane *lane = tenant->lanes[index];

		/* Who has lost the channel publishes nothing new. */
		if (lane && lane->publication && lane->claim == WIRE_OWN)
			return lane;
	}
	return NULL;
}

static void observer_free(struct observer *observer)
{
	if (observer->of) {
		TAILQ_REMOVE(&observer->of->observers, observer, link);
		observer->of->count--;
	}
	wire_shared_unmap(observer->word, sizeof(*observer->word));
	if (observer->word_fd >= 0)
		close(observer->word_fd);
	if (observer->wakes >= 0)
		close(observer->wakes);
	free(observer);
}

static struct observer *observer_make(struct client *client)
{
	struct observer *made = calloc(1, sizeof(*made));
	void *word;

	if (!made)
		return NULL;
	made->client = client;
	made->wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	made->word_fd = wire_shared_new(sizeof(*made->word), &word);
	if (made->word_fd >= 0)
		made->word = word;
	if (made->wakes >= 0 && made->word_fd >= 0)
		return made;
	observer_free(made);
	return NULL;
}

static int may_observe(const struct tenant *tenant, uint32_t index,
		       struct error *error)
{
	int err = grant_check_channel(&tenant->grant, tenant->card->name, index,
				      error);

	if (!err)
		err = grant_check_observe(&tenant->grant, tenant->card->name,
					  error);
	if (!err && tenant->observers[index])
		err = error_set(error, -EBUSY, "channel %u is observed through "
				"this card already: open the card again for "
				"another observer", index);
	return err;
}

static int observer_join(struct tenant *tenant, uint32_t index,
			 struct publication *publication, struct error *error)
{
	struct observer *observer;

	if (publication->count >= PUBLICATION_OBSERVERS)
		return error_set(error, -EUSERS, "the stream has %d observers, "
				 "and that is all it may have",
				 PUBLICATION_OBSERVERS);
	observer = observer_make(tenant->client);
	if (!observer)
		return error_set(error, -ENOMEM, "no memory for an observer");
	observer->of = publication;
	publication->count++;
	TAILQ_INSERT_TAIL(&publication->observers, observer, link);
	tenant->observers[index] = observer;
	return 0;
}

int publication_observe(struct client *client,
			const struct wire_message *request,
			struct packet *answer, struct error *error)
{
	const uint32_t index = request->channel.index;
	struct tenant *tenant = channel_tenant(client, request->channel.card,
					       index, error);
	struct lane *lane;
	int err;

	if (!tenant)
		return -EINVAL;
	err = may_observe(tenant, index, error);
	if (err)
		return err;
	lane = published_lane(tenant->card, index);
	if (!lane)
		return error_set(error, -ENOENT, "nobody runs a stream on "
				 "channel %u of card %s that may be observed: "
				 "its owner has to open the card with "
				 "observers=yes", index, tenant->card->name);
	err = observer_join(tenant, index, lane->publication, error);
	if (err)
		return err;
	answer->fds[0] = lane->tenant->client->arena->fd;
	answer->fds[1] = lane->publication->fd;
	answer->fds[2] = tenant->observers[index]->word_fd;
	answer->fds[3] = tenant->observers[index]->wakes;
	answer->fd_count = 4;
	return 0;
}

int publication_observe_end(struct client *client,
			    const struct wire_message *request,
			    struct packet *answer, struct error *error)
{
	const uint32_t index = request->channel.index;
	struct tenant *tenant = channel_tenant(client, request->channel.card,
					       index, error);

	(void)answer;
	if (!tenant)
		return -EINVAL;
	if (!tenant->observers[index])
		return error_set(error, -EINVAL, "channel %u isn't observed",
				 index);
	observer_free(tenant->observers[index]);
	tenant->observers[index] = NULL;
	return 0;
}

void publication_ended(struct lane *lane, struct slot *slot,
		       const struct plxdma_result *result)
{
	struct publication *publication = lane->publication;

	if (!publication || slot->entry.direction != PLXDMA_TO_HOST ||
	    slot->entry.flags & WIRE_SEGMENTED ||
	    (result->status != PLXDMA_DONE && result->status != PLXDMA_EOT))
		return;
	slot->mark = publisher_put(&publication->publisher, slot->entry.offset,
				   result);
	publication->news = 1;
}

void publication_reused(struct slot *slot)
{
	struct publication *publication = slot->lane->publication;

	if (publication && slot->mark)
		publisher_take_away(&publication->publisher, slot->mark);
	slot->mark = 0;
}

void publication_wake(struct publication *publication)
{
	struct observer *observer;

	if (!publication->news)
		return;
	publication->news = 0;
	TAILQ_FOREACH(observer, &publication->observers, link) {
		/* cppcheck-suppress uninitvar */
		if (publisher_must_wake(&publication->publisher,
					/* cppcheck-suppress uninitvar */
					observer->word) &&
		    bell_ring(observer->wakes, 1) == -EINTR)
			observer->client->dead = 1;
	}
}

void publication_end(struct lane *lane)
{
	struct publication *publication = lane->publication;
	struct observer *observer;

	if (!publication)
		return;
	lane->publication = NULL;
	publisher_state(&publication->publisher, WIRE_STREAM_CLOSED);
	publication->news = 1;
	publication_wake(publication);
	while ((observer = TAILQ_FIRST(&publication->observers))) {
		TAILQ_REMOVE(&publication->observers, observer, link);
		observer->of = NULL;
	}
	wire_published_unmap(publication->publisher.area);
	close(publication->fd);
	free(publication);
}

void observers_end(struct tenant *tenant)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (tenant->observers[i])
			observer_free(tenant->observers[i]);
		tenant->observers[i] = NULL;
	}
}
