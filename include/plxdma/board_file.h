/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Board files: a board's modes and recipes by name.
 *
 * How a channel talks to a board, and how the board is armed, belongs to the
 * board and not to each program.  A board file is an INI file:
 *
 *   [mode fifo]
 *   width = 32
 *   constant = 1
 *
 *   [recipe readout]
 *   before = write bar2 0x10 0x1
 *   before = poll bar2 0x14 mask 0x1 want 0x1 within 1000
 *   started = write bar3.16 0x20 0x8000
 *   ended = count bar2 0x18 4
 *   ended = read bar2 0x1c
 *
 * A mode's fields are those of enum plxdma_mode_item in small letters, each at
 * most once; what isn't said is as in plxdma_mode_new().  A recipe's steps are
 * done before the start, right after it (started) and after the end (ended):
 *
 *   write SPACE OFFSET VALUE
 *   read SPACE OFFSET
 *   poll SPACE OFFSET mask MASK want VALUE within MICROSECONDS
 *   count SPACE OFFSET UNIT	after the end, once: see plxdma_recipe_count()
 *
 * A space is bar0, bar2, bar3 or config, with a width of 8 or 16 after a dot;
 * without one it is 32.  A step's index, for plxdma_transfer_value(), counts
 * the recipe's lines from 0.  Lines have less than 200 characters; comments
 * begin with ; or #.
 */
#ifndef PLXDMA_BOARD_FILE_H
#define PLXDMA_BOARD_FILE_H

#include <plxdma/mode.h>
#include <plxdma/recipe.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plxdma_board_file;

/**
 * plxdma_board_file_read - read a board file
 * @path: of the file
 * @file: receives it; freed by plxdma_board_file_free()
 *
 * Return: 0 or a negative errno; plxdma_error(NULL) names the line and what is
 * wrong with it.
 */
int plxdma_board_file_read(const char *path, struct plxdma_board_file **file);

/**
 * plxdma_board_file_free - free it, with its modes and recipes
 * @file: may be NULL
 */
void plxdma_board_file_free(struct plxdma_board_file *file);

/**
 * plxdma_board_file_mode - a mode by name
 * plxdma_board_file_recipe - a recipe by name
 * @file: a board file
 * @name: as in [mode NAME] or [recipe NAME]
 *
 * Return: it, owned by the file; NULL if there is none of that name.
 */
const struct plxdma_mode *
plxdma_board_file_mode(const struct plxdma_board_file *file, const char *name);
const struct plxdma_recipe *
plxdma_board_file_recipe(const struct plxdma_board_file *file,
			 const char *name);

#ifdef __cplusplus
}
#endif
#endif
