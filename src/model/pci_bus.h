/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A bus with a rate, shared in virtual time.
 *
 * Cards with work stand in a queue, by the time from which they wanted it.  The
 * first one has its turn, at the full rate: 32 KiB, or less if that is all;
 * what is left after that queues again.  So cards with blocks of that size and
 * more get equal shares, and a bus that always has somebody waiting loses
 * nothing when one of them is late.
 *
 * Who had how much by when follows from what was asked for, not from whose
 * thread happens to run: nothing has to run at the moment at which a turn ends.
 * Whoever asks later than its time (its thread, or the interrupt before it,
 * came late) stands where it would have stood, if not served.
 *
 * What a card was given, and what it spends, is counted in bytes since it
 * joined: a *mark*.  A piece of N bytes that begins at mark M is over when the
 * card was given M + N.  All functions take the time as an argument.
 */
#ifndef MODEL_PCI_BUS_H
#define MODEL_PCI_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/latch.h"

#define PCI_BUS_TURN 32768.0 /* bytes */

struct bus_user {
	struct bus_user *next; /* in the queue */
	bool queued;
	double since;	 /* its place there */
	double given;	 /* mark up to which it had the bus */
	double position; /* mark up to which its pieces are spent */
	double end;	 /* mark at which its known work is over */
	double ended;	 /* when that was, the last time */
};

struct pci_bus {
	struct latch lock;
	struct pci_bus *next;
	char *name;
	unsigned int cards;
	uint64_t rate;

	struct bus_user *queue; /* the first one has its turn */
	double turn;		/* bytes left of that */
	double time;		/* up to which all this is so, ns */
};

void pci_bus_leave(struct pci_bus *bus, struct bus_user *user, uint64_t now);
/* Work is going to be asked for as of @since, which may be over.  Return: the
 * mark from which on it counts. */
double pci_bus_request(struct pci_bus *bus, struct bus_user *user,
		       uint64_t since, uint64_t now);
/* All that is known to be wanted: @bytes from mark @first on. */
void pci_bus_work(struct pci_bus *bus, struct bus_user *user, double first,
		  double bytes, uint64_t now);
/* A piece, not before mark @first.  Return: the mark at its end. */
double pci_bus_spend(struct pci_bus *bus, struct bus_user *user, double first,
		     double bytes);
bool pci_bus_reached(struct pci_bus *bus, const struct bus_user *user,
		     double mark);
/* When a mark was or, as things are, will be reached.  Of marks that are over
 * the last one is known exactly, others as if there had been no pause. */
uint64_t pci_bus_when(struct pci_bus *bus, const struct bus_user *user,
		      double mark);

#endif
