/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers of one size form a group: around what any of them may touch,
 * both memories are hashed whole before the first and after the last.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "row.h"
#include "witness.h"

const char *const row_columns[ROW_COLUMNS] = {
	"block>host", "block>card", "chain>host", "chain>card", "too long",
	"fifo>host", "fifo>card", "unaligned", "lists", "edges", "modes",
	"own",
};

void row_wrong(struct row *row, const char *format, ...)
{
	va_list arguments;

	row->wrong++;
	printf("WRONG %s: ", row->name);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

static void act_wrong(struct row *row, const struct act *act)
{
	const struct transfer_case *what = &act->what;

	row_wrong(row, "%s%s %s, channel %u, %u bytes, host +%u, local +%u, "
		  "transfer %u: %s", act->fifo ? "fifo " : "",
		  what->form == PLXDMA_FORM_BLOCK ? "block" : "chain",
		  what->direction == PLXDMA_TO_HOST ? "to-host" : "to-card",
		  what->channel, what->size, what->host_align,
		  what->local_align, act->stage->nonce, act->text);
}

static enum row_column column_of(const struct act *act)
{
	int to_card = act->what.direction == PLXDMA_TO_CARD;

	if (act->expect == EMSGSIZE)
		return ROW_TOO_LONG;
	if (act->expect)
		return ROW_FIFO_REFUSED;
	if (act->fifo)
		return to_card ? ROW_FIFO_TO_CARD : ROW_FIFO_TO_HOST;
	if (act->what.form == PLXDMA_FORM_BLOCK)
		return to_card ? ROW_BLOCK_TO_CARD : ROW_BLOCK_TO_HOST;
	return to_card ? ROW_CHAIN_TO_CARD : ROW_CHAIN_TO_HOST;
}

static void play(struct row *row, struct act *act, enum row_column column)
{
	if (row->wrong >= ROW_WRONG_MAX)
		return;
	if (act_play(act) == VERDICT_WRONG) {
		act_wrong(row, act);
		return;
	}
	row->cells[column]++;
	if (!act->expect)
		row->bytes += act->what.size;
}

/* Block mode is for what is one piece on the bus, on one side of 4 GiB, and
 * fits the byte count register. */
static int block_fits(const struct stage *stage, size_t start, size_t size)
{
	struct plxdma_segment segments[2];

	if (size > CASES_BLOCK_MAX)
		return 0;
	if (stage->seam && start < stage->seam && start + size > stage->seam)
		return 0;
	return size < 2 || plxdma_map_sg(stage->card, stage->host + start,
					 size, 0, segments, 2) == 1;
}

static uint64_t outside(const void *memory, size_t memory_size, size_t start,
			size_t size)
{
	size_t end = start + size + 4;

	return witness_hash(memory, start) ^
	       3 * witness_hash((const char *)memory + end, memory_size - end);
}

static uint64_t group_outside(const struct stage *stage, uint32_t size,
			      int fifo)
{
	const struct shared_board *board = stage->board;
	size_t start = act_host_start(stage, size);
	uint64_t host = outside(stage->host, stage->host_size, start, size);

	if (fifo)
		return host ^ outside(board->queue, sizeof(board->queue), 0,
				      size);
	return host ^ outside(board->sram, sizeof(board->sram),
			      ACT_LOCAL_START, size);
}

/* Longer than two descriptors: a chain of five shows no more than of two. */
#define ROW_QUICK_MAX (9u << 20)

/* Cases of one size; returns how many. */
static size_t play_group(struct row *row, struct stage *stage,
			 const struct transfer_case *cases, size_t count,
			 int fifo)
{
	uint32_t size = cases[0].size;
	uint64_t before = group_outside(stage, size, fifo);
	size_t i;

	for (i = 0; i < count && cases[i].size == size; i++) {
		if (row->quick && size > ROW_QUICK_MAX)
			continue;
		struct act act = {
			.stage = stage, .what = cases[i], .fifo = fifo,
			.host_start = act_host_start(stage, size),
		};

		if (act.what.form == PLXDMA_FORM_BLOCK &&
		    !block_fits(stage, act.host_start + act.what.host_align,
				size))
			act.expect = EMSGSIZE;
		play(row, &act, column_of(&act));
	}
	if (before != group_outside(stage, size, fifo))
		row_wrong(row, "%u bytes: memory far outside changed", size);
	return i;
}

static void play_cases(struct row *row, struct stage *stage,
		       const struct transfer_case *cases, size_t count,
		       int fifo)
{
	size_t i = 0;

	if (act_set_mode(stage, fifo) != 0) {
		row_wrong(row, "mode: %s", plxdma_error(stage->card));
		return;
	}
	while (i < count && row->wrong < ROW_WRONG_MAX)
		i += play_group(row, stage, cases + i, count - i, fifo);
}

void row_play_memory(struct row *row, struct stage *stage)
{
	struct transfer_case cases[CASES_MAX];
	size_t count;

	count = row->whole ? cases_product(cases) : cases_pairwise(cases);
	play_cases(row, stage, cases, count, 0);
}

/* Sizes of whole Lwords: rounded up, but where that makes another size of the
 * table or no block any more. */
static uint32_t fifo_size(uint32_t size)
{
	return size == CASES_BLOCK_MAX ? size & ~3u : (size + 3) & ~3u;
}

static void fifo_refusals(struct row *row, struct stage *stage)
{
	static const struct transfer_case refused[] = {
		{ .host_align = 1, .size = 4096 },
		{ .host_align = 2, .size = 4096 },
		{ .host_align = 3, .size = 4096, .channel = 1 },
		{ .local_align = 1, .size = 4096 },
		{ .local_align = 2, .size = 4096, .channel = 1 },
		{ .local_align = 3, .size = 4096 },
		{ .size = 1 }, { .size = 4095 }, { .size = 65537 },
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct act act = {
			.stage = stage, .what = refused[i], .fifo = 1,
			.host_start = STAGE_GUARD, .expect = EINVAL,
		};

		act.what.form = i % 2 ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK;
		act.what.direction = i % 3 ? PLXDMA_TO_HOST : PLXDMA_TO_CARD;
		play(row, &act, ROW_FIFO_REFUSED);
	}
}

void row_play_fifo(struct row *row, struct stage *stage)
{
	struct transfer_case cases[CASES_SIZES * 8], *one = cases;

	for (unsigned int i = 0; i < CASES_SIZES; i++)
		for (unsigned int j = 0; j < 8; j++) {
			/* Else both forms and directions, channels in turn. */
			if (!row->whole && j / 4 != i % 2)
				continue;
			*one++ = (struct transfer_case){
				.size = fifo_size(cases_sizes[i]),
				.form = j & 1 ? PLXDMA_FORM_CHAIN :
					PLXDMA_FORM_BLOCK,
				.direction = j & 2 ? PLXDMA_TO_CARD :
					     PLXDMA_TO_HOST,
				.channel = (uint8_t)(j / 4),
			};
		}
	play_cases(row, stage, cases, (size_t)(one - cases), 1);
	fifo_refusals(row, stage);
	if (act_set_mode(stage, 0) != 0)
		row_wrong(row, "mode: %s", plxdma_error(stage->card));
}

void row_play_edges(struct row *row, struct stage *stage)
{
	static const uint32_t sizes[] = { 1, 3, 4, 4093, 65536 };

	for (unsigned int i = 0; i < 5 * 8; i++) {
		uint32_t size = sizes[i / 8];
		struct act act = {
			.stage = stage,
			.what = {
				.size = size,
				.form = i & 1 ? PLXDMA_FORM_CHAIN :
					PLXDMA_FORM_AUTO,
				.direction = i & 2 ? PLXDMA_TO_CARD :
					     PLXDMA_TO_HOST,
				.channel = (uint8_t)(i & 1),
			},
			.host_start = i & 4 ? stage->host_size - size : 0,
		};

		play(row, &act, ROW_EDGES);
	}
}
