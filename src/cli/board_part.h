/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * FILE:NAME, a mode or a recipe of a board file, as an option of a verb.  What
 * returns exit codes of cli.h complains itself.
 */
#ifndef CLI_BOARD_PART_H
#define CLI_BOARD_PART_H

#include <plxdma/board_file.h>

struct board_part {
	char *path;		/* NULL: the option was not given */
	const char *name;
	struct plxdma_board_file *file;
	const struct plxdma_mode *mode;
	const struct plxdma_recipe *recipe;
};

/* Splits @text at its last colon.  Return: 0 or -EINVAL. */
int board_part_name(struct board_part *part, const char *text);
/* Reads the file and finds the part, if the option was given. */
int board_part_mode(struct board_part *part);
int board_part_recipe(struct board_part *part);
void board_part_free(struct board_part *part);

#endif
