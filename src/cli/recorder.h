/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recorder: a stream on one side, recordings on the other, until something
 * ends it.  What returns exit codes of cli.h complains itself.
 */
#ifndef CLI_RECORDER_H
#define CLI_RECORDER_H

#include "cli/board_part.h"
#include "cli/cli.h"
#include "record/recording.h"

/* A register of the board, and what is written to it. */
struct poke {
	const char *text;	/* NULL: none */
	unsigned int bar;
	uint64_t offset;
	uint32_t value;
};

/* What was asked for, to be filled in; then what it has come to. */
struct recorder {
	struct cli_common common;
	const char *name;
	struct board_part mode;
	struct poke begin, end;
	struct plxdma_stream_setup setup;
	unsigned int channel_index;
	uint64_t run, seconds, bytes, split, keep_free;

	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_stream *stream;
	struct plxdma_card_info info;
	struct plxdma_stream_stats stats;
	struct recording recording;
	char part_name[RECORD_PATH];
	unsigned int part;
	bool open;		/* is there a recording that is written? */
	uint64_t recorded;	/* bytes, of all parts */
	uint64_t blocks;
	const char *why;
};

/* Opens the card, records, closes all.  SIGINT and SIGTERM end it in order. */
int recorder_run(struct recorder *recorder);

#endif
