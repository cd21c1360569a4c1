/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Windows: a local space that the daemon lends as a descriptor, mapped here.
 *
 * A child's mapping would outlive its parent's lease, so there is none.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "client/card.h"

#define FIRST_BAR 2
#define PAGE_SHIFT 12

static void window_drop(struct client_window *window)
{
	if (window->address)
		munmap(window->address, window->size);
	window->address = NULL;
}

static int window_take(struct client_window *window, const struct packet *packet,
		       unsigned int bar, struct error *error)
{
	const size_t size = (size_t)packet->message.count.count << PAGE_SHIFT;
	void *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			     packet->fds[0], 0);

	if (address == MAP_FAILED)
		return error_set(error, -errno, "BAR%u can't be mapped: %s",
				 bar, strerror(errno));
	(void)madvise(address, size, MADV_DONTFORK);
	window_drop(window);
	*window = (struct client_window){ address, size };
	return 0;
}

int client_window_map(struct plxdma_card *front, unsigned int bar,
		      volatile void **address, size_t *size,
		      struct error *error)
{
	struct client_card *card = client_card(front);
	struct client_window *window;
	struct packet packet;
	int err;

	connection_request(&packet, WIRE_WINDOW);
	packet.message.window.card = card->number;
	packet.message.window.bar = bar;
	err = connection_ask(&card->share->connection, &packet, 1, error);
	if (err)
		return err;
	if (bar - FIRST_BAR >= CLIENT_WINDOWS) {
		packet_close_fds(&packet);
		return -EPROTO;
	}
	window = &card->windows[bar - FIRST_BAR];
	pthread_mutex_lock(&card->lock);
	err = window_take(window, &packet, bar, error);
	if (!err) {
		*address = window->address;
		*size = window->size;
	}
	pthread_mutex_unlock(&card->lock);
	packet_close_fds(&packet);
	return err;
}

int client_window_unmap(struct plxdma_card *front, unsigned int bar,
			struct error *error)
{
	struct client_card *card = client_card(front);
	int mapped = 0;

	if (bar - FIRST_BAR < CLIENT_WINDOWS) {
		pthread_mutex_lock(&card->lock);
		mapped = card->windows[bar - FIRST_BAR].address != NULL;
		window_drop(&card->windows[bar - FIRST_BAR]);
		pthread_mutex_unlock(&card->lock);
	}
	return mapped ? 0 : error_set(error, -EINVAL, "BAR%u is not mapped",
				      bar);
}

void client_windows_close(struct client_card *card)
{
	for (int i = 0; i < CLIENT_WINDOWS; i++)
		window_drop(&card->windows[i]);
}
