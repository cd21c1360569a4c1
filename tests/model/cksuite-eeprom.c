/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration EEPROM: bit-bang through CNTRL, protection, layout and
 * load (chip ref. 6.1 to 6.3).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eeprom.h"
#include "suites.h"

#define EEPROM_PRESENT 0x10000000u

START_TEST(presence_shows_in_cntrl_28)
{
	struct card *card = card_new("engine=inline");
	struct card *bare = card_new("engine=inline,eeprom=none");

	ck_assert(reg(card, CNTRL) & EEPROM_PRESENT);
	ck_assert(!(reg(bare, CNTRL) & EEPROM_PRESENT));
	card_free(bare);
	card_free(card);
}
END_TEST

START_TEST(the_first_words_are_device_and_vendor)
{
	struct card *card = card_new("engine=inline,chip=9054ac");

	ck_assert_uint_eq(prom_read(card, 0, NULL, NULL), 0x9054);
	ck_assert_uint_eq(prom_read(card, 1, NULL, NULL), 0x10B5);
	ck_assert_uint_eq(config(card, PCI_ID), 0x905410B5);
	card_free(card);
}
END_TEST

START_TEST(a_dummy_0_comes_before_the_data)
{
	struct card *card = card_new("engine=inline");
	int dummy = 1;

	prom_read(card, 0, NULL, &dummy);
	ck_assert_int_eq(dummy, 0);
	card_free(card);
}
END_TEST

START_TEST(clocking_on_reads_the_next_words)
{
	struct card *card = card_new("engine=inline");
	uint16_t words[8];
	unsigned int i;

	prom_read_on(card, 0, words, 8);
	for (i = 0; i < 8; i++)
		ck_assert_uint_eq(words[i], prom_read(card, i, NULL, NULL));
	card_free(card);
}
END_TEST

START_TEST(a_9054_reads_wrongly_unless_eedi_is_held_1)
{
	struct card *card = card_new("engine=inline,chip=9054ac");
	struct lines lines = {.data_in_low = true};

	ck_assert_uint_ne(prom_read(card, 0, &lines, NULL), 0x9054);
	ck_assert_uint_eq(prom_read(card, 0, NULL, NULL), 0x9054);
	card_free(card);
}
END_TEST

START_TEST(other_chips_do_not_care_about_eedi_while_reading)
{
	static const char *const chip[] = {"9080", "9056"};
	struct card *card = card_new("engine=inline,chip=%s", chip[_i]);
	struct lines lines = {.data_in_low = true};

	ck_assert_uint_eq(prom_read(card, 1, &lines, NULL), 0x10B5);
	card_free(card);
}
END_TEST

START_TEST(a_9056_reads_wrongly_unless_cntrl_31_is_set)
{
	struct card *card = card_new("engine=inline,chip=9056");
	struct lines lines = {.output_disabled = true};

	ck_assert_uint_ne(prom_read(card, 1, &lines, NULL), 0x10B5);
	ck_assert_uint_eq(prom_read(card, 1, NULL, NULL), 0x10B5);
	card_free(card);
}
END_TEST

static const char *const cntrl_works[] = {"9054ac", "9054ab", "9056", "9656"};

START_TEST(a_written_word_reads_back)
{
	struct card *card = card_new("engine=inline,chip=%s", cntrl_works[_i]);

	prom_unprotect(card);
	prom_write(card, 0x70, 0xBEEF);
	ck_assert_uint_eq(prom_read(card, 0x70, NULL, NULL), 0xBEEF);
	prom_write(card, 0x70, 0x1234);
	ck_assert_uint_eq(prom_read(card, 0x70, NULL, NULL), 0x1234);
	card_free(card);
}
END_TEST

START_TEST(a_9080_writes_its_eeprom_without_unprotecting)
{
	struct card *card = card_new("engine=inline,chip=9080");

	prom_write(card, 0x10, 0xBEEF);
	ck_assert_uint_eq(prom_read(card, 0x10, NULL, NULL), 0xBEEF);
	card_free(card);
}
END_TEST

START_TEST(writes_need_the_enable_command)
{
	struct card *card = card_new("engine=inline");
	uint16_t before;

	prom_unprotect(card);
	before = prom_read(card, 0x70, NULL, NULL);
	prom_write_only(card, 0x70, (uint16_t)~before);
	ck_assert_uint_eq(prom_read(card, 0x70, NULL, NULL), before);
	card_free(card);
}
END_TEST

START_TEST(the_disable_command_ends_writing)
{
	struct card *card = card_new("engine=inline");

	prom_unprotect(card);
	prom_enable(card);
	prom_write_only(card, 0x70, 0x1111);
	prom_disable(card);
	prom_write_only(card, 0x70, 0x2222);
	ck_assert_uint_eq(prom_read(card, 0x70, NULL, NULL), 0x1111);
	card_free(card);
}
END_TEST

START_TEST(prot_area_protects_the_lwords_below_it)
{
	struct card *card = card_new("engine=inline");
	uint16_t before = prom_read(card, 0x5F, NULL, NULL);

	reg8_set(card, PROT_AREA, 0x30);
	prom_enable(card);
	prom_write_only(card, 0x5F, (uint16_t)~before);
	prom_write_only(card, 0x60, 0xBEEF);
	prom_disable(card);
	ck_assert_uint_eq(prom_read(card, 0x5F, NULL, NULL), before);
	ck_assert_uint_eq(prom_read(card, 0x60, NULL, NULL), 0xBEEF);
	card_free(card);
}
END_TEST

START_TEST(dropping_select_forgets_half_a_command)
{
	struct card *card = card_new("engine=inline,chip=9054ac");
	uint32_t cntrl = reg(card, CNTRL) & ~0x07000000u;
	int i;

	for (i = 0; i < 5; i++) {
		reg_set(card, CNTRL, cntrl | 0x06000000);
		reg_set(card, CNTRL, cntrl | 0x07000000);
	}
	reg_set(card, CNTRL, cntrl);
	ck_assert_uint_eq(prom_read(card, 0, NULL, NULL), 0x9054);
	card_free(card);
}
END_TEST

START_TEST(revision_aa_cannot_be_read_through_cntrl)
{
	struct card *card = card_new("engine=inline,chip=9054aa");
	struct card *good = card_new("engine=inline,chip=9054ab");

	ck_assert_uint_ne(prom_lword(card, 0), 0x905410B5);
	ck_assert_uint_eq(prom_lword(good, 0), 0x905410B5);
	card_free(good);
	card_free(card);
}
END_TEST

/* Where each Lword of the EEPROM goes (chip ref. 6.2). */
struct place {
	unsigned int offset;
	bool in_config;
	unsigned int reg;
	uint32_t value;
};

static const struct place places[] = {
	{0x00, true, 0x00, 0x1234ABCD},	 {0x04, true, 0x08, 0x11800042},
	{0x08, true, 0x3C, 0x05040107},	 {0x0C, false, 0x78, 0xA1A2A3A4},
	{0x10, false, 0x7C, 0xB1B2B3B4}, {0x14, false, 0x00, 0xFFFE0000},
	{0x18, false, 0x04, 0x20010001}, {0x1C, false, 0x08, 0x01200304},
	{0x20, false, 0x0C, 0x00210504}, {0x24, false, 0x10, 0xFFFF8000},
	{0x28, false, 0x14, 0x12340800}, {0x2C, false, 0x18, 0xF2430143},
	{0x30, false, 0x1C, 0xFFF10000}, {0x34, false, 0x20, 0x21000000},
	{0x38, false, 0x24, 0x31000000}, {0x3C, false, 0x28, 0x41000000},
	{0x40, false, 0x2C, 0x00510000},
};
static const struct place extra_places[] = {
	{0x44, true, 0x2C, 0x56789ABC},
	{0x48, false, 0xF0, 0xFFFFF000},
	{0x4C, false, 0xF4, 0x60000001},
	{0x50, false, 0xF8, 0x00000143},
};
#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static void places_write(struct card *card, const struct place *list,
			 size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		prom_set_lword(card, list[i].offset, list[i].value);
}

static void places_check(struct card *card, const struct place *list,
			 size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		uint32_t found = list[i].in_config ? config(card, list[i].reg)
						   : reg(card, list[i].reg);

		ck_assert_msg(found == list[i].value,
			      "EEPROM %02X: %08X loaded, not %08X",
			      list[i].offset, found, list[i].value);
	}
}

START_TEST(a_reload_puts_every_lword_in_its_register)
{
	struct card *card = card_new("engine=inline,chip=%s", cntrl_works[_i]);

	prom_unprotect(card);
	places_write(card, places, COUNT(places));
	places_write(card, extra_places, COUNT(extra_places));
	prom_reload(card);
	config16_set(card, PCI_COMMAND, COMMAND_ALL);
	places_check(card, places, COUNT(places));
	places_check(card, extra_places, COUNT(extra_places));
	card_free(card);
}
END_TEST

START_TEST(what_is_written_shows_only_after_a_reload)
{
	struct card *card = card_new("engine=inline");

	prom_unprotect(card);
	prom_set_lword(card, 0x0C, 0xCAFE0001);
	ck_assert_uint_ne(reg(card, MBOX0_ALIAS), 0xCAFE0001);
	prom_reload(card);
	ck_assert_uint_eq(reg(card, MBOX0_ALIAS), 0xCAFE0001);
	card_free(card);
}
END_TEST

START_TEST(the_extra_lwords_load_only_with_lbrd0_25)
{
	struct card *card = card_new("engine=inline");

	prom_unprotect(card);
	prom_set_lword(card, 0x48, 0xFFF80000);
	prom_set_lword(card, 0x2C, 0x40430043);
	prom_reload(card);
	ck_assert_uint_ne(reg(card, LAS1RR), 0xFFF80000);
	card_free(card);
}
END_TEST

START_TEST(the_permanent_id_does_not_come_from_the_eeprom)
{
	struct card *card = card_new("engine=inline,chip=9054ac");

	prom_unprotect(card);
	prom_set_lword(card, 0, 0x17960001);
	prom_reload(card);
	ck_assert_uint_eq(config(card, PCI_ID), 0x17960001);
	ck_assert_uint_eq(reg(card, PCIHIDR), 0x905410B5);
	card_free(card);
}
END_TEST

START_TEST(a_blank_eeprom_leaves_the_defaults)
{
	struct card *card = card_new("engine=inline,chip=9054ac,eeprom=blank");

	ck_assert_uint_eq(config(card, PCI_ID), 0x905410B5);
	ck_assert_uint_eq(reg(card, LAS0RR), 0xFFF00000);
	ck_assert_uint_eq(reg(card, LAS0BA), 0);
	ck_assert_uint_eq(prom_read(card, 0, NULL, NULL), 0xFFFF);
	card_free(card);
}
END_TEST

/* Words in order, each with its high byte first (chip ref. 6.2). */
START_TEST(an_image_file_is_loaded_like_a_device)
{
	char path[] = "/tmp/plxdma-eeprom-XXXXXX";
	uint8_t image[256];
	struct card *card;
	int fd = mkstemp(path);

	memset(image, 0, sizeof(image));
	memcpy(image, "\x17\x96\x00\x01\x11\x80\x00\x0B", 8);
	memcpy(image + 0x0C, "\xCA\xFE\xF0\x0D", 4);
	memcpy(image + 0x14, "\xFF\xFF\x00\x00", 4);
	ck_assert_int_eq(write(fd, image, sizeof(image)), sizeof(image));
	close(fd);
	card = card_new("engine=inline,eeprom=%s", path);
	unlink(path);
	ck_assert_uint_eq(config(card, PCI_ID), 0x17960001);
	ck_assert_uint_eq(config(card, PCI_REVISION), 0x1180000B);
	ck_assert_uint_eq(reg(card, MBOX0_ALIAS), 0xCAFEF00D);
	ck_assert_uint_eq(reg(card, LAS0RR), 0xFFFF0000);
	ck_assert_uint_eq(prom_lword(card, 0), 0x17960001);
	card_free(card);
}
END_TEST

START_TEST(banging_leaves_the_rest_of_cntrl_alone)
{
	struct card *card = card_new("engine=inline");
	uint32_t before = reg(card, CNTRL) & 0x0005FFFF;

	prom_read(card, 3, NULL, NULL);
	ck_assert_uint_eq(reg(card, CNTRL) & 0x0005FFFF, before);
	card_free(card);
}
END_TEST

Suite *suite_eeprom(void)
{
	Suite *suite = suite_create("eeprom");
	TCase *tcase = tcase_create("lines");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, presence_shows_in_cntrl_28);
	tcase_add_test(tcase, the_first_words_are_device_and_vendor);
	tcase_add_test(tcase, a_dummy_0_comes_before_the_data);
	tcase_add_test(tcase, clocking_on_reads_the_next_words);
	tcase_add_test(tcase, a_9054_reads_wrongly_unless_eedi_is_held_1);
	tcase_add_loop_test(
		tcase, other_chips_do_not_care_about_eedi_while_reading, 0, 2);
	tcase_add_test(tcase, a_9056_reads_wrongly_unless_cntrl_31_is_set);
	tcase_add_test(tcase, dropping_select_forgets_half_a_command);
	tcase_add_test(tcase, revision_aa_cannot_be_read_through_cntrl);
	tcase_add_test(tcase, banging_leaves_the_rest_of_cntrl_alone);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("writes");
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_written_word_reads_back, 0, 4);
	tcase_add_test(tcase, a_9080_writes_its_eeprom_without_unprotecting);
	tcase_add_test(tcase, writes_need_the_enable_command);
	tcase_add_test(tcase, the_disable_command_ends_writing);
	tcase_add_test(tcase, prot_area_protects_the_lwords_below_it);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("load");
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_reload_puts_every_lword_in_its_register, 0,
			    4);
	tcase_add_test(tcase, what_is_written_shows_only_after_a_reload);
	tcase_add_test(tcase, the_extra_lwords_load_only_with_lbrd0_25);
	tcase_add_test(tcase, the_permanent_id_does_not_come_from_the_eeprom);
	tcase_add_test(tcase, a_blank_eeprom_leaves_the_defaults);
	tcase_add_test(tcase, an_image_file_is_loaded_like_a_device);
	suite_add_tcase(suite, tcase);
	return suite;
}
