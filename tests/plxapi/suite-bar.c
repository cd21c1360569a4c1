/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base address registers: properties, mapped, by calls, as ports. */
#include "suites.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"

START_TEST(properties_say_what_a_bar_is)
{
	PLX_PCI_BAR_PROP bar;

	ok(PlxPci_PciBarProperties(&device, 0, &bar));
	ck_assert_uint_eq(bar.Size, 256);
	ck_assert(bar.Flags & PLX_BAR_FLAG_MEM);
	ck_assert(bar.Flags & PLX_BAR_FLAG_32_BIT);
	ok(PlxPci_PciBarProperties(&device, 1, &bar));
	ck_assert(bar.Flags & PLX_BAR_FLAG_IO);
	ok(PlxPci_PciBarProperties(&device, SRAM_BAR, &bar));
	ck_assert_uint_eq(bar.Size, 1 << 20);
	ok(PlxPci_PciBarProperties(&device, 5, &bar));
	ck_assert_uint_eq(bar.Size, 0);
	gives(PlxPci_PciBarProperties(&device, 6, &bar),
	      PLX_STATUS_INVALID_DATA);
	gives(PlxPci_PciBarProperties(&device, 2, NULL),
	      PLX_STATUS_NULL_PARAM);
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_PciBarProperties(&device, 2, &bar),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(a_mapped_bar_is_the_card)
{
	volatile U32 *words;
	VOID *address = NULL;
	U32 value = 0;

	ok(PlxPci_PciBarMap(&device, SRAM_BAR, &address));
	words = address;
	words[0] = 0x12345678;
	words[0x3ffff] = 0x9abcdef0;
	ok(PlxPci_PciBarSpaceRead(&device, SRAM_BAR, 0, &value, 4, BitSize32,
				  FALSE));
	ck_assert_uint_eq(value, 0x12345678);
	value = 0x0badcafe;
	ok(PlxPci_PciBarSpaceWrite(&device, SRAM_BAR, 0xffffc, &value, 4,
				   BitSize32, FALSE));
	ck_assert_uint_eq(words[0x3ffff], 0x0badcafe);
	ok(PlxPci_PciBarUnmap(&device, &address));
	ck_assert_ptr_null(address);
}
END_TEST

START_TEST(board_registers_answer_through_a_mapping)
{
	volatile U32 *words;
	VOID *address = NULL;

	ok(PlxPci_PciBarMap(&device, BOARD_BAR, &address));
	words = address;
	ck_assert_uint_eq(words[0], BOARD_ID_VALUE);
	words[BOARD_SCRATCH / 4] = 4711;
	ck_assert_uint_eq(words[BOARD_SCRATCH / 4], 4711);
	ok(PlxPci_PciBarUnmap(&device, &address));
}
END_TEST

START_TEST(the_chips_registers_can_be_mapped_too)
{
	volatile U32 *words;
	VOID *address = NULL;

	ok(PlxPci_PciBarMap(&device, 0, &address));
	words = address;
	ck_assert_uint_eq(words[0x70 / 4], 0x905410b5);
	words[0x48 / 4] = 0xfeedbeef;
	ck_assert_uint_eq(PlxPci_PlxMailboxRead(&device, 2, NULL), 0xfeedbeef);
	/* What the engines live by isn't written, and nothing else happens. */
	words[0x80 / 4] = 0xffffffff;
	ck_assert_uint_ne(words[0x80 / 4], 0xffffffff);
	ok(PlxPci_PciBarUnmap(&device, &address));
}
END_TEST

START_TEST(mappings_are_counted)
{
	VOID *one = NULL, *two = NULL, *again;

	ok(PlxPci_PciBarMap(&device, SRAM_BAR, &one));
	ok(PlxPci_PciBarMap(&device, SRAM_BAR, &two));
	ck_assert_ptr_eq(one, two);
	again = one;
	ok(PlxPci_PciBarUnmap(&device, &one));
	*(volatile U32 *)two = 5;
	ck_assert_uint_eq(*(volatile U32 *)two, 5);
	ok(PlxPci_PciBarUnmap(&device, &two));
	gives(PlxPci_PciBarUnmap(&device, &again), PLX_STATUS_INVALID_ADDR);
}
END_TEST

START_TEST(two_devices_have_mappings_of_their_own)
{
	PLX_DEVICE_KEY key = device.Key;
	PLX_DEVICE_OBJECT other;
	VOID *one = NULL, *two = NULL;

	memset(&other, 0, sizeof(other));
	ok(PlxPci_DeviceOpen(&key, &other));
	ok(PlxPci_PciBarMap(&device, SRAM_BAR, &one));
	ok(PlxPci_PciBarMap(&other, SRAM_BAR, &two));
	ok(PlxPci_PciBarUnmap(&device, &one));
	*(volatile U32 *)two = 6;
	ck_assert_uint_eq(*(volatile U32 *)two, 6);
	ok(PlxPci_PciBarUnmap(&other, &two));
	ok(PlxPci_DeviceClose(&other));
}
END_TEST

START_TEST(what_cant_be_mapped_is_refused)
{
	VOID *address = &address;

	gives(PlxPci_PciBarMap(&device, SRAM_BAR, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_PciBarMap(&device, 6, &address), PLX_STATUS_INVALID_DATA);
	ck_assert_ptr_null(address);
	gives(PlxPci_PciBarMap(&device, 1, &address), PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_PciBarMap(&device, 5, &address), PLX_STATUS_INVALID_SIZE);
	gives(PlxPci_PciBarUnmap(&device, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_PciBarUnmap(&device, &address), PLX_STATUS_INVALID_ADDR);
	address = &address;
	gives(PlxPci_PciBarUnmap(&device, &address), PLX_STATUS_INVALID_ADDR);
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_PciBarUnmap(&device, &address),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PciBarMap(&device, SRAM_BAR, &address),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

/* The child is to die by SIGSEGV, as it would have without the library; a
 * sanitizer, whose handler was there before, makes an exit of it. */
static void dies(void (*what)(volatile U32 *), volatile U32 *words)
{
	int status = 0;
	pid_t child = fork();

	if (!child) {
		signal(SIGALRM, SIG_DFL);
		alarm(10);
		what(words);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFSIGNALED(status) ? WTERMSIG(status) == SIGSEGV
					  : WEXITSTATUS(status) != 0,
		      "status %#x", (unsigned int)status);
}

static void load(volatile U32 *words)
{
	(void)words[0];
}

START_TEST(an_unmapped_bar_is_out_of_bounds)
{
	VOID *address = NULL, *kept;

	ok(PlxPci_PciBarMap(&device, BOARD_BAR, &address));
	kept = address;
	ok(PlxPci_PciBarUnmap(&device, &address));
	dies(load, kept);
}
END_TEST

START_TEST(a_child_has_no_card)
{
	VOID *address = NULL;

	ok(PlxPci_PciBarMap(&device, BOARD_BAR, &address));
	dies(load, address);
	ok(PlxPci_PciBarUnmap(&device, &address));
}
END_TEST

/* --- by calls --------------------------------------------------------- */

START_TEST(spaces_are_read_and_written_in_all_widths)
{
	unsigned char data[1000], back[1000];
	static const PLX_ACCESS_TYPE widths[] = { BitSize8, BitSize16,
						  BitSize32 };
	size_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7);
	for (i = 0; i < 3; i++) {
		memset(back, 0, sizeof(back));
		ok(PlxPci_PciBarSpaceWrite(&device, SRAM_BAR, 0x1000, data,
					   sizeof(data), widths[i], FALSE));
		ok(PlxPci_PciBarSpaceRead(&device, SRAM_BAR, 0x1000, back,
					  sizeof(back), widths[i], FALSE));
		ck_assert_mem_eq(data, back, sizeof(data));
		data[0]++;
	}
}
END_TEST

START_TEST(a_local_address_is_reached_inside_the_window_and_beyond)
{
	U32 value = 0x13572468, back = 0;

	ok(PlxPci_PciBarSpaceWrite(&device, SRAM_BAR, SRAM + 0x44, &value, 4,
				   BitSize32, TRUE));
	ok(PlxPci_PciBarSpaceRead(&device, SRAM_BAR, 0x44, &back, 4, BitSize32,
				  FALSE));
	ck_assert_uint_eq(back, value);
	ok(PlxPci_PciBarSpaceRead(&device, SRAM_BAR, PATTERN + 40, &back, 4,
				  BitSize32, TRUE));
	ck_assert_uint_eq(back, pattern(40));
}
END_TEST

START_TEST(a_space_refuses_what_it_isnt)
{
	PLX_DEVICE_OBJECT *d = &device;
	U32 w[4] = { 0 };

	gives(PlxPci_PciBarSpaceRead(d, 2, 0, NULL, 4, BitSize32, FALSE),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_PciBarSpaceRead(d, 6, 0, w, 4, BitSize32, FALSE),
	      PLX_STATUS_INVALID_DATA);
	gives(PlxPci_PciBarSpaceRead(d, 0, 0, w, 4, BitSize32, FALSE),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_PciBarSpaceRead(d, 2, 0, w, 8, BitSize64, FALSE),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_PciBarSpaceRead(d, 2, 2, w, 4, BitSize32, FALSE),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_PciBarSpaceRead(d, 2, 1, w, 2, BitSize16, FALSE),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_PciBarSpaceRead(d, 2, 0, w, 0, BitSize32, FALSE),
	      PLX_STATUS_INVALID_SIZE);
	gives(PlxPci_PciBarSpaceRead(d, 2, 0, w, 3, BitSize16, FALSE),
	      PLX_STATUS_INVALID_SIZE);
	gives(PlxPci_PciBarSpaceRead(d, 2, 0xffffc, w, 8, BitSize32, FALSE),
	      PLX_STATUS_INVALID_SIZE);
	gives(PlxPci_PciBarSpaceWrite(d, 2, 0x100000, w, 4, BitSize32, FALSE),
	      PLX_STATUS_INVALID_SIZE);
	gives(PlxPci_PciBarSpaceWrite(d, 2, 0, NULL, 4, BitSize32, FALSE),
	      PLX_STATUS_NULL_PARAM);
	ok(PlxPci_DeviceClose(d));
	gives(PlxPci_PciBarSpaceRead(d, 2, 0, w, 4, BitSize32, FALSE),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PciBarSpaceWrite(d, 2, 0, w, 4, BitSize32, FALSE),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

START_TEST(the_cards_own_ports_are_its_chips_registers)
{
	PLX_DEVICE_OBJECT *d = &device;
	PLX_PCI_BAR_PROP bar;
	U32 value = 0;

	ok(PlxPci_PciBarProperties(d, 1, &bar));
	gives(PlxPci_IoPortRead(d, 0xfff0, &value, 4, BitSize32),
	      PLX_STATUS_INVALID_SIZE);
	gives(PlxPci_IoPortRead(d, 0xfff1, &value, 4, BitSize32),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_IoPortRead(d, 0xfff0, NULL, 4, BitSize32),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_IoPortWrite(d, 0xfff0, &value, 8, BitSize64),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_IoPortWrite(d, 0xfff0, &value, 4, BitSize32),
	      PLX_STATUS_INVALID_SIZE);
	if (bar.Physical) {
		value = 0xabad1dea;
		ok(PlxPci_IoPortWrite(d, bar.Physical + 0x4c, &value, 4,
				      BitSize32));
		value = 0;
		ok(PlxPci_IoPortRead(d, bar.Physical + 0x4c, &value, 4,
				     BitSize32));
		ck_assert_uint_eq(value, 0xabad1dea);
	}
	ok(PlxPci_DeviceClose(d));
	gives(PlxPci_IoPortRead(d, 0xfff0, &value, 4, BitSize32),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, properties_say_what_a_bar_is);
	tcase_add_test(tests, a_mapped_bar_is_the_card);
	tcase_add_test(tests, board_registers_answer_through_a_mapping);
	tcase_add_test(tests, the_chips_registers_can_be_mapped_too);
	tcase_add_test(tests, mappings_are_counted);
	tcase_add_test(tests, two_devices_have_mappings_of_their_own);
	tcase_add_test(tests, what_cant_be_mapped_is_refused);
	tcase_add_test(tests, an_unmapped_bar_is_out_of_bounds);
	tcase_add_test(tests, a_child_has_no_card);
	tcase_add_test(tests, spaces_are_read_and_written_in_all_widths);
	tcase_add_test(tests,
		       a_local_address_is_reached_inside_the_window_and_beyond);
	tcase_add_test(tests, a_space_refuses_what_it_isnt);
	tcase_add_test(tests, the_cards_own_ports_are_its_chips_registers);
}

Suite *suite_bar(void)
{
	Suite *suite = suite_create("BARs");

	both(suite, "BARs", add);
	return suite;
}
