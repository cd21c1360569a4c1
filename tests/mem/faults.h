/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the suites with failing calls share: an arena of a few hugepages, and
 * the count of what would be left behind.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <check.h>

#include "inject.h"
#include "mem/arena.h"

#define PAGES 4
#define FAULTS(table) ((int)(sizeof(table) / sizeof((table)[0])))

struct fault {
	enum inject call;
	unsigned int nth;
	int code;		/* errno that the call fails with */
	int rc;			/* what arena_new() says */
	const char *text;	/* what the error must contain */
};

extern struct arena *arena;
extern struct error error;

/* Makes `arena`, or sets `error`. */
int arena_make(int node, unsigned int flags);
unsigned int descriptors(void);
/* 1 if there are hugepages; what the process keeps is open then. */
int ready(const char *test);
TCase *faults_tcase(const char *name);

Suite *suite_refusals(void);
Suite *suite_fallbacks(void);
Suite *suite_disorder(void);

#endif
