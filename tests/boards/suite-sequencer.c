/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sequencer alone, at a clock that stands until it is moved.
 */
#include <errno.h>
#include <string.h>

#include "bench.h"
#include "suites.h"

/* Typed from plxdma-boards(7) once more, on purpose. */
enum {
	REGISTERS = 0x1000,
	STATUS = REGISTERS + 0x04,
	CONTROL = REGISTERS + 0x08,
	DOORBELL = REGISTERS + 0x10,
	HEADER = REGISTERS + 0x80,
	ADDRESS = REGISTERS + 0x88,
	COUNT = REGISTERS + 0x90,
	BALANCE = REGISTERS + 0xa8,
	ERROR = REGISTERS + 0xac,
	MOVED = REGISTERS + 0xb0,
	PRODUCED = REGISTERS + 0x800,
	DELIVERED = REGISTERS + 0x808,
	DROPPED = REGISTERS + 0x810,
	REFUSED = REGISTERS + 0x820,
	REMOTE = 0x10000000,
	PORT = 0,

	EOT = 0x200,
	END = 0x4000,
	EARLY = 0x8000,
};

#define ABORT 0x80000000u
#define US    1000u

static struct bench *sequencer(const char *option)
{
	const char *const options[] = {"card=6", "bells=0x21", option, NULL};

	return bench_new("sequencer", options);
}

/* The engine runs, then the trigger is written. */
static void trigger(struct bench *bench, uint32_t bytes)
{
	bench->csr = 0x01;
	bench->eots = 0;
	bench->bells = 0;
	bench_write(bench, HEADER, 0x0080a002);
	bench_write(bench, COUNT, bytes);
	bench_write(bench, STATUS, EOT | END | EARLY);
	bench_write(bench, ADDRESS, 0);
}

START_TEST(a_block_comes_after_its_trigger_and_ends_by_eot)
{
	struct bench *bench = sequencer("block=100");
	uint32_t words[200];

	ck_assert_int_eq(bench->dreq[0], 0);
	trigger(bench, 800);
	ck_assert_int_eq(bench->dreq[0], 1);
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 60, true), 60);
	ck_assert_uint_eq(bench->eots, 0);
	ck_assert_uint_eq(bench_dma(bench, PORT, words + 60, 140, true), 40);
	ck_assert_uint_eq(bench->eots, 1);
	ck_assert_int_eq(bench->dreq[0], 0);
	for (uint32_t i = 0; i < 100; i++)
		ck_assert_uint_eq(words[i], 6u << 27 | i);
	ck_assert_uint_eq(bench_read(bench, MOVED), 400);
	ck_assert_uint_eq(bench_read(bench, BALANCE), 400);
	ck_assert_uint_eq(bench_read(bench, ERROR), 0x208);
	ck_assert_uint_eq(bench_read(bench, STATUS), 3 | EOT | END | EARLY);
	ck_assert_uint_eq(bench->bells, 0x21);
	bench_free(bench);
}
END_TEST

START_TEST(a_block_as_long_as_asked_for_is_no_error)
{
	struct bench *bench = sequencer(NULL);
	uint32_t words[64];

	trigger(bench, 256);
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 64, true), 64);
	ck_assert_uint_eq(bench->eots, 1);
	ck_assert_uint_eq(bench_read(bench, ERROR), 0);
	ck_assert_uint_eq(bench_read(bench, STATUS), 3 | EOT | END);
	bench_write(bench, STATUS, EOT);
	ck_assert_uint_eq(bench_read(bench, STATUS), 3 | END);
	bench_free(bench);
}
END_TEST

START_TEST(a_trigger_before_the_start_moves_nothing)
{
	struct bench *bench = sequencer("block=100");
	uint32_t words[4];

	trigger(bench, 0);
	bench->csr = 0x10;
	bench_write(bench, COUNT, 400);
	bench_write(bench, ADDRESS, 0);
	ck_assert_uint_eq(bench_read(bench, REFUSED), 1);
	ck_assert_uint_eq(bench_read(bench, ERROR), 0x104);
	ck_assert_int_eq(bench->dreq[0], 0);
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 4, true), 0);
	bench_free(bench);
}
END_TEST

START_TEST(a_board_that_is_not_strict_waits_for_the_start)
{
	struct bench *bench = sequencer("strict=0");
	uint32_t words[4];

	trigger(bench, 16);
	bench->csr = 0x10;
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 4, true), 4);
	bench_free(bench);
}
END_TEST

START_TEST(an_empty_block_only_tells_its_end)
{
	struct bench *bench = sequencer("block=0");
	uint32_t words[4];

	trigger(bench, 400);
	ck_assert_int_eq(bench->dreq[0], 1);
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 4, true), 0);
	ck_assert_uint_eq(bench->eots, 1);
	ck_assert_int_eq(bench->dreq[0], 0);
	ck_assert_uint_eq(bench_read(bench, MOVED), 0);
	ck_assert_uint_eq(bench_read(bench, BALANCE), 400);
	bench_free(bench);
}
END_TEST

START_TEST(data_comes_after_its_delay)
{
	struct bench *bench = sequencer("delay=5000");
	uint32_t words[4];

	trigger(bench, 16);
	ck_assert_int_eq(bench->dreq[0], 0);
	ck_assert_uint_eq(bench->alarm, bench->now + 5 * US);
	bench_wait(bench, 4 * US);
	ck_assert_int_eq(bench->dreq[0], 0);
	bench_wait(bench, US);
	ck_assert_int_eq(bench->dreq[0], 1);
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 4, true), 4);
	bench_free(bench);
}
END_TEST

START_TEST(data_comes_at_its_rate_by_demand)
{
	struct bench *bench = sequencer("word_rate=1e6");
	uint32_t words[256], got = 0, turns = 0;

	trigger(bench, 1000);
	while (!bench->eots && turns++ < 1000) {
		if (bench->dreq[0])
			got += (uint32_t)bench_dma(bench, PORT, words + got,
						   250 - got, true);
		bench_wait(bench, US);
	}
	ck_assert_uint_eq(got, 250);
	ck_assert_uint_ge(turns, 249);
	for (uint32_t i = 0; i < 250; i++)
		ck_assert_uint_eq(words[i], 6u << 27 | i);
	bench_free(bench);
}
END_TEST

START_TEST(random_lengths_are_repeated_by_their_seed)
{
	uint32_t words[50], lengths[2][100], low = 50, high = 0;

	for (int run = 0; run < 2; run++) {
		struct bench *bench = sequencer("block=10-50");

		for (int i = 0; i < 100; i++) {
			trigger(bench, 400);
			lengths[run][i] = (uint32_t)bench_dma(bench, PORT,
							      words, 50, true);
		}
		bench_free(bench);
	}
	for (int i = 0; i < 100; i++) {
		ck_assert_uint_eq(lengths[0][i], lengths[1][i]);
		low = lengths[0][i] < low ? lengths[0][i] : low;
		high = lengths[0][i] > high ? lengths[0][i] : high;
	}
	ck_assert(low >= 10 && low < 15 && high > 45 && high <= 50);
}
END_TEST

START_TEST(an_abort_ends_the_transfer_and_accounts_for_the_rest)
{
	struct bench *bench = sequencer("block=100");
	uint32_t words[100];

	trigger(bench, 400);
	bench_dma(bench, PORT, words, 30, true);
	bench_write(bench, STATUS, ABORT);
	ck_assert_uint_eq(bench->eots, 1);
	ck_assert_int_eq(bench->dreq[0], 0);
	ck_assert_uint_eq(bench_read(bench, MOVED), 120);
	ck_assert_uint_eq(bench_read64(bench, DROPPED), 70);
	ck_assert_uint_eq(bench_read64(bench, PRODUCED), 100);
	ck_assert_uint_eq(bench_read64(bench, DELIVERED), 30);
	trigger(bench, 400);
	bench_dma(bench, PORT, words, 1, true);
	ck_assert_uint_eq(words[0] & 0x7ffffff, 100);
	bench_free(bench);
}
END_TEST

START_TEST(what_a_short_transfer_leaves_the_next_one_takes)
{
	struct bench *bench = sequencer("block=100");
	uint32_t words[100];

	trigger(bench, 400);
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 40, true), 40);
	ck_assert_int_eq(bench->dreq[0], 1);
	ck_assert_uint_eq(bench_dma(bench, PORT, words, 100, true), 60);
	ck_assert_uint_eq(words[0] & 0x7ffffff, 40);
	ck_assert_uint_eq(bench->eots, 1);
	bench_free(bench);
}
END_TEST

START_TEST(the_doorbell_register_rings_any_bits)
{
	struct bench *bench = sequencer(NULL);

	bench_write(bench, DOORBELL, 0x80000004);
	ck_assert_uint_eq(bench->bells, 0x80000004);
	bench_free(bench);
}
END_TEST

START_TEST(control_bits_are_set_by_the_low_half_and_cleared_by_the_high)
{
	struct bench *bench = sequencer(NULL);

	bench_write(bench, CONTROL, 0x00f4);
	ck_assert_uint_eq(bench_read(bench, CONTROL), 0x00f4);
	bench_write(bench, CONTROL, 0x00300000);
	ck_assert_uint_eq(bench_read(bench, CONTROL), 0x00c4);
	bench_free(bench);
}
END_TEST

START_TEST(the_far_sides_memory_is_plain_memory)
{
	struct bench *bench = sequencer(NULL);
	size_t size = 0;
	uint8_t *memory = bench->ops->direct(bench->board, REMOTE, &size);

	ck_assert_ptr_nonnull(memory);
	ck_assert_uint_eq(size, 0x100000);
	bench_write(bench, REMOTE + 0xffffc, 0x01020304);
	ck_assert_uint_eq(memory[0xffffc], 4);
	ck_assert_ptr_null(bench->ops->direct(bench->board, REGISTERS, &size));
	bench_free(bench);
}
END_TEST

START_TEST(sequencer_options_that_make_no_sense_are_refused)
{
	static const char *const bad[] = {"block=5-4", "block=1-", "delay=-1",
					  "bell=1"};
	char why[128];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		*why = '\0';
		ck_assert_int_eq(bench_refusal("sequencer", bad[i], why,
					       sizeof(why)),
				 -EINVAL);
		ck_assert_ptr_nonnull(strstr(why, bad[i]));
	}
}
END_TEST

Suite *suite_sequencer(void)
{
	Suite *suite = suite_create("sequencer");
	TCase *tcase = tcase_create("blocks");

	tcase_add_test(tcase, a_block_comes_after_its_trigger_and_ends_by_eot);
	tcase_add_test(tcase, a_block_as_long_as_asked_for_is_no_error);
	tcase_add_test(tcase, a_trigger_before_the_start_moves_nothing);
	tcase_add_test(tcase, a_board_that_is_not_strict_waits_for_the_start);
	tcase_add_test(tcase, an_empty_block_only_tells_its_end);
	tcase_add_test(tcase, data_comes_after_its_delay);
	tcase_add_test(tcase, data_comes_at_its_rate_by_demand);
	tcase_add_test(tcase, random_lengths_are_repeated_by_their_seed);
	tcase_add_test(tcase,
		       an_abort_ends_the_transfer_and_accounts_for_the_rest);
	tcase_add_test(tcase, what_a_short_transfer_leaves_the_next_one_takes);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("registers");
	tcase_add_test(tcase, the_doorbell_register_rings_any_bits);
	tcase_add_test(
		tcase,
		control_bits_are_set_by_the_low_half_and_cleared_by_the_high);
	tcase_add_test(tcase, the_far_sides_memory_is_plain_memory);
	tcase_add_test(tcase,
		       sequencer_options_that_make_no_sense_are_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
