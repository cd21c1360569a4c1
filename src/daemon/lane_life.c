/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lane from its opening to its end, and the modes that it gets meanwhile.
 */
#include "lane.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "client.h"
#include "publication.h"
#include "tenant.h"

int lane_new(struct tenant *tenant, unsigned int index, struct lane **lane)
{
	struct wire_area *area;
	struct lane *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return -ENOMEM;
	made->tenant = tenant;
	made->index = index;
	made->engine = &tenant->card->engines[index];
	TAILQ_INIT(&made->queue);
	err = engine_join(made->engine, made);
	if (err)
		goto out_free;
	made->wakes_daemon = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	made->wakes_client = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (made->wakes_daemon < 0 || made->wakes_client < 0) {
		err = -errno;
		goto out_eventfds;
	}
	made->area_fd = wire_area_new(&area);
	if (made->area_fd < 0) {
		err = made->area_fd;
		goto out_eventfds;
	}
	ring_server_init(&made->ring, area);
	*lane = made;
	return 0;

out_eventfds:
	if (made->wakes_daemon >= 0)
		close(made->wakes_daemon);
	if (made->wakes_client >= 0)
		close(made->wakes_client);
	engine_leave(made->engine, made);
out_free:
	free(made);
	return err;
}

int lane_set_mode(struct lane *lane, const struct wire_channel_mode *items,
		  struct error *error)
{
	struct plxdma_mode *mode;
	int err = 0;

	if (!items->mode || items->mode >= WIRE_MODES)
		return error_set(error, -EINVAL, "a channel has modes 1 to %d",
				 WIRE_MODES - 1);
	mode = plxdma_mode_new();
	if (!mode)
		return error_set(error, -ENOMEM, "no memory for a mode");
	for (unsigned int i = 0; !err && i < WIRE_MODE_ITEMS; i++)
		err = plxdma_mode_set(mode, (enum plxdma_mode_item)i,
				      items->items[i]);
	if (err)
		error_set(error, err, "a field of the mode has a value that "
			  "it doesn't take");
	else
		err = dma_channel_check_mode(lane->engine->channel, mode,
					     error);
	if (!err)
		err = grant_check_mode(&lane->tenant->grant,
				       lane->tenant->card->name, mode, error);
	if (err) {
		plxdma_mode_free(mode);
		return err;
	}
	plxdma_mode_free(lane->modes[items->mode]);
	lane->modes[items->mode] = mode;
	return 0;
}

static void queue_stop(struct lane *lane)
{
	struct slot *slot;

	while ((slot = TAILQ_FIRST(&lane->queue)))
		engine_cancel(lane->engine, slot, PLXDMA_CANCELLED);
}

/* Ends what is under way: queued first, so that nothing of it starts, and
 * last, for of what runs together one is cancelled and others wait again. */
int lane_stop(struct lane *lane)
{
	struct slot *slot;
	int err = lane->stuck, result;

	queue_stop(lane);
	for (unsigned int i = 0; i < WIRE_SLOTS && lane->under_way; i++) {
		slot = lane->slots[i];
		if (!slot || slot->state != SLOT_RUNNING)
			continue;
		result = engine_cancel(lane->engine, slot, PLXDMA_CANCELLED);
		if (result == -EAGAIN)
			engine_drop(lane->engine, slot);
		else if (result)
			err = result;
	}
	queue_stop(lane);
	lane->ends = !err || err == -EINPROGRESS;
	return err;
}

static int stop_wait(struct lane *lane)
{
	int err = lane_stop(lane);

	/* Each abort ends one slot at least. */
	for (unsigned int i = 0; err == -EINPROGRESS && i <= WIRE_SLOTS; i++) {
		engine_await(lane->engine);
		err = lane_stop(lane);
	}
	return err;
}

int lane_free(struct lane *lane)
{
	int err = stop_wait(lane);

	publication_end(lane);
	close(lane->area_fd);
	close(lane->wakes_daemon);
	close(lane->wakes_client);
	/* What can't be stopped still points here: kept for ever as well. */
	if (err || lane->under_way)
		return -ESHUTDOWN;
	for (unsigned int i = 0; i < WIRE_SLOTS; i++)
		slot_free(lane->slots[i]);
	for (unsigned int i = 0; i < WIRE_MODES; i++)
		plxdma_mode_free(lane->modes[i]);
	engine_leave(lane->engine, lane);
	wire_area_unmap(lane->ring.area);
	free(lane);
	return 0;
}
