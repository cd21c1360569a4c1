/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What drives INTA# and LINTo#: every source with its enable, its status and
 * its way to be cleared (chip ref. 4.1 to 4.3).
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

static bool inta(struct card *card)
{
	return model_intx(card->model) == 1;
}

/* A cause of INTA#, how it comes and how it goes. */
struct source {
	const char *name;
	uint32_t enable;
	uint32_t status;
	void (*raise)(struct card *card);
	void (*clear)(struct card *card);
	bool status_needs_enable;
};

static void doorbell_raise(struct card *card)
{
	local_reg_set(card, L2PDBELL, 0x80000001);
}

static void doorbell_clear(struct card *card)
{
	reg_set(card, L2PDBELL, 0x80000001);
}

static void abort_raise(struct card *card)
{
	block_program(card, 0, MODE_MEMORY, WILD, SRAM, 4, TO_HOST);
	dma_start(card, 0);
}

static void abort_clear(struct card *card)
{
	config16_set(card, PCI_STATUS, STATUS_MASTER_ABORT);
}

static void linti_raise(struct card *card)
{
	local32_set(card, BOARD + 4, local32(card, BOARD + 4) | 4);
}

static void linti_clear(struct card *card)
{
	local32_set(card, BOARD + 4, local32(card, BOARD + 4) & ~4u);
}

static void done_raise(struct card *card, int channel)
{
	block(card, channel, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA, HOST,
	      SRAM, 4, TO_HOST);
}

static void done0_raise(struct card *card)
{
	done_raise(card, 0);
}

static void done0_clear(struct card *card)
{
	csr_set(card, 0, CSR_CLEAR_IRQ);
}

static void done1_raise(struct card *card)
{
	done_raise(card, 1);
}

static void done1_clear(struct card *card)
{
	csr_set(card, 1, CSR_CLEAR_IRQ);
}

static void count_raise(struct card *card, int channel)
{
	descriptor(card, LIST, HOST, SRAM, 4,
		   DPR_PCI | DPR_END | DPR_TC_IRQ | TO_HOST);
	chain(card, channel, MODE_MEMORY | MODE_TO_INTA, LIST | DPR_PCI);
}

static void count0_raise(struct card *card)
{
	count_raise(card, 0);
}

static void count1_raise(struct card *card)
{
	count_raise(card, 1);
}

static const struct source sources[] = {
	{"doorbell", INT_DOORBELL, INT_DOORBELL_ACTIVE, doorbell_raise,
	 doorbell_clear, false},
	{"abort", INT_ABORT, INT_ABORT_ACTIVE, abort_raise, abort_clear, false},
	{"LINTi#", INT_LINTI, INT_LINTI_ACTIVE, linti_raise, linti_clear,
	 false},
	{"channel 0 done", INT_DMA(0), INT_DMA_ACTIVE(0), done0_raise,
	 done0_clear, true},
	{"channel 1 done", INT_DMA(1), INT_DMA_ACTIVE(1), done1_raise,
	 done1_clear, true},
	{"channel 0 terminal count", INT_DMA(0), INT_DMA_ACTIVE(0),
	 count0_raise, done0_clear, true},
	{"channel 1 terminal count", INT_DMA(1), INT_DMA_ACTIVE(1),
	 count1_raise, done1_clear, true},
};
#define SOURCES ((int)(sizeof(sources) / sizeof(*sources)))

START_TEST(a_source_asserts_inta_when_it_and_the_gate_are_enabled)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, source->enable);
	ck_assert_msg(!inta(card), "%s", source->name);
	source->raise(card);
	ck_assert_msg(inta(card), "%s", source->name);
	ck_assert_msg(reg(card, INTCSR) & source->status, "%s", source->name);
	card_free(card);
}
END_TEST

START_TEST(a_source_without_its_enable_leaves_inta_alone)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline,dn3_trap=off");

	source->raise(card);
	ck_assert_msg(!inta(card), "%s", source->name);
	card_free(card);
}
END_TEST

START_TEST(a_source_with_the_gate_closed_leaves_inta_alone)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, source->enable);
	interrupt_disable(card, INT_PCI);
	source->raise(card);
	ck_assert_msg(!inta(card), "%s", source->name);
	ck_assert_msg(reg(card, INTCSR) & source->status, "%s", source->name);
	card_free(card);
}
END_TEST

START_TEST(opening_the_gate_later_asserts_inta)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, source->enable);
	interrupt_disable(card, INT_PCI);
	source->raise(card);
	interrupt_enable(card, INT_PCI);
	ck_assert_msg(inta(card), "%s", source->name);
	interrupt_disable(card, INT_PCI);
	ck_assert_msg(!inta(card), "%s", source->name);
	card_free(card);
}
END_TEST

START_TEST(taking_its_enable_away_releases_inta)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline,dn3_trap=off");

	interrupt_enable(card, source->enable);
	source->raise(card);
	interrupt_disable(card, source->enable);
	ck_assert_msg(!inta(card), "%s", source->name);
	card_free(card);
}
END_TEST

START_TEST(removing_the_cause_releases_inta_and_status)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, source->enable);
	source->raise(card);
	source->clear(card);
	ck_assert_msg(!inta(card), "%s", source->name);
	ck_assert_msg(!(reg(card, INTCSR) & source->status), "%s",
		      source->name);
	card_free(card);
}
END_TEST

/* 13, 14 and 15 show their source even so; 21 and 22 need the enable. */
START_TEST(status_without_enable_shows_for_13_14_15_only)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline");
	bool shown;

	source->raise(card);
	shown = reg(card, INTCSR) & source->status;
	ck_assert_msg(shown == !source->status_needs_enable, "%s",
		      source->name);
	card_free(card);
}
END_TEST

START_TEST(writing_status_bits_clears_nothing)
{
	const struct source *source = &sources[_i];
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, source->enable);
	source->raise(card);
	interrupt_enable(card, source->status);
	ck_assert_msg(inta(card), "%s", source->name);
	ck_assert_msg(reg(card, INTCSR) & source->status, "%s", source->name);
	card_free(card);
}
END_TEST

struct line {
	int changes;
	int level;
};

static void line_changed(void *context, int level)
{
	struct line *line = context;

	line->changes++;
	line->level = level;
}

START_TEST(inta_is_one_level_for_all_sources)
{
	struct card *card = card_new("engine=inline");
	struct line line = {0};

	model_set_intx(card->model, line_changed, &line);
	interrupt_enable(card, INT_DOORBELL | INT_LINTI);
	doorbell_raise(card);
	linti_raise(card);
	ck_assert_int_eq(line.changes, 1);
	doorbell_clear(card);
	ck_assert_int_eq(line.level, 1);
	linti_clear(card);
	ck_assert_int_eq(line.changes, 2);
	ck_assert_int_eq(line.level, 0);
	card_free(card);
}
END_TEST

static void acknowledge(void *context, int level)
{
	struct card *card = context;

	if (level)
		reg8_set(card, DMACSR, CSR_ENABLE | CSR_CLEAR_IRQ);
}

START_TEST(a_handler_may_acknowledge_from_within_the_callback)
{
	struct card *card = card_new("%s", engine(_i));

	interrupt_enable(card, INT_DMA(0));
	model_set_intx(card->model, acknowledge, card);
	ck_assert(block(card, 0, MODE_MEMORY | MODE_DONE_IRQ | MODE_TO_INTA,
			HOST, SRAM, 4, TO_HOST));
	sleep_ms(2);
	ck_assert(!inta(card));
	ck_assert_uint_eq(counters(card).interrupts, 1);
	card_free(card);
}
END_TEST

START_TEST(linti_stays_until_the_board_lets_go)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_LINTI);
	linti_raise(card);
	reg_set(card, L2PDBELL, 0xFFFFFFFF);
	csr_set(card, 0, CSR_CLEAR_IRQ);
	config16_set(card, PCI_STATUS, 0xF900);
	ck_assert(inta(card));
	interrupt_disable(card, INT_LINTI);
	ck_assert(!inta(card));
	ck_assert(reg(card, INTCSR) & INT_LINTI_ACTIVE);
	card_free(card);
}
END_TEST

START_TEST(a_target_abort_interrupts_until_status_12_is_cleared)
{
	struct card *card = card_new("engine=inline");

	interrupt_enable(card, INT_ABORT);
	fault(card, "target-abort@data:0");
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 4, TO_HOST);
	dma_start(card, 0);
	ck_assert(inta(card));
	config16_set(card, PCI_STATUS, STATUS_MASTER_ABORT);
	ck_assert(inta(card));
	config16_set(card, PCI_STATUS, STATUS_TARGET_ABORT);
	ck_assert(!inta(card));
	card_free(card);
}
END_TEST

START_TEST(the_interrupt_counter_counts_assertions)
{
	struct card *card = card_new("engine=inline");
	int i;

	interrupt_enable(card, INT_DOORBELL);
	for (i = 0; i < 3; i++) {
		doorbell_raise(card);
		doorbell_clear(card);
	}
	ck_assert_uint_eq(counters(card).interrupts, 3);
	card_free(card);
}
END_TEST

Suite *suite_interrupt(void)
{
	Suite *suite = suite_create("interrupt");
	TCase *tcase = tcase_create("sources");

	tcase_set_timeout(tcase, 60);
#define EACH(test) tcase_add_loop_test(tcase, test, 0, SOURCES)
	EACH(a_source_asserts_inta_when_it_and_the_gate_are_enabled);
	EACH(a_source_without_its_enable_leaves_inta_alone);
	EACH(a_source_with_the_gate_closed_leaves_inta_alone);
	EACH(opening_the_gate_later_asserts_inta);
	EACH(taking_its_enable_away_releases_inta);
	EACH(removing_the_cause_releases_inta_and_status);
	EACH(status_without_enable_shows_for_13_14_15_only);
	EACH(writing_status_bits_clears_nothing);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("line");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, inta_is_one_level_for_all_sources);
	tcase_add_loop_test(tcase,
			    a_handler_may_acknowledge_from_within_the_callback,
			    0, ENGINES);
	tcase_add_test(tcase, the_interrupt_counter_counts_assertions);
	tcase_add_test(tcase, linti_stays_until_the_board_lets_go);
	tcase_add_test(tcase,
		       a_target_abort_interrupts_until_status_12_is_cleared);
	suite_add_tcase(suite, tcase);
	return suite;
}
