/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pause, resume, abort, clear: the order of writes, and who else may write. */
#include <errno.h>

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

static int control(unsigned int channel, enum transport_control what)
{
	return interrupt_channel_control(&fake.interrupt, channel, what);
}

static void check_write(unsigned int n, unsigned int offset, uint32_t value)
{
	ck_assert_uint_lt(n, fake.writes);
	ck_assert_msg(fake.log[n].offset == offset &&
			      fake.log[n].value == value,
		      "write %u: %#x = %#x instead of %#x = %#x", n,
		      fake.log[n].offset, fake.log[n].value, offset, value);
}

/* Byte 2 of INTCSR with the given channels enabled, and LINTo#'s gate. */
static uint32_t enables(int channel0, int channel1)
{
	return 1u | (channel0 ? 4u : 0) | (channel1 ? 8u : 0);
}

static void running(unsigned int channel)
{
	fake.csr[channel] = PLX_DMACSR_ENABLE;
}

START_TEST(abort_takes_the_interrupt_away_first_and_gives_it_back_last)
{
	running(1);
	fake.abort_reads = 3;
	ck_assert_int_eq(control(1, TRANSPORT_ABORT), 0);
	check_write(0, PLX_INTCSR + 2, enables(1, 0));
	check_write(1, PLX_DMACSR1, 0);
	check_write(2, PLX_DMACSR1, PLX_DMACSR_ABORT);
	check_write(3, PLX_DMACSR1, PLX_DMACSR_CLEAR);
	check_write(4, PLX_INTCSR + 2, enables(1, 1));
	ck_assert_uint_eq(fake.writes, 5);
}
END_TEST

START_TEST(an_idle_channel_is_never_aborted)
{
	fake.csr[0] = PLX_DMACSR_DONE | PLX_DMACSR_ENABLE;
	ck_assert_int_eq(control(0, TRANSPORT_ABORT), 0);
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR0, PLX_DMACSR_ABORT), 0);
	ck_assert_uint_eq(fake.csr[0], PLX_DMACSR_DONE);
}
END_TEST

START_TEST(an_engine_that_does_not_stop_is_reported_in_bounded_time)
{
	running(0);
	fake.abort_reads = -1;
	ck_assert_int_eq(control(0, TRANSPORT_ABORT), -ETIMEDOUT);
	/* Its interrupt stays off, and so does Enable. */
	ck_assert_uint_eq(fake.intcsr & PLX_INTCSR_DMA0_ENABLE, 0);
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR0, 0x09), 0);
	ck_assert_uint_eq(fake.csr[0] & PLX_DMACSR_ENABLE, 0);
	/* Whoever enables the source doesn't bring Enable back. */
	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_DMA0, 1);
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_uint_eq(fake.csr[0] & PLX_DMACSR_ENABLE, 0);
}
END_TEST

START_TEST(a_card_that_is_gone_is_told_apart)
{
	enum transport_control what = (enum transport_control)_i;

	fake.gone = 1;
	ck_assert_int_eq(control(0, what), -ENODEV);
}
END_TEST

START_TEST(the_handler_does_not_restart_a_paused_engine)
{
	running(0);
	ck_assert_int_eq(control(0, TRANSPORT_PAUSE), 0);
	ck_assert_uint_eq(fake.csr[0], 0);
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR0, PLX_DMACSR_CLEAR), 1);
	ck_assert_uint_eq(fake.csr[0], 0);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_DMA0, NULL), 1);
}
END_TEST

START_TEST(the_other_channel_is_acknowledged_as_ever)
{
	running(0);
	running(1);
	control(0, TRANSPORT_PAUSE);
	fake_assert(&fake, PLX_INTCSR_DMA1);
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR1, 0x09), 1);
}
END_TEST

START_TEST(resume_enables_without_start)
{
	running(0);
	control(0, TRANSPORT_PAUSE);
	fake.writes = 0;
	ck_assert_int_eq(control(0, TRANSPORT_RESUME), 0);
	check_write(0, PLX_INTCSR + 2, enables(0, 1));
	check_write(1, PLX_DMACSR0, PLX_DMACSR_ENABLE);
	check_write(2, PLX_INTCSR + 2, enables(1, 1));
	ck_assert_uint_eq(fake.writes, 3);
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR0, 0x09), 1);
}
END_TEST

START_TEST(resume_of_a_channel_that_is_done_writes_nothing)
{
	control(0, TRANSPORT_PAUSE);
	fake.writes = 0;
	ck_assert_int_eq(control(0, TRANSPORT_RESUME), 0);
	ck_assert_uint_eq(fake.writes, 0);
	/* It isn't held any more. */
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_uint_eq(fake_wrote(&fake, PLX_DMACSR0, 0x09), 1);
}
END_TEST

START_TEST(clear_leaves_a_paused_channel_held)
{
	running(0);
	control(0, TRANSPORT_PAUSE);
	ck_assert_int_eq(control(0, TRANSPORT_CLEAR), 0);
	fake_assert(&fake, PLX_INTCSR_DMA0);
	ck_assert_uint_eq(fake.csr[0] & PLX_DMACSR_ENABLE, 0);
}
END_TEST

START_TEST(an_enable_that_was_off_stays_off)
{
	interrupt_enable(&fake.interrupt, PLXDMA_IRQ_DMA1, 0);
	fake.writes = 0;
	control(1, TRANSPORT_CLEAR);
	ck_assert_uint_eq(fake.intcsr & PLX_INTCSR_DMA1_ENABLE, 0);
	ck_assert_uint_eq(fake.writes, 1);
}
END_TEST

static void interrupt_meanwhile(struct fake *card, unsigned int offset)
{
	if (offset != PLX_DMACSR0)
		return;
	card->meanwhile = NULL;
	fake_assert(card, PLX_INTCSR_DMA1);
}

START_TEST(the_other_channels_interrupt_during_a_control_is_handled)
{
	fake.meanwhile = interrupt_meanwhile;
	control(0, TRANSPORT_CLEAR);
	ck_assert_int_eq(fake_taken(&fake, PLXDMA_IRQ_DMA1, NULL), 1);
}
END_TEST

START_TEST(an_unknown_control_is_refused)
{
	ck_assert_int_eq(control(0, (enum transport_control)99), -EINVAL);
	ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

Suite *suite_control(void)
{
	Suite *suite = suite_create("control");
	TCase *tests = tcase_create("channel");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(
		tests,
		abort_takes_the_interrupt_away_first_and_gives_it_back_last);
	tcase_add_test(tests, an_idle_channel_is_never_aborted);
	tcase_add_test(
		tests,
		an_engine_that_does_not_stop_is_reported_in_bounded_time);
	tcase_add_loop_test(tests, a_card_that_is_gone_is_told_apart,
			    TRANSPORT_PAUSE, TRANSPORT_CLEAR + 1);
	tcase_add_test(tests, the_handler_does_not_restart_a_paused_engine);
	tcase_add_test(tests, the_other_channel_is_acknowledged_as_ever);
	tcase_add_test(tests, resume_enables_without_start);
	tcase_add_test(tests, resume_of_a_channel_that_is_done_writes_nothing);
	tcase_add_test(tests, clear_leaves_a_paused_channel_held);
	tcase_add_test(tests, an_enable_that_was_off_stays_off);
	tcase_add_test(
		tests,
		the_other_channels_interrupt_during_a_control_is_handled);
	tcase_add_test(tests, an_unknown_control_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
