/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The default board, as a plug-in that needs no file.
 */
#ifndef MODEL_BOARD_DEFAULT_H
#define MODEL_BOARD_DEFAULT_H

#include <plxdma/board.h>

extern const struct plxdma_board_ops board_default_ops;

#endif
