/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The software card as a transport: shared by its files. */
#ifndef MODEL_TRANSPORT_H
#define MODEL_TRANSPORT_H

#include "model/model.h"
#include "transport/interrupt.h"
#include "transport/transport.h"

struct coherent_block;

struct model_transport {
	struct transport transport;	/* first: what ops are given */
	struct model *model;
	struct interrupt interrupt;
	pthread_mutex_t coherent_lock;
	struct coherent_block *coherent;	/* by bus address */
};

static inline struct model_transport *
model_transport_of(struct transport *transport)
{
	return (struct model_transport *)transport;
}

int transport_model_open(const char *options, struct transport **transport,
			 struct error *error);

/* Bus mappings, src/transport/model_memory.c. */
int model_memory_map(struct transport *transport, const struct arena *arena,
		     uint64_t *bus, struct error *error);
void model_memory_unmap(struct transport *transport, const struct arena *arena,
			const uint64_t *bus);
int model_memory_coherent_alloc(struct transport *transport, size_t size,
				void **cpu, uint64_t *bus,
				struct error *error);
void model_memory_coherent_free(struct transport *transport, size_t size,
				void *cpu, uint64_t bus);

#endif
