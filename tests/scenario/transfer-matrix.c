/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whole transfers through the public functions, in every configuration of the
 * software card: a table of what was run, where an empty cell is a failure as
 * much as a wrong byte.
 *
 *   transfer-matrix [CONFIGURATION...]
 *
 * PLXDMA_MATRIX=quick: no row runs the full product, and only those that else
 * do so run 33 MiB (for sanitizers).
 * Ends with 0; 1 if anything was wrong or not run; 77 if all that was run was
 * right, but a row needs what this machine doesn't give.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "configurations.h"
#include "daemon-child.h"
#include "row.h"

#define DMAMODE0 0x80
#define MODE_DAC_CHAIN (1u << 18)

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* A chip that can't reach its memory says so, before it is asked to move. */
static void play_unreachable(struct row *row, const char *spec)
{
	struct plxdma_channel *channel = NULL;
	struct plxdma_transfer *transfer;
	struct plxdma_card *card;
	struct plxdma_request request = {
		.size = sizeof(request), .local = SHARED_BOARD_SRAM,
		.length = 4096,
	};
	const char *text;
	int error;

	if (plxdma_open(spec, &card) != 0) {
		row_wrong(row, "%s", plxdma_error(NULL));
		return;
	}
	error = plxdma_channel_open(card, 0, &channel);
	if (error == 0) {
		errno = 0;
		if (plxdma_alloc_coherent(card, 4096, &request.handle))
			error = plxdma_transfer_new(channel, &request,
						    &transfer);
		else
			error = -errno;
	}
	text = plxdma_error(card);
	if (error != -ENXIO || !strstr(text, "4 GiB"))
		row_wrong(row, "memory above 4 GiB: %d (%s)", error, text);
	else
		printf("%s is told: %s\n", row->name, text);
	plxdma_close(card);
}

/* The mode that the last chain left says which descriptors it had. */
static void check_format(struct row *row, struct stage *stage, int wide)
{
	uint32_t mode;

	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (plxdma_reg_read(stage->card, DMAMODE0 + 0x14 * i, 32,
				    &mode) != 0)
			row_wrong(row, "DMAMODE%u: %s", i,
				  plxdma_error(stage->card));
		else if (((mode & MODE_DAC_CHAIN) != 0) != wide)
			row_wrong(row, "DMAMODE%u is %08x: not the expected "
				  "kind of descriptor", i, mode);
	}
}

static void play_stage(struct row *row, struct stage *stage,
		       const struct configuration *configuration)
{
	if (configuration->seam && stage_find_seam(stage) != 0) {
		row_wrong(row, "found no seam at 4 GiB: %s",
			  plxdma_error(stage->card));
		return;
	}
	row_play_edges(row, stage);
	row_play_modes(row, stage);
	row_play_lists(row, stage);
	row_play_fifo(row, stage);
	row_play_memory(row, stage);
	/* Ordered by size: the last ones were chains on both channels. */
	if (configuration->host != HOST_DAEMON &&
	    configuration->host != HOST_FRAMES && !configuration->seam)
		check_format(row, stage, configuration->wide);
	if (stage_violations(stage) != 0)
		row_wrong(row, "%llu violations",
			  (unsigned long long)stage_violations(stage));
}

static void check_cells(struct row *row)
{
	for (int i = 0; i < ROW_COLUMNS; i++)
		if (row->cells[i] == 0)
			row_wrong(row, "nothing was run for \"%s\"",
				  row_columns[i]);
}

/* What to open; starts the daemon if there is to be one. */
static int make_spec(const struct configuration *configuration,
		     const char *board, struct daemon_child *daemon,
		     char *spec, size_t room)
{
	static const char *const pages[] = {
		[HOST_SMALL] = "small", [HOST_HUGE] = "2M",
		[HOST_FRAMES] = "2M",
	};

	if (configuration->host != HOST_DAEMON) {
		snprintf(spec, room, "model:%s,%s,arena=" STAGE_ARENA
			 ",pages=%s", configuration->options, board,
			 pages[configuration->host]);
		return 0;
	}
	snprintf(spec, room, "model:%s,%s", configuration->options, board);
	if (daemon_child_start(daemon, "m", spec) != 0)
		return -ECHILD;
	snprintf(spec, room, "daemon:m,arena=" STAGE_ARENA);
	return 0;
}

/* Return: 0, or -1 if it can't be run here. */
static int play_spec(struct row *row, const struct configuration *configuration,
		     const char *spec, struct shared_board *board)
{
	struct stage stage;
	char text[400];
	int error;

	error = stage_open(&stage, spec, STAGE_ARENA_SIZE, board, text,
			   sizeof(text));
	if (error && configuration->host != HOST_SMALL &&
	    (error == -ENOMEM || error == -EPERM)) {
		printf("SKIPPED %s: %s\n", row->name, text);
		return -1;
	}
	if (error) {
		row_wrong(row, "%s", text);
		return 0;
	}
	play_stage(row, &stage, configuration);
	stage_close(&stage);
	row_play_own(row, spec, board);
	check_cells(row);
	return 0;
}

static int play(struct row *row, const struct configuration *configuration,
		struct shared_board *board, const char *options)
{
	struct daemon_child daemon = { 0 };
	char spec[600];
	int error = 0;

	if (make_spec(configuration, options, &daemon, spec,
		      sizeof(spec)) != 0)
		row_wrong(row, "the daemon does not start");
	else if (configuration->unreachable)
		play_unreachable(row, spec);
	else
		error = play_spec(row, configuration, spec, board);
	daemon_child_stop(&daemon);
	return error;
}

static void print_head(void)
{
	printf("#       %-16s", "configuration");
	for (int i = 0; i < ROW_COLUMNS; i++)
		printf(" %10s", row_columns[i]);
	printf(" %8s %6s\n", "MiB", "s");
}

/* A line that is both a test's result and a row of the table. */
static void print_row(const struct row *row, unsigned int number, int skipped,
		      double seconds)
{
	printf("%s %*u %-16s", row->wrong ? "not ok" : "ok",
	       row->wrong ? 0 : 4, number, row->name);
	if (skipped) {
		printf(" # SKIP\n");
		return;
	}
	for (int i = 0; i < ROW_COLUMNS; i++)
		printf(" %10u", row->cells[i]);
	printf(" %8llu %6.1f\n", (unsigned long long)(row->bytes >> 20),
	       seconds);
}

static int chosen(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return 1;
	return argc < 2;
}

int main(int argc, char **argv)
{
	const char *breadth = getenv("PLXDMA_MATRIX");
	int less = breadth && strcmp(breadth, "quick") == 0;
	unsigned int wrong = 0, skipped = 0, rows = 0;
	struct shared_board *board;
	char options[400];

	setvbuf(stdout, NULL, _IOLBF, 0);
	board = stage_board_new(options, sizeof(options));
	if (!board) {
		perror("transfer-matrix: memory of the board");
		return 1;
	}
	print_head();
	for (const struct configuration *one = configurations; one->name;
	     one++) {
		struct row row = { .name = one->name };
		double start = now();
		int missing;

		if (!chosen(one->name, argc, argv))
			continue;
		row.whole = one->whole && !less;
		row.quick = !one->whole && less;
		missing = play(&row, one, board, options) != 0;
		print_row(&row, ++rows, missing, now() - start);
		skipped += (unsigned int)missing;
		wrong += row.wrong;
	}
	stage_board_free(board);
	printf("%u configurations, %u skipped, %u wrong\n", rows, skipped,
	       wrong);
	if (wrong || rows == 0)
		return 1;
	return skipped ? 77 : 0;
}
