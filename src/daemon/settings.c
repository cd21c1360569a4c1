/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Settings. Unknown keys are errors: a misspelt limit must not be no limit.
 */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error/planted.h"
#include "quantity.h"
#include "wire/packet.h"

#define DEFAULT_SPIN_NS UINT64_C(50000)
#define DEFAULT_QUANTUM_NS UINT64_C(10000000)
#define DEFAULT_CLIENTS 128
#define DEFAULT_ARENA (UINT64_C(1) << 30)
#define MOST_CLIENTS 1024
#define MOST_SPIN_US 1000000
#define LEAST_QUANTUM_US 100
#define MOST_QUANTUM_US 1000000

void settings_init(struct settings *settings)
{
	const char *path = getenv(WIRE_SOCKET_VARIABLE);

	memset(settings, 0, sizeof(*settings));
	snprintf(settings->socket, sizeof(settings->socket), "%s",
		 path && *path ? path : WIRE_SOCKET);
	settings->spin_ns = DEFAULT_SPIN_NS;
	settings->quantum_ns = DEFAULT_QUANTUM_NS;
	settings->max_clients = DEFAULT_CLIENTS;
	settings->limits.arena = DEFAULT_ARENA;
}

static int socket_set(struct settings *settings, const char *value,
		      struct error *error)
{
	if (strlen(value) >= sizeof(settings->socket) || !*value)
		return error_set(error, -ENAMETOOLONG, "socket=%s: a path of 1 "
				 "to %zu characters", value,
				 sizeof(settings->socket) - 1);
	strcpy(settings->socket, value);
	return 0;
}

static int daemon_set(struct settings *settings, const char *key,
		      const char *value, struct error *error)
{
	uint64_t number = 0;
	int err;

	if (!strcmp(key, "socket"))
		return socket_set(settings, value, error);
	if (!strcmp(key, "max-clients"))
		return quantity_count(key, value, 1, MOST_CLIENTS,
				      &settings->max_clients, error);
	if (!strcmp(key, "spin-us")) {
		err = quantity_parse(key, value, 0, 0, MOST_SPIN_US, &number,
				     error);
		if (!err)
			settings->spin_ns = number * 1000;
		return err;
	}
	if (!strcmp(key, "quantum-us")) {
		err = quantity_parse(key, value, 0, LEAST_QUANTUM_US,
				     MOST_QUANTUM_US, &number, error);
		if (!err)
			settings->quantum_ns = number * 1000;
		return err;
	}
	err = limits_set(&settings->limits, key, value, error);
	if (err != -ENOKEY)
		return err;
	return error_set(error, -EINVAL, "[daemon] has no key %s: socket, "
			 "spin-us, quantum-us, max-clients, max-arena, "
			 "max-user-arena, max-user-clients, "
			 "max-user-in-flight", key);
}

static int name_ok(const char *name)
{
	size_t length = strlen(name);

	if (!length || length >= SETTINGS_NAME)
		return 0;
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && !strchr("._:-", *name))
			return 0;
	}
	return 1;
}

static int name_refuse(const char *what, const char *name, struct error *error)
{
	return error_set(error, -EINVAL, "%s %s: a name has 1 to %d letters, "
			 "digits and ._:-", what, name, SETTINGS_NAME - 1);
}

const struct card_settings *settings_card(const struct settings *settings,
					  const char *name)
{
	for (unsigned int i = 0; i < settings->card_count; i++) {
		if (!strcmp(settings->cards[i].name, name))
			return &settings->cards[i];
	}
	return NULL;
}

/* The card of that name, made if there is none. */
static int card_named(struct settings *settings, const char *name,
		      struct card_settings **card, struct error *error)
{
	const struct card_settings *known = settings_card(settings, name);

	if (known) {
		*card = &settings->cards[known - settings->cards];
		return 0;
	}
	if (!name_ok(name))
		return name_refuse("card", name, error);
	if (settings->card_count == SETTINGS_CARDS && !PLANTED(CARDS_ROOM))
		return error_set(error, -EINVAL, "card %s: at most %d cards",
				 name, SETTINGS_CARDS);
	*card = &settings->cards[settings->card_count++];
	strcpy((*card)->name, name);
	return 0;
}

static int rule_named(struct settings *settings, const char *name,
		      struct rule **rule, struct error *error)
{
	for (unsigned int i = 0; i < settings->rule_count; i++) {
		if (!strcmp(settings->rules[i].name, name)) {
			*rule = &settings->rules[i];
			return 0;
		}
	}
	if (!name_ok(name))
		return name_refuse("allow", name, error);
	if (settings->rule_count == SETTINGS_RULES)
		return error_set(error, -EINVAL, "[allow %s]: at most %d "
				 "sections", name, SETTINGS_RULES);
	*rule = &settings->rules[settings->rule_count++];
	strcpy((*rule)->name, name);
	return 0;
}

static int spec_set(struct card_settings *card, const char *value,
		    struct error *error)
{
	if (strlen(value) >= sizeof(card->spec) || !*value)
		return error_set(error, -EINVAL,
				 "card %s: a spec has 1 to %zu characters",
				 card->name, sizeof(card->spec) - 1);
	strcpy(card->spec, value);
	return 0;
}

static int card_set(struct card_settings *card, const char *key,
		    const char *value, struct error *error)
{
	if (!strcmp(key, "spec"))
		return spec_set(card, value, error);
	if (!strcmp(key, "deny"))
		return policy_deny(&card->policy, value, error);
	if (!strcmp(key, "dma"))
		return policy_allow(&card->policy, value, error);
	if (!strcmp(key, "eeprom"))
		return rule_parse_eeprom(&card->eeprom_writable, value, error);
	if (!strcmp(key, "read"))
		return reach_allow(&card->reach.read, key, value, error);
	if (!strcmp(key, "write"))
		return reach_allow(&card->reach.write, key, value, error);
	if (!strcmp(key, "claim-write"))
		return reach_allow(&card->reach.claim_write, key, value,
				   error);
	if (!strcmp(key, "window"))
		return rule_parse_allowed(&card->window, key, value, error);
	if (!strcmp(key, "tuning"))
		return rule_parse_tuning(&card->tuning, value, error);
	return error_set(error, -EINVAL, "[card %s] has no key %s: spec, deny, "
			 "dma, eeprom, read, write, claim-write, window, "
			 "tuning", card->name, key);
}

static int no_section(const char *section, struct error *error)
{
	return error_set(error, -EINVAL, "no section [%s]: [daemon], [card "
			 "NAME] or [allow NAME]", section);
}

int settings_section(struct settings *settings, const char *section,
		     const char *where, struct error *error)
{
	struct card_settings *card;
	struct rule *rule;
	int err;

	if (!strcmp(section, "daemon"))
		return 0;
	if (!strncmp(section, "card ", 5))
		return card_named(settings, section + 5, &card, error);
	if (strncmp(section, "allow ", 6) != 0)
		return no_section(section, error);
	err = rule_named(settings, section + 6, &rule, error);
	if (!err && !rule->where[0])
		snprintf(rule->where, sizeof(rule->where), "%s", where);
	return err;
}

int settings_set(struct settings *settings, const char *section,
		 const char *key, const char *value, struct error *error)
{
	struct card_settings *card;
	struct rule *rule;
	int err;

	if (!strcmp(section, "daemon"))
		return daemon_set(settings, key, value, error);
	if (!strncmp(section, "card ", 5)) {
		err = card_named(settings, section + 5, &card, error);
		return err ? err : card_set(card, key, value, error);
	}
	if (!strncmp(section, "allow ", 6)) {
		err = rule_named(settings, section + 6, &rule, error);
		return err ? err : rule_set_key(rule, key, value, error);
	}
	return no_section(section, error);
}

int settings_add_card(struct settings *settings, const char *text,
		      struct error *error)
{
	const char *equals = strchr(text, '=');
	char section[SETTINGS_NAME + 8];

	if (!equals || equals == text || equals - text >= SETTINGS_NAME)
		return error_set(error, -EINVAL,
				 "--card %s: write NAME=SPEC, e.g. a=model:",
				 text);
	snprintf(section, sizeof(section), "card %.*s", (int)(equals - text),
		 text);
	return settings_set(settings, section, "spec", equals + 1, error);
}
