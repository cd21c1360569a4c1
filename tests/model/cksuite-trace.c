/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's log: every access and every transfer, in the order in which they
 * took effect.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel.h"
#include "suites.h"

#define ROOM 4096

struct log {
	struct model_event events[ROOM];
	unsigned int count;
};

static void note(void *context, const struct model_event *event)
{
	struct log *log = context;

	if (log->count < ROOM)
		log->events[log->count] = *event;
	log->count++;
}

static struct card *logged_card(struct log *log, const char *options)
{
	struct card *card = card_new("%s", options);

	log->count = 0;
	model_set_trace(card->model, note, log);
	return card;
}

/* The first event of a kind from @from on; the log must hold one. */
static unsigned int find(const struct log *log, unsigned int from,
			 enum model_trace_kind kind)
{
	for (unsigned int i = from; i < log->count; i++) {
		if (log->events[i].kind == kind)
			return i;
	}
	ck_abort_msg("no %s in the log", model_trace_name(kind));
	return 0;
}

START_TEST(an_access_is_logged_with_place_width_and_value)
{
	static struct log log;
	struct card *card = logged_card(&log, "engine=inline");
	const struct model_event *e = log.events;

	reg_set(card, MBOX2, 0x12345678);
	ck_assert_uint_eq(reg8(card, MBOX2 + 1), 0x56);
	model_bar_write(card->model, 2, 0x40, 16, 0xABCD1234);
	ck_assert_uint_eq(config(card, PCI_ID), 0x905410B5);
	local_reg(card, MBOX2);
	ck_assert_uint_eq(log.count, 5);
	ck_assert(e[0].kind == MODEL_TRACE_WRITE && e[0].where == 0 &&
		  e[0].offset == MBOX2 && e[0].width == 32 &&
		  e[0].value == 0x12345678);
	ck_assert(e[1].kind == MODEL_TRACE_READ && e[1].where == 0 &&
		  e[1].offset == MBOX2 + 1 && e[1].width == 8 &&
		  e[1].value == 0x56);
	ck_assert(e[2].kind == MODEL_TRACE_WRITE && e[2].where == 2 &&
		  e[2].offset == 0x40 && e[2].width == 16 &&
		  e[2].value == 0x1234);
	ck_assert(e[3].kind == MODEL_TRACE_READ &&
		  e[3].where == MODEL_TRACE_CONFIG &&
		  e[3].value == 0x905410B5);
	ck_assert(e[4].where == MODEL_TRACE_LOCAL);
	card_free(card);
}
END_TEST

START_TEST(sequence_numbers_have_no_gap_and_time_does_not_go_back)
{
	static struct log log;
	struct card *card = logged_card(&log, engine(_i));

	sram_fill(card, SRAM, 4096, 1);
	for (int i = 0; i < 10; i++)
		ck_assert(block_memory(card, 0, HOST, SRAM, 4096, TO_HOST));
	ck_assert_uint_lt(log.count, ROOM);
	for (unsigned int i = 1; i < log.count; i++) {
		ck_assert_uint_eq(log.events[i].sequence, i);
		ck_assert_uint_ge(log.events[i].time, log.events[i - 1].time);
	}
	card_free(card);
}
END_TEST

START_TEST(a_transfer_stands_between_its_start_and_its_end)
{
	static struct log log;
	struct card *card = logged_card(&log, engine(_i));
	unsigned int start, end, intx;

	sram_fill(card, SRAM, 4096, 1);
	interrupt_enable(card, INT_PCI | INT_DMA(0));
	block_program(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
		      HOST, SRAM, 4096, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_done(card, 0));
	start = find(&log, 0, MODEL_TRACE_START);
	end = find(&log, start, MODEL_TRACE_END);
	intx = find(&log, end, MODEL_TRACE_INTX);
	ck_assert(log.events[start - 1].kind == MODEL_TRACE_WRITE &&
		  log.events[start - 1].offset == DMACSR &&
		  log.events[start - 1].value & CSR_START);
	ck_assert(log.events[start].channel == 0 &&
		  log.events[start].bus == HOST &&
		  log.events[start].local == SRAM &&
		  log.events[start].size == 4096);
	ck_assert_uint_eq(log.events[end].bytes, 4096);
	ck_assert_uint_eq(log.events[intx].value, 1);
	card_free(card);
}
END_TEST

START_TEST(each_descriptor_of_a_chain_is_logged)
{
	static struct log log;
	struct card *card = logged_card(&log, engine(_i));
	uint32_t list = HOST + 0x80000;
	unsigned int first, second;

	descriptor(card, list, HOST, SRAM, 100,
		   (list + 16) | DPR_PCI | TO_HOST);
	descriptor(card, list + 16, HOST + 200, SRAM + 200, 50,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, list | DPR_PCI));
	first = find(&log, 0, MODEL_TRACE_FETCH);
	second = find(&log, first + 1, MODEL_TRACE_FETCH);
	ck_assert_uint_eq(log.events[first].here, list);
	ck_assert_uint_eq(log.events[first].size, 100);
	ck_assert_uint_eq(log.events[second].here, list + 16);
	ck_assert_uint_eq(log.events[second].bus, HOST + 200);
	ck_assert_uint_eq(
		log.events[find(&log, second, MODEL_TRACE_END)].bytes, 150);
	card_free(card);
}
END_TEST

START_TEST(an_early_end_and_a_crash_are_told_apart)
{
	static struct log log;
	struct card *card = logged_card(&log, "engine=inline");

	local32_set(card, BOARD + 0x04, 1);
	local32_set(card, BOARD + 0x24, 4);
	block(card, 0, MODE_MEMORY | MODE_CONSTANT | MODE_EOT, HOST, FIFO, 64,
	      TO_HOST);
	ck_assert_uint_eq(log.events[find(&log, 0, MODEL_TRACE_EARLY)].bytes,
			  16);
	log.count = 0;
	fault(card, "master-abort@data:32");
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert_uint_eq(log.events[find(&log, 0, MODEL_TRACE_CRASH)].bytes,
			  32);
	card_free(card);
}
END_TEST

START_TEST(polls_of_a_logged_card_are_logged)
{
	static struct log log;
	struct card *card = logged_card(&log, "engine=thread");
	struct model_counters before = counters(card);

	for (int i = 0; i < 100; i++)
		reg8(card, DMACSR);
	ck_assert_uint_eq(log.count, 100);
	ck_assert_uint_eq(counters(card).reg_reads[DMACSR / 4] -
				  before.reg_reads[DMACSR / 4],
			  100);
	card_free(card);
}
END_TEST

START_TEST(nothing_is_logged_when_the_log_is_off)
{
	static struct log log;
	struct card *card = logged_card(&log, engine(_i));

	reg(card, MBOX2);
	model_set_trace(card->model, NULL, NULL);
	log.count = 0;
	ck_assert(block_memory(card, 0, HOST, SRAM, 4096, TO_HOST));
	ck_assert_uint_eq(log.count, 0);
	card_free(card);
}
END_TEST

static size_t slurp(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t got;

	ck_assert_int_ge(fd, 0);
	got = read(fd, text, size - 1);
	ck_assert_int_ge(got, 0);
	close(fd);
	text[got] = '\0';
	return (size_t)got;
}

/* The file grows by megabytes of null bytes and is cut at its end. */
START_TEST(a_trace_file_can_be_read_at_once_and_is_cut_at_the_end)
{
	char path[] = "trace-XXXXXX", text[4096];
	int fd = mkstemp(path);
	struct card *card;
	size_t size;

	ck_assert_int_ge(fd, 0);
	close(fd);
	card = card_new("engine=inline,trace=%s", path);
	reg_set(card, MBOX2, 0x2A);
	slurp(path, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, " write bar0+0x48/32 0x2a\n"));
	card_free(card);
	size = slurp(path, text, sizeof(text));
	ck_assert_uint_eq(size, strlen(text));
	ck_assert_int_eq(text[size - 1], '\n');
	unlink(path);
}
END_TEST

START_TEST(a_trace_file_of_many_windows_loses_no_line)
{
	char path[] = "trace-XXXXXX", line[256];
	unsigned long long sequence = 0, found;
	int fd = mkstemp(path);
	struct card *card;
	FILE *file;

	ck_assert_int_ge(fd, 0);
	close(fd);
	card = card_new("engine=inline,trace=%s", path);
	for (unsigned int i = 0; i < 60000; i++)
		reg_set(card, MBOX2, i);
	card_free(card);
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	for (; fgets(line, sizeof(line), file); sequence++) {
		ck_assert_int_eq(sscanf(line, "%llu", &found), 1);
		ck_assert_uint_eq(found, sequence);
	}
	ck_assert_uint_ge(sequence, 60000);
	fclose(file);
	unlink(path);
}
END_TEST

START_TEST(a_trace_file_that_cannot_be_made_is_an_error)
{
	struct error error = {0};
	struct model *model;

	ck_assert_int_lt(model_new("trace=/nowhere/at/all", &model, &error), 0);
	ck_assert_ptr_nonnull(strstr(error.text, "trace=/nowhere/at/all"));
}
END_TEST

START_TEST(a_card_tells_its_slot_with_the_domain)
{
	struct card *card = card_new("slot=05:0d.0");

	ck_assert_str_eq(model_slot(card->model), "0000:05:0d.0");
	card_free(card);
	card = card_new("slot=0001:ff:1F.7");
	ck_assert_str_eq(model_slot(card->model), "0001:ff:1f.7");
	card_free(card);
	card = card_new("engine=inline");
	ck_assert_str_eq(model_slot(card->model), "");
	card_free(card);
}
END_TEST

START_TEST(a_slot_that_is_none_is_refused)
{
	static const char *const slots[] = {
		"slot=", "slot=5", "slot=05:20.0", "slot=05:0d.8",
		"slot=0000:05:0d.0x", "slot= 5:0d.0", "slot=-5:0d.0",
		"slot=00000:05:0d.0",
	};
	struct error error;
	struct model *model;

	for (size_t i = 0; i < sizeof(slots) / sizeof(*slots); i++)
		ck_assert_msg(model_new(slots[i], &model, &error) < 0, "%s",
			      slots[i]);
}
END_TEST

START_TEST(a_bar_that_is_all_memory_can_be_had_as_memory)
{
	struct card *card = card_new("engine=inline");
	uint64_t size = 0;
	uint8_t *memory = model_bar_direct(card->model, 2, &size);

	ck_assert_ptr_nonnull(memory);
	ck_assert_uint_eq(size, model_bar_size(card->model, 2, NULL));
	memory[0x1234] = 0x5A;
	ck_assert_uint_eq(model_bar_read(card->model, 2, 0x1234, 8), 0x5A);
	model_bar_write(card->model, 2, size - 4, 32, 0x01020304);
	ck_assert_uint_eq(memory[size - 1], 1);
	card_free(card);
}
END_TEST

START_TEST(a_bar_with_logic_behind_it_cannot_be_had_as_memory)
{
	struct card *card = card_new("engine=inline,sram=64K");
	uint64_t size = 0;

	ck_assert_ptr_null(model_bar_direct(card->model, 0, &size));
	ck_assert_ptr_null(model_bar_direct(card->model, 1, &size));
	ck_assert_ptr_null(model_bar_direct(card->model, 3, &size));
	ck_assert_ptr_null(model_bar_direct(card->model, 5, &size));
	/* Less memory than the range is long. */
	ck_assert_ptr_null(model_bar_direct(card->model, 2, &size));
	card_free(card);
	card = card_new("engine=inline");
	reg8_set(card, BIGEND, 4);
	ck_assert_ptr_null(model_bar_direct(card->model, 2, &size));
	card_free(card);
}
END_TEST

Suite *suite_trace(void)
{
	Suite *suite = suite_create("log");
	TCase *tcase = tcase_create("events");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	tcase_add_test(tcase, an_access_is_logged_with_place_width_and_value);
	BOTH(sequence_numbers_have_no_gap_and_time_does_not_go_back);
	BOTH(a_transfer_stands_between_its_start_and_its_end);
	BOTH(each_descriptor_of_a_chain_is_logged);
	tcase_add_test(tcase, an_early_end_and_a_crash_are_told_apart);
	tcase_add_test(tcase, polls_of_a_logged_card_are_logged);
	BOTH(nothing_is_logged_when_the_log_is_off);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("file");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase,
		       a_trace_file_can_be_read_at_once_and_is_cut_at_the_end);
	tcase_add_test(tcase, a_trace_file_of_many_windows_loses_no_line);
	tcase_add_test(tcase, a_trace_file_that_cannot_be_made_is_an_error);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("place");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_card_tells_its_slot_with_the_domain);
	tcase_add_test(tcase, a_slot_that_is_none_is_refused);
	tcase_add_test(tcase, a_bar_that_is_all_memory_can_be_had_as_memory);
	tcase_add_test(tcase,
		       a_bar_with_logic_behind_it_cannot_be_had_as_memory);
	suite_add_tcase(suite, tcase);
	return suite;
}
