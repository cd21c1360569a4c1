/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bus time, as a card keeps it.
 */
#ifndef MODEL_TIMING_H
#define MODEL_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "model/pci_bus.h"

struct model;
struct channel;

/* timing.c */
uint64_t timing_now(const struct model *m);
struct pci_bus *timing_bus_get(const char *name, uint64_t rate);
void timing_bus_put(struct pci_bus *bus);
void timing_settle(struct model *m);
void timing_request(struct model *m, struct channel *ch);
void timing_resume(struct model *m, struct channel *ch, uint64_t since);
void timing_spend(struct model *m, struct channel *ch, uint64_t bytes);
bool timing_ready(struct model *m, const struct channel *ch);
uint64_t timing_when(struct model *m, const struct channel *ch, double bytes);
uint64_t timing_end(struct model *m, const struct channel *ch);
void timing_ended(struct model *m, const struct channel *ch);
void timing_told(struct model *m);
uint32_t timing_quantum(const struct model *m);

#endif
