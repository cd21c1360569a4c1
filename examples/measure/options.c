/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t full_sizes[] = {
	64,	 256,	   1u << 10, 4u << 10, 16u << 10, 32u << 10,
	64u << 10, 256u << 10, 1u << 20, 4u << 20, 16u << 20, 64u << 20,
};
static const uint64_t quick_sizes[] = {
	64, 1u << 10, 16u << 10, 256u << 10, 1u << 20, 16u << 20,
};

enum option_key {
	KEY_QUICK = 'q',
	KEY_SPEC = 's',
	KEY_CSV = 0x100,
	KEY_JSON,
	KEY_PLOT,
	KEY_SIZES,
	KEY_ONLY,
	KEY_DEPTH,
	KEY_LOCAL,
	KEY_RATE,
	KEY_SECONDS,
};

static const char doc[] =
	"Measure transfers: every size, to the host, to the card and both at "
	"once, as a block and as a chain, polling and waiting for an event; "
	"verify every byte.\v"
	"The card's local memory is overwritten. Without --spec: model:. MB "
	"are 10^6 bytes. Latency is from the submission until the transfer "
	"has been taken. CPU time, and system calls, are those of the calling "
	"thread; on a software card with engine=inline that thread moves the "
	"data as well.";

static const struct argp_option options[] = {
	{ "spec", KEY_SPEC, "SPEC", 0, "A card; may be given several times",
	  0 },
	{ "quick", KEY_QUICK, 0, 0, "Few sizes, short rows", 0 },
	{ "sizes", KEY_SIZES, "LIST", 0, "Such as 64,4K,1M", 0 },
	{ "only", KEY_ONLY, "LIST", 0,
	  "Of to-host,to-card,both,block,chain,spin,event only these", 0 },
	{ "depth", KEY_DEPTH, "N", 0, "Transfers in flight a channel (1)", 0 },
	{ "seconds", KEY_SECONDS, "S", 0, "Time of a row (0.2)", 0 },
	{ "local", KEY_LOCAL, "ADDRESS", 0,
	  "Local memory (what BAR2 shows)", 0 },
	{ "rate", KEY_RATE, "BYTES", 0,
	  "Bus rate, where SPEC doesn't say it", 0 },
	{ "csv", KEY_CSV, "FILE", 0, "Write the rows to FILE", 0 },
	{ "json", KEY_JSON, "FILE", 0, "Likewise, with the machine", 0 },
	{ "plot", KEY_PLOT, "FILE.png", 0, "Draw them by gnuplot", 0 },
	{ 0 }
};

static uint64_t parse_size(const char *text, const char **end)
{
	char *rest;
	uint64_t size = strtoull(text, &rest, 0);

	switch (*rest) {
	case 'G':
		size <<= 10;
		/* fallthrough */
	case 'M':
		size <<= 10;
		/* fallthrough */
	case 'K':
		size <<= 10;
		rest++;
		break;
	default:
		break;
	}
	*end = rest;
	return size;
}

static void parse_sizes(struct plan *plan, const char *list,
			struct argp_state *state)
{
	const char *end = list;

	plan->size_count = 0;
	while (*list) {
		uint64_t size = parse_size(list, &end);

		if (end == list || (*end && *end != ',') || size == 0 ||
		    size > 1ull << 30)
			argp_error(state, "--sizes: '%s' is no list of sizes "
				   "up to 1G", list);
		if (plan->size_count == SIZES_MAX)
			argp_error(state, "--sizes: at most %d", SIZES_MAX);
		plan->sizes[plan->size_count++] = size;
		list = *end ? end + 1 : end;
	}
	if (!plan->size_count)
		argp_error(state, "--sizes: none given");
}

/* The first word of a group takes the others of that group away. */
static void choose(bool *group, unsigned int count, unsigned int chosen,
		   bool *begun)
{
	if (!*begun)
		memset(group, 0, count * sizeof(*group));
	*begun = true;
	group[chosen] = true;
}

static void parse_only(struct plan *plan, char *list, struct argp_state *state)
{
	bool begun[3] = { false };
	char *word, *rest = NULL;

	for (word = strtok_r(list, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest)) {
		if (strcmp(word, "to-host") == 0)
			choose(plan->sides, 3, SIDE_TO_HOST, &begun[0]);
		else if (strcmp(word, "to-card") == 0)
			choose(plan->sides, 3, SIDE_TO_CARD, &begun[0]);
		else if (strcmp(word, "both") == 0)
			choose(plan->sides, 3, SIDE_BOTH, &begun[0]);
		else if (strcmp(word, "block") == 0)
			choose(plan->forms, 3, PLXDMA_FORM_BLOCK, &begun[1]);
		else if (strcmp(word, "chain") == 0)
			choose(plan->forms, 3, PLXDMA_FORM_CHAIN, &begun[1]);
		else if (strcmp(word, "spin") == 0)
			choose(plan->waitings, 2, PLXDMA_WAIT_SPIN, &begun[2]);
		else if (strcmp(word, "event") == 0)
			choose(plan->waitings, 2, PLXDMA_WAIT_EVENT,
			       &begun[2]);
		else
			argp_error(state, "--only: '%s' is none of its words",
				   word);
	}
}

static double parse_positive(const char *what, const char *text,
			     struct argp_state *state)
{
	char *end;
	double value = strtod(text, &end);

	if (*end || !(value > 0) || value > 1e12)
		argp_error(state, "%s: '%s' is no positive number", what,
			   text);
	return value;
}

static void add_source(struct plan *plan, const char *spec,
		       struct argp_state *state)
{
	if (plan->source_count == SPECS_MAX)
		argp_error(state, "at most %d cards", SPECS_MAX);
	plan->sources[plan->source_count++].spec = spec;
}

static void use_sizes(struct plan *plan, const uint64_t *sizes,
		      unsigned int count)
{
	memcpy(plan->sizes, sizes, count * sizeof(*sizes));
	plan->size_count = count;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct plan *plan = state->input;
	const char *end;

	switch (key) {
	case KEY_SPEC:
		add_source(plan, arg, state);
		return 0;
	case KEY_QUICK:
		use_sizes(plan, quick_sizes,
			  sizeof(quick_sizes) / sizeof(quick_sizes[0]));
		plan->row_ns = 40000000;
		return 0;
	case KEY_SIZES:
		parse_sizes(plan, arg, state);
		return 0;
	case KEY_ONLY:
		parse_only(plan, arg, state);
		return 0;
	case KEY_DEPTH:
		plan->depth = (unsigned int)parse_positive("--depth", arg,
							   state);
		if (plan->depth < 1 || plan->depth > 16)
			argp_error(state, "--depth is 1 to 16");
		return 0;
	case KEY_SECONDS:
		plan->row_ns = (uint64_t)(parse_positive("--seconds", arg,
							 state) * 1e9);
		if (plan->row_ns > 60000000000ull)
			argp_error(state, "--seconds is at most 60");
		return 0;
	case KEY_LOCAL:
		plan->local = (uint32_t)parse_size(arg, &end);
		plan->has_local = true;
		if (*end)
			argp_error(state, "--local: '%s' is no address", arg);
		return 0;
	case KEY_RATE:
		plan->rate = parse_positive("--rate", arg, state);
		return 0;
	case KEY_CSV:
		plan->csv = arg;
		return 0;
	case KEY_JSON:
		plan->json = arg;
		return 0;
	case KEY_PLOT:
		plan->plot = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': cards are given by --spec", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = { options, parse, 0, doc, 0, 0, 0 };

int options_read(struct plan *plan, int argc, char **argv)
{
	*plan = (struct plan){
		.sides = { true, true, true },
		.forms = { false, true, true },
		.waitings = { true, true },
		.depth = 1,
		.row_ns = 200000000,
	};
	use_sizes(plan, full_sizes, sizeof(full_sizes) / sizeof(full_sizes[0]));
	argp_err_exit_status = 2;
	if (argp_parse(&argp, argc, argv, 0, NULL, plan))
		return 2;
	if (!plan->source_count)
		plan->sources[plan->source_count++].spec = "model:";
	return 0;
}
