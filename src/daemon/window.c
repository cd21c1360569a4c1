/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Windows: a local space lent to a client as memory.
 *
 * Policy says whether; the transport makes a descriptor that maps that space
 * and nothing else, and takes it back from whoever has it when the client
 * leaves the card.
 */
#include "window.h"

#include <errno.h>
#include <string.h>

#include "transport/transport.h"

#define FIRST_BAR 2
#define PAGE_SHIFT 12

static int allowed(const struct tenant *tenant, unsigned int bar,
		   struct error *error)
{
	const struct card *card = tenant->card;

	int err = grant_check_window(&tenant->grant, card->name, error);

	if (err)
		return err;
	if (bar < FIRST_BAR || bar >= FIRST_BAR + TENANT_WINDOWS)
		return error_set(error, -EINVAL, "card %s: BAR%u: the local "
				 "spaces are BAR2 and BAR3", card->name, bar);
	if (!card->transport->ops->window_lend)
		return error_set(error, -EOPNOTSUPP, "card %s: a software "
				 "card's spaces can't be mapped by another "
				 "process: use plxdma_batch()", card->name);
	return 0;
}

int window_lend(struct tenant *tenant, unsigned int bar, struct packet *answer,
		struct error *error)
{
	struct transport *transport = tenant->card->transport;
	uint32_t flags, handle;
	int fd, err;

	err = allowed(tenant, bar, error);
	if (err)
		return err;
	err = transport->ops->window_lend(transport, bar, &fd, &handle);
	if (err)
		return error_set(error, err, "card %s: BAR%u can't be lent: "
				 "%s", tenant->card->name, bar, err == -EPERM ?
				 "it shares a page with something else" :
				 strerror(-err));
	if (tenant->windows[bar - FIRST_BAR])
		transport->ops->window_end(transport,
					   tenant->windows[bar - FIRST_BAR]);
	tenant->windows[bar - FIRST_BAR] = handle;
	answer->message.count.count = (uint32_t)
		(transport->ops->bar_size(transport, bar, &flags) >>
		 PAGE_SHIFT);
	answer->fds[0] = fd;
	answer->fd_count = 1;
	answer->close_fds = 1;
	return 0;
}

void windows_end(struct tenant *tenant)
{
	struct transport *transport = tenant->card->transport;

	for (int i = 0; i < TENANT_WINDOWS; i++) {
		if (tenant->windows[i])
			transport->ops->window_end(transport,
						   tenant->windows[i]);
		tenant->windows[i] = 0;
	}
}
