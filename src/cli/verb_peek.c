/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma peek and plxdma poke: a board's registers and memory through the
 * BARs, the chip's registers through BAR0; ranges in batches.
 */
#include "cli/cli.h"

#include <stdio.h>

#define VALUES_MAX 65536u
/* A range stays below 4 GiB, which no BAR is near. */
#define OFFSET_MAX (UINT32_MAX - 4 * VALUES_MAX)

static const char peek_doc[] =
	"Read at OFFSET of BAR: 0 is the chip's registers, 2 is space 0, 3 is "
	"space 1.\v"
	"A read may pop a FIFO of the board: nothing is read but what is "
	"asked for.";
static const char poke_doc[] =
	"Write VALUE at OFFSET of BAR: 0 is the chip's registers, 2 is space "
	"0, 3 is space 1. Further values go to rising offsets.\v"
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
	unsigned int width;
	unsigned int count;
	unsigned int wanted; /* arguments, at least */
	uint32_t values[VALUES_MAX];
};

static void parse_argument(struct request *request, char *arg,
			   struct argp_state *state)
{
	if (state->arg_num >= request->wanted && request->wanted < 4)
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
			cli_number_arg(state, "OFFSET", arg, OFFSET_MAX);
		return;
	default:
		if (request->count == VALUES_MAX)
			argp_error(state, "more than %u values", VALUES_MAX);
		else
			request->values[request->count++] =
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
							      arg, VALUES_MAX);
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

static int failure(struct plxdma_card *card, const struct request *request,
		   uint64_t offset, int code)
{
	char what[48];

	(void)snprintf(what, sizeof(what), "BAR%u + 0x%llx", request->bar,
		       (unsigned long long)offset);
	return cli_failure(card, what, code);
}

/* A value at a time, for what no step can name. */
static int access_one(struct plxdma_card *card, const struct request *request,
		      enum plxdma_step_op op, uint32_t *value)
{
	if (op == PLXDMA_STEP_WRITE)
		return plxdma_poke(card, request->bar, request->offset,
				   request->width, *value);
	return plxdma_peek(card, request->bar, request->offset, request->width,
			   value);
}

static int is_space(unsigned int bar)
{
	return bar == PLXDMA_SPACE_CHIP || bar == PLXDMA_SPACE_BAR2 ||
	       bar == PLXDMA_SPACE_BAR3;
}

/* @count values from @first on, PLXDMA_BATCH at most: through the daemon that
 * is one request, and nobody else's access comes between. */
static int access_batch(struct plxdma_card *card,
			const struct request *request, enum plxdma_step_op op,
			uint32_t *values, unsigned int first,
			unsigned int count)
{
	struct plxdma_step steps[PLXDMA_BATCH];
	const unsigned int bytes = request->width / 8;
	unsigned int i;
	int code;

	for (i = 0; i < count; i++)
		steps[i] = (struct plxdma_step){
			.op = (uint8_t)op,
			.space = (uint8_t)request->bar,
			.width = (uint8_t)request->width,
			.offset = (uint32_t)request->offset +
				  (first + i) * bytes,
			.value = op == PLXDMA_STEP_WRITE ? values[first + i]
							 : 0,
		};
	code = plxdma_batch(card, steps, count, NULL);
	if (code)
		return failure(card, request, steps[0].offset, code);
	for (i = 0; i < count; i++)
		values[first + i] = steps[i].value;
	return CLI_OK;
}

static int access_all(struct plxdma_card *card, const struct request *request,
		      enum plxdma_step_op op, uint32_t *values)
{
	unsigned int first, count;
	int code = CLI_OK;

	if (!is_space(request->bar)) {
		code = access_one(card, request, op, values);
		return code ? failure(card, request, request->offset, code)
			    : CLI_OK;
	}
	for (first = 0; code == CLI_OK && first < request->count;
	     first += count) {
		count = request->count - first;
		if (count > PLXDMA_BATCH)
			count = PLXDMA_BATCH;
		code = access_batch(card, request, op, values, first, count);
	}
	return code;
}

static void print_values(const struct request *request, const uint32_t *values)
{
	unsigned int i;

	if (request->count == 1) {
		(void)printf("0x%0*x\n", (int)request->width / 4, values[0]);
		return;
	}
	for (i = 0; i < request->count; i++)
		(void)printf("%08llx  %0*x\n",
			     (unsigned long long)(request->offset +
						  i * (request->width / 8)),
			     (int)request->width / 4, values[i]);
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

static void print_json(const char *schema, const struct request *request,
		       const uint32_t *values)
{
	struct json_object *object = access_json(schema, request);
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < request->count; i++)
		(void)json_object_array_add(array,
					    json_object_new_uint64(values[i]));
	if (request->count)
		cli_json_number(object, "value", values[0]);
	(void)json_object_object_add(object, "values", array);
	cli_json_print(object);
}

int verb_peek(int argc, char **argv)
{
	const struct argp argp = { options,  parse, "SPEC BAR OFFSET",
				   peek_doc, 0,	    0,
				   0 };
	struct request request = { .width = 32, .count = 1, .wanted = 3 };
	struct plxdma_card *card;
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	code = access_all(card, &request, PLXDMA_STEP_READ, request.values);
	plxdma_close(card);
	if (code == CLI_OK && request.common.json)
		print_json("plxdma.peek/1", &request, request.values);
	else if (code == CLI_OK)
		print_values(&request, request.values);
	return code;
}

static int values_fit(const struct request *request)
{
	unsigned int i;

	for (i = 0; i < request->count; i++) {
		if (!((uint64_t)request->values[i] >> request->width))
			continue;
		cli_complain("0x%x has more than %u bits", request->values[i],
			     request->width);
		return 0;
	}
	return 1;
}

int verb_poke(int argc, char **argv)
{
	const struct argp argp = { poke_options,
				   parse,
				   "SPEC BAR OFFSET VALUE...",
				   poke_doc,
				   0,
				   0,
				   0 };
	struct request request = { .width = 32, .count = 0, .wanted = 4 };
	struct plxdma_card *card;
	int code;

	if (cli_parse(&argp, argc, argv, &request) || !values_fit(&request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	code = access_all(card, &request, PLXDMA_STEP_WRITE, request.values);
	plxdma_close(card);
	if (code == CLI_OK && request.common.json)
		print_json("plxdma.poke/1", &request, request.values);
	return code;
}
