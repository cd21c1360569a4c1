/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests that lend a client something by descriptor: memory, and interrupts
 * to sleep on.
 */
#include "control_lend.h"

#include <errno.h>

#include "client.h"
#include "transport/transport.h"

static int part_lend(struct client *client, unsigned int part,
		     struct packet *answer, struct error *error)
{
	int err = client_arena_part(client, part, &answer->fds[0], error);

	answer->fd_count = err ? 0 : 1;
	answer->close_fds = !err;
	return err;
}

int control_arena(struct client *client, const struct wire_message *request,
		  struct packet *answer, struct error *error)
{
	int err;

	if (!control_tenant(client, request->arena.card, error))
		return -EINVAL;
	err = client_arena(client, &request->arena, error);
	if (err)
		return err;
	answer->message.arena_made.size = client->arena->size;
	answer->message.arena_made.page_size = client->arena->page_size;
	answer->message.arena_made.part = client->arena->size;
	answer->fd_count = 1;
	answer->fds[0] = client->arena->fd;
	if (!client->arena->release)
		return 0;
	answer->message.arena_made.part = client->arena->page_size;
	return part_lend(client, 0, answer, error);
}

int control_arena_part(struct client *client,
		       const struct wire_message *request,
		       struct packet *answer, struct error *error)
{
	if (!control_tenant(client, request->part.card, error))
		return -EINVAL;
	return part_lend(client, request->part.part, answer, error);
}

int control_irq(struct client *client, const struct wire_message *request,
		struct packet *answer, struct error *error)
{
	struct tenant *tenant = control_tenant(client, request->irq.card,
						error);
	enum plxdma_irq_source source =
		(enum plxdma_irq_source)request->irq.source;
	int fd;

	if (!tenant)
		return -EINVAL;
	fd = tenant_watch(tenant, source, error);
	if (fd < 0)
		return fd;
	if (request->header.type == WIRE_IRQ_READ) {
		tenant_read(tenant, source, &answer->message.irq_event);
	} else {
		answer->fds[0] = fd;
		answer->fd_count = 1;
	}
	return 0;
}

int control_irq_enable(struct client *client,
		       const struct wire_message *request,
		       struct packet *answer, struct error *error)
{
	struct tenant *tenant = control_tenant(client, request->irq.card,
						error);
	struct transport *transport;
	int err;

	(void)answer;
	if (!tenant)
		return -EINVAL;
	err = claims_permit_change(&tenant->card->claims,
				   &tenant->claimant.party, error);
	if (err)
		return err;
	transport = tenant->card->transport;
	err = transport->ops->irq_enable(transport,
			(enum plxdma_irq_source)request->irq.source,
			(int)request->irq.on);
	if (err)
		error_set(error, err, "only the doorbell and LINTi# are a "
			  "program's to enable");
	return err;
}
