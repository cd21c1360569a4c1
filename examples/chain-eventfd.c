/* SPDX-License-Identifier: MIT */
/*
 * A chain in one's own poll loop: four pieces of local memory, gathered by one
 * chain into one buffer, while the program goes on serving a timer.
 *
 *	chain-eventfd [SPEC [LOCAL]]	model: and 0x20000000 without
 *
 * plxdma_channel_fd() becomes readable when a transfer has ended; from then on
 * plxdma_channel_reap() hands out what has ended, without ever sleeping. The
 * buffer is the card's from submit until reap, and ours before and after.
 */
#include <plxdma/plxdma.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define PIECES 4
#define PIECE  4096
#define ROUNDS 5
#define TICKS  200 /* of 10 ms: then we lose patience */

/* Submits again until ROUNDS transfers have ended. Return: 0 when done. */
static int serve(struct plxdma_channel *channel,
		 struct plxdma_transfer *transfer, int timer)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct pollfd fds[] = {
		{ .fd = plxdma_channel_fd(channel), .events = POLLIN },
		{ .fd = timer, .events = POLLIN },
	};
	int round = 0, ticks = 0;
	uint64_t expired;

	if (plxdma_submit(transfer))
		return -1;
	while (round < ROUNDS && ticks < TICKS) {
		if (poll(fds, 2, 1000) < 0)
			return -1;
		if (fds[1].revents &&
		    read(timer, &expired, sizeof(expired)) > 0)
			ticks++;
		if (!fds[0].revents)
			continue;
		while (plxdma_channel_reap(channel, &result)) {
			if (result.status != PLXDMA_DONE)
				return -1;
			(void)printf("round %d: %llu bytes\n", ++round,
				     (unsigned long long)result.bytes);
			if (round < ROUNDS && plxdma_submit(transfer))
				return -1;
		}
	}
	return round == ROUNDS ? 0 : -1;
}

int main(int argc, char **argv)
{
	const char *spec = argc > 1 ? argv[1] : "model:";
	const char *local = argc > 2 ? argv[2] : "0x20000000";
	const struct itimerspec tick = { { 0, 10000000 }, { 0, 10000000 } };
	struct plxdma_segment segments[PIECES];
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.form = PLXDMA_FORM_CHAIN,
		.segments = segments,
		.segment_count = PIECES,
	};
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	struct plxdma_card *card = NULL;
	plxdma_handle handle;
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int i, bad = 1;

	if (timer < 0 || timerfd_settime(timer, 0, &tick, NULL) ||
	    plxdma_open(spec, &card) ||
	    plxdma_channel_open(card, 0, &channel) ||
	    !plxdma_alloc_coherent(card, PIECES * PIECE, &handle))
		goto out;
	/* Every second page of local memory, one behind the other here. */
	for (i = 0; i < PIECES; i++)
		segments[i] = (struct plxdma_segment){
			.handle = handle + (unsigned int)i * PIECE,
			.length = PIECE,
			.local = (uint32_t)strtoul(local, NULL, 0) +
				 (uint32_t)i * 2 * PIECE,
		};
	if (plxdma_transfer_new(channel, &request, &transfer) == 0)
		bad = serve(channel, transfer, timer);
out:
	if (bad)
		(void)fprintf(stderr, "chain-eventfd: %s\n",
			      plxdma_error(card));
	plxdma_close(card); /* cancels what still runs; NULL is fine */
	return bad ? 1 : 0;
}
