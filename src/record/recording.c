/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See recording.h. */
#include "record/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAFE_AFTER_NS INT64_C(1000000000)

int recording_path(char path[RECORD_PATH], const char *name, const char *ending)
{
	int length = snprintf(path, RECORD_PATH, "%s%s", name, ending);

	return length < (int)RECORD_PATH ? 0 : -ENAMETOOLONG;
}

static int journal_open(const char *name)
{
	char path[RECORD_PATH];
	int fd = recording_path(path, name, RECORD_JOURNAL);

	if (fd)
		return fd;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

static int files_open(struct recording *recording)
{
	const struct recording_about *about = &recording->about;
	char path[RECORD_PATH];
	int result = recording_path(path, about->name, RECORD_DATA);

	if (!result)
		result = data_file_open(&recording->data, path,
					about->keep_free);
	if (result)
		return result;
	recording->journal = journal_open(about->name);
	result = recording->journal < 0 ? recording->journal : 0;
	if (!result)
		result = recording_meta(recording, NULL);
	if (!result)
		return 0;
	data_file_close(&recording->data, 0);
	unlink(path);
	if (recording->journal >= 0)
		close(recording->journal);
	return result;
}

int recording_open(struct recording *recording,
		   const struct recording_about *about)
{
	struct timespec now;

	memset(recording, 0, sizeof(*recording));
	recording->about = *about;
	clock_gettime(CLOCK_REALTIME, &now);
	recording->first_time = (uint64_t)now.tv_sec * 1000000000u +
				(uint64_t)now.tv_nsec;
	return files_open(recording);
}

/* The blocks first, then what says that they are there. */
static int make_safe(struct recording *recording)
{
	const size_t size = (size_t)recording->waiting * RECORD_ENTRY;
	size_t done = 0;
	int result;

	if (!recording->waiting)
		return 0;
	result = data_file_flush(&recording->data);
	while (!result && done < size) {
		ssize_t n = write(recording->journal,
				  recording->entries + done, size - done);

		if (n < 0 && errno != EINTR)
			result = errno == EFBIG || errno == EDQUOT ? -ENOSPC
								   : -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	recording->safe_blocks += done / RECORD_ENTRY;
	if (result)
		return result;
	recording->waiting = 0;
	recording->safe_bytes = recording->bytes;
	return 0;
}

int recording_put(struct recording *recording, const struct plxdma_block *block)
{
	const struct record_entry entry = {
		.run = block->run,
		.sequence = block->sequence,
		.dropped = block->dropped,
		.time_ns = block->time_ns,
		.offset = recording->bytes,
		.bytes = (uint32_t)block->bytes,
		.status = block->status,
		.hash = record_hash(block->data, block->bytes),
	};
	const uint64_t before = recording->data.written;
	int result = data_file_put(&recording->data, block->data, block->bytes);

	if (result)
		return result;
	if (!recording->waiting)
		recording->waiting_since = block->time_ns;
	record_entry_encode(&entry, recording->entries +
					    recording->waiting * RECORD_ENTRY);
	recording->waiting++;
	recording->blocks++;
	recording->bytes += block->bytes;
	recording->dropped += block->dropped;
	if (recording->data.written == before &&
	    recording->waiting < RECORDING_ENTRIES &&
	    block->time_ns - recording->waiting_since < SAFE_AFTER_NS)
		return 0;
	return make_safe(recording);
}

int recording_close(struct recording *recording, const char *why)
{
	int result = make_safe(recording), error;

	error = data_file_close(&recording->data, recording->safe_bytes);
	result = result ? result : error;
	/* A full disk may have taken half an entry. */
	if (ftruncate(recording->journal,
		      (off_t)(recording->safe_blocks * RECORD_ENTRY)) ||
	    fsync(recording->journal))
		result = result ? result : -errno;
	if (close(recording->journal) && !result)
		result = -errno;
	error = recording_meta(recording, why);
	return result ? result : error;
}
