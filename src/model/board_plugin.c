/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board from a file: board=FILE.so, loaded like any library.
 */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "model/card.h"

typedef const struct plxdma_board_ops *board_entry(void);

static bool complete(const struct plxdma_board_ops *ops)
{
	return ops && ops->version == PLXDMA_BOARD_VERSION && ops->open &&
	       ops->close && ops->read && ops->write;
}

int board_plugin_load(struct board *board, struct error *error)
{
	board_entry *entry;
	void *symbol;

	board->plugin = dlopen(board->file, RTLD_NOW | RTLD_LOCAL);
	if (!board->plugin) {
		board->ops = NULL;
		return error_set(error, -ENOENT, "model: board %s: %s",
				 board->file, dlerror());
	}
	symbol = dlsym(board->plugin, "plxdma_board");
	memcpy(&entry, &symbol, sizeof(entry));
	board->ops = symbol ? entry() : NULL;
	if (complete(board->ops))
		return 0;
	board->ops = NULL;
	return error_set(error, -EINVAL,
			 "model: board %s: needs plxdma_board() with version "
			 "%d, open, close, read and write", board->file,
			 PLXDMA_BOARD_VERSION);
}

void board_plugin_unload(struct board *board)
{
	if (board->plugin)
		dlclose(board->plugin);
}
