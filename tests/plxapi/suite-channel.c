/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Channels: opened, set, controlled, closed. */
#include "suites.h"

#include "device.h"

static PLX_DEVICE_OBJECT second_open(void)
{
	PLX_DEVICE_KEY key = device.Key;
	PLX_DEVICE_OBJECT other;

	memset(&other, 0, sizeof(other));
	ok(PlxPci_DeviceOpen(&key, &other));
	return other;
}

START_TEST(a_channel_opens_once)
{
	PLX_DEVICE_OBJECT other = second_open();

	ok(PlxPci_DmaChannelOpen(&device, 0, NULL));
	gives(PlxPci_DmaChannelOpen(&device, 0, NULL),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_DmaChannelOpen(&other, 0, NULL),
	      PLX_STATUS_INVALID_ACCESS);
	ok(PlxPci_DmaChannelOpen(&other, 1, NULL));
	ok(PlxPci_DmaChannelClose(&device, 0));
	ok(PlxPci_DmaChannelOpen(&other, 0, NULL));
	ok(PlxPci_DeviceClose(&other));
	ok(PlxPci_DmaChannelOpen(&device, 0, NULL));
}
END_TEST

START_TEST(a_channel_that_isnt_there_has_an_invalid_address)
{
	PLX_DMA_PROP p;

	memset(&p, 0, sizeof(p));
	gives(PlxPci_DmaChannelOpen(&device, 2, NULL),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_DmaChannelClose(&device, 2), PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_DmaGetProperties(&device, 2, &p),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_DmaSetProperties(&device, 2, &p),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_DmaControl(&device, 2, DmaAbort),
	      PLX_STATUS_INVALID_ADDR);
	gives(PlxPci_DmaStatus(&device, 2), PLX_STATUS_INVALID_ADDR);
}
END_TEST

START_TEST(a_channel_that_nobody_opened_gives_no_access)
{
	PLX_DMA_PROP p;

	memset(&p, 0, sizeof(p));
	gives(PlxPci_DmaChannelClose(&device, 0), PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_DmaGetProperties(&device, 0, &p),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_DmaSetProperties(&device, 0, &p),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_DmaControl(&device, 0, DmaAbort),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
}
END_TEST

START_TEST(anothers_channel_is_in_use)
{
	PLX_DEVICE_OBJECT other = second_open();
	PLX_DMA_PROP p;

	memset(&p, 0, sizeof(p));
	ok(PlxPci_DmaChannelOpen(&device, 0, NULL));
	gives(PlxPci_DmaChannelClose(&other, 0), PLX_STATUS_IN_USE);
	gives(PlxPci_DmaGetProperties(&other, 0, &p),
	      PLX_STATUS_INVALID_ACCESS);
	gives(PlxPci_DmaSetProperties(&other, 0, &p), PLX_STATUS_IN_USE);
	gives(PlxPci_DmaControl(&other, 0, DmaAbort), PLX_STATUS_IN_USE);
	gives(PlxPci_DmaStatus(&other, 0), PLX_STATUS_IN_USE);
	ok(PlxPci_DeviceClose(&other));
	ok(PlxPci_DmaChannelClose(&device, 0));
}
END_TEST

START_TEST(properties_come_back_as_they_were_set)
{
	PLX_DMA_PROP p, back;

	memset(&p, 0, sizeof(p));
	p.LocalBusWidth = 1;
	p.WaitStates = 5;
	p.ReadyInput = 1;
	p.ConstAddrLocal = 1;
	ok(PlxPci_DmaChannelOpen(&device, 0, &p));
	ok(PlxPci_DmaGetProperties(&device, 0, &back));
	ck_assert_mem_eq(&p, &back, sizeof(p));
	p.Burst = 1;
	p.LocalBusWidth = 3;
	ok(PlxPci_DmaSetProperties(&device, 0, &p));
	ok(PlxPci_DmaGetProperties(&device, 0, &back));
	ck_assert_mem_eq(&p, &back, sizeof(p));
	gives(PlxPci_DmaGetProperties(&device, 0, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DmaSetProperties(&device, 0, NULL),
	      PLX_STATUS_NULL_PARAM);
}
END_TEST

/* Without properties the channel keeps those of its register. */
START_TEST(no_properties_leave_them_as_they_are)
{
	PLX_DMA_PROP p, back;

	ok(PlxPci_DmaChannelOpen(&device, 0, NULL));
	ok(PlxPci_DmaGetProperties(&device, 0, &p));
	ok(PlxPci_DmaChannelClose(&device, 0));
	ck_assert_uint_eq(p.LocalBusWidth,
			  PlxPci_PlxRegisterRead(&device, 0x80, NULL) & 3);
	ok(PlxPci_DmaChannelOpen(&device, 0, NULL));
	ok(PlxPci_DmaGetProperties(&device, 0, &back));
	ck_assert_mem_eq(&p, &back, sizeof(p));
}
END_TEST

/* Demand mode on channel 1 of a 9054 (chip ref. 3.8). */
START_TEST(what_the_chip_lacks_is_refused_and_nothing_stays_open)
{
	PLX_DMA_PROP p;

	memset(&p, 0, sizeof(p));
	p.LocalBusWidth = 2;
	p.DemandMode = 1;
	gives(PlxPci_DmaChannelOpen(&device, 1, &p), PLX_STATUS_INVALID_DATA);
	ok(PlxPci_DmaChannelOpen(&device, 1, NULL));
}
END_TEST

START_TEST(an_idle_channel_is_complete)
{
	ok(PlxPci_DmaChannelOpen(&device, 0, NULL));
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
	gives(PlxPci_DmaControl(&device, 0, DmaAbort), PLX_STATUS_COMPLETE);
	gives(PlxPci_DmaControl(&device, 0, DmaResume),
	      PLX_STATUS_IN_PROGRESS);
	gives(PlxPci_DmaControl(&device, 0, DmaPause),
	      PLX_STATUS_INVALID_DATA);
	gives(PlxPci_DmaControl(&device, 0, (PLX_DMA_COMMAND)99),
	      PLX_STATUS_INVALID_DATA);
}
END_TEST

START_TEST(an_object_that_is_closed_has_no_channels)
{
	PLX_DMA_PROP p;

	memset(&p, 0, sizeof(p));
	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_DmaChannelOpen(&device, 0, NULL),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DmaChannelClose(&device, 0), PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DmaGetProperties(&device, 0, &p),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DmaSetProperties(&device, 0, &p),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DmaControl(&device, 0, DmaAbort),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_DmaChannelOpen(NULL, 0, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_DmaStatus(NULL, 0), PLX_STATUS_NULL_PARAM);
}
END_TEST

/* --- while a transfer is under way ------------------------------------ */

static char data[256 << 10];

static void started(void)
{
	PLX_DMA_PARAMS p = to_host(PATTERN, data, sizeof(data));

	channel_open(0);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 0));
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_IN_PROGRESS);
}

START_TEST(a_busy_channel_says_so)
{
	PLX_DMA_PARAMS p = to_host(PATTERN, data, 4);
	PLX_DMA_PROP properties;

	started();
	ok(PlxPci_DmaGetProperties(&device, 0, &properties));
	gives(PlxPci_DmaSetProperties(&device, 0, &properties),
	      PLX_STATUS_IN_PROGRESS);
	gives(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 1000),
	      PLX_STATUS_IN_PROGRESS);
	gives(PlxPci_DmaTransferBlock(&device, 0, &p, 1000),
	      PLX_STATUS_IN_PROGRESS);
	gives(PlxPci_DmaControl(&device, 0, DmaResume),
	      PLX_STATUS_IN_PROGRESS);
	gives(PlxPci_DmaChannelClose(&device, 0), PLX_STATUS_IN_PROGRESS);
}
END_TEST

START_TEST(an_abort_ends_a_transfer_at_once)
{
	started();
	ok(PlxPci_DmaControl(&device, 0, DmaAbort));
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
	ok(PlxPci_DmaChannelClose(&device, 0));
}
END_TEST

/* PixieSDK's way out, where the reset is refused. */
START_TEST(a_reset_that_is_refused_aborts_all_the_same)
{
	started();
	gives(PlxPci_DmaChannelClose(&device, 0), PLX_STATUS_IN_PROGRESS);
	gives(PlxPci_DeviceReset(&device), PLX_STATUS_UNSUPPORTED);
	ok(PlxPci_DmaChannelClose(&device, 0));
}
END_TEST

START_TEST(closing_the_device_ends_what_is_under_way)
{
	started();
	ok(PlxPci_DeviceClose(&device));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_channel_opens_once);
	tcase_add_test(tests,
		       a_channel_that_isnt_there_has_an_invalid_address);
	tcase_add_test(tests, a_channel_that_nobody_opened_gives_no_access);
	tcase_add_test(tests, anothers_channel_is_in_use);
	tcase_add_test(tests, properties_come_back_as_they_were_set);
	tcase_add_test(tests, no_properties_leave_them_as_they_are);
	tcase_add_test(tests,
		       what_the_chip_lacks_is_refused_and_nothing_stays_open);
	tcase_add_test(tests, an_idle_channel_is_complete);
	tcase_add_test(tests, an_object_that_is_closed_has_no_channels);
}

static void add_busy(TCase *tests)
{
	tcase_add_test(tests, a_busy_channel_says_so);
	tcase_add_test(tests, an_abort_ends_a_transfer_at_once);
	tcase_add_test(tests, a_reset_that_is_refused_aborts_all_the_same);
	tcase_add_test(tests, closing_the_device_ends_what_is_under_way);
}

Suite *suite_channel(void)
{
	Suite *suite = suite_create("channels");

	both(suite, "channels", add);
	both_slow(suite, "busy channels", add_busy);
	return suite;
}
