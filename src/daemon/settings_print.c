/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Settings as a file, in full: what --check-config shows is what would be used,
 * and reading it gives the same again.
 */
#include "settings.h"

#include <inttypes.h>

static void policy_print(const struct policy *policy, FILE *file)
{
	const struct ranges *denied = &policy->denied;
	const struct ranges *allowed = &policy->allowed;

	for (unsigned int i = 0; i < denied->count; i++)
		fprintf(file, "deny=%#x-%#x\n", denied->list[i].first,
			denied->list[i].last);
	if (allowed->given && !allowed->count)
		fprintf(file, "dma=none\n");
	for (unsigned int i = 0; i < allowed->count; i++)
		fprintf(file, "dma=%#x-%#x\n", allowed->list[i].first,
			allowed->list[i].last);
}

static void list_print(const struct ranges *list, const char *key,
		       FILE *file)
{
	if (list->given && !list->count)
		fprintf(file, "%s=none\n", key);
	for (unsigned int i = 0; i < list->count; i++)
		fprintf(file, "%s=%s %#x-%#x\n", key,
			reach_space_name(list->list[i].space),
			list->list[i].first, list->list[i].last);
}

static void reach_print(const struct reach *reach, FILE *file)
{
	list_print(&reach->read, "read", file);
	list_print(&reach->write, "write", file);
	list_print(&reach->claim_write, "claim-write", file);
}

static const char *allowed(int is)
{
	return is ? "allowed" : "refused";
}

static void rights_print(int window, enum tuning_right tuning, int eeprom,
			 FILE *file)
{
	static const char *const tunings[] = {
		[TUNING_CLAIM] = "claim",
		[TUNING_ALLOWED] = "allowed",
		[TUNING_REFUSED] = "refused",
	};

	fprintf(file, "window=%s\ntuning=%s\neeprom=%s\n", allowed(window),
		tunings[tuning], eeprom ? "writable" : "readonly");
}

static void limits_print(const struct limits *limits, FILE *file)
{
	if (limits->arena)
		fprintf(file, "max-arena=%" PRIu64 "\n", limits->arena);
	if (limits->user_arena)
		fprintf(file, "max-user-arena=%" PRIu64 "\n",
			limits->user_arena);
	if (limits->user_clients)
		fprintf(file, "max-user-clients=%u\n", limits->user_clients);
	if (limits->user_in_flight)
		fprintf(file, "max-user-in-flight=%u\n",
			limits->user_in_flight);
}

static void card_print(const struct card_settings *card, FILE *file)
{
	fprintf(file, "\n[card %s]\n", card->name);
	if (card->spec[0])
		fprintf(file, "spec=%s\n", card->spec);
	policy_print(&card->policy, file);
	reach_print(&card->reach, file);
	rights_print(card->window, card->tuning, card->eeprom_writable, file);
}

static void ids_print(const struct rule_ids *ids, const char *key, FILE *file)
{
	for (unsigned int i = 0; i < ids->count; i++)
		fprintf(file, "%s=%u\n", key, ids->ids[i]);
}

static void set_print(const struct rule_set *set, const char *key,
		      const struct rule_word *words, FILE *file)
{
	if (set->given && !set->bits)
		fprintf(file, "%s=none\n", key);
	for (; set->given && words->word; words++) {
		if (set->bits >> words->bit & 1)
			fprintf(file, "%s=%s\n", key, words->word);
	}
}

static void rule_print(const struct rule *rule, FILE *file)
{
	fprintf(file, "\n[allow %s]\n", rule->name);
	ids_print(&rule->users, "user", file);
	ids_print(&rule->groups, "group", file);
	for (unsigned int i = 0; i < rule->card_count; i++)
		fprintf(file, "card=%s\n", rule->cards[i]);
	set_print(&rule->channels, "channel", rule_channels, file);
	set_print(&rule->directions, "direction", rule_directions, file);
	set_print(&rule->modes, "mode", rule_modes, file);
	policy_print(&rule->policy, file);
	reach_print(&rule->reach, file);
	rights_print(rule->window, rule->tuning, rule->eeprom_writable, file);
	fprintf(file, "claim=%s\nobserve=%s\nreset=%s\n",
		allowed(!rule->claim_refused), allowed(!rule->observe_refused),
		allowed(rule->reset));
	limits_print(&rule->limits, file);
	fprintf(file, "weight=%u\n", rule->weight ? rule->weight : 1);
}

void settings_print(const struct settings *settings, FILE *file)
{
	fprintf(file, "[daemon]\nsocket=%s\nspin-us=%" PRIu64
		"\nquantum-us=%" PRIu64 "\nmax-clients=%u\n",
		settings->socket, settings->spin_ns / 1000,
		settings->quantum_ns / 1000, settings->max_clients);
	limits_print(&settings->limits, file);
	for (unsigned int i = 0; i < settings->card_count; i++)
		card_print(&settings->cards[i], file);
	for (unsigned int i = 0; i < settings->rule_count; i++)
		rule_print(&settings->rules[i], file);
}
