/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A bus with a rate, shared in virtual time.
 */
#include "model/pci_bus.h"

#include <stddef.h>

#define EPSILON 1e-3 /* bytes */

static double least(double a, double b)
{
	return a < b ? a : b;
}

static double most(double a, double b)
{
	return a > b ? a : b;
}

static double wants(const struct bus_user *user)
{
	return user->end - user->given;
}

/* Behind whoever wanted it earlier; who has its turn keeps it. */
static void bus_enqueue(struct pci_bus *bus, struct bus_user *user)
{
	struct bus_user **at = &bus->queue;

	if (*at)
		at = &(*at)->next;
	else
		bus->turn = PCI_BUS_TURN;
	while (*at && (*at)->since <= user->since)
		at = &(*at)->next;
	user->next = *at;
	user->queued = true;
	*at = user;
}

static void bus_dequeue(struct pci_bus *bus, struct bus_user *user)
{
	struct bus_user **at = &bus->queue;

	if (!user->queued)
		return;
	if (bus->queue == user)
		bus->turn = PCI_BUS_TURN;
	while (*at != user)
		at = &(*at)->next;
	*at = user->next;
	user->queued = false;
}

/* The turn is over: its user is through, or waits for another one. */
static void bus_turn(struct pci_bus *bus, struct bus_user *user)
{
	bus_dequeue(bus, user);
	user->since = bus->time;
	if (wants(user) > EPSILON) {
		bus_enqueue(bus, user);
		return;
	}
	user->given = user->end;
	user->ended = bus->time;
}

static void bus_advance(struct pci_bus *bus, uint64_t now)
{
	double rate = (double)bus->rate / 1e9;

	while (bus->queue && bus->time < (double)now) {
		struct bus_user *user = bus->queue;
		double bytes = least(bus->turn, wants(user));
		double room = ((double)now - bus->time) * rate;

		if (room < bytes) {
			user->given += room;
			bus->turn -= room;
			bus->time = (double)now;
			return;
		}
		user->given += bytes;
		bus->time += bytes / rate;
		bus_turn(bus, user);
	}
}

void pci_bus_leave(struct pci_bus *bus, struct bus_user *user, uint64_t now)
{
	latch_take(&bus->lock);
	bus_advance(bus, now);
	bus_dequeue(bus, user);
	latch_give(&bus->lock);
}

double pci_bus_request(struct pci_bus *bus, struct bus_user *user,
		       uint64_t since, uint64_t now)
{
	double mark;

	latch_take(&bus->lock);
	bus_advance(bus, now);
	/* What nobody asked for in time is lost. */
	if (!bus->queue)
		bus->time = most(bus->time, (double)since);
	if (!user->queued)
		user->since = (double)since;
	mark = user->given;
	latch_give(&bus->lock);
	return mark;
}

void pci_bus_work(struct pci_bus *bus, struct bus_user *user, double first,
		  double bytes, uint64_t now)
{
	bool wanted;

	latch_take(&bus->lock);
	bus_advance(bus, now);
	user->end = most(first, user->position) + bytes;
	user->end = most(user->end, user->given);
	wanted = wants(user) > EPSILON;
	if (user->queued && !wanted) {
		bus_dequeue(bus, user);
		user->ended = bus->time;
	} else if (!user->queued && wanted) {
		bus_enqueue(bus, user);
		bus_advance(bus, now);
	}
	latch_give(&bus->lock);
}

double pci_bus_spend(struct pci_bus *bus, struct bus_user *user, double first,
		     double bytes)
{
	double mark;

	latch_take(&bus->lock);
	mark = most(first, user->position) + bytes;
	user->position = mark;
	latch_give(&bus->lock);
	return mark;
}

static double turns_of(double bytes)
{
	uint64_t whole;

	/* What rounding left over is no turn. */
	bytes -= EPSILON;
	if (bytes <= 0)
		return 0;
	whole = (uint64_t)(bytes / PCI_BUS_TURN);
	return (double)(whole + ((double)whole * PCI_BUS_TURN < bytes));
}

/*
 * What the bus moves until @user has had @bytes more, if nobody else comes:
 * whoever stands before it has as many turns as it needs, whoever stands
 * behind it one less.
 */
static double bus_until(const struct pci_bus *bus, const struct bus_user *user,
			double bytes)
{
	bool first = bus->queue == user, before = !first;
	double more = turns_of(bytes - (first ? bus->turn : PCI_BUS_TURN));
	double sum = bytes;

	for (const struct bus_user *u = bus->queue; u; u = u->next) {
		double turns = more * PCI_BUS_TURN;

		if (u == user) {
			before = false;
			continue;
		}
		if (before)
			turns += u == bus->queue ? bus->turn : PCI_BUS_TURN;
		sum += least(wants(u), turns);
	}
	return sum;
}

bool pci_bus_reached(struct pci_bus *bus, const struct bus_user *user,
		     double mark)
{
	bool reached;

	latch_take(&bus->lock);
	reached = mark <= user->given + EPSILON;
	latch_give(&bus->lock);
	return reached;
}

uint64_t pci_bus_when(struct pci_bus *bus, const struct bus_user *user,
		      double mark)
{
	double time;

	latch_take(&bus->lock);
	time = bus->time;
	if (mark > user->given + EPSILON)
		time += bus_until(bus, user, mark - user->given) * 1e9 /
			(double)bus->rate;
	else
		time = (user->queued ? time : user->ended) -
		       (user->given - least(mark, user->given)) * 1e9 /
			       (double)bus->rate;
	latch_give(&bus->lock);
	return (uint64_t)time + (time > (double)(uint64_t)time);
}
