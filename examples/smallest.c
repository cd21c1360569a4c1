/* SPDX-License-Identifier: MIT */
/*
 * The smallest program: 64 KiB from the card's local memory, in block mode.
 *
 *	smallest [SPEC [LOCAL]]		model: and 0x20000000 without
 */
#include <plxdma/plxdma.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	const char *spec = argc > 1 ? argv[1] : "model:";
	const char *local = argc > 2 ? argv[2] : "0x20000000";
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.form = PLXDMA_FORM_BLOCK,
		.local = (uint32_t)strtoul(local, NULL, 0),
		.length = 65536,
	};
	struct plxdma_channel *channel;
	struct plxdma_card *card = NULL;
	unsigned char *data = NULL;
	int code = plxdma_open(spec, &card);

	if (!code)
		code = plxdma_channel_open(card, 0, &channel);
	if (!code)
		data = plxdma_alloc_coherent(card, 65536, &request.handle);
	if (data)
		code = plxdma_transfer_once(channel, &request, 1000000000,
					    NULL);
	if (!data || code)
		(void)fprintf(stderr, "smallest: %s\n", plxdma_error(card));
	else
		(void)printf("65536 bytes, the first is %02x\n", data[0]);
	plxdma_close(card); /* with its channel and memory; NULL is fine */
	return !data || code;
}
