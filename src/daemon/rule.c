/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keys of a section [allow NAME], and whom and what it fits. Names of users
 * and groups are looked up once, when the file is read.
 */
#include "rule.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plxdma/mode.h>
#include <plxdma/transfer.h>

#include "quantity.h"

#define SEPARATORS ", \t"
#define NOBODY UINT32_MAX	/* (uid_t)-1, which is no user */

const struct rule_word rule_channels[] = {
	{ "0", 0 }, { "1", 1 }, { NULL, 0 },
};

const struct rule_word rule_directions[] = {
	{ "to-host", PLXDMA_TO_HOST }, { "to-card", PLXDMA_TO_CARD },
	{ NULL, 0 },
};

/* As board files call them. */
const struct rule_word rule_modes[] = {
	{ "width", PLXDMA_MODE_WIDTH },
	{ "wait_states", PLXDMA_MODE_WAIT_STATES },
	{ "ready", PLXDMA_MODE_READY },
	{ "bterm", PLXDMA_MODE_BTERM },
	{ "burst", PLXDMA_MODE_BURST },
	{ "constant", PLXDMA_MODE_CONSTANT },
	{ "demand", PLXDMA_MODE_DEMAND },
	{ "eot", PLXDMA_MODE_EOT },
	{ "fast_terminate", PLXDMA_MODE_FAST_TERMINATE },
	{ "write_invalidate", PLXDMA_MODE_WRITE_INVALIDATE },
	{ "big_endian", PLXDMA_MODE_BIG_ENDIAN },
	{ NULL, 0 },
};

/* The next word of a list; 0 at its end, -EINVAL if it has no room. */
static int word_take(const char **at, char word[RULE_NAME])
{
	const char *begin = *at + strspn(*at, SEPARATORS);
	size_t length = strcspn(begin, SEPARATORS);

	*at = begin + length;
	if (length >= RULE_NAME)
		return -EINVAL;
	memcpy(word, begin, length);
	word[length] = 0;
	return length != 0;
}

/* "", where nothing else may be. */
static int wrong_list(const char *key, const char *value, const char *example,
		      struct error *error)
{
	return error_set(error, -EINVAL, "%s=%s: write a list, e.g. %s=%s", key,
			 value, key, example);
}

static int id_number(const char *word, uint32_t *id)
{
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)*word))
		return -EINVAL;
	errno = 0;
	number = strtoull(word, &end, 10);
	if (errno || *end || number >= NOBODY)
		return -EINVAL;
	*id = (uint32_t)number;
	return 0;
}

static int user_find(const char *word, uint32_t *id)
{
	const struct passwd *user = getpwnam(word);

	if (!user)
		return id_number(word, id);
	*id = user->pw_uid;
	return 0;
}

static int group_find(const char *word, uint32_t *id)
{
	const struct group *group = getgrnam(word);

	if (!group)
		return id_number(word, id);
	*id = group->gr_gid;
	return 0;
}

static int ids_set(struct rule_ids *ids, const char *key, const char *value,
		   int (*find)(const char *word, uint32_t *id),
		   struct error *error)
{
	const char *at = value;
	char word[RULE_NAME];
	int got, any = 0;

	while ((got = word_take(&at, word)) > 0) {
		if (ids->count == RULE_IDS)
			return error_set(error, -ENOSPC, "%s=%s: at most %d: "
					 "make it a group", key, value,
					 RULE_IDS);
		if (find(word, &ids->ids[ids->count]))
			return error_set(error, -ENOENT, "%s=%s: there is no "
					 "%s %s on this system: create it, or "
					 "write its number", key, value, key,
					 word);
		ids->count++;
		any = 1;
	}
	return got || !any ? wrong_list(key, value, "daq", error) : 0;
}

static int cards_set(struct rule *rule, const char *value, struct error *error)
{
	const char *at = value;
	char word[RULE_NAME];
	int got, any = 0;

	while ((got = word_take(&at, word)) > 0) {
		if (rule->card_count == RULE_CARDS)
			return error_set(error, -ENOSPC, "card=%s: at most %d "
					 "names: use patterns, e.g. dig*",
					 value, RULE_CARDS);
		strcpy(rule->cards[rule->card_count++], word);
		any = 1;
	}
	return got || !any ? wrong_list("card", value, "dig*", error) : 0;
}

static const struct rule_word *word_find(const struct rule_word *words,
					 const char *word)
{
	for (; words->word; words++) {
		if (!strcmp(words->word, word))
			return words;
	}
	return NULL;
}

static int set_refuse(const char *key, const char *value,
		      const struct rule_word *words, struct error *error)
{
	char all[160];
	size_t used = 0;

	all[0] = 0;
	for (; words->word && used < sizeof(all); words++)
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%s, ",
					 words->word);
	return error_set(error, -EINVAL, "%s=%s: a list of %sor none", key,
			 value, all);
}

static int set_parse(struct rule_set *set, const char *key, const char *value,
		     const struct rule_word *words, struct error *error)
{
	const char *at = value;
	char word[RULE_NAME];
	int got, any = 0;

	set->given = 1;
	if (!strcmp(value, "none")) {
		set->bits = 0;
		return 0;
	}
	while ((got = word_take(&at, word)) > 0) {
		const struct rule_word *known = word_find(words, word);

		if (!known)
			return set_refuse(key, value, words, error);
		set->bits |= UINT32_C(1) << known->bit;
		any = 1;
	}
	return got || !any ? set_refuse(key, value, words, error) : 0;
}

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
	if (strcmp(key, "claim") != 0)
		return -ENOKEY;
	err = rule_parse_allowed(&allowed, key, value, error);
	if (!err)
		rule->claim_refused = !allowed;
	return err;
}

static int whom_key(struct rule *rule, const char *key, const char *value,
		    struct error *error)
{
	if (!strcmp(key, "user"))
		return ids_set(&rule->users, key, value, user_find, error);
	if (!strcmp(key, "group"))
		return ids_set(&rule->groups, key, value, group_find, error);
	if (!strcmp(key, "card"))
		return cards_set(rule, value, error);
	if (!strcmp(key, "channel"))
		return set_parse(&rule->channels, key, value, rule_channels,
				 error);
	if (!strcmp(key, "direction"))
		return set_parse(&rule->directions, key, value,
				 rule_directions, error);
	if (!strcmp(key, "mode"))
		return set_parse(&rule->modes, key, value, rule_modes, error);
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
			 "write, claim-write, window, claim, tuning, reset, "
			 "eeprom, weight, max-arena, max-user-arena, "
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
