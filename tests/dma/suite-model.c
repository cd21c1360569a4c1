/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The driver on the software card: the two were written apart, so each row
 * here is a check of one by the other.  Arenas of small pages, so that no
 * hugepage is needed; what needs more is in tests/scenario.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "dma/card.h"
#include "mem/arena.h"
#include "suites.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SRAM 0x20000000u
#define FIFO 0x30000000u
#define PATTERN 0x40000000u
#define CONTROL 0x60000004u
#define EOT_AFTER 0x60000024u
#define PATIENCE INT64_C(5000000000)
#define BRIEFLY INT64_C(50000000)

struct bench {
	struct dma_card *card;
	struct arena *arena;
	struct dma_map *map;
};

static void bench_make(struct bench *bench, const char *spec)
{
	const struct arena_options options = {
		.size = 1 << 20,
		.page_size = 4096,
		.node = -1,
		.flags = ARENA_SMALL_PAGES | ARENA_UNPINNED,
	};
	struct error error = { "" };

	ck_assert_msg(!dma_card_open(spec, &bench->card, &error), "%s",
		      error.text);
	ck_assert_msg(!arena_new(&options, &bench->arena, &error), "%s",
		      error.text);
	ck_assert_msg(!dma_attach(bench->card, bench->arena, &bench->map,
				  &error), "%s", error.text);
}

static void bench_break(struct bench *bench)
{
	struct plxdma_counters counters;

	dma_card_counters(bench->card, &counters);
	ck_assert_uint_eq(counters.violations, 0);
	ck_assert_int_eq(dma_detach(bench->map), 0);
	dma_card_close(bench->card);
	arena_free(bench->arena);
}

static enum plxdma_status bench_try(struct bench *bench, unsigned int channel,
				    const struct dma_request *request,
				    int64_t timeout_ns)
{
	struct dma_channel *on = dma_card_channel(bench->card, channel);
	struct dma_transfer *transfer;
	struct error error = { "" };
	enum plxdma_status status;

	ck_assert_msg(!dma_transfer_new(on, request, &transfer, &error), "%s",
		      error.text);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	if (dma_transfer_wait(transfer, timeout_ns))
		dma_transfer_cancel(transfer, PLXDMA_TIMED_OUT);
	status = dma_transfer_status(transfer);
	ck_assert_ptr_eq(dma_channel_take(on), transfer);
	dma_transfer_free(transfer);
	return status;
}

static enum plxdma_status bench_run(struct bench *bench, unsigned int channel,
				    const struct dma_request *request)
{
	return bench_try(bench, channel, request, PATIENCE);
}

static struct dma_request pattern_request(const struct bench *bench,
					  uint64_t length)
{
	return (struct dma_request){
		.map = bench->map,
		.direction = PLXDMA_TO_HOST,
		.local = PATTERN,
		.offset = 4096,
		.length = length,
	};
}

static void pattern_check(const struct bench *bench, uint64_t length)
{
	const uint32_t *words = (uint32_t *)(bench->arena->base + 4096);
	const uint8_t *bytes = (const uint8_t *)words;
	uint32_t i, wrong = 0;

	/* Counted first: an assertion costs more than the transfer. */
	for (i = 0; i < length / 4; i++)
		wrong += words[i] != i * 2654435761u;
	for (i = 0; i < 64; i++)
		wrong += bytes[length + i] != 0xaa;
	ck_assert_uint_eq(wrong, 0);
}

static const char *const chips[] = {
	"model:chip=9054ac", "model:chip=9080", "model:chip=9056",
	"model:chip=9054ac,iova=0x200000000",
	"model:chip=9054ac,iova=0xffff8000", "model:engine=thread",
	"model:posted=on", "model:chip=9054ac,dac=no",
};

START_TEST(blocks_and_chains_move_the_right_bytes_and_no_other)
{
	static const uint64_t lengths[] = { 0, 4, 64, 4096, 65536, 500000 };
	struct dma_request request;
	unsigned int form, channel, spin;
	struct bench bench;
	size_t i;

	bench_make(&bench, chips[_i]);
	for (i = 0; i < COUNT(lengths); i++)
		for (form = 0; form < 3; form += 2)
			for (channel = 0; channel < 2; channel++)
				for (spin = 0; spin < 2; spin++) {
					dma_channel_set_waiting(
						dma_card_channel(bench.card,
								 channel),
						(enum plxdma_waiting)spin);
					request = pattern_request(&bench,
								  lengths[i]);
					request.form = (uint8_t)form;
					memset(bench.arena->base, 0xaa,
					       bench.arena->size);
					ck_assert_int_eq(
						bench_run(&bench, channel,
							  &request),
						PLXDMA_DONE);
					pattern_check(&bench, lengths[i]);
				}
	bench_break(&bench);
}
END_TEST

START_TEST(what_went_to_the_card_comes_back)
{
	struct dma_request request;
	struct bench bench;
	char *base;
	size_t i;

	bench_make(&bench, "model:");
	base = bench.arena->base;
	for (i = 0; i < 70001; i++)
		base[i + 3] = (char)(i * 31);
	request = (struct dma_request){
		.map = bench.map, .direction = PLXDMA_TO_CARD,
		.local = SRAM + 1, .offset = 3, .length = 70001,
	};
	ck_assert_int_eq(bench_run(&bench, 0, &request), PLXDMA_DONE);
	request.direction = PLXDMA_TO_HOST;
	request.offset = 200002;
	ck_assert_int_eq(bench_run(&bench, 1, &request), PLXDMA_DONE);
	ck_assert_mem_eq(base + 3, base + 200002, 70001);
	bench_break(&bench);
}
END_TEST

static const struct {
	const char *spec;
	const char *fault;
	enum plxdma_status status;
	int chain;
} faults[] = {
	{ "model:", "master-abort@data:16", PLXDMA_MASTER_ABORT, 0 },
	{ "model:", "target-abort@data:16", PLXDMA_TARGET_ABORT, 0 },
	{ "model:", "master-abort@data:16", PLXDMA_MASTER_ABORT, 1 },
	{ "model:", "target-abort@descriptor:0", PLXDMA_TARGET_ABORT, 1 },
	{ "model:chip=9080", "master-abort@data:16", PLXDMA_MASTER_ABORT, 0 },
	{ "model:", "hang@data:16", PLXDMA_TIMED_OUT, 0 },
	{ "model:", "hang@start:0", PLXDMA_TIMED_OUT, 1 },
	{ "model:", "lost-irq@irq:0", PLXDMA_DONE, 0 },
	{ "model:", "late-irq@irq:0", PLXDMA_DONE, 0 },
	{ "model:", "storm@irq:0", PLXDMA_DONE, 0 },
	{ "model:reset=allowed", "stuck@start:0", PLXDMA_TIMED_OUT, 0 },
	{ "model:", "reset@data:16", PLXDMA_RESET, 0 },
	{ "model:", "reset@start:0", PLXDMA_RESET, 1 },
};

START_TEST(after_a_fault_the_next_transfer_works)
{
	struct dma_request request;
	struct bench bench;
	struct transport *transport;
	struct error error = { "" };

	bench_make(&bench, faults[_i].spec);
	transport = dma_card_transport(bench.card);
	request = pattern_request(&bench, 4096);
	request.form = faults[_i].chain ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_AUTO;
	ck_assert_msg(!transport->ops->fault(transport, faults[_i].fault,
					     &error), "%s", error.text);
	ck_assert_msg(bench_try(&bench, 0, &request,
				faults[_i].status == PLXDMA_TIMED_OUT
					? BRIEFLY
					: PATIENCE) == faults[_i].status,
		      "%s on %s", faults[_i].fault, faults[_i].spec);
	memset(bench.arena->base, 0xaa, bench.arena->size);
	ck_assert_msg(bench_run(&bench, 0, &request) == PLXDMA_DONE,
		      "after %s on %s", faults[_i].fault, faults[_i].spec);
	pattern_check(&bench, 4096);
	bench_break(&bench);
}
END_TEST

START_TEST(a_fifo_loses_no_word_at_a_cut)
{
	struct dma_request request;
	struct plxdma_mode mode;
	struct transport *transport;
	struct bench bench;
	const uint32_t *words;
	uint32_t i, wrong = 0;

	bench_make(&bench, "model:");
	transport = dma_card_transport(bench.card);
	/* Bit 0 of the board's control: the FIFO refills itself. */
	transport->ops->bar_write(transport, 3, CONTROL & 0xfff, 32, 1);
	mode_init(&mode);
	mode.constant = 1;
	request = (struct dma_request){
		.map = bench.map, .direction = PLXDMA_TO_HOST, .local = FIFO,
		.length = 600000, .mode = &mode,
	};
	ck_assert_int_eq(bench_run(&bench, 0, &request), PLXDMA_DONE);
	words = (uint32_t *)bench.arena->base;
	for (i = 1; i < 150000; i++)
		wrong += words[i] != words[0] + i;
	ck_assert_uint_eq(wrong, 0);
	bench_break(&bench);
}
END_TEST

static const struct {
	const char *spec;
	uint32_t after;		/* Lwords until EOT#, 0: never */
	int demand;
	enum plxdma_status status;
	uint64_t bytes;
	uint32_t exact;
} endings[] = {
	{ "model:", 0, 0, PLXDMA_DONE, 40960, 1 },
	{ "model:", 5000, 0, PLXDMA_EOT, 0, 0 },
	{ "model:siz_residue=on", 5000, 0, PLXDMA_EOT, 20000, 0 },
	{ "model:", 5000, 1, PLXDMA_EOT, 0, 0 },
	{ "model:chip=9056", 5000, 1, PLXDMA_EOT, 0, 0 },
	{ "model:chip=9080,siz_residue=on", 0, 1, PLXDMA_DONE, 40960, 1 },
};

START_TEST(what_the_board_ended_is_told_from_a_full_transfer)
{
	struct dma_request request;
	struct dma_transfer *transfer;
	struct transport *transport;
	struct plxdma_result result;
	struct plxdma_mode mode;
	struct bench bench;

	bench_make(&bench, endings[_i].spec);
	transport = dma_card_transport(bench.card);
	/* The FIFO refills itself, drives DREQ#, and pulses EOT#. */
	transport->ops->bar_write(transport, 3, CONTROL & 0xfff, 32,
				  endings[_i].demand ? 9 : 1);
	transport->ops->bar_write(transport, 3, EOT_AFTER & 0xfff, 32,
				  endings[_i].after);
	mode_init(&mode);
	mode.constant = 1;
	mode.eot = 1;
	mode.demand = (uint8_t)endings[_i].demand;
	request = (struct dma_request){
		.map = bench.map, .direction = PLXDMA_TO_HOST, .local = FIFO,
		.length = 40960, .mode = &mode,
	};
	ck_assert_int_eq(dma_transfer_new(dma_card_channel(bench.card, 0),
					  &request, &transfer, NULL), 0);
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	ck_assert_int_eq(dma_transfer_wait(transfer, PATIENCE), 0);
	dma_transfer_result(transfer, &result);
	ck_assert_uint_eq(result.status, endings[_i].status);
	ck_assert_uint_eq(result.bytes, endings[_i].bytes);
	ck_assert_uint_eq(result.bytes_exact, endings[_i].exact);
	dma_transfer_free(transfer);
	bench_break(&bench);
}
END_TEST

Suite *model_suite(void)
{
	Suite *suite = suite_create("model");
	TCase *tcase = tcase_create("driver on the software card");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase,
			    blocks_and_chains_move_the_right_bytes_and_no_other,
			    0, COUNT(chips));
	tcase_add_test(tcase, what_went_to_the_card_comes_back);
	tcase_add_loop_test(tcase, after_a_fault_the_next_transfer_works, 0,
			    COUNT(faults));
	tcase_add_test(tcase, a_fifo_loses_no_word_at_a_cut);
	tcase_add_loop_test(tcase,
			    what_the_board_ended_is_told_from_a_full_transfer,
			    0, COUNT(endings));
	suite_add_tcase(suite, tcase);
	return suite;
}
