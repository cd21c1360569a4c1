/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers: what may be touched, by whom, and what becomes of the rest. */
#include <errno.h>

#include "card.h"
#include "chip/plx9054.h"
#include "suites.h"

static uint32_t reg(unsigned int offset, unsigned int width)
{
	uint32_t value = 0;

	ck_assert_int_eq(plxdma_reg_read(card, offset, width, &value), 0);
	return value;
}

START_TEST(registers_are_read_in_three_widths)
{
	ck_assert_uint_eq(reg(PLX_PCIHIDR, 32), 0x905410b5);
	ck_assert_uint_eq(reg(PLX_PCIHIDR, 16), 0x10b5);
	ck_assert_uint_eq(reg(PLX_PCIHIDR + 2, 16), 0x9054);
	ck_assert_uint_eq(reg(PLX_PCIHIDR + 3, 8), 0x90);
}
END_TEST

START_TEST(registers_are_written_in_three_widths)
{
	ck_assert_int_eq(plxdma_reg_write(card, PLX_MBOX3, 32, 0x11223344), 0);
	ck_assert_int_eq(plxdma_reg_write(card, PLX_MBOX3, 16, 0x5566), 0);
	ck_assert_int_eq(plxdma_reg_write(card, PLX_MBOX3 + 3, 8, 0x77), 0);
	ck_assert_uint_eq(reg(PLX_MBOX3, 32), 0x77225566);
}
END_TEST

static const struct {
	unsigned int offset;
	unsigned int width;
	int result;
	const char *mentions;
} bad_accesses[] = {
	{0, 0, -EINVAL, "width"},	  {0, 24, -EINVAL, "width"},
	{0, 64, -EINVAL, "width"},	  {1, 32, -EINVAL, "multiple"},
	{2, 32, -EINVAL, "multiple"},	  {0x41, 16, -EINVAL, "multiple"},
	{0x100, 32, -ERANGE, "end"},	  {0x100, 8, -ERANGE, "end"},
	{0xfffffffc, 32, -ERANGE, "end"},
};

START_TEST(an_access_that_no_register_takes_is_refused)
{
	uint32_t value;

	check_failed(plxdma_reg_read(card, bad_accesses[_i].offset,
				     bad_accesses[_i].width, &value),
		     bad_accesses[_i].result, bad_accesses[_i].mentions);
	check_failed(plxdma_reg_write(card, bad_accesses[_i].offset,
				      bad_accesses[_i].width, 0),
		     bad_accesses[_i].result, bad_accesses[_i].mentions);
	check_failed(plxdma_config_read(card, bad_accesses[_i].offset,
					bad_accesses[_i].width, &value),
		     bad_accesses[_i].result, bad_accesses[_i].mentions);
}
END_TEST

/* Any part of them, in any width. */
static const struct {
	unsigned int offset;
	unsigned int width;
} refused[] = {
	{PLX_INTCSR, 32},     {PLX_INTCSR + 1, 8},  {PLX_INTCSR + 2, 16},
	{PLX_CNTRL, 32},      {PLX_CNTRL + 3, 8},   {PLX_DMAMODE0, 32},
	{PLX_DMAPADR1, 32},   {PLX_DMACSR0, 8},	    {PLX_DMACSR1, 8},
	{PLX_DMAARB, 32},     {PLX_DMATHR, 32},	    {PLX_DMADAC1, 32},
	{PLX_DMADAC1 + 3, 8}, {PLX_DMASIZ0 + 1, 8}, {PLX_OPQIM, 32},
};

START_TEST(what_the_library_lives_by_is_not_written)
{
	uint32_t before = reg(refused[_i].offset & ~3u, 32);

	check_failed(plxdma_reg_write(card, refused[_i].offset,
				      refused[_i].width, 0),
		     -EPERM, "refused");
	ck_assert_uint_eq(reg(refused[_i].offset & ~3u, 32), before);
}
END_TEST

static const unsigned int only_idle[] = {
	PLX_LAS0RR, PLX_LAS0BA, PLX_BIGEND, PLX_EROMBA, PLX_DMPBAM,
	PLX_QSR,    PLX_LAS1RR, PLX_LAS1BA, PLX_DMDAC,
};

/* A transfer that can't end: demand mode, and nobody asks for data. */
static struct plxdma_transfer *endless(struct plxdma_channel **channel)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = FIFO, .length = 64};
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_transfer *transfer;

	board_put(BOARD_CONTROL, BOARD_CONTROL_DEMAND);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 64, &request.handle));
	ck_assert_int_eq(plxdma_channel_open(card, 0, channel), 0);
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_DEMAND, 1), 0);
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1), 0);
	ck_assert_int_eq(plxdma_channel_set_mode(*channel, mode), 0);
	plxdma_mode_free(mode);
	ck_assert_int_eq(plxdma_transfer_new(*channel, &request, &transfer), 0);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	return transfer;
}

START_TEST(ranges_are_not_moved_under_a_transfer)
{
	struct plxdma_channel *channel;
	size_t i;

	endless(&channel);
	for (i = 0; i < sizeof(only_idle) / sizeof(only_idle[0]); i++)
		check_failed(plxdma_reg_write(card, only_idle[i], 32, 0),
			     -EPERM, "under way");
	plxdma_channel_close(channel);
	for (i = 0; i < sizeof(only_idle) / sizeof(only_idle[0]); i++)
		ck_assert_int_eq(plxdma_reg_write(card, only_idle[i], 32,
						  reg(only_idle[i], 32)),
				 0);
}
END_TEST

START_TEST(boards_are_reached_through_their_bars)
{
	uint32_t value;

	ck_assert_uint_eq(board_get(BOARD_ID), BOARD_ID_VALUE);
	board_put(BOARD_SCRATCH, 0xcafe0123);
	ck_assert_uint_eq(board_get(BOARD_SCRATCH), 0xcafe0123);
	ck_assert_int_eq(plxdma_poke(card, 2, 0x1001, 8, 0xab), 0);
	ck_assert_int_eq(plxdma_poke(card, 2, 0x1002, 16, 0xcdef), 0);
	ck_assert_int_eq(plxdma_peek(card, 2, 0x1000, 32, &value), 0);
	ck_assert_uint_eq(value & 0xffffff00, 0xcdefab00);
	ck_assert_int_eq(plxdma_peek(card, 2, 0x1003, 8, &value), 0);
	ck_assert_uint_eq(value, 0xcd);
}
END_TEST

static const struct {
	unsigned int bar;
	uint64_t offset;
	unsigned int width;
	int result;
	const char *mentions;
} bad_bars[] = {
	{0, 0, 32, -EINVAL, "BAR2 and BAR3"},
	{1, 0, 32, -EINVAL, "BAR2 and BAR3"},
	{4, 0, 32, -EINVAL, "BAR2 and BAR3"},
	{2, 1 << 20, 8, -ERANGE, "end"},
	{3, 4096, 32, -ERANGE, "end"},
	{2, UINT64_MAX - 3, 32, -ERANGE, "end"},
	{3, 2, 32, -EINVAL, "multiple"},
	{3, 0, 12, -EINVAL, "width"},
};

START_TEST(what_no_bar_decodes_is_refused)
{
	uint32_t value;

	check_failed(plxdma_peek(card, bad_bars[_i].bar, bad_bars[_i].offset,
				 bad_bars[_i].width, &value),
		     bad_bars[_i].result, bad_bars[_i].mentions);
	check_failed(plxdma_poke(card, bad_bars[_i].bar, bad_bars[_i].offset,
				 bad_bars[_i].width, 0),
		     bad_bars[_i].result, bad_bars[_i].mentions);
}
END_TEST

START_TEST(a_space_that_is_off_is_not_there)
{
	uint32_t remap = reg(PLX_LAS0BA, 32), value;

	ck_assert_int_eq(plxdma_reg_write(card, PLX_LAS0BA, 32,
					  remap & ~PLX_LASBA_ENABLE),
			 0);
	check_failed(plxdma_peek(card, 2, 0, 32, &value), -ENXIO, "LAS0BA");
	ck_assert_int_eq(plxdma_reg_write(card, PLX_LAS0BA, 32, remap), 0);
}
END_TEST

START_TEST(configuration_space_is_read_and_partly_written)
{
	uint32_t value;

	ck_assert_int_eq(plxdma_config_read(card, 0, 32, &value), 0);
	ck_assert_uint_eq(value, 0x905410b5);
	ck_assert_int_eq(plxdma_config_write(card, PLX_CFG_LATENCY, 8, 0x50),
			 0);
	ck_assert_int_eq(plxdma_config_read(card, PLX_CFG_LATENCY, 8, &value),
			 0);
	ck_assert_uint_eq(value, 0x50);
}
END_TEST

static const struct {
	unsigned int offset;
	unsigned int width;
	const char *mentions;
} config_refused[] = {
	{PLX_CFG_COMMAND, 16, "Command"},
	{PLX_CFG_STATUS, 16, "Status"},
	{PLX_CFG_STATUS + 1, 8, "Status"},
	{PLX_CFG_BAR0, 32, "base address"},
	{PLX_CFG_BAR5 + 3, 8, "base address"},
	{PLX_CFG_ROM, 32, "ROM"},
	{PLX_CFG_PMCSR, 16, "PMCSR"},
	{PLX_CFG_PMCSR, 8, "PMCSR"},
	{PLX_CFG_VPD_ADDRESS, 16, "plxdma_eeprom_write"},
	{PLX_CFG_VPD_DATA, 32, "plxdma_eeprom_write"},
};

START_TEST(configuration_that_is_the_librarys_is_not_written)
{
	check_failed(plxdma_config_write(card, config_refused[_i].offset,
					 config_refused[_i].width, 0),
		     -EPERM, config_refused[_i].mentions);
}
END_TEST

START_TEST(mailboxes_are_eight_and_never_hidden)
{
	unsigned int i;
	uint32_t value;

	for (i = 0; i < 8; i++)
		ck_assert_int_eq(plxdma_mailbox_write(card, i, 0x1000 + i), 0);
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(plxdma_mailbox_read(card, i, &value), 0);
		ck_assert_uint_eq(value, 0x1000 + i);
	}
	ck_assert_uint_eq(reg(PLX_MBOX0_ALIAS, 32), 0x1000);
	ck_assert_uint_eq(reg(PLX_MBOX1_ALIAS, 32), 0x1001);
	ck_assert_uint_eq(reg(PLX_MBOX7, 32), 0x1007);
	check_failed(plxdma_mailbox_read(card, 8, &value), -EINVAL, "0 to 7");
	check_failed(plxdma_mailbox_write(card, 8, 0), -EINVAL, "0 to 7");
}
END_TEST

START_TEST(the_doorbell_rings_the_local_side)
{
	ck_assert_int_eq(plxdma_doorbell_ring(card, 0x80000001), 0);
	ck_assert_int_eq(plxdma_doorbell_ring(card, 0x10), 0);
	ck_assert_uint_eq(reg(PLX_P2LDBELL, 32), 0x80000011);
}
END_TEST

START_TEST(nothing_is_read_or_written_without_card_or_place)
{
	uint16_t words[2] = {0};
	uint32_t value;

	check_failed_on(NULL, plxdma_reg_read(NULL, 0, 32, &value), -EINVAL,
			"card");
	check_failed(plxdma_reg_read(card, 0, 32, NULL), -EINVAL, "place");
	check_failed_on(NULL, plxdma_reg_write(NULL, 0, 32, 0), -EINVAL,
			"card");
	check_failed_on(NULL, plxdma_peek(NULL, 2, 0, 32, &value), -EINVAL,
			"card");
	check_failed(plxdma_peek(card, 2, 0, 32, NULL), -EINVAL, "place");
	check_failed_on(NULL, plxdma_poke(NULL, 2, 0, 32, 0), -EINVAL, "card");
	check_failed_on(NULL, plxdma_config_read(NULL, 0, 32, &value), -EINVAL,
			"card");
	check_failed(plxdma_config_read(card, 0, 32, NULL), -EINVAL, "place");
	check_failed_on(NULL, plxdma_config_write(NULL, 0, 32, 0), -EINVAL,
			"card");
	check_failed_on(NULL, plxdma_mailbox_read(NULL, 0, &value), -EINVAL,
			"card");
	check_failed_on(NULL, plxdma_mailbox_write(NULL, 0, 0), -EINVAL,
			"card");
	check_failed(plxdma_mailbox_read(card, 0, NULL), -EINVAL, "place");
	check_failed_on(NULL, plxdma_doorbell_ring(NULL, 0), -EINVAL, "card");
	check_failed_on(NULL, plxdma_eeprom_read(NULL, 0, words, 2), -EINVAL,
			"card");
	check_failed(plxdma_eeprom_read(card, 0, NULL, 2), -EINVAL, "place");
	check_failed(
		plxdma_eeprom_write(card, 0, NULL, 2, PLXDMA_EEPROM_I_MEAN_IT),
		-EINVAL, "words");
}
END_TEST

static const char *const eeprom_chips[] = {
	"chip=9054ac", "chip=9054ab", "chip=9054aa",
	"chip=9080",   "chip=9056",   "chip=9656",
};

START_TEST(the_eeprom_is_read_as_the_chip_loaded_it)
{
	uint16_t words[PLX_EE_SIZE / 2], odd;
	uint32_t id, range;

	card_reopen(eeprom_chips[_i]);
	ck_assert_msg(!plxdma_eeprom_read(card, 0, words, PLX_EE_SIZE / 2),
		      "%s", plxdma_error(card));
	ck_assert_int_eq(plxdma_config_read(card, 0, 32, &id), 0);
	ck_assert_uint_eq((uint32_t)words[0] << 16 | words[1], id);
	range = (uint32_t)words[PLX_EE_LAS0RR / 2] << 16 |
		words[PLX_EE_LAS0RR / 2 + 1];
	ck_assert_uint_eq(range, reg(PLX_LAS0RR, 32));
	ck_assert_int_eq(plxdma_eeprom_read(card, 2, &odd, 1), 0);
	ck_assert_uint_eq(odd, words[1]);
}
END_TEST

START_TEST(the_eeprom_is_written_and_read_back)
{
	const uint16_t image[4] = {0x1234, 0x5678, 0x9abc, 0xdef0};
	uint16_t back[6], before[6];
	uint32_t protection;

	card_reopen(eeprom_chips[_i]);
	protection = reg(PLX_BIGEND, 32);
	ck_assert_int_eq(plxdma_eeprom_read(card, PLX_EE_MBOX0 - 2, before, 6),
			 0);
	ck_assert_msg(!plxdma_eeprom_write(card, PLX_EE_MBOX0, image, 4,
					   PLXDMA_EEPROM_I_MEAN_IT),
		      "%s", plxdma_error(card));
	ck_assert_int_eq(plxdma_eeprom_read(card, PLX_EE_MBOX0 - 2, back, 6),
			 0);
	ck_assert_mem_eq(back + 1, image, sizeof(image));
	ck_assert_uint_eq(back[0], before[0]);
	ck_assert_uint_eq(back[5], before[5]);
	ck_assert_uint_eq(reg(PLX_BIGEND, 32), protection);
}
END_TEST

START_TEST(the_eeprom_is_guarded)
{
	uint16_t words[512] = {0};

	check_failed(plxdma_eeprom_write(card, 0, words, 2, 0), -EPERM,
		     "PLXDMA_EEPROM_I_MEAN_IT");
	check_failed(
		plxdma_eeprom_write(card, 2, words, 2, PLXDMA_EEPROM_I_MEAN_IT),
		-EINVAL, "multiple of 4");
	check_failed(
		plxdma_eeprom_write(card, 0, words, 3, PLXDMA_EEPROM_I_MEAN_IT),
		-EINVAL, "even");
	check_failed(plxdma_eeprom_read(card, 1, words, 1), -EINVAL, "even");
	check_failed(plxdma_eeprom_read(card, 0, words, 512), -ERANGE,
		     "more than");
	check_failed(plxdma_eeprom_read(card, 0xfffffffe, words, 2), -ERANGE,
		     "more than");
}
END_TEST

START_TEST(a_card_without_eeprom_says_so)
{
	uint16_t word;

	card_reopen("eeprom=none");
	check_failed(plxdma_eeprom_read(card, 0, &word, 1), -ENODEV,
		     "has none");
}
END_TEST

Suite *suite_registers(void)
{
	Suite *suite = suite_create("registers");
	TCase *tests = tcase_create("access");

	tcase_add_checked_fixture(tests, card_setup, card_teardown);
	tcase_add_test(tests, registers_are_read_in_three_widths);
	tcase_add_test(tests, registers_are_written_in_three_widths);
	tcase_add_loop_test(tests, an_access_that_no_register_takes_is_refused,
			    0, sizeof(bad_accesses) / sizeof(bad_accesses[0]));
	tcase_add_loop_test(tests, what_the_library_lives_by_is_not_written, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tests, ranges_are_not_moved_under_a_transfer);
	tcase_add_test(tests, boards_are_reached_through_their_bars);
	tcase_add_loop_test(tests, what_no_bar_decodes_is_refused, 0,
			    sizeof(bad_bars) / sizeof(bad_bars[0]));
	tcase_add_test(tests, a_space_that_is_off_is_not_there);
	tcase_add_test(tests, configuration_space_is_read_and_partly_written);
	tcase_add_loop_test(
		tests, configuration_that_is_the_librarys_is_not_written, 0,
		sizeof(config_refused) / sizeof(config_refused[0]));
	tcase_add_test(tests, mailboxes_are_eight_and_never_hidden);
	tcase_add_test(tests, the_doorbell_rings_the_local_side);
	tcase_add_test(tests, nothing_is_read_or_written_without_card_or_place);
	tcase_add_loop_test(tests, the_eeprom_is_read_as_the_chip_loaded_it, 0,
			    sizeof(eeprom_chips) / sizeof(eeprom_chips[0]));
	tcase_add_loop_test(tests, the_eeprom_is_written_and_read_back, 0,
			    sizeof(eeprom_chips) / sizeof(eeprom_chips[0]));
	tcase_add_test(tests, the_eeprom_is_guarded);
	tcase_add_test(tests, a_card_without_eeprom_says_so);
	suite_add_tcase(suite, tests);
	return suite;
}
