/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Recordings that anybody may have written: whatever is in the three files, the
 * verdict adds up, and good ones have all their data.
 *
 * The input is a byte that says whether the check values of entries and the
 * hashes of blocks are to be made right, the lengths of journal and meta file,
 * these, and the data.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/recording.h"
#include "record/verify.h"

static char directory[] = "/tmp/fuzz-recording-XXXXXX";
static char name[64];

static void file_write(const char *ending, const uint8_t *data, size_t size)
{
	char path[RECORD_PATH];
	int fd;

	if (recording_path(path, name, ending))
		abort();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

static void clean(void)
{
	char path[RECORD_PATH];

	recording_path(path, name, RECORD_DATA);
	unlink(path);
	recording_path(path, name, RECORD_META);
	unlink(path);
	recording_path(path, name, RECORD_JOURNAL);
	unlink(path);
	rmdir(directory);
}

static void begin(void)
{
	if (name[0])
		return;
	if (!mkdtemp(directory))
		abort();
	(void)snprintf(name, sizeof(name), "%s/run", directory);
	atexit(clean);
}

/* An entry as a recorder could have written it, of numbers as they are. */
static void mend(uint8_t *bytes, const uint8_t *data, size_t size, int hash)
{
	struct record_entry entry;

	memcpy(&entry.run, bytes, 8);
	memcpy(&entry.sequence, bytes + 8, 8);
	memcpy(&entry.dropped, bytes + 16, 8);
	memcpy(&entry.time_ns, bytes + 24, 8);
	memcpy(&entry.offset, bytes + 32, 8);
	memcpy(&entry.bytes, bytes + 40, 4);
	memcpy(&entry.status, bytes + 44, 4);
	memcpy(&entry.hash, bytes + 48, 8);
	if (hash && entry.offset <= size && entry.bytes <= size - entry.offset)
		entry.hash = record_hash(data + entry.offset, entry.bytes);
	record_entry_encode(&entry, bytes);
}

static void check(size_t journal, size_t data)
{
	struct verdict verdict;

	if (record_verify(name, &verdict))
		abort();
	if (verdict.blocks + verdict.wrong > journal / RECORD_ENTRY ||
	    verdict.bytes > data)
		abort();
	if (record_good(&verdict) && (verdict.wrong || verdict.missing))
		abort();
	if (record_good(&verdict) && verdict.closed && verdict.bytes != data)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;
	size_t journal, meta, at;

	if (size < 3)
		return 0;
	begin();
	journal = data[1] * 16u < size - 3 ? data[1] * 16u : size - 3;
	meta = data[2] < size - 3 - journal ? data[2] : size - 3 - journal;
	copy = malloc(size);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	at = 3 + journal + meta;
	for (size_t i = 0; data[0] & 1 && i + RECORD_ENTRY <= journal;
	     i += RECORD_ENTRY)
		mend(copy + 3 + i, copy + at, size - at, data[0] & 2);
	file_write(RECORD_JOURNAL, copy + 3, journal);
	file_write(RECORD_META, copy + 3 + journal, meta);
	file_write(RECORD_DATA, copy + at, size - at);
	check(journal, size - at);
	free(copy);
	return 0;
}
