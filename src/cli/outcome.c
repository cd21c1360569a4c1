/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How verbs fail: a line for people, an exit code for scripts. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void cli_complain(const char *format, ...)
{
	va_list args;

	/* Not into the middle of what is still buffered. */
	(void)fflush(stdout);
	(void)fputs("plxdma: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

static int exit_code(int code)
{
	switch (code) {
	case -ENOENT:
	case -ENODEV:
	case -ECONNREFUSED:
		return CLI_ABSENT;
	case -EOPNOTSUPP:
		return CLI_SKIPPED;
	default:
		return CLI_FAILED;
	}
}

int cli_failure(const struct plxdma_card *card, const char *what, int code)
{
	const char *text = plxdma_error(card);

	if (text && *text)
		cli_complain("%s: %s", what, text);
	else
		cli_complain("%s: %s", what, strerror(-code));
	return exit_code(code);
}

int cli_open(const char *spec, struct plxdma_card **card)
{
	int code = plxdma_open(spec, card);

	if (!code)
		return CLI_OK;
	*card = NULL;
	code = cli_failure(NULL, spec, code);
	return code == CLI_SKIPPED ? CLI_FAILED : code;
}

uint64_t cli_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
