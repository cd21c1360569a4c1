/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices found, opened, closed, reset, and what they are. */
#include "suites.h"

#include <stdlib.h>

#include "device.h"

#define MODEL "model:pages=small,arena=4M"
#define THREE                                                                  \
	MODEL ",slot=0000:05:0c.0;" MODEL ",chip=9080,slot=0000:05:0d.0\n"     \
	      MODEL ",slot=0001:06:01.0"

static PLX_DEVICE_KEY any(void)
{
	PLX_DEVICE_KEY key;

	memset(&key, PCI_FIELD_IGNORE, sizeof(key));
	return key;
}

static void three_cards(void)
{
	setenv("PLXDMA_CRATE", THREE, 1);
}

START_TEST(the_third_of_all_is_the_last)
{
	PLX_DEVICE_KEY key = any();

	ok(PlxPci_DeviceFind(&key, 2));
	ck_assert_uint_eq(key.domain, 1);
	ck_assert_uint_eq(key.bus, 6);
	ck_assert_uint_eq(key.slot, 1);
	ck_assert_uint_eq(key.function, 0);
	ck_assert_uint_eq(key.VendorId, 0x10b5);
	ck_assert_uint_eq(key.DeviceId, 0x9054);
	ck_assert_uint_eq(key.PlxChip, 0x9054);
	ck_assert_uint_eq(key.PlxRevision, 0xac);
	ck_assert_uint_eq(key.PlxFamily, PLX_FAMILY_BRIDGE_P2L);
	ck_assert(IsObjectValid(&key));
	key = any();
	gives(PlxPci_DeviceFind(&key, 3), PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(each_field_of_a_key_selects)
{
	PLX_DEVICE_KEY key = any();

	key.DeviceId = 0x9080;
	ok(PlxPci_DeviceFind(&key, 0));
	ck_assert_uint_eq(key.slot, 0x0d);
	key = any();
	key.DeviceId = 0x9054;
	ok(PlxPci_DeviceFind(&key, 1));
	ck_assert_uint_eq(key.bus, 6);
	key = any();
	key.DeviceId = 0x9054;
	key.domain = 0;
	gives(PlxPci_DeviceFind(&key, 1), PLX_STATUS_INVALID_OBJECT);
	key = any();
	key.slot = 0x0c;
	ok(PlxPci_DeviceFind(&key, 0));
	ck_assert_uint_eq(key.PlxChip, 0x9054);
	key = any();
	key.VendorId = 0x8086;
	gives(PlxPci_DeviceFind(&key, 0), PLX_STATUS_INVALID_OBJECT);
	key = any();
	key.SubVendorId = 0x1234;
	gives(PlxPci_DeviceFind(&key, 0), PLX_STATUS_INVALID_OBJECT);
	key = any();
	key.Revision = 0x77;
	gives(PlxPci_DeviceFind(&key, 0), PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DeviceFind(NULL, 0), PLX_STATUS_NULL_PARAM);
}
END_TEST

START_TEST(cards_that_sit_nowhere_have_places_of_their_own)
{
	PLX_DEVICE_KEY one = any(), two = any();

	setenv("PLXDMA_CRATE", MODEL " " MODEL, 1);
	ok(PlxPci_DeviceFind(&one, 0));
	ok(PlxPci_DeviceFind(&two, 1));
	ck_assert(one.bus != two.bus || one.slot != two.slot);
}
END_TEST

START_TEST(where_no_card_can_be_reached_there_is_no_driver)
{
	PLX_DEVICE_KEY key = any();

	setenv("PLXDMA_CRATE", "model:nonsense=1", 1);
	gives(PlxPci_DeviceFind(&key, 0), PLX_STATUS_NO_DRIVER);
	unsetenv("PLXDMA_CRATE");
	setenv("PLXDMA_SOCKET", "/nonexistent/socket", 1);
	gives(PlxPci_DeviceFind(&key, 0), PLX_STATUS_NO_DRIVER);
}
END_TEST

START_TEST(only_pci_finds_cards)
{
	PLX_DEVICE_KEY key = any();

	ok(PlxPci_DeviceFindEx(&key, 0, PLX_API_MODE_PCI, NULL));
	gives(PlxPci_DeviceFindEx(NULL, 0, PLX_API_MODE_PCI, NULL),
	      PLX_STATUS_NULL_PARAM);
	key = any();
	gives(PlxPci_DeviceFindEx(&key, 9, PLX_API_MODE_PCI, NULL),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DeviceFindEx(&key, 0, PLX_API_MODE_I2C_AARDVARK, NULL),
	      PLX_STATUS_NO_DRIVER);
	gives(PlxPci_DeviceFindEx(&key, 0, PLX_API_MODE_TCP, NULL),
	      PLX_STATUS_UNSUPPORTED);
	gives(PlxPci_DeviceFindEx(&key, 0, (PLX_API_MODE)77, NULL),
	      PLX_STATUS_INVALID_ACCESS);
}
END_TEST

START_TEST(a_device_opens_by_criteria_and_its_key_is_filled_in)
{
	PLX_DEVICE_KEY key = any();

	key.DeviceId = 0x9080;
	ok(PlxPci_DeviceOpen(&key, &device));
	ck_assert_uint_eq(key.bus, 5);
	ck_assert_uint_eq(device.Key.PlxChip, 0x9080);
	ck_assert(IsObjectValid(&device));
	gives(PlxPci_DeviceOpen(&key, &device), PLX_STATUS_INVALID_OBJECT);
	ok(PlxPci_DeviceClose(&device));
	ck_assert(!IsObjectValid(&device));
	gives(PlxPci_DeviceClose(&device), PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(opening_and_closing_refuse_what_is_none)
{
	PLX_DEVICE_KEY key = any();
	PLX_DEVICE_OBJECT copy;

	gives(PlxPci_DeviceOpen(NULL, &device), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DeviceOpen(&key, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DeviceClose(NULL), PLX_STATUS_NULL_PARAM);
	key.DeviceId = 0x1111;
	gives(PlxPci_DeviceOpen(&key, &device), PLX_STATUS_INVALID_OBJECT);
	key = any();
	ok(PlxPci_DeviceOpen(&key, &device));
	copy = device;
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_DeviceClose(&copy), PLX_STATUS_INVALID_OBJECT);
	setenv("PLXDMA_CRATE", "model:nonsense=1", 1);
	key = any();
	gives(PlxPci_DeviceOpen(&key, &device), PLX_STATUS_NO_DRIVER);
}
END_TEST

START_TEST(an_object_full_of_rubbish_can_be_opened)
{
	PLX_DEVICE_KEY key = any();

	memset(&device, 0x5a, sizeof(device));
	device.IsValidTag = PLX_TAG_VALID;
	ok(PlxPci_DeviceOpen(&key, &device));
	ok(PlxPci_DeviceClose(&device));
}
END_TEST

START_TEST(two_devices_of_a_card_share_it)
{
	PLX_DEVICE_OBJECT other;
	PLX_DEVICE_KEY key = any();

	ok(PlxPci_DeviceOpen(&key, &device));
	memset(&other, 0, sizeof(other));
	ok(PlxPci_DeviceOpen(&key, &other));
	ok(PlxPci_PlxMailboxWrite(&device, 3, 0x11223344));
	ck_assert_uint_eq(PlxPci_PlxMailboxRead(&other, 3, NULL), 0x11223344);
	ok(PlxPci_DeviceClose(&device));
	ck_assert_uint_eq(PlxPci_PlxMailboxRead(&other, 3, NULL), 0x11223344);
	ok(PlxPci_DeviceClose(&other));
}
END_TEST

START_TEST(thirteen_cards_are_thirteen)
{
	PLX_DEVICE_OBJECT devices[13];
	PLX_DEVICE_KEY key;
	char specs[13 * 64] = "";
	U16 i;

	for (i = 0; i < 13; i++)
		strcat(specs, "model:pages=small,arena=1M ");
	setenv("PLXDMA_CRATE", specs, 1);
	memset(devices, 0, sizeof(devices));
	for (i = 0; i < 13; i++) {
		key = any();
		key.VendorId = 0x10b5;
		ok(PlxPci_DeviceFind(&key, i));
		ok(PlxPci_DeviceOpen(&key, &devices[i]));
		ok(PlxPci_PlxMailboxWrite(&devices[i], 2, 100u + i));
	}
	for (i = 0; i < 13; i++) {
		ck_assert_uint_eq(PlxPci_PlxMailboxRead(&devices[i], 2, NULL),
				  100u + i);
		ok(PlxPci_DeviceClose(&devices[i]));
	}
}
END_TEST

/* --- reset ------------------------------------------------------------ */

START_TEST(a_reset_is_refused_unless_allowed)
{
	board_put(BOARD_SCRATCH, 77);
	gives(PlxPci_DeviceReset(&device), PLX_STATUS_UNSUPPORTED);
	ck_assert_uint_eq(board_get(BOARD_SCRATCH), 77);
	gives(PlxPci_DeviceReset(NULL), PLX_STATUS_NULL_PARAM);
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_DeviceReset(&device), PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(a_reset_that_is_allowed_resets)
{
	device_close();
	model_open("reset=allowed");
	ok(PlxPci_PlxMailboxWrite(&device, 4, 77));
	ok(PlxPci_DeviceReset(&device));
}
END_TEST

/* --- what they are ---------------------------------------------------- */

START_TEST(versions_are_those_of_the_interface)
{
	U8 major = 0, minor = 0, revision = 9;

	ok(PlxPci_ApiVersion(&major, &minor, &revision));
	ck_assert_uint_eq(major, PLX_SDK_VERSION_MAJOR);
	ck_assert_uint_eq(minor, PLX_SDK_VERSION_MINOR);
	major = 0;
	ok(PlxPci_DriverVersion(&device, &major, &minor, &revision));
	ck_assert_uint_eq(major, PLX_SDK_VERSION_MAJOR);
	ck_assert_uint_eq(revision, 0);
	gives(PlxPci_ApiVersion(NULL, &minor, &revision),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DriverVersion(&device, &major, NULL, &revision),
	      PLX_STATUS_NULL_PARAM);
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_DriverVersion(&device, &major, &minor, &revision),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(the_driver_has_properties)
{
	PLX_DRIVER_PROP properties;

	ok(PlxPci_DriverProperties(&device, &properties));
	ck_assert_str_eq(properties.Name, "plxdma");
	ck_assert_uint_eq(properties.bIsServiceDriver, 0);
	ck_assert_uint_eq(properties.AcpiPcieEcam, 0);
	gives(PlxPci_DriverProperties(&device, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DriverScheduleRescan(&device), PLX_STATUS_UNSUPPORTED);
	gives(PlxPci_DriverScheduleRescan(NULL), PLX_STATUS_NULL_PARAM);
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_DriverProperties(&device, &properties),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DriverScheduleRescan(&device), PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(the_chip_is_what_it_is)
{
	U16 type = 0;
	U8 revision = 0;

	ok(PlxPci_ChipTypeGet(&device, &type, &revision));
	ck_assert_uint_eq(type, 0x9054);
	ck_assert_uint_eq(revision, 0xac);
	gives(PlxPci_ChipTypeGet(&device, NULL, &revision),
	      PLX_STATUS_NULL_PARAM);
	ok(PlxPci_ChipTypeSet(&device, 0x9054, 0xff));
	ok(PlxPci_ChipTypeSet(&device, 0x9054, 0xac));
	gives(PlxPci_ChipTypeSet(&device, 0x9656, 0xff),
	      PLX_STATUS_INVALID_DATA);
	gives(PlxPci_ChipTypeSet(&device, 0x9054, 0xaa),
	      PLX_STATUS_INVALID_DATA);
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_ChipTypeGet(&device, &type, &revision),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_ChipTypeSet(&device, 0x9054, 0xff),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(a_conventional_card_has_no_link)
{
	PLX_PORT_PROP port;

	ok(PlxPci_GetPortProperties(&device, &port));
	ck_assert_uint_eq(port.bNonPcieDevice, TRUE);
	ck_assert_uint_eq(port.LinkWidth, 0);
	gives(PlxPci_GetPortProperties(&device, NULL), PLX_STATUS_NULL_PARAM);
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_GetPortProperties(&device, &port),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

static void add_what(TCase *tests)
{
	tcase_add_test(tests, a_reset_is_refused_unless_allowed);
	tcase_add_test(tests, versions_are_those_of_the_interface);
	tcase_add_test(tests, the_driver_has_properties);
	tcase_add_test(tests, the_chip_is_what_it_is);
	tcase_add_test(tests, a_conventional_card_has_no_link);
}

Suite *suite_find(void)
{
	Suite *suite = suite_create("devices");
	TCase *tests = tcase_create("finding");

	tcase_add_checked_fixture(tests, three_cards, NULL);
	tcase_add_test(tests, the_third_of_all_is_the_last);
	tcase_add_test(tests, each_field_of_a_key_selects);
	tcase_add_test(tests, cards_that_sit_nowhere_have_places_of_their_own);
	tcase_add_test(tests, where_no_card_can_be_reached_there_is_no_driver);
	tcase_add_test(tests, only_pci_finds_cards);
	tcase_add_test(tests,
		       a_device_opens_by_criteria_and_its_key_is_filled_in);
	tcase_add_test(tests, opening_and_closing_refuse_what_is_none);
	tcase_add_test(tests, an_object_full_of_rubbish_can_be_opened);
	tcase_add_test(tests, two_devices_of_a_card_share_it);
	tcase_add_test(tests, thirteen_cards_are_thirteen);
	suite_add_tcase(suite, tests);
	tests = tcase_create("reset");
	tcase_add_checked_fixture(tests, model_fast, device_close);
	tcase_add_test(tests, a_reset_that_is_allowed_resets);
	suite_add_tcase(suite, tests);
	both(suite, "what it is", add_what);
	return suite;
}
