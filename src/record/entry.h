/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recording is three files: NAME.sigmf-data, the blocks one behind the other;
 * NAME.plxdma-blocks, its journal, an entry a block; NAME.sigmf-meta, which
 * tells SigMF's readers and people what it is.
 *
 * An entry is written after its block is.  Whatever happens to the recorder,
 * the entries that are whole and right name the blocks that are there.
 */
#ifndef RECORD_ENTRY_H
#define RECORD_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#define RECORD_DATA ".sigmf-data"
#define RECORD_META ".sigmf-meta"
#define RECORD_JOURNAL ".plxdma-blocks"
/* Of NAME and the longest of these. */
#define RECORD_PATH 4096

/* Bytes of an entry: little-endian numbers in the order of the members, the
 * check value of all before it last. */
#define RECORD_ENTRY 64u

struct record_entry {
	uint64_t run;
	uint64_t sequence;
	uint64_t dropped;	/* blocks, right before this one */
	int64_t time_ns;	/* CLOCK_MONOTONIC */
	uint64_t offset;	/* into the data */
	uint32_t bytes;
	uint32_t status;	/* enum plxdma_status */
	uint64_t hash;		/* XXH3, 64 bits, of the block */
};

uint64_t record_hash(const void *data, size_t size);
void record_entry_encode(const struct record_entry *entry,
			 unsigned char to[RECORD_ENTRY]);
/* 0, or -EBADMSG: it is none, or not whole. */
int record_entry_decode(struct record_entry *entry,
			const unsigned char from[RECORD_ENTRY]);

#endif
