/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bus time, as a card keeps it: which bus it sits on, what it wants of it, and
 * how late it was with its news.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/card.h"

#define QUANTUM_NS	20000	  /* how far data may run ahead of its time */
#define LATENESS_MAX_NS 100000000 /* beyond that a machine stood still */

static struct latch buses_lock;
static struct pci_bus *buses; /* those with a name: cards must find them */

uint64_t timing_now(const struct model *m)
{
	struct timespec now;

	(void)m;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct pci_bus *bus_new(const char *name, uint64_t rate)
{
	struct pci_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return NULL;
	if (name) {
		bus->name = strdup(name);
		if (!bus->name) {
			free(bus);
			return NULL;
		}
	}
	bus->rate = rate;
	bus->cards = 1;
	return bus;
}

static struct pci_bus *bus_find(const char *name)
{
	struct pci_bus *bus = buses;

	while (bus && strcmp(bus->name, name))
		bus = bus->next;
	return bus;
}

/* A card that states a rate sets it for all on the bus. */
struct pci_bus *timing_bus_get(const char *name, uint64_t rate)
{
	struct pci_bus *bus;

	if (!name)
		return bus_new(NULL, rate);
	latch_take(&buses_lock);
	bus = bus_find(name);
	if (bus) {
		bus->cards++;
		if (rate)
			bus->rate = rate;
	} else {
		bus = bus_new(name, rate);
		if (bus) {
			bus->next = buses;
			buses = bus;
		}
	}
	latch_give(&buses_lock);
	return bus;
}

void timing_bus_put(struct pci_bus *bus)
{
	struct pci_bus **at = &buses;

	if (!bus)
		return;
	latch_take(&buses_lock);
	if (--bus->cards) {
		latch_give(&buses_lock);
		return;
	}
	while (*at && *at != bus)
		at = &(*at)->next;
	if (*at)
		*at = bus->next;
	latch_give(&buses_lock);
	free(bus->name);
	free(bus);
}

/* What the card is known to want of the bus. */
static double timing_wanted(const struct channel *ch)
{
	if (ch->state == CHANNEL_FETCH)
		return ch->next & PLX_DMADPR_PCI ? 16 : 0;
	return ch->state == CHANNEL_DATA ? ch->left : 0;
}

static void timing_work(struct model *m)
{
	double first = m->user.position, bytes = 0;
	bool any = false;

	for (unsigned int n = 0; n < 2; n++) {
		const struct channel *ch = &m->channel[n];

		if (!channel_runs(m, ch))
			continue;
		if (!any || ch->mark < first)
			first = ch->mark;
		bytes += timing_wanted(ch);
		any = true;
	}
	pci_bus_work(m->bus, &m->user, first, bytes, timing_now(m));
}

/* What the card wants has changed, as far as it is known. */
void timing_settle(struct model *m)
{
	if (m->rate)
		timing_work(m);
}

/*
 * The channel wants the bus from now on.  A start that answers an interrupt
 * wants it from when it would have come if the interrupt had been told in its
 * time: what the engine's thread was late isn't charged, what the driver took
 * since it was told is.
 */
void timing_request(struct model *m, struct channel *ch)
{
	uint64_t now;

	if (!m->rate)
		return;
	now = timing_now(m);
	ch->mark = pci_bus_request(m->bus, &m->user, now - m->lateness, now);
	m->lateness = 0;
	timing_work(m);
}

/* It goes on. @since: when its board was ready for that, whoever kept the time
 * was late; 0: now. */
void timing_resume(struct model *m, struct channel *ch, uint64_t since)
{
	uint64_t now;
	double mark;

	if (!m->rate)
		return;
	now = timing_now(m);
	if (!since || since > now)
		since = now;
	if (now - since > LATENESS_MAX_NS)
		since = now - LATENESS_MAX_NS;
	mark = pci_bus_request(m->bus, &m->user, since, now);
	if (ch->mark < mark)
		ch->mark = mark;
	timing_work(m);
}

void timing_spend(struct model *m, struct channel *ch, uint64_t bytes)
{
	if (!m->rate)
		return;
	ch->mark = pci_bus_spend(m->bus, &m->user, ch->mark, (double)bytes);
	m->counters.bus_ns +=
		(uint64_t)((double)bytes * 1e9 / (double)m->rate);
}

/* The mark from which on the channel's next step has its time. */
static double timing_mark(const struct model *m, const struct channel *ch)
{
	if (ch->state != CHANNEL_FINISH && ch->mark < m->user.position)
		return m->user.position;
	return ch->mark;
}

bool timing_ready(struct model *m, const struct channel *ch)
{
	timing_work(m);
	return pci_bus_reached(m->bus, &m->user, timing_mark(m, ch));
}

/* When the channel's next step, or @bytes behind it, has its time. */
uint64_t timing_when(struct model *m, const struct channel *ch, double bytes)
{
	timing_work(m);
	return pci_bus_when(m->bus, &m->user, timing_mark(m, ch) + bytes);
}

/* When its last data phase was over, on the bus. */
uint64_t timing_end(struct model *m, const struct channel *ch)
{
	return m->rate ? pci_bus_when(m->bus, &m->user, ch->mark) :
			 timing_now(m);
}

/* Done: how late is that? */
void timing_ended(struct model *m, const struct channel *ch)
{
	if (m->rate && m->threaded)
		m->end_time = timing_end(m, ch);
}

/* The host hears of it by an interrupt now. */
void timing_told(struct model *m)
{
	uint64_t now;

	if (!m->rate || !m->end_time)
		return;
	now = timing_now(m);
	m->lateness = now > m->end_time ? now - m->end_time : 0;
	if (m->lateness > LATENESS_MAX_NS)
		m->lateness = LATENESS_MAX_NS;
	m->end_time = 0;
}

/* The most bytes of a piece, so that data doesn't run far ahead. */
uint32_t timing_quantum(const struct model *m)
{
	double bytes;

	if (!m->rate)
		return UINT32_MAX;
	bytes = (double)m->rate * QUANTUM_NS / 1e9;
	if (bytes < 64)
		return 64;
	return bytes > 1e9 ? 1000000000u : (uint32_t)bytes & ~63u;
}
