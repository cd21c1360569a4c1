/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Status: cards, their channels, and who uses them, as it is now. Everybody
 * who may connect sees all clients, by process, user, program and sums.
 */
#include "tell.h"

#include <stdio.h>
#include <unistd.h>

#include "config.h"

#include "client.h"
#include "json.h"
#include "server.h"
#include "transport/transport.h"

static const char *pin_name(uint32_t pin)
{
	static const char *const names[] = { "none", "migration", "owner" };

	return pin < 3 ? names[pin] : "unknown";
}

static void holder_tell(struct json *json, const char *key,
			const struct claims *claims, enum plxdma_claimed what,
			uint64_t now)
{
	const struct claim_hold *hold = claims_holder(claims, what);

	if (!hold)
		return;
	json_begin(json, key, '{');
	json_number(json, "pid", (uint64_t)hold->party->pid);
	json_number(json, "uid", hold->party->uid);
	json_text(json, "name", hold->party->name);
	if (hold->until != CLAIM_NEVER)
		json_number(json, "lease_ms", hold->until > now ?
			    (hold->until - now) / 1000000 : 0);
	json_end(json, '}');
}

static unsigned int waits_count(const struct claims *claims,
				enum plxdma_claimed what)
{
	const struct claim_wait *wait;
	unsigned int count = 0;

	for (wait = TAILQ_FIRST(&claims->waits); wait;
	     wait = TAILQ_NEXT(wait, link))
		count += wait->what == what;
	return count;
}

/* Lanes that are open on a channel, and what they have under way. */
static unsigned int lanes_count(const struct card *card, unsigned int index,
				unsigned int *under_way)
{
	const struct tenant *tenant;
	unsigned int count = 0;

	*under_way = 0;
	for (tenant = TAILQ_FIRST(&card->tenants); tenant;
	     tenant = TAILQ_NEXT(tenant, link)) {
		if (!tenant->lanes[index])
			continue;
		count++;
		*under_way += tenant->lanes[index]->under_way;
	}
	return count;
}

static void sums_tell(struct json *json, const struct tally_channel *tally)
{
	uint64_t transfers = 0, faults = 0, refused = 0;

	for (unsigned int i = 0; i < TALLY_DIRECTIONS; i++) {
		for (unsigned int k = 0; k < TALLY_STATUSES; k++) {
			transfers += tally->ended[i][k];
			faults += k >= PLXDMA_MASTER_ABORT ?
				  tally->ended[i][k] : 0;
		}
	}
	for (unsigned int i = 0; i < TALLY_REFUSALS; i++)
		refused += tally->refused[i];
	json_number(json, "transfers", transfers);
	json_number(json, "bytes_to_host", tally->bytes[PLXDMA_TO_HOST]);
	json_number(json, "bytes_to_card", tally->bytes[PLXDMA_TO_CARD]);
	json_number(json, "faults", faults);
	json_number(json, "refused", refused);
}

static void channel_tell(struct json *json, const struct card *card,
			 unsigned int index, uint64_t now)
{
	const unsigned int running = card->engines[index].running;
	unsigned int under_way, lanes = lanes_count(card, index, &under_way);

	json_begin(json, NULL, '{');
	json_number(json, "index", index);
	holder_tell(json, "holder", &card->claims,
		    (enum plxdma_claimed)index, now);
	json_number(json, "waiting",
		    waits_count(&card->claims, (enum plxdma_claimed)index));
	json_number(json, "users", lanes);
	json_number(json, "queued",
		    under_way > running ? under_way - running : 0);
	json_number(json, "running", running);
	sums_tell(json, &card->tallies[index]);
	json_end(json, '}');
}

static void card_tell(struct json *json, const struct card *card, uint64_t now)
{
	struct plxdma_counters counters;
	struct plxdma_card_info info;
	unsigned int tenants = 0;
	const struct tenant *tenant;

	dma_card_info(card->dma, &info);
	dma_card_counters(card->dma, &counters);
	for (tenant = TAILQ_FIRST(&card->tenants); tenant;
	     tenant = TAILQ_NEXT(tenant, link))
		tenants++;
	json_begin(json, NULL, '{');
	json_text(json, "name", card->name);
	json_text(json, "transport", info.transport);
	json_text(json, "chip", info.chip_name);
	json_text(json, "pci", info.pci);
	json_flag(json, "in_service", info.in_service != 0);
	json_text(json, "pin", pin_name(info.pin));
	json_flag(json, "iommu", info.iommu != 0);
	json_number(json, "memory_kept", card->kept);
	json_number(json, "users", tenants);
	json_number(json, "faults", counters.faults);
	json_number(json, "resets", dma_card_resets(card->dma));
	json_number(json, "interrupts", counters.interrupts);
	holder_tell(json, "holder", &card->claims, PLXDMA_CLAIM_CARD, now);
	json_number(json, "waiting",
		    waits_count(&card->claims, PLXDMA_CLAIM_CARD));
	json_begin(json, "channels", '[');
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++)
		channel_tell(json, card, i, now);
	json_end(json, ']');
	json_end(json, '}');
}

static unsigned int in_flight(const struct client *client)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < SETTINGS_CARDS; i++) {
		const struct tenant *tenant = client->tenants[i];

		for (int k = 0; tenant && k < PLXDMA_CHANNELS; k++)
			count += tenant->lanes[k] ?
				 tenant->lanes[k]->under_way : 0;
	}
	return count;
}

static void arena_tell(struct json *json, const struct arena *arena)
{
	json_number(json, "arena", arena ? arena->size : 0);
	if (!arena)
		return;
	json_number(json, "arena_page", arena->page_size);
	json_text(json, "pin", pin_name((uint32_t)arena->pin));
	json_number(json, "pages_moved", (uint64_t)arena->moved);
}

static void client_tell(struct json *json, const struct client *client,
			const struct client *asker)
{
	json_begin(json, NULL, '{');
	json_number(json, "pid", (uint64_t)client->peer.pid);
	json_number(json, "uid", client->peer.uid);
	json_text(json, "name", client->name);
	if (client == asker)
		json_flag(json, "asks", 1);
	json_begin(json, "cards", '[');
	for (unsigned int i = 0; i < SETTINGS_CARDS; i++) {
		if (client->tenants[i])
			json_text(json, NULL, client->tenants[i]->card->name);
	}
	json_end(json, ']');
	arena_tell(json, client->arena);
	json_number(json, "in_flight", in_flight(client));
	json_number(json, "requests", client->tally.requests);
	json_number(json, "refused", client->tally.refused);
	json_number(json, "bytes", client->tally.bytes);
	json_flag(json, "holed", client->holed);
	json_end(json, '}');
}

void status_tell(const struct client *asker, FILE *file)
{
	const struct server *server = asker->server;
	const struct client *client;
	const uint64_t now = loop_now();
	struct json json = { .file = file };

	json_begin(&json, NULL, '{');
	json_text(&json, "schema", "plxdma.status/1");
	json_text(&json, "plxdma", PACKAGE_VERSION);
	json_number(&json, "pid", (uint64_t)getpid());
	json_number(&json, "now_ns", now);
	json_number(&json, "uptime_ms", (now - server->since) / 1000000);
	json_number(&json, "max_clients", server->settings->max_clients);
	json_begin(&json, "cards", '[');
	for (unsigned int i = 0; i < server->card_count; i++)
		card_tell(&json, server->cards[i], now);
	json_end(&json, ']');
	json_begin(&json, "clients", '[');
	for (client = TAILQ_FIRST(&server->clients); client;
	     client = TAILQ_NEXT(client, link))
		client_tell(&json, client, asker);
	json_end(&json, ']');
	json_end(&json, '}');
	fputc('\n', file);
}
