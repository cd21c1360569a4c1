/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handler: what it acknowledges, masks, counts, and leaves alone. */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "fake.h"
#include "suites.h"

static struct fake fake;

static void setup(void)
{
	fake_init(&fake);
}

static void teardown(void)
{
	fake_destroy(&fake);
}

static int readable(enum plxdma_irq_source source)
{
	struct pollfd poll_fd = {.fd = interrupt_fd(&fake.interrupt, source),
				 .events = POLLIN};

	return poll(&poll_fd, 1, 0);
}

START_TEST(starts_with_both_channels_and_the_abort_enabled)
{
	ck_assert_uint_eq(fake.intcsr & INTERRUPT_ENABLES,
			  PLX_INTCSR_PCI_ENABLE | PLX_INTCSR_LOCAL_ENABLE |
				  PLX_INTCSR_DMA0_ENABLE |
				  PLX_INTCSR_DMA1_ENABLE |
				  PLX_INTCSR_ABORT_ENABLE);
}
END_TEST

START_TEST(a_done_channel_is_acknowledged_without_losing_enable)
{
	unsigned int channel = (unsigned int)_i;
	struct plxdma_irq_event event;

	fake_assert(&fake, PLX_INTCSR_DMA(channel));
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR(channel), 0x09), 1);
	ck_assert_uint_eq(fake.writes, 1);
	ck_assert_int_eq(readable((enum plxdma_irq_source)channel), 1);
	ck_assert_int_eq(readable((enum plxdma_irq_source) !channel), 0);
	ck_assert_int_eq(
		fake_taken(&fake, (enum plxdma_irq_source)channel, &event), 1);
	ck_assert_uint_eq(event.count, 1);
	ck_assert_uint_gt(event.time_ns, 0);
	ck_assert_int_eq(readable((enum plxdma_irq_source)channel), 0);
	ck_assert_int_eq(
		fake_taken(&fake, (enum plxdma_irq_source)channel, NULL), 0);
}
END_TEST

START_TEST(doorbell_bits_are_kept_and_cleared)
{
	struct plxdma_irq_event event;

	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_DOORBELL, 1);
	fake.doorbell = 0x80000001;
	fake_assert(&fake, PLX_INTCSR_DOORBELL);
	fake.doorbell = 0x10;
	fake_assert(&fake, PLX_INTCSR_DOORBELL);
	ck_assert_uint_eq(fake.doorbell, 0);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_DOORBELL, &event), 2);
	ck_assert_uint_eq(event.bits, 0x80000011);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_DOORBELL, &event), 0);
	ck_assert_uint_eq(event.bits, 0);
	ck_assert_uint_eq(event.count, 2);
}
END_TEST

START_TEST(a_status_without_its_enable_is_not_ours)
{
	fake.doorbell = 1;
	fake.intcsr |= PLX_INTCSR_DOORBELL | PLX_INTCSR_LINT;
	interrupt_raise(&fake.interrupt);
	ck_assert_uint_eq(fake.writes, 0);
	ck_assert_uint_eq(fake.doorbell, 1);
	ck_assert_uint_eq(interrupt_handled(&fake.interrupt), 0);
}
END_TEST

START_TEST(nothing_is_ours_while_the_gate_is_closed)
{
	fake.intcsr &= ~PLX_INTCSR_PCI_ENABLE;
	fake.intcsr |= PLX_INTCSR_DMA0;
	interrupt_raise(&fake.interrupt);
	ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

START_TEST(all_ones_are_not_ours)
{
	fake.gone = 1;
	interrupt_raise(&fake.interrupt);
	ck_assert_uint_eq(fake.writes, 0);
	ck_assert_uint_eq(fake.reads, 1);
}
END_TEST

START_TEST(lint_is_masked_until_enabled_again)
{
	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_LINT, 1);
	fake_assert(&fake, PLX_INTCSR_LINT);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_LINT, NULL), 1);
	ck_assert_uint_eq(fake.intcsr & PLX_INTCSR_LINT_ENABLE, 0);
	/* Other enables are untouched. */
	ck_assert_uint_eq(fake.intcsr & PLX_INTCSR_ABORT_ENABLE,
			  PLX_INTCSR_ABORT_ENABLE);
	fake_assert(&fake, PLX_INTCSR_LINT);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_LINT, NULL), 0);
}
END_TEST

static void raise_if_asserted(struct fake *card, unsigned int offset)
{
	(void)offset;
	if (fake_level(&card->transport))
		interrupt_raise(&card->interrupt);
}

START_TEST(a_source_active_when_it_is_enabled_fires_after_the_call)
{
	fake.intcsr |= PLX_INTCSR_LINT;
	/* The card calls back from inside the write, with the lock held. */
	fake.meanwhile = raise_if_asserted;
	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_LINT, 1);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_LINT, NULL), 1);
}
END_TEST

START_TEST(an_abort_is_told_to_both_who_ask)
{
	struct plxdma_irq_event event;
	uint16_t status;

	fake.status = PLX_STATUS_RECEIVED_MASTER_ABORT | PLX_STATUS_PARITY |
		      PLX_STATUS_CAPABILITIES;
	fake_assert(&fake, PLX_INTCSR_ABORT);
	ck_assert_uint_eq(fake.status,
			  PLX_STATUS_PARITY | PLX_STATUS_CAPABILITIES);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_ABORT, &event), 1);
	ck_assert_uint_eq(event.bits, PLX_STATUS_RECEIVED_MASTER_ABORT);
	fake.status |= PLX_STATUS_RECEIVED_TARGET_ABORT;
	ck_assert_int_eq(interrupt_clear_status(&fake.interrupt, &status), 0);
	ck_assert_uint_eq(status, PLX_STATUS_RECEIVED_MASTER_ABORT |
					  PLX_STATUS_RECEIVED_TARGET_ABORT);
	ck_assert_int_eq(interrupt_clear_status(&fake.interrupt, &status), 0);
	ck_assert_uint_eq(status, 0);
}
END_TEST

static void other_channel_ends(struct fake *card, unsigned int offset)
{
	if (offset != PLX_DMACSR0 || card->writes > 1)
		return;
	/* The line stays asserted: nobody is told. */
	card->intcsr |= PLX_INTCSR_DMA1;
}

START_TEST(a_source_that_rises_during_the_handler_is_not_lost)
{
	fake.meanwhile = other_channel_ends;
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_DMA0, NULL), 1);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_DMA1, NULL), 1);
	ck_assert_int_eq(fake_level(&fake.transport), 0);
}
END_TEST

static void never_clears(struct fake *card, unsigned int offset)
{
	(void)offset;
	card->intcsr |= PLX_INTCSR_DMA0;
	interrupt_raise(&card->interrupt);
	/* Only what the first run raised: a card can't raise for ever
	 * without the line falling. */
	if (card->writes > 8)
		card->meanwhile = NULL;
}

START_TEST(a_line_raised_inside_the_handler_does_not_recurse)
{
	fake.meanwhile = never_clears;
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_uint_lt(fake.writes, FAKE_LOG);
	ck_assert_int_eq(fake_level(&fake.transport), 0);
}
END_TEST

START_TEST(an_interrupt_while_the_handler_is_kept_away_is_caught_up_with)
{
	interrupt_hold(&fake.interrupt);
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_uint_eq(fake.writes, 0);
	interrupt_let_go(&fake.interrupt);
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR0, 0x09), 1);
}
END_TEST

static void *raise_from_a_thread(void *context)
{
	fake_assert(context, PLX_INTCSR_DMA1);
	return NULL;
}

START_TEST(the_card_never_waits_for_the_handlers_lock)
{
	pthread_t thread;

	interrupt_hold(&fake.interrupt);
	ck_assert_int_eq(
		pthread_create(&thread, NULL, raise_from_a_thread, &fake), 0);
	/* Would never end if the card waited. */
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	interrupt_let_go(&fake.interrupt);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_DMA1, NULL), 1);
}
END_TEST

START_TEST(write_one_to_clear_bits_are_never_written_back)
{
	unsigned int i;

	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_LINT, 1);
	fake.intcsr |= PLX_INTCSR_PM | PLX_INTCSR_PARITY;
	fake_assert(&fake, PLX_INTCSR_LINT);
	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_DOORBELL, 1);
	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_DMA0, 0);
	for (i = 0; i < fake.writes; i++)
		ck_assert_uint_ne(fake.log[i].offset, PLX_INTCSR);
	ck_assert_uint_eq(fake.intcsr & PLX_INTCSR_W1C, PLX_INTCSR_W1C);
}
END_TEST

Suite *suite_interrupt(void)
{
	Suite *suite = suite_create("interrupt");
	TCase *tests = tcase_create("handler");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, starts_with_both_channels_and_the_abort_enabled);
	tcase_add_loop_test(
		tests, a_done_channel_is_acknowledged_without_losing_enable, 0,
		PLX_CHANNELS);
	tcase_add_test(tests, doorbell_bits_are_kept_and_cleared);
	tcase_add_test(tests, a_status_without_its_enable_is_not_ours);
	tcase_add_test(tests, nothing_is_ours_while_the_gate_is_closed);
	tcase_add_test(tests, all_ones_are_not_ours);
	tcase_add_test(tests, lint_is_masked_until_enabled_again);
	tcase_add_test(tests,
		       a_source_active_when_it_is_enabled_fires_after_the_call);
	tcase_add_test(tests, an_abort_is_told_to_both_who_ask);
	tcase_add_test(tests,
		       a_source_that_rises_during_the_handler_is_not_lost);
	tcase_add_test(tests,
		       a_line_raised_inside_the_handler_does_not_recurse);
	tcase_add_test(
		tests,
		an_interrupt_while_the_handler_is_kept_away_is_caught_up_with);
	tcase_add_test(tests, the_card_never_waits_for_the_handlers_lock);
	tcase_add_test(tests, write_one_to_clear_bits_are_never_written_back);
	suite_add_tcase(suite, tests);
	return suite;
}
