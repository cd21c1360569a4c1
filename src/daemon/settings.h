/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the administrator decided, by file and command line.
 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include <stdint.h>

#include "error/error.h"
#include "policy.h"
#include "reach.h"

#define SETTINGS_CARDS 32
#define SETTINGS_NAME 64	/* with its zero */
#define SETTINGS_SPEC 512

struct card_settings {
	char name[SETTINGS_NAME];
	char spec[SETTINGS_SPEC];
	struct policy policy;
	struct reach reach;
	int window;		/* clients may map local spaces */
	int tuning;		/* clients may tune the bus without a claim */
	int eeprom_writable;
};

struct settings {
	char socket[108];	/* as long as a path can be */
	uint64_t spin_ns;	/* how long to look before sleeping */
	unsigned int max_clients;
	uint64_t max_arena;	/* bytes of one client */
	int test_faults;	/* clients may arm faults of software cards */
	struct card_settings cards[SETTINGS_CARDS];
	unsigned int card_count;
};

/* Defaults; the socket may come from the environment. */
void settings_init(struct settings *settings);
/* Reads an INI file over what is there. */
int settings_load(struct settings *settings, const char *path, struct error *);
/* One key, as from the file; section "daemon" or "card NAME". */
int settings_set(struct settings *settings, const char *section,
		 const char *key, const char *value, struct error *);
/* "NAME=SPEC" of the command line. */
int settings_add_card(struct settings *settings, const char *text,
		      struct error *);
/* Is there enough to start with? */
int settings_check(const struct settings *settings, struct error *);

#endif
