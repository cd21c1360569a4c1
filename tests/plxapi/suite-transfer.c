/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transfers of any memory, and what happens to waits that don't get to the
 * end. */
#include "suites.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

#include "device.h"

#define BIG (300u << 10)

static void fill(unsigned char *data, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		data[i] = (unsigned char)(i * 13 + i / 1000);
}

START_TEST(any_memory_goes_there_and_back)
{
	static unsigned char data[BIG + 8], back[BIG + 8];
	static const U32 sizes[] = { 1,	    4,	  5,	 63,   4096,
				     65536, 65537, 131073, BIG };
	PLX_DMA_PARAMS p;
	size_t i;
	U32 shift;

	channel_open(0);
	fill(data, sizeof(data));
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (shift = 0; shift < 4; shift++) {
			memset(back, 0xee, sizeof(back));
			p = to_card(SRAM + shift, data + 1, sizes[i]);
			ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
			p = to_host(SRAM + shift, back + 3, sizes[i]);
			ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
			ck_assert_mem_eq(back + 3, data + 1, sizes[i]);
			ck_assert_uint_eq(back[2], 0xee);
			ck_assert_uint_eq(back[3 + sizes[i]], 0xee);
		}
	}
}
END_TEST

/* The FIFO pops: one word read too many in a piece would be missed. */
START_TEST(a_constant_address_is_read_word_for_word)
{
	static U32 words[64 << 10], more[1000];
	PLX_DMA_PARAMS p;
	U32 i, first;

	board_put(BOARD_CONTROL, BOARD_CONTROL_REFILL);
	channel_open(1);
	p = to_host(FIFO, words, 4);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	first = words[0];
	p = to_host(FIFO, words, sizeof(words));
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	p = to_host(FIFO, more, sizeof(more));
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, PLX_TIMEOUT_INFINITE));
	for (i = 0; i < sizeof(words) / 4; i++)
		ck_assert_uint_eq(words[i], first + 1 + i);
	for (i = 0; i < sizeof(more) / 4; i++)
		ck_assert_uint_eq(more[i],
				  (U32)(first + 1 + sizeof(words) / 4 + i));
}
END_TEST

START_TEST(nobody_has_to_wait)
{
	static U32 words[BIG / 4];
	PLX_DMA_PARAMS p = to_host(PATTERN, words, BIG);
	U32 i, polls = 0;

	channel_open(0);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 0));
	while (PlxPci_DmaStatus(&device, 0) == PLX_STATUS_IN_PROGRESS)
		ck_assert_uint_lt(polls++, 100000000);
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
	for (i = 0; i < BIG / 4; i++)
		ck_assert_uint_eq(words[i], pattern(4 * i));
	ok(PlxPci_DmaChannelClose(&device, 0));
}
END_TEST

START_TEST(no_bytes_are_no_transfer)
{
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, 0);

	channel_open(0);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 0));
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
}
END_TEST

START_TEST(what_isnt_memory_is_refused)
{
	long page = 4096;
	char *readable = mmap(NULL, (size_t)page, PROT_READ,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	VOID *bar = NULL;
	PLX_DMA_PARAMS p;

	channel_open(0);
	p = to_host(PATTERN, (void *)64, 16);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 1000),
	      PLX_STATUS_PAGE_GET_ERROR);
	p = to_host(PATTERN, readable, 16);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 1000),
	      PLX_STATUS_PAGE_LOCK_ERROR);
	p = to_card(SRAM, readable, 16);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	munmap(readable, (size_t)page);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 1000),
	      PLX_STATUS_PAGE_GET_ERROR);
	ok(PlxPci_PciBarMap(&device, 0, &bar));
	p = to_host(PATTERN, bar, 16);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 1000),
	      PLX_STATUS_PAGE_LOCK_ERROR);
	ok(PlxPci_PciBarUnmap(&device, &bar));
}
END_TEST

START_TEST(a_buffer_that_no_bounce_holds_is_refused)
{
	PLX_DMA_PARAMS p;
	size_t size = 16 << 20;
	char *data = calloc(1, size);

	channel_open(0);
	p = to_host(PATTERN, data, (U32)size);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 0),
	      PLX_STATUS_INSUFFICIENT_RES);
	/* In pieces it goes. */
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	free(data);
}
END_TEST

START_TEST(transfers_check_their_arguments)
{
	PLX_DEVICE_KEY key = device.Key;
	PLX_DEVICE_OBJECT other;
	char data[16];
	PLX_DMA_PARAMS p = to_host(PATTERN, data, sizeof(data));

	gives(PlxPci_DmaTransferUserBuffer(&device, 0, NULL, 1),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DmaTransferBlock(&device, 0, NULL, 1),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DmaTransferUserBuffer(&device, 2, &p, 1),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_DmaTransferBlock(&device, 2, &p, 1),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 1),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_DmaTransferBlock(&device, 0, &p, 1),
	      PLX_STATUS_INVALID_ACCESS);
	memset(&other, 0, sizeof(other));
	ok(PlxPci_DeviceOpen(&key, &other));
	channel_open(0);
	gives(PlxPci_DmaTransferUserBuffer(&other, 0, &p, 1),
	      PLX_STATUS_IN_USE);
	gives(PlxPci_DmaTransferBlock(&other, 0, &p, 1), PLX_STATUS_IN_USE);
	ok(PlxPci_DeviceClose(&other));
	gives(PlxPci_DmaTransferUserBuffer(&other, 0, &p, 1),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DmaTransferBlock(&other, 0, &p, 1),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

/* --- waits that don't get to the end ---------------------------------- */

#define SLOW (1u << 20) /* two seconds */

static unsigned char slow[SLOW];

/* Long enough for an engine that goes on to be seen. */
static void linger(void)
{
	struct timespec pause = { .tv_nsec = 600000000 };

	while (nanosleep(&pause, &pause))
		;
}

static void untouched(const unsigned char *data, size_t size)
{
	static unsigned char copy[SLOW];

	memcpy(copy, data, size);
	linger();
	ck_assert_mem_eq(data, copy, size);
}

static PLX_PHYSICAL_MEM buffer(U32 size)
{
	PLX_PHYSICAL_MEM memory;

	memset(&memory, 0, sizeof(memory));
	memory.Size = size;
	ok(PlxPci_PhysicalMemoryAllocate(&device, &memory, FALSE));
	ok(PlxPci_PhysicalMemoryMap(&device, &memory));
	return memory;
}

START_TEST(a_wait_that_times_out_leaves_the_buffer_alone)
{
	PLX_DMA_PARAMS p = to_host(PATTERN, slow, SLOW);

	channel_open(0);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 30),
	      PLX_STATUS_TIMEOUT);
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
	untouched(slow, SLOW);
	p = to_host(PATTERN, slow, 64);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	ck_assert_uint_eq(*(U32 *)(void *)(slow + 60), pattern(60));
}
END_TEST

START_TEST(a_block_that_times_out_leaves_the_buffer_alone)
{
	PLX_PHYSICAL_MEM memory = buffer(SLOW);
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, SLOW);

	channel_open(0);
	p.PciAddr = memory.PhysicalAddr;
	gives(PlxPci_DmaTransferBlock(&device, 0, &p, 30), PLX_STATUS_TIMEOUT);
	untouched(PLX_INT_TO_PTR(memory.UserAddr), SLOW);
}
END_TEST

static void nothing(int number)
{
	(void)number;
}

static void alarm_in(int milliseconds)
{
	struct sigaction action = { .sa_handler = nothing };
	/* And again, in case the first comes before the wait has begun. */
	struct itimerval timer = {
		.it_value.tv_usec = 1000 * milliseconds,
		.it_interval.tv_usec = 1000 * milliseconds,
	};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* A FIFO's data would be lost with it. */
START_TEST(a_signal_doesnt_end_a_wait_that_ends_by_itself)
{
	PLX_DMA_PARAMS p = to_host(PATTERN, slow, SLOW / 4);
	U32 i;

	channel_open(0);
	alarm_in(10);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	for (i = 0; i < SLOW / 4; i += 4)
		ck_assert_uint_eq(*(U32 *)(void *)(slow + i), pattern(i));
}
END_TEST

START_TEST(a_signal_gets_out_of_a_wait_for_ever)
{
	PLX_PHYSICAL_MEM memory = buffer(SLOW);
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, SLOW);

	channel_open(0);
	p.PciAddr = memory.PhysicalAddr;
	alarm_in(30);
	gives(PlxPci_DmaTransferBlock(&device, 0, &p, PLX_TIMEOUT_INFINITE),
	      PLX_STATUS_FAILED);
	untouched(PLX_INT_TO_PTR(memory.UserAddr), SLOW);
}
END_TEST

static void *abort_soon(void *none)
{
	struct timespec pause = { .tv_nsec = 30000000 };

	do {
		nanosleep(&pause, NULL);
	} while (PlxPci_DmaStatus(&device, 0) != PLX_STATUS_IN_PROGRESS);
	ok(PlxPci_DmaControl(&device, 0, DmaAbort));
	return none;
}

START_TEST(another_thread_can_abort)
{
	PLX_DMA_PARAMS p = to_host(PATTERN, slow, SLOW);
	pthread_t thread;

	channel_open(0);
	ck_assert_int_eq(pthread_create(&thread, NULL, abort_soon, NULL), 0);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON),
	      PLX_STATUS_FAILED);
	pthread_join(thread, NULL);
	untouched(slow, SLOW);
}
END_TEST

START_TEST(memory_that_is_freed_has_no_engine_in_it)
{
	PLX_PHYSICAL_MEM memory = buffer(SLOW);
	unsigned char *data = PLX_INT_TO_PTR(memory.UserAddr);
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, SLOW);
	PLX_PHYSICAL_MEM again;

	channel_open(0);
	p.PciAddr = memory.PhysicalAddr;
	ok(PlxPci_DmaTransferBlock(&device, 0, &p, 0));
	ok(PlxPci_PhysicalMemoryFree(&device, &memory));
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
	again = buffer(SLOW);
	ck_assert_ptr_eq(PLX_INT_TO_PTR(again.UserAddr), data);
	untouched(data, SLOW);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, any_memory_goes_there_and_back);
	tcase_add_test(tests, a_constant_address_is_read_word_for_word);
	tcase_add_test(tests, nobody_has_to_wait);
	tcase_add_test(tests, no_bytes_are_no_transfer);
	tcase_add_test(tests, what_isnt_memory_is_refused);
	tcase_add_test(tests, a_buffer_that_no_bounce_holds_is_refused);
	tcase_add_test(tests, transfers_check_their_arguments);
}

static void add_slow(TCase *tests)
{
	tcase_add_test(tests, a_wait_that_times_out_leaves_the_buffer_alone);
	tcase_add_test(tests, a_block_that_times_out_leaves_the_buffer_alone);
	tcase_add_test(tests,
		       a_signal_doesnt_end_a_wait_that_ends_by_itself);
	tcase_add_test(tests, a_signal_gets_out_of_a_wait_for_ever);
	tcase_add_test(tests, another_thread_can_abort);
	tcase_add_test(tests, memory_that_is_freed_has_no_engine_in_it);
}

Suite *suite_transfer(void)
{
	Suite *suite = suite_create("transfers");

	both(suite, "transfers", add);
	both_slow(suite, "waits", add_slow);
	return suite;
}
