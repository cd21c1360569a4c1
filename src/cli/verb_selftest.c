/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma selftest: is this card well? In TAP, so that a harness can read it.
 *
 * A board that the tool doesn't know is only looked at, unless --write says
 * that it may be written to, and --local where: memory on one board is a
 * trigger on another.
 */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/board.h"
#include "cli/selftest.h"

static const char doc[] =
	"Test a card, in TAP.\v"
	"The software card with its own board gets the full test. Any other "
	"is only read, unless --write allows more; transfers then need "
	"--local, whose first 128 KiB are overwritten.";

static const struct argp_option options[] = {
	{ "write", 'w', 0, 0, "Write to registers and local memory", 0 },
	{ "local", 'l', "ADDRESS", 0, "Local memory to overwrite", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct request {
	struct cli_common common;
	bool write;
	bool has_local;
	uint32_t local;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'w':
		request->write = true;
		return 0;
	case 'l':
		request->has_local = true;
		request->local = (uint32_t)cli_number_arg(state, "--local",
							  arg, UINT32_MAX);
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static const struct argp argp = { options, parse, "SPEC", doc, 0, 0, 0 };

static void find_local(struct selftest *test, const struct request *request)
{
	const struct plxdma_bar_info *bar = &test->info.bars[2];

	if (request->has_local) {
		test->local = request->local;
		test->local_size = UINT32_MAX;
	} else if (test->known && !bar->io && bar->size) {
		test->local = bar->local;
		test->local_size = (uint32_t)bar->size;
	}
}

static int run(struct selftest *test, const struct request *request)
{
	int code = plxdma_card_info(test->card, &test->info);

	if (code)
		return cli_failure(test->card, "info", code);
	test->known = board_is_default(test->card);
	find_local(test, request);
	tap_start(&test->tap, request->common.json);
	selftest_look(test);
	if (test->known || request->write) {
		selftest_registers(test);
		selftest_transfers(test);
	} else {
		tap_skip(&test->tap, "registers and transfers",
			 "this board is not known; --write allows them");
	}
	return tap_end(&test->tap, request->common.spec);
}

int verb_selftest(int argc, char **argv)
{
	struct selftest test = { .info = { .size = sizeof(test.info) } };
	struct request request = { .write = false };
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &test.card);
	if (code)
		return code;
	code = run(&test, &request);
	plxdma_close(test.card);
	return code;
}
