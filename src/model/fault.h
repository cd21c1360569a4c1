/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Faults that somebody asked for.
 */
#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct model;
struct channel;
struct error;

enum fault_kind {
	FAULT_NONE,
	FAULT_MASTER_ABORT,
	FAULT_TARGET_ABORT,
	FAULT_STUCK,
	FAULT_HANG,
	FAULT_DRAG,
	FAULT_RETRY,
	FAULT_PARITY,
	FAULT_LOST_IRQ,
	FAULT_LATE_IRQ,
	FAULT_STORM,
	FAULT_GONE,
	FAULT_RESET,
};

enum fault_where {
	FAULT_DATA,
	FAULT_DESCRIPTOR,
	FAULT_IRQ,
	FAULT_START,
	FAULT_RANDOM,
};

struct fault {
	enum fault_kind kind;
	enum fault_where where;
	uint64_t n;
	uint64_t count; /* left; 0 for ever */
	uint64_t seen;	/* opportunities so far */
	bool forever;
};

#define MODEL_FAULTS 16

struct faults {
	struct fault v[MODEL_FAULTS];
	unsigned int count;
	uint64_t random;
};

/* fault.c */
int fault_add(struct model *m, const char *spec, struct error *error);
enum fault_kind fault_fires(struct model *m, enum fault_where where,
			    uint64_t n);
uint64_t fault_distance(const struct model *m, const struct channel *ch);
enum fault_kind fault_data(struct model *m, struct channel *ch);
void fault_draw(struct model *m, struct channel *ch);

#endif
