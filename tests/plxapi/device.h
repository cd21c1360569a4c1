/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A device to test with, on the software card of this process or on one that
 * a daemon of the test's own lends, and checks that read well.
 */
#ifndef TESTS_PLXAPI_DEVICE_H
#define TESTS_PLXAPI_DEVICE_H

#include <check.h>
#include <plxapi/PlxApi.h>
#include <stdint.h>

#include "../daemon/fixture.h"

/* The default board, see src/model/model.h. */
#define SRAM 0x20000000u
#define FIFO 0x30000000u
#define PATTERN 0x40000000u
#define SRAM_BAR 2
#define BOARD_BAR 3
#define BOARD_ID_VALUE 0x504c5842u
#define BOARD_CONTROL 0x04
#define BOARD_CONTROL_REFILL 0x1u
#define BOARD_CONTROL_LINT 0x4u
#define BOARD_CONTROL_RING 0x10u
#define BOARD_DOORBELL 0x18
#define BOARD_SCRATCH 0x28

extern PLX_DEVICE_OBJECT device;
extern struct fixture lender;

/* One card with these options more, or none; opened. */
void model_open(const char *options);
void daemon_open(const char *options);
void device_close(void);

/* A bound in ms for what comes within some, on a machine with time for it. */
#define SOON 60000

/* Fixtures: a fast card, and one of 500 kB/s. */
void model_fast(void);
void daemon_fast(void);
void model_slow(void);
void daemon_slow(void);

/* Every test of @add on both, in cases named after @name. */
void both(Suite *suite, const char *name, void (*add)(TCase *));
void both_slow(Suite *suite, const char *name, void (*add)(TCase *));

void ok(PLX_STATUS status);
void gives(PLX_STATUS status, PLX_STATUS expected);

/* Channel 0 with READY#, bursts and 32 bits; constant address or not. */
void channel_open(int constant);
PLX_DMA_PARAMS to_host(U32 local, void *data, U32 size);
PLX_DMA_PARAMS to_card(U32 local, void *data, U32 size);

/* Lword of the pattern source at a byte offset. */
U32 pattern(U32 offset);
U32 board_get(U32 offset);
void board_put(U32 offset, U32 value);

#endif
