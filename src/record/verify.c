/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See verify.h. */
#include "record/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/recording.h"

struct reading {
	struct journal journal;
	int data;
	uint64_t data_size;
	unsigned char *block;
	size_t room;
};

static int file_open(const char *name, const char *ending, uint64_t *size)
{
	char path[RECORD_PATH];
	struct stat stat;
	int fd = recording_path(path, name, ending);

	if (fd)
		return fd;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat))
		return -errno;
	*size = (uint64_t)stat.st_size;
	return fd;
}

static ssize_t read_at(int fd, void *to, size_t size, uint64_t offset)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, (char *)to + done, size - done,
				  (off_t)(offset + done));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)done;
}

static int room_for(struct reading *reading, size_t size)
{
	unsigned char *larger;

	if (size <= reading->room)
		return 0;
	larger = realloc(reading->block, size);
	if (!larger)
		return -ENOMEM;
	reading->block = larger;
	reading->room = size;
	return 0;
}

/* 0: judged; 1: its data is not all there. */
static int block_judge(struct reading *reading,
		       const struct record_entry *entry,
		       struct verdict *verdict)
{
	ssize_t got;
	int result;

	/* An entry is written after its block: that was there once. */
	if (entry->offset > reading->data_size ||
	    entry->bytes > reading->data_size - entry->offset) {
		verdict->torn = true;
		return 1;
	}
	result = room_for(reading, entry->bytes);
	if (result)
		return result;
	got = read_at(reading->data, reading->block, entry->bytes,
		      entry->offset);
	if (got < 0)
		return (int)got;
	if ((size_t)got < entry->bytes)
		return -EIO;
	if (record_hash(reading->block, entry->bytes) != entry->hash) {
		verdict->wrong++;
		return 0;
	}
	verdict->blocks++;
	verdict->bytes += entry->bytes;
	return 0;
}

/* Return: 1 at the end of what can be believed. */
static int entry_judge(struct reading *reading, uint64_t at,
		       uint64_t journal_size, struct verdict *verdict)
{
	unsigned char bytes[RECORD_ENTRY];
	struct record_entry entry;
	ssize_t got = read_at(reading->journal.fd, bytes, sizeof(bytes), at);

	if (got < 0)
		return (int)got;
	if (got < (ssize_t)sizeof(bytes)) {
		verdict->cut += (uint64_t)got;
		return 1;
	}
	if (record_entry_decode(&entry, bytes) ||
	    journal_follow(&reading->journal, &entry, verdict)) {
		verdict->torn = at + RECORD_ENTRY < journal_size;
		verdict->cut += journal_size - at;
		return 1;
	}
	return block_judge(reading, &entry, verdict);
}

static int all_judge(struct reading *reading, uint64_t journal_size,
		     struct verdict *verdict)
{
	uint64_t at;
	int result = 0;

	for (at = 0; !result && at < journal_size; at += RECORD_ENTRY)
		result = entry_judge(reading, at, journal_size, verdict);
	if (reading->data_size > reading->journal.offset)
		verdict->cut += reading->data_size - reading->journal.offset;
	return result < 0 ? result : 0;
}

static void meta_judge(const char *name, struct verdict *verdict)
{
	struct json_object *meta, *global = NULL, *value = NULL;
	char path[RECORD_PATH];

	if (recording_path(path, name, RECORD_META))
		return;
	meta = json_object_from_file(path);
	json_object_object_get_ex(meta, "global", &global);
	if (json_object_object_get_ex(global, "plxdma:ended", &value) &&
	    json_object_is_type(value, json_type_string)) {
		verdict->closed = true;
		(void)snprintf(verdict->ended, sizeof(verdict->ended), "%s",
			       json_object_get_string(value));
	}
	if (json_object_object_get_ex(global, "plxdma:blocks", &value))
		verdict->fewer = json_object_get_uint64(value) !=
				 verdict->blocks + verdict->wrong;
	json_object_put(meta);
}

int record_verify(const char *name, struct verdict *verdict)
{
	struct reading reading = {.journal = {.fd = -1}};
	uint64_t journal_size;
	int result;

	memset(verdict, 0, sizeof(*verdict));
	reading.data = file_open(name, RECORD_DATA, &reading.data_size);
	if (reading.data < 0)
		return reading.data;
	reading.journal.fd = file_open(name, RECORD_JOURNAL, &journal_size);
	result = reading.journal.fd < 0 ? reading.journal.fd
					: all_judge(&reading, journal_size,
						    verdict);
	meta_judge(name, verdict);
	if (reading.journal.fd >= 0)
		close(reading.journal.fd);
	close(reading.data);
	free(reading.block);
	return result;
}

bool record_good(const struct verdict *verdict)
{
	return !verdict->missing && !verdict->wrong && !verdict->torn &&
	       !(verdict->closed && (verdict->cut || verdict->fewer));
}
