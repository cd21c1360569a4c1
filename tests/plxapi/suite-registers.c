/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers one at a time, the EEPROM, vital product data. */
#include "suites.h"

#include <stdlib.h>

#include "device.h"

#define NOTHING 0xffffffffu
#define MAILBOX5 0x54
#define INTCSR 0x68
#define CACHE_LINE 0x0c
#define COMMAND 0x04

START_TEST(configuration_space_is_read_by_device_and_by_place)
{
	const PLX_DEVICE_KEY *key = &device.Key;
	PLX_STATUS status = PLX_STATUS_FAILED;

	ck_assert_uint_eq(PlxPci_PciRegisterReadFast(&device, 0, &status),
			  0x905410b5);
	ok(status);
	ck_assert_uint_eq(PlxPci_PciRegisterReadFast(&device, 0, NULL),
			  0x905410b5);
	ck_assert_uint_eq(PlxPci_PciRegisterRead(key->bus, key->slot,
						 key->function, 0, &status),
			  0x905410b5);
	ok(status);
	ck_assert_uint_eq(PlxPci_PciRegisterRead(0x33, 1, 0, 0, &status),
			  NOTHING);
	gives(status, PLX_STATUS_FAILED);
	ck_assert_uint_eq(PlxPci_PciRegisterReadFast(&device, 0x1000, &status),
			  NOTHING);
	gives(status, PLX_STATUS_INVALID_OFFSET);
}
END_TEST

START_TEST(configuration_space_is_written_where_that_is_safe)
{
	const PLX_DEVICE_KEY *key = &device.Key;
	U32 was = PlxPci_PciRegisterReadFast(&device, CACHE_LINE, NULL);

	ok(PlxPci_PciRegisterWriteFast(&device, CACHE_LINE,
				       (was & ~0xffu) | 8));
	ck_assert_uint_eq(PlxPci_PciRegisterReadFast(&device, CACHE_LINE,
						     NULL) & 0xff, 8);
	ok(PlxPci_PciRegisterWrite(key->bus, key->slot, key->function,
				   CACHE_LINE, was));
	gives(PlxPci_PciRegisterWriteFast(&device, COMMAND, 0),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_PciRegisterWrite(0x33, 1, 0, CACHE_LINE, 0),
	      PLX_STATUS_FAILED);
	gives(PlxPci_PciRegisterWriteFast(&device, 2, 0),
	      PLX_STATUS_INVALID_OFFSET);
}
END_TEST

START_TEST(nobody_goes_past_the_kernel)
{
	PLX_STATUS status = PLX_STATUS_OK;

	ck_assert_uint_eq(PlxPci_PciRegisterRead_BypassOS(5, 0xc, 0, 0,
							  &status),
			  NOTHING);
	gives(status, PLX_STATUS_UNSUPPORTED);
	gives(PlxPci_PciRegisterWrite_BypassOS(5, 0xc, 0, 0, 0),
	      PLX_STATUS_UNSUPPORTED);
}
END_TEST

START_TEST(registers_refuse_an_object_that_is_closed)
{
	PLX_STATUS status = PLX_STATUS_OK;

	ok(PlxPci_DeviceClose(&device));
	PlxPci_PciRegisterReadFast(&device, 0, &status);
	gives(status, PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PciRegisterWriteFast(&device, CACHE_LINE, 0),
	      PLX_STATUS_INVALID_OBJECT);
	PlxPci_PlxRegisterRead(&device, 0x70, &status);
	gives(status, PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PlxRegisterWrite(&device, MAILBOX5, 0),
	      PLX_STATUS_INVALID_OBJECT);
	PlxPci_PlxMailboxRead(&device, 2, &status);
	gives(status, PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PlxMailboxWrite(&device, 2, 0),
	      PLX_STATUS_INVALID_OBJECT);
	PlxPci_PlxRegisterRead(NULL, 0x70, &status);
	gives(status, PLX_STATUS_NULL_PARAM);
}
END_TEST

START_TEST(where_no_card_can_be_reached_no_place_answers)
{
	PLX_STATUS status = PLX_STATUS_OK;

	setenv("PLXDMA_CRATE", "model:nonsense=1", 1);
	PlxPci_PciRegisterRead(5, 0xc, 0, 0, &status);
	gives(status, PLX_STATUS_NO_DRIVER);
	gives(PlxPci_PciRegisterWrite(5, 0xc, 0, CACHE_LINE, 0),
	      PLX_STATUS_NO_DRIVER);
}
END_TEST

START_TEST(the_chips_registers_are_read_and_written)
{
	PLX_STATUS status = PLX_STATUS_FAILED;

	ck_assert_uint_eq(PlxPci_PlxRegisterRead(&device, 0x70, &status),
			  0x905410b5);
	ok(status);
	ok(PlxPci_PlxRegisterWrite(&device, MAILBOX5, 0x600df00d));
	ck_assert_uint_eq(PlxPci_PlxMappedRegisterRead(&device, MAILBOX5,
						       &status),
			  0x600df00d);
	ok(status);
	ok(PlxPci_PlxMappedRegisterWrite(&device, MAILBOX5, 1));
	ck_assert_uint_eq(PlxPci_PlxRegisterRead(&device, MAILBOX5, NULL), 1);
}
END_TEST

START_TEST(what_the_engines_live_by_isnt_written)
{
	gives(PlxPci_PlxRegisterWrite(&device, INTCSR, 0),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_PlxRegisterWrite(&device, 0x80, 0),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_PlxMappedRegisterWrite(&device, 0xa8, 3),
	      PLX_STATUS_INVALID_ACCESS);
}
END_TEST

START_TEST(offsets_are_checked)
{
	PLX_STATUS status = PLX_STATUS_OK;

	ck_assert_uint_eq(PlxPci_PlxRegisterRead(&device, 2, &status),
			  NOTHING);
	gives(status, PLX_STATUS_INVALID_OFFSET);
	PlxPci_PlxRegisterRead(&device, 0x100, &status);
	gives(status, PLX_STATUS_INVALID_OFFSET);
	gives(PlxPci_PlxRegisterWrite(&device, 0x55, 0),
	      PLX_STATUS_INVALID_OFFSET);
	gives(PlxPci_PlxMappedRegisterWrite(&device, 0x1000, 0),
	      PLX_STATUS_INVALID_OFFSET);
}
END_TEST

START_TEST(mailboxes_keep_what_they_are_given)
{
	PLX_STATUS status = PLX_STATUS_FAILED;
	U16 i;

	for (i = 0; i < 8; i++)
		ok(PlxPci_PlxMailboxWrite(&device, i, 0x1000u + i));
	for (i = 0; i < 8; i++) {
		ck_assert_uint_eq(PlxPci_PlxMailboxRead(&device, i, &status),
				  0x1000u + i);
		ok(status);
	}
	PlxPci_PlxMailboxRead(&device, 8, &status);
	gives(status, PLX_STATUS_INVALID_DATA);
	gives(PlxPci_PlxMailboxWrite(&device, 8, 0), PLX_STATUS_INVALID_DATA);
}
END_TEST

/* --- EEPROM ----------------------------------------------------------- */

START_TEST(the_eeprom_is_there_and_begins_with_the_ids)
{
	PLX_STATUS status = PLX_STATUS_FAILED;
	U32 lword = 0;
	U16 half = 0;

	ck_assert_int_eq(PlxPci_EepromPresent(&device, &status),
			 PLX_EEPROM_STATUS_VALID);
	ok(status);
	ck_assert_int_eq(PlxPci_EepromPresent(&device, NULL),
			 PLX_EEPROM_STATUS_VALID);
	status = PLX_STATUS_FAILED;
	ck_assert_int_eq(PlxPci_EepromProbe(&device, &status), TRUE);
	ok(status);
	ok(PlxPci_EepromReadByOffset(&device, 0, &lword));
	ck_assert_uint_eq(lword, 0x905410b5);
	ok(PlxPci_EepromReadByOffset_16(&device, 0, &half));
	ck_assert_uint_eq(half, 0x10b5);
	ok(PlxPci_EepromReadByOffset_16(&device, 2, &half));
	ck_assert_uint_eq(half, 0x9054);
	ck_assert_uint_eq(PlxPci_VpdRead(&device, 0, &status), 0x905410b5);
	ok(status);
}
END_TEST

START_TEST(the_eeprom_is_written)
{
	PLX_STATUS status;
	U32 lword = 0;

	ok(PlxPci_EepromWriteByOffset(&device, 0x70, 0x12345678));
	ok(PlxPci_EepromReadByOffset(&device, 0x70, &lword));
	ck_assert_uint_eq(lword, 0x12345678);
	ok(PlxPci_EepromWriteByOffset_16(&device, 0x70, 0xaaaa));
	ok(PlxPci_EepromWriteByOffset_16(&device, 0x72, 0xbbbb));
	ok(PlxPci_EepromReadByOffset(&device, 0x70, &lword));
	ck_assert_uint_eq(lword, 0xbbbbaaaa);
	ok(PlxPci_VpdWrite(&device, 0x70, 0x55667788));
	ck_assert_uint_eq(PlxPci_VpdRead(&device, 0x70, &status), 0x55667788);
}
END_TEST

START_TEST(a_daemon_lets_nobody_write_the_eeprom)
{
	gives(PlxPci_EepromWriteByOffset(&device, 0x70, 0x12345678),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_EepromWriteByOffset_16(&device, 0x70, 0x1234),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_VpdWrite(&device, 0x70, 0x55667788),
	      PLX_STATUS_INVALID_ACCESS);
}
END_TEST

START_TEST(the_eeprom_refuses_what_isnt_there)
{
	PLX_STATUS status = PLX_STATUS_OK;
	U32 lword, crc;
	U16 half;
	U8 byte;

	gives(PlxPci_EepromReadByOffset(&device, 0, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_EepromReadByOffset_16(&device, 0, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_EepromReadByOffset(&device, 2, &lword),
	      PLX_STATUS_INVALID_OFFSET);
	gives(PlxPci_EepromWriteByOffset(&device, 1, 0),
	      PLX_STATUS_INVALID_OFFSET);
	gives(PlxPci_EepromReadByOffset_16(&device, 1, &half),
	      PLX_STATUS_INVALID_OFFSET);
	gives(PlxPci_EepromWriteByOffset_16(&device, 3, 0),
	      PLX_STATUS_INVALID_OFFSET);
	gives(PlxPci_EepromReadByOffset(&device, 0x100000, &lword),
	      PLX_STATUS_INVALID_OFFSET);
	PlxPci_VpdRead(&device, 2, &status);
	gives(status, PLX_STATUS_INVALID_OFFSET);
	gives(PlxPci_EepromGetAddressWidth(&device, &byte),
	      PLX_STATUS_UNSUPPORTED);
	gives(PlxPci_EepromGetAddressWidth(&device, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_EepromSetAddressWidth(&device, 2),
	      PLX_STATUS_UNSUPPORTED);
	gives(PlxPci_EepromCrcGet(&device, &crc, &byte),
	      PLX_STATUS_UNSUPPORTED);
	ck_assert_uint_eq(byte, PLX_CRC_UNSUPPORTED);
	gives(PlxPci_EepromCrcGet(&device, NULL, &byte),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_EepromCrcUpdate(&device, &crc, FALSE),
	      PLX_STATUS_UNSUPPORTED);
	gives(PlxPci_EepromCrcUpdate(&device, NULL, FALSE),
	      PLX_STATUS_NULL_PARAM);
}
END_TEST

START_TEST(the_eeprom_refuses_an_object_that_is_closed)
{
	PLX_STATUS status = PLX_STATUS_OK;
	U32 lword;
	U16 half;
	U8 byte;

	ok(PlxPci_DeviceClose(&device));
	PlxPci_EepromPresent(&device, &status);
	gives(status, PLX_STATUS_INVALID_OBJECT);
	ck_assert_int_eq(PlxPci_EepromProbe(&device, &status), FALSE);
	gives(status, PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromReadByOffset(&device, 0, &lword),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromReadByOffset_16(&device, 0, &half),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromWriteByOffset(&device, 0, 0),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromWriteByOffset_16(&device, 0, 0),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromGetAddressWidth(&device, &byte),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromSetAddressWidth(&device, 1),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromCrcGet(&device, &lword, &byte),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_EepromCrcUpdate(&device, &lword, FALSE),
	      PLX_STATUS_INVALID_OBJECT);
	PlxPci_VpdRead(&device, 0, &status);
	gives(status, PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_VpdWrite(&device, 0, 0), PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(without_an_eeprom_there_is_none)
{
	PLX_STATUS status = PLX_STATUS_FAILED;
	U32 lword;

	device_close();
	model_open("eeprom=none");
	ck_assert_int_eq(PlxPci_EepromPresent(&device, &status),
			 PLX_EEPROM_STATUS_NONE);
	ok(status);
	ck_assert_int_eq(PlxPci_EepromProbe(&device, &status), FALSE);
	gives(PlxPci_EepromReadByOffset(&device, 0, &lword),
	      PLX_STATUS_UNSUPPORTED);
	gives(PlxPci_EepromWriteByOffset(&device, 0, 0),
	      PLX_STATUS_UNSUPPORTED);
}
END_TEST

START_TEST(a_blank_eeprom_is_blank)
{
	device_close();
	model_open("eeprom=blank");
	ck_assert_int_eq(PlxPci_EepromPresent(&device, NULL),
			 PLX_EEPROM_STATUS_BLANK);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests,
		       configuration_space_is_read_by_device_and_by_place);
	tcase_add_test(tests,
		       configuration_space_is_written_where_that_is_safe);
	tcase_add_test(tests, nobody_goes_past_the_kernel);
	tcase_add_test(tests, registers_refuse_an_object_that_is_closed);
	tcase_add_test(tests, where_no_card_can_be_reached_no_place_answers);
	tcase_add_test(tests, the_chips_registers_are_read_and_written);
	tcase_add_test(tests, what_the_engines_live_by_isnt_written);
	tcase_add_test(tests, offsets_are_checked);
	tcase_add_test(tests, mailboxes_keep_what_they_are_given);
	tcase_add_test(tests, the_eeprom_is_there_and_begins_with_the_ids);
	tcase_add_test(tests, the_eeprom_refuses_what_isnt_there);
	tcase_add_test(tests, the_eeprom_refuses_an_object_that_is_closed);
}

Suite *suite_registers(void)
{
	Suite *suite = suite_create("registers");
	TCase *tests = tcase_create("a card of one's own");

	both(suite, "registers", add);
	tcase_add_checked_fixture(tests, model_fast, device_close);
	tcase_add_test(tests, the_eeprom_is_written);
	tcase_add_test(tests, without_an_eeprom_there_is_none);
	tcase_add_test(tests, a_blank_eeprom_is_blank);
	suite_add_tcase(suite, tests);
	tests = tcase_create("a daemon's card");
	tcase_add_checked_fixture(tests, daemon_fast, device_close);
	tcase_add_test(tests, a_daemon_lets_nobody_write_the_eeprom);
	suite_add_tcase(suite, tests);
	return suite;
}
