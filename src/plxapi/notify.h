/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A notification of a program's, on its card's list.
 */
#ifndef PLXAPI_NOTIFY_H
#define PLXAPI_NOTIFY_H

#include "plxapi/events.h"

#define LINT 1u /* PLX_INTERRUPT.LocalToPci: the LINTi# pin */

struct crate_card;

struct notify {
	struct notify *next;
	struct device *owner;
	unsigned int id;
	PLX_INTERRUPT wants;
	PLX_INTERRUPT came; /* since it was last asked for */
	int triggered;
	int cancelled;
	unsigned int waiters;
	int wake;
};

/* What libplxdma tells by a descriptor of the card's. */
#define EVENT_SOURCES 3
extern const enum plxdma_irq_source event_sources[EVENT_SOURCES];
int wants_source(const PLX_INTERRUPT *wants, enum plxdma_irq_source source);

/* Takes the card's news and tells all who want it. */
void events_collect(struct crate_card *card);

/* Under the events' lock: where it hangs on the list, or NULL. */
struct notify **notify_find(struct events *events, unsigned int id);
/* Likewise; waiting for its waiters gives the lock up for a moment. */
void notify_remove(struct events *events, struct notify *notify);

#endif
