/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bus time.
 *
 * A bus with a rate is a moment in virtual time at which it becomes free.  A
 * step of a channel takes the bus from there (or from when the channel was
 * ready, if later), so a thread that comes late finds the time that the bus
 * would have had in the meantime unspent: its lateness isn't charged.  What
 * nobody asked for in time is lost, as on a bus.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/card.h"

#define QUANTUM_NS 20000 /* how far data may run ahead of its bus time */

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
	bus->users = 1;
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
		bus->users++;
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
	if (--bus->users) {
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

/* When a step that was ready at @earliest would get the bus. */
uint64_t timing_start(const struct model *m, uint64_t earliest)
{
	uint64_t free_at;

	if (!m->rate)
		return 0;
	latch_take(&m->bus->lock);
	free_at = m->bus->free_at;
	latch_give(&m->bus->lock);
	return earliest > free_at ? earliest : free_at;
}

/* Takes the bus for @bytes.  Return: when they are over. */
uint64_t timing_spend(struct model *m, uint64_t earliest, uint64_t bytes)
{
	struct pci_bus *bus = m->bus;
	uint64_t start, cost;

	if (!m->rate)
		return 0;
	cost = (uint64_t)((double)bytes * 1e9 / (double)m->rate);
	latch_take(&bus->lock);
	start = earliest > bus->free_at ? earliest : bus->free_at;
	bus->free_at = start + cost;
	latch_give(&bus->lock);
	m->counters.bus_ns += cost;
	return start + cost;
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
