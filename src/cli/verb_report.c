/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma report: one file for a bug report. */
#include "cli/cli.h"

#include "cli/stream_file.h"

static const char doc[] =
	"Write what a bug report needs of a card to FILE, or to the standard "
	"output.\v"
	"Versions, registers by name, counters, and the last thousand requests "
	"with how they ended, as one JSON object. No address and no data is in "
	"it.";

static const struct argp_option options[] = { CLI_OPTIONS, { 0 } };

struct request {
	struct cli_common common;
	struct stream_file file;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	if (key != ARGP_KEY_ARG || state->arg_num != 1)
		return cli_option(key, arg, state);
	request->file.path = arg;
	return 0;
}

static const struct argp argp = { options, parse, "SPEC [FILE]", doc, 0, 0, 0 };

int verb_report(int argc, char **argv)
{
	struct request request = { .file = { .path = "-" } };
	struct plxdma_card *card;
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	code = stream_file_open(&request.file, true);
	if (code)
		goto out_card;
	code = plxdma_card_report(card, request.file.fd);
	if (code)
		code = cli_failure(card, "report", code);
	code = stream_file_close(&request.file, code);
out_card:
	plxdma_close(card);
	return code;
}
