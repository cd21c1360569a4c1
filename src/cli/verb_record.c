/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma record: a stream of a board's FIFO into files, until something ends
 * it; every way in which it may end leaves a recording.
 */
#include "cli/cli.h"

#include <string.h>

#include "cli/recorder.h"

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

static void parse_argument(struct recorder *recorder, char *arg,
			   struct argp_state *state)
{
	switch (state->arg_num) {
	case 0:
		recorder->common.spec = arg;
		return;
	case 1:
		recorder->setup.local = (uint32_t)cli_number_arg(
			state, "LOCAL", arg, UINT32_MAX);
		return;
	case 2:
		recorder->name = arg;
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
	struct recorder *recorder = state->input;
	struct plxdma_stream_setup *setup = &recorder->setup;

	switch (key) {
	case 'c':
		recorder->channel_index = small(state, "--channel", arg,
					      PLXDMA_CHANNELS - 1);
		return 0;
	case 'm':
		if (board_part_name(&recorder->mode, arg))
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
		recorder->run = cli_number_arg(state, "--run", arg, UINT64_MAX);
		return 0;
	case 'B':
		poke_parse(&recorder->begin, arg, state);
		return 0;
	case 'E':
		poke_parse(&recorder->end, arg, state);
		return 0;
	case 's':
		recorder->seconds = cli_number_arg(state, "--seconds", arg,
						 1u << 30);
		return 0;
	case 'S':
		recorder->bytes = cli_number_arg(state, "--bytes", arg,
					       1ull << 60);
		return 0;
	case 'p':
		recorder->split = cli_number_arg(state, "--split", arg,
					       1ull << 60);
		return 0;
	case 'k':
		recorder->keep_free = cli_number_arg(state, "--keep-free", arg,
						   1ull << 60);
		return 0;
	case ARGP_KEY_ARG:
		parse_argument(recorder, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 3)
			argp_usage(state);
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

int verb_record(int argc, char **argv)
{
	const struct argp argp = { options, parse, "SPEC LOCAL NAME", doc, 0, 0,
				   0 };
	struct recorder recorder = {
		.run = 1,
		.setup = { .size = sizeof(recorder.setup),
			   .block_bytes = 65536,
			   .block_count = 64 },
		.info = { .size = sizeof(recorder.info) },
		.stats = { .size = sizeof(recorder.stats) },
	};

	if (cli_parse(&argp, argc, argv, &recorder))
		return CLI_USAGE;
	return recorder_run(&recorder);
}
