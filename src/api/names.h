/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of cards: what "NAME = SPEC" in the names file makes of a name.
 *
 * A crate's slots keep their names when the machine counts its buses anew; the
 * administrator says once which spec is which.
 */
#ifndef NAMES_H
#define NAMES_H

#include <stddef.h>

#include "error/error.h"

/* Where it is unless PLXDMA_NAMES says otherwise. */
#define NAMES_FILE "/etc/plxdma/names"
#define NAMES_VARIABLE "PLXDMA_NAMES"

/* Could it be a name, and no spec? */
int names_is_name(const char *text);
/* 0; -ENOENT for a name that isn't there; or another negative errno, with a
 * text that tells file and line. */
int names_resolve(const char *name, char *spec, size_t room,
		  struct error *error);

#endif
