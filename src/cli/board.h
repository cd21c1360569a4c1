/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The software card's default board, known by its id register behind BAR3.
 *
 * It is the one board that the tool knows: it has memory that may be
 * overwritten and a register that rings the doorbell.  Any other board is
 * unknown, and nothing is written to it unasked.
 */
#ifndef CLI_BOARD_H
#define CLI_BOARD_H

#include <stdbool.h>

#include <plxdma/plxdma.h>

/* Is it that board?  Reads nothing on a card whose subsystem or transport
 * speaks against it: a read may pop a FIFO. */
bool board_is_default(struct plxdma_card *card);

/* Has the board ring the local-to-PCI doorbell.  Return: 0 or a negative
 * errno. */
int board_ring(struct plxdma_card *card, uint32_t bits);

/* The board's scratch register.  Return: 0 or a negative errno. */
int board_scratch(struct plxdma_card *card, uint32_t value, uint32_t *back);

#endif
