/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A parallel input board with a 9080, in the manner of General Standards'
 * PCI-HPDI32, as far as Linux's own driver gsc_hpdi has to do with it: that
 * driver is a judge of the software card that knows nothing of it.
 *
 * The cable's clock makes words, which a FIFO holds until channel 0 takes them
 * by demand.  Word number n since the FIFO was reset is n * 2654435761, so that
 * whoever gets a word knows which one it is.
 *
 * The driver has a ring of 256 KiB and no way to tell that it was lapped, which
 * a guest without KVM is late enough for.  So the far end of the cable pauses
 * when half of that has come since the driver last looked at the board, as it
 * does in each interrupt.  An interrupt that it takes away after the look is
 * answered by no other: then a block more comes after a while.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <plxdma/board.h>

#include "boards/clock.h"
#include "boards/lwords.h"
#include "boards/options.h"

#define FIFO_WORDS 0x10000u
#define AHEAD	   0x8000u /* words, at most, since the driver looked */
#define BLOCK	   0x400u  /* words of the driver's descriptors */
#define PATIENCE   50000000u /* ns */
#define INTCSR	   0x68u
#define DMA0_ACTIVE 0x00200000u
#define BURST	   256u /* words that DREQ# waits for, once it was dropped */
#define SPACE_SIZE 0x80u

enum hpdi_register {
	HPDI_REVISION = 0x00,
	HPDI_CONTROL = 0x04,
	HPDI_STATUS = 0x08,
	HPDI_FIFO = 0x18,
	HPDI_TX_SIZE = 0x40,
	HPDI_RX_SIZE = 0x44,
	HPDI_RX_WORDS = 0x4c,
};

#define CONTROL_RESET	   0x00000001u
#define CONTROL_FIFO_RESET 0x00000004u
#define CONTROL_RECEIVE	   0x00000020u
#define STATUS_NOT_EMPTY   0x00001000u
#define STATUS_NOT_FULL	   0x00008000u
#define STATUS_UNDERRUN	   0x00400000u /* W1C */

struct hpdi {
	const struct plxdma_board_host *host;
	uint64_t rate; /* words per second */
	struct clock clock;
	uint32_t control, sticky;
	uint32_t made, taken; /* since the FIFO was reset */
	uint32_t looked;      /* what was taken by then */
	uint64_t patient;     /* until then, in a pause */
	bool dreq;
	uint32_t plain[SPACE_SIZE / 4]; /* registers that do nothing */
};

static uint64_t now(const struct hpdi *h)
{
	return h->host->now(h->host->card);
}

static uint32_t level(const struct hpdi *h)
{
	return h->made - h->taken;
}

static bool paused(const struct hpdi *h)
{
	return h->made - h->looked >= AHEAD;
}

/* What the cable has brought by now; its clock stands still in a pause. */
static void hpdi_advance(struct hpdi *h)
{
	uint32_t room = AHEAD - (h->made - h->looked);
	uint64_t words;

	if (!(h->control & CONTROL_RECEIVE))
		return;
	words = clock_take(&h->clock, now(h));
	if (words >= room) {
		words = room;
		clock_start(&h->clock, h->rate, now(h));
	}
	if (words)
		h->patient = now(h) + PATIENCE;
	h->made += (uint32_t)words;
}

/* DREQ# as it has to be; an alarm if it will be wanted later. */
static void hpdi_settle(struct hpdi *h)
{
	bool wanted = level(h) > 0;
	uint64_t when = 0;

	if (wanted != h->dreq)
		h->host->dreq(h->host->card, 0, wanted);
	h->dreq = wanted;
	if (!wanted && h->control & CONTROL_RECEIVE)
		when = paused(h) ? h->patient : clock_when(&h->clock, BURST);
	h->host->alarm(h->host->card, when);
}

/* Not while an interrupt waits: it would hide one that was lost. */
static void pause_shorten(struct hpdi *h)
{
	h->patient = now(h) + PATIENCE;
	if (!(h->host->reg_read(h->host->card, INTCSR) & DMA0_ACTIVE))
		h->looked += BLOCK;
}

static size_t fifo_pop(struct hpdi *h, uint8_t *to, size_t words)
{
	size_t n = words < level(h) ? words : level(h);

	for (size_t i = 0; i < n; i++)
		lword_store(to + 4 * i, h->taken++ * 2654435761u);
	return n;
}

static uint32_t hpdi_get(void *board, uint32_t offset)
{
	struct hpdi *h = board;
	uint8_t word[4];

	switch (offset) {
	case HPDI_REVISION:
		return 0x00010001;
	case HPDI_CONTROL:
		return h->control;
	case HPDI_STATUS:
		h->looked = h->taken;
		return h->sticky | (level(h) ? STATUS_NOT_EMPTY : 0) |
		       (level(h) < FIFO_WORDS ? STATUS_NOT_FULL : 0);
	case HPDI_FIFO:
		if (fifo_pop(h, word, 1))
			return lword_load(word);
		h->sticky |= STATUS_UNDERRUN;
		return 0;
	case HPDI_TX_SIZE:
	case HPDI_RX_SIZE:
		return FIFO_WORDS;
	case HPDI_RX_WORDS:
		return level(h);
	default:
		return h->plain[offset / 4];
	}
}

static void control_set(struct hpdi *h, uint32_t value)
{
	bool ran = h->control & CONTROL_RECEIVE;

	if (value & (CONTROL_RESET | CONTROL_FIFO_RESET)) {
		h->made = h->taken = h->looked = 0;
		h->sticky = 0;
	}
	h->control = value & ~(CONTROL_RESET | CONTROL_FIFO_RESET);
	if (h->control & CONTROL_RECEIVE && !ran)
		clock_start(&h->clock, h->rate, now(h));
}

static void hpdi_set(void *board, uint32_t offset, uint32_t value)
{
	struct hpdi *h = board;

	switch (offset) {
	case HPDI_CONTROL:
		control_set(h, value);
		break;
	case HPDI_STATUS:
		h->sticky &= ~value;
		break;
	default:
		h->plain[offset / 4] = value;
		break;
	}
}

static int hpdi_open(const struct plxdma_board_host *host,
		     const char *const *options, void **board, char *why,
		     size_t why_size)
{
	struct hpdi *h = calloc(1, sizeof(*h));
	struct board_option table[] = {
		{ "word_rate", 1, 1e8, NULL, NULL },
		{ NULL, 0, 0, NULL, NULL },
	};
	int ret;

	if (!h)
		return -ENOMEM;
	h->host = host;
	h->rate = 1500000;
	table[0].value = &h->rate;
	ret = board_options(options, table, why, why_size);
	if (ret)
		free(h);
	else
		*board = h;
	return ret;
}

static void hpdi_reset(void *board)
{
	struct hpdi *h = board;

	control_set(h, CONTROL_RESET);
	hpdi_settle(h);
}

static size_t hpdi_read(void *board, uint32_t address, void *data, size_t size,
			const struct plxdma_board_access *access)
{
	struct hpdi *h = board;
	size_t got = size;

	hpdi_advance(h);
	if (access->channel >= 0 && address == HPDI_FIFO)
		got = 4 * fifo_pop(h, data, size / 4);
	else
		lwords_read(h, address % SPACE_SIZE, data, size, hpdi_get);
	hpdi_settle(h);
	return got;
}

static size_t hpdi_write(void *board, uint32_t address, const void *data,
			 size_t size, const struct plxdma_board_access *access)
{
	struct hpdi *h = board;

	(void)access;
	hpdi_advance(h);
	lwords_write(h, address % SPACE_SIZE, data, size, hpdi_get, hpdi_set);
	hpdi_settle(h);
	return size;
}

static uint64_t hpdi_time(void *board, uint64_t when)
{
	struct hpdi *h = board;

	hpdi_advance(h);
	if (paused(h) && when >= h->patient)
		pause_shorten(h);
	hpdi_settle(h);
	return 0;
}

static const struct plxdma_board_identity identity = {
	.id = 0x908010b5,
	.subsystem = 0x240010b5,
	.space = { { 0, SPACE_SIZE, 32 } },
};

static const struct plxdma_board_ops ops = {
	.version = PLXDMA_BOARD_VERSION,
	.name = "hpdi",
	.open = hpdi_open,
	.close = free,
	.reset = hpdi_reset,
	.read = hpdi_read,
	.write = hpdi_write,
	.time = hpdi_time,
	.identity = &identity,
};

const struct plxdma_board_ops *plxdma_board(void)
{
	return &ops;
}
