/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The board behind a software card: to be written. */
#ifndef PLXDMA_BOARD_H
#define PLXDMA_BOARD_H
#endif
