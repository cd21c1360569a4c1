/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Register accesses through the daemon: steps in shared memory, without a
 * message. Opened with the first access; threads take turns under a lock, as
 * batches do on the card anyway.
 */
#include "client/card.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "client/channel.h"

/* Spins for so long, then sleeps. */
#define SPIN_NS 20000
#define YIELD_LOOKS 32
/* A wake-up may get lost, so nobody sleeps longer than this unseen. */
#define SLEEP_NS 50000000

static int batches_open(struct client_card *card, struct error *error)
{
	struct client_batches *batches = &card->batches;
	struct packet packet;
	int err;

	connection_request(&packet, WIRE_BATCH_OPEN);
	packet.message.card.card = card->number;
	err = connection_ask(&card->share->connection, &packet, 3, error);
	if (err)
		return err;
	err = wire_batch_map(packet.fds[0], &batches->client.area);
	if (err) {
		packet_close_fds(&packet);
		return error_set(error, err, "can't map the memory for "
				 "registers that plxdmad lends: %s",
				 strerror(-err));
	}
	close(packet.fds[0]);
	batches->wakes_daemon = packet.fds[1];
	batches->wakes_client = packet.fds[2];
	return 0;
}

void client_batches_init(struct client_card *card)
{
	pthread_mutex_init(&card->batches.lock, NULL);
}

void client_batches_close(struct client_card *card)
{
	struct client_batches *batches = &card->batches;

	if (batches->client.area) {
		wire_batch_unmap(batches->client.area);
		close(batches->wakes_daemon);
		close(batches->wakes_client);
	}
	pthread_mutex_destroy(&batches->lock);
}

/* A sibling of this CPU may be at work on the steps, and many take their time:
 * the more there are, the less often this side looks. */
static int spin(const struct batch_client *client, unsigned int steps)
{
	const unsigned int pauses = 1 + steps / 32;
	uint64_t until = channel_now() + SPIN_NS;

	for (unsigned int looks = 1; ; looks++) {
		for (unsigned int i = 0; i < 64; i++) {
			if (batch_client_answered(client))
				return 1;
			for (unsigned int j = 0; j < pauses; j++)
				__builtin_ia32_pause();
		}
		if (channel_now() >= until)
			return 0;
		if (!(looks % YIELD_LOOKS))
			sched_yield();
	}
}

/* 0, or -ENODEV: nobody will answer any more. */
static int sleep_step(struct client_card *card)
{
	struct client_batches *batches = &card->batches;
	struct pollfd pollers[2] = {
		{ .fd = batches->wakes_client, .events = POLLIN },
		{ .fd = card->share->connection.fd },
	};
	const struct timespec timeout = { .tv_nsec = SLEEP_NS };
	eventfd_t value;

	batch_client_sleep(&batches->client);
	if (batch_client_answered(&batches->client))
		return 0;
	if (ppoll(pollers, 2, &timeout, NULL) <= 0)
		return 0;
	if (pollers[0].revents)
		eventfd_read(batches->wakes_client, &value);
	return pollers[1].revents &&
	       !batch_client_answered(&batches->client) ? -ENODEV : 0;
}

static int answer_wait(struct client_card *card, unsigned int steps,
		       struct error *error)
{
	struct batch_client *client = &card->batches.client;

	if (spin(client, steps))
		return 0;
	while (!batch_client_answered(client)) {
		if (sleep_step(card))
			return connection_gone(&card->share->connection, error);
	}
	batch_client_awake(client);
	return 0;
}

static int steps_ask(struct client_card *card, struct plxdma_step *steps,
		     unsigned int count, unsigned int *done,
		     struct error *error)
{
	struct client_batches *batches = &card->batches;
	char text[ERROR_TEXT];
	int err;

	batch_client_ask(&batches->client, steps, count);
	if (batch_client_must_wake(&batches->client))
		eventfd_write(batches->wakes_daemon, 1);
	err = answer_wait(card, count, error);
	if (err)
		return err;
	err = batch_client_take(&batches->client, steps, count, done, text);
	return err ? error_set(error, err, "%.300s", text) : 0;
}

int client_batch(struct plxdma_card *front, struct plxdma_step *steps,
		 unsigned int count, unsigned int *done, struct error *error)
{
	struct client_card *card = client_card(front);
	int err = 0;

	*done = 0;
	pthread_mutex_lock(&card->batches.lock);
	if (!card->batches.client.area)
		err = batches_open(card, error);
	if (!err)
		err = steps_ask(card, steps, count, done, error);
	pthread_mutex_unlock(&card->batches.lock);
	return err;
}

static int one(struct plxdma_card *card, unsigned int space, int write,
	       unsigned int offset, unsigned int width, uint32_t *value,
	       struct error *error)
{
	struct plxdma_step step = {
		.op = write ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ,
		.space = (uint8_t)space,
		/* What is no width stays none. */
		.width = width > 32 ? 0 : (uint8_t)width,
		.offset = offset,
		.value = write ? *value : 0,
	};
	unsigned int done;
	int err = client_batch(card, &step, 1, &done, error);

	if (!err && !write)
		*value = step.value;
	return err;
}

int client_reg(struct plxdma_card *card, int write, unsigned int offset,
	       unsigned int width, uint32_t *value, struct error *error)
{
	return one(card, PLXDMA_SPACE_CHIP, write, offset, width, value,
		   error);
}

int client_bar(struct plxdma_card *card, int write, unsigned int bar,
	       uint64_t offset, unsigned int width, uint32_t *value,
	       struct error *error)
{
	if (bar != PLXDMA_SPACE_BAR2 && bar != PLXDMA_SPACE_BAR3)
		return error_set(error, -EINVAL, "BAR%u: the local spaces are "
				 "BAR2 and BAR3", bar);
	if (offset > UINT32_MAX)
		return error_set(error, -ERANGE, "offset %#llx lies beyond the "
				 "end of any BAR", (unsigned long long)offset);
	return one(card, bar, write, (unsigned int)offset, width, value,
		   error);
}

int client_config(struct plxdma_card *card, int write, unsigned int offset,
		  unsigned int width, uint32_t *value, struct error *error)
{
	return one(card, PLXDMA_SPACE_CONFIG, write, offset, width, value,
		   error);
}
