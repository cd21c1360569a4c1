/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A board from a file, loaded like any library.
 *
 * board=PATH with a slash is that file.  A bare NAME is NAME.so in one of the
 * directories of the environment variable PLXDMA_BOARDS (separated by colons),
 * else in the directory where the boards of this library are installed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/card.h"

typedef const struct plxdma_board_ops *board_entry(void);

static bool complete(const struct plxdma_board_ops *ops)
{
	return ops && ops->version == PLXDMA_BOARD_VERSION && ops->open &&
	       ops->close && ops->read && ops->write;
}

/* Whether that directory has it; @path is where. */
static bool board_lies_in(const char *directory, size_t length,
			  const char *name, char path[PATH_MAX])
{
	size_t end = strlen(name);
	const char *suffix = end > 3 && !strcmp(name + end - 3, ".so") ? "" :
									  ".so";
	int size = snprintf(path, PATH_MAX, "%.*s/%s%s", (int)length,
			    directory, name, suffix);

	return length && size > 0 && size < PATH_MAX && !access(path, R_OK);
}

/* Return: the file to load; the name itself where it isn't found. */
static const char *board_path(const char *name, char path[PATH_MAX])
{
	const char *at = secure_getenv("PLXDMA_BOARDS");

	if (strchr(name, '/'))
		return name;
	while (at && *at) {
		size_t length = strcspn(at, ":");

		if (board_lies_in(at, length, name, path))
			return path;
		at += length;
		at += *at == ':';
	}
	if (board_lies_in(BOARDSDIR, strlen(BOARDSDIR), name, path))
		return path;
	return NULL;
}

static int board_load(struct board *board, const char *path,
		      struct error *error)
{
	board_entry *entry;
	void *symbol;

	board->plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!board->plugin)
		return error_set(error, -ENOENT, "model: board %s: %s",
				 board->file, dlerror());
	symbol = dlsym(board->plugin, "plxdma_board");
	memcpy(&entry, &symbol, sizeof(entry));
	board->ops = symbol ? entry() : NULL;
	if (complete(board->ops))
		return 0;
	return error_set(error, -EINVAL,
			 "model: board %s: needs plxdma_board() with version "
			 "%d, open, close, read and write", board->file,
			 PLXDMA_BOARD_VERSION);
}

int board_plugin_load(struct board *board, struct error *error)
{
	char found[PATH_MAX];
	const char *path = board_path(board->file, found);

	if (!path)
		return error_set(error, -ENOENT,
				 "model: no board \"%s\" in $PLXDMA_BOARDS or "
				 "%s; a file needs a slash in its name",
				 board->file, BOARDSDIR);
	return board_load(board, path, error);
}

void board_plugin_unload(struct board *board)
{
	if (board->plugin)
		dlclose(board->plugin);
}
