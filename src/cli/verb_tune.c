/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma tune: the bus tuning of a card, shown and changed. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/tuning.h"

#define FIELDS_MAX 16

static const char doc[] =
	"Show the bus tuning of a card, or change the fields that are given.\v"
	"On a card of this process alone it lasts until the program ends: in "
	"the daemon it stays, also after resets. In a spec such fields are "
	"options: tune.pci_latency=64.";

static const struct argp_option options[] = { CLI_OPTIONS, { 0 } };

struct request {
	struct cli_common common;
	const char *settings[FIELDS_MAX];
	unsigned int count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	if (key != ARGP_KEY_ARG || !state->arg_num)
		return cli_option(key, arg, state);
	if (request->count == FIELDS_MAX)
		argp_error(state, "'%s' is one argument too many", arg);
	request->settings[request->count++] = arg;
	return 0;
}

static const struct argp argp = {
	options, parse, "SPEC [FIELD=VALUE...]", doc, 0, 0, 0
};

/* One "FIELD=VALUE".  Return: an exit code. */
static int setting_take(const char *text, struct plxdma_tuning *tuning)
{
	const char *equals = strchr(text, '=');
	const struct tuning_field *field = NULL;
	struct error error = { "" };

	if (equals)
		field = tuning_find(text, (size_t)(equals - text));
	if (!field) {
		cli_complain("'%s' is no FIELD=VALUE; without one, plxdma tune "
			     "shows the fields", text);
		return CLI_USAGE;
	}
	if (tuning_parse(field, equals + 1, strlen(equals + 1), tuning,
			 &error)) {
		cli_complain("%s", error.text);
		return CLI_USAGE;
	}
	return CLI_OK;
}

static int settings_take(const struct request *request,
			 struct plxdma_tuning *tuning)
{
	unsigned int i;
	int code = CLI_OK;

	tuning_init(tuning);
	for (i = 0; code == CLI_OK && i < request->count; i++)
		code = setting_take(request->settings[i], tuning);
	return code;
}

/* The daemon may want the card claimed for it. */
static int set(struct plxdma_card *card, const struct plxdma_tuning *wanted)
{
	int code = plxdma_tuning_set(card, wanted);

	if (code != -EPERM)
		return code;
	code = plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0);
	if (code)
		return code;
	code = plxdma_tuning_set(card, wanted);
	if (!code)
		(void)plxdma_claim_release(card, PLXDMA_CLAIM_CARD);
	return code;
}

static int tune(struct plxdma_card *card, const struct request *request,
		const struct plxdma_tuning *wanted)
{
	struct plxdma_tuning tuning = { .size = sizeof(tuning) };
	int code = 0;

	if (request->count)
		code = set(card, wanted);
	if (!code)
		code = plxdma_tuning_get(card, &tuning);
	if (code)
		return cli_failure(card, "tune", code);
	if (request->common.json) {
		struct json_object *object = cli_json_new("plxdma.tune/1");

		cli_tuning_json(object, &tuning);
		cli_json_print(object);
	} else {
		cli_tuning_print(&tuning);
	}
	return CLI_OK;
}

int verb_tune(int argc, char **argv)
{
	struct request request = { .count = 0 };
	struct plxdma_tuning wanted;
	struct plxdma_card *card;
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = settings_take(&request, &wanted);
	if (code)
		return code;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	code = tune(card, &request, &wanted);
	plxdma_close(card);
	return code;
}
