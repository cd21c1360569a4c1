/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma irq: how long an interrupt takes from its cause to the program that
 * sleeps on it, and whether any is lost.
 *
 * The host can't ring the doorbell that interrupts it (chip ref. 2.4): the
 * software card's board can be asked to. On any other board the cause is a
 * transfer of no bytes, which moves nothing.
 */
#include "cli/cli.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/board.h"

#define COUNT_MAX  1000000
#define LOST_MAX   3
#define TIMEOUT_MS 1000

static const char doc[] =
	"Cause interrupts and measure when the sleeping program hears of "
	"them.\v"
	"--source doorbell needs a board that can be asked to ring: the "
	"software card's. dma0 and dma1 start transfers of no bytes. Without "
	"--source: doorbell where that can be had, else dma0.";

static const struct argp_option options[] = {
	{ "count", 'c', "N", 0, "How many (1000)", 0 },
	{ "source", 's', "SOURCE", 0, "doorbell, dma0 or dma1", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct request {
	struct cli_common common;
	const char *source;
	unsigned int count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'c':
		request->count = (unsigned int)cli_number_arg(state, "--count",
							      arg, COUNT_MAX);
		if (!request->count)
			argp_error(state, "--count is at least 1");
		return 0;
	case 's':
		request->source = arg;
		if (strcmp(arg, "doorbell") != 0 && strcmp(arg, "dma0") != 0 &&
		    strcmp(arg, "dma1") != 0)
			argp_error(state, "--source is doorbell, dma0 or dma1");
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static const struct argp argp = { options, parse, "SPEC", doc, 0, 0, 0 };

struct bell {
	struct plxdma_card *card;
	struct plxdma_channel *channel; /* NULL: the doorbell */
	struct plxdma_transfer *transfer;
	int fd;
	uint32_t bits;
};

struct tally {
	uint64_t *latency_ns;
	unsigned int heard;
	unsigned int lost;
	unsigned int wrong; /* woken for nothing, or with other bits */
};

static int bell_cause(struct bell *bell, unsigned int round)
{
	if (bell->channel)
		return plxdma_submit(bell->transfer);
	bell->bits = 1u << round % 32;
	return board_ring(bell->card, bell->bits);
}

/* Takes all that has ended: only then is the descriptor good for a next poll.
 */
static int bell_reap(struct bell *bell)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_transfer *transfer;
	int right = 0;

	while ((transfer = plxdma_channel_reap(bell->channel, &result)))
		right = transfer == bell->transfer &&
			result.status == PLXDMA_DONE;
	return right;
}

/* Return: 1 if it was the interrupt that was caused, 0 if not, or an errno. */
static int bell_take(struct bell *bell)
{
	struct plxdma_irq_event event = { .size = sizeof(event) };
	int count;

	if (bell->channel)
		return bell_reap(bell);
	count = plxdma_irq_read(bell->card, PLXDMA_IRQ_DOORBELL, &event);
	return count < 0 ? count : count == 1 && event.bits == bell->bits;
}

static int bell_wait(const struct bell *bell)
{
	struct pollfd ready = { .fd = bell->fd, .events = POLLIN };
	int count;

	do
		count = poll(&ready, 1, TIMEOUT_MS);
	while (count < 0 && errno == EINTR);
	return count < 0 ? -errno : count;
}

/* What was not announced has happened all the same: its level still stands,
 * and would keep the next from being seen. Off and on again announces it. */
static int bell_recover(struct bell *bell)
{
	int code = 0;

	if (!bell->channel) {
		code = plxdma_irq_enable(bell->card, PLXDMA_IRQ_DOORBELL, 0);
		if (!code)
			code = plxdma_irq_enable(bell->card,
						 PLXDMA_IRQ_DOORBELL, 1);
	}
	if (!code)
		code = bell_take(bell);
	return code < 0 ? code : 0;
}

/* Return: as bell_take(), or -ETIMEDOUT.  A channel's descriptor may be
 * readable once more than something has ended. */
static int bell_hear(struct bell *bell)
{
	int tries, code = 0;

	for (tries = 0; tries < 8 && !code; tries++) {
		code = bell_wait(bell);
		if (code <= 0)
			return code ? code : -ETIMEDOUT;
		code = bell_take(bell);
		if (!bell->channel)
			break;
	}
	return code;
}

static int bell_round(struct bell *bell, unsigned int round,
		      struct tally *tally)
{
	uint64_t began = cli_now();
	int code = bell_cause(bell, round);

	if (code)
		return code;
	code = bell_hear(bell);
	if (code == -ETIMEDOUT) {
		tally->lost++;
		return bell_recover(bell);
	}
	if (code < 0)
		return code;
	if (code)
		tally->latency_ns[tally->heard++] = cli_now() - began;
	else
		tally->wrong++;
	return 0;
}

static int open_transfer(struct bell *bell, unsigned int index)
{
	struct plxdma_request request = { .size = sizeof(request) };
	struct plxdma_card_info info = { .size = sizeof(info) };
	int code = plxdma_card_info(bell->card, &info);

	if (!code)
		code = plxdma_channel_open(bell->card, index, &bell->channel);
	if (code)
		return code;
	if (!plxdma_alloc_coherent(bell->card, 64, &request.handle))
		return -errno;
	request.local = info.bars[2].local;
	bell->fd = plxdma_channel_fd(bell->channel);
	if (bell->fd < 0)
		return bell->fd;
	return plxdma_transfer_new(bell->channel, &request, &bell->transfer);
}

static int open_doorbell(struct bell *bell)
{
	bell->fd = plxdma_irq_fd(bell->card, PLXDMA_IRQ_DOORBELL);
	if (bell->fd < 0)
		return bell->fd;
	return plxdma_irq_enable(bell->card, PLXDMA_IRQ_DOORBELL, 1);
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static uint64_t percentile(const struct tally *tally, unsigned int percent)
{
	if (!tally->heard)
		return 0;
	return tally->latency_ns[(uint64_t)(tally->heard - 1) * percent / 100];
}

static void print_tally(const struct request *request,
			const struct tally *tally)
{
	static const struct {
		const char *key;
		unsigned int percent;
	} figures[] = { { "min", 0 }, { "p50", 50 }, { "p99", 99 },
			{ "max", 100 } };
	struct json_object *object = cli_json_new("plxdma.irq/1");
	unsigned int i;

	cli_json_text(object, "source", request->source);
	cli_json_number(object, "heard", tally->heard);
	cli_json_number(object, "lost", tally->lost);
	cli_json_number(object, "wrong", tally->wrong);
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		char key[16];

		(void)snprintf(key, sizeof(key), "%s_ns", figures[i].key);
		cli_json_number(object, key,
				percentile(tally, figures[i].percent));
	}
	if (request->common.json) {
		cli_json_print(object);
		return;
	}
	(void)json_object_put(object);
	(void)printf("%s: %u heard, %u lost, %u wrong; latency us:",
		     request->source, tally->heard, tally->lost, tally->wrong);
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		(void)printf(" %s %.2f", figures[i].key,
			     (double)percentile(tally, figures[i].percent) /
				     1e3);
	(void)puts("");
}

static int measure(struct bell *bell, const struct request *request)
{
	struct tally tally = { .latency_ns = calloc(request->count,
						    sizeof(uint64_t)) };
	unsigned int round;
	int code = CLI_OK;

	if (!tally.latency_ns)
		return CLI_FAILED;
	for (round = 0; round < request->count && tally.lost < LOST_MAX;
	     round++) {
		code = bell_round(bell, round, &tally);
		if (code) {
			code = cli_failure(bell->card, request->source, code);
			goto out;
		}
	}
	qsort(tally.latency_ns, tally.heard, sizeof(uint64_t), compare);
	print_tally(request, &tally);
	if (tally.lost || tally.wrong)
		code = CLI_FAILED;
out:
	free(tally.latency_ns);
	return code;
}

static int run(struct bell *bell, struct request *request)
{
	bool can_ring = board_is_default(bell->card);
	int code;

	if (!request->source)
		request->source = can_ring ? "doorbell" : "dma0";
	if (strcmp(request->source, "doorbell") != 0) {
		code = open_transfer(bell, request->source[3] == '1');
	} else if (can_ring) {
		code = open_doorbell(bell);
	} else {
		cli_complain("%s: no known way to have this board ring; try "
			     "--source dma0", request->common.spec);
		return CLI_SKIPPED;
	}
	if (code)
		return cli_failure(bell->card, request->source, code);
	return measure(bell, request);
}

int verb_irq(int argc, char **argv)
{
	struct request request = { .count = 1000 };
	struct bell bell = { .fd = -1 };
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &bell.card);
	if (code)
		return code;
	code = run(&bell, &request);
	plxdma_close(bell.card);
	return code;
}
