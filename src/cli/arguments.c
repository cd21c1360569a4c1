/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How verbs read their arguments. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_option(int key, char *arg, struct argp_state *state)
{
	struct cli_common *common = state->input;

	switch (key) {
	case 'j':
		common->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (common->spec)
			argp_error(state, "'%s' is one argument too many", arg);
		common->spec = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which card? model:, uio:ADDRESS or "
			   "daemon:NAME; plxdma list shows them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	return argp_parse(argp, argc, argv, 0, NULL, input) ? CLI_USAGE : 0;
}

static int suffix_shift(const char *suffix, unsigned int *shift)
{
	static const char letters[] = "KMG";
	const char *found;

	*shift = 0;
	if (!*suffix)
		return 0;
	found = strchr(letters, *suffix);
	if (!found || (suffix[1] && strcmp(suffix + 1, "iB") != 0))
		return -EINVAL;
	*shift = 10u * (unsigned int)(found - letters + 1);
	return 0;
}

int cli_number(const char *text, uint64_t *value)
{
	unsigned int shift;
	uint64_t number;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno || end == text || suffix_shift(end, &shift))
		return -EINVAL;
	if (shift && number > UINT64_MAX >> shift)
		return -EINVAL;
	*value = number << shift;
	return 0;
}

uint64_t cli_number_arg(const struct argp_state *state, const char *what,
			const char *text, uint64_t max)
{
	uint64_t value = 0;

	if (cli_number(text, &value))
		argp_error(state,
			   "%s: '%s' is not a number (4096, 0x1000, 64K)",
			   what, text);
	else if (value > max)
		argp_error(state, "%s: %s is beyond 0x%llx", what, text,
			   (unsigned long long)max);
	return value;
}

const char *cli_size(uint64_t bytes, char text[CLI_SIZE_TEXT])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	unsigned int unit = 0;

	while (unit < 4 && bytes >= 1024 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	(void)snprintf(text, CLI_SIZE_TEXT, "%llu %s",
		       (unsigned long long)bytes, units[unit]);
	return text;
}
