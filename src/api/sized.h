/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Structures that grow with the library.
 *
 * A caller says by the size member which release's structure it has.  Results
 * are cut to it, or padded with zeros; of a request, what the caller doesn't
 * have is zero, and what this library doesn't know must be.
 */
#ifndef SIZED_H
#define SIZED_H

#include <stddef.h>
#include <stdint.h>

/* Larger than any release's: a size beyond is a variable that nobody set. */
#define SIZED_MAX 4096

/* The size member that @result begins with, if it can be right; else 0. */
size_t sized_room(const void *result);
/* Copies @known to @result but for the size member. */
void sized_give(void *result, const void *known, size_t size);
/* Copies a request of which the first release knew @first bytes.  Return: 0 or
 * -EINVAL. */
int sized_take(void *known, size_t size, size_t first, const void *request);

#endif
