/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a stream refuses, and what it says. */
#include <errno.h>
#include <string.h>

#include "rig.h"

static struct rig rig;

static void setup(void)
{
	rig_open(&rig, RIG_DIRECT, ",board.arm=0,board.word_rate=0");
}

static void teardown(void)
{
	rig_close(&rig);
}

static void refused(int result, int expected, const char *mentions)
{
	const char *text = plxdma_error(rig.card);

	ck_assert_msg(result == expected, "%d: %s", result, text);
	ck_assert_msg(strstr(text, mentions), "\"%s\" has no \"%s\"", text,
		      mentions);
}

static void setup_refused(int expected, const char *mentions)
{
	struct plxdma_stream *stream;

	refused(plxdma_stream_open(rig.channel, &rig.setup, &stream), expected,
		mentions);
	ck_assert_ptr_null(stream);
}

START_TEST(numbers_that_make_no_stream_are_refused)
{
	const struct plxdma_stream_setup good = rig.setup;

	rig.setup.size = 8;
	setup_refused(-EINVAL, "size");
	rig.setup = good;
	rig.setup.block_bytes = 4092;
	setup_refused(-EINVAL, "4096");
	rig.setup.block_bytes = (8u << 20) + 4;
	setup_refused(-EINVAL, "8388608");
	rig.setup.block_bytes = 4098;
	setup_refused(-EINVAL, "multiple of 4");
	rig.setup = good;
	rig.setup.block_count = 3;
	setup_refused(-EINVAL, "block_count");
	rig.setup.block_count = PLXDMA_STREAM_BLOCKS + 1;
	setup_refused(-EINVAL, "block_count");
	rig.setup = good;
	rig.setup.watermark = RIG_BLOCKS / 2 + 1;
	setup_refused(-EINVAL, "watermark");
	rig.setup = good;
	rig.setup.source = 2;
	setup_refused(-EINVAL, "source");
	rig.setup = good;
	rig.setup.slow = 3;
	setup_refused(-EINVAL, "slow");
	rig.setup = good;
	rig.setup.reserved = 1;
	setup_refused(-EINVAL, "reserved");
	rig.setup = good;
	rig.setup.local = 0x200002;
	setup_refused(-EINVAL, "local");
	rig.setup = good;
	rig_stream(&rig);
}
END_TEST

START_TEST(blocks_that_dont_fit_name_the_arena)
{
	rig.setup.block_bytes = 1u << 20;
	setup_refused(-ENOMEM, "arena=");
	rig.setup.block_bytes = RIG_BLOCK;
	rig_stream(&rig);
}
END_TEST

START_TEST(an_armed_source_needs_its_registers)
{
	struct plxdma_stream_armed armed = {
		.level = {.op = PLXDMA_STEP_READ,
			  .space = PLXDMA_SPACE_BAR2,
			  .width = 32,
			  .offset = 0xe8},
		.arm = {.op = PLXDMA_STEP_WRITE,
			.space = PLXDMA_SPACE_BAR2,
			.width = 32,
			.offset = 0xcc},
		.unit = 4,
		.least = 4096,
	};
	const struct plxdma_stream_armed good = armed;

	rig.setup.source = PLXDMA_STREAM_ARMED;
	setup_refused(-EINVAL, "armed");
	rig.setup.armed = &armed;
	armed.level.op = PLXDMA_STEP_WRITE;
	setup_refused(-EINVAL, "level");
	armed = good;
	armed.arm.op = PLXDMA_STEP_READ;
	setup_refused(-EINVAL, "arm");
	armed = good;
	armed.unit = 6;
	setup_refused(-EINVAL, "unit");
	armed = good;
	armed.least = 4098;
	setup_refused(-EINVAL, "least");
	armed.least = RIG_BLOCK + 4;
	setup_refused(-EINVAL, "least");
	armed = good;
	armed.reserved = 1;
	setup_refused(-EINVAL, "reserved");
	armed = good;
	rig_stream(&rig);
}
END_TEST

START_TEST(calls_need_their_arguments)
{
	struct plxdma_block block = {.size = sizeof(block)};
	struct plxdma_stream_stats stats = {.size = 1};

	rig_stream(&rig);
	ck_assert_int_eq(plxdma_stream_open(NULL, &rig.setup, &rig.stream),
			 -EINVAL);
	ck_assert_int_eq(plxdma_stream_start(NULL, 1), -EINVAL);
	ck_assert_int_eq(plxdma_stream_stop(NULL, PLXDMA_STREAM_ABORT, 0),
			 -EINVAL);
	ck_assert_int_eq(plxdma_stream_take(NULL, 0, &block), -EINVAL);
	ck_assert_int_eq(plxdma_stream_take(rig.stream, 0, NULL), -EINVAL);
	ck_assert_int_eq(plxdma_stream_give(NULL, 0), -EINVAL);
	ck_assert_int_eq(plxdma_stream_fd(NULL), -EINVAL);
	ck_assert_int_eq(plxdma_stream_stats(rig.stream, &stats), -EINVAL);
	plxdma_stream_close(NULL);
	refused(plxdma_stream_stop(rig.stream,
				   (enum plxdma_stream_stop)2, 0), -EINVAL,
		"PLXDMA_STREAM_DRAIN");
}
END_TEST

START_TEST(what_isnt_taken_cant_be_given)
{
	rig_stream(&rig);
	refused(plxdma_stream_give(rig.stream, 0), -EINVAL, "sequence");
	rig_start(&rig, 1);
	ck_assert_int_eq(rig_take(&rig, SOON), 0);
	rig_give(&rig);
	refused(plxdma_stream_give(rig.stream, 0), -EINVAL, "sequence");
}
END_TEST

START_TEST(a_run_is_one_at_a_time)
{
	rig_stream(&rig);
	ck_assert_int_eq(rig_take(&rig, SOON), -ENODATA);
	refused(plxdma_stream_stop(rig.stream, PLXDMA_STREAM_ABORT, 0),
		-ENODATA, "run");
	rig_start(&rig, 7);
	refused(plxdma_stream_start(rig.stream, 8), -EBUSY, "run 7");
	rig_read(&rig, 1);
	ck_assert_uint_eq(rig.last.run, 7);
}
END_TEST

Suite *suite_setup(void)
{
	Suite *suite = suite_create("setup");
	TCase *tcase = tcase_create("setup");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, numbers_that_make_no_stream_are_refused);
	tcase_add_test(tcase, blocks_that_dont_fit_name_the_arena);
	tcase_add_test(tcase, an_armed_source_needs_its_registers);
	tcase_add_test(tcase, calls_need_their_arguments);
	tcase_add_test(tcase, what_isnt_taken_cant_be_given);
	tcase_add_test(tcase, a_run_is_one_at_a_time);
	suite_add_tcase(suite, tcase);
	return suite;
}
