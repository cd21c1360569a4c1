/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The flight recorder, and the reports that are made of it. */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dma/report.h"
#include "rig.h"
#include "suites.h"

static struct rig rig;
static struct recorder_record records[RECORDER_SLOTS];

static void make(void)
{
	rig_make(&rig, C9054, "fake:", NULL, 4);
}

static void break_rig(void)
{
	rig_break(&rig);
}

static unsigned int copied(void)
{
	return recorder_copy(rig.channel->recorder, records);
}

static void run(struct dma_transfer *transfer, enum plxdma_status status)
{
	rig_runs(&rig, transfer, status);
}

START_TEST(a_good_transfer_leaves_a_line)
{
	struct dma_transfer *transfer = rig_transfer(&rig);
	const struct recorder_record *record = records;

	run(transfer, PLXDMA_DONE);
	ck_assert_uint_eq(copied(), 1);
	ck_assert_uint_ne(record->started, 0);
	ck_assert_uint_eq(record->ended, 0);
	ck_assert_uint_eq(record->length, 256);
	ck_assert_uint_eq(record->bytes, 256);
	ck_assert_uint_eq(record->exact, 1);
	ck_assert_uint_eq(record->local, 0x20000000);
	ck_assert_uint_eq(record->status, PLXDMA_DONE);
	ck_assert_uint_eq(record->direction, PLXDMA_TO_HOST);
	ck_assert_uint_eq(record->chain, 0);
	ck_assert_uint_eq(record->channel, 0);
	/* The look at A8h that saw it end, MODE since it was idle before, and
	 * nothing that wasn't read. */
	ck_assert_uint_eq(record->valid, RECORDER_SAW_CSR | RECORDER_SAW_MODE);
	ck_assert_uint_eq(record->csr, 0x1011);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(recording_reads_no_register)
{
	struct dma_transfer *transfer;

	/* However slow the machine: after a while of nothing MODE is read. */
	rig_clock_stop();
	rig.request.form = _i ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK;
	transfer = rig_transfer(&rig);
	run(transfer, PLXDMA_DONE);
	fake_forget(rig.fake);
	rig_submit(transfer);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_uint_eq(rig.fake->csr_reads, 1);
	ck_assert_uint_eq(rig.fake->other_reads, _i ? 1 : 0);
	ck_assert_uint_eq(copied(), 2);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(a_chain_shows_where_it_ended_but_no_address)
{
	struct dma_transfer *transfer;

	rig.request.form = PLXDMA_FORM_CHAIN;
	rig.request.direction = PLXDMA_TO_CARD;
	rig.request.local = 0x20000040;
	transfer = rig_transfer_on(&rig, 0);
	run(transfer, PLXDMA_DONE);
	ck_assert_uint_eq(copied(), 1);
	ck_assert_uint_eq(records[0].chain, 1);
	ck_assert_uint_eq(records[0].direction, PLXDMA_TO_CARD);
	ck_assert_uint_eq(records[0].local, 0x20000040);
	ck_assert_uint_eq(records[0].valid,
			  RECORDER_SAW_CSR | RECORDER_SAW_DPR);
	ck_assert_uint_eq(records[0].dpr & PLX_DMADPR_NEXT_MASK, 0);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(a_fault_leaves_the_registers_as_they_stood)
{
	struct dma_transfer *transfer = rig_transfer(&rig);
	const struct recorder_record *record = records;

	fake_plan(rig.fake, 0, FAKE_MASTER_ABORT);
	rig_submit(transfer);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_uint_eq(copied(), 1);
	ck_assert_uint_eq(record->status, PLXDMA_MASTER_ABORT);
	ck_assert_uint_ge(record->ended, record->started);
	ck_assert_uint_eq(record->valid,
			  RECORDER_SAW_CSR | RECORDER_SAW_MODE |
			  RECORDER_SAW_SIZ | RECORDER_SAW_DPR |
			  RECORDER_SAW_INTCSR);
	/* Before the abort: Done = 0. */
	ck_assert_uint_eq(record->csr & PLX_DMACSR_DONE, 0);
	ck_assert_uint_eq(record->mode, BLOCK_QUIET);
	ck_assert_uint_eq(record->siz, 256);
	dma_channel_take(rig.channel);
	/* The next one's record is its own. */
	run(transfer, PLXDMA_DONE);
	ck_assert_uint_eq(copied(), 2);
	ck_assert_uint_eq(records[1].valid & RECORDER_SAW_SIZ, 0);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(what_was_never_started_says_so)
{
	struct dma_transfer *first = rig_transfer(&rig);
	struct dma_transfer *second = rig_transfer(&rig);

	fake_plan(rig.fake, 0, FAKE_HANG);
	rig_submit(first);
	rig_submit(second);
	dma_transfer_cancel(second, PLXDMA_CANCELLED);
	dma_transfer_cancel(first, PLXDMA_CANCELLED);
	ck_assert_uint_eq(copied(), 2);
	ck_assert_uint_eq(records[0].started, 0);
	ck_assert_uint_eq(records[0].status, PLXDMA_CANCELLED);
	ck_assert_uint_ne(records[1].started, 0);
	dma_transfer_free(first);
	dma_transfer_free(second);
}
END_TEST

START_TEST(the_ring_keeps_the_last)
{
	struct dma_transfer *transfer;
	unsigned int i, count;

	for (i = 0; i < RECORDER_SLOTS + 10; i++) {
		rig.request.length = 4 * i + 4;
		transfer = rig_transfer(&rig);
		run(transfer, PLXDMA_DONE);
		dma_transfer_free(transfer);
	}
	count = copied();
	/* One slot may be being written at any time. */
	ck_assert_uint_eq(count, RECORDER_SLOTS - 1);
	for (i = 0; i < count; i++)
		ck_assert_uint_eq(records[i].length, 4 * (i + 11) + 4);
}
END_TEST

static void *reading(void *context)
{
	struct recorder_record *copy = calloc(RECORDER_SLOTS, sizeof(*copy));
	atomic_int *stop = context;
	unsigned int i, count;

	while (!atomic_load(stop)) {
		count = recorder_copy(rig.channel->recorder, copy);
		for (i = 0; i < count; i++) {
			/* Torn records would have parts of two. */
			ck_assert_uint_eq(copy[i].length, copy[i].bytes);
			ck_assert_uint_eq(copy[i].local,
					  0x20000000 + copy[i].length);
			if (i)
				ck_assert_uint_ge(copy[i].started,
						  copy[i - 1].started);
		}
	}
	free(copy);
	return NULL;
}

START_TEST(readers_never_see_half_a_record)
{
	struct dma_transfer *transfer;
	atomic_int stop = 0;
	pthread_t thread;
	unsigned int i;

	ck_assert_int_eq(pthread_create(&thread, NULL, reading, &stop), 0);
	for (i = 0; i < 4 * RECORDER_SLOTS; i++) {
		rig.request.length = 4 * (i % 1000) + 4;
		rig.request.local = 0x20000000 + (uint32_t)rig.request.length;
		transfer = rig_transfer(&rig);
		run(transfer, PLXDMA_DONE);
		dma_transfer_free(transfer);
	}
	atomic_store(&stop, 1);
	pthread_join(thread, NULL);
}
END_TEST

static char *report(void)
{
	size_t length;
	char *text = report_text(rig.card, "a test", 1, &length);

	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(strlen(text), length);
	return text;
}

START_TEST(a_report_has_no_address)
{
	struct dma_transfer *transfer;
	char *text;

	rig.request.form = PLXDMA_FORM_CHAIN;
	transfer = rig_transfer(&rig);
	run(transfer, PLXDMA_DONE);
	/* What the chip would hold besides. */
	fake_set(rig.fake, PLX_LAS0BA, 0x20000001);
	fake_set(rig.fake, PLX_DMADPR1, 0x12345679);
	fake_set(rig.fake, PLX_DMAPADR0, 0x10000abc);
	fake_set(rig.fake, PLX_MBOX2, 0xda7ada7a);
	text = report();
	ck_assert_ptr_nonnull(strstr(text, "\"why\": \"a test\""));
	ck_assert_ptr_nonnull(strstr(text, "\"LAS0BA\": \"0x00000001\""));
	ck_assert_ptr_nonnull(strstr(text, "\"DMADPR1\": \"0x00000009\""));
	ck_assert_ptr_nonnull(strstr(text, "\"local\": \"space0+0x0\""));
	ck_assert_ptr_null(strstr(text, "1234567"));
	ck_assert_ptr_null(strstr(text, "10000abc"));
	ck_assert_ptr_null(strstr(text, "20000000"));
	ck_assert_ptr_null(strstr(text, "da7a"));
	free(text);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(a_strange_name_is_still_json)
{
	char *text;

	strcpy(rig.card->name, "a\"b\\c\nd\xff");
	text = report();
	ck_assert_ptr_nonnull(strstr(text, "\"name\": \"a\\\"b\\\\c?d?\""));
	free(text);
}
END_TEST

START_TEST(a_report_goes_whole_or_says_why_not)
{
	struct error error = { "" };
	int ends[2];

	ck_assert_int_eq(dma_card_report(rig.card, 1, -1, &error), -EBADF);
	ck_assert_ptr_nonnull(strstr(error.text, "can't be written"));
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(dma_card_report(rig.card, 1, ends[1], NULL), 0);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* Reports that write themselves. */

static char directory[] = "/tmp/plxdma-recorder-XXXXXX";

static unsigned int files(int take_away)
{
	DIR *at = opendir(directory);
	struct dirent *entry;
	unsigned int count = 0;

	ck_assert_ptr_nonnull(at);
	while ((entry = readdir(at))) {
		if (strncmp(entry->d_name, "plxdma-fake-", 12))
			continue;
		count++;
		if (take_away)
			unlinkat(dirfd(at), entry->d_name, 0);
	}
	closedir(at);
	return count;
}

static void make_reporting_again(void)
{
	char spec[128];

	snprintf(spec, sizeof(spec), "fake:report=%s", directory);
	rig_make(&rig, C9054, spec, NULL, 4);
}

static void make_reporting(void)
{
	ck_assert_ptr_nonnull(mkdtemp(directory));
	make_reporting_again();
}

static void break_reporting(void)
{
	break_rig();
	files(1);
	rmdir(directory);
}

static void abort_once(struct dma_transfer *transfer)
{
	fake_plan(rig.fake, 0, FAKE_MASTER_ABORT);
	rig_submit(transfer);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	dma_channel_take(rig.channel);
}

START_TEST(a_fault_writes_its_report_and_nothing_else_does)
{
	struct dma_transfer *transfer = rig_transfer(&rig);

	run(transfer, PLXDMA_DONE);
	ck_assert_uint_eq(files(0), 0);
	abort_once(transfer);
	ck_assert_uint_eq(files(0), 1);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(a_fault_that_comes_for_ever_fills_no_disk)
{
	struct dma_transfer *transfer = rig_transfer(&rig);
	unsigned int i;

	for (i = 0; i < REPORT_FILES + 4; i++)
		abort_once(transfer);
	ck_assert_uint_eq(files(0), REPORT_FILES);
	dma_transfer_free(transfer);
	/* Nor does the same card of the same process, opened again. */
	rig_break(&rig);
	make_reporting_again();
	transfer = rig_transfer(&rig);
	abort_once(transfer);
	ck_assert_uint_eq(files(0), REPORT_FILES);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(a_file_that_is_there_is_left_alone)
{
	struct dma_transfer *transfer = rig_transfer(&rig);
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/plxdma-fake-%d-00.json", directory,
		 (int)getpid());
	file = fopen(path, "wx");
	ck_assert_ptr_nonnull(file);
	fclose(file);
	abort_once(transfer);
	ck_assert_uint_eq(files(0), 2);
	file = fopen(path, "r");
	ck_assert_int_eq(fgetc(file), EOF);
	fclose(file);
	dma_transfer_free(transfer);
}
END_TEST

START_TEST(a_directory_that_is_not_there_keeps_the_card_closed)
{
	struct card_options options;
	struct error error = { "" };
	struct dma_card *card;
	struct fake *fake = fake_new(C9054);
	char rest[64];

	ck_assert_int_eq(options_strip("fake:report=/nowhere/at/all,x=1",
				       &options, rest, sizeof(rest), NULL), 0);
	ck_assert_str_eq(rest, "fake:x=1");
	ck_assert_int_eq(card_new(&fake->transport, &options, "fake", &card,
				  &error), -ENOENT);
	ck_assert_ptr_nonnull(strstr(error.text, "/nowhere/at/all"));
	ck_assert_int_eq(fake->closed, 1);
	fake_free(fake);
	ck_assert_int_eq(options_strip("fake:report=", &options, rest,
				       sizeof(rest), &error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "report=DIR"));
}
END_TEST

Suite *recorder_suite(void)
{
	Suite *suite = suite_create("recorder");
	TCase *ring = tcase_create("ring"), *file = tcase_create("file");
	TCase *option = tcase_create("option");

	tcase_add_checked_fixture(ring, make, break_rig);
	tcase_add_test(ring, a_good_transfer_leaves_a_line);
	tcase_add_loop_test(ring, recording_reads_no_register, 0, 2);
	tcase_add_test(ring, a_chain_shows_where_it_ended_but_no_address);
	tcase_add_test(ring, a_fault_leaves_the_registers_as_they_stood);
	tcase_add_test(ring, what_was_never_started_says_so);
	tcase_add_test(ring, the_ring_keeps_the_last);
	tcase_add_test(ring, readers_never_see_half_a_record);
	tcase_add_test(ring, a_report_has_no_address);
	tcase_add_test(ring, a_strange_name_is_still_json);
	tcase_add_test(ring, a_report_goes_whole_or_says_why_not);
	suite_add_tcase(suite, ring);
	tcase_add_checked_fixture(file, make_reporting, break_reporting);
	tcase_add_test(file, a_fault_writes_its_report_and_nothing_else_does);
	tcase_add_test(file, a_fault_that_comes_for_ever_fills_no_disk);
	tcase_add_test(file, a_file_that_is_there_is_left_alone);
	suite_add_tcase(suite, file);
	tcase_add_test(option,
		       a_directory_that_is_not_there_keeps_the_card_closed);
	suite_add_tcase(suite, option);
	return suite;
}
