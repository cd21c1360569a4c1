/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The EEPROM by VPD, and the silicon revisions that need it (chip ref. 6.4).
 */
#include "eeprom.h"
#include "suites.h"

/* Where VPD may fail, a driver tries again. */
static bool vpd_read_patiently(struct card *card, unsigned int offset,
			       uint32_t wanted)
{
	uint32_t value = 0;
	int i;

	for (i = 0; i < 200; i++)
		if (vpd_read(card, offset, &value) && value == wanted)
			return true;
	return false;
}

START_TEST(vpd_reads_an_lword_with_word_0_in_the_high_half)
{
	struct card *card = card_new("engine=inline,chip=9054ac");
	uint32_t value = 0;

	ck_assert(vpd_read(card, 0, &value));
	ck_assert_uint_eq(value, 0x905410B5);
	ck_assert(vpd_read(card, 0x14, &value));
	ck_assert_uint_eq(value, reg(card, LAS0RR));
	card_free(card);
}
END_TEST

START_TEST(vpd_writes_what_cntrl_reads)
{
	struct card *card = card_new("engine=inline,chip=9054ac");

	prom_unprotect(card);
	ck_assert(vpd_write(card, 0x60, 0xDEAD1234));
	ck_assert_uint_eq(prom_lword(card, 0x60), 0xDEAD1234);
	card_free(card);
}
END_TEST

START_TEST(vpd_reads_what_cntrl_wrote)
{
	struct card *card = card_new("engine=inline,chip=9054ac");
	uint32_t value = 0;

	prom_unprotect(card);
	prom_set_lword(card, 0x64, 0xFEED5678);
	ck_assert(vpd_read(card, 0x64, &value));
	ck_assert_uint_eq(value, 0xFEED5678);
	card_free(card);
}
END_TEST

START_TEST(prot_area_holds_for_vpd_too)
{
	struct card *card = card_new("engine=inline,chip=9054ac");
	uint32_t before = 0, value = 0;

	ck_assert(vpd_read(card, 0xBC, &before));
	reg8_set(card, PROT_AREA, 0x30);
	vpd_write(card, 0xBC, ~before);
	vpd_write(card, 0xC0, 0x13579BDF);
	ck_assert(vpd_read(card, 0xBC, &value));
	ck_assert_uint_eq(value, before);
	ck_assert(vpd_read(card, 0xC0, &value));
	ck_assert_uint_eq(value, 0x13579BDF);
	card_free(card);
}
END_TEST

START_TEST(revision_aa_is_read_by_vpd_with_patience)
{
	struct card *card = card_new("engine=inline,chip=9054aa");

	ck_assert(vpd_read_patiently(card, 0, 0x905410B5));
	card_free(card);
}
END_TEST

START_TEST(hardware_revision_tells_ac_from_the_others)
{
	static const uint8_t revisions[] = {0x0C, 0x0A, 0x0A};
	static const char *const chip[] = {"9054ac", "9054ab", "9054aa"};
	struct card *card = card_new("engine=inline,chip=%s", chip[_i]);

	ck_assert_uint_eq(reg8(card, PCIHREV), revisions[_i]);
	card_free(card);
}
END_TEST

START_TEST(revision_ab_says_so_in_configuration_space_only)
{
	struct card *ab = card_new("engine=inline,chip=9054ab");
	struct card *aa = card_new("engine=inline,chip=9054aa");

	ck_assert_uint_eq(model_config_read(ab->model, PCI_REVISION, 8), 0x0B);
	ck_assert_uint_ne(model_config_read(aa->model, PCI_REVISION, 8), 0x0B);
	card_free(aa);
	card_free(ab);
}
END_TEST

Suite *suite_vpd(void)
{
	Suite *suite = suite_create("vpd");
	TCase *tcase = tcase_create("vpd");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, vpd_reads_an_lword_with_word_0_in_the_high_half);
	tcase_add_test(tcase, vpd_writes_what_cntrl_reads);
	tcase_add_test(tcase, vpd_reads_what_cntrl_wrote);
	tcase_add_test(tcase, prot_area_holds_for_vpd_too);
	tcase_add_test(tcase, revision_aa_is_read_by_vpd_with_patience);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("revision");
	tcase_add_loop_test(tcase, hardware_revision_tells_ac_from_the_others,
			    0, 3);
	tcase_add_test(tcase, revision_ab_says_so_in_configuration_space_only);
	suite_add_tcase(suite, tcase);
	return suite;
}
