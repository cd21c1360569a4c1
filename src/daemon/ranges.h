/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists of ranges, of local addresses or of a space's registers, as policy
 * gives them: read from a line of the configuration, joined, and two of them
 * made one.
 */
#ifndef DAEMON_RANGES_H
#define DAEMON_RANGES_H

#include <stdint.h>

#include "error/error.h"

#define RANGES 32		/* that a section may list */
#define RANGES_MOST (2 * RANGES)	/* and two together */

struct range {
	uint8_t space;		/* enum plxdma_space; 0 for local addresses */
	uint32_t first;
	uint32_t last;		/* inclusive */
};

struct ranges {
	int given;		/* else nobody said anything */
	unsigned int count;
	struct range list[RANGES_MOST];
};

/* Reads one range from the text: where it ends, or NULL. */
typedef const char *range_reader(const char *text, struct range *range);

/* "FIRST-LAST", inclusive; hexadecimal with 0x; the space stays. */
range_reader range_read;

/*
 * Adds what @text lists, separated by commas. @key and @form, how to write it,
 * are named in errors.
 * Return: 0, -EINVAL, -ENOSPC.
 */
int ranges_read(struct ranges *ranges, range_reader *read, const char *key,
		const char *text, const char *form, struct error *error);
/* The same, and "none" forgets what was there and leaves nothing. */
int ranges_allow(struct ranges *ranges, range_reader *read, const char *key,
		 const char *text, const char *form, struct error *error);

/* -ENOSPC if that is more than RANGES_MOST. */
int ranges_append(struct ranges *to, const struct ranges *from);
/* Sorts them and joins what touches. */
void ranges_merge(struct ranges *ranges);
/* What is in both; one that isn't given is everything. -ENOSPC. */
int ranges_both(const struct ranges *a, const struct ranges *b,
		struct ranges *both);

#endif
