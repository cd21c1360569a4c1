/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the administrator decided, by files and command line.
 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include <stdint.h>
#include <stdio.h>

#include "error/error.h"
#include "policy.h"
#include "reach.h"
#include "rule.h"

#define SETTINGS_CARDS 32
#define SETTINGS_RULES 64
#define SETTINGS_NAME RULE_NAME	/* with its zero */
#define SETTINGS_SPEC 512

struct card_settings {
	char name[SETTINGS_NAME];
	char spec[SETTINGS_SPEC];
	struct policy policy;
	struct reach reach;
	int window;		/* clients may map local spaces */
	enum tuning_right tuning;
	int eeprom_writable;
};

struct settings {
	char socket[108];	/* as long as a path can be */
	uint64_t spin_ns;	/* how long to look before sleeping */
	uint64_t quantum_ns;	/* bus time of a part, see engine.h */
	unsigned int max_clients;
	struct limits limits;	/* where no section says otherwise */
	int test_faults;	/* clients may arm faults of software cards */
	struct card_settings cards[SETTINGS_CARDS];
	unsigned int card_count;
	struct rule rules[SETTINGS_RULES];	/* in the order of reading */
	unsigned int rule_count;
};

/* Defaults; the socket may come from the environment. */
void settings_init(struct settings *settings);
/* A section begins at @where: "daemon", "card NAME" or "allow NAME". */
int settings_section(struct settings *settings, const char *section,
		     const char *where, struct error *error);
/* One key, as from the file, of such a section. */
int settings_set(struct settings *settings, const char *section,
		 const char *key, const char *value, struct error *error);
/* "NAME=SPEC" of the command line. */
int settings_add_card(struct settings *settings, const char *text,
		      struct error *error);
/* By name; NULL: there is none. */
const struct card_settings *settings_card(const struct settings *settings,
					  const char *name);
/*
 * Is there enough to start with, and does it fit together? Each thing that is
 * wrong is told (settings_check.c).
 * Return: 0, or -EINVAL if something was told.
 */
int settings_check(const struct settings *settings,
		   void (*wrong)(void *context, const char *text),
		   void *context);
/* As a file that would be read as these settings (settings_print.c). */
void settings_print(const struct settings *settings, FILE *file);

#endif
