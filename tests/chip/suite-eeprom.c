/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EEPROM layout and commands (chip ref. 6.1 to 6.3). */
#include "chip/eeprom.h"
#include "chip/family.h"
#include "chip/plx9054.h"
#include "suites.h"

#define C9054 0x905410b5u
#define C9080 0x908010b5u
#define C9056 0x905610b5u

static const struct {
	uint32_t hidr;
	unsigned int offset;
	int there;
	unsigned int reg;
	int config, extra;
} places[] = {
	{ C9054, 0x00, 1, 0x00, 1, 0 },
	{ C9054, 0x14, 1, 0x00, 0, 0 },
	{ C9054, 0x1c, 1, 0x08, 0, 0 },
	{ C9054, 0x20, 1, 0x0c, 0, 0 },
	{ C9054, 0x2c, 1, 0x18, 0, 0 },
	{ C9054, 0x40, 1, 0x2c, 0, 0 },
	{ C9054, 0x44, 1, 0x2c, 1, 1 },
	{ C9054, 0x54, 1, 0x48, 1, 1 },
	{ C9080, 0x54, 1, 0x30, 1, 1 },
	{ C9054, 0x58, 0, 0, 0, 0 },
	{ C9080, 0x58, 0, 0, 0, 0 },
	{ C9056, 0x58, 1, 0x100, 0, 1 },
	{ C9056, 0x60, 1, 0x44, 1, 1 },
	{ C9056, 0x64, 0, 0, 0, 0 },
	{ C9054, 0x02, 0, 0, 0, 0 },
};

START_TEST(each_lword_of_the_image_has_its_register)
{
	const struct eeprom_field *field =
		eeprom_field(family_find(places[_i].hidr), places[_i].offset);

	ck_assert_int_eq(field != NULL, places[_i].there);
	if (!field)
		return;
	ck_assert_uint_eq(field->offset, places[_i].offset);
	ck_assert_uint_eq(field->reg, places[_i].reg);
	ck_assert_int_eq(field->config, places[_i].config);
	ck_assert_int_eq(field->extra, places[_i].extra);
}
END_TEST

START_TEST(every_lword_that_a_chip_loads_is_described)
{
	static const uint32_t hidrs[] = { C9054, C9080, C9056 };
	const struct family *family;
	unsigned int i, offset;

	for (i = 0; i < COUNT(hidrs); i++) {
		family = family_find(hidrs[i]);
		for (offset = 0; offset < family->eeprom_size; offset += 4)
			ck_assert_msg(eeprom_field(family, offset) != NULL,
				      "%x at %xh", hidrs[i], offset);
	}
}
END_TEST

static const struct {
	uint32_t hidr;
	enum eeprom_op op;
	unsigned int word;
	uint32_t command;
} commands[] = {
	{ C9080, EEPROM_READ, 0, 0x180 },
	{ C9080, EEPROM_READ, 0x3f, 0x1bf },
	{ C9080, EEPROM_WRITE, 5, 0x145 },
	{ C9080, EEPROM_WRITE_ENABLE, 0, 0x130 },
	{ C9080, EEPROM_WRITE_DISABLE, 0, 0x100 },
	{ C9054, EEPROM_READ, 0, 0x600 },
	{ C9054, EEPROM_READ, 0xff, 0x6ff },
	{ C9054, EEPROM_WRITE, 0x12, 0x512 },
	{ C9054, EEPROM_WRITE_ENABLE, 0x12, 0x4c0 },
	{ C9054, EEPROM_WRITE_DISABLE, 0x12, 0x400 },
	/* An address beyond the device never turns into another opcode. */
	{ C9080, EEPROM_READ, 0x40, 0x180 },
};

START_TEST(commands_are_start_bit_opcode_and_address)
{
	ck_assert_uint_eq(eeprom_command(family_find(commands[_i].hidr),
					 commands[_i].op, commands[_i].word),
			  commands[_i].command);
}
END_TEST

START_TEST(range_ends_with_the_address_bits)
{
	const struct family *small = family_find(C9080);
	const struct family *large = family_find(C9054);

	ck_assert(eeprom_in_range(small, 0, 64));
	ck_assert(!eeprom_in_range(small, 0, 65));
	ck_assert(!eeprom_in_range(small, 2, 64));
	ck_assert(eeprom_in_range(large, 510, 1));
	ck_assert(!eeprom_in_range(large, 512, 1));
	ck_assert(!eeprom_in_range(large, 1, 1));
	ck_assert(!eeprom_in_range(large, 0xfffffffe, 0xffffffff));
}
END_TEST

START_TEST(driving_the_wires_resets_reloads_and_clears_nothing)
{
	uint32_t cntrl =
		eeprom_wires(family_find(C9054), UINT32_MAX, 0, 0, 0);

	ck_assert_uint_eq(cntrl & (1u << 29 | 1u << 30), 0);
	ck_assert_uint_eq(cntrl & (3u << 20), 0);
	ck_assert_uint_eq(cntrl & (7u << 24), 0);
	ck_assert_uint_eq(cntrl & 0x1ffff, 0x1ffff);
	ck_assert_uint_eq(cntrl & (3u << 18), 3u << 18);
}
END_TEST

START_TEST(wires_are_clock_select_and_data)
{
	const struct family *family = family_find(C9054);

	ck_assert_uint_eq(eeprom_wires(family, 0x1767e, 1, 0, 0), 0x0201767e);
	ck_assert_uint_eq(eeprom_wires(family, 0x1767e, 1, 1, 0), 0x0301767e);
	ck_assert_uint_eq(eeprom_wires(family, 0x1767e, 1, 1, 1), 0x0701767e);
}
END_TEST

START_TEST(newer_chips_enable_their_data_input_while_selected)
{
	const struct family *family = family_find(C9056);

	ck_assert_uint_eq(eeprom_wires(family, 0, 1, 0, 0) >> 31, 1);
	ck_assert_uint_eq(eeprom_wires(family, UINT32_MAX, 0, 0, 0) >> 31, 0);
	/* On a 9080 it is Local Init Status, which must stand. */
	ck_assert_uint_eq(eeprom_wires(family_find(C9080), 1u << 31, 1, 0, 0)
				  >> 31, 1);
}
END_TEST

START_TEST(the_high_word_of_an_lword_comes_first)
{
	static const uint16_t words[] = { 0x9054, 0x10b5 };

	ck_assert_uint_eq(eeprom_lword(words), 0x905410b5);
	ck_assert(eeprom_blank(0xffff));
	ck_assert(!eeprom_blank(0x9054));
}
END_TEST

Suite *eeprom_suite(void)
{
	Suite *suite = suite_create("eeprom");
	TCase *tcase = tcase_create("layout and commands");

	tcase_add_loop_test(tcase, each_lword_of_the_image_has_its_register, 0,
			    COUNT(places));
	tcase_add_test(tcase, every_lword_that_a_chip_loads_is_described);
	tcase_add_loop_test(tcase, commands_are_start_bit_opcode_and_address,
			    0, COUNT(commands));
	tcase_add_test(tcase, range_ends_with_the_address_bits);
	tcase_add_test(tcase,
		       driving_the_wires_resets_reloads_and_clears_nothing);
	tcase_add_test(tcase, wires_are_clock_select_and_data);
	tcase_add_test(tcase,
		       newer_chips_enable_their_data_input_while_selected);
	tcase_add_test(tcase, the_high_word_of_an_lword_comes_first);
	suite_add_tcase(suite, tcase);
	return suite;
}
