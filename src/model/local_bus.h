/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The board, as the card calls it.
 */
#ifndef MODEL_LOCAL_BUS_H
#define MODEL_LOCAL_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plxdma/board.h>

#include "model/latch.h"

struct model;
struct error;

struct board {
	struct latch lock;
	const struct plxdma_board_ops *ops;
	struct plxdma_board_host host;
	void *self;
	void *plugin;
	uint64_t alarm;
	uint64_t rang;	/* since then the board could have gone on; 0: now */
	int channel; /* whose access is under way */
	char *file;
	bool opened;
};

/* local_bus.c */
int board_find(struct model *m, struct error *error);
int board_open(struct model *m, const char *const *options,
	       struct error *error);
void board_close(struct model *m);
struct model *board_enter(struct model *m);
void board_leave(struct model *m, struct model *outer);
size_t board_take(struct model *m, uint32_t address, void *data, size_t size,
		  const struct plxdma_board_access *access);
size_t board_give(struct model *m, uint32_t address, const void *data,
		  size_t size, const struct plxdma_board_access *access);
void board_unstall(struct model *m);
size_t board_read(struct model *m, uint32_t address, void *data, size_t size,
		  const struct plxdma_board_access *access);
size_t board_write(struct model *m, uint32_t address, const void *data,
		   size_t size, const struct plxdma_board_access *access);
void *board_direct(struct model *m, uint32_t address, size_t *size);
void board_reset(struct model *m);
void board_user_out(struct model *m, bool level);
void board_time(struct model *m, uint64_t now);
/* board_plugin.c */
int board_plugin_load(struct board *board, struct error *error);
void board_plugin_unload(struct board *board);

#endif
