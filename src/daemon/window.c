/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Windows: a local space lent to a client as memory.
 *
 * Policy says whether; the transport makes a descriptor that maps that space
 * and nothing else, and takes it back from whoever has it: when the client
 * leaves the card, when the claim ends under which it was lent, when somebody
 * else claims the card, when policy changes its mind, and with a reset. A
 * window writes registers past every other check, so it is never left to one
 * who may not write them.
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
	err = claims_permit_change(&card->claims, &tenant->claimant.party,
				   error);
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

static int owns_card(const struct tenant *tenant)
{
	return claims_owns_card(&tenant->card->claims,
				&tenant->claimant.party);
}

static void window_end(struct tenant *tenant, struct window *window)
{
	struct transport *transport = tenant->card->transport;

	if (window->handle)
		transport->ops->window_end(transport, window->handle);
	*window = (struct window){ .handle = 0 };
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
	window_end(tenant, &tenant->windows[bar - FIRST_BAR]);
	tenant->windows[bar - FIRST_BAR] = (struct window){
		.handle = handle, .claimed = owns_card(tenant),
	};
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
	for (int i = 0; i < TENANT_WINDOWS; i++)
		window_end(tenant, &tenant->windows[i]);
}

void windows_follow(struct tenant *tenant)
{
	const struct claims *claims = &tenant->card->claims;
	int owns = owns_card(tenant);
	int foreign = claims_permit_change(claims, &tenant->claimant.party,
					   NULL) != 0;

	for (int i = 0; i < TENANT_WINDOWS; i++) {
		if (foreign || (tenant->windows[i].claimed && !owns))
			window_end(tenant, &tenant->windows[i]);
	}
}
