/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file behind an arena.
 */
#ifndef FILE_H
#define FILE_H

#include "error/error.h"
#include "mem/arena.h"

#define ARENA_SMALL_PAGE 4096u

/* Makes a file of the arena's page size and size; sets arena->fd. */
int file_new(struct arena *arena, struct error *error);
/* Fixes its size for whoever is given it; sets arena->sealed. */
int file_seal(struct arena *arena, unsigned int flags, struct error *error);

#endif
