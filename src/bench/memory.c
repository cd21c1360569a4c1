/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma bench memory: what arena, heap, translation and descriptors cost.
 *
 * This measures the library's inside, so it is linked into the tool together
 * with libcore: the one exception to the rule that the tool sees the public
 * headers only.
 */
#include "bench/memory.h"

#include <stdio.h>

#include "bench/machine.h"
#include "cli/bench.h"
#include "cli/cli.h"

static const char doc[] =
	"Measure arena, heap, translation and descriptors, in this process and "
	"without a card. Needs hugepages for the arena (1000 pages of 2 MiB "
	"for all of it) and CAP_SYS_ADMIN for its frames.\v"
	"A figure is the median of many samples. Exit status 1 if one that was "
	"promised was missed.";

static const struct argp_option options[] = {
	{ "quick", 'q', 0, 0, "Fewer samples, small arenas only", 0 },
	CLI_OPTIONS,
	{ 0 },
};

struct input {
	struct cli_common common;
	int quick;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case 'q':
		input->quick = 1;
		return 0;
	case ARGP_KEY_NO_ARGS:
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "takes no argument '%s'", arg);
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static const struct argp argp = { options, parse, "", doc, 0, 0, 0 };

static void measure(struct figures *figures, int quick)
{
	figures->samples = quick ? 21 : 301;
	bench_heap(figures);
	bench_translate(figures);
	bench_public(figures);
	bench_descriptors(figures);
	bench_arena(figures, 64, quick ? 3 : 15);
	if (!quick)
		bench_arena(figures, 1000, 5);
}

static void print_json(const struct figures *figures,
		       const struct machine *machine)
{
	struct json_object *object = cli_json_new("plxdma-bench-memory-1");

	(void)json_object_object_add(object, "machine", machine_json(machine));
	(void)json_object_object_add(object, "figures", figures_json(figures));
	cli_json_print(object);
}

int bench_memory(int argc, char **argv)
{
	static struct figures figures;
	struct input input = { .quick = 0 };
	struct machine machine;

	if (cli_parse(&argp, argc, argv, &input))
		return CLI_USAGE;
	machine_read(&machine);
	if (!input.common.json)
		machine_print(&machine);
	measure(&figures, input.quick);
	if (input.common.json)
		print_json(&figures, &machine);
	else
		figures_print(&figures);
	return figures_missed(&figures) ? CLI_FAILED : CLI_OK;
}
