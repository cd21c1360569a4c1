/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making a grant: a card's section is what is possible at all, the section
 * that fits says for whom.
 */
#include "grant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "settings.h"

/* Of the clients that there may be, one user leaves some to the others. */
#define OTHERS_CLIENTS 4
#define ARENAS_OF_A_USER 4
#define DEFAULT_IN_FLIGHT 4096

const struct rule *grant_rule(const struct settings *settings,
			      const struct peer *peer, const char *card)
{
	for (unsigned int i = 0; i < settings->rule_count; i++) {
		const struct rule *rule = &settings->rules[i];

		if (rule_fits_peer(rule, peer) &&
		    (!card || rule_fits_card(rule, card)))
			return rule;
	}
	return NULL;
}

int grant_refuses(const struct settings *settings, const struct peer *peer,
		  const char *card, struct error *error)
{
	if (!settings->rule_count || grant_rule(settings, peer, card))
		return 0;
	return error_set(error, -EACCES, "policy: no section [allow ...] fits "
			 "user %u%s%s; ask whoever keeps user=, group= and "
			 "card= in plxdmad.conf", (unsigned int)peer->uid,
			 card ? " and card " : "", card ? card : "");
}

static uint64_t or_else(uint64_t number, uint64_t other)
{
	return number ? number : other;
}

void grant_limits(struct grant *grant, const struct settings *settings,
		  const struct rule *rule)
{
	static const struct limits none;
	const struct limits *own = rule ? &rule->limits : &none;
	const struct limits *all = &settings->limits;
	unsigned int clients = settings->max_clients;

	grant->max_arena = or_else(own->arena, all->arena);
	grant->max_user_arena =
		or_else(or_else(own->user_arena, all->user_arena),
			ARENAS_OF_A_USER * grant->max_arena);
	grant->max_user_clients = (unsigned int)
		or_else(or_else(own->user_clients, all->user_clients),
			clients - clients / OTHERS_CLIENTS);
	grant->max_user_in_flight = (unsigned int)
		or_else(or_else(own->user_in_flight, all->user_in_flight),
			DEFAULT_IN_FLIGHT);
	grant->weight = rule && rule->weight ? rule->weight : 1;
	if (rule)
		snprintf(grant->section, sizeof(grant->section), "[allow %s]",
			 rule->name);
}

static uint32_t bits_of(const struct rule_set *set)
{
	return set->given ? set->bits : UINT32_MAX;
}

static void rights_of_all(struct grant *grant,
			  const struct card_settings *card)
{
	grant->channels = grant->directions = grant->modes = UINT32_MAX;
	grant->policy = card->policy;
	grant->reach = card->reach;
	grant->claim = 1;
	grant->observe = 1;
	grant->window = card->window;
	grant->tuning = card->tuning;
	/* The card's spec says as well: that is the driver's. */
	grant->reset = 1;
	grant->eeprom_writable = card->eeprom_writable;
}

/* The stricter of the two. */
static enum tuning_right tuning_both(enum tuning_right a, enum tuning_right b)
{
	if (a == TUNING_REFUSED || b == TUNING_REFUSED)
		return TUNING_REFUSED;
	return a == TUNING_CLAIM || b == TUNING_CLAIM ? TUNING_CLAIM :
							TUNING_ALLOWED;
}

static int rights_of_some(struct grant *grant,
			  const struct card_settings *card,
			  const struct rule *rule, struct error *error)
{
	int err = reach_both(&card->reach, &rule->reach, &grant->reach);

	if (err)
		return error_set(error, err, "[allow %s] and [card %s] have "
				 "more than %d register ranges in common: "
				 "list fewer", rule->name, card->name,
				 RANGES_MOST);
	policy_both(&card->policy, &rule->policy, &grant->policy);
	grant->channels = bits_of(&rule->channels);
	grant->directions = bits_of(&rule->directions);
	grant->modes = bits_of(&rule->modes);
	grant->claim = !rule->claim_refused;
	grant->observe = !rule->observe_refused;
	grant->window = card->window && rule->window;
	grant->tuning = tuning_both(card->tuning, rule->tuning);
	grant->reset = rule->reset;
	grant->eeprom_writable = card->eeprom_writable &&
				 rule->eeprom_writable;
	return 0;
}

int grant_make(struct grant *grant, const struct settings *settings,
	       const struct card_settings *card, const struct rule *rule,
	       struct error *error)
{
	unsigned int serial = grant->serial + 1;
	int err = 0;

	memset(grant, 0, sizeof(*grant));
	grant_limits(grant, settings, rule);
	if (rule)
		err = rights_of_some(grant, card, rule, error);
	else
		rights_of_all(grant, card);
	if (err)
		grant_nothing(grant);
	grant->serial = serial;
	return err;
}

void grant_nothing(struct grant *grant)
{
	unsigned int serial = grant->serial + 1;

	memset(grant, 0, sizeof(*grant));
	grant->serial = serial;
	grant->weight = 1;
	grant->tuning = TUNING_REFUSED;
	/* No quota, so that it is policy that is named. */
	grant->max_user_in_flight = UINT32_MAX;
	policy_allow(&grant->policy, "none", NULL);
	reach_close(&grant->reach);
}
