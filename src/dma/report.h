/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a bug report needs of a card, as one JSON text.
 *
 * No bus, physical or process address and no data is in it: of registers that
 * hold addresses only the flags are shown, and local addresses only as offsets
 * into the local space that shows them (else as "elsewhere").
 */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <plxdma/transfer.h>

#include "error/error.h"

struct dma_card;

/* A status in words. */
const char *report_status(enum plxdma_status status);
/* Allocates the text; @why: what it was made for.  NULL without memory. */
char *report_text(struct dma_card *card, const char *why, int requests,
		  size_t *length);

/* The last member of it, and its end. */
void report_requests(FILE *file, struct dma_card *card, int all);

/* 0 or a negative errno. */
int report_write(int fd, const char *text, size_t length);

#define REPORT_FILES 16u
#define REPORT_ROOM (UINT64_C(64) << 20)

/* The option report=DIR: 0, or a negative errno with a text. */
int report_begin(struct dma_card *card, struct error *error);
void report_end(struct dma_card *card);
/* Writes a file of its own, if the option was given: at most REPORT_FILES of a
 * card and process, and none where less than REPORT_ROOM bytes are free.
 * Silent: whoever waits for the transfer has its status. */
void report_fault(struct dma_card *card, enum plxdma_status status);

#endif
