/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an application sees: the public functions, checks and error texts
 * included, on a software card.
 */
#include "bench/memory.h"

#include <stdint.h>
#include <stdio.h>

#include <plxdma/plxdma.h>

#define MIB ((size_t)1 << 20)

struct client {
	struct plxdma_card *card;
	size_t size;
	char *memory;
};

static void pair_run(void *context, unsigned int operations)
{
	struct client *client = context;
	plxdma_handle handle;
	void *memory;

	while (operations--) {
		memory = plxdma_alloc_coherent(client->card, client->size,
					       &handle);
		plxdma_free_coherent(client->card, client->size, memory,
				     handle);
	}
}

static void handle_run(void *context, unsigned int operations)
{
	struct client *client = context;
	uint64_t sum = 0;

	while (operations--) {
		sum += plxdma_handle_of(client->card,
					client->memory + (sum & (MIB - 1)));
		__asm__ volatile("" : "+r"(sum));
	}
}

static void client_measure(struct figures *figures, struct client *client)
{
	struct figure *figure;

	for (client->size = 64; client->size <= MIB; client->size *= 16) {
		figure = figure_add(figures, "ns",
				    "plxdma_alloc_coherent + _free, %zu B",
				    client->size);
		figure->value = figure_time(figures, pair_run, client, 2000);
	}
	figure = figure_add(figures, "ns", "plxdma_handle_of, interior "
			    "pointer");
	figure->value = figure_time(figures, handle_run, client, 20000);
}

void bench_public(struct figures *figures)
{
	struct client client = { .size = MIB };
	struct figure *figure;

	if (plxdma_open("model:arena=16M,iommu=on", &client.card)) {
		figure = figure_add(figures, "ns", "public functions");
		figure->missing = 1;
		figure_note(figure, "%.60s", plxdma_error(NULL));
		return;
	}
	client.memory = plxdma_alloc_coherent(client.card, MIB, NULL);
	if (client.memory) {
		client_measure(figures, &client);
	} else {
		figure = figure_add(figures, "ns", "public functions");
		figure->missing = 1;
		figure_note(figure, "%.60s", plxdma_error(client.card));
	}
	plxdma_close(client.card);
}
