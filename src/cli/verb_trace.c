/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma trace: requests of the daemon's clients as they end. */
#include "cli/cli.h"

#include <stdio.h>
#include <time.h>

#include "cli/told.h"

#define INTERVAL_NS 100000000

static const char doc[] =
	"Print requests of plxdmad's clients as they end, until Ctrl-C, with "
	"what they waited for.\v"
	"\"turn\" is somebody else's transfer, \"own\" one of the same client "
	"on that channel.  With --json each is an object on a line of its own. "
	"Requests of other users are shown to root, the daemon's user and "
	"members of plxdma-hw.";

enum { OPTION_COUNT = 256, OPTION_SECONDS };

static const struct argp_option options[] = {
	{ "count", OPTION_COUNT, "N", 0, "End after N requests", 0 },
	{ "seconds", OPTION_SECONDS, "N", 0, "End after N seconds", 0 },
	CLI_OPTIONS,
	{ 0 },
};

struct request {
	struct cli_common common;
	uint64_t count;			/* yet to print */
	uint64_t until;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case OPTION_COUNT:
		request->count = cli_number_arg(state, "--count", arg,
						1000000000);
		return 0;
	case OPTION_SECONDS:
		request->until = cli_now() + UINT64_C(1000000000) *
			cli_number_arg(state, "--seconds", arg, 1000000);
		return 0;
	case ARGP_KEY_NO_ARGS:
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "takes no arguments");
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static const struct argp argp = { options, parse, 0, doc, 0, 0, 0 };

static void print_text(struct json_object *record)
{
	(void)printf("%14.6f  pid %-8llu %s channel %llu  %s  %s  %llu B",
		     (double)told_number(record, "ended_ns") / 1e9,
		     (unsigned long long)told_number(record, "pid"),
		     told_text(record, "card"),
		     (unsigned long long)told_number(record, "channel"),
		     told_text(record, "direction"),
		     told_text(record, "status"),
		     (unsigned long long)told_number(record, "bytes"));
	(void)printf("  waited %.1f us (%s",
		     (double)told_number(record, "waited_ns") / 1e3,
		     told_text(record, "wait"));
	if (told_number(record, "behind_pid"))
		(void)printf(", behind pid %llu",
			     (unsigned long long)told_number(record,
							     "behind_pid"));
	(void)printf("), ran %.1f us",
		     (double)told_number(record, "ran_ns") / 1e3);
	if (told_number(record, "parts"))
		(void)printf(" in %llu parts",
			     (unsigned long long)told_number(record, "parts"));
	(void)putchar('\n');
}

/* Returns whether that was enough. */
static bool print_all(struct request *request, struct json_object *trace)
{
	struct json_object *records = told_member(trace, "requests");
	size_t i;

	if (told_number(trace, "lost"))
		cli_complain("%llu requests came too fast to be kept",
			     (unsigned long long)told_number(trace, "lost"));
	for (i = 0; i < told_count(records); i++) {
		struct json_object *record = told_at(records, i);

		if (request->common.json)
			(void)puts(json_object_to_json_string_ext(
				record, JSON_C_TO_STRING_PLAIN));
		else
			print_text(record);
		if (request->count && !--request->count)
			return true;
	}
	return fflush(stdout) == EOF;
}

int verb_trace(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = INTERVAL_NS };
	struct request request = { .until = UINT64_MAX };
	struct json_object *trace;
	uint64_t last = 0;
	bool enough = false;
	int code = CLI_OK;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	while (!enough) {
		code = told_get(PLXDMA_TOLD_TRACE, last, &trace);
		if (code)
			return code;
		last = told_number(trace, "last");
		enough = print_all(&request, trace) ||
			 cli_now() >= request.until;
		(void)json_object_put(trace);
		if (!enough)
			(void)nanosleep(&pause, NULL);
	}
	return code;
}
