/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma record: a stream of a board's FIFO into files, until something ends
 * it; every way in which it may end leaves a recording.
 */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/board_part.h"
#include "cli/progress.h"
#include "record/recording.h"

#define SECOND_NS  INT64_C(1000000000)
#define TAKE_NS	   (SECOND_NS / 5)
#define NAME_PARTS 9999u

static const char doc[] =
	"Record what the FIFO at local address LOCAL has to NAME.sigmf-data, "
	"with NAME.sigmf-meta and NAME.plxdma-blocks beside it.\v"
	"Ends at --seconds or --bytes, on SIGINT and SIGTERM, when the disk is "
	"full, and by a fault of the card; plxdma-record(1) tells more.";

static const struct argp_option options[] = {
	{ "channel", 'c', "N", 0, "DMA channel 0 or 1 (0)", 0 },
	{ "mode", 'm', "FILE:NAME", 0,
	  "A mode of a board file instead of a held local address", 0 },
	{ "block", 'b', "SIZE", 0, "Of a block (64K)", 0 },
	{ "blocks", 'n', "N", 0, "Blocks in the card's memory (64)", 0 },
	{ "slow", 'w', "POLICY", 0,
	  "hold, drop-newest or drop-oldest, when the disk is slow (hold)", 0 },
	{ "run", 'r', "N", 0, "The run's number (1)", 0 },
	{ "begin", 'B', "BAR:OFFSET=VALUE", 0,
	  "A register that starts the board's source", 0 },
	{ "end", 'E', "BAR:OFFSET=VALUE", 0, "One that stops it", 0 },
	{ "seconds", 's', "N", 0, "Record for so long", 0 },
	{ "bytes", 'S', "SIZE", 0, "Record so much", 0 },
	{ "split", 'p', "SIZE", 0,
	  "Go on in NAME-0001, NAME-0002, ... after so much", 0 },
	{ "keep-free", 'k', "SIZE", 0, "Leave so much of the disk free", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct poke {
	const char *text;
	unsigned int bar;
	uint64_t offset;
	uint32_t value;
};

struct record {
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

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void poke_parse(struct poke *poke, char *arg, struct argp_state *state)
{
	char *colon = strchr(arg, ':');
	char *equals = colon ? strchr(colon, '=') : NULL;

	if (!equals)
		argp_error(state, "'%s' isn't BAR:OFFSET=VALUE", arg);
	poke->text = arg;
	*colon = *equals = '\0';
	poke->bar = (unsigned int)cli_number_arg(state, "BAR", arg,
						 PLXDMA_BARS - 1);
	poke->offset = cli_number_arg(state, "OFFSET", colon + 1, UINT32_MAX);
	poke->value = (uint32_t)cli_number_arg(state, "VALUE", equals + 1,
					       UINT32_MAX);
}

static uint32_t policy_parse(const char *arg, struct argp_state *state)
{
	static const char *const names[] = { "hold", "drop-newest",
					     "drop-oldest" };
	uint32_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(arg, names[i]))
			return i;
	argp_error(state, "--slow: '%s' is none of hold, drop-newest, "
		   "drop-oldest", arg);
	return 0;
}

static void parse_argument(struct record *record, char *arg,
			   struct argp_state *state)
{
	switch (state->arg_num) {
	case 0:
		record->common.spec = arg;
		return;
	case 1:
		record->setup.local = (uint32_t)cli_number_arg(
			state, "LOCAL", arg, UINT32_MAX);
		return;
	case 2:
		record->name = arg;
		return;
	default:
		argp_error(state, "'%s' is one argument too many", arg);
	}
}

static uint32_t small(const struct argp_state *state, const char *what,
		      const char *arg, uint32_t max)
{
	return (uint32_t)cli_number_arg(state, what, arg, max);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct record *record = state->input;
	struct plxdma_stream_setup *setup = &record->setup;

	switch (key) {
	case 'c':
		record->channel_index = small(state, "--channel", arg,
					      PLXDMA_CHANNELS - 1);
		return 0;
	case 'm':
		if (board_part_name(&record->mode, arg))
			argp_error(state, "--mode takes FILE:NAME");
		return 0;
	case 'b':
		setup->block_bytes = small(state, "--block", arg,
					   PLXDMA_BLOCK_MAX);
		return 0;
	case 'n':
		setup->block_count = small(state, "--blocks", arg,
					   PLXDMA_STREAM_BLOCKS);
		return 0;
	case 'w':
		setup->slow = policy_parse(arg, state);
		return 0;
	case 'r':
		record->run = cli_number_arg(state, "--run", arg, UINT64_MAX);
		return 0;
	case 'B':
		poke_parse(&record->begin, arg, state);
		return 0;
	case 'E':
		poke_parse(&record->end, arg, state);
		return 0;
	case 's':
		record->seconds = cli_number_arg(state, "--seconds", arg,
						 1u << 30);
		return 0;
	case 'S':
		record->bytes = cli_number_arg(state, "--bytes", arg,
					       1ull << 60);
		return 0;
	case 'p':
		record->split = cli_number_arg(state, "--split", arg,
					       1ull << 60);
		return 0;
	case 'k':
		record->keep_free = cli_number_arg(state, "--keep-free", arg,
						   1ull << 60);
		return 0;
	case ARGP_KEY_ARG:
		parse_argument(record, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 3)
			argp_usage(state);
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static int mode_set(struct record *record)
{
	struct plxdma_mode *mode;
	int code;

	if (record->mode.mode)
		return plxdma_channel_set_mode(record->channel,
					       record->mode.mode);
	mode = plxdma_mode_new();
	if (!mode)
		return -ENOMEM;
	code = plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1);
	if (!code)
		code = plxdma_channel_set_mode(record->channel, mode);
	plxdma_mode_free(mode);
	return code;
}

static int stream_open(struct record *record)
{
	int code = plxdma_claim(record->card,
				(enum plxdma_claimed)record->channel_index, 0,
				SECOND_NS);

	if (!code)
		code = plxdma_channel_open(record->card, record->channel_index,
					   &record->channel);
	if (!code)
		code = mode_set(record);
	if (!code)
		code = plxdma_stream_open(record->channel, &record->setup,
					  &record->stream);
	if (!code)
		code = plxdma_card_info(record->card, &record->info);
	return code ? cli_failure(record->card, "stream", code) : CLI_OK;
}

static int poked(struct record *record, const struct poke *poke)
{
	int code;

	if (!poke->text)
		return CLI_OK;
	code = plxdma_poke(record->card, poke->bar, poke->offset, 32,
			   poke->value);
	return code ? cli_failure(record->card, "register", code) : CLI_OK;
}

static int disk_failure(struct record *record, int code)
{
	if (code == -ENOSPC) {
		record->why = "the disk is full";
		cli_complain("%s: %s%s", record->part_name, record->why,
			     record->keep_free ? ", but for --keep-free" : "");
	} else {
		record->why = "the file could not be written";
		cli_complain("%s: %s", record->part_name,
			     code == -EEXIST ? "there is such a recording: "
					       "choose another name"
					     : strerror(-code));
	}
	return CLI_FAILED;
}

static int part_open(struct record *record)
{
	const struct recording_about about = {
		.name = record->part_name,
		.card = record->common.spec,
		.chip = record->info.chip_name,
		.channel = record->channel_index,
		.block_bytes = record->setup.block_bytes,
		.run = record->run,
		.keep_free = record->keep_free,
		.tai_offset_ns = record->stats.tai_offset_ns,
	};
	int code;

	if (record->part)
		(void)snprintf(record->part_name, RECORD_PATH, "%.4000s-%04u",
			       record->name, record->part);
	else
		(void)snprintf(record->part_name, RECORD_PATH, "%.4000s",
			       record->name);
	code = recording_open(&record->recording, &about);
	record->open = !code;
	return code ? disk_failure(record, code) : CLI_OK;
}

static int part_close(struct record *record)
{
	int code;

	if (!record->open)
		return CLI_OK;
	record->open = false;
	code = recording_close(&record->recording, record->why);
	record->recorded += record->recording.safe_bytes;
	record->blocks += record->recording.safe_blocks;
	return code ? disk_failure(record, code) : CLI_OK;
}

static int block_record(struct record *record,
			const struct plxdma_block *block)
{
	int code;

	if (record->split && record->recording.bytes &&
	    record->recording.bytes + block->bytes > record->split &&
	    record->part < NAME_PARTS) {
		record->why = "goes on in the next part";
		record->part++;
		code = part_close(record);
		if (code == CLI_OK)
			code = part_open(record);
		if (code)
			return code;
	}
	code = recording_put(&record->recording, block);
	return code ? disk_failure(record, code) : CLI_OK;
}

/* Is it time to end? */
static bool over(struct record *record, uint64_t start)
{
	if (stopped)
		record->why = "stopped";
	else if (record->seconds &&
		 cli_now() - start >= record->seconds * SECOND_NS)
		record->why = "so many seconds were asked for";
	else if (record->bytes &&
		 record->recorded + record->recording.bytes +
				 record->setup.block_bytes > record->bytes)
		record->why = "so many bytes were asked for";
	else
		return false;
	return true;
}

static int block_take(struct record *record, int64_t timeout_ns)
{
	struct plxdma_block block = { .size = sizeof(block) };
	int code = plxdma_stream_take(record->stream, timeout_ns, &block);

	if (code == -ETIMEDOUT || code == -EINTR)
		return CLI_OK;
	if (code == -ENODATA || code == -EAGAIN)
		return CLI_SKIPPED;
	if (code) {
		record->why = "a fault of the card";
		(void)cli_failure(record->card, "stream", code);
		return CLI_FAILED;
	}
	code = block_record(record, &block);
	plxdma_stream_give(record->stream, block.sequence);
	return code;
}

static int blocks_record(struct record *record)
{
	const uint64_t start = cli_now();
	struct progress progress;
	int code = CLI_OK;

	progress_start(&progress, record->bytes);
	while (code == CLI_OK && !over(record, start)) {
		code = block_take(record, TAKE_NS);
		progress_step(&progress,
			      record->recorded + record->recording.bytes);
	}
	progress_end(&progress);
	return code;
}

/* What is ready when it ends is recorded as well, unless the disk is the
 * reason, or it would be more than was asked for. */
static int rest_record(struct record *record)
{
	int code = CLI_OK;

	plxdma_stream_stop(record->stream, PLXDMA_STREAM_ABORT, 0);
	while (code == CLI_OK && !record->bytes)
		code = block_take(record, 0);
	return code == CLI_SKIPPED ? CLI_OK : code;
}

static int run_record(struct record *record)
{
	int code = plxdma_stream_start(record->stream, record->run);

	if (code)
		return cli_failure(record->card, "stream", code);
	plxdma_stream_stats(record->stream, &record->stats);
	code = part_open(record);
	if (code)
		return code;
	record->why = "a register could not be written";
	code = poked(record, &record->begin);
	if (code == CLI_OK)
		code = blocks_record(record);
	if (poked(record, &record->end) && code == CLI_OK)
		code = CLI_FAILED;
	if (code == CLI_OK)
		code = rest_record(record);
	plxdma_stream_stats(record->stream, &record->stats);
	return part_close(record) ? CLI_FAILED : code;
}

static void print_json(const struct record *record)
{
	struct json_object *object = cli_json_new("plxdma.record/1");

	cli_json_text(object, "name", record->name);
	cli_json_text(object, "ended", record->why);
	cli_json_number(object, "parts", record->part + 1);
	cli_json_number(object, "blocks", record->blocks);
	cli_json_number(object, "bytes", record->recorded);
	cli_json_number(object, "dropped", record->stats.dropped);
	cli_json_number(object, "held", record->stats.held);
	cli_json_print(object);
}

static void print(const struct record *record, uint64_t took)
{
	if (record->common.json) {
		print_json(record);
		return;
	}
	printf("%llu blocks, %llu bytes in %.1f s, %.1f MB/s; %llu dropped; "
	       "ended: %s\n",
	       (unsigned long long)record->blocks,
	       (unsigned long long)record->recorded, (double)took / 1e9,
	       (double)record->recorded * 1e3 / (double)(took + 1),
	       (unsigned long long)record->stats.dropped, record->why);
}

static int run(struct record *record)
{
	uint64_t start;
	int code = board_part_mode(&record->mode);

	if (code == CLI_OK)
		code = cli_open(record->common.spec, &record->card);
	if (code == CLI_OK)
		code = stream_open(record);
	start = cli_now();
	if (code == CLI_OK) {
		code = run_record(record);
		if (record->why)
			print(record, cli_now() - start);
	}
	plxdma_stream_close(record->stream);
	plxdma_close(record->card);
	board_part_free(&record->mode);
	return code;
}

int verb_record(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = stop };
	const struct argp argp = { options, parse, "SPEC LOCAL NAME", doc, 0, 0,
				   0 };
	struct record record = {
		.run = 1,
		.setup = { .size = sizeof(record.setup),
			   .block_bytes = 65536,
			   .block_count = 64 },
		.info = { .size = sizeof(record.info) },
		.stats = { .size = sizeof(record.stats) },
	};

	if (cli_parse(&argp, argc, argv, &record))
		return CLI_USAGE;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* A file that gets too long is a full disk, not our death. */
	signal(SIGXFSZ, SIG_IGN);
	return run(&record);
}
