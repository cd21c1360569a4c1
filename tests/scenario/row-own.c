/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program's own memory, of any alignment, and nobody else on the card:
 * plxdma_read() and plxdma_write() find their channel and their buffer.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "row.h"
#include "witness.h"

#define GUARD 64u
#define PATIENCE 10000000000LL

struct own {
	struct row *row;
	struct plxdma_card *card;
	struct shared_board *board;
	char *memory;		/* of the largest size, and guards */
	uint32_t nonce;
};

static int guards_good(const char *data, size_t size)
{
	for (unsigned int i = 0; i < GUARD; i++)
		if (data[-1 - (int)i] != 0x5a || data[size + i] != 0x5a)
			return 0;
	return 1;
}

static void play_own(struct own *own, int write, uint32_t size,
		     unsigned int align)
{
	char *data = own->memory + GUARD + align;
	char *local = (char *)own->board->sram + GUARD + 3 - align;
	uint32_t address = SHARED_BOARD_SRAM + GUARD + 3 - align;
	char *source = write ? data : local;
	char *destination = write ? local : data;
	const char *what = write ? "plxdma_write" : "plxdma_read";
	int error;

	own->nonce++;
	memset(data - GUARD, 0x5a, GUARD);
	memset(data + size, 0x5a, GUARD);
	memset(local - GUARD, 0x5a, GUARD);
	memset(local + size, 0x5a, GUARD);
	witness_fill(source, size, own->nonce);
	witness_complement(destination, size, own->nonce);
	error = write ? plxdma_write(own->card, address, data, size, PATIENCE) :
		plxdma_read(own->card, address, data, size, PATIENCE);
	if (error)
		row_wrong(own->row, "%s, %u bytes: %d (%s)", what, size, error,
			  plxdma_error(own->card));
	else if (witness_check(data, size, own->nonce) != size ||
		 witness_check(local, size, own->nonce) != size)
		row_wrong(own->row, "%s, %u bytes, +%u: wrong from byte %zu",
			  what, size, align,
			  witness_check(destination, size, own->nonce));
	else if (!guards_good(data, size) || !guards_good(local, size))
		row_wrong(own->row, "%s, %u bytes, +%u: memory around changed",
			  what, size, align);
	else
		own->row->cells[ROW_OWN]++;
	own->row->bytes += size;
}

void row_play_own(struct row *row, const char *spec,
		  struct shared_board *board)
{
	struct own own = { .row = row, .board = board, .nonce = 1u << 30 };

	own.memory = malloc(cases_sizes[CASES_SIZES - 1] + 2 * GUARD + 4);
	if (!own.memory) {
		row_wrong(row, "no memory");
		return;
	}
	if (plxdma_open(spec, &own.card) != 0) {
		row_wrong(row, "%s", plxdma_error(NULL));
		goto out_free;
	}
	for (unsigned int i = 0; i < CASES_SIZES * 4; i++) {
		unsigned int align = (i / 2 + (i & 1)) % 4;

		if (row->quick && cases_sizes[i / 4] > CASES_BLOCK_MAX)
			continue;
		/* A quarter of the large ones tells as much. */
		if (cases_sizes[i / 4] > CASES_BLOCK_MAX / 2 && i % 4 > 1 &&
		    !row->whole)
			continue;
		if (row->wrong < ROW_WRONG_MAX)
			play_own(&own, i & 1, cases_sizes[i / 4], align);
	}
	plxdma_close(own.card);
out_free:
	free(own.memory);
}
