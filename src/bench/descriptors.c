/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors built and checked per second: a prepared transfer is given
 * another scatter-gather list, as a program does that reuses its transfers.
 * No piece is a neighbour of the one before, so each becomes a descriptor.
 */
#include "bench/memory.h"

#include <stdint.h>
#include <string.h>

#include "dma/dma.h"
#include "mem/arena.h"

#define PIECES 1000u
#define PIECE 4096u
#define STRIDE (2 * PIECE)
#define SRAM 0x20000000u
#define AT_MOST 10

struct bench_chain {
	struct dma_card *card;
	struct arena *arena;
	struct dma_map *map;
	struct dma_transfer *transfer;
	struct dma_segment segments[PIECES];
	struct dma_request request;
	int rc;
};

static void change_run(void *context, unsigned int operations)
{
	struct bench_chain *chain = context;

	for (; operations >= PIECES; operations -= PIECES)
		chain->rc |= dma_transfer_change(chain->transfer,
						 &chain->request, NULL);
}

static void request_fill(struct bench_chain *chain)
{
	uint32_t i;

	for (i = 0; i < PIECES; i++)
		chain->segments[i] = (struct dma_segment){
			.offset = (uint64_t)i * STRIDE,
			.length = PIECE,
			.local = SRAM + i % 16 * PIECE,
		};
	chain->request = (struct dma_request){
		.map = chain->map,
		.direction = PLXDMA_TO_HOST,
		.form = PLXDMA_FORM_CHAIN,
		.segments = chain->segments,
		.segment_count = PIECES,
	};
}

/* On small pages, so that it needs neither hugepages nor privilege. */
static int chain_open(struct bench_chain *chain, struct error *error)
{
	const struct arena_options options = {
		.size = PIECES * STRIDE, .node = -1,
		.flags = ARENA_SMALL_PAGES,
	};
	int rc;

	rc = dma_card_open("model:iommu=on", &chain->card, error);
	if (!rc)
		rc = arena_new(&options, &chain->arena, error);
	if (!rc)
		rc = dma_attach(chain->card, chain->arena, &chain->map, error);
	if (rc)
		return rc;
	request_fill(chain);
	return dma_transfer_new(dma_card_channel(chain->card, 0),
				&chain->request, &chain->transfer, error);
}

static void chain_close(struct bench_chain *chain)
{
	if (chain->transfer)
		dma_transfer_free(chain->transfer);
	if (chain->map && dma_detach(chain->map))
		return;
	if (chain->card)
		dma_card_close(chain->card);
	arena_free(chain->arena);
}

void bench_descriptors(struct figures *figures)
{
	static struct bench_chain chain;
	struct figure *figure;
	struct error error = { "" };

	memset(&chain, 0, sizeof(chain));
	figure = figure_add(figures, "ns", "descriptor built and checked");
	figure->at_most = AT_MOST;
	figure->missing = chain_open(&chain, &error) != 0;
	if (!figure->missing) {
		figure->value = figure_time(figures, change_run, &chain,
					    PIECES);
		figure->missing = chain.rc != 0;
		figure_note(figure, "%.1f million a second, chains of %u",
			    1e3 / figure->value, PIECES);
	} else {
		figure_note(figure, "%.60s", error.text);
	}
	chain_close(&chain);
}
