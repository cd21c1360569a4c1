/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The common case of a chain by itself: one range, each of whose runs fits a
 * descriptor.
 *
 * It is the case of thousands of descriptors (scattered pages), and without
 * lists, merging and cuts its loops keep all they need in registers: a third
 * of the time that pieces.c takes, which does everything.
 */
#ifndef RUNS_H
#define RUNS_H

#include "chip/descriptor.h"
#include "dma/pieces.h"

/* What one has to know of all pieces before the first is written. */
struct survey {
	struct piece last;
	uint64_t count;
	uint32_t high;		/* or of all upper halves of the address */
	int runs;		/* runs_survey() took it */
};

/* 1 and the survey, or 0 if it is not that case. */
int runs_survey(const struct pieces *pieces, struct survey *survey);
/* Writes the descriptors; @bus is that of the first. */
void runs_write(const struct pieces *pieces, enum descriptor_format format,
		void *memory, uint32_t bus, uint32_t flags);

#endif
