/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See board_part.h. */
#include "cli/board_part.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

int board_part_name(struct board_part *part, const char *text)
{
	char *path = strdup(text);
	char *colon = path ? strrchr(path, ':') : NULL;

	if (!colon || colon == path || !colon[1]) {
		free(path);
		return -EINVAL;
	}
	*colon = '\0';
	free(part->path);
	part->path = path;
	part->name = colon + 1;
	return 0;
}

static int part_read(struct board_part *part)
{
	int code = plxdma_board_file_read(part->path, &part->file);

	return code ? cli_failure(NULL, "board file", code) : CLI_OK;
}

static int part_missing(const struct board_part *part, const char *kind)
{
	cli_complain("%s: there is no [%s %s]", part->path, kind, part->name);
	return CLI_ABSENT;
}

int board_part_mode(struct board_part *part)
{
	int code = part->path ? part_read(part) : CLI_OK;

	part->mode = plxdma_board_file_mode(part->file, part->name);
	if (code == CLI_OK && part->path && !part->mode)
		code = part_missing(part, "mode");
	return code;
}

int board_part_recipe(struct board_part *part)
{
	int code = part->path ? part_read(part) : CLI_OK;

	part->recipe = plxdma_board_file_recipe(part->file, part->name);
	if (code == CLI_OK && part->path && !part->recipe)
		code = part_missing(part, "recipe");
	return code;
}

void board_part_free(struct board_part *part)
{
	plxdma_board_file_free(part->file);
	free(part->path);
}
