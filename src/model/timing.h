/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bus time.
 */
#ifndef MODEL_TIMING_H
#define MODEL_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "model/latch.h"

struct model;

/* A rate, shared by the cards of one bus=. */
struct pci_bus {
	struct latch lock;
	struct pci_bus *next;
	char *name;
	unsigned int users;
	uint64_t rate;
	uint64_t free_at;
};

/* timing.c */
uint64_t timing_now(const struct model *m);
struct pci_bus *timing_bus_get(const char *name, uint64_t rate);
void timing_bus_put(struct pci_bus *bus);
uint64_t timing_start(const struct model *m, uint64_t earliest);
uint64_t timing_spend(struct model *m, uint64_t earliest, uint64_t bytes);
uint32_t timing_quantum(const struct model *m);

#endif
