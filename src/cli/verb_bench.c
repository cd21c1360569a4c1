/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma bench: the throughput benchmark of the examples, and that of the
 * memory layer, under the tool's roof.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "cli/bench.h"

static const struct cli_verb benches[] = {
	{ "throughput", "bytes moved, every one verified", throughput_main },
	{ "memory", "arena, heap and translation", bench_memory },
	{ "memory", "arena, heap, translation, descriptors", bench_memory },
};

static void print_usage(FILE *file)
{
	unsigned int i;

	(void)fputs("Usage: plxdma bench [BENCHMARK] [OPTION...]\n", file);
	for (i = 0; i < sizeof(benches) / sizeof(benches[0]); i++)
		(void)fprintf(file, "  %-11s %s\n", benches[i].name,
			      benches[i].summary);
	(void)fputs("Without BENCHMARK: throughput. 'plxdma bench throughput "
		    "--help' tells more.\n", file);
}

int verb_bench(int argc, char **argv)
{
	char name[48];
	unsigned int i;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		print_usage(stdout);
		return CLI_OK;
	}
	if (argc < 2 || argv[1][0] == '-')
		return throughput_main(argc, argv);
	for (i = 0; i < sizeof(benches) / sizeof(benches[0]); i++) {
		if (strcmp(argv[1], benches[i].name) != 0)
			continue;
		(void)snprintf(name, sizeof(name), "plxdma bench %s",
			       benches[i].name);
		argv[1] = name;
		return benches[i].run(argc - 1, argv + 1);
	}
	cli_complain("there is no benchmark '%s'", argv[1]);
	print_usage(stderr);
	return CLI_USAGE;
}
