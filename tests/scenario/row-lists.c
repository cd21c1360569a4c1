/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Scatter-gather: pieces that lie in one order in the host's memory and in
 * another in local memory, so that two of them swapped can't come out right.
 * Each piece has its own number; one is too long for a descriptor.
 */
#include <string.h>

#include "act.h"
#include "row.h"
#include "witness.h"

#define PIECES 24
#define LONG_PIECE 5
#define LONG_SIZE ((9u << 20) + 13)
#define SLOT (80u << 10)

struct list {
	struct plxdma_segment segments[PIECES];
	uint64_t total;
	uint32_t nonce;		/* of the first piece */
};

static size_t slot_size(unsigned int piece)
{
	return piece == LONG_PIECE ? LONG_SIZE + 64 : SLOT;
}

/* Lays the pieces out behind each other, in the order that @step gives. */
static void lay_out(size_t *starts, unsigned int step, size_t from)
{
	for (unsigned int i = 0; i < PIECES; i++) {
		unsigned int piece = i * step % PIECES;

		starts[piece] = from;
		from += slot_size(piece);
	}
}

static void list_make(struct list *list, const struct stage *stage,
		      unsigned int seed)
{
	size_t host[PIECES], local[PIECES];

	/* 5 and 7 have no divisor in common with 24. */
	lay_out(host, 5, stage->seam > LONG_SIZE ? stage->seam - LONG_SIZE :
		STAGE_GUARD);
	lay_out(local, 7, STAGE_GUARD);
	list->total = 0;
	for (unsigned int i = 0; i < PIECES; i++) {
		uint32_t length = i == LONG_PIECE ? LONG_SIZE :
				  (seed + 1) * (i * i * 97 + 1) % 65537 + 1;

		list->segments[i] = (struct plxdma_segment){
			.handle = stage->handle + host[i] + (seed + i) % 5,
			.local = SHARED_BOARD_SRAM +
				 (uint32_t)local[i] + (seed * 3 + i) % 7,
			.length = length,
		};
		list->total += length;
	}
}

static char *piece_host(const struct stage *stage,
			const struct plxdma_segment *segment)
{
	return stage->host + (segment->handle - stage->handle);
}

static char *piece_local(const struct stage *stage,
			 const struct plxdma_segment *segment)
{
	return (char *)stage->board->sram +
	       (segment->local - SHARED_BOARD_SRAM);
}

/* Fills the source, spoils the destination; the gaps keep what they hold. */
static void list_prepare(struct list *list, struct stage *stage, int to_host)
{
	list->nonce = stage->nonce + 1;
	stage->nonce += PIECES;
	for (unsigned int i = 0; i < PIECES; i++) {
		struct plxdma_segment *piece = &list->segments[i];
		char *host = piece_host(stage, piece);
		char *local = piece_local(stage, piece);

		witness_fill(to_host ? local : host, piece->length,
			     list->nonce + i);
		witness_complement(to_host ? host : local, piece->length,
				   list->nonce + i);
	}
}

static int list_check(struct row *row, const struct list *list,
		      struct stage *stage)
{
	for (unsigned int i = 0; i < PIECES; i++) {
		const struct plxdma_segment *piece = &list->segments[i];
		const char *both[] = { piece_host(stage, piece),
				       piece_local(stage, piece) };

		for (int side = 0; side < 2; side++) {
			size_t at = witness_check(both[side], piece->length,
						  list->nonce + i);
			char text[160];

			if (at == piece->length)
				continue;
			witness_explain(both[side], piece->length, at,
					list->nonce + i, text, sizeof(text));
			row_wrong(row, "list: piece %u in %s memory: %s", i,
				  side ? "local" : "host", text);
			return -1;
		}
	}
	return 0;
}

/* The gaps, after the pieces themselves were made alike. */
static uint64_t gaps(const struct list *list, struct stage *stage)
{
	for (unsigned int i = 0; i < PIECES; i++) {
		const struct plxdma_segment *piece = &list->segments[i];

		memset(piece_host(stage, piece), 0, piece->length);
		memset(piece_local(stage, piece), 0, piece->length);
	}
	return witness_hash(stage->host, stage->host_size) ^
	       3 * witness_hash(stage->board->sram,
				sizeof(stage->board->sram));
}

static void play_list(struct row *row, struct stage *stage, unsigned int seed)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct list list = { 0 };
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = seed & 1 ? PLXDMA_TO_CARD : PLXDMA_TO_HOST,
		.segments = list.segments,
		.segment_count = PIECES,
	};
	uint64_t before;
	int error;

	list_make(&list, stage, seed);
	before = gaps(&list, stage);
	list_prepare(&list, stage, request.direction == PLXDMA_TO_HOST);
	error = act_run(stage, seed / 2 % 2, &request, seed % ACT_WAYS,
			&result);
	if (error || result.bytes != list.total) {
		row_wrong(row, "list: %d, %llu bytes: %s", error,
			  (unsigned long long)result.bytes,
			  plxdma_error(stage->card));
		return;
	}
	if (list_check(row, &list, stage) != 0)
		return;
	if (before != gaps(&list, stage)) {
		row_wrong(row, "list: memory between the pieces changed");
		return;
	}
	row->cells[ROW_LISTS]++;
	row->bytes += list.total;
}

void row_play_lists(struct row *row, struct stage *stage)
{
	for (unsigned int seed = 0; seed < (row->whole ? 8u : 4u); seed++)
		play_list(row, stage, seed);
}
