/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keys of a section [allow NAME], and whom and what it fits.
 */
#include "rule.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "quantity.h"

int rule_parse_allowed(int *allowed, const char *key, const char *value,
		       struct error *error)
{
	int is = !strcmp(value, "allowed");

	if (!is && strcmp(value, "refused") != 0)
		return error_set(error, -EINVAL, "%s=%s: allowed or refused",
				 key, value);
	*allowed = is;
	return 0;
}

int rule_parse_tuning(enum tuning_right *tuning, const char *value,
		      struct error *error)
{
	if (!strcmp(value, "claim"))
		*tuning = TUNING_CLAIM;
	else if (!strcmp(value, "allowed"))
		*tuning = TUNING_ALLOWED;
	else if (!strcmp(value, "refused"))
		*tuning = TUNING_REFUSED;
	else
		return error_set(error, -EINVAL, "tuning=%s: claim, allowed or "
				 "refused", value);
	return 0;
}

int rule_parse_eeprom(int *writable, const char *value, struct error *error)
{
	int is = !strcmp(value, "writable");

	if (!is && strcmp(value, "readonly") != 0)
		return error_set(error, -EINVAL, "eeprom=%s: readonly or "
				 "writable", value);
	*writable = is;
	return 0;
}

int limits_set(struct limits *limits, const char *key, const char *value,
	       struct error *error)
{
	if (!strcmp(key, "max-arena"))
		return quantity_parse(key, value, 1, 4096, UINT64_C(1) << 47,
				      &limits->arena, error);
	if (!strcmp(key, "max-user-arena"))
		return quantity_parse(key, value, 1, 4096, UINT64_C(1) << 47,
				      &limits->user_arena, error);
	if (!strcmp(key, "max-user-clients"))
		return quantity_count(key, value, 1, 1024,
				      &limits->user_clients, error);
	if (!strcmp(key, "max-user-in-flight"))
		return quantity_count(key, value, 1, 1000000,
				      &limits->user_in_flight, error);
	return -ENOKEY;
}

static int reach_key(struct rule *rule, const char *key, const char *value,
		     struct error *error)
{
	if (!strcmp(key, "deny"))
		return policy_deny(&rule->policy, value, error);
	if (!strcmp(key, "dma"))
		return policy_allow(&rule->policy, value, error);
	if (!strcmp(key, "read"))
		return reach_allow(&rule->reach.read, key, value, error);
	if (!strcmp(key, "write"))
		return reach_allow(&rule->reach.write, key, value, error);
	if (!strcmp(key, "claim-write"))
		return reach_allow(&rule->reach.claim_write, key, value,
				   error);
	return -ENOKEY;
}

static int right_key(struct rule *rule, const char *key, const char *value,
		     struct error *error)
{
	int allowed = 0, err;

	if (!strcmp(key, "window"))
		return rule_parse_allowed(&rule->window, key, value, error);
	if (!strcmp(key, "reset"))
		return rule_parse_allowed(&rule->reset, key, value, error);
	if (!strcmp(key, "tuning"))
		return rule_parse_tuning(&rule->tuning, value, error);
	if (!strcmp(key, "eeprom"))
		return rule_parse_eeprom(&rule->eeprom_writable, value, error);
	if (strcmp(key, "claim") != 0 && strcmp(key, "observe") != 0)
		return -ENOKEY;
	err = rule_parse_allowed(&allowed, key, value, error);
	if (!err && *key == 'c')
		rule->claim_refused = !allowed;
	else if (!err)
		rule->observe_refused = !allowed;
	return err;
}

static int whom_key(struct rule *rule, const char *key, const char *value,
		    struct error *error)
{
	if (!strcmp(key, "user"))
		return rule_parse_ids(&rule->users, key, value, error);
	if (!strcmp(key, "group"))
		return rule_parse_ids(&rule->groups, key, value, error);
	if (!strcmp(key, "card"))
		return rule_parse_cards(rule, value, error);
	if (!strcmp(key, "channel"))
		return rule_parse_set(&rule->channels, key, value,
				      rule_channels, error);
	if (!strcmp(key, "direction"))
		return rule_parse_set(&rule->directions, key, value,
				      rule_directions, error);
	if (!strcmp(key, "mode"))
		return rule_parse_set(&rule->modes, key, value, rule_modes,
				      error);
	if (!strcmp(key, "weight"))
		return quantity_count(key, value, 1, RULE_WEIGHT_MOST,
				      &rule->weight, error);
	return -ENOKEY;
}

int rule_set_key(struct rule *rule, const char *key, const char *value,
		 struct error *error)
{
	int err = whom_key(rule, key, value, error);

	if (err == -ENOKEY)
		err = reach_key(rule, key, value, error);
	if (err == -ENOKEY)
		err = right_key(rule, key, value, error);
	if (err == -ENOKEY)
		err = limits_set(&rule->limits, key, value, error);
	if (err != -ENOKEY)
		return err;
	return error_set(error, -EINVAL, "[allow] has no key %s: user, group, "
			 "card, channel, direction, mode, dma, deny, read, "
			 "write, claim-write, window, claim, observe, tuning, "
			 "reset, eeprom, weight, max-arena, max-user-arena, "
			 "max-user-clients, max-user-in-flight", key);
}

static int id_listed(const struct rule_ids *ids, uint32_t id)
{
	for (unsigned int i = 0; i < ids->count; i++) {
		if (ids->ids[i] == id)
			return 1;
	}
	return 0;
}

int rule_fits_peer(const struct rule *rule, const struct peer *peer)
{
	if (!rule->users.count && !rule->groups.count)
		return 1;
	if (id_listed(&rule->users, peer->uid))
		return 1;
	for (unsigned int i = 0; i < rule->groups.count; i++) {
		if (peer_in_group(peer, rule->groups.ids[i]))
			return 1;
	}
	return 0;
}

int rule_fits_card(const struct rule *rule, const char *card)
{
	for (unsigned int i = 0; i < rule->card_count; i++) {
		if (!fnmatch(rule->cards[i], card, 0))
			return 1;
	}
	return !rule->card_count;
}
