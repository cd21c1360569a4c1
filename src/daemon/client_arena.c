/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client's arena: of hugepages, a sealed file that is passed on; or, where
 * its card doesn't reach them, of memory that the transport has below 4 GiB,
 * whose parts are lent one by one and end with the arena, whoever maps them.
 */
#include "client.h"

#include <errno.h>
#include <string.h>

#include "log.h"
#include "server.h"
#include "transport/transport.h"

/* What the client asks for, where it asks, else what the card says. */
static int arena_wanted(const struct client *client,
			const struct wire_arena *wanted,
			struct arena_options *options, struct error *error)
{
	const struct tenant *tenant = client->tenants[wanted->card];
	const struct card *card = tenant->card;

	*options = card->arena;
	if (wanted->size)
		options->size = wanted->size;
	if (wanted->node >= 0)
		options->node = wanted->node;
	if (wanted->page_size == WIRE_SMALL_PAGES) {
		options->flags |= ARENA_SMALL_PAGES;
	} else if (wanted->page_size) {
		options->page_size = wanted->page_size;
		options->flags &= ~ARENA_SMALL_PAGES;
	}
	if (wanted->observed)
		options->flags |= ARENA_READ_ONLY;
	if (options->flags & ARENA_SMALL_PAGES) {
		options->page_size = 0;
		if (!card->transport->info.small_pages)
			return error_set(error, -ENOTSUP, "card %s takes no "
					 "arena of small pages: leave out "
					 "pages=small", card->name);
	}
	return user_check_arena(client->user, &tenant->grant, options->size,
				error);
}

static void detach_all(struct client *client)
{
	for (unsigned int i = 0; i < SETTINGS_CARDS; i++) {
		if (client->tenants[i] && client->tenants[i]->map)
			dma_detach(client->tenants[i]->map);
		if (client->tenants[i])
			client->tenants[i]->map = NULL;
	}
}

static int attach_all(struct client *client, struct arena *arena,
		      struct error *error)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < SETTINGS_CARDS; i++) {
		if (client->tenants[i])
			err = tenant_attach(client->tenants[i], arena, error);
	}
	if (err)
		detach_all(client);
	return err;
}

static int all_reach(const struct client *client)
{
	for (unsigned int i = 0; i < SETTINGS_CARDS; i++) {
		if (client->tenants[i] && client->tenants[i]->map &&
		    !dma_map_reached(client->tenants[i]->map))
			return 0;
	}
	return 1;
}

static int hugepages(struct client *client, const struct arena_options *options,
		     struct arena **made, struct error *error)
{
	struct arena *arena;
	int err = arena_new(options, &arena, error);

	if (err)
		return err;
	if (!arena->sealed) {
		arena_destroy(arena);
		return error_set(error, -ENOTSUP, "these hugepages can't be "
				 "sealed, so no client may have them: "
				 "the kernel needs memfd with hugepages");
	}
	err = attach_all(client, arena, error);
	if (err) {
		arena_destroy(arena);
		return err;
	}
	*made = arena;
	return 0;
}

/* What the card's transport has for a card that doesn't reach hugepages. */
static int below(struct client *client, struct transport *transport,
		 size_t size, struct arena **made, struct error *error)
{
	int err = transport->ops->arena_below(transport, size, made, error);

	if (err)
		return err;
	err = attach_all(client, *made, error);
	if (err)
		arena_destroy(*made);
	return err;
}

/* -EACCES: the kernel would bounce hugepages. */
static int beyond_reach(const struct client *client, const struct card *card,
			int err)
{
	struct plxdma_card_info info = { .size = sizeof(info) };

	if (!card->transport->ops->arena_below)
		return 0;
	if (!err)
		return !all_reach(client);
	dma_card_info(card->dma, &info);
	return err == -EACCES && !info.dac && !info.iommu;
}

/* Whole pages may be more than what was asked for, and allowed. */
static int arena_adopt(struct client *client, const struct wire_arena *wanted,
		       struct arena *arena, struct error *error)
{
	int err = user_check_arena(client->user,
				   &client->tenants[wanted->card]->grant,
				   arena->size, error);

	if (err) {
		detach_all(client);
		arena_destroy(arena);
		return err;
	}
	client->arena = arena;
	client->user->arena += arena->size;
	return 0;
}

int client_arena(struct client *client, const struct wire_arena *wanted,
		 struct error *error)
{
	const struct card *card = client->tenants[wanted->card]->card;
	struct arena_options options;
	struct arena *arena;
	int err;

	if (client->arena && client->arena->read_only != (int)wanted->observed)
		return error_set(error, -EBUSY, "this connection's memory was "
				 "made %s: open another one",
				 client->arena->read_only ? "for observers" :
							    "without observers");
	if (client->arena)
		return 0;
	if (wanted->observed && client_one_card(client, card, error))
		return -EBUSY;
	err = arena_wanted(client, wanted, &options, error);
	if (err)
		return err;
	err = hugepages(client, &options, &arena, error);
	if (beyond_reach(client, card, err)) {
		if (!err) {
			detach_all(client);
			arena_destroy(arena);
		}
		if (wanted->observed)
			return error_set(error, -ENOTSUP, "card %s doesn't "
					 "reach hugepages, and other memory "
					 "can't be observed: leave out "
					 "observers=yes", card->name);
		err = below(client, card->transport, options.size, &arena,
			    error);
	}
	if (!err)
		err = arena_adopt(client, wanted, arena, error);
	return err;
}

static int part_lend(const struct client *client, unsigned int part, int *fd)
{
	const struct transport_ops *ops;
	struct transport *transport;
	int err = -EINVAL;

	/* The one whose memory it is takes it. */
	for (unsigned int i = 0; err == -EINVAL && i < SETTINGS_CARDS; i++) {
		if (!client->tenants[i])
			continue;
		transport = client->tenants[i]->card->transport;
		ops = transport->ops;
		if (ops->below_lend)
			err = ops->below_lend(transport, client->arena, part,
					      fd);
	}
	return err;
}

int client_arena_part(struct client *client, unsigned int part, int *fd,
		      struct error *error)
{
	const struct arena *arena = client->arena;
	int err = -EINVAL;

	if (arena && arena->release && part < arena->pages)
		err = part_lend(client, part, fd);
	return err ? error_set(error, err, "part %u of the arena can't be "
			       "lent: %s", part, strerror(-err)) : 0;
}

void client_look_for_holes(struct client *client)
{
	size_t holes = 0;

	if (!client->arena || client->holed)
		return;
	/* Whoever may not see frames, as under the unit, sees holes. */
	arena_verify(client->arena, &holes);
	if (!holes)
		return;
	client->holed = 1;
	log_warning("arena-holes", "client %d: its arena has %zu holes and is "
		    "closed", (int)client->peer.pid, holes);
}
