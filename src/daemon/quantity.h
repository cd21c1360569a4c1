/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Numbers of the configuration.
 */
#ifndef DAEMON_QUANTITY_H
#define DAEMON_QUANTITY_H

#include <stdint.h>

#include "error/error.h"

/* A decimal number of @least to @most, with K, M or G if it is a @size. @key
 * is named in errors. 0 or -EINVAL. */
int quantity_parse(const char *key, const char *text, int size, uint64_t least,
		   uint64_t most, uint64_t *number, struct error *error);
/* The same into an unsigned int; @most fits. */
int quantity_count(const char *key, const char *text, unsigned int least,
		   unsigned int most, unsigned int *number,
		   struct error *error);

#endif
