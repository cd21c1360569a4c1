/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each chip can, typed from the chip reference, sections 1.1 and 1.2. */
#include <string.h>

#include "chip/family.h"
#include "chip/plx9054.h"
#include "suites.h"

static const struct {
	uint32_t hidr;
	const char *name;
	int supported, dac;
	uint32_t regs_size;
	unsigned int demand, eeprom_size, eeprom_bits;
	uint32_t mode;
	int quirks;	/* of the 9080 */
} chips[] = {
	{ 0x905410b5, "PCI 9054", 1, 1, 256, 1, 0x58, 11, 0x7ffff, 0 },
	{ 0x908010b5, "PCI 9080", 1, 0, 256, 3, 0x58, 9, 0x3ffff, 1 },
	{ 0x905610b5, "PCI 9056", 1, 1, 512, 3, 0x64, 11, 0x3fffff, 0 },
	{ 0x965610b5, "PCI 9656", 1, 1, 512, 3, 0x64, 11, 0x3fffff, 0 },
};

START_TEST(chips_are_known_by_their_hard_wired_id)
{
	const struct family *family = family_find(chips[_i].hidr);

	ck_assert_ptr_nonnull(family);
	ck_assert_str_eq(family->name, chips[_i].name);
	ck_assert_int_eq(family->supported, chips[_i].supported);
	ck_assert_int_eq(family->dac, chips[_i].dac);
	ck_assert_uint_eq(family->regs_size, chips[_i].regs_size);
	ck_assert_uint_eq(family->demand, chips[_i].demand);
	ck_assert_uint_eq(family->eeprom_size, chips[_i].eeprom_size);
	ck_assert_uint_eq(family->eeprom_bits, chips[_i].eeprom_bits);
	ck_assert_uint_eq(family->mode_writable, chips[_i].mode);
	ck_assert_int_eq(family->zero_chain, chips[_i].quirks);
	ck_assert_int_eq(family->abort_dummy, chips[_i].quirks);
	ck_assert_int_eq(family->errata_9080, chips[_i].quirks);
	ck_assert_int_eq(family->capabilities, !chips[_i].quirks);
}
END_TEST

START_TEST(older_chips_are_named_but_not_supported)
{
	static const uint32_t old[] = { 0x906010b5, 0x906d10b5, 0x906e10b5 };
	size_t i;

	for (i = 0; i < COUNT(old); i++) {
		ck_assert_ptr_nonnull(family_find(old[i]));
		ck_assert_int_eq(family_find(old[i])->supported, 0);
	}
}
END_TEST

START_TEST(other_ids_are_of_no_chip)
{
	ck_assert_ptr_null(family_find(0));
	ck_assert_ptr_null(family_find(UINT32_MAX));
	ck_assert_ptr_null(family_find(0x10b59054));
}
END_TEST

START_TEST(an_8311_is_told_by_its_subsystem_only)
{
	const struct family *core = family_find(PLX_PCIHIDR_9056);

	ck_assert_str_eq(family_name(core, 0x86e110b5), "PEX 8311");
	ck_assert_str_eq(family_name(core, 0x905610b5), "PCI 9056");
	ck_assert_str_eq(family_name(family_find(PLX_PCIHIDR_9054),
				     0x86e110b5),
			 "PCI 9054");
}
END_TEST

static const struct {
	uint32_t hidr;
	uint8_t hrev, revision;
	enum family_eeprom way;
} ways[] = {
	{ 0x905410b5, 0x0a, 0x0a, FAMILY_EEPROM_VPD },
	{ 0x905410b5, 0x0a, 0x00, FAMILY_EEPROM_VPD },
	{ 0x905410b5, 0x0a, 0x0b, FAMILY_EEPROM_CNTRL },
	{ 0x905410b5, 0x0c, 0x0a, FAMILY_EEPROM_CNTRL },
	{ 0x908010b5, 0x0a, 0x0a, FAMILY_EEPROM_CNTRL },
	{ 0x905610b5, 0x0a, 0x0a, FAMILY_EEPROM_CNTRL },
};

START_TEST(only_the_9054_aa_needs_vpd)
{
	ck_assert_int_eq(family_eeprom_way(family_find(ways[_i].hidr),
					   ways[_i].hrev, ways[_i].revision),
			 ways[_i].way);
}
END_TEST

Suite *family_suite(void)
{
	Suite *suite = suite_create("family");
	TCase *tcase = tcase_create("table");

	tcase_add_loop_test(tcase, chips_are_known_by_their_hard_wired_id, 0,
			    COUNT(chips));
	tcase_add_test(tcase, older_chips_are_named_but_not_supported);
	tcase_add_test(tcase, other_ids_are_of_no_chip);
	tcase_add_test(tcase, an_8311_is_told_by_its_subsystem_only);
	tcase_add_loop_test(tcase, only_the_9054_aa_needs_vpd, 0, COUNT(ways));
	suite_add_tcase(suite, tcase);
	return suite;
}
