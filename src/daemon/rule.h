/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A section [allow NAME] of the configuration: what some programs may do with
 * some cards.
 *
 * Sections are asked in the order in which they were read, and the first that
 * fits who asks and the card decides alone: what it doesn't allow, no later one
 * adds. Whom none fits gets nothing. Without any section, everybody who may
 * connect may do what the card's own section allows to all.
 */
#ifndef DAEMON_RULE_H
#define DAEMON_RULE_H

#include <stdint.h>

#include "error/error.h"
#include "peer.h"
#include "policy.h"
#include "reach.h"

#define RULE_NAME 64		/* with its zero, as a card's */
#define RULE_IDS 32
#define RULE_CARDS 16
#define RULE_WHERE 96
#define RULE_WEIGHT_MOST 100

/* Whether the bus may be tuned. */
enum tuning_right {
	TUNING_CLAIM,		/* by who has claimed the card */
	TUNING_ALLOWED,
	TUNING_REFUSED,
};

/* uids or gids. */
struct rule_ids {
	unsigned int count;
	uint32_t ids[RULE_IDS];
};

/* One bit for each of a few things; all of them where nothing is said. */
struct rule_set {
	uint32_t given;
	uint32_t bits;
};

/* 0 stands for what the section [daemon] says. */
struct limits {
	uint64_t arena;			/* bytes, of one program */
	uint64_t user_arena;		/* of all programs of one user */
	unsigned int user_clients;	/* these programs */
	unsigned int user_in_flight;	/* their transfers under way */
};

struct rule {
	char name[RULE_NAME];
	char where[RULE_WHERE];		/* FILE:LINE of its beginning, or "" */
	struct rule_ids users;
	struct rule_ids groups;		/* with neither it fits everybody */
	char cards[RULE_CARDS][RULE_NAME];	/* patterns; none: all cards */
	unsigned int card_count;
	struct rule_set channels;
	struct rule_set directions;	/* by enum plxdma_direction */
	struct rule_set modes;		/* by enum plxdma_mode_item */
	struct policy policy;
	struct reach reach;
	int observe_refused;
	int window;
	int claim_refused;
	enum tuning_right tuning;
	int reset;
	int eeprom_writable;
	struct limits limits;
	unsigned int weight;		/* 0: 1 */
};

/* One key of it. 0 or a negative errno with a text. */
int rule_set_key(struct rule *rule, const char *key, const char *value,
		 struct error *error);
/* Keys that [daemon] knows as well; -ENOKEY without a text if it is none. */
int limits_set(struct limits *limits, const char *key, const char *value,
	       struct error *error);

int rule_fits_peer(const struct rule *rule, const struct peer *peer);
int rule_fits_card(const struct rule *rule, const char *card);

/* Values that cards have as well. */
int rule_parse_allowed(int *allowed, const char *key, const char *value,
		       struct error *error);
int rule_parse_tuning(enum tuning_right *tuning, const char *value,
		      struct error *error);
int rule_parse_eeprom(int *writable, const char *value, struct error *error);

/* Lists (rule_lists.c). Each adds to what is there. @key: "user" or "group". */
int rule_parse_ids(struct rule_ids *ids, const char *key, const char *value,
		   struct error *error);
int rule_parse_cards(struct rule *rule, const char *value,
		     struct error *error);
struct rule_word;
int rule_parse_set(struct rule_set *set, const char *key, const char *value,
		   const struct rule_word *words, struct error *error);

/* The names of a set's bits, for parsing and for printing. */
struct rule_word {
	const char *word;
	unsigned int bit;
};
extern const struct rule_word rule_channels[], rule_directions[],
	rule_modes[];		/* each ends with NULL */

#endif
