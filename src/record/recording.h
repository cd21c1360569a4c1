/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recording that is written: blocks in, three files out; see entry.h.
 */
#ifndef RECORD_RECORDING_H
#define RECORD_RECORDING_H

#include <plxdma/stream.h>

#include "record/data_file.h"
#include "record/entry.h"

/* Entries that wait for their blocks to be written. */
#define RECORDING_ENTRIES 256u

/* What the meta file says. */
struct recording_about {
	const char *name;		/* path, without an ending */
	const char *card;
	const char *chip;
	unsigned int channel;
	uint32_t block_bytes;
	uint64_t run;
	uint64_t keep_free;
	int64_t tai_offset_ns;
};

struct recording {
	struct recording_about about;
	struct data_file data;
	int journal;
	unsigned char entries[RECORDING_ENTRIES * RECORD_ENTRY];
	unsigned int waiting;		/* of these */
	int64_t waiting_since;		/* time_ns of the first of them */
	uint64_t first_time;		/* CLOCK_REALTIME, ns */
	/* What is safe in the files, and all that was put. */
	uint64_t safe_bytes, safe_blocks;
	uint64_t bytes, blocks, dropped;
};

/* The path of one of a recording's files.  0 or -ENAMETOOLONG. */
int recording_path(char path[RECORD_PATH], const char *name,
		   const char *ending);
/* Makes the files; nothing is written over (-EEXIST). */
int recording_open(struct recording *recording,
		   const struct recording_about *about);
/* Adds a block; what waits is safe after a MiB or a second.  -ENOSPC: the disk
 * is full; what is safe stays so, close it. */
int recording_put(struct recording *recording,
		  const struct plxdma_block *block);
/* @why: how it ended, for the meta file.  0 or a negative errno; the files are
 * those of all that is safe in any case. */
int recording_close(struct recording *recording, const char *why);

/* The meta file (meta.c): written whole, or not at all.  @why: NULL while the
 * recording is written. */
int recording_meta(const struct recording *recording, const char *why);

#endif
