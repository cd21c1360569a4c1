/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a card needs when it is opened, its spec, and the socket are only told
 * to differ: to give up a card is to end whoever uses it, which an
 * administrator does by a restart, knowingly.
 */
#include "reload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "window.h"

/* A card that is held, and no longer in the files: as it was. */
static void card_keep(struct settings *next, const struct card_settings *old)
{
	if (next->card_count < SETTINGS_CARDS) {
		next->cards[next->card_count++] = *old;
		return;
	}
	/* Then one of those isn't held: there are no more than that. */
	for (unsigned int i = 0; i < next->card_count; i++) {
		if (!next->cards[i].spec[0]) {
			next->cards[i] = *old;
			return;
		}
	}
}

static int is_held(const struct server *server, const char *name)
{
	for (unsigned int i = 0; i < server->card_count; i++) {
		if (!strcmp(server->cards[i]->name, name))
			return 1;
	}
	return 0;
}

/* New cards lose their spec here, which marks them as not held. */
static void cards_tell_new(const struct server *server, struct settings *next)
{
	for (unsigned int i = 0; i < next->card_count; i++) {
		if (is_held(server, next->cards[i].name))
			continue;
		log_warning("reload-card", "card %s is new: it needs a restart",
			    next->cards[i].name);
		next->cards[i].spec[0] = 0;
	}
}

static void cards_keep(const struct server *server, struct settings *next)
{
	for (unsigned int i = 0; i < server->card_count; i++) {
		const char *name = server->cards[i]->name;
		const struct card_settings *old =
			settings_card(server->settings, name);
		const struct card_settings *new = settings_card(next, name);

		if (!new) {
			log_warning("reload-card", "card %s is no longer "
				    "configured: it is held until a restart",
				    name);
			card_keep(next, old);
		} else if (strcmp(new->spec, old->spec) != 0) {
			log_warning("reload-card", "card %s has another spec: "
				    "it needs a restart", name);
		}
	}
}

static void socket_keep(const struct server *server, struct settings *next)
{
	if (!strcmp(next->socket, server->settings->socket))
		return;
	log_warning("reload-socket", "socket=%s: another socket needs a "
		    "restart", next->socket);
	memcpy(next->socket, server->settings->socket, sizeof(next->socket));
}

/* What a client has that it is no longer allowed to. */
static void tenant_restrict(struct tenant *tenant)
{
	struct claims *claims = &tenant->card->claims;
	const char *name = tenant->card->name;

	if (!tenant->grant.window)
		windows_end(tenant);
	for (int i = 0; i < CLAIMS; i++) {
		enum plxdma_claimed what = (enum plxdma_claimed)i;

		if (grant_check_claim(&tenant->grant, name, what, NULL))
			claims_revoke(claims, &tenant->claimant.party, what);
	}
}

static void client_grant_again(struct client *client,
			       const struct settings *settings)
{
	struct error error;

	for (unsigned int i = 0; i < SETTINGS_CARDS; i++) {
		struct tenant *tenant = client->tenants[i];

		if (!tenant)
			continue;
		if (tenant_grant(tenant, settings, &error))
			log_notice("reload-client", "client %d: %s",
				   (int)client->peer.pid, error.text);
		tenant_restrict(tenant);
	}
}

static void settings_use(struct server *server, struct settings *next)
{
	struct client *client;

	for (client = TAILQ_FIRST(&server->clients); client;
	     client = TAILQ_NEXT(client, link))
		client_grant_again(client, next);
	server->settings = next;
	for (unsigned int i = 0; i < server->card_count; i++)
		card_set_quantum(server->cards[i], next->quantum_ns);
	free(server->reloaded);
	server->reloaded = next;
}

void reload(struct server *server)
{
	struct settings *next;

	if (!server->load) {
		log_warning("reload-none", "there is no configuration to read "
			    "again");
		return;
	}
	next = malloc(sizeof(*next));
	if (!next || server->load(server->load_context, next)) {
		log_error("reload-wrong", "the configuration stays as it was: "
			  "%s", next ? "correct it and send SIGHUP again" :
			  "no memory");
		free(next);
		return;
	}
	cards_tell_new(server, next);
	cards_keep(server, next);
	socket_keep(server, next);
	settings_use(server, next);
	log_notice("reloaded", "configuration read again: %u sections [allow]",
		   next->rule_count);
}
