/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon's configuration, as an administrator in a hurry leaves it: several
 * files, with form feeds between them. A refusal says why. What is accepted
 * ends its strings and keeps its counts, reads back from what is shown of it,
 * and grants what both its sections allow, asked one by one, and no more.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/conf_files.h"
#include "daemon/grant.h"

#define PROBES 24

static struct settings settings, again;
static int too_long;

static void on_wrong(void *context, const char *text)
{
	if (!text[0])
		abort();
	if (strstr(text, "too long"))
		too_long = 1;
	++*(unsigned int *)context;
}

static int ends(const char *text, size_t room)
{
	return memchr(text, 0, room) != NULL;
}

static int list_holds(const struct ranges *list)
{
	if (list->count > RANGES_MOST || (list->count && !list->given))
		return 0;
	for (unsigned int i = 0; i < list->count; i++)
		if (list->list[i].first > list->list[i].last)
			return 0;
	return 1;
}

static int reach_holds(const struct reach *reach)
{
	return list_holds(&reach->read) && list_holds(&reach->write) &&
	       list_holds(&reach->claim_write);
}

static int policy_holds(const struct policy *policy)
{
	if (policy->denied.count > RANGES_MOST ||
	    policy->allowed.count > RANGES_MOST)
		return 0;
	for (unsigned int i = 1; i < policy->allowed.count; i++)
		if (policy->allowed.list[i].first <=
		    policy->allowed.list[i - 1].last + UINT64_C(1))
			return 0;
	return 1;
}

static void check_settings(void)
{
	if (!ends(settings.socket, sizeof(settings.socket)) ||
	    settings.card_count > SETTINGS_CARDS ||
	    settings.rule_count > SETTINGS_RULES ||
	    settings.limits.arena < 4096 ||
	    settings.limits.arena > UINT64_C(1) << 47)
		abort();
	for (unsigned int i = 0; i < settings.card_count; i++) {
		const struct card_settings *card = &settings.cards[i];

		if (!ends(card->name, sizeof(card->name)) || !card->name[0] ||
		    !ends(card->spec, sizeof(card->spec)) ||
		    !reach_holds(&card->reach) || !policy_holds(&card->policy))
			abort();
		if (settings_card(&settings, card->name) != card)
			abort();
	}
	for (unsigned int i = 0; i < settings.rule_count; i++) {
		const struct rule *rule = &settings.rules[i];

		if (!ends(rule->name, sizeof(rule->name)) || !rule->name[0] ||
		    !ends(rule->where, sizeof(rule->where)) ||
		    rule->users.count > RULE_IDS ||
		    rule->groups.count > RULE_IDS ||
		    rule->card_count > RULE_CARDS ||
		    rule->weight > RULE_WEIGHT_MOST ||
		    !reach_holds(&rule->reach) || !policy_holds(&rule->policy))
			abort();
	}
}

static int file_new(const char *name, char path[40])
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		abort();
	snprintf(path, 40, "/proc/self/fd/%d", fd);
	return fd;
}

/* One file; was anything wrong with it? */
static unsigned int load(struct settings *into, const uint8_t *data,
			 size_t size)
{
	static char path[40];
	static int fd = -1;
	unsigned int told = 0;
	const struct conf_ear ear = { .wrong = on_wrong, .context = &told };

	if (fd < 0)
		fd = file_new("plxdmad.conf", path);
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	if ((conf_file_load(into, path, &ear) != 0) != (told != 0))
		abort();
	return told;
}

static unsigned int load_all(const uint8_t *data, size_t size)
{
	unsigned int told = 0;
	const uint8_t *end;

	while ((end = memchr(data, '\f', size))) {
		told += load(&settings, data, (size_t)(end - data));
		size -= (size_t)(end + 1 - data);
		data = end + 1;
	}
	return told + load(&settings, data, size);
}

static void text_trim(char *text, size_t room)
{
	size_t length = strlen(text);

	memset(text + length, 0, room - length);
}

static void ranges_trim(struct ranges *ranges)
{
	memset(&ranges->list[ranges->count], 0,
	       (RANGES_MOST - ranges->count) * sizeof(ranges->list[0]));
	/* Padding between space and first. */
	for (unsigned int i = 0; i < ranges->count; i++) {
		const struct range range = ranges->list[i];

		memset(&ranges->list[i], 0, sizeof(range));
		ranges->list[i].space = range.space;
		ranges->list[i].first = range.first;
		ranges->list[i].last = range.last;
	}
}

static void lists_trim(struct policy *policy, struct reach *reach)
{
	ranges_trim(&policy->denied);
	ranges_trim(&policy->allowed);
	ranges_trim(&reach->read);
	ranges_trim(&reach->write);
	ranges_trim(&reach->claim_write);
}

/* What was said earlier, and is no more, doesn't count. */
static void settings_trim(struct settings *trimmed)
{
	text_trim(trimmed->socket, sizeof(trimmed->socket));
	for (unsigned int i = 0; i < trimmed->card_count; i++) {
		struct card_settings *card = &trimmed->cards[i];

		text_trim(card->spec, sizeof(card->spec));
		lists_trim(&card->policy, &card->reach);
	}
	for (unsigned int i = 0; i < trimmed->rule_count; i++)
		lists_trim(&trimmed->rules[i].policy, &trimmed->rules[i].reach);
}

/* What is shown reads as the same. */
static void check_shown(void)
{
	size_t size = 0;
	char *text = NULL;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	settings_print(&settings, file);
	if (fclose(file))
		abort();
	settings_init(&again);
	too_long = 0;
	if (load(&again, (const uint8_t *)text, size)) {
		/* A value may have had its line to itself. */
		if (!too_long)
			abort();
		free(text);
		return;
	}
	free(text);
	settings_trim(&settings);
	settings_trim(&again);
	for (unsigned int i = 0; i < settings.rule_count; i++) {
		strcpy(again.rules[i].where, settings.rules[i].where);
		if (!settings.rules[i].weight)
			again.rules[i].weight = 0;
	}
	if (memcmp(&settings, &again, sizeof(settings)) != 0)
		abort();
}

/* Edges of what was said are where it would go wrong. */
static uint32_t edge_of(const struct reach *reach, uint32_t number)
{
	const struct ranges *lists[] = { &reach->read, &reach->write,
					     &reach->claim_write };
	const struct ranges *list = lists[number % 3];
	const struct range *range;

	if (!list->count)
		return number;
	range = &list->list[number / 3 % list->count];
	return (number & 64 ? range->first : range->last) + (number & 7) - 4;
}

static void check_step(const struct card_settings *card,
		       const struct rule *rule, const struct grant *grant,
		       uint32_t number)
{
	const struct plxdma_step step = {
		.op = number & 1 ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ,
		.space = (uint8_t)(number >> 8 & 1 ? PLXDMA_SPACE_BAR2 :
						     PLXDMA_SPACE_BAR3),
		.width = 32,
		.offset = edge_of(number & 2 ? &card->reach : &rule->reach,
				  number >> 2) & ~3u,
	};
	int owns = number >> 9 & 1;
	int both = !reach_check(&card->reach, &step, owns, NULL) &&
		   !reach_check(&rule->reach, &step, owns, NULL);

	if (both != !reach_check(&grant->reach, &step, owns, NULL))
		abort();
}

static void check_local(const struct card_settings *card,
			const struct rule *rule, const struct grant *grant,
			uint32_t number)
{
	const struct policy *from = number & 1 ? &card->policy : &rule->policy;
	uint32_t local = number * UINT32_C(2654435761);
	uint64_t length = number >> 4 & 0xff;
	int constant = number & 2;
	int both;

	if (from->allowed.count && number & 4)
		local = from->allowed.list[number % from->allowed.count].last -
			(number & 0x1f);
	else if (from->denied.count && number & 8)
		local = from->denied.list[number % from->denied.count].first -
			(number & 0x1f);
	both = !policy_check(&card->policy, local, length, constant) &&
	       !policy_check(&rule->policy, local, length, constant);
	if (both != !policy_check(&grant->policy, local, length, constant))
		abort();
}

static void check_grants(uint32_t number)
{
	struct grant grant = { .serial = 0 };

	for (unsigned int i = 0; i < settings.rule_count && i < 4; i++) {
		const struct rule *rule = &settings.rules[i];

		for (unsigned int k = 0; k < settings.card_count && k < 4;
		     k++) {
			const struct card_settings *card = &settings.cards[k];

			if (grant_make(&grant, &settings, card, rule, NULL))
				continue;
			for (unsigned int j = 0; j < PROBES; j++) {
				number = number * 1664525 + 1013904223;
				check_step(card, rule, &grant, number >> 8);
				check_local(card, rule, &grant, number >> 8);
			}
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { "" };
	unsigned int told;
	char *text;

	settings_init(&settings);
	told = load_all(data, size);
	check_settings();
	if (!told)
		check_shown();
	check_grants((uint32_t)size * 77 + (size ? data[size / 2] : 0));
	/* And as an argument of --card. */
	text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	if (settings_add_card(&settings, text, &error) != 0 && !error.text[0])
		abort();
	check_settings();
	told = 0;
	if ((settings_check(&settings, on_wrong, &told) != 0) != (told != 0))
		abort();
	free(text);
	return 0;
}
