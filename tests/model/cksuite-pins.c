/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pins between chip and board, with a plug-in board that pulls them:
 * DREQ#, EOT#, LINTi#, USERi and USERo, LRESETo#; and how the local bus is
 * accessed (chip ref. 3.7, 3.8, 5.3).
 */
#include <string.h>

#include "channel.h"
#include "suites.h"

/* See board-probe.c. */
enum {
	PROBE = 0x100000,
	DREQ = PROBE + 0x00, /* and 4 for channel 1 */
	LINTI = PROBE + 0x08,
	USERI = PROBE + 0x0C,
	EOT_AFTER = PROBE + 0x10,
	DROP_AFTER = PROBE + 0x14,
	LWORDS = PROBE + 0x18,
	WIDTH = PROBE + 0x1C,
	CONSTANT = PROBE + 0x20,
	DEMAND = PROBE + 0x24,
	PARTIAL_READS = PROBE + 0x28,
	RESETS = PROBE + 0x2C,
	USERO = PROBE + 0x30,
	REG_OFFSET = PROBE + 0x34,
	REG_VALUE = PROBE + 0x38
};

static struct card *probe_card(int which, const char *options)
{
	return card_new("%s,board=" BUILDDIR "/tests/model/.libs/board-probe.so"
			"%s",
			engine(which), options);
}

static bool probe_holds(struct card *card, uint32_t address,
			const uint8_t *bytes, size_t size)
{
	uint32_t word, i;

	for (i = 0; i < size; i += 4) {
		word = local32(card, address + i);
		if (memcmp(&word, bytes + i, size - i < 4 ? size - i : 4))
			return false;
	}
	return true;
}

static void probe_fill(struct card *card, uint32_t size, unsigned int seed)
{
	uint8_t bytes[4096];
	uint32_t i, word;

	pattern_fill(bytes, size, seed);
	for (i = 0; i < size; i += 4) {
		memcpy(&word, bytes + i, 4);
		local32_set(card, i, word);
	}
}

START_TEST(a_plug_in_board_is_moved_both_ways)
{
	struct card *card = probe_card(_i, "");

	probe_fill(card, 256, 1);
	ck_assert(block_memory(card, 0, HOST, 0, 256, TO_HOST));
	ck_assert(probe_holds(card, 0, card->host, 256));
	ck_assert(block_memory(card, 1, HOST, 0x1000, 256, TO_CARD));
	ck_assert(probe_holds(card, 0x1000, card->host, 256));
	card_free(card);
}
END_TEST

START_TEST(dma_reads_whole_lwords_from_the_board)
{
	struct card *card = probe_card(_i, "");

	probe_fill(card, 64, 1);
	ck_assert(block_memory(card, 0, HOST, 3, 10, TO_HOST));
	ck_assert_uint_eq(local32(card, PARTIAL_READS), 0);
	ck_assert_uint_eq(local32(card, LWORDS), 4);
	card_free(card);
}
END_TEST

START_TEST(dma_writes_only_the_bytes_asked_for)
{
	struct card *card = probe_card(_i, "");
	uint8_t wanted[32];

	memset(card->host, 0xAA, 64);
	probe_fill(card, 32, 1);
	pattern_fill(wanted, 32, 1);
	memset(wanted + 3, 0xAA, 10);
	ck_assert(block_memory(card, 0, HOST + 1, 3, 10, TO_CARD));
	ck_assert(probe_holds(card, 0, wanted, 32));
	card_free(card);
}
END_TEST

START_TEST(the_board_sees_width_and_constant_address)
{
	static const struct {
		uint32_t mode, width, constant;
	} modes[] = {{0x000001C0, 8, 0},
		     {0x000001C1, 16, 0},
		     {0x000001C3, 32, 0},
		     {0x000009C3, 32, 1}};
	struct card *card = probe_card(_i, "");
	unsigned int i;

	for (i = 0; i < 4; i++) {
		ck_assert(block(card, 0, modes[i].mode, HOST, 0, 16, TO_HOST));
		ck_assert_uint_eq(local32(card, WIDTH), modes[i].width);
		ck_assert_uint_eq(!!local32(card, CONSTANT), modes[i].constant);
	}
	card_free(card);
}
END_TEST

static void demand_start(struct card *card, int channel, uint32_t mode)
{
	block_program(card, channel, MODE_MEMORY | MODE_DEMAND | mode, HOST, 0,
		      64, TO_HOST);
	dma_start(card, channel);
}

START_TEST(demand_mode_moves_while_dreq_is_asserted)
{
	struct card *card = probe_card(_i, "");

	demand_start(card, 0, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert_uint_eq(local32(card, LWORDS), 0);
	local32_set(card, DREQ, 1);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(local32(card, LWORDS), 16);
	ck_assert_uint_eq(!!local32(card, DEMAND), 1);
	card_free(card);
}
END_TEST

/* One more Lword passes, so that BLAST# can be driven (chip ref. 3.8). */
static uint32_t lwords_when_dreq_drops(int which, uint32_t mode)
{
	struct card *card = probe_card(which, "");
	uint32_t moved;

	local32_set(card, DROP_AFTER, 5);
	local32_set(card, DREQ, 1);
	demand_start(card, 0, mode);
	ck_assert(dma_hangs(card, 0));
	moved = local32(card, LWORDS);
	local32_set(card, DREQ, 1);
	ck_assert(dma_done(card, 0));
	ck_assert_uint_eq(local32(card, LWORDS), 16);
	card_free(card);
	return moved;
}

START_TEST(slow_terminate_lets_one_more_lword_through)
{
	ck_assert_uint_eq(lwords_when_dreq_drops(_i, 0), 6);
}
END_TEST

START_TEST(fast_terminate_stops_at_once)
{
	ck_assert_uint_eq(lwords_when_dreq_drops(_i, MODE_FAST_END), 5);
}
END_TEST

/* Open 13: the 9080 has DREQ1#. */
START_TEST(a_9080_has_demand_mode_on_channel_1)
{
	struct card *card = probe_card(_i, ",chip=9080");

	demand_start(card, 1, 0);
	ck_assert(dma_hangs(card, 1));
	local32_set(card, DREQ + 4, 1);
	ck_assert(dma_done(card, 1));
	card_free(card);
}
END_TEST

START_TEST(demand_mode_on_channel_1_of_a_9054_is_a_switch)
{
	struct card *off = probe_card(_i, ",demand_ch1=off");
	struct card *on = probe_card(_i, ",demand_ch1=on");

	demand_start(off, 1, 0);
	ck_assert(dma_done(off, 1));
	demand_start(on, 1, 0);
	ck_assert(dma_hangs(on, 1));
	local32_set(on, DREQ + 4, 1);
	ck_assert(dma_done(on, 1));
	card_free(on);
	card_free(off);
}
END_TEST

START_TEST(each_dreq_belongs_to_its_channel)
{
	struct card *card = probe_card(_i, ",chip=9080");

	demand_start(card, 0, 0);
	local32_set(card, DREQ + 4, 1);
	ck_assert(dma_hangs(card, 0));
	local32_set(card, DREQ, 1);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(eot_ends_a_demand_transfer)
{
	struct card *card = probe_card(_i, "");

	memset(card->host, 0xEE, 64);
	probe_fill(card, 64, 1);
	local32_set(card, EOT_AFTER, 5);
	local32_set(card, DREQ, 1);
	demand_start(card, 0, MODE_EOT);
	ck_assert(dma_done(card, 0));
	ck_assert(probe_holds(card, 0, card->host, 20));
	ck_assert(all_bytes_are(card->host + 20, 44, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(eot_ends_a_transfer_on_channel_1)
{
	struct card *card = probe_card(_i, "");

	local32_set(card, EOT_AFTER, 5);
	block_program(card, 1, MODE_MEMORY | MODE_EOT, HOST, 0, 64, TO_HOST);
	dma_start(card, 1);
	ck_assert(dma_done(card, 1));
	ck_assert_uint_eq(local32(card, LWORDS), 5);
	card_free(card);
}
END_TEST

START_TEST(linti_is_a_pin)
{
	struct card *card = probe_card(_i, "");

	local32_set(card, LINTI, 1);
	ck_assert(reg(card, INTCSR) & INT_LINTI_ACTIVE);
	local32_set(card, LINTI, 0);
	ck_assert(!(reg(card, INTCSR) & INT_LINTI_ACTIVE));
	card_free(card);
}
END_TEST

START_TEST(usero_follows_cntrl_16)
{
	struct card *card = probe_card(_i, "");
	uint32_t cntrl = reg(card, CNTRL);

	reg_set(card, CNTRL, cntrl & ~0x10000u);
	ck_assert_uint_eq(local32(card, USERO), 0);
	reg_set(card, CNTRL, cntrl | 0x10000);
	ck_assert_uint_eq(local32(card, USERO), 1);
	card_free(card);
}
END_TEST

START_TEST(cntrl_17_follows_useri)
{
	struct card *card = probe_card(_i, "");

	local32_set(card, USERI, 0);
	ck_assert_uint_eq(reg(card, CNTRL) & 0x20000, 0);
	local32_set(card, USERI, 1);
	ck_assert_uint_eq(reg(card, CNTRL) & 0x20000, 0x20000);
	card_free(card);
}
END_TEST

START_TEST(a_software_reset_resets_the_board)
{
	struct card *card = probe_card(_i, "");
	uint32_t before = local32(card, RESETS);

	reg_set(card, CNTRL, reg(card, CNTRL) | 0x40000000);
	reg_set(card, CNTRL, reg(card, CNTRL) & ~0x40000000u);
	ck_assert_uint_eq(local32(card, RESETS), before + 1);
	card_free(card);
}
END_TEST

START_TEST(a_reload_does_not_reset_the_board)
{
	struct card *card = probe_card(_i, "");
	uint32_t before = local32(card, RESETS);

	reg_set(card, CNTRL, reg(card, CNTRL) | 0x20000000);
	reg_set(card, CNTRL, reg(card, CNTRL) & ~0x20000000u);
	ck_assert_uint_eq(local32(card, RESETS), before);
	card_free(card);
}
END_TEST

START_TEST(the_board_reads_chip_registers)
{
	struct card *card = probe_card(_i, "");

	reg_set(card, MBOX2, 0x12345678);
	local32_set(card, REG_OFFSET, MBOX2);
	ck_assert_uint_eq(local32(card, REG_VALUE), 0x12345678);
	card_free(card);
}
END_TEST

Suite *suite_pins(void)
{
	Suite *suite = suite_create("pins");
	TCase *tcase = tcase_create("local bus");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(a_plug_in_board_is_moved_both_ways);
	BOTH(dma_reads_whole_lwords_from_the_board);
	BOTH(dma_writes_only_the_bytes_asked_for);
	BOTH(the_board_sees_width_and_constant_address);
	BOTH(the_board_reads_chip_registers);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("demand");
	tcase_set_timeout(tcase, 60);
	BOTH(demand_mode_moves_while_dreq_is_asserted);
	BOTH(slow_terminate_lets_one_more_lword_through);
	BOTH(fast_terminate_stops_at_once);
	BOTH(a_9080_has_demand_mode_on_channel_1);
	BOTH(demand_mode_on_channel_1_of_a_9054_is_a_switch);
	BOTH(each_dreq_belongs_to_its_channel);
	BOTH(eot_ends_a_demand_transfer);
	BOTH(eot_ends_a_transfer_on_channel_1);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("pins");
	tcase_set_timeout(tcase, 60);
	BOTH(linti_is_a_pin);
	BOTH(usero_follows_cntrl_16);
	BOTH(cntrl_17_follows_useri);
	BOTH(a_software_reset_resets_the_board);
	BOTH(a_reload_does_not_reset_the_board);
	suite_add_tcase(suite, tcase);
	return suite;
}
