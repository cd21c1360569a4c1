/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The digitizer alone, at a clock that stands until it is moved: what the
 * manual's table of registers says, word for word.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "suites.h"

/* Typed from plxdma-boards(7) once more, on purpose. */
enum {
	CSR = 0x48,
	MEMORY_ADDRESS = 0xc0,
	DSP_ADDRESS = 0xc4,
	DSP_DATA = 0xc8,
	ARM = 0xcc,
	DSP_CONTROL = 0xd0,
	DSP_INDEX = 0xd4,
	MEMORY_CLEAR = 0xd8,
	DSP_COUNT = 0xdc,
	LEVEL = 0xe8,
	MEMORY_READ = 0xec,
	DSP_READ = 0xf0,
	CLEAR = 0xf4,
	SNAPSHOT = 0x100,
	PRODUCED = 0x104,
	DELIVERED = 0x10c,
	OVERFLOWED = 0x114,
	SNAPSHOT_LEVEL = 0x11c,
	ARMED = 0x120,
	INTERRUPT_LEVEL = 0x124,
	UNARMED = 0x128,
	UNDERFLOWS = 0x12c,
	RATE = 0x140,
	FIFO = 0x200000,
	DSP = 0x300000,
	MEMORY = 0x400000,

	RUN = 0x1,
	PCI_ACTIVE = 0x4,
	DSP_RESET = 0x10,
	WATERMARK = 0x40,
	RUN_ACTIVE = 0x2000,
	CLEARING = 0x8000,

	BOOT_PORT = 0x4,
	PROGRAM = 768,
	DSP_RUNS = 0x4a000,
};

#define COUNTER 0x7ffffffu
#define US	1000u

static struct bench *digitizer(const char *option)
{
	const char *const options[] = {"card=5", option, NULL};

	return bench_new("digitizer", options);
}

/* What the clock made is all somewhere. */
static void accounts_balance(struct bench *bench)
{
	bench_write(bench, SNAPSHOT, 0);
	ck_assert_uint_eq(bench_read64(bench, PRODUCED),
			  bench_read64(bench, DELIVERED) +
				  bench_read64(bench, OVERFLOWED) +
				  bench_read(bench, SNAPSHOT_LEVEL));
}

START_TEST(the_clock_fills_the_fifo_whether_anybody_reads_or_not)
{
	struct bench *bench = digitizer("word_rate=1e6");

	bench_wait(bench, 100 * US);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 0);
	bench_write(bench, CSR, RUN);
	ck_assert_uint_eq(bench_read(bench, CSR), RUN | RUN_ACTIVE);
	bench_wait(bench, 100 * US);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 100);
	bench_wait(bench, 500);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 100);
	bench_wait(bench, 500);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 101);
	bench_write(bench, CSR, 0);
	bench_wait(bench, 100 * US);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 101);
	accounts_balance(bench);
	bench_free(bench);
}
END_TEST

START_TEST(words_tell_their_card_and_their_place)
{
	struct bench *bench = digitizer("word_rate=1e6");
	uint32_t words[100];

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 100 * US);
	bench_write(bench, ARM, 100);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 100, false), 100);
	for (uint32_t i = 0; i < 100; i++)
		ck_assert_uint_eq(words[i], 5u << 27 | i);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 0);
	accounts_balance(bench);
	bench_free(bench);
}
END_TEST

START_TEST(overflowed_words_leave_a_gap_that_the_counters_explain)
{
	struct bench *bench = digitizer("depth=64");
	uint32_t words[64];

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 1000 * US);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 64);
	bench_write(bench, ARM, 64);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 64, false), 64);
	ck_assert_uint_eq(words[63] & COUNTER, 63);
	bench_wait(bench, US);
	bench_write(bench, ARM, 1);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 1, false), 1);
	ck_assert_uint_eq(words[0] & COUNTER, 1000);
	bench_write(bench, SNAPSHOT, 0);
	ck_assert_uint_eq(bench_read64(bench, OVERFLOWED), 1000 - 64);
	ck_assert_uint_eq(bench_read64(bench, PRODUCED), 1001);
	accounts_balance(bench);
	bench_free(bench);
}
END_TEST

/* Random reads at random moments: the sequence and the counters agree. */
START_TEST(produced_is_delivered_and_overflowed_and_level)
{
	struct bench *bench = digitizer("depth=512");
	uint32_t words[256], next = 0;
	uint64_t lost = 0;

	srand((unsigned int)_i + 1);
	bench_write(bench, CSR, RUN);
	for (int turn = 0; turn < 2000; turn++) {
		size_t count = (size_t)(rand() % 256 + 1), got;

		bench_wait(bench, (uint64_t)(rand() % 300) * US);
		bench_write(bench, ARM, (uint32_t)count);
		got = bench_dma(bench, FIFO, words, count, false);
		for (size_t i = 0; i < got; i++) {
			lost += (words[i] & COUNTER) - next;
			next = (words[i] & COUNTER) + 1;
		}
	}
	bench_write(bench, CSR, 0);
	accounts_balance(bench);
	while (bench_read(bench, LEVEL)) {
		bench_write(bench, ARM, 1);
		bench_dma(bench, FIFO, words, 1, false);
		lost += (words[0] & COUNTER) - next;
		next = (words[0] & COUNTER) + 1;
	}
	bench_write(bench, SNAPSHOT, 0);
	lost += bench_read64(bench, PRODUCED) - next;
	ck_assert_uint_gt(lost, 0);
	ck_assert_uint_eq(lost, bench_read64(bench, OVERFLOWED));
	bench_free(bench);
}
END_TEST

START_TEST(a_word_that_nobody_armed_for_does_not_come)
{
	struct bench *bench = digitizer("word_rate=1e6");
	uint32_t words[8];

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 100 * US);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 8, false), 8);
	ck_assert_uint_eq(words[0], 0xffffffff);
	ck_assert_uint_eq(bench_read(bench, UNARMED), 8);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 100);
	bench_write(bench, ARM, 4);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 8, false), 4);
	ck_assert_uint_eq(bench_read(bench, ARMED), 0);
	bench_free(bench);
}
END_TEST

START_TEST(arming_is_an_option)
{
	struct bench *bench = digitizer("arm=0");
	uint32_t words[8];

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 100 * US);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 8, false), 8);
	ck_assert_uint_eq(words[7] & COUNTER, 7);
	bench_free(bench);
}
END_TEST

/* The channel is held off, and told when the words are there. */
START_TEST(an_armed_read_of_an_empty_fifo_waits_for_its_words)
{
	struct bench *bench = digitizer("word_rate=1e6");
	uint32_t words[64];

	bench_write(bench, CSR, RUN);
	bench_write(bench, ARM, 64);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 64, false), 0);
	ck_assert_uint_eq(bench->alarm, bench->now + 64 * US);
	bench_wait(bench, 64 * US);
	ck_assert_uint_eq(bench->alarm, 0);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 64, false), 64);
	bench_free(bench);
}
END_TEST

START_TEST(all_of_the_port_is_the_same_fifo)
{
	struct bench *bench = digitizer("word_rate=1e6");

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 3 * US);
	bench_write(bench, ARM, 10);
	ck_assert_uint_eq(bench_read(bench, FIFO) & COUNTER, 0);
	ck_assert_uint_eq(bench_read(bench, FIFO + 0x1234) & COUNTER, 1);
	ck_assert_uint_eq(bench_read(bench, FIFO + 0xfffc) & COUNTER, 2);
	ck_assert_uint_eq(bench_read(bench, FIFO), 0xffffffff);
	ck_assert_uint_eq(bench_read(bench, UNDERFLOWS), 1);
	bench_free(bench);
}
END_TEST

START_TEST(without_a_rate_words_are_there_as_soon_as_there_is_room)
{
	struct bench *bench = digitizer("word_rate=0");
	uint32_t words[64];

	bench_write(bench, CSR, RUN);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 131072);
	bench_write(bench, ARM, 64);
	ck_assert_uint_eq(bench_dma(bench, FIFO, words, 64, false), 64);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 131072);
	accounts_balance(bench);
	ck_assert_uint_eq(bench_read64(bench, OVERFLOWED), 0);
	bench_free(bench);
}
END_TEST

START_TEST(the_rate_can_be_changed_on_the_way)
{
	struct bench *bench = digitizer("word_rate=1e6");

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 100 * US);
	bench_write(bench, RATE, 10000000);
	bench_wait(bench, 100 * US);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 1100);
	bench_free(bench);
}
END_TEST

START_TEST(the_watermark_shows_in_the_csr)
{
	struct bench *bench = digitizer("word_rate=1e6");

	bench_write(bench, LEVEL, 50);
	bench_write(bench, CSR, RUN);
	bench_wait(bench, 49 * US);
	ck_assert(!(bench_read(bench, CSR) & WATERMARK));
	bench_wait(bench, US);
	ck_assert(bench_read(bench, CSR) & WATERMARK);
	bench_free(bench);
}
END_TEST

START_TEST(linti_comes_with_its_level_and_goes_with_it)
{
	struct bench *bench = digitizer("linti=100");
	uint32_t words[100];

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 99 * US);
	ck_assert_int_eq(bench->linti, 0);
	bench_wait(bench, US);
	ck_assert_int_eq(bench->linti, 1);
	bench_write(bench, ARM, 100);
	bench_dma(bench, FIFO, words, 50, false);
	ck_assert_int_eq(bench->linti, 0);
	bench_wait(bench, 50 * US);
	ck_assert_int_eq(bench->linti, 1);
	bench_write(bench, INTERRUPT_LEVEL, 0);
	ck_assert_int_eq(bench->linti, 0);
	bench_free(bench);
}
END_TEST

START_TEST(clearing_the_fifo_starts_a_new_account)
{
	struct bench *bench = digitizer("word_rate=1e6");

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 100 * US);
	bench_write(bench, CLEAR, 0);
	ck_assert_uint_eq(bench_read(bench, LEVEL), 0);
	bench_wait(bench, US);
	bench_write(bench, ARM, 1);
	ck_assert_uint_eq(bench_read(bench, FIFO) & COUNTER, 0);
	accounts_balance(bench);
	ck_assert_uint_eq(bench_read64(bench, PRODUCED), 1);
	bench_free(bench);
}
END_TEST

START_TEST(external_memory_is_read_by_an_address_that_counts_up)
{
	struct bench *bench = digitizer("seed=7");
	uint32_t words[16];

	bench_write(bench, CSR, PCI_ACTIVE);
	bench_write(bench, MEMORY_ADDRESS, 1000);
	bench_read(bench, MEMORY);
	bench_write(bench, MEMORY_READ, 0);
	ck_assert_uint_eq(bench_dma(bench, MEMORY, words, 16, false), 16);
	for (uint32_t i = 0; i < 16; i++)
		ck_assert_uint_eq(words[i], (1000 + i + 7) * 2654435761u);
	bench_write(bench, MEMORY_ADDRESS, 1000);
	bench_write(bench, MEMORY, 0x12345678);
	bench_write(bench, MEMORY_ADDRESS, 1000);
	ck_assert_uint_eq(bench_read(bench, MEMORY), 0x12345678);
	bench_free(bench);
}
END_TEST

START_TEST(external_memory_needs_pci_announced)
{
	struct bench *bench = digitizer(NULL);

	ck_assert_uint_eq(bench_read(bench, MEMORY), 0xffffffff);
	bench_write(bench, CSR, PCI_ACTIVE);
	bench_write(bench, MEMORY_ADDRESS, 3);
	ck_assert_uint_eq(bench_read(bench, MEMORY), 3 * 2654435761u);
	bench_free(bench);
}
END_TEST

START_TEST(clearing_external_memory_takes_its_time)
{
	struct bench *bench = digitizer(NULL);

	bench_write(bench, CSR, PCI_ACTIVE);
	bench_write(bench, MEMORY_ADDRESS, 100);
	bench_write(bench, MEMORY_CLEAR, 200);
	ck_assert(bench_read(bench, CSR) & CLEARING);
	bench_wait(bench, 2 * US);
	ck_assert(!(bench_read(bench, CSR) & CLEARING));
	bench_write(bench, MEMORY_ADDRESS, 299);
	ck_assert_uint_eq(bench_read(bench, MEMORY), 0);
	ck_assert_uint_ne(bench_read(bench, MEMORY), 0);
	bench_free(bench);
}
END_TEST

START_TEST(dsp_memory_goes_through_its_data_port_and_by_dma)
{
	struct bench *bench = digitizer(NULL);
	uint32_t words[100];

	bench_write(bench, DSP_ADDRESS, 0x1000);
	for (uint32_t i = 0; i < 100; i++)
		bench_write(bench, DSP_DATA, i * 3);
	bench_write(bench, DSP_ADDRESS, 0x1000 + 50);
	ck_assert_uint_eq(bench_read(bench, DSP_DATA), 150);
	ck_assert_uint_eq(bench_read(bench, DSP_DATA), 153);
	bench_write(bench, DSP_INDEX, 0x1000);
	bench_write(bench, DSP_COUNT, 100);
	bench_write(bench, DSP_CONTROL, 0x905);
	ck_assert(!(bench_read(bench, CSR) & WATERMARK));
	bench_write(bench, DSP_READ, 0);
	ck_assert(bench_read(bench, CSR) & WATERMARK);
	ck_assert_uint_eq(bench_dma(bench, DSP, words, 100, false), 100);
	for (uint32_t i = 0; i < 100; i++)
		ck_assert_uint_eq(words[i], i * 3);
	bench_write(bench, DSP_CONTROL, 0x904);
	ck_assert(!(bench_read(bench, CSR) & WATERMARK));
	bench_free(bench);
}
END_TEST

/* The three images of the module's logic. */
static void module_load(struct bench *bench)
{
	static const uint32_t begin[3][2] = {
		{ 0x551, 0x553 }, { 0x052, 0x0f2 }, { 0x5a2, 0xfa2 },
	};

	for (int i = 0; i < 3; i++) {
		bench_write(bench, 0x04, begin[i][0]);
		bench_write(bench, 0x04, begin[i][1]);
		bench_write(bench, 0x00, 0);
	}
}

/* As the module's software does it: a reset, then all of it at one address. */
static void dsp_download(struct bench *bench, uint32_t words)
{
	bench_write(bench, CSR, DSP_RESET);
	bench_write(bench, DSP_ADDRESS, BOOT_PORT);
	for (uint32_t i = 0; i < words; i++)
		bench_write(bench, DSP_DATA, 0xabc00000 | i);
}

static uint32_t dsp_word(struct bench *bench, uint32_t address)
{
	bench_write(bench, DSP_ADDRESS, address);
	return bench_read(bench, DSP_DATA);
}

START_TEST(a_dsp_runs_once_its_program_was_loaded)
{
	struct bench *bench = digitizer(NULL);

	ck_assert_uint_eq(dsp_word(bench, DSP_RUNS), 0);
	dsp_download(bench, PROGRAM - 1);
	ck_assert_uint_eq(dsp_word(bench, DSP_RUNS), 0);
	bench_write(bench, DSP_ADDRESS, BOOT_PORT);
	bench_write(bench, DSP_DATA, 0);
	ck_assert_uint_eq(dsp_word(bench, DSP_RUNS), 1);
	/* The program is not in the memory that is read. */
	ck_assert_uint_eq(dsp_word(bench, BOOT_PORT), 0);
	ck_assert_uint_eq(dsp_word(bench, BOOT_PORT + 1), 0);
	ck_assert(!(bench_read(bench, CSR) & DSP_RESET));
	bench_free(bench);
}
END_TEST

START_TEST(a_reset_of_the_dsp_begins_its_download_anew)
{
	struct bench *bench = digitizer(NULL);

	dsp_download(bench, PROGRAM / 2);
	dsp_download(bench, PROGRAM / 2);
	ck_assert_uint_eq(dsp_word(bench, DSP_RUNS), 0);
	dsp_download(bench, PROGRAM);
	ck_assert_uint_eq(dsp_word(bench, DSP_RUNS), 1);
	dsp_download(bench, PROGRAM / 2);
	ck_assert_uint_eq(dsp_word(bench, DSP_RUNS), 0);
	bench_free(bench);
}
END_TEST

START_TEST(a_reset_of_the_card_stops_the_dsp)
{
	struct bench *bench = bench_new("digitizer", NULL);

	dsp_download(bench, PROGRAM);
	bench->ops->reset(bench->board);
	module_load(bench);
	ck_assert_uint_eq(dsp_word(bench, DSP_RUNS), 0);
	bench_free(bench);
}
END_TEST

/* In the order of the module's software: three images, then the DSP. */
START_TEST(a_module_that_was_not_loaded_has_to_be_loaded)
{
	struct bench *bench = digitizer("boot=0");

	ck_assert_uint_eq(bench_read(bench, CSR), 0xffffffff);
	bench_write(bench, 0x04, 0x551);
	bench_write(bench, 0x04, 0x553);
	ck_assert_uint_eq(bench_read(bench, 0x08) & 0x1, 0x1);
	bench_write(bench, 0x00, 0);
	ck_assert_uint_eq(bench_read(bench, 0x08) & 0x3, 0x3);
	bench_write(bench, 0x04, 0x052);
	bench_write(bench, 0x04, 0x0f2);
	ck_assert_uint_eq(bench_read(bench, 0x08) & 0x53, 0x53);
	bench_write(bench, 0x00, 0);
	ck_assert_uint_eq(bench_read(bench, 0x08) & 0xa3, 0xa3);
	ck_assert_uint_eq(bench_read(bench, CSR), 0xffffffff);
	bench_write(bench, 0x04, 0x5a2);
	bench_write(bench, 0x04, 0xfa2);
	ck_assert_uint_eq(bench_read(bench, 0x08) & 0x5a3, 0x5a3);
	bench_write(bench, 0x00, 0);
	ck_assert_uint_eq(bench_read(bench, 0x08) & 0xaa3, 0xaa3);
	ck_assert_uint_eq(bench_read(bench, CSR), 0);
	bench_free(bench);
}
END_TEST

START_TEST(a_reset_of_the_card_takes_the_loaded_logic)
{
	struct bench *bench = digitizer(NULL);

	bench_write(bench, CSR, RUN);
	bench_wait(bench, 100 * US);
	bench->ops->reset(bench->board);
	ck_assert_uint_eq(bench_read(bench, CSR), 0xffffffff);
	ck_assert_uint_eq(bench_read(bench, 0x08), 0);
	bench_free(bench);
}
END_TEST

START_TEST(identity_words_can_be_chosen)
{
	const char *const options[] = {"card=11", "serial=4711", "revision=13",
				       "firmware=0x1234", NULL};
	struct bench *bench = bench_new("digitizer", options);

	ck_assert_uint_eq(bench_read(bench, 0x0c), 13);
	ck_assert_uint_eq(bench_read(bench, 0x130), 11);
	ck_assert_uint_eq(bench_read(bench, 0x134), 4711);
	ck_assert_uint_eq(bench_read(bench, 0x138), 0x1234);
	bench_free(bench);
}
END_TEST

START_TEST(options_that_make_no_sense_are_refused_by_name)
{
	static const char *const bad[] = {"depth=3", "card=32", "card=",
					  "speed=4", "word_rate=fast",
					  "depth=1Kx", "arm"};
	char why[128];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		*why = '\0';
		ck_assert_int_eq(bench_refusal("digitizer", bad[i], why,
					       sizeof(why)),
				 -EINVAL);
		ck_assert_ptr_nonnull(strstr(why, bad[i]));
	}
}
END_TEST

Suite *suite_digitizer(void)
{
	Suite *suite = suite_create("digitizer");
	TCase *tcase = tcase_create("FIFO");

	tcase_add_test(tcase,
		       the_clock_fills_the_fifo_whether_anybody_reads_or_not);
	tcase_add_test(tcase, words_tell_their_card_and_their_place);
	tcase_add_test(tcase,
		       overflowed_words_leave_a_gap_that_the_counters_explain);
	tcase_add_loop_test(tcase,
			    produced_is_delivered_and_overflowed_and_level, 0,
			    5);
	tcase_add_test(tcase, a_word_that_nobody_armed_for_does_not_come);
	tcase_add_test(tcase, arming_is_an_option);
	tcase_add_test(tcase,
		       an_armed_read_of_an_empty_fifo_waits_for_its_words);
	tcase_add_test(tcase, all_of_the_port_is_the_same_fifo);
	tcase_add_test(tcase,
		       without_a_rate_words_are_there_as_soon_as_there_is_room);
	tcase_add_test(tcase, the_rate_can_be_changed_on_the_way);
	tcase_add_test(tcase, the_watermark_shows_in_the_csr);
	tcase_add_test(tcase, linti_comes_with_its_level_and_goes_with_it);
	tcase_add_test(tcase, clearing_the_fifo_starts_a_new_account);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("memory");
	tcase_add_test(tcase,
		       external_memory_is_read_by_an_address_that_counts_up);
	tcase_add_test(tcase, external_memory_needs_pci_announced);
	tcase_add_test(tcase, clearing_external_memory_takes_its_time);
	tcase_add_test(tcase, dsp_memory_goes_through_its_data_port_and_by_dma);
	tcase_add_test(tcase, a_dsp_runs_once_its_program_was_loaded);
	tcase_add_test(tcase, a_reset_of_the_dsp_begins_its_download_anew);
	tcase_add_test(tcase, a_reset_of_the_card_stops_the_dsp);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("module");
	tcase_add_test(tcase, a_module_that_was_not_loaded_has_to_be_loaded);
	tcase_add_test(tcase, a_reset_of_the_card_takes_the_loaded_logic);
	tcase_add_test(tcase, identity_words_can_be_chosen);
	tcase_add_test(tcase, options_that_make_no_sense_are_refused_by_name);
	suite_add_tcase(suite, tcase);
	return suite;
}
