/* SPDX-License-Identifier: MIT */
/*
 * A thread for each card of a crate, as many acquisition programs have it.
 * All cards share one memory; nothing else is shared, so nothing is locked.
 *
 *	crate-threads [SPEC...]		thirteen times model: without
 */
#include <plxdma/plxdma.h>
#include <pthread.h>
#include <stdio.h>

#define CARDS_MAX 32
#define BLOCK 32768
#define BLOCKS 10
#define LOCAL 0x20000000
#define SECOND INT64_C(1000000000)

struct slot {
	struct plxdma_card *card;
	pthread_t thread;
	int running;
	int blocks;
	char why[160];
};

static struct slot slots[CARDS_MAX];

static int slot_read(struct slot *slot)
{
	struct plxdma_request request = { .size = sizeof(request),
					  .local = LOCAL,
					  .length = BLOCK };
	struct plxdma_channel *channel;
	const unsigned char *block;

	block = plxdma_alloc_coherent(slot->card, BLOCK, &request.handle);
	if (!block || plxdma_channel_open(slot->card, 0, &channel))
		return -1;
	for (slot->blocks = 0; slot->blocks < BLOCKS; slot->blocks++)
		if (plxdma_transfer_once(channel, &request, SECOND, NULL))
			return -1;
	/* Here the program would look at block[]. */
	plxdma_channel_close(channel);
	return 0;
}

static void *slot_thread(void *context)
{
	struct slot *slot = context;

	/* The text is the thread's own: take it before it ends. */
	if (slot_read(slot))
		(void)snprintf(slot->why, sizeof(slot->why), "%s",
			       plxdma_error(slot->card));
	return NULL;
}

static int slot_start(struct slot *slot, const char *spec)
{
	int code = slot == slots ? plxdma_open(spec, &slot->card)
				 : plxdma_open_beside(spec, slots->card,
						      &slot->card);

	if (code)
		(void)snprintf(slot->why, sizeof(slot->why), "%s",
			       plxdma_error(NULL));
	else
		slot->running = !pthread_create(&slot->thread, NULL,
						slot_thread, slot);
	return code;
}

int main(int argc, char **argv)
{
	int n, i, bad = 0, cards = argc > 1 ? argc - 1 : 13;

	for (n = 0; n < cards && n < CARDS_MAX; n++)
		if (slot_start(&slots[n], argc > 1 ? argv[n + 1] : "model:"))
			break;
	for (i = 0; i < CARDS_MAX; i++)
		if (slots[i].running)
			(void)pthread_join(slots[i].thread, NULL);
	for (i = 0; i < cards && i < CARDS_MAX; i++) {
		if (slots[i].blocks == BLOCKS) {
			(void)printf("card %d: %d blocks\n", i, BLOCKS);
			continue;
		}
		if (slots[i].why[0])
			(void)fprintf(stderr, "crate-threads: card %d: %s\n",
				      i, slots[i].why);
		bad = 1;
	}
	for (i = 0; i < CARDS_MAX; i++)
		plxdma_close(slots[i].card);
	return bad;
}
