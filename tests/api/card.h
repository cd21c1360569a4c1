/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A software card for a test, and checks that read well. */
#ifndef CARD_H
#define CARD_H

#include <check.h>
#include <stdint.h>
#include <string.h>

#include <plxdma/plxdma.h>

/* The default board, see src/model/model.h. */
#define SRAM 0x20000000u
#define SRAM_SIZE (1u << 20)
#define FIFO 0x30000000u
#define PATTERN 0x40000000u
#define PATTERN_SIZE (64u << 20)
#define CHECKER 0x48000000u
#define BOARD 0x60000000u
#define BOARD_BAR 3
#define BOARD_ID 0x00
#define BOARD_ID_VALUE 0x504c5842u /* 'PLXB' */
#define BOARD_CONTROL 0x04
#define BOARD_CONTROL_REFILL 0x1u
#define BOARD_CONTROL_LINT 0x4u
#define BOARD_CONTROL_DEMAND 0x8u
#define BOARD_CONTROL_RING 0x10u
#define BOARD_ERRORS 0x10
#define BOARD_DOORBELL 0x18
#define BOARD_POPPED 0x1c
#define BOARD_SCRATCH 0x28

#define SECOND INT64_C(1000000000)
/* A bound for what comes in milliseconds, on a machine with time for it. */
#define SOON (60 * SECOND)

/* The card of the test, opened by card_setup() with 4 MiB of small pages. */
extern struct plxdma_card *card;

void card_setup(void);
/* Also fails the test if the driver did what a correct one never does. */
void card_teardown(void);
/* Closes it and opens another with more options, "chip=9080". */
void card_reopen(const char *options);
/* Any spec; fails the test with the library's text. */
struct plxdma_card *card_open(const char *spec);
uint32_t violations(struct plxdma_card *which);

uint32_t board_get(unsigned int offset);
void board_put(unsigned int offset, uint32_t value);
/* Lword of the pattern source at a byte offset that is a multiple of 4. */
uint32_t pattern(uint32_t offset);
/* A byte of it, at any offset. */
uint8_t pattern_byte(uint32_t offset);

/* The call gave this, and the text of the card's error mentions that. */
void check_failed(int result, int expected, const char *mentions);
void check_failed_on(const struct plxdma_card *which, int result, int expected,
		     const char *mentions);

#endif
