/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Settings. Unknown keys are errors: a misspelt limit must not be no limit.
 */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/packet.h"

#define DEFAULT_SPIN_NS UINT64_C(50000)
#define DEFAULT_CLIENTS 64
#define DEFAULT_ARENA (UINT64_C(1) << 30)
#define MOST_CLIENTS 1024
#define MOST_SPIN_US 1000000

void settings_init(struct settings *settings)
{
	const char *path = getenv(WIRE_SOCKET_VARIABLE);

	memset(settings, 0, sizeof(*settings));
	snprintf(settings->socket, sizeof(settings->socket), "%s",
		 path && *path ? path : WIRE_SOCKET);
	settings->spin_ns = DEFAULT_SPIN_NS;
	settings->max_clients = DEFAULT_CLIENTS;
	settings->max_arena = DEFAULT_ARENA;
}

/* A decimal number, with K, M or G if it is a size. */
static int number_parse(const char *text, int size, uint64_t most,
			uint64_t *number)
{
	char *end;
	unsigned int shift = 0;
	unsigned long long value;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (size && *end == 'K')
		shift = 10;
	else if (size && *end == 'M')
		shift = 20;
	else if (size && *end == 'G')
		shift = 30;
	if (shift)
		end++;
	if (errno || *end || value > most >> shift)
		return -EINVAL;
	*number = value << shift;
	return 0;
}

static int daemon_set(struct settings *settings, const char *key,
		      const char *value, struct error *error)
{
	uint64_t number;

	if (!strcmp(key, "socket")) {
		if (strlen(value) >= sizeof(settings->socket) || !*value)
			return error_set(error, -ENAMETOOLONG,
					 "socket=%s: a path of 1 to %zu "
					 "characters", value,
					 sizeof(settings->socket) - 1);
		strcpy(settings->socket, value);
	} else if (!strcmp(key, "spin-us")) {
		if (number_parse(value, 0, MOST_SPIN_US, &number))
			return error_set(error, -EINVAL, "spin-us=%s: 0 to %d",
					 value, MOST_SPIN_US);
		settings->spin_ns = number * 1000;
	} else if (!strcmp(key, "max-clients")) {
		if (number_parse(value, 0, MOST_CLIENTS, &number) || !number)
			return error_set(error, -EINVAL,
					 "max-clients=%s: 1 to %d", value,
					 MOST_CLIENTS);
		settings->max_clients = (unsigned int)number;
	} else if (!strcmp(key, "max-arena")) {
		if (number_parse(value, 1, UINT64_C(1) << 47, &number) ||
		    !number)
			return error_set(error, -EINVAL,
					 "max-arena=%s: bytes, with K, M or G",
					 value);
		settings->max_arena = number;
	} else {
		return error_set(error, -EINVAL,
				 "[daemon] has no key %s: socket, spin-us, "
				 "max-clients, max-arena", key);
	}
	return 0;
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

/* The card of that name, made if there is none. */
static struct card_settings *card_named(struct settings *settings,
					const char *name, struct error *error)
{
	struct card_settings *card;

	for (unsigned int i = 0; i < settings->card_count; i++) {
		if (!strcmp(settings->cards[i].name, name))
			return &settings->cards[i];
	}
	if (!name_ok(name)) {
		error_set(error, -EINVAL, "card %s: a name has 1 to %d "
			  "letters, digits and ._:-", name, SETTINGS_NAME - 1);
		return NULL;
	}
	if (settings->card_count == SETTINGS_CARDS) {
		error_set(error, -EINVAL, "card %s: at most %d cards", name,
			  SETTINGS_CARDS);
		return NULL;
	}
	card = &settings->cards[settings->card_count++];
	strcpy(card->name, name);
	return card;
}

static int eeprom_set(struct card_settings *card, const char *value,
		      struct error *error)
{
	card->eeprom_writable = !strcmp(value, "writable");
	if (card->eeprom_writable || !strcmp(value, "readonly"))
		return 0;
	return error_set(error, -EINVAL, "eeprom=%s: readonly or writable",
			 value);
}

static int allowed_set(int *allowed, const char *key, const char *value,
		       struct error *error)
{
	*allowed = !strcmp(value, "allowed");
	if (*allowed || !strcmp(value, "refused"))
		return 0;
	return error_set(error, -EINVAL, "%s=%s: allowed or refused", key,
			 value);
}

static int card_set(struct settings *settings, const char *name,
		    const char *key, const char *value, struct error *error)
{
	struct card_settings *card = card_named(settings, name, error);

	if (!card)
		return -EINVAL;
	if (!strcmp(key, "deny"))
		return policy_deny(&card->policy, value, error);
	if (!strcmp(key, "eeprom"))
		return eeprom_set(card, value, error);
	if (!strcmp(key, "read"))
		return reach_allow(&card->reach.read, key, value, error);
	if (!strcmp(key, "write"))
		return reach_allow(&card->reach.write, key, value, error);
	if (!strcmp(key, "claim-write"))
		return reach_allow(&card->reach.claim_write, key, value,
				   error);
	if (!strcmp(key, "window"))
		return allowed_set(&card->window, key, value, error);
	if (!strcmp(key, "tuning"))
		return allowed_set(&card->tuning, key, value, error);
	if (strcmp(key, "spec"))
		return error_set(error, -EINVAL,
				 "[card %s] has no key %s: spec, deny, eeprom, "
				 "read, write, claim-write, window, tuning",
				 name, key);
	if (strlen(value) >= sizeof(card->spec) || !*value)
		return error_set(error, -EINVAL,
				 "card %s: a spec has 1 to %zu characters",
				 name, sizeof(card->spec) - 1);
	strcpy(card->spec, value);
	return 0;
}

int settings_set(struct settings *settings, const char *section,
		 const char *key, const char *value, struct error *error)
{
	if (!strcmp(section, "daemon"))
		return daemon_set(settings, key, value, error);
	if (!strncmp(section, "card ", 5))
		return card_set(settings, section + 5, key, value, error);
	return error_set(error, -EINVAL,
			 "no section [%s]: [daemon] or [card NAME]", section);
}

int settings_add_card(struct settings *settings, const char *text,
		      struct error *error)
{
	const char *equals = strchr(text, '=');
	char name[SETTINGS_NAME];

	if (!equals || equals == text ||
	    equals - text >= (ptrdiff_t)sizeof(name))
		return error_set(error, -EINVAL,
				 "--card %s: write NAME=SPEC, e.g. a=model:",
				 text);
	memcpy(name, text, (size_t)(equals - text));
	name[equals - text] = 0;
	return card_set(settings, name, "spec", equals + 1, error);
}

struct loading {
	struct settings *settings;
	struct error *error;
	int result;
};

static int on_key(void *context, const char *section, const char *key,
		  const char *value)
{
	struct loading *loading = context;

	if (loading->result)
		return 0;
	loading->result = settings_set(loading->settings, section, key, value,
				       loading->error);
	return !loading->result;
}

int settings_load(struct settings *settings, const char *path,
		  struct error *error)
{
	struct error why = { "" };
	struct loading loading = { .settings = settings, .error = &why };
	int line = ini_parse(path, on_key, &loading);

	if (line < 0)
		return error_set(error, -ENOENT, "can't read %s: %s", path,
				 strerror(errno));
	if (loading.result)
		return error_set(error, loading.result, "%s line %d: %.220s",
				 path, line, why.text);
	if (line > 0)
		return error_set(error, -EINVAL, "%s line %d: neither "
				 "[section] nor key=value", path, line);
	return 0;
}

int settings_check(const struct settings *settings, struct error *error)
{
	if (!settings->card_count)
		return error_set(error, -EINVAL, "no card: give --card "
				 "NAME=SPEC or a [card NAME] section");
	for (unsigned int i = 0; i < settings->card_count; i++) {
		if (!settings->cards[i].spec[0])
			return error_set(error, -EINVAL, "card %s has no spec=",
					 settings->cards[i].name);
	}
	return 0;
}
