/* SPDX-License-Identifier: MIT */
/*
 * A board of one's own for the software card: a pulse counter whose limit
 * interrupts.  BAR2:  0 control, bit 0 counts   4 count   8 limit of LINTi#
 *   cc -shared -fPIC -o counter.so board-counter.c
 *   plxdma peek model:board=./counter.so,board.rate=1000 2 4
 */
#include <errno.h>
#include <plxdma/board.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTROL, COUNT, LIMIT };

struct counter {
	const struct plxdma_board_host *host;
	unsigned long rate, since; /* pulses per second; ns */
	uint32_t registers[3];
};

static int counter_open(const struct plxdma_board_host *host,
			const char *const *options, void **board, char *why,
			size_t why_size)
{
	struct counter *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	*c = (struct counter){ .host = host, .rate = 1000000 };
	*board = c;
	if (!*options || (sscanf(*options, "rate=%lu", &c->rate) && c->rate))
		return 0;
	snprintf(why, why_size, "%s: only rate=PULSES", *options);
	free(c);
	return -EINVAL;
}

/* Pulses until now; LINTi# at the limit, and an alarm for when that comes. */
static uint64_t counter_time(void *board, uint64_t now)
{
	struct counter *c = board;
	uint32_t *r = c->registers;
	uint64_t when = 0; /* none */

	if (!(r[CONTROL] & 1))
		c->since = now;
	r[COUNT] = (uint32_t)((now - c->since) * c->rate / 1000000000);
	if (r[CONTROL] & 1 && r[COUNT] < r[LIMIT])
		when = c->since + r[LIMIT] * 1000000000ull / c->rate + 1;
	c->host->linti(c->host->card, r[LIMIT] && r[COUNT] >= r[LIMIT]);
	c->host->alarm(c->host->card, when);
	return 0;
}

static size_t counter_read(void *board, uint32_t at, void *data, size_t size,
			   const struct plxdma_board_access *access)
{
	struct counter *c = board;

	if (access->width != 32 || at + size > sizeof(c->registers))
		return 0; /* nobody answers there */
	counter_time(c, c->host->now(c->host->card));
	memcpy(data, (char *)c->registers + at, size);
	return size;
}

static size_t counter_write(void *board, uint32_t at, const void *data,
			    size_t size,
			    const struct plxdma_board_access *access)
{
	struct counter *c = board;

	if (access->width != 32 || at + size > sizeof(c->registers))
		return 0;
	counter_time(c, c->host->now(c->host->card));
	memcpy((char *)c->registers + at, data, size);
	counter_time(c, c->host->now(c->host->card));
	return size;
}

static const struct plxdma_board_identity identity = {
	.space = { { .local = 0, .size = 4096, .width = 32 } },
};
static const struct plxdma_board_ops ops = {
	.version = PLXDMA_BOARD_VERSION,
	.name = "counter",
	.open = counter_open,
	.close = free,
	.read = counter_read,
	.write = counter_write,
	.time = counter_time,
	.identity = &identity,
};

const struct plxdma_board_ops *plxdma_board(void)
{
	return &ops;
}
