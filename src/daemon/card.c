/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card: two engines, and the interrupts that all its tenants hear of.
 */
#include "card.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "api/front.h"
#include "client.h"
#include "log.h"
#include "tenant.h"
#include "transport/transport.h"

/* PCI Status, chip ref. 2.1: what an abort sets. */
#define STATUS_TARGET_ABORT (1u << 12)
#define STATUS_MASTER_ABORT (1u << 13)

static void tell_tenants(struct card *card, enum plxdma_irq_source source,
			 const struct plxdma_irq_event *event, uint64_t count)
{
	struct tenant *tenant;

	for (tenant = TAILQ_FIRST(&card->tenants); tenant;
	     tenant = TAILQ_NEXT(tenant, link))
		tenant_notify(tenant, source, event, count);
}

/* Aborts are known by the transfers that they ended: the driver has read and
 * cleared Status by then. */
static void tell_abort(struct card *card, enum plxdma_status status)
{
	struct plxdma_irq_event event = {
		.size = sizeof(event),
		.bits = status == PLXDMA_MASTER_ABORT ? STATUS_MASTER_ABORT :
							STATUS_TARGET_ABORT,
		.time_ns = loop_now(),
	};

	tell_tenants(card, PLXDMA_IRQ_ABORT, &event, 1);
}

static void tell_state(struct card *card)
{
	const int gone = dma_card_gone(card->dma);
	struct tenant *tenant;

	if (gone)
		log_error("card-gone", "card %s is gone: it reads all ones",
			  card->name);
	else
		log_error("card-stuck", "card %s: a channel can't be stopped: "
			  "out of service", card->name);
	for (tenant = TAILQ_FIRST(&card->tenants); tenant;
	     tenant = TAILQ_NEXT(tenant, link)) {
		for (int i = 0; i < PLXDMA_CHANNELS; i++) {
			if (tenant->lanes[i])
				ring_server_state(&tenant->lanes[i]->ring,
						  gone ? -ENODEV :
							 -ESHUTDOWN);
		}
	}
}

static void on_fault(struct slot *slot, enum plxdma_status status)
{
	struct tenant *tenant = slot->lane->tenant;

	if (status == PLXDMA_TARGET_ABORT)
		client_look_for_holes(tenant->client);
	if (status == PLXDMA_TARGET_ABORT || status == PLXDMA_MASTER_ABORT)
		tell_abort(tenant->card, status);
	if (!dma_card_in_service(tenant->card->dma))
		tell_state(tenant->card);
}

static void on_channel(struct source *source)
{
	struct card_source *of = (struct card_source *)source;

	/* The turn that follows looks at the channel. */
	dma_channel_ack(of->card->engines[of->which].channel);
}

static void on_stopped(struct source *source)
{
	eventfd_t value;

	/* Likewise. */
	eventfd_read(source->fd, &value);
}

static void on_interrupt(struct source *source)
{
	struct card_source *of = (struct card_source *)source;
	enum plxdma_irq_source which = (enum plxdma_irq_source)of->which;
	struct transport *transport = of->card->transport;
	struct plxdma_irq_event event = { .size = sizeof(event) };
	int count = transport->ops->irq_read(transport, which, &event);

	if (count > 0)
		tell_tenants(of->card, which, &event, (uint64_t)count);
}

static void on_service(struct source *source)
{
	struct transport *transport =
		((struct card_source *)source)->card->transport;

	transport->ops->service(transport);
}

static int source_add(struct card *card, int loop, int fd, unsigned int which,
		      void (*ready)(struct source *source))
{
	struct card_source *source = &card->sources[card->source_count];
	int err;

	if (fd < 0)
		return 0;
	source->card = card;
	source->which = which;
	source->source.fd = fd;
	source->source.ready = ready;
	err = loop_add(loop, &source->source);
	if (!err)
		card->source_count++;
	return err;
}

static int sources_add(struct card *card, int loop)
{
	struct transport *transport = card->transport;
	int err = 0;

	for (unsigned int i = 0; !err && i < PLXDMA_CHANNELS; i++)
		err = source_add(card, loop,
				 dma_channel_fd(card->engines[i].channel), i,
				 on_channel);
	for (unsigned int i = PLXDMA_IRQ_DOORBELL; !err && i <= PLXDMA_IRQ_LINT;
	     i++)
		err = source_add(card, loop,
				 transport->ops->irq_fd(transport,
					(enum plxdma_irq_source)i),
				 i, on_interrupt);
	if (!err)
		err = source_add(card, loop,
				 transport->ops->service_fd(transport), 0,
				 on_service);
	if (!err)
		err = source_add(card, loop, card->stopped, 0, on_stopped);
	return err;
}

/* The options of a spec that are not the transport's: what its tenants get. */
static void defaults_take(struct card *card, const struct front_spec *spec)
{
	card->arena.size = spec->arena;
	card->arena.page_size = spec->page_size;
	card->arena.node = spec->node < 0 ? card->transport->info.numa_node :
					    spec->node;
	if (spec->small_pages)
		card->arena.flags |= ARENA_SMALL_PAGES;
	/* A pin against migration adds nothing to the transport's own. */
	if (spec->unpinned || card->transport->info.pin == PLXDMA_PIN_OWNER)
		card->arena.flags |= ARENA_UNPINNED;
}

/* reset=allowed is the driver's as well, which needs it to recover. */
static int driver_open(const struct front_spec *spec, struct dma_card **dma,
		       struct error *error)
{
	char text[sizeof(spec->rest) + 16];
	size_t length = strlen(spec->rest);

	snprintf(text, sizeof(text), "%s%s%s", spec->rest,
		 spec->reset_allowed && length &&
		 spec->rest[length - 1] != ':' ? "," : "",
		 spec->reset_allowed ? "reset=allowed" : "");
	return dma_card_open(text, dma, error);
}

int card_open(const struct card_settings *settings, int loop,
	      struct card **card, struct error *error)
{
	struct front_spec spec;
	struct card *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return error_set(error, -ENOMEM, "no memory for card %s",
				 settings->name);
	made->stopped = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (made->stopped < 0) {
		err = error_set(error, -errno, "can't make an eventfd: %s",
				strerror(errno));
		goto out_free;
	}
	err = front_spec_parse(settings->spec, &spec, error);
	if (!err)
		err = driver_open(&spec, &made->dma, error);
	if (err)
		goto out_close;
	strcpy(made->name, settings->name);
	made->transport = dma_card_transport(made->dma);
	made->transport->info.unpinned = spec.unpinned;
	defaults_take(made, &spec);
	TAILQ_INIT(&made->tenants);
	claims_init(&made->claims);
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		engine_init(&made->engines[i],
			    dma_card_channel(made->dma, i), made->stopped);
		made->engines[i].faulted = on_fault;
	}
	err = sources_add(made, loop);
	if (err) {
		error_set(error, err, "card %s: can't watch its interrupts: %s",
			  made->name, strerror(-err));
		card_close(made, loop);
		return err;
	}
	*card = made;
	return 0;

out_close:
	close(made->stopped);
out_free:
	free(made);
	return err;
}

int card_close(struct card *card, int loop)
{
	for (unsigned int i = 0; i < card->source_count; i++)
		loop_remove(loop, &card->sources[i].source);
	if (card->kept)
		return -EBUSY;
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++)
		engine_destroy(&card->engines[i]);
	dma_card_close(card->dma);
	close(card->stopped);
	free(card);
	return 0;
}

void card_set_quantum(struct card *card, uint64_t quantum_ns)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++)
		card->engines[i].quantum = quantum_ns;
}
