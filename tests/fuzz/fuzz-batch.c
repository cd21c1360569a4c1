/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory for registers under a client that writes whatever it likes
 * wherever it can: the input is laid over it, time and again, while the
 * daemon's end takes and answers. What is taken fits, and was copied.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chip/recipe.h"
#include "wire/batch.h"

#define ROUNDS 32

static size_t scribble(struct wire_batch *area, const uint8_t *data,
		       size_t size)
{
	uint16_t place, length;
	size_t room;

	if (size < 4)
		return size;
	memcpy(&place, data, 2);
	memcpy(&length, data + 2, 2);
	place %= sizeof(*area);
	room = sizeof(*area) - place;
	if (length > room)
		length = (uint16_t)room;
	if (length > size - 4)
		length = (uint16_t)(size - 4);
	memcpy((uint8_t *)area + place, data + 4, length);
	return 4u + length;
}

static void client_takes(struct wire_batch *area)
{
	struct batch_client client = { .area = area };
	struct plxdma_step steps[4] = { { .value = 0 } };
	char text[ERROR_TEXT];
	uint32_t done;
	int err = batch_client_take(&client, steps, 4, &done, text);

	if (err > 0 || (err && !memchr(text, 0, sizeof(text))))
		abort();
	if (done > 4)
		abort();
}

/* The other end's words, in whatever state the area is. */
static void client_asks(struct wire_batch *area)
{
	struct batch_client client = { .area = area, .number = area->asked };
	const struct plxdma_step step = { .op = PLXDMA_STEP_READ, .width = 32 };
	const uint32_t number = client.number + 1;

	batch_client_sleep(&client);
	batch_client_awake(&client);
	batch_client_ask(&client, &step, 1);
	if (area->asked != number || area->count != 1)
		abort();
	batch_client_must_wake(&client);
	if (batch_client_answered(&client) != (area->answered == number))
		abort();
}

/* Both ends map the same memory, and it can't be had too short. */
static void check_shared(void)
{
	static int checked;
	struct wire_batch *ours, *theirs;
	int fd;

	if (checked++)
		return;
	fd = wire_batch_new(&ours);
	if (fd < 0 || wire_batch_map(fd, &theirs) || !ftruncate(fd, 1))
		abort();
	ours->asked = 7;
	if (theirs->asked != 7)
		abort();
	wire_batch_unmap(ours);
	wire_batch_unmap(theirs);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_batch area;
	struct batch_server server = { .area = &area };
	uint32_t count;
	int got;

	check_shared();
	memset(&area, 0, sizeof(area));
	for (int round = 0; round < ROUNDS && size > 0; round++) {
		/* Just as many as there may be: one more is an error. */
		struct plxdma_step *steps = calloc(PLXDMA_BATCH,
						   sizeof(*steps));
		size_t used = scribble(&area, data, size);

		data += used;
		size -= used;
		got = steps ? batch_server_take(&server, steps, &count) : 0;
		if (got) {
			if ((got > 0) != (count > 0) || count > PLXDMA_BATCH)
				abort();
			for (uint32_t i = 0; i < count; i++)
				step_check(&steps[i], NULL);
			/* It may be another one before it is answered. */
			used = scribble(&area, data, size);
			data += used;
			size -= used;
			batch_server_answer(&server, steps, count, count, 0,
					    "");
			if (area.answered != server.taken)
				abort();
		}
		batch_server_must_wake(&server);
		client_takes(&area);
		batch_server_sleep(&server);
		if (batch_server_pending(&server) !=
		    (area.asked != server.taken))
			abort();
		batch_server_awake(&server);
		if (size & 1)
			client_asks(&area);
		free(steps);
	}
	return 0;
}
