/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma status: the daemon's cards, channels and clients; once, or live, with
 * what moved since the last look.
 */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/told.h"
#include "cli/watch.h"

#define CHANNELS_MAX 64

static const char doc[] =
	"Show what plxdmad does: its cards, their channels, its clients.\v"
	"With --watch a terminal is drawn again every N seconds (1) until q or "
	"Ctrl-C is pressed; elsewhere one block is printed after the other.";

enum { OPTION_ROUNDS = 256 };

static const struct argp_option options[] = {
	{ "watch", 'w', "N", OPTION_ARG_OPTIONAL,
	  "Show it again every N seconds (1)", 0 },
	{ "count", OPTION_ROUNDS, "N", 0, "End --watch after N times", 0 },
	CLI_OPTIONS,
	{ 0 },
};

struct request {
	struct cli_common common;
	struct watch watch;
	bool watched;
	uint64_t before;		/* the daemon's clock at the last look */
	uint64_t moved[CHANNELS_MAX];	/* bytes, by then */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'w':
		request->watched = true;
		if (arg)
			request->watch.interval_ms = 1000 *
				cli_number_arg(state, "--watch", arg, 86400);
		return 0;
	case OPTION_ROUNDS:
		request->watch.rounds =
			cli_number_arg(state, "--count", arg, 1000000);
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

static void print_holder(struct json_object *of)
{
	struct json_object *holder = told_member(of, "holder");

	if (!holder)
		(void)printf("free");
	else
		(void)printf("held by %s, pid %llu", told_text(holder, "name"),
			     (unsigned long long)told_number(holder, "pid"));
	if (told_number(of, "waiting"))
		(void)printf(", %llu wait",
			     (unsigned long long)told_number(of, "waiting"));
}

/* What moved since the last look, if there was one. */
static void print_rate(struct request *request, size_t place, uint64_t bytes,
		       uint64_t now)
{
	if (place >= CHANNELS_MAX)
		return;
	if (request->before && now > request->before &&
	    bytes >= request->moved[place])
		(void)printf("  %.1f MB/s",
			     (double)(bytes - request->moved[place]) * 1e3 /
				     (double)(now - request->before));
	request->moved[place] = bytes;
}

static void print_channel(struct request *request, struct json_object *channel,
			  size_t place, uint64_t now)
{
	const uint64_t to_host = told_number(channel, "bytes_to_host");
	const uint64_t to_card = told_number(channel, "bytes_to_card");
	char in[CLI_SIZE_TEXT], out[CLI_SIZE_TEXT];

	(void)printf("  channel %llu  users %llu  queued %llu  running %llu  "
		     "transfers %llu  to host %s  to card %s  faults %llu  "
		     "refused %llu",
		     (unsigned long long)told_number(channel, "index"),
		     (unsigned long long)told_number(channel, "users"),
		     (unsigned long long)told_number(channel, "queued"),
		     (unsigned long long)told_number(channel, "running"),
		     (unsigned long long)told_number(channel, "transfers"),
		     cli_size(to_host, in), cli_size(to_card, out),
		     (unsigned long long)told_number(channel, "faults"),
		     (unsigned long long)told_number(channel, "refused"));
	print_rate(request, place, to_host + to_card, now);
	(void)printf("  ");
	print_holder(channel);
	(void)putchar('\n');
}

static void print_card(struct request *request, struct json_object *card,
		       size_t place, uint64_t now)
{
	struct json_object *channels = told_member(card, "channels");
	char size[CLI_SIZE_TEXT];
	size_t i;

	(void)printf("%s: %s, %s%s%s, %s, pin %s, users %llu, faults %llu, "
		     "resets %llu, interrupts %llu, ",
		     told_text(card, "name"), told_text(card, "chip"),
		     told_text(card, "transport"),
		     *told_text(card, "pci") ? " " : "", told_text(card, "pci"),
		     told_flag(card, "in_service") ? "in service"
						   : "OUT OF SERVICE",
		     told_text(card, "pin"),
		     (unsigned long long)told_number(card, "users"),
		     (unsigned long long)told_number(card, "faults"),
		     (unsigned long long)told_number(card, "resets"),
		     (unsigned long long)told_number(card, "interrupts"));
	if (told_number(card, "memory_kept"))
		(void)printf("memory kept %s, ",
			     cli_size(told_number(card, "memory_kept"), size));
	print_holder(card);
	(void)putchar('\n');
	for (i = 0; i < told_count(channels); i++)
		print_channel(request, told_at(channels, i),
			      place * PLXDMA_CHANNELS + i, now);
}

static void print_client(struct json_object *client)
{
	struct json_object *cards = told_member(client, "cards");
	char arena[CLI_SIZE_TEXT], bytes[CLI_SIZE_TEXT];
	size_t i;

	(void)printf("%8llu %6llu %-16s %10s %-9s %9llu %10llu %8llu %12s ",
		     (unsigned long long)told_number(client, "pid"),
		     (unsigned long long)told_number(client, "uid"),
		     told_text(client, "name"),
		     cli_size(told_number(client, "arena"), arena),
		     told_text(client, "pin"),
		     (unsigned long long)told_number(client, "in_flight"),
		     (unsigned long long)told_number(client, "requests"),
		     (unsigned long long)told_number(client, "refused"),
		     cli_size(told_number(client, "bytes"), bytes));
	for (i = 0; i < told_count(cards); i++)
		(void)printf(" %s", json_object_get_string(told_at(cards, i)));
	(void)puts(told_flag(client, "asks") ? " (this one)" : "");
}

static void print_text(struct request *request, struct json_object *status)
{
	struct json_object *cards = told_member(status, "cards");
	struct json_object *clients = told_member(status, "clients");
	const uint64_t now = told_number(status, "now_ns");
	size_t i;

	(void)printf("plxdmad %s, pid %llu, up %.1f s, %zu of %llu clients\n",
		     told_text(status, "plxdma"),
		     (unsigned long long)told_number(status, "pid"),
		     (double)told_number(status, "uptime_ms") / 1e3,
		     told_count(clients),
		     (unsigned long long)told_number(status, "max_clients"));
	for (i = 0; i < told_count(cards); i++)
		print_card(request, told_at(cards, i), i, now);
	(void)printf("%8s %6s %-16s %10s %-9s %9s %10s %8s %12s  cards\n",
		     "pid", "uid", "program", "arena", "pin", "in flight",
		     "requests", "refused", "bytes");
	for (i = 0; i < told_count(clients); i++)
		print_client(told_at(clients, i));
	request->before = now;
}

static int show(void *context)
{
	struct request *request = context;
	struct json_object *status;
	int code = told_get(PLXDMA_TOLD_STATUS, 0, &status);

	if (code)
		return code;
	if (request->common.json) {
		cli_json_print(status);
		return CLI_OK;
	}
	print_text(request, status);
	(void)json_object_put(status);
	return CLI_OK;
}

int verb_status(int argc, char **argv)
{
	struct request request = { .watch = { .interval_ms = 1000 } };

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	return request.watched ? watch_run(&request.watch, show, &request)
			       : show(&request);
}
