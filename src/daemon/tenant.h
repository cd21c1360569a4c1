/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One client's use of one card: its memory as that card sees it, its lanes,
 * the interrupts that it asked for.
 */
#ifndef DAEMON_TENANT_H
#define DAEMON_TENANT_H

#include <sys/queue.h>

#include "batcher.h"
#include "card.h"
#include "claimant.h"
#include "grant.h"
#include "lane.h"

struct client;

/* A client's view of an interrupt source. */
struct watch {
	int fd;				/* eventfd, -1: never asked for */
	struct plxdma_irq_event event;
	uint64_t since;
};

/* A local space that the client may map. */
struct window {
	uint32_t handle;	/* 0: none */
	int claimed;		/* lent under the card's claim */
};

#define TENANT_WINDOWS 2

struct tenant {
	struct client *client;
	struct card *card;
	unsigned int number;		/* what the client calls it */
	struct grant grant;		/* what it may do */
	struct claimant claimant;
	struct batcher *batcher;	/* NULL before the first access */
	struct dma_map *map;		/* NULL without an arena */
	struct lane *lanes[PLXDMA_CHANNELS];
	struct observer *observers[PLXDMA_CHANNELS];
	struct watch watches[PLXDMA_IRQ_SOURCES];
	struct window windows[TENANT_WINDOWS];
	TAILQ_ENTRY(tenant) link;	/* in its card */
	struct tenant *next_kept;	/* in its client */
};

struct tenant *tenant_new(struct client *client, struct card *card);
/* What the settings now grant it. Return: 0 or a negative errno with a text:
 * then it is nothing. */
int tenant_grant(struct tenant *tenant, const struct settings *settings,
		 struct error *error);
/*
 * Takes the client's memory out of the card's reach; its lanes are closed, or
 * could not be (@stuck).
 * Return: 0; a negative errno if the card may still write to the client's
 * memory, which then must be kept for ever.
 */
int tenant_free(struct tenant *tenant, int stuck);
/* Puts the client's arena within the card's reach. */
int tenant_attach(struct tenant *tenant, struct arena *arena, struct error *);

/* The client's eventfd of a source, made at the first call. */
int tenant_watch(struct tenant *tenant, enum plxdma_irq_source source,
		 struct error *error);
void tenant_notify(struct tenant *tenant, enum plxdma_irq_source source,
		   const struct plxdma_irq_event *event, uint64_t count);
void tenant_read(struct tenant *tenant, enum plxdma_irq_source source,
		 struct wire_irq_event *event);

#endif
