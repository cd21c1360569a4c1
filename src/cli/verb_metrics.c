/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma metrics: what the daemon has counted, as Prometheus reads it. */
#include "cli/cli.h"

#include <stdio.h>
#include <unistd.h>

static const char doc[] =
	"Print plxdmad's counters in Prometheus' text format.\v"
	"For the textfile collector of node_exporter: write it to a file in "
	"another directory, and move that into the collector's.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	argp_error(state, "takes no arguments");
	return 0;
}

static const struct argp argp = { 0, parse, 0, doc, 0, 0, 0 };

int verb_metrics(int argc, char **argv)
{
	int code;

	if (cli_parse(&argp, argc, argv, NULL))
		return CLI_USAGE;
	code = plxdma_daemon_tell(PLXDMA_TOLD_METRICS, 0, STDOUT_FILENO);
	return code ? cli_failure(NULL, "plxdmad", code) : CLI_OK;
}
