/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupts of a card that the daemon holds: it counts for each client, and
 * rings an eventfd of each that asked.
 */
#include "client/card.h"

#include <errno.h>
#include <limits.h>

static int irq_ask(struct client_card *card, enum wire_type type,
		   enum plxdma_irq_source source, int on,
		   struct packet *packet, struct error *error)
{
	connection_request(packet, type);
	packet->message.irq.card = card->number;
	packet->message.irq.source = source;
	packet->message.irq.on = on != 0;
	return connection_ask(&card->share->connection, packet,
			      type == WIRE_IRQ_OPEN, error);
}

int client_irq_fd(struct plxdma_card *front, enum plxdma_irq_source source,
		  struct error *error)
{
	struct client_card *card = client_card(front);
	struct packet packet;
	int fd, err;

	pthread_mutex_lock(&card->lock);
	fd = card->irqs[source];
	if (fd < 0) {
		err = irq_ask(card, WIRE_IRQ_OPEN, source, 0, &packet, error);
		fd = err ? err : packet.fds[0];
		card->irqs[source] = err ? -1 : fd;
	}
	pthread_mutex_unlock(&card->lock);
	return fd;
}

int client_irq_read(struct plxdma_card *front, enum plxdma_irq_source source,
		    struct plxdma_irq_event *event, struct error *error)
{
	struct packet packet;
	uint64_t since;
	int err = irq_ask(client_card(front), WIRE_IRQ_READ, source, 0,
			  &packet, error);

	if (err)
		return err;
	*event = packet.message.irq_event.event;
	since = packet.message.irq_event.since;
	return since > INT_MAX ? INT_MAX : (int)since;
}

int client_irq_enable(struct plxdma_card *front, enum plxdma_irq_source source,
		      int on, struct error *error)
{
	struct packet packet;

	return irq_ask(client_card(front), WIRE_IRQ_ENABLE, source, on,
		       &packet, error);
}
