/* SPDX-License-Identifier: MIT */
/*
 * A FIFO that is armed, read, and asked how much it gave: its mode and its
 * register steps come from a board file, and the channel is claimed first, for
 * two who read from a FIFO each get half of it.
 *
 *	armed-fifo [SPEC [BOARDFILE]]	model: and armed-fifo.ini without
 */
#include <plxdma/plxdma.h>
#include <stdio.h>

#define FIFO 0x30000000
#define BLOCK 4096
#define POPPED 3 /* the recipe's fourth step reads how many */
#define SECOND INT64_C(1000000000)

static int fifo_read(struct plxdma_card *card, struct plxdma_board_file *board)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = FIFO, .length = BLOCK,
		.recipe = plxdma_board_file_recipe(board, "readout") };
	const struct plxdma_mode *mode = plxdma_board_file_mode(board, "fifo");
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	uint32_t *words, popped = 0;

	words = plxdma_alloc_coherent(card, BLOCK, &request.handle);
	if (!words || plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, SECOND) ||
	    plxdma_channel_open(card, 0, &channel) ||
	    plxdma_channel_set_mode(channel, mode) ||
	    plxdma_transfer_new(channel, &request, &transfer) ||
	    plxdma_submit(transfer) || plxdma_wait(transfer, SECOND, NULL) ||
	    plxdma_transfer_value(transfer, POPPED, &popped))
		return -1;
	(void)printf("%u words, from %u to %u\n", popped, words[0],
		     words[BLOCK / 4 - 1]);
	return plxdma_claim_release(card, PLXDMA_CLAIM_CHANNEL0);
}

int main(int argc, char **argv)
{
	const char *spec = argc > 1 ? argv[1] : "model:";
	const char *path = argc > 2 ? argv[2] : "armed-fifo.ini";
	struct plxdma_board_file *board = NULL;
	struct plxdma_card *card = NULL;
	int bad = plxdma_board_file_read(path, &board) ||
		  plxdma_open(spec, &card) || fifo_read(card, board);

	if (bad)
		(void)fprintf(stderr, "armed-fifo: %s\n", plxdma_error(card));
	plxdma_close(card); /* with its claim; NULL is fine */
	plxdma_board_file_free(board);
	return bad;
}
