/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Metrics, as Prometheus and OpenMetrics read them. Series of a family stand
 * together below its HELP and TYPE, so each family is a walk over all cards.
 */
#include "tell.h"

#include <inttypes.h>

#include "config.h"

#include "client.h"
#include "server.h"

static const char *const directions[TALLY_DIRECTIONS] = {
	[PLXDMA_TO_HOST] = "to_host",
	[PLXDMA_TO_CARD] = "to_card",
};

/* NULL: nothing ends so. */
static const char *const statuses[TALLY_STATUSES] = {
	[PLXDMA_DONE] = "done",
	[PLXDMA_EOT] = "eot",
	[PLXDMA_CANCELLED] = "cancelled",
	[PLXDMA_TIMED_OUT] = "timed_out",
	[PLXDMA_MASTER_ABORT] = "master_abort",
	[PLXDMA_TARGET_ABORT] = "target_abort",
	[PLXDMA_STUCK] = "stuck",
	[PLXDMA_GONE] = "gone",
	[PLXDMA_RESET] = "reset",
	[PLXDMA_POLL_TIMED_OUT] = "poll_timed_out",
};

static const char *const refusals[TALLY_REFUSALS] = {
	[TALLY_AGAIN] = "queue_full",
	[TALLY_QUOTA] = "quota",
	[TALLY_CLAIMED] = "claimed",
	[TALLY_POLICY] = "policy",
	[TALLY_SERVICE] = "out_of_service",
	[TALLY_NONSENSE] = "invalid",
};

static const char *const doors[TALLY_DOORS] = {
	[TALLY_DOOR_FULL] = "full",
	[TALLY_DOOR_POLICY] = "policy",
	[TALLY_DOOR_DESCRIPTORS] = "descriptors",
	[TALLY_DOOR_OTHER] = "other",
};

static void family(FILE *file, const char *name, const char *type,
		   const char *help)
{
	fprintf(file, "# HELP plxdma_%s %s\n# TYPE plxdma_%s %s\n", name, help,
		name, type);
}

static void single(FILE *file, const char *name, const char *type,
		   const char *help, uint64_t value)
{
	family(file, name, type, help);
	fprintf(file, "plxdma_%s %" PRIu64 "\n", name, value);
}

static void transfers_of(FILE *file, const struct card *card,
			 unsigned int channel, unsigned int direction)
{
	const struct tally_channel *tally = &card->tallies[channel];

	for (unsigned int i = 0; i < TALLY_STATUSES; i++) {
		if (statuses[i])
			fprintf(file, "plxdma_transfers_total{card=\"%s\","
				"channel=\"%u\",direction=\"%s\","
				"status=\"%s\"} %" PRIu64 "\n", card->name,
				channel, directions[direction], statuses[i],
				tally->ended[direction][i]);
	}
}

static void bytes_of(FILE *file, const struct card *card, unsigned int channel,
		     unsigned int direction)
{
	fprintf(file, "plxdma_transferred_bytes_total{card=\"%s\","
		"channel=\"%u\",direction=\"%s\"} %" PRIu64 "\n", card->name,
		channel, directions[direction],
		card->tallies[channel].bytes[direction]);
}

static void refused_of(FILE *file, const struct card *card,
		       unsigned int channel, unsigned int direction)
{
	/* Who is refused may have said no direction. */
	for (unsigned int i = 0; !direction && i < TALLY_REFUSALS; i++)
		fprintf(file, "plxdma_refused_total{card=\"%s\","
			"channel=\"%u\",reason=\"%s\"} %" PRIu64 "\n",
			card->name, channel, refusals[i],
			card->tallies[channel].refused[i]);
}

static void running_of(FILE *file, const struct card *card,
		       unsigned int channel, unsigned int direction)
{
	if (!direction)
		fprintf(file, "plxdma_running{card=\"%s\",channel=\"%u\"} %u\n",
			card->name, channel, card->engines[channel].running);
}

static void claimed_of(FILE *file, const struct card *card,
		       unsigned int channel, unsigned int direction)
{
	if (!direction)
		fprintf(file, "plxdma_claimed{card=\"%s\",channel=\"%u\"} %d\n",
			card->name, channel,
			claims_holder(&card->claims,
				      (enum plxdma_claimed)channel) != NULL);
}

static const struct {
	const char *name;
	const char *type;
	const char *help;
	void (*put)(FILE *file, const struct card *card, unsigned int channel,
		    unsigned int direction);
} of_channels[] = {
	{ "transfers_total", "counter", "Transfers that ended, by how.",
	  transfers_of },
	{ "transferred_bytes_total", "counter", "Bytes known to have moved.",
	  bytes_of },
	{ "refused_total", "counter", "Requests that were refused, by why.",
	  refused_of },
	{ "running", "gauge", "Transfers that the channel has.", running_of },
	{ "claimed", "gauge", "1 if somebody holds the channel.", claimed_of },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void channels_tell(FILE *file, const struct server *server)
{
	for (unsigned int n = 0; n < COUNT(of_channels); n++) {
		family(file, of_channels[n].name, of_channels[n].type,
		       of_channels[n].help);
		for (unsigned int i = 0; i < server->card_count; i++) {
			for (unsigned int k = 0; k < PLXDMA_CHANNELS * 2; k++)
				of_channels[n].put(file, server->cards[i],
						   k / 2, k % 2);
		}
	}
}

static uint64_t in_service(struct card *card)
{
	return (uint64_t)dma_card_in_service(card->dma);
}

static uint64_t interrupts(struct card *card)
{
	struct plxdma_counters counters;

	dma_card_counters(card->dma, &counters);
	return counters.interrupts;
}

static uint64_t untold(struct card *card)
{
	return card->engines[0].untold + card->engines[1].untold;
}

static uint64_t faults(struct card *card)
{
	struct plxdma_counters counters;

	dma_card_counters(card->dma, &counters);
	return counters.faults;
}

static uint64_t resets(struct card *card)
{
	return dma_card_resets(card->dma);
}

static uint64_t claims(struct card *card)
{
	return card->claims.granted;
}

static uint64_t kept(struct card *card)
{
	return card->kept;
}

static const struct {
	const char *name;
	const char *type;
	const char *help;
	uint64_t (*value)(struct card *card);
} of_cards[] = {
	{ "in_service", "gauge", "1 if the card takes transfers.",
	  in_service },
	{ "interrupts_total", "counter", "Interrupts handled.", interrupts },
	{ "interrupts_lost_total", "counter",
	  "Ends of transfers that should have been told of, and weren't.",
	  untold },
	{ "faults_total", "counter", "Transfers that ended by a fault.",
	  faults },
	{ "resets_total", "counter", "Resets of the card.", resets },
	{ "claims_total", "counter", "Claims that were granted.", claims },
	{ "kept_bytes", "gauge",
	  "Memory kept since a channel couldn't be stopped.", kept },
};

static void cards_tell(FILE *file, const struct server *server)
{
	for (unsigned int n = 0; n < COUNT(of_cards); n++) {
		family(file, of_cards[n].name, of_cards[n].type,
		       of_cards[n].help);
		for (unsigned int i = 0; i < server->card_count; i++)
			fprintf(file, "plxdma_%s{card=\"%s\"} %" PRIu64 "\n",
				of_cards[n].name, server->cards[i]->name,
				of_cards[n].value(server->cards[i]));
	}
}

static void doors_tell(FILE *file, const struct tally_server *tally)
{
	family(file, "turned_away_total", "counter",
	       "Connections that were not let in, by why.");
	for (unsigned int i = 0; i < TALLY_DOORS; i++)
		fprintf(file, "plxdma_turned_away_total{reason=\"%s\"} %" PRIu64
			"\n", doors[i], tally->turned_away[i]);
}

static uint64_t arenas(const struct server *server)
{
	const struct client *client;
	uint64_t bytes = 0;

	for (client = TAILQ_FIRST(&server->clients); client;
	     client = TAILQ_NEXT(client, link))
		bytes += client->arena ? client->arena->size : 0;
	return bytes;
}

void metrics_tell(struct server *server, FILE *file)
{
	const struct tally_server *tally = &server->tally;

	family(file, "build_info", "gauge", "1, with the version as a label.");
	fprintf(file, "plxdma_build_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
	cards_tell(file, server);
	channels_tell(file, server);
	single(file, "clients", "gauge", "Connections that are open.",
	       server->client_count);
	single(file, "connects_total", "counter",
	       "Connections that were let in.", tally->connects);
	doors_tell(file, tally);
	single(file, "arena_bytes", "gauge", "Memory lent to clients.",
	       arenas(server));
	single(file, "turns_total", "counter", "Turns of the work loop.",
	       tally->turns);
	single(file, "sleeps_total", "counter", "Times that it slept.",
	       tally->sleeps);
	single(file, "uptime_seconds", "gauge", "Since the start.",
	       (loop_now() - server->since) / 1000000000);
}
