/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a client has of a card, and how it is taken back.
 */
#include "tenant.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bell.h"
#include "client.h"
#include "publication.h"
#include "window.h"

struct tenant *tenant_new(struct client *client, struct card *card)
{
	struct tenant *tenant = calloc(1, sizeof(*tenant));

	if (!tenant)
		return NULL;
	tenant->client = client;
	tenant->card = card;
	for (int i = 0; i < PLXDMA_IRQ_SOURCES; i++)
		tenant->watches[i].fd = -1;
	claimant_init(&tenant->claimant, &card->claims, client->peer.pid,
		      client->peer.uid, client->name);
	TAILQ_INSERT_TAIL(&card->tenants, tenant, link);
	return tenant;
}

int tenant_grant(struct tenant *tenant, const struct settings *settings,
		 struct error *error)
{
	const char *name = tenant->card->name;
	const struct peer *peer = &tenant->client->peer;
	int err = grant_refuses(settings, peer, name, error);

	if (err) {
		grant_nothing(&tenant->grant);
		return err;
	}
	return grant_make(&tenant->grant, settings,
			  settings_card(settings, name),
			  grant_rule(settings, peer, name), error);
}

int tenant_attach(struct tenant *tenant, struct arena *arena,
		  struct error *error)
{
	return dma_attach(tenant->card->dma, arena, &tenant->map, error);
}

int tenant_free(struct tenant *tenant, int stuck)
{
	int err = stuck;

	windows_end(tenant);
	observers_end(tenant);
	if (tenant->map && !err)
		err = dma_detach(tenant->map);
	for (int i = 0; i < PLXDMA_IRQ_SOURCES; i++) {
		if (tenant->watches[i].fd >= 0)
			close(tenant->watches[i].fd);
	}
	claimant_leave(&tenant->claimant);
	TAILQ_REMOVE(&tenant->card->tenants, tenant, link);
	/* What can't be stopped still points here. */
	if (!err)
		free(tenant);
	return err;
}

int tenant_watch(struct tenant *tenant, enum plxdma_irq_source source,
		 struct error *error)
{
	struct watch *watch = &tenant->watches[source];

	if (source == PLXDMA_IRQ_DMA0 || source == PLXDMA_IRQ_DMA1)
		return error_set(error, -EOPNOTSUPP, "the interrupts of DMA "
				 "channels are the daemon's: poll "
				 "plxdma_channel_fd() instead");
	if (watch->fd >= 0)
		return watch->fd;
	watch->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (watch->fd < 0)
		return error_set(error, -errno, "can't make an eventfd: %s",
				 strerror(errno));
	return watch->fd;
}

void tenant_notify(struct tenant *tenant, enum plxdma_irq_source source,
		   const struct plxdma_irq_event *event, uint64_t count)
{
	struct watch *watch = &tenant->watches[source];

	watch->event.bits |= event->bits;
	watch->event.count += count;
	watch->event.time_ns = event->time_ns;
	watch->since += count;
	if (watch->fd >= 0 && bell_ring(watch->fd, count) == -EINTR)
		tenant->client->dead = 1;
}

void tenant_read(struct tenant *tenant, enum plxdma_irq_source source,
		 struct wire_irq_event *event)
{
	struct watch *watch = &tenant->watches[source];

	watch->event.size = sizeof(watch->event);
	event->event = watch->event;
	event->since = watch->since;
	watch->event.bits = 0;
	watch->since = 0;
	if (watch->fd >= 0)
		bell_hear(watch->fd);
}
