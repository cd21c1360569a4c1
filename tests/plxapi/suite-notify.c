/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notifications: registered, waited for, asked, cancelled. */
#include "suites.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "device.h"

static PLX_INTERRUPT none_of_all(void)
{
	PLX_INTERRUPT sources;

	memset(&sources, 0, sizeof(sources));
	return sources;
}

static PLX_NOTIFY_OBJECT wants(PLX_INTERRUPT sources)
{
	PLX_NOTIFY_OBJECT event;

	memset(&event, 0, sizeof(event));
	ok(PlxPci_NotificationRegisterFor(&device, &sources, &event));
	return event;
}

static PLX_NOTIFY_OBJECT wants_doorbell(U32 bits)
{
	PLX_INTERRUPT sources = none_of_all();

	sources.Doorbell = bits;
	ok(PlxPci_InterruptEnable(&device, &sources));
	return wants(sources);
}

static void ring(U32 bits)
{
	board_put(BOARD_DOORBELL, bits);
	board_put(BOARD_CONTROL, BOARD_CONTROL_RING);
}

START_TEST(a_doorbell_is_heard_by_who_asked_for_its_bits)
{
	PLX_NOTIFY_OBJECT low = wants_doorbell(0x0f);
	PLX_NOTIFY_OBJECT high = wants_doorbell(0xf0);
	PLX_INTERRUPT came;

	gives(PlxPci_NotificationWait(&device, &low, 20), PLX_STATUS_TIMEOUT);
	ring(0x05);
	ok(PlxPci_NotificationWait(&device, &low, SOON));
	ok(PlxPci_NotificationStatus(&device, &low, &came));
	ck_assert_uint_eq(came.Doorbell, 0x05);
	/* Told once. */
	ok(PlxPci_NotificationStatus(&device, &low, &came));
	ck_assert_uint_eq(came.Doorbell, 0);
	gives(PlxPci_NotificationWait(&device, &low, 20), PLX_STATUS_TIMEOUT);
	gives(PlxPci_NotificationWait(&device, &high, 20),
	      PLX_STATUS_TIMEOUT);
	ring(0x28);
	ok(PlxPci_NotificationWait(&device, &high, SOON));
	ok(PlxPci_NotificationWait(&device, &low, SOON));
	ok(PlxPci_NotificationStatus(&device, &high, &came));
	ck_assert_uint_eq(came.Doorbell, 0x20);
	ok(PlxPci_NotificationCancel(&device, &low));
	ok(PlxPci_NotificationCancel(&device, &high));
}
END_TEST

START_TEST(the_pin_is_heard_and_enabled_again)
{
	PLX_INTERRUPT sources = none_of_all(), came;
	PLX_NOTIFY_OBJECT event;
	int i;

	sources.LocalToPci = 1;
	event = wants(sources);
	for (i = 0; i < 3; i++) {
		ok(PlxPci_InterruptEnable(&device, &sources));
		board_put(BOARD_CONTROL, BOARD_CONTROL_LINT);
		ok(PlxPci_NotificationWait(&device, &event, SOON));
		board_put(BOARD_CONTROL, 0);
		ok(PlxPci_NotificationStatus(&device, &event, &came));
		ck_assert_uint_eq(came.LocalToPci, 1);
	}
	ok(PlxPci_InterruptDisable(&device, &sources));
	board_put(BOARD_CONTROL, BOARD_CONTROL_LINT);
	gives(PlxPci_NotificationWait(&device, &event, 50),
	      PLX_STATUS_TIMEOUT);
	board_put(BOARD_CONTROL, 0);
}
END_TEST

static PLX_NOTIFY_OBJECT wants_dma(unsigned int channels)
{
	PLX_INTERRUPT sources = none_of_all();

	sources.DmaDone = channels & 0xf;
	ok(PlxPci_InterruptEnable(&device, &sources));
	return wants(sources);
}

START_TEST(the_end_of_a_transfer_is_heard)
{
	static U32 words[64 << 10];
	PLX_DMA_PARAMS p = to_host(PATTERN, words, sizeof(words));
	PLX_NOTIFY_OBJECT event = wants_dma(1), other = wants_dma(2);
	PLX_INTERRUPT came;
	U32 i;

	channel_open(0);
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, 0));
	ok(PlxPci_NotificationWait(&device, &event, SOON));
	for (i = 0; i < sizeof(words) / 4; i++)
		ck_assert_uint_eq(words[i], pattern(4 * i));
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
	ok(PlxPci_NotificationStatus(&device, &event, &came));
	ck_assert_uint_eq(came.DmaDone, 1);
	gives(PlxPci_NotificationWait(&device, &other, 20),
	      PLX_STATUS_TIMEOUT);
	/* One that was waited for is told as well. */
	ok(PlxPci_DmaTransferUserBuffer(&device, 0, &p, SOON));
	ok(PlxPci_NotificationWait(&device, &event, SOON));
}
END_TEST

START_TEST(a_block_that_asked_for_silence_gets_it)
{
	PLX_DMA_PARAMS p = to_host(PATTERN, NULL, 4096);
	PLX_NOTIFY_OBJECT event = wants_dma(1);
	PLX_PHYSICAL_MEM common;

	channel_open(0);
	ok(PlxPci_CommonBufferProperties(&device, &common));
	p.PciAddr = common.PhysicalAddr;
	p.bIgnoreBlockInt = 1;
	ok(PlxPci_DmaTransferBlock(&device, 0, &p, 0));
	gives(PlxPci_NotificationWait(&device, &event, 50),
	      PLX_STATUS_TIMEOUT);
	gives(PlxPci_DmaStatus(&device, 0), PLX_STATUS_COMPLETE);
	p.bIgnoreBlockInt = 0;
	ok(PlxPci_DmaTransferBlock(&device, 0, &p, 0));
	ok(PlxPci_NotificationWait(&device, &event, SOON));
}
END_TEST

static PLX_NOTIFY_OBJECT cancelled;

/* Does the test's first thread sleep, as one that waits does? */
static int first_sleeps(void)
{
	char path[64], state = 0;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)getpid());
	stat = fopen(path, "re");
	if (!stat || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	if (stat)
		fclose(stat);
	return state == 'S';
}

static void *cancel_soon(void *none)
{
	struct timespec pause = { .tv_nsec = 50000000 };

	do {
		nanosleep(&pause, NULL);
	} while (!first_sleeps());
	ok(PlxPci_NotificationCancel(&device, &cancelled));
	return none;
}

START_TEST(a_wait_is_cancelled_by_another_thread)
{
	PLX_NOTIFY_OBJECT event = wants_doorbell(1);
	pthread_t thread;

	cancelled = event;
	ck_assert_int_eq(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
	gives(PlxPci_NotificationWait(&device, &event, PLX_TIMEOUT_INFINITE),
	      PLX_STATUS_CANCELED);
	pthread_join(thread, NULL);
	gives(PlxPci_NotificationWait(&device, &event, 10), PLX_STATUS_FAILED);
}
END_TEST

static void nothing(int number)
{
	(void)number;
}

START_TEST(a_wait_is_cancelled_by_a_signal)
{
	struct sigaction action = { .sa_handler = nothing };
	/* And again, in case the first comes before the wait has begun. */
	struct itimerval timer = { .it_value.tv_usec = 30000,
				   .it_interval.tv_usec = 30000 };
	PLX_NOTIFY_OBJECT event = wants_doorbell(1);

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	gives(PlxPci_NotificationWait(&device, &event, PLX_TIMEOUT_INFINITE),
	      PLX_STATUS_CANCELED);
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	ring(1);
	ok(PlxPci_NotificationWait(&device, &event, SOON));
}
END_TEST

START_TEST(notifications_check_their_arguments)
{
	PLX_NOTIFY_OBJECT event = wants_doorbell(1), never;
	PLX_INTERRUPT sources = none_of_all();

	memset(&never, 0, sizeof(never));
	gives(PlxPci_NotificationRegisterFor(&device, NULL, &event),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_NotificationRegisterFor(&device, &sources, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_NotificationWait(&device, NULL, 1),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_NotificationStatus(&device, &event, NULL),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_NotificationStatus(&device, NULL, &sources),
	      PLX_STATUS_NULL_PARAM);
	gives(PlxPci_NotificationCancel(&device, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_NotificationWait(&device, &never, 1), PLX_STATUS_FAILED);
	gives(PlxPci_NotificationStatus(&device, &never, &sources),
	      PLX_STATUS_FAILED);
	gives(PlxPci_NotificationCancel(&device, &never), PLX_STATUS_FAILED);
	never = event;
	ok(PlxPci_NotificationCancel(&device, &event));
	gives(PlxPci_NotificationCancel(&device, &event), PLX_STATUS_FAILED);
	gives(PlxPci_NotificationCancel(&device, &never), PLX_STATUS_FAILED);
	gives(PlxPci_InterruptEnable(&device, NULL), PLX_STATUS_NULL_PARAM);
	gives(PlxPci_InterruptDisable(&device, NULL), PLX_STATUS_NULL_PARAM);
	/* The library's own sources are switched by nobody. */
	sources.PciMain = 1;
	sources.DmaDone = 3;
	sources.PciAbort = 1;
	ok(PlxPci_InterruptDisable(&device, &sources));
	ok(PlxPci_InterruptEnable(&device, &sources));
}
END_TEST

START_TEST(an_object_that_is_closed_hears_nothing)
{
	PLX_NOTIFY_OBJECT event = wants_doorbell(1);
	PLX_INTERRUPT sources = none_of_all();

	ok(PlxPci_DeviceClose(&device));
	gives(PlxPci_NotificationRegisterFor(&device, &sources, &event),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_NotificationWait(&device, &event, 1),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_NotificationStatus(&device, &event, &sources),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_NotificationCancel(&device, &event),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_InterruptEnable(&device, &sources),
	      PLX_STATUS_INVALID_OBJECT);
	gives(PlxPci_InterruptDisable(&device, &sources),
	      PLX_STATUS_INVALID_OBJECT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_doorbell_is_heard_by_who_asked_for_its_bits);
	tcase_add_test(tests, the_pin_is_heard_and_enabled_again);
	tcase_add_test(tests, the_end_of_a_transfer_is_heard);
	tcase_add_test(tests, a_block_that_asked_for_silence_gets_it);
	tcase_add_test(tests, a_wait_is_cancelled_by_another_thread);
	tcase_add_test(tests, a_wait_is_cancelled_by_a_signal);
	tcase_add_test(tests, notifications_check_their_arguments);
	tcase_add_test(tests, an_object_that_is_closed_hears_nothing);
}

Suite *suite_notify(void)
{
	Suite *suite = suite_create("notifications");

	both(suite, "notifications", add);
	return suite;
}
