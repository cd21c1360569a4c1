/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers, windows, EEPROM, interrupts and faults through the daemon.
 */
#include "suites.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "lent.h"

#define BOARD_CONTROL 0x04
#define BOARD_DOORBELL 0x18
#define BOARD_SCRATCH 0x28
#define RING 0x10u
#define LINT 0x04u

START_TEST(chip_is_identified_by_its_register)
{
	uint32_t value;

	/* PCIHIDR, chip ref. 1.1 */
	ok(plxdma_reg_read(card, 0x70, 32, &value));
	ck_assert_uint_eq(value, 0x905410b5);
	ok(plxdma_reg_read(card, 0x72, 16, &value));
	ck_assert_uint_eq(value, 0x9054);
	failed(plxdma_reg_write(card, 0x68, 32, 0), -EPERM, "");
	ok(plxdma_config_read(card, 0, 32, &value));
	ck_assert_uint_eq(value & 0xffff, 0x10b5);
	ck_assert_int_eq(plxdma_config_write(card, 4, 16, 0), -EPERM);
}
END_TEST

START_TEST(board_registers_are_peeked_and_poked)
{
	uint32_t value;

	ok(plxdma_poke(card, 3, BOARD_SCRATCH, 32, 0xdeadbeef));
	ok(plxdma_peek(card, 3, BOARD_SCRATCH, 32, &value));
	ck_assert_uint_eq(value, 0xdeadbeef);
	ck_assert_int_lt(plxdma_peek(card, 3, UINT64_C(1) << 40, 32, &value),
			 0);
	ok(plxdma_mailbox_write(card, 3, 0x1234));
	ok(plxdma_mailbox_read(card, 3, &value));
	ck_assert_uint_eq(value, 0x1234);
}
END_TEST

START_TEST(eeprom_is_read_beyond_one_message)
{
	uint16_t first[4], words[256];
	int result = plxdma_eeprom_read(card, 0, words, 256);

	/* A smaller EEPROM refuses the whole. */
	ck_assert_msg(!result || result == -ERANGE || result == -EINVAL, "%d",
		      result);
	ok(plxdma_eeprom_read(card, 0, first, 4));
	ck_assert_uint_eq(first[0], 0x9054);
	ck_assert_int_eq(plxdma_eeprom_write(card, 0, first, 2, 0), -EPERM);
}
END_TEST

static int rings(int fd, int milliseconds)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	return poll(&poller, 1, milliseconds) == 1;
}

START_TEST(doorbell_reaches_every_client_that_asked)
{
	struct plxdma_irq_event event = { .size = sizeof(event) };
	struct plxdma_card *other;
	int mine, theirs;

	ck_assert_int_eq(plxdma_open("daemon:a,arena=1M", &other), 0);
	mine = plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL);
	theirs = plxdma_irq_fd(other, PLXDMA_IRQ_DOORBELL);
	ck_assert_int_ge(mine, 0);
	ck_assert_int_ge(theirs, 0);
	ck_assert_int_eq(plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL), mine);
	ok(plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 1));
	ok(plxdma_poke(card, 3, BOARD_DOORBELL, 32, 0x50));
	ok(plxdma_poke(card, 3, BOARD_CONTROL, 32, RING));
	ck_assert(rings(mine, SOON_MS));
	ck_assert(rings(theirs, SOON_MS));
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event),
			 1);
	ck_assert_uint_eq(event.bits, 0x50);
	ck_assert_uint_eq(event.count, 1);
	ck_assert_uint_gt(event.time_ns, 0);
	ck_assert(!rings(mine, 0));
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event),
			 0);
	ck_assert_int_eq(plxdma_irq_read(other, PLXDMA_IRQ_DOORBELL, &event),
			 1);
	ck_assert_uint_eq(event.bits, 0x50);
	plxdma_close(other);
}
END_TEST

START_TEST(board_interrupt_is_forwarded_and_masked)
{
	struct plxdma_irq_event event = { .size = sizeof(event) };
	int fd = plxdma_irq_fd(card, PLXDMA_IRQ_LINT);

	ok(plxdma_irq_enable(card, PLXDMA_IRQ_LINT, 1));
	ok(plxdma_poke(card, 3, BOARD_CONTROL, 32, LINT));
	ck_assert(rings(fd, SOON_MS));
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_LINT, &event), 1);
	ok(plxdma_poke(card, 3, BOARD_CONTROL, 32, 0));
	ok(plxdma_irq_enable(card, PLXDMA_IRQ_LINT, 1));
}
END_TEST

START_TEST(interrupts_of_channels_are_the_daemons)
{
	failed(plxdma_irq_fd(card, PLXDMA_IRQ_DMA0), -EOPNOTSUPP,
	       "plxdma_channel_fd");
	ck_assert_int_lt(plxdma_irq_enable(card, PLXDMA_IRQ_DMA1, 0), 0);
}
END_TEST

static const struct {
	const char *fault;
	int code;
	uint32_t status;
	uint32_t bit;
} faults[] = {
	{ "master-abort@data:64", -EFAULT, PLXDMA_MASTER_ABORT, 1u << 13 },
	{ "target-abort@data:64", -EREMOTEIO, PLXDMA_TARGET_ABORT, 1u << 12 },
};

START_TEST(fault_is_told_and_the_next_transfer_works)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 65536);
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_irq_event event = { .size = sizeof(event) };
	int fd = plxdma_irq_fd(card, PLXDMA_IRQ_ABORT);

	ok(plxdma_card_fault(card, faults[_i].fault));
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, SOON,
					      &result), faults[_i].code);
	ck_assert_uint_eq(result.status, faults[_i].status);
	ck_assert(rings(fd, SOON_MS));
	ck_assert_int_eq(plxdma_irq_read(card, PLXDMA_IRQ_ABORT, &event), 1);
	ck_assert_uint_eq(event.bits, faults[_i].bit);
	ok(plxdma_transfer_once(channel, &request, SOON, &result));
	ck_assert_uint_eq(result.status, PLXDMA_DONE);
}
END_TEST

START_TEST(fault_that_makes_no_sense_is_refused)
{
	char longer[400];

	ck_assert_int_eq(plxdma_card_fault(card, "rust"), -EINVAL);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	failed(plxdma_card_fault(card, longer), -EINVAL, "characters");
}
END_TEST

START_TEST(lost_interrupt_is_survived)
{
	struct plxdma_request request = range(PLXDMA_TO_HOST, SRAM, 0, 65536);

	ok(plxdma_card_fault(card, "lost-irq@irq:0x3"));
	for (int i = 0; i < 6; i++)
		ok(plxdma_transfer_once(channel, &request, SOON, NULL));
}
END_TEST

START_TEST(reset_is_the_administrators)
{
	failed(plxdma_card_reset(card), -EPERM, "reset");
}
END_TEST

Suite *registers_suite(void)
{
	Suite *suite = suite_create("registers");
	TCase *tcase = tcase_create("registers");

	tcase_add_checked_fixture(tcase, lent_fast, lent_close);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, chip_is_identified_by_its_register);
	tcase_add_test(tcase, board_registers_are_peeked_and_poked);
	tcase_add_test(tcase, eeprom_is_read_beyond_one_message);
	tcase_add_test(tcase, doorbell_reaches_every_client_that_asked);
	tcase_add_test(tcase, board_interrupt_is_forwarded_and_masked);
	tcase_add_test(tcase, interrupts_of_channels_are_the_daemons);
	tcase_add_loop_test(tcase, fault_is_told_and_the_next_transfer_works,
			    0, 2);
	tcase_add_test(tcase, fault_that_makes_no_sense_is_refused);
	tcase_add_test(tcase, lost_interrupt_is_survived);
	tcase_add_test(tcase, reset_is_the_administrators);
	suite_add_tcase(suite, tcase);
	return suite;
}
