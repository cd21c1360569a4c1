/* SPDX-License-Identifier: MIT */
/*
 * One poll loop over the cards of a crate: as soon as a card's block is there,
 * the next is asked for.  All cards share one memory.
 *
 *	crate-poll [SPEC...]		thirteen times model: without
 */
#include <plxdma/plxdma.h>
#include <poll.h>
#include <stdio.h>

#define CARDS_MAX 32
#define BLOCK 32768
#define BLOCKS 10
#define LOCAL 0x20000000

struct slot {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer;
	int blocks;
};

static struct slot slots[CARDS_MAX];

/* The first card brings the memory, the others come beside it. */
static int slot_open(struct slot *slot, const char *spec)
{
	struct plxdma_request request = { .size = sizeof(request),
					  .local = LOCAL,
					  .length = BLOCK };

	if (slot == slots ? plxdma_open(spec, &slot->card)
			  : plxdma_open_beside(spec, slots->card, &slot->card))
		return -1;
	if (!plxdma_alloc_coherent(slot->card, BLOCK, &request.handle) ||
	    plxdma_channel_open(slot->card, 0, &slot->channel) ||
	    plxdma_transfer_new(slot->channel, &request, &slot->transfer))
		return -1;
	return plxdma_submit(slot->transfer);
}

/* Takes what has ended.  Return: 1 when it was the last block, or -1. */
static int slot_reap(struct slot *slot)
{
	struct plxdma_result result = { .size = sizeof(result) };

	while (plxdma_channel_reap(slot->channel, &result)) {
		if (result.status != PLXDMA_DONE)
			return -1;
		if (++slot->blocks == BLOCKS)
			return 1;
		if (plxdma_submit(slot->transfer))
			return -1;
	}
	return 0;
}

/* Return: the slot that failed, or -1. */
static int crate_read(int cards)
{
	struct pollfd fds[CARDS_MAX];
	int i, ended, left = cards;

	for (i = 0; i < cards; i++)
		fds[i] = (struct pollfd){
			.fd = plxdma_channel_fd(slots[i].channel),
			.events = POLLIN,
		};
	while (left && poll(fds, (nfds_t)cards, 5000) > 0)
		for (i = 0; i < cards; i++) {
			ended = fds[i].revents ? slot_reap(&slots[i]) : 0;
			if (ended < 0)
				return i;
			if (ended)
				fds[i].fd = -1; /* poll() skips it */
			left -= ended;
		}
	return left ? 0 : -1;
}

int main(int argc, char **argv)
{
	int i, bad = -1, cards = argc > 1 ? argc - 1 : 13;

	for (i = 0; bad < 0 && i < cards && i < CARDS_MAX; i++)
		if (slot_open(&slots[i], argc > 1 ? argv[i + 1] : "model:"))
			bad = i;
	if (bad < 0)
		bad = crate_read(i);
	if (bad >= 0)
		(void)fprintf(stderr, "crate-poll: card %d: %s\n", bad,
			      plxdma_error(slots[bad].card));
	while (i-- > 0) {
		(void)printf("card %d: %d blocks\n", i, slots[i].blocks);
		plxdma_close(slots[i].card);
	}
	return bad >= 0;
}
