/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Board files and names files, as people write them.  A refusal says why and
 * where; what is accepted is a mode or a recipe that a transfer may have.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "api/names.h"
#include "chip/mode.h"
#include "chip/recipe.h"

static const char *file_of(const uint8_t *data, size_t size)
{
	static char path[40];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("board", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) != 0 ||
	    pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

/* The seeds' names. */
static void check_parts(const struct plxdma_board_file *file)
{
	static const char *const names[] = { "a", "b", "fifo", "readout" };
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct plxdma_mode *mode =
			plxdma_board_file_mode(file, names[i]);
		const struct plxdma_recipe *recipe =
			plxdma_board_file_recipe(file, names[i]);

		if (mode && mode->width != 8 && mode->width != 16 &&
		    mode->width != 32)
			abort();
		if (recipe && recipe_check(recipe, NULL) != 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = file_of(data, size);
	struct plxdma_board_file *file;
	struct error error = { "" };
	char spec[64];

	if (plxdma_board_file_read(path, &file) != 0) {
		if (strncmp(plxdma_error(NULL), path, strlen(path)) != 0)
			abort();
	} else {
		check_parts(file);
		plxdma_board_file_free(file);
	}
	setenv(NAMES_VARIABLE, path, 1);
	if (names_resolve("a", spec, sizeof(spec), &error) != 0) {
		if (!error.text[0])
			abort();
	} else if (!memchr(spec, 0, sizeof(spec))) {
		abort();
	}
	return 0;
}
