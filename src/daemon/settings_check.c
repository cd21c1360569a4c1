/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What no single line can say: whether sections fit together. A section that
 * can never decide anything is an error, since somebody meant something by it.
 */
#include "settings.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "grant.h"

struct checking {
	const struct settings *settings;
	void (*wrong)(void *context, const char *text);
	void *context;
	int result;
};

static void tell(struct checking *checking, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell(struct checking *checking, const char *format, ...)
{
	char text[ERROR_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	checking->wrong(checking->context, text);
	checking->result = -EINVAL;
}

static const char *at(const struct rule *rule)
{
	return rule->where[0] ? rule->where : "command line";
}

static int fits_any_card(const struct settings *settings, const char *pattern)
{
	struct rule rule = { .card_count = 1 };

	strcpy(rule.cards[0], pattern);
	for (unsigned int i = 0; i < settings->card_count; i++) {
		if (rule_fits_card(&rule, settings->cards[i].name))
			return 1;
	}
	return 0;
}

static void patterns_check(struct checking *checking, const struct rule *rule)
{
	for (unsigned int i = 0; i < rule->card_count; i++) {
		if (!fits_any_card(checking->settings, rule->cards[i]))
			tell(checking, "%s: [allow %s] card=%s: no card is "
			     "called so: add a section [card ...] or correct "
			     "the name", at(rule), rule->name, rule->cards[i]);
	}
}

static int pattern_listed(const struct rule *rule, const char *pattern)
{
	for (unsigned int i = 0; i < rule->card_count; i++) {
		if (!strcmp(rule->cards[i], pattern))
			return 1;
	}
	return !rule->card_count;
}

/* Does the earlier one decide whatever the later one could? */
static int hides(const struct rule *earlier, const struct rule *later)
{
	if (earlier->users.count || earlier->groups.count)
		return 0;
	for (unsigned int i = 0; i < later->card_count; i++) {
		if (!pattern_listed(earlier, later->cards[i]))
			return 0;
	}
	return later->card_count || !earlier->card_count;
}

static void order_check(struct checking *checking, unsigned int index)
{
	const struct rule *rules = checking->settings->rules;

	for (unsigned int i = 0; i < index; i++) {
		if (!hides(&rules[i], &rules[index]))
			continue;
		tell(checking, "%s: [allow %s] is never asked, since [allow "
		     "%s] (%s) comes first and fits everybody: put that last",
		     at(&rules[index]), rules[index].name, rules[i].name,
		     at(&rules[i]));
		return;
	}
}

/* Together with each card. */
static void grants_check(struct checking *checking, const struct rule *rule)
{
	const struct settings *settings = checking->settings;
	struct grant grant = { .serial = 0 };
	struct error error;

	for (unsigned int i = 0; i < settings->card_count; i++) {
		if (rule_fits_card(rule, settings->cards[i].name) &&
		    grant_make(&grant, settings, &settings->cards[i], rule,
			       &error))
			tell(checking, "%s: %s", at(rule), error.text);
	}
}

int settings_check(const struct settings *settings,
		   void (*wrong)(void *context, const char *text),
		   void *context)
{
	struct checking checking = {
		.settings = settings, .wrong = wrong, .context = context,
	};

	if (!settings->card_count)
		tell(&checking, "no card: give --card NAME=SPEC or a [card "
		     "NAME] section");
	for (unsigned int i = 0; i < settings->card_count; i++) {
		if (!settings->cards[i].spec[0])
			tell(&checking, "card %s has no spec=",
			     settings->cards[i].name);
	}
	for (unsigned int i = 0; i < settings->rule_count; i++) {
		patterns_check(&checking, &settings->rules[i]);
		order_check(&checking, i);
		grants_check(&checking, &settings->rules[i]);
	}
	return checking.result;
}
