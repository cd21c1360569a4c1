/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's log: who is told, and the file.
 */
#ifndef MODEL_TRACE_H
#define MODEL_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/latch.h"
#include "model/model.h"

struct channel;

/* A file that is written through a mapping of its end. */
struct trace_file {
	int fd; /* -1: none, or it ended */
	uint8_t *window;
	uint64_t start; /* of the window */
	uint64_t end;	/* of the text */
};

/* The lock is taken last of all: with the card's, or the board's. */
struct trace {
	atomic_bool on;
	struct latch lock;
	uint64_t sequence;
	model_trace_fn *fn;
	void *context;
	struct trace_file file;
};

static inline bool trace_on(const struct trace *trace)
{
	return atomic_load_explicit(&trace->on, memory_order_relaxed);
}

/* trace.c */
void trace_access(struct model *m, enum model_trace_kind kind, int where,
		  unsigned int offset, unsigned int width, uint32_t value);
void trace_level(struct model *m, enum model_trace_kind kind, bool level);
void trace_dreq(struct model *m, unsigned int channel, bool level);
void trace_start(struct model *m, const struct channel *ch);
void trace_fetch(struct model *m, const struct channel *ch);
void trace_end(struct model *m, const struct channel *ch,
	       enum model_trace_kind kind);
/* trace_file.c */
int trace_open(struct trace_file *file, const char *path, struct error *error);
void trace_put(struct trace_file *file, const struct model_event *event);
void trace_close(struct trace_file *file);

#endif
