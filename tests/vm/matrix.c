/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: the transfer matrix on one card, as a program sees it.
 *
 *   matrix SPEC [MEMORY]
 *
 * Every size, by both channels, as a block and as a chain, to the card and
 * back into memory that holds the opposite of each bit; what lies around the
 * bytes must stay, and where BAR2 shows them single Lwords are compared
 * through it.  A row a size, a cell the number of transfers that were right;
 * what must be refused is counted as well, and an empty cell is a failure.
 * Sizes beyond MEMORY MiB (48) are left out.  Where CONFIGURATION names the
 * machine, a last line tells tests/vm/table what has been moved on it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plxdma/plxdma.h>

#include "../scenario/witness.h"

#define LOCAL 0x20000000u
#define GUARD 4096u
#define GUARD_BYTE 0xa5
#define TIMEOUT_NS 60000000000ll
#define BLOCK_MAX (8u * 1024 * 1024 - 1)

static const uint32_t sizes[] = { 4, 4095, 65537, 8u * 1024 * 1024 + 1,
				  33u * 1024 * 1024 };
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

enum column { BLOCK_TO_CARD, BLOCK_TO_HOST, CHAIN_TO_CARD, CHAIN_TO_HOST,
	      REFUSED, PEEKED, COLUMNS };

struct matrix {
	struct plxdma_card *card;
	struct plxdma_channel *channels[PLXDMA_CHANNELS];
	char *host;
	plxdma_handle handle;
	size_t room;		/* of the memory at host */
	unsigned int cells[COLUMNS];
	unsigned int blocks, chains;	/* of all rows */
	uint32_t nonce;
	unsigned int wrong;
};

struct trip {
	struct matrix *matrix;
	unsigned int channel;
	enum plxdma_form form;
	uint32_t size;
};

static void wrong(const struct trip *trip, const char *what, const char *why)
{
	printf("not ok - channel %u, %s, %u bytes: %s: %s\n", trip->channel,
	       trip->form == PLXDMA_FORM_BLOCK ? "block" : "chain",
	       trip->size, what, why);
	trip->matrix->wrong++;
}

static void guards_set(const struct trip *trip)
{
	char *data = trip->matrix->host + GUARD;

	memset(data - GUARD, GUARD_BYTE, GUARD);
	memset(data + trip->size, GUARD_BYTE, GUARD);
}

static int guards_stay(const struct trip *trip)
{
	const char *data = trip->matrix->host + GUARD;
	uint32_t i;

	for (i = 0; i < GUARD; i++)
		if ((uint8_t)data[-1 - (long)i] != GUARD_BYTE ||
		    (uint8_t)data[trip->size + i] != GUARD_BYTE)
			return 0;
	return 1;
}

static int go(const struct trip *trip, enum plxdma_direction direction,
	      struct plxdma_result *result)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = direction,
		.form = trip->form,
		.local = LOCAL,
		.handle = trip->matrix->handle + GUARD,
		.length = trip->size,
	};

	result->size = sizeof(*result);
	return plxdma_transfer_once(trip->matrix->channels[trip->channel],
				    &request, TIMEOUT_NS, result);
}

static int moved(const struct trip *trip, enum plxdma_direction direction)
{
	struct plxdma_result result = { 0 };
	char why[400];
	int code = go(trip, direction, &result);

	if (!code && result.status == PLXDMA_DONE &&
	    result.bytes == trip->size)
		return 1;
	snprintf(why, sizeof(why), "code %d, status %u, %llu bytes: %s", code,
		 result.status, (unsigned long long)result.bytes,
		 plxdma_error(trip->matrix->card));
	wrong(trip, direction == PLXDMA_TO_HOST ? "to host" : "to card", why);
	return 0;
}

/* First and last whole Lword through BAR2, as far as that reaches. */
static void peek(const struct trip *trip)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	uint32_t at[2] = { 0, (trip->size - 4) & ~3u }, value, want;
	unsigned int i;

	if (plxdma_card_info(trip->matrix->card, &info) || info.bars[2].io ||
	    info.bars[2].local != LOCAL)
		return;
	for (i = 0; i < 2; i++) {
		if (at[i] + 4 > info.bars[2].size)
			continue;
		if (plxdma_peek(trip->matrix->card, 2, at[i], 32, &value)) {
			wrong(trip, "BAR2", plxdma_error(trip->matrix->card));
			return;
		}
		memcpy(&want, trip->matrix->host + GUARD + at[i], 4);
		if (value != want)
			wrong(trip, "BAR2", "shows something else");
		else
			trip->matrix->cells[PEEKED]++;
	}
}

static void round_trip(const struct trip *trip)
{
	const int block = trip->form == PLXDMA_FORM_BLOCK;
	char *data = trip->matrix->host + GUARD, why[256];
	uint32_t nonce = ++trip->matrix->nonce;
	size_t right;

	guards_set(trip);
	witness_fill(data, trip->size, nonce);
	if (!moved(trip, PLXDMA_TO_CARD))
		return;
	trip->matrix->cells[block ? BLOCK_TO_CARD : CHAIN_TO_CARD]++;
	peek(trip);
	witness_complement(data, trip->size, nonce);
	if (!moved(trip, PLXDMA_TO_HOST))
		return;
	right = witness_check(data, trip->size, nonce);
	if (right != trip->size) {
		witness_explain(data, trip->size, right, nonce, why,
				sizeof(why));
		wrong(trip, "came back", why);
	} else if (!guards_stay(trip)) {
		wrong(trip, "around it", "bytes have changed");
	} else {
		trip->matrix->cells[block ? BLOCK_TO_HOST : CHAIN_TO_HOST]++;
	}
}

/* More than the byte count holds can't be a block (chip ref. 2.3). */
static void refused(const struct trip *trip)
{
	struct plxdma_result result = { 0 };
	int code = go(trip, PLXDMA_TO_HOST, &result);

	if (code != -EMSGSIZE)
		wrong(trip, "a block", "was not refused");
	else
		trip->matrix->cells[REFUSED]++;
}

static void row_play(struct matrix *matrix, uint32_t size)
{
	struct trip trip = { .matrix = matrix, .size = size };

	for (trip.channel = 0; trip.channel < PLXDMA_CHANNELS;
	     trip.channel++) {
		trip.form = PLXDMA_FORM_BLOCK;
		if (size > BLOCK_MAX)
			refused(&trip);
		else
			round_trip(&trip);
		trip.form = PLXDMA_FORM_CHAIN;
		round_trip(&trip);
	}
}

/* A cell that nothing was counted in is a failure, unless it stands for what
 * can't be. */
static void row_check(struct matrix *matrix, uint32_t size)
{
	const unsigned int skip = size > BLOCK_MAX ?
		1u << BLOCK_TO_CARD | 1u << BLOCK_TO_HOST : 1u << REFUSED;
	unsigned int i;

	printf("%10u", size);
	for (i = 0; i < COLUMNS; i++) {
		printf(" %10u", matrix->cells[i]);
		if (matrix->cells[i] || skip & 1u << i)
			continue;
		printf(" <- empty");
		matrix->wrong++;
	}
	printf("\n");
	matrix->blocks += matrix->cells[BLOCK_TO_CARD] +
			  matrix->cells[BLOCK_TO_HOST];
	matrix->chains += matrix->cells[CHAIN_TO_CARD] +
			  matrix->cells[CHAIN_TO_HOST];
	memset(matrix->cells, 0, sizeof(matrix->cells));
}

/* The largest size that is played, or 0. */
static uint32_t largest(uint64_t memory)
{
	unsigned int i;
	uint32_t size = 0;

	for (i = 0; i < SIZES; i++)
		if (sizes[i] <= memory)
			size = sizes[i];
	return size;
}

static int matrix_open(struct matrix *matrix, const char *spec, uint32_t size)
{
	unsigned int i;
	int code = plxdma_open(spec, &matrix->card);

	if (code)
		return code;
	matrix->room = size + 2 * GUARD;
	matrix->host = plxdma_alloc_coherent(matrix->card, matrix->room,
					     &matrix->handle);
	if (!matrix->host)
		return -errno;
	for (i = 0; i < PLXDMA_CHANNELS && !code; i++)
		code = plxdma_channel_open(matrix->card, i,
					   &matrix->channels[i]);
	return code;
}

static void matrix_close(struct matrix *matrix)
{
	unsigned int i;

	for (i = 0; i < PLXDMA_CHANNELS; i++)
		plxdma_channel_close(matrix->channels[i]);
	if (matrix->host)
		plxdma_free_coherent(matrix->card, matrix->room, matrix->host,
				     matrix->handle);
	plxdma_close(matrix->card);
}

/* Plain loads and stores in a window show what peek and poke do. */
static void window_play(struct matrix *matrix)
{
	volatile uint32_t *window;
	volatile void *address;
	uint32_t value = 0;
	size_t size;
	int code = plxdma_window_map(matrix->card, 2, &address, &size);

	if (code) {
		printf("# no window: %s\n", plxdma_error(matrix->card));
		return;
	}
	window = address;
	window[size / 4 - 1] = 0x600dcafe;
	if (plxdma_peek(matrix->card, 2, size - 4, 32, &value) ||
	    value != 0x600dcafe || window[size / 4 - 1] != value)
		matrix->wrong++;
	printf("# window of %zu bytes: %08x\n", size, value);
	if (plxdma_window_unmap(matrix->card, 2))
		matrix->wrong++;
}

static void info_print(struct matrix *matrix, const char *spec)
{
	struct plxdma_card_info info = { .size = sizeof(info) };

	if (plxdma_card_info(matrix->card, &info))
		return;
	printf("# %s: %s, %s, dac %u, pin %u, %u runs, longest %llu KiB\n",
	       spec, info.chip_name, info.iommu ? "translated" : "physical",
	       info.dac, info.pin, info.arena_runs,
	       (unsigned long long)(info.arena_longest >> 10));
}

static void rows_play(struct matrix *matrix, uint32_t size)
{
	unsigned int i;

	printf("#    bytes block>card block>host chain>card chain>host "
	       "   refused   by BAR2\n");
	for (i = 0; i < SIZES && sizes[i] <= size; i++) {
		row_play(matrix, sizes[i]);
		row_check(matrix, sizes[i]);
	}
}

/* For tests/vm/table. */
static void cell_print(const struct matrix *matrix, const char *spec)
{
	const char *configuration = getenv("CONFIGURATION");

	if (configuration && !matrix->wrong)
		printf("# cell: %s %s %u %u\n", configuration,
		       strncmp(spec, "daemon:", 7) ? "direct" : "daemon",
		       matrix->blocks, matrix->chains);
}

int main(int argc, char **argv)
{
	const uint64_t memory = argc > 2 ? strtoull(argv[2], NULL, 0) : 48;
	const uint32_t size = largest(memory << 20);
	struct matrix matrix = { .wrong = 0 };

	if (argc < 2 || !size)
		return 2;
	if (matrix_open(&matrix, argv[1], size)) {
		printf("not ok - %s: %s\n", argv[1],
		       plxdma_error(matrix.card));
		matrix_close(&matrix);
		return 1;
	}
	info_print(&matrix, argv[1]);
	rows_play(&matrix, size);
	window_play(&matrix);
	cell_print(&matrix, argv[1]);
	matrix_close(&matrix);
	printf("%sok - %s\n", matrix.wrong ? "not " : "", argv[1]);
	return matrix.wrong != 0;
}
