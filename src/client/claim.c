/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims through the daemon. Who waits sleeps on an eventfd of its own, not on
 * the connection, which other threads go on using; the daemon is asked for the
 * outcome afterwards, so that an answer that comes with the last moment counts.
 */
#include "client/card.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "client/channel.h"

/* A wake-up may get lost, so nobody sleeps longer than this unseen. */
#define SLEEP_NS UINT64_C(500000000)

static int claim_ask(struct client_card *card, enum wire_type type,
		     struct wire_claim *claim, struct packet *packet,
		     struct error *error)
{
	connection_request(packet, type);
	claim->card = card->number;
	packet->message.claim = *claim;
	return connection_ask(&card->share->connection, packet,
			      type == WIRE_CLAIM_WAIT, error);
}

/* Until the eventfd is rung, the daemon gone, the time over: 0; or -EINTR. */
static int ticket_sleep(const struct client_card *card, int fd, uint64_t until)
{
	struct pollfd pollers[2] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = card->share->connection.fd },
	};
	struct timespec timeout;
	uint64_t now, length;
	int count;

	while ((now = channel_now()) < until) {
		length = until - now < SLEEP_NS ? until - now : SLEEP_NS;
		timeout.tv_sec = 0;
		timeout.tv_nsec = (long)length;
		count = ppoll(pollers, 2, &timeout, NULL);
		if (count < 0)
			return -EINTR;
		if (count > 0)
			return 0;
	}
	return 0;
}

static int ticket_wait(struct client_card *card, struct wire_claim *claim,
		       struct error *error)
{
	struct packet packet;
	uint64_t until = channel_deadline(claim->timeout_ns, channel_now());
	int slept, fd, err = claim_ask(card, WIRE_CLAIM_WAIT, claim, &packet,
				       error);

	if (err)
		return err;
	fd = packet.fds[0];
	claim->ticket = packet.message.ticket.ticket;
	slept = ticket_sleep(card, fd, until);
	close(fd);
	err = claim_ask(card, WIRE_CLAIM_DONE, claim, &packet, error);
	return err == -EBUSY && slept ? slept : err;
}

int client_claim(struct plxdma_card *front, enum plxdma_claimed what,
		 uint64_t lease_ms, int64_t timeout_ns, struct error *error)
{
	struct client_card *card = client_card(front);
	struct wire_claim claim = {
		.what = what,
		.lease_ms = lease_ms,
		.timeout_ns = timeout_ns,
	};
	struct packet packet;
	int err = claim_ask(card, WIRE_CLAIM, &claim, &packet, error);

	if (err != -EBUSY || !timeout_ns)
		return err;
	return ticket_wait(card, &claim, error);
}

int client_claim_release(struct plxdma_card *front, enum plxdma_claimed what,
			 struct error *error)
{
	struct wire_claim claim = { .what = what };
	struct packet packet;

	return claim_ask(client_card(front), WIRE_CLAIM_RELEASE, &claim,
			 &packet, error);
}

int client_claim_holder(struct plxdma_card *front, enum plxdma_claimed what,
			struct plxdma_holder *holder, struct error *error)
{
	struct wire_claim claim = { .what = what };
	struct packet packet;
	int err = claim_ask(client_card(front), WIRE_CLAIM_HOLDER, &claim,
			    &packet, error);

	if (err)
		return err;
	*holder = packet.message.holder;
	holder->name[sizeof(holder->name) - 1] = 0;
	return 0;
}

int client_claim_foreign(struct client_card *card, unsigned int channel,
			 struct error *error)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };
	int err = client_claim_holder(&card->front,
				      (enum plxdma_claimed)channel, &holder,
				      error);

	if (err)
		return err;
	if (holder.own)
		return error_set(error, -EPERM, "the lease of your claim is "
				 "over: call plxdma_claim() again");
	if (!holder.pid)
		return error_set(error, -EBUSY, "channel %u is being claimed "
				 "by somebody who waits for transfers to end: "
				 "wait for it with plxdma_claim() and a "
				 "timeout", channel);
	return error_set(error, -EBUSY, "channel %u is claimed by process %d "
			 "(%s): wait for it with plxdma_claim() and a timeout",
			 channel, (int)holder.pid, holder.name);
}
