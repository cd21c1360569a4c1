/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a submission may say. Pure: works on the daemon's copy.
 */
#ifndef WIRE_REQUEST_H
#define WIRE_REQUEST_H

#include "area.h"

/*
 * Checks every number of an entry by itself and against the size of the
 * client's arena.
 * Return: 0; -EINVAL for what no entry may say; -ERANGE for memory outside the
 * arena.
 */
int wire_submission_check(const struct wire_submission *entry,
			  uint64_t arena_size);

/* Likewise for the pieces of its list, after they were copied. */
int wire_segments_check(const struct wire_segment *segments, uint32_t count,
			uint64_t arena_size);

/* Do both ask for the same transfer? Cookies and operations don't count. */
int wire_submission_same(const struct wire_submission *a,
			 const struct wire_submission *b);

#endif
