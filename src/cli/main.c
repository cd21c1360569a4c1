/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma, the tool: one program with verbs.  This file knows their names and
 * nothing of what they do; a new verb is a row here and a file of its own.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

static const struct cli_verb verbs[] = {
	{ "list", "cards that can be opened", verb_list },
	{ "info", "what is known of a card", verb_info },
	{ "regs", "the chip's registers, decoded", verb_regs },
	{ "peek", "read a board's register or memory", verb_peek },
	{ "poke", "write a board's register or memory", verb_poke },
	{ "read", "local memory to a file, by DMA", verb_read },
	{ "write", "a file to local memory, by DMA", verb_write },
	{ "record", "a board's data to disk, without end", verb_record },
	{ "verify", "is a recording what was recorded?", verb_verify },
	{ "bench", "measure throughput or memory", verb_bench },
	{ "selftest", "test a card, in TAP", verb_selftest },
	{ "eeprom", "read, decode, write the EEPROM", verb_eeprom },
	{ "pool", "hugepages and the arena made of them", verb_pool },
	{ "irq", "measure interrupts", verb_irq },
	{ "claim", "who holds a card; keep others off it", verb_claim },
	{ "tune", "show and set the bus tuning", verb_tune },
	{ "status", "what the daemon does, and for whom", verb_status },
	{ "metrics", "the daemon's counters for Prometheus", verb_metrics },
	{ "trace", "the daemon's requests as they end", verb_trace },
	{ "report", "one file for a bug report", verb_report },
	{ "bind", "give cards to the kernel module", verb_bind },
	{ "unbind", "take them back", verb_unbind },
};

static void print_usage(FILE *file)
{
	unsigned int i;

	(void)fputs("Usage: plxdma VERB [ARGUMENT...]\n"
		    "Move data with PLX PCI 9054-class bridge chips.\n\n",
		    file);
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		(void)fprintf(file, "  %-9s %s\n", verbs[i].name,
			      verbs[i].summary);
	(void)fputs("\n"
		    "SPEC names a card: model: is the software card inside "
		    "this process,\n"
		    "uio:ADDRESS a card that the kernel module has, "
		    "daemon:NAME one that\n"
		    "plxdmad holds.\n"
		    "'plxdma VERB --help' tells more of a verb, plxdma(1) of "
		    "everything.\n"
		    "Exit codes: 0 ok, 1 failed, 2 usage, 3 not there, "
		    "77 skipped.\n",
		    file);
}

static const struct cli_verb *verb_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static int verb_run(const struct cli_verb *verb, int argc, char **argv)
{
	char name[32];

	/* What usage messages of the verb begin with. */
	(void)snprintf(name, sizeof(name), "plxdma %s", verb->name);
	argv[0] = name;
	argp_err_exit_status = CLI_USAGE;
	return verb->run(argc, argv);
}

int main(int argc, char **argv)
{
	const struct cli_verb *verb;
	int code;

	if (argc < 2) {
		print_usage(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_usage(stdout);
		return CLI_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)puts("plxdma " PACKAGE_VERSION);
		return CLI_OK;
	}
	verb = verb_find(argv[1]);
	if (!verb) {
		cli_complain("there is no verb '%s'; 'plxdma --help' lists "
			     "them", argv[1]);
		return CLI_USAGE;
	}
	code = verb_run(verb, argc - 1, argv + 1);
	if (fflush(stdout) == EOF && code == CLI_OK) {
		cli_complain("the output could not be written");
		return CLI_FAILED;
	}
	return code;
}
