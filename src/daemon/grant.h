/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one client may do with one card: the card's own section and the section
 * [allow NAME] that fits, made one when the card is opened and when the
 * configuration is read again. Whatever is asked later asks this.
 */
#ifndef DAEMON_GRANT_H
#define DAEMON_GRANT_H

#include <stdint.h>

#include <plxdma/claim.h>

#include "error/error.h"
#include "policy.h"
#include "reach.h"
#include "rule.h"

struct card_settings;
struct plxdma_mode;
struct settings;

struct grant {
	char section[RULE_NAME + 8];	/* "[allow NAME]", "" without any */
	unsigned int serial;		/* another one each time it is made */
	uint32_t channels;		/* a bit for each */
	uint32_t directions;
	uint32_t modes;			/* fields that may leave their default */
	struct policy policy;
	struct reach reach;
	int claim;
	int observe;
	int window;
	enum tuning_right tuning;
	int reset;
	int eeprom_writable;
	uint64_t max_arena;
	uint64_t max_user_arena;
	unsigned int max_user_clients;
	unsigned int max_user_in_flight;
	unsigned int weight;		/* of its share of a channel */
};

/* The first section that fits, NULL: none. @card may be NULL: any. */
const struct rule *grant_rule(const struct settings *settings,
			      const struct peer *peer, const char *card);
/* Is there none that fits, where there are some? */
int grant_refuses(const struct settings *settings, const struct peer *peer,
		  const char *card, struct error *error);

/* @rule: NULL if no section is there. 0, or -ENOSPC with a text. */
int grant_make(struct grant *grant, const struct settings *settings,
	       const struct card_settings *card, const struct rule *rule,
	       struct error *error);
/* Nothing, as no section fits any more. */
void grant_nothing(struct grant *grant);
/* What holds without a card: quotas. */
void grant_limits(struct grant *grant, const struct settings *settings,
		  const struct rule *rule);

/* What follows: 0, or -EACCES with a text that says who may change that. @card
 * is its name. */
int grant_check_channel(const struct grant *grant, const char *card,
			unsigned int channel, struct error *error);
int grant_check_direction(const struct grant *grant, const char *card,
			  unsigned int direction, struct error *error);
int grant_check_mode(const struct grant *grant, const char *card,
		     const struct plxdma_mode *mode, struct error *error);
/* -ERANGE beyond 4 GiB. */
int grant_check_local(const struct grant *grant, const char *card,
		      uint32_t local, uint64_t length, int constant,
		      struct error *error);
int grant_check_claim(const struct grant *grant, const char *card,
		      enum plxdma_claimed what, struct error *error);
int grant_check_observe(const struct grant *grant, const char *card,
			struct error *error);
int grant_check_window(const struct grant *grant, const char *card,
		       struct error *error);
/* @owns: has it claimed the card? -EPERM if that would help. */
int grant_check_tuning(const struct grant *grant, const char *card, int owns,
		       struct error *error);
int grant_check_reset(const struct grant *grant, const char *card,
		      struct error *error);

#endif
