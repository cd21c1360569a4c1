/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client, from its first word to its death, which is an ordinary event.
 *
 * The order at the end is what makes it safe: nothing of its starts any more;
 * what runs is aborted, and the abort confirmed; the cards lose sight of its
 * memory; only then is the memory emptied, for whoever else still maps it, and
 * given back. (Not if it is the daemon that ends.) A card that can't be stopped
 * keeps the memory for ever.
 */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "error/planted.h"
#include "log.h"
#include "server.h"
#include "transport/transport.h"

static void on_packet(struct source *source)
{
	((struct client *)source)->readable = 1;
}

struct client *client_new(struct server *server, int fd,
			  const struct peer *peer)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->server = server;
	client->source.fd = fd;
	client->source.ready = on_packet;
	client->user = user_get(&server->users, peer->uid);
	if (!client->user)
		goto out_free;
	if (loop_add(server->loop, &client->source))
		goto out_put;
	client->peer = *peer;
	client->user->clients++;
	claimant_program(peer->pid, client->name, sizeof(client->name));
	return client;

out_put:
	user_put(&server->users, client->user);
out_free:
	free(client);
	return NULL;
}

static int lane_close(struct client *client, struct lane *lane)
{
	server_remove_lane(client->server, lane);
	return lane_free(lane);
}

static void batcher_end(struct client *client, struct tenant *tenant)
{
	if (!tenant->batcher)
		return;
	server_remove_batcher(client->server, tenant->batcher);
	batcher_free(tenant->batcher);
	tenant->batcher = NULL;
}

/* Everything that the client has of a card. 0 if the card has let go. */
static int tenant_end(struct client *client, struct tenant *tenant)
{
	int err = 0, result;

	for (int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (!tenant->lanes[i])
			continue;
		result = lane_close(client, tenant->lanes[i]);
		if (result)
			err = result;
		else
			tenant->lanes[i] = NULL;
	}
	batcher_end(client, tenant);
	result = tenant_free(tenant, err);
	return err ? err : result;
}

static void keep_for_ever(struct client *client, struct card *card)
{
	card->kept += client->arena ? client->arena->size : 0;
	log_error("memory-kept", "card %s: memory of client %d is kept for "
		  "ever: a channel that may still write to it can't be stopped",
		  card->name, (int)client->peer.pid);
}

int client_stop_card(struct tenant *tenant)
{
	int err = 0;

	for (int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (tenant->lanes[i] &&
		    lane_stop(tenant->lanes[i]) == -EINPROGRESS)
			err = -EINPROGRESS;
	}
	return err;
}

int client_leave(struct client *client)
{
	int err = 0;

	if (!client->left)
		loop_remove(client->server->loop, &client->source);
	client->left = 1;
	for (unsigned int i = 0; i < SETTINGS_CARDS; i++) {
		if (!client->tenants[i])
			continue;
		batcher_end(client, client->tenants[i]);
		if (client_stop_card(client->tenants[i]))
			err = -EINPROGRESS;
	}
	return err;
}

void client_close_card(struct client *client, struct tenant *tenant)
{
	struct card *card = tenant->card;

	client->tenants[tenant->number] = NULL;
	if (!tenant_end(client, tenant))
		return;
	keep_for_ever(client, card);
	tenant->next_kept = client->kept;
	client->kept = tenant;
}

/* A client that outlives the daemon goes on reading its memory. */
static void arena_end(struct client *client)
{
	client->user->arena -= client->arena->size;
	if (client->server->stop && !client->dead)
		arena_free(client->arena);
	else
		arena_destroy(client->arena);
}

void client_free(struct client *client)
{
	for (unsigned int i = 0; i < SETTINGS_CARDS; i++) {
		if (client->tenants[i])
			client_close_card(client, client->tenants[i]);
	}
	client->user->clients--;
	if (client->arena && !client->kept)
		arena_end(client);
	if (!client->left)
		loop_remove(client->server->loop, &client->source);
	close(client->source.fd);
	peer_clear(&client->peer);
	/* What is kept counts as its user's. */
	if (client->kept) {
		TAILQ_INSERT_TAIL(&client->server->kept, client, link);
		return;
	}
	user_put(&client->server->users, client->user);
	free(client);
}

static int number_free(const struct client *client)
{
	for (int i = 0; i < SETTINGS_CARDS; i++) {
		if (!client->tenants[i])
			return i;
	}
	return -1;
}

int client_one_card(const struct client *client, const struct card *card,
		    struct error *error)
{
	for (int i = 0; i < SETTINGS_CARDS; i++) {
		if (client->tenants[i] && client->tenants[i]->card != card)
			return error_set(error, -EBUSY, "who observes a stream "
					 "sees all of its owner's memory, so "
					 "memory with observers=yes is of one "
					 "card: open the others by themselves");
	}
	return 0;
}

int client_open_card(struct client *client, const char *name,
		     struct tenant **tenant, struct error *error)
{
	struct card *card = server_card(client->server, name);
	int number = number_free(client), err;

	if (!card)
		return error_set(error, -ENODEV, "plxdmad holds no card %.63s: "
				 "plxdma list names those it holds", name);
	if (client->arena && client->arena->read_only &&
	    client_one_card(client, card, error))
		return -EBUSY;
	if (number < 0)
		return error_set(error, -ENOSPC, "this connection has %d cards "
				 "open already: close one", SETTINGS_CARDS);
	*tenant = tenant_new(client, card);
	if (!*tenant)
		return error_set(error, -ENOMEM, "no memory");
	err = tenant_grant(*tenant, client->server->settings, error);
	if (!err && client->arena)
		err = tenant_attach(*tenant, client->arena, error);
	if (err) {
		tenant_free(*tenant, 0);
		return err;
	}
	(*tenant)->number = (unsigned int)number;
	client->tenants[number] = *tenant;
	return 0;
}

int client_open_channel(struct client *client, struct tenant *tenant,
			unsigned int index, struct error *error)
{
	struct lane *lane;
	int err = grant_check_channel(&tenant->grant, tenant->card->name,
				      index, error);

	if (err)
		return err;
	if (!client->arena)
		return error_set(error, -EINVAL, "no arena yet");
	if (tenant->lanes[index])
		return error_set(error, -EBUSY, "channel %u is open already",
				 index);
	if (dma_card_gone(tenant->card->dma))
		return error_set(error, -ENODEV, "card %s is gone: bind it "
				 "again and restart plxdmad",
				 tenant->card->name);
	if (!dma_card_in_service(tenant->card->dma))
		return error_set(error, -ESHUTDOWN, "card %s is out of "
				 "service: a channel could not be stopped",
				 tenant->card->name);
	err = lane_new(tenant, index, &lane);
	if (err)
		return error_set(error, err, "can't make a ring: %s",
				 strerror(-err));
	err = server_add_lane(client->server, lane);
	if (err) {
		lane_free(lane);
		return error_set(error, err, "can't watch a ring: %s",
				 strerror(-err));
	}
	tenant->lanes[index] = lane;
	lane_tell_claim(lane);
	return 0;
}

int client_close_channel(struct client *client, struct tenant *tenant,
			 unsigned int index, struct error *error)
{
	struct lane *lane = tenant->lanes[index];
	int err;

	if (!lane)
		return error_set(error, -EINVAL, "channel %u is not open",
				 index);
	err = lane_stop(lane);
	if (err == -EINPROGRESS)
		return err;
	lane->stuck = 0;
	if (err)
		return error_set(error, -ESHUTDOWN, "channel %u can't be "
				 "stopped: card %s is out of service", index,
				 tenant->card->name);
	if (!PLANTED(CHANNEL_CLOSED))
		tenant->lanes[index] = NULL;
	return lane_close(client, lane);
}

int client_open_batches(struct client *client, struct tenant *tenant,
			struct error *error)
{
	struct batcher *batcher;
	int err;

	if (tenant->batcher)
		return 0;
	err = batcher_new(tenant, &batcher);
	if (!err) {
		err = server_add_batcher(client->server, batcher);
		if (err)
			batcher_free(batcher);
	}
	if (err)
		return error_set(error, err, "can't make memory for "
				 "registers: %s", strerror(-err));
	tenant->batcher = batcher;
	return 0;
}
