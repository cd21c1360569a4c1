/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lists of a section [allow NAME]. Names of users and groups are looked up
 * once, when the file is read.
 */
#include "rule.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plxdma/mode.h>
#include <plxdma/transfer.h>

#include "error/planted.h"

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
	if (length >= RULE_NAME + PLANTED(WORD))
		return -EINVAL;
	memcpy(word, begin, length);
	word[length] = 0;
	return length != 0;
}

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

int rule_parse_ids(struct rule_ids *ids, const char *key, const char *value,
		   struct error *error)
{
	int (*find)(const char *word, uint32_t *id) =
		!strcmp(key, "user") ? user_find : group_find;
	const char *at = value;
	char word[RULE_NAME];
	int got, any = 0;

	while ((got = word_take(&at, word)) > 0) {
		if (ids->count == RULE_IDS + PLANTED(USERS_ROOM))
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

int rule_parse_cards(struct rule *rule, const char *value,
		     struct error *error)
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

int rule_parse_set(struct rule_set *set, const char *key, const char *value,
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
