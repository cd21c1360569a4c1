/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupt sources as a program sees them. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "card.h"
#include "suites.h"

static int readable(int fd, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, timeout_ms);
}

static void ring(uint32_t bits)
{
	board_put(BOARD_DOORBELL, bits);
	board_put(BOARD_CONTROL, BOARD_CONTROL_RING);
}

START_TEST(a_doorbell_arrives_with_its_bits)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	int fd = plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 1), 0);
	ck_assert_int_eq(readable(fd, 0), 0);
	ring(0x0001);
	ring(0x8000);
	ck_assert_int_eq(readable(fd, 1000), 1);
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event), 2);
	ck_assert_uint_eq(event.bits, 0x8001);
	ck_assert_uint_eq(event.count, 2);
	ck_assert_uint_gt(event.time_ns, 0);
	ck_assert_int_eq(readable(fd, 0), 0);
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event), 0);
	ck_assert_uint_eq(event.bits, 0);
}
END_TEST

START_TEST(a_program_may_read_the_descriptor_itself)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	uint64_t sum = 0;

	plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 1);
	ring(1);
	ck_assert_int_eq(read(plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL), &sum,
			      sizeof(sum)),
			 sizeof(sum));
	ck_assert_uint_eq(sum, 1);
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event), 1);
	ck_assert_uint_eq(event.bits, 1);
}
END_TEST

START_TEST(a_lost_doorbell_is_found_by_whoever_looks_again)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	int fd = plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL);

	plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 1);
	ck_assert_int_eq(plxdma_card_fault(card, "lost-irq"), 0);
	ring(0x10);
	ck_assert_int_eq(readable(fd, 0), 0);
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event), 1);
	ck_assert_uint_eq(event.bits, 0x10);
	ring(0x20);
	ck_assert_int_eq(readable(fd, 1000), 1);
}
END_TEST

START_TEST(a_doorbell_that_is_off_is_silent)
{
	plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 1);
	plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 0);
	ring(1);
	ck_assert_int_eq(readable(plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL), 0),
			 0);
	/* It is not lost: it fires when it is let. */
	plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 1);
	ck_assert_int_eq(readable(plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL), 0),
			 1);
}
END_TEST

START_TEST(lint_is_off_after_it_fired)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	int fd = plxdma_irq_fd(card, PLXDMA_IRQ_LINT);

	plxdma_irq_enable(card, PLXDMA_IRQ_LINT, 1);
	board_put(BOARD_CONTROL, BOARD_CONTROL_LINT);
	ck_assert_int_eq(readable(fd, 1000), 1);
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_LINT, &event), 1);
	board_put(BOARD_CONTROL, 0);
	board_put(BOARD_CONTROL, BOARD_CONTROL_LINT);
	ck_assert_int_eq(readable(fd, 0), 0);
	board_put(BOARD_CONTROL, 0);
	plxdma_irq_enable(card, PLXDMA_IRQ_LINT, 1);
	ck_assert_int_eq(readable(fd, 0), 0);
	board_put(BOARD_CONTROL, BOARD_CONTROL_LINT);
	ck_assert_int_eq(readable(fd, 1000), 1);
}
END_TEST

START_TEST(a_channels_interrupt_is_the_librarys_while_it_is_open)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	struct plxdma_channel *channel;

	ck_assert_int_ge(plxdma_irq_fd(card, PLXDMA_IRQ_DMA1), 0);
	ck_assert_int_eq(plxdma_channel_open(card, 1, &channel), 0);
	check_failed(plxdma_irq_fd(card, PLXDMA_IRQ_DMA1), -EBUSY,
		     "plxdma_channel_fd");
	check_failed(plxdma_irq_read(card, PLXDMA_IRQ_DMA1, &event), -EBUSY,
		     "plxdma_channel_fd");
	ck_assert_int_ge(plxdma_irq_fd(card, PLXDMA_IRQ_DMA0), 0);
	plxdma_channel_close(channel);
	ck_assert_int_ge(plxdma_irq_read(card, PLXDMA_IRQ_DMA1, &event), 0);
}
END_TEST

START_TEST(an_abort_is_told_with_its_status_bits)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	char data[64];

	ck_assert_int_eq(plxdma_card_fault(card, "master-abort"), 0);
	ck_assert_int_eq(plxdma_read(card, SRAM, data, 64, SOON), -EFAULT);
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_ABORT, &event), 1);
	ck_assert_uint_eq(event.bits, 0x2000);
}
END_TEST

START_TEST(sources_and_events_are_checked)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	const enum plxdma_irq_source none =
		(enum plxdma_irq_source)PLXDMA_IRQ_SOURCES;

	check_failed(plxdma_irq_fd(card, none), -EINVAL, "source");
	check_failed(plxdma_irq_read(card, none, &event), -EINVAL, "source");
	check_failed(plxdma_irq_enable(card, none, 1), -EINVAL, "source");
	check_failed(plxdma_irq_enable(card, PLXDMA_IRQ_DMA0, 0), -EINVAL,
		     "library");
	check_failed(plxdma_irq_enable(card, PLXDMA_IRQ_ABORT, 0), -EINVAL,
		     "library");
	check_failed(plxdma_irq_read(card, PLXDMA_IRQ_LINT, NULL), -EINVAL,
		     "event");
	event.size = 0;
	check_failed(plxdma_irq_read(card, PLXDMA_IRQ_LINT, &event), -EINVAL,
		     "sizeof");
	check_failed_on(NULL, plxdma_irq_fd(NULL, PLXDMA_IRQ_LINT), -EINVAL,
			"card");
	check_failed_on(NULL, plxdma_irq_read(NULL, PLXDMA_IRQ_LINT, &event),
			-EINVAL, "card");
	check_failed_on(NULL, plxdma_irq_enable(NULL, PLXDMA_IRQ_LINT, 1),
			-EINVAL, "card");
}
END_TEST

Suite *suite_irq(void)
{
	Suite *suite = suite_create("irq");
	TCase *tests = tcase_create("sources");

	tcase_add_checked_fixture(tests, card_setup, card_teardown);
	tcase_add_test(tests, a_doorbell_arrives_with_its_bits);
	tcase_add_test(tests, a_program_may_read_the_descriptor_itself);
	tcase_add_test(tests,
		       a_lost_doorbell_is_found_by_whoever_looks_again);
	tcase_add_test(tests, a_doorbell_that_is_off_is_silent);
	tcase_add_test(tests, lint_is_off_after_it_fired);
	tcase_add_test(tests,
		       a_channels_interrupt_is_the_librarys_while_it_is_open);
	tcase_add_test(tests, an_abort_is_told_with_its_status_bits);
	tcase_add_test(tests, sources_and_events_are_checked);
	suite_add_tcase(suite, tests);
	return suite;
}
