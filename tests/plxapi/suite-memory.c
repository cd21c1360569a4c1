/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffers for block transfers: allocated, mapped, moved, refused. */
#include "suites.h"

#include "device.h"

static PLX_PHYSICAL_MEM of_size(U32 size)
{
	PLX_PHYSICAL_MEM memory;

	memset(&memory, 0, sizeof(memory));
	memory.Size = size;
	return memory;
}

START_TEST(a_buffer_is_allocated_mapped_and_moved)
{
	PLX_PHYSICAL_MEM memory = of_size(100000);
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, 100000);
	const U32 *words;
	U32 i;

	ok(PlxPci_PhysicalMemoryAllocate(&device, &memory, FALSE));
	ck_assert_uint_eq(memory.Size, 100000);
	ck_assert_uint_eq(memory.UserAddr, 0);
	ok(PlxPci_PhysicalMemoryMap(&device, &memory));
	words = PLX_INT_TO_PTR(memory.UserAddr);
	channel_open(0);
	p.PciAddr = memory.PhysicalAddr;
	ok(PlxPci_DmaTransferBlock(&device, 0, &p, SOON));
	for (i = 0; i < 25000; i++)
		ck_assert_uint_eq(words[i], pattern(4 * i));
	/* A part of it, from inside. */
	p = to_host(PATTERN + 4096, NULL, 64);
	p.PciAddr = memory.PhysicalAddr + 400;
	ok(PlxPci_DmaTransferBlock(&device, 0, &p, SOON));
	ck_assert_uint_eq(words[100], pattern(4096));
	ck_assert_uint_eq(words[99], pattern(4 * 99));
	ck_assert_uint_eq(words[116], pattern(4 * 116));
	/* As a user's buffer it needs no copy, and works as well. */
	p = to_host(PATTERN, PLX_INT_TO_PTR(memory.UserAddr), 4000);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	ck_assert_uint_eq(words[100], pattern(400));
	ok(PlxPci_PhysicalMemoryUnmap(&device, &memory));
	ck_assert_uint_eq(memory.UserAddr, 0);
	ok(PlxPci_PhysicalMemoryFree(&device, &memory));
	ck_assert_uint_eq(memory.PhysicalAddr, 0);
}
END_TEST

/* The security point: a number that isn't ours moves no byte. */
START_TEST(a_raw_address_is_refused)
{
	PLX_PHYSICAL_MEM memory = of_size(8192);
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, 4096);
	U64 wrong[8];
	size_t i;

	channel_open(0);
	ok(PlxPci_PhysicalMemoryAllocate(&device, &memory, FALSE));
	wrong[0] = 0;
	wrong[1] = 0x1000;
	wrong[2] = 0xfee00000;
	wrong[3] = memory.PhysicalAddr - 1;
	wrong[4] = memory.PhysicalAddr + 4097;
	wrong[5] = memory.PhysicalAddr + 8192;
	wrong[6] = ~(U64)0;
	wrong[7] = (U64)(PLX_UINT_PTR)&memory;
	for (i = 0; i < 8; i++) {
		p.PciAddr = wrong[i];
		gives(PlxPci_DmaTransferBlock(&device, 0, &p, 1000),
		      PLX_STATUS_INVALID_ADDR);
		gives(PlxPci_DmaTransferBlock(&device, 0, &p, 0),
		      PLX_STATUS_INVALID_ADDR);
	}
	p.PciAddr = memory.PhysicalAddr + 4096;
	ok(PlxPci_DmaTransferBlock(&device, 0, &p, SOON));
	p.PciAddr = memory.PhysicalAddr;
	ok(PlxPci_PhysicalMemoryFree(&device, &memory));
	gives(PlxPci_DmaTransferBlock(&device, 0, &p, 1000),
	      PLX_STATUS_INVALID_ADDR);
}
END_TEST

START_TEST(a_buffer_too_large_is_smaller_or_refused)
{
	PLX_PHYSICAL_MEM memory = of_size(64u << 20);

	gives(PlxPci_PhysicalMemoryAllocate(&device, &memory, FALSE),
	      PLX_STATUS_INSUFFICIENT_RES);
	memory.Size = 64u << 20;
	ok(PlxPci_PhysicalMemoryAllocate(&device, &memory, TRUE));
	ck_assert_uint_lt(memory.Size, 64u << 20);
	ck_assert_uint_ge(memory.Size, 1u << 20);
	memory = of_size(0);
	gives(PlxPci_PhysicalMemoryAllocate(&device, &memory, TRUE),
	      PLX_STATUS_INSUFFICIENT_RES);
}
END_TEST

START_TEST(buffers_are_their_devices)
{
	PLX_PHYSICAL_MEM memory = of_size(4096), copy;
	PLX_DEVICE_KEY key = device.Key;
	PLX_DEVICE_OBJECT other;

	memset(&other, 0, sizeof(other));
	ok(PlxPci_DeviceOpen(&key, &other));
	ok(PlxPci_PhysicalMemoryAllocate(&device, &memory, FALSE));
	copy = memory;
	gives(PlxPci_PhysicalMemoryMap(&other, &copy),
	      PLX_STATUS_INVALID_DATA);
	gives(PlxPci_PhysicalMemoryFree(&other, &copy),
	      PLX_STATUS_INVALID_DATA);
	ok(PlxPci_PhysicalMemoryFree(&device, &memory));
	ok(PlxPci_DeviceClose(&other));
}
END_TEST

START_TEST(memory_calls_check_their_arguments)
{
	PLX_PHYSICAL_MEM memory = of_size(4096), wrong = of_size(4096);

	gives(PlxPci_PhysicalMemoryAllocate(&device, NULL, FALSE),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_PhysicalMemoryMap(&device, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_PhysicalMemoryUnmap(&device, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_PhysicalMemoryFree(&device, NULL), PLX_STATUS_NULL_PARAM);
	ok(PlxPci_PhysicalMemoryAllocate(&device, &memory, FALSE));
	wrong.PhysicalAddr = 0x1000;
	gives(PlxPci_PhysicalMemoryMap(&device, &wrong),
	      PLX_STATUS_INVALID_DATA);
	gives(PlxPci_PhysicalMemoryUnmap(&device, &wrong),
	      PLX_STATUS_INVALID_DATA);
	wrong = memory;
	wrong.Size = 8192;
	gives(PlxPci_PhysicalMemoryMap(&device, &wrong),
	      PLX_STATUS_INVALID_DATA);
	gives(PlxPci_PhysicalMemoryUnmap(&device, &memory),
	      PLX_STATUS_INVALID_ADDR);
	ok(PlxPci_PhysicalMemoryMap(&device, &memory));
	wrong = memory;
	wrong.UserAddr += 4096;
	gives(PlxPci_PhysicalMemoryUnmap(&device, &wrong),
	      PLX_STATUS_INVALID_ADDR);
	/* Mapped or not, it can be freed. */
	ok(PlxPci_PhysicalMemoryFree(&device, &memory));
	gives(PlxPci_PhysicalMemoryFree(&device, &memory),
	      PLX_STATUS_INVALID_DATA);
}
END_TEST

START_TEST(the_common_buffer_is_the_cards)
{
	PLX_DEVICE_KEY key = device.Key;
	PLX_DEVICE_OBJECT other;
	PLX_PHYSICAL_MEM one, two;
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, 4096);
	VOID *address = NULL, *wrong = &address;

	memset(&other, 0, sizeof(other));
	ok(PlxPci_DeviceOpen(&key, &other));
	ok(PlxPci_CommonBufferProperties(&device, &one));
	ck_assert_uint_eq(one.Size, 65536);
	ck_assert_uint_eq(one.UserAddr, 0);
	ok(PlxPci_CommonBufferProperties(&other, &two));
	ck_assert_uint_eq(one.PhysicalAddr, two.PhysicalAddr);
	ok(PlxPci_CommonBufferMap(&other, &address));
	channel_open(0);
	p.PciAddr = one.PhysicalAddr;
	ok(PlxPci_DmaTransferBlock(&device, 0, &p, SOON));
	ck_assert_uint_eq(((U32 *)address)[1023], pattern(4092));
	gives(PlxPci_CommonBufferUnmap(&other, &wrong),
	      PLX_STATUS_INVALID_ADDR);
	ok(PlxPci_CommonBufferUnmap(&other, &address));
	ck_assert_ptr_null(address);
	gives(PlxPci_CommonBufferUnmap(&other, &address),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_CommonBufferUnmap(&other, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_CommonBufferMap(&other, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_CommonBufferProperties(&other, NULL),
	      PLX_STATUS_NULL_PARAM);
	ok(PlxPci_DeviceClose(&other));
}
END_TEST

START_TEST(without_room_there_is_no_common_buffer)
{
	PLX_PHYSICAL_MEM memory = of_size(64u << 20), common;
	VOID *address = NULL;

	while (PlxPci_PhysicalMemoryAllocate(&device, &memory, TRUE) ==
	       PLX_STATUS_OK)
		memory.Size = 64u << 20;
	gives(PlxPci_CommonBufferProperties(&device, &common),
	      PLX_STATUS_FAILED);
	gives(PlxPci_CommonBufferMap(&device, &address), PLX_STATUS_FAILED);
}
END_TEST

START_TEST(an_object_that_is_closed_has_no_memory)
{
	PLX_PHYSICAL_MEM memory = of_size(4096);
	VOID *address = &memory;

	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_PhysicalMemoryAllocate(&device, &memory, FALSE),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PhysicalMemoryMap(&device, &memory),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PhysicalMemoryUnmap(&device, &memory),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_PhysicalMemoryFree(&device, &memory),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_CommonBufferProperties(&device, &memory),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_CommonBufferUnmap(&device, &address),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_CommonBufferMap(&device, &address),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_buffer_is_allocated_mapped_and_moved);
	tcase_add_test(tests, a_raw_address_is_refused);
	tcase_add_test(tests, a_buffer_too_large_is_smaller_or_refused);
	tcase_add_test(tests, buffers_are_their_devices);
	tcase_add_test(tests, memory_calls_check_their_arguments);
	tcase_add_test(tests, the_common_buffer_is_the_cards);
	tcase_add_test(tests, without_room_there_is_no_common_buffer);
	tcase_add_test(tests, an_object_that_is_closed_has_no_memory);
}

Suite *suite_memory(void)
{
	Suite *suite = suite_create("memory");

	both(suite, "memory", add);
	return suite;
}
