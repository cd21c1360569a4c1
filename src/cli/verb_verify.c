/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma verify: is a recording what was recorded? */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "record/verify.h"

static const char doc[] =
	"Compare NAME.sigmf-data with what its journal, NAME.plxdma-blocks, "
	"says of each block.";

static const struct argp_option options[] = { CLI_OPTIONS, { 0 } };

static void print_json(const char *name, const struct verdict *verdict)
{
	struct json_object *object = cli_json_new("plxdma.verify/1");

	cli_json_text(object, "name", name);
	cli_json_flag(object, "good", record_good(verdict));
	cli_json_flag(object, "closed", verdict->closed);
	cli_json_text(object, "ended", verdict->ended);
	cli_json_number(object, "blocks", verdict->blocks);
	cli_json_number(object, "bytes", verdict->bytes);
	cli_json_number(object, "dropped", verdict->dropped);
	cli_json_number(object, "missing", verdict->missing);
	cli_json_number(object, "wrong", verdict->wrong);
	cli_json_number(object, "cut_bytes", verdict->cut);
	cli_json_flag(object, "torn", verdict->torn);
	cli_json_flag(object, "others_than_promised", verdict->fewer);
	cli_json_print(object);
}

static void print(const char *name, const struct verdict *verdict)
{
	printf("%s: %s: %llu blocks, %llu bytes; %llu dropped, %llu missing, "
	       "%llu wrong\n",
	       name, record_good(verdict) ? "good" : "not good",
	       (unsigned long long)verdict->blocks,
	       (unsigned long long)verdict->bytes,
	       (unsigned long long)verdict->dropped,
	       (unsigned long long)verdict->missing,
	       (unsigned long long)verdict->wrong);
	if (verdict->torn)
		printf("%s: damaged: what follows is out of reach\n", name);
	if (verdict->fewer)
		printf("%s: the recorder wrote another number of blocks\n",
		       name);
	if (verdict->closed)
		printf("%s: ended: %s\n", name, verdict->ended);
	else
		printf("%s: the recorder didn't end it; %llu bytes behind the "
		       "last whole block\n",
		       name, (unsigned long long)verdict->cut);
}

static int verify(const char *name, bool json)
{
	struct verdict verdict;
	int code = record_verify(name, &verdict);

	if (code) {
		cli_complain("%s: %s", name, strerror(-code));
		return CLI_ABSENT;
	}
	if (json)
		print_json(name, &verdict);
	else
		print(name, &verdict);
	return record_good(&verdict) ? CLI_OK : CLI_FAILED;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	if (key == ARGP_KEY_NO_ARGS)
		argp_error(state, "which recording?");
	return cli_option(key, arg, state);
}

int verb_verify(int argc, char **argv)
{
	const struct argp argp = { options, parse, "NAME", doc, 0, 0, 0 };
	struct cli_common common = { 0 };

	if (cli_parse(&argp, argc, argv, &common))
		return CLI_USAGE;
	return verify(common.spec, common.json);
}
