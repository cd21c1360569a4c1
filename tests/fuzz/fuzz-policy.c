/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What policy allows: the input becomes lines of a section [card a] and a
 * section [allow b], set as from the file, and a grant is made of both. It is
 * asked at the edges of every line, and says what an oracle says that only
 * knows the lines; the same with what both sections say besides ranges.
 *
 * Six bytes are a line: key, section and space; where it begins (2) and how
 * long it is (2); what to ask there.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plxdma/transfer.h>

#include "chip/mode.h"
#include "daemon/grant.h"
#include "daemon/settings.h"
#include "oracle.h"

#define LINE 6

static const char *const keys[ORACLE_KEYS] = {
	[ORACLE_DENY] = "deny", [ORACLE_DMA] = "dma", [ORACLE_READ] = "read",
	[ORACLE_WRITE] = "write", [ORACLE_CLAIM_WRITE] = "claim-write",
};

static const char *const words[][2] = {
	{ "channel", "0" }, { "channel", "1" }, { "channel", "none" },
	{ "direction", "to-host" }, { "direction", "to-card" },
	{ "mode", "width,burst" }, { "mode", "none" },
	{ "claim", "refused" }, { "window", "allowed" },
	{ "tuning", "allowed" }, { "tuning", "refused" },
	{ "tuning", "claim" }, { "reset", "allowed" },
	{ "eeprom", "writable" }, { "group", "1" }, { "card", "a*" },
	{ "card", "z" }, { "weight", "7" }, { "user", "77" },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

static const char *const sections[2] = { "card a", "allow b" };

static struct settings settings;
static struct oracle oracles[2];
static struct grant grant;

struct line {
	unsigned int section;
	unsigned int key;		/* ORACLE_KEYS and above: a word */
	struct oracle_line range;
	int none;
};

static void line_read(const uint8_t *data, struct line *line)
{
	static const uint8_t spaces[] = {
		PLXDMA_SPACE_CHIP, PLXDMA_SPACE_BAR2, PLXDMA_SPACE_BAR3,
		PLXDMA_SPACE_CONFIG,
	};
	uint32_t first = data[1] | (uint32_t)data[2] << 8;
	uint32_t length = data[3] | (uint32_t)(data[4] & 0x7f) << 8;

	line->section = data[0] & 1;
	line->key = (data[0] >> 1 & 7u) % (ORACLE_KEYS + 1);
	line->none = data[0] == 0xff;
	line->range.space = line->key < ORACLE_READ ? 0 :
			    spaces[data[0] >> 4 & 3];
	/* At the beginning or at the end of the space. */
	line->range.first = data[4] & 0x80 ? UINT32_MAX - first : first;
	line->range.last = line->range.first + length;
	if (line->range.last < line->range.first)
		line->range.last = UINT32_MAX;
}

/* As policy takes it: what is local, by Lwords. */
static void line_note(const struct line *line)
{
	struct oracle *oracle = &oracles[line->section];
	struct oracle_line *range;

	oracle->keys[line->key].given = 1;
	if (line->none) {
		oracle->keys[line->key].count = 0;
		return;
	}
	range = &oracle->keys[line->key].lines[oracle->keys[line->key].count++];
	*range = line->range;
	if (line->key < ORACLE_READ) {
		range->first &= ~3u;
		range->last |= 3u;
	}
}

static void line_text(const struct line *line, char *text, size_t room)
{
	if (line->none)
		snprintf(text, room, "none");
	else if (line->key < ORACLE_READ)
		snprintf(text, room, "%u-%#x", line->range.first,
			 line->range.last);
	else
		snprintf(text, room, "%s %#x-%u",
			 reach_space_name(line->range.space),
			 line->range.first, line->range.last);
}

static void range_set(struct line *line)
{
	char text[64];

	line->none = line->none && line->key != ORACLE_DENY;
	line_text(line, text, sizeof(text));
	if (!settings_set(&settings, sections[line->section], keys[line->key],
			  text, NULL))
		line_note(line);
}

static void line_set(const uint8_t *data)
{
	struct line line;

	line_read(data, &line);
	if (line.key < ORACLE_KEYS)
		range_set(&line);
	else
		settings_set(&settings, sections[line.section],
			     words[data[1] % WORDS][0],
			     words[data[1] % WORDS][1], NULL);
}

static void check_local(uint32_t local, uint64_t length, int constant)
{
	int allowed = oracle_local(&oracles[0], local, length, constant) &&
		      oracle_local(&oracles[1], local, length, constant);

	if (allowed != !grant_check_local(&grant, "a", local, length, constant,
					  NULL))
		abort();
}

static void check_step(const struct line *line, uint32_t offset, uint8_t how)
{
	static const uint8_t widths[] = { 8, 16, 32, 32 };
	const uint8_t width = widths[how & 3];
	const struct plxdma_step step = {
		.op = how & 4 ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ,
		.space = line->range.space,
		.width = width,
		.offset = offset & ~(width / 8u - 1),
	};
	int owns = how >> 3 & 1;
	int allowed = oracle_step(&oracles[0], &step, owns) &&
		      oracle_step(&oracles[1], &step, owns);

	if (allowed != !reach_check(&grant.reach, &step, owns, NULL))
		abort();
	if (!allowed && reach_is_open(&grant.reach))
		abort();
}

/* At both edges of a line. */
static void line_ask(const uint8_t *data)
{
	static const uint64_t lengths[] = {
		0, 1, 4, 5, 64, 4096, UINT64_C(1) << 32, UINT64_MAX / 2,
	};
	const uint8_t how = data[5];
	struct line line;

	line_read(data, &line);
	for (uint32_t by = 0; by < 6; by++) {
		uint32_t begin = line.range.first + by - 4;
		uint32_t end = line.range.last + by - 4;

		if (line.key < ORACLE_READ) {
			check_local(begin, lengths[how & 7], how >> 3 & 1);
			check_local(end, lengths[how & 7], how >> 3 & 1);
			check_local(line.range.first,
				    (uint64_t)end - begin + by, 0);
		} else if (line.key < ORACLE_KEYS) {
			check_step(&line, begin, how);
			check_step(&line, end, how);
		}
	}
}

/* What the sections say besides ranges: the stricter word counts. */
static void check_rights(uint8_t how)
{
	const struct card_settings *card = &settings.cards[0];
	const struct rule *rule = &settings.rules[0];
	const unsigned int index = how & 1;
	const int owns = how >> 1 & 1;
	struct plxdma_mode mode;
	int uses, tunes;

	uses = !rule->channels.given || rule->channels.bits >> index & 1;
	if (uses != !grant_check_channel(&grant, "a", index, NULL) ||
	    (uses && !rule->claim_refused) !=
	    !grant_check_claim(&grant, "a", (enum plxdma_claimed)index, NULL))
		abort();
	if ((!rule->directions.given || rule->directions.bits >> index & 1) !=
	    !grant_check_direction(&grant, "a", index, NULL))
		abort();
	tunes = card->tuning != TUNING_REFUSED &&
		rule->tuning != TUNING_REFUSED &&
		(owns || (card->tuning == TUNING_ALLOWED &&
			  rule->tuning == TUNING_ALLOWED));
	if (tunes != !grant_check_tuning(&grant, "a", owns, NULL) ||
	    (card->window && rule->window) !=
	    !grant_check_window(&grant, "a", NULL) ||
	    (rule->reset != 0) != !grant_check_reset(&grant, "a", NULL))
		abort();
	mode_init(&mode);
	if (grant_check_mode(&grant, "a", &mode, NULL) ||
	    grant_check_mode(&grant, "a", NULL, NULL))
		abort();
	plxdma_mode_set(&mode, PLXDMA_MODE_CONSTANT, 1);
	if (!rule->modes.given == !!grant_check_mode(&grant, "a", &mode, NULL))
		abort();
}

/* Who is nobody's has nothing. */
static void check_nothing(void)
{
	const struct plxdma_step step = {
		.space = PLXDMA_SPACE_BAR2, .width = 32,
	};

	grant_nothing(&grant);
	if (!grant_check_local(&grant, "a", 0, 4, 0, NULL) ||
	    !reach_check(&grant.reach, &step, 1, NULL) ||
	    !grant_check_channel(&grant, "a", 0, NULL) ||
	    !grant_check_claim(&grant, "a", PLXDMA_CLAIM_CARD, NULL) ||
	    !grant_check_reset(&grant, "a", NULL))
		abort();
}

/* Card "a" is what "a*" says, and "z" doesn't. */
static int for_card(const struct rule *rule)
{
	for (unsigned int i = 0; i < rule->card_count; i++) {
		if (rule->cards[i][0] == 'a')
			return 1;
	}
	return !rule->card_count;
}

/* The section is for user 77, group 1 or everybody. */
static const struct rule *rule_asked(uint8_t how)
{
	const struct rule *rule = &settings.rules[0];
	const struct peer peer = { .uid = how & 1 ? 77 : 78,
				   .gid = how & 2 ? 1 : 2 };
	int fits = (!rule->users.count && !rule->groups.count) ||
		   (rule->users.count && how & 1) ||
		   (rule->groups.count && how & 2);
	const struct rule *found = grant_rule(&settings, &peer, "a");

	fits = fits && for_card(rule);
	if ((found == rule) != fits ||
	    (grant_refuses(&settings, &peer, "a", NULL) == 0) != fits)
		abort();
	return found;
}

static void settings_begin(void)
{
	settings_init(&settings);
	memset(oracles, 0, sizeof(oracles));
	if (settings_section(&settings, sections[0], "", NULL) ||
	    settings_section(&settings, sections[1], "", NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t lines = size / LINE;
	int err;

	if (lines > ORACLE_LINES)
		lines = ORACLE_LINES;
	if (!lines)
		return 0;
	settings_begin();
	for (size_t i = 0; i < lines; i++)
		line_set(data + i * LINE);
	/* Without a section for anybody the card's own counts alone. */
	if (!rule_asked(data[5])) {
		memset(&oracles[1], 0, sizeof(oracles[1]));
		err = grant_make(&grant, &settings, &settings.cards[0], NULL,
				 NULL);
	} else {
		err = grant_make(&grant, &settings, &settings.cards[0],
				 &settings.rules[0], NULL);
		if (!err)
			check_rights(data[5]);
	}
	for (size_t i = 0; !err && i < lines; i++)
		line_ask(data + i * LINE);
	check_nothing();
	return 0;
}
