/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma peek and plxdma poke: a board's registers and memory through the
 * BARs, the chip's registers through BAR0.
 */
#include "cli/cli.h"

#include <stdio.h>

static const char peek_doc[] =
	"Read at OFFSET of BAR: 0 is the chip's registers, 2 is space 0, 3 is "
	"space 1.\v"
	"A read may pop a FIFO of the board: nothing is read but what is "
	"asked for.";
static const char poke_doc[] =
	"Write VALUE at OFFSET of BAR: 0 is the chip's registers, 2 is space "
	"0, 3 is space 1.\v"
	"Registers that the library lives by are refused.";

static const struct argp_option options[] = {
	{ "width", 'w', "BITS", 0, "8, 16 or 32 (32)", 0 },
	{ "count", 'c', "N", 0, "Read N values at rising offsets (1)", 0 },
	CLI_OPTIONS,
	{ 0 }
};
static const struct argp_option poke_options[] = {
	{ "width", 'w', "BITS", 0, "8, 16 or 32 (32)", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct request {
	struct cli_common common;
	unsigned int bar;
	uint64_t offset;
	uint32_t value;
	unsigned int width;
	unsigned int count;
	unsigned int wanted; /* arguments */
};

static void parse_argument(struct request *request, char *arg,
			   struct argp_state *state)
{
	if (state->arg_num >= request->wanted)
		argp_error(state, "'%s' is one argument too many", arg);
	switch (state->arg_num) {
	case 0:
		request->common.spec = arg;
		return;
	case 1:
		request->bar =
			(unsigned int)cli_number_arg(state, "BAR", arg,
						     PLXDMA_BARS - 1);
		return;
	case 2:
		request->offset =
			cli_number_arg(state, "OFFSET", arg, UINT64_MAX);
		return;
	default:
		request->value =
			(uint32_t)cli_number_arg(state, "VALUE", arg,
						 UINT32_MAX);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'w':
		request->width =
			(unsigned int)cli_number_arg(state, "--width", arg, 32);
		if (request->width != 8 && request->width != 16 &&
		    request->width != 32)
			argp_error(state, "--width is 8, 16 or 32");
		return 0;
	case 'c':
		request->count = (unsigned int)cli_number_arg(state, "--count",
							      arg, 65536);
		return 0;
	case ARGP_KEY_ARG:
		parse_argument(request, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < request->wanted)
			argp_usage(state);
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static int peek(struct plxdma_card *card, const struct request *request,
		uint64_t offset, uint32_t *value)
{
	if (request->bar == 0)
		return plxdma_reg_read(card, (unsigned int)offset,
				       request->width, value);
	return plxdma_peek(card, request->bar, offset, request->width, value);
}

static int poke(struct plxdma_card *card, const struct request *request)
{
	if (request->bar == 0)
		return plxdma_reg_write(card, (unsigned int)request->offset,
					request->width, request->value);
	return plxdma_poke(card, request->bar, request->offset, request->width,
			   request->value);
}

static int failure(struct plxdma_card *card, const struct request *request,
		   uint64_t offset, int code)
{
	char what[48];

	(void)snprintf(what, sizeof(what), "BAR%u + 0x%llx", request->bar,
		       (unsigned long long)offset);
	return cli_failure(card, what, code);
}

static int peek_all(struct plxdma_card *card, const struct request *request,
		    struct json_object *array)
{
	unsigned int i;

	for (i = 0; i < request->count; i++) {
		uint64_t offset = request->offset + i * (request->width / 8);
		uint32_t value;
		int code = peek(card, request, offset, &value);

		if (code)
			return failure(card, request, offset, code);
		if (array)
			(void)json_object_array_add(
				array, json_object_new_uint64(value));
		else if (request->count > 1)
			(void)printf("%08llx  %0*x\n",
				     (unsigned long long)offset,
				     (int)request->width / 4, value);
		else
			(void)printf("0x%0*x\n", (int)request->width / 4,
				     value);
	}
	return CLI_OK;
}

static struct json_object *access_json(const char *schema,
				       const struct request *request)
{
	struct json_object *object = cli_json_new(schema);

	cli_json_number(object, "bar", request->bar);
	cli_json_number(object, "offset", request->offset);
	cli_json_number(object, "width", request->width);
	return object;
}

int verb_peek(int argc, char **argv)
{
	const struct argp argp = { options,  parse, "SPEC BAR OFFSET",
				   peek_doc, 0,	    0,
				   0 };
	struct request request = { .width = 32, .count = 1, .wanted = 3 };
	struct json_object *object, *array = NULL;
	struct plxdma_card *card;
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	if (request.common.json)
		array = json_object_new_array();
	code = peek_all(card, &request, array);
	plxdma_close(card);
	if (!array)
		return code;
	object = access_json("plxdma.peek/1", &request);
	(void)json_object_object_add(object, "values", array);
	cli_json_print(object);
	return code;
}

int verb_poke(int argc, char **argv)
{
	const struct argp argp = { poke_options, parse, "SPEC BAR OFFSET VALUE",
				   poke_doc,	 0,	0,
				   0 };
	struct request request = { .width = 32, .count = 1, .wanted = 4 };
	struct plxdma_card *card;
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	if (request.width < 32 && request.value >> request.width) {
		cli_complain("0x%x has more than %u bits", request.value,
			     request.width);
		return CLI_USAGE;
	}
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	code = poke(card, &request);
	if (code)
		code = failure(card, &request, request.offset, code);
	plxdma_close(card);
	if (request.common.json && code == CLI_OK) {
		struct json_object *object =
			access_json("plxdma.poke/1", &request);

		cli_json_number(object, "value", request.value);
		cli_json_print(object);
	}
	return code;
}
