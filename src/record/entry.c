/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An entry of the journal as bytes. */
#include "record/entry.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define CHECKED (RECORD_ENTRY - 8)

uint64_t record_hash(const void *data, size_t size)
{
	return XXH3_64bits(data, size);
}

static unsigned char *put64(unsigned char *to, uint64_t value)
{
	value = htole64(value);
	memcpy(to, &value, sizeof(value));
	return to + sizeof(value);
}

static uint64_t get64(const unsigned char *from)
{
	uint64_t value;

	memcpy(&value, from, sizeof(value));
	return le64toh(value);
}

void record_entry_encode(const struct record_entry *entry,
			 unsigned char to[RECORD_ENTRY])
{
	unsigned char *at = to;

	at = put64(at, entry->run);
	at = put64(at, entry->sequence);
	at = put64(at, entry->dropped);
	at = put64(at, (uint64_t)entry->time_ns);
	at = put64(at, entry->offset);
	at = put64(at, entry->bytes | (uint64_t)entry->status << 32);
	at = put64(at, entry->hash);
	put64(at, record_hash(to, CHECKED));
}

int record_entry_decode(struct record_entry *entry,
			const unsigned char from[RECORD_ENTRY])
{
	if (get64(from + CHECKED) != record_hash(from, CHECKED))
		return -EBADMSG;
	entry->run = get64(from);
	entry->sequence = get64(from + 8);
	entry->dropped = get64(from + 16);
	entry->time_ns = (int64_t)get64(from + 24);
	entry->offset = get64(from + 32);
	entry->bytes = (uint32_t)get64(from + 40);
	entry->status = (uint32_t)(get64(from + 40) >> 32);
	entry->hash = get64(from + 48);
	return 0;
}
