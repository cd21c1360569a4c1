/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings that were written, cut, and damaged. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "record/recording.h"
#include "record/verify.h"

#define BLOCKS 100u
#define SIZE 5000u

static char directory[] = "/tmp/plxdma-record-XXXXXX";
static char name[64];
static struct recording recording;
static unsigned char bytes[SIZE];

static void setup(void)
{
	strcpy(strrchr(directory, '-'), "-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(name, sizeof(name), "%s/run", directory);
}

static const char *path(const char *ending)
{
	static char text[100];

	snprintf(text, sizeof(text), "%s%s", name, ending);
	return text;
}

static void teardown(void)
{
	unlink(path(RECORD_DATA));
	unlink(path(RECORD_META));
	unlink(path(RECORD_META ".new"));
	unlink(path(RECORD_JOURNAL));
	ck_assert_int_eq(rmdir(directory), 0);
}

static void begin(void)
{
	const struct recording_about about = {
		.name = name,
		.card = "model:",
		.chip = "PCI 9054",
		.block_bytes = SIZE,
		.run = 7,
	};

	ck_assert_int_eq(recording_open(&recording, &about), 0);
}

static int put(uint64_t sequence, uint64_t dropped, int64_t time_ns)
{
	const struct plxdma_block block = {
		.size = sizeof(block),
		.run = 7,
		.sequence = sequence,
		.dropped = dropped,
		.time_ns = time_ns,
		.bytes = SIZE,
		.data = bytes,
	};

	memset(bytes, (int)sequence, sizeof(bytes));
	return recording_put(&recording, &block);
}

static void put_all(unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		ck_assert_int_eq(put(i, 0, i), 0);
}

static struct verdict verified(void)
{
	struct verdict verdict;

	ck_assert_int_eq(record_verify(name, &verdict), 0);
	return verdict;
}

static void change(const char *ending, off_t at, const void *data, size_t size)
{
	int fd = open(path(ending), O_WRONLY);

	ck_assert_int_eq(pwrite(fd, data, size, at), (ssize_t)size);
	close(fd);
}

static void cut(const char *ending, off_t size)
{
	ck_assert_int_eq(truncate(path(ending), size), 0);
}

START_TEST(an_entry_comes_back_as_it_was)
{
	const struct record_entry entry = {
		.run = 1, .sequence = 2, .dropped = 3, .time_ns = -4,
		.offset = UINT64_MAX - 5, .bytes = UINT32_MAX - 6,
		.status = 7, .hash = 8,
	};
	unsigned char text[RECORD_ENTRY];
	struct record_entry again;
	unsigned int i;

	record_entry_encode(&entry, text);
	ck_assert_int_eq(record_entry_decode(&again, text), 0);
	ck_assert_uint_eq(again.run, 1);
	ck_assert_uint_eq(again.sequence, 2);
	ck_assert_uint_eq(again.dropped, 3);
	ck_assert_int_eq(again.time_ns, -4);
	ck_assert_uint_eq(again.offset, UINT64_MAX - 5);
	ck_assert_uint_eq(again.bytes, UINT32_MAX - 6);
	ck_assert_uint_eq(again.status, 7);
	ck_assert_uint_eq(again.hash, 8);
	for (i = 0; i < RECORD_ENTRY * 8; i++) {
		text[i / 8] ^= (unsigned char)(1 << i % 8);
		ck_assert_int_eq(record_entry_decode(&again, text), -EBADMSG);
		text[i / 8] ^= (unsigned char)(1 << i % 8);
	}
}
END_TEST

START_TEST(what_was_put_is_verified)
{
	struct verdict verdict;
	struct stat stat_;

	begin();
	put_all(BLOCKS);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	verdict = verified();
	ck_assert(record_good(&verdict));
	ck_assert(verdict.closed);
	ck_assert_str_eq(verdict.ended, "asked");
	ck_assert_uint_eq(verdict.blocks, BLOCKS);
	ck_assert_uint_eq(verdict.bytes, BLOCKS * SIZE);
	ck_assert_uint_eq(verdict.cut, 0);
	ck_assert_int_eq(stat(path(RECORD_DATA), &stat_), 0);
	ck_assert_int_eq(stat_.st_size, BLOCKS * SIZE);
}
END_TEST

START_TEST(nothing_is_written_over)
{
	const struct recording_about about = {.name = name, .card = "",
					      .chip = ""};
	struct recording other;

	begin();
	put_all(3);
	ck_assert_int_eq(recording_open(&other, &about), -EEXIST);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	ck_assert_uint_eq(verified().blocks, 3);
}
END_TEST

START_TEST(gaps_are_dropped_or_missing)
{
	struct verdict verdict;

	begin();
	ck_assert_int_eq(put(5, 5, 0), 0);
	ck_assert_int_eq(put(6, 0, 1), 0);
	ck_assert_int_eq(put(10, 3, 2), 0);
	ck_assert_int_eq(put(12, 0, 3), 0);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	verdict = verified();
	ck_assert_uint_eq(verdict.dropped, 8);
	ck_assert_uint_eq(verdict.missing, 1);
	ck_assert(!record_good(&verdict));
}
END_TEST

/* The recorder is gone, and its buffers with it. */
START_TEST(what_was_old_survives_its_recorder)
{
	struct verdict verdict;

	begin();
	put_all(BLOCKS);
	/* Two seconds later. */
	ck_assert_int_eq(put(BLOCKS, 0, 2000000000), 0);
	ck_assert_int_eq(put(BLOCKS + 1, 0, 2000000001), 0);
	verdict = verified();
	ck_assert(!verdict.closed);
	ck_assert(record_good(&verdict));
	ck_assert_uint_eq(verdict.blocks, BLOCKS + 1);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	ck_assert_uint_eq(verified().blocks, BLOCKS + 2);
}
END_TEST

START_TEST(a_block_that_changed_is_wrong)
{
	struct verdict verdict;

	begin();
	put_all(BLOCKS);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	change(RECORD_DATA, 7 * SIZE + 100, "x", 1);
	verdict = verified();
	ck_assert_uint_eq(verdict.wrong, 1);
	ck_assert_uint_eq(verdict.blocks, BLOCKS - 1);
	ck_assert(!record_good(&verdict));
}
END_TEST

START_TEST(a_damaged_journal_is_believed_up_to_there)
{
	struct verdict verdict;

	begin();
	put_all(BLOCKS);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	change(RECORD_JOURNAL, 10 * RECORD_ENTRY + 3, "x", 1);
	verdict = verified();
	ck_assert_uint_eq(verdict.blocks, 10);
	ck_assert(verdict.torn);
	ck_assert(!record_good(&verdict));
}
END_TEST

START_TEST(cut_files_are_not_good)
{
	struct verdict verdict;

	begin();
	put_all(BLOCKS);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	cut(RECORD_JOURNAL, 20 * RECORD_ENTRY);
	verdict = verified();
	ck_assert_uint_eq(verdict.blocks, 20);
	ck_assert(!record_good(&verdict));
	cut(RECORD_DATA, 20 * SIZE - 1);
	verdict = verified();
	ck_assert_uint_eq(verdict.blocks, 19);
	ck_assert(verdict.torn);
	ck_assert(!record_good(&verdict));
}
END_TEST

/* Numbers that lead nowhere, each in an entry that is whole. */
START_TEST(entries_that_cant_follow_are_refused)
{
	static const struct record_entry entries[] = {
		{.sequence = 0, .offset = SIZE, .bytes = SIZE},
		{.sequence = 9, .offset = 0, .bytes = SIZE},
		{.sequence = 9, .offset = UINT64_MAX, .bytes = SIZE},
		{.sequence = UINT64_MAX, .offset = SIZE, .bytes = SIZE},
		{.sequence = 9, .offset = SIZE, .bytes = UINT32_MAX},
	};
	unsigned char text[RECORD_ENTRY];
	struct verdict verdict;

	begin();
	put_all(2);
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	record_entry_encode(&entries[_i], text);
	change(RECORD_JOURNAL, RECORD_ENTRY, text, sizeof(text));
	verdict = verified();
	ck_assert_uint_eq(verdict.blocks, 1);
	ck_assert(!record_good(&verdict));
}
END_TEST

START_TEST(a_full_disk_leaves_what_fitted)
{
	const struct rlimit limit = {3u << 20, 3u << 20};
	struct verdict verdict;
	unsigned int i;
	int result = 0;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	begin();
	for (i = 0; i < 2000 && !result; i++)
		result = put(i, 0, i);
	ck_assert_int_eq(result, -ENOSPC);
	recording_close(&recording, "full");
	verdict = verified();
	ck_assert_msg(record_good(&verdict), "cut %llu, %d",
		      (unsigned long long)verdict.cut, verdict.fewer);
	ck_assert_uint_gt(verdict.blocks, 400);
	ck_assert_str_eq(verdict.ended, "full");
}
END_TEST

START_TEST(what_isnt_there_is_told)
{
	struct verdict verdict;

	ck_assert_int_eq(record_verify(name, &verdict), -ENOENT);
	begin();
	ck_assert_int_eq(recording_close(&recording, "asked"), 0);
	ck_assert_uint_eq(verified().blocks, 0);
	unlink(path(RECORD_JOURNAL));
	ck_assert_int_eq(record_verify(name, &verdict), -ENOENT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("record");
	TCase *tcase = tcase_create("record");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, an_entry_comes_back_as_it_was);
	tcase_add_test(tcase, what_was_put_is_verified);
	tcase_add_test(tcase, nothing_is_written_over);
	tcase_add_test(tcase, gaps_are_dropped_or_missing);
	tcase_add_test(tcase, what_was_old_survives_its_recorder);
	tcase_add_test(tcase, a_block_that_changed_is_wrong);
	tcase_add_test(tcase, a_damaged_journal_is_believed_up_to_there);
	tcase_add_test(tcase, cut_files_are_not_good);
	tcase_add_loop_test(tcase, entries_that_cant_follow_are_refused, 0, 5);
	tcase_add_test(tcase, a_full_disk_leaves_what_fitted);
	tcase_add_test(tcase, what_isnt_there_is_told);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
