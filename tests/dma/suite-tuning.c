/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bus tuning on a card of paper: which byte of which register, and when. */
#include <errno.h>
#include <string.h>

#include "chip/tuning.h"
#include "rig.h"
#include "suites.h"

#define MARBR 0x08
#define CNTRL 0x6c
#define DMATHR 0xb0
#define CACHE_LINE 0x0c
#define LATENCY 0x0d

static struct rig rig;

static void break_rig(void)
{
	rig_break(&rig);
}

static void make(uint32_t hidr, const char *options)
{
	rig_make(&rig, hidr, options, NULL, 4);
}

static void tune(const struct plxdma_tuning *tuning)
{
	struct error error = { "" };

	ck_assert_msg(!dma_card_tuning_set(rig.card, tuning, &error), "%s",
		      error.text);
}

static struct plxdma_tuning got(void)
{
	struct plxdma_tuning tuning;

	ck_assert_int_eq(dma_card_tuning_get(rig.card, &tuning, NULL), 0);
	return tuning;
}

START_TEST(what_the_registers_say_is_told)
{
	struct plxdma_tuning tuning;

	make(C9054, "fake:");
	fake_set(rig.fake, MARBR, 0x01230a0b);
	fake_set(rig.fake, CNTRL, 0x000f76fc);
	fake_set(rig.fake, DMATHR, 0x12345678);
	rig.fake->config[CACHE_LINE] = 8;
	rig.fake->config[LATENCY] = 80;
	tuning = got();
	ck_assert_uint_eq(tuning.size, sizeof(tuning));
	ck_assert_uint_eq(tuning.pci_latency, 80);
	ck_assert_uint_eq(tuning.cache_line, 8);
	ck_assert_uint_eq(tuning.local_latency, 0x0b);
	ck_assert_uint_eq(tuning.local_pause, 0x0a);
	ck_assert_uint_eq(tuning.local_latency_on, 1);
	ck_assert_uint_eq(tuning.local_pause_on, 1);
	ck_assert_uint_eq(tuning.read_command, 0xc);
	ck_assert_uint_eq(tuning.write_command, 0xf);
	ck_assert_uint_eq(tuning.threshold, 0x12345678);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
}
END_TEST

START_TEST(each_field_writes_its_own_byte_and_no_other)
{
	static const struct fake_access expected[] = {
		B(MARBR, 0x20), B(MARBR + 1, 0x30), B(MARBR + 2, 0x23),
		B(CNTRL, 0x7c), W(DMATHR, 0x77),
	};
	struct plxdma_tuning tuning;

	make(C9054, "fake:");
	fake_set(rig.fake, MARBR, 0x01200000);
	/* What is written back whole would clear LINTo# and LSERR# (W1C). */
	fake_set(rig.fake, CNTRL, 0x003f767e);
	tuning_init(&tuning);
	tuning.pci_latency = 64;
	tuning.cache_line = 16;
	tuning.local_latency = 0x20;
	tuning.local_pause = 0x30;
	tuning.local_latency_on = 1;
	tuning.local_pause_on = 1;
	tuning.read_command = 0xc;
	tuning.threshold = 0x77;
	tune(&tuning);
	ck_assert(fake_wrote(rig.fake, expected, COUNT(expected)));
	ck_assert_uint_eq(rig.fake->config[LATENCY], 64);
	ck_assert_uint_eq(rig.fake->config[CACHE_LINE], 16);
	ck_assert_uint_eq(fake_reg(rig.fake, MARBR), 0x01233020);
}
END_TEST

START_TEST(what_is_kept_is_not_written)
{
	static const struct fake_access expected[] = { B(MARBR + 2, 0x20) };
	struct plxdma_tuning tuning;

	make(C9054, "fake:");
	tuning_init(&tuning);
	tune(&tuning);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	fake_set(rig.fake, MARBR, 0x00210000);
	tuning.local_latency_on = 0;
	tune(&tuning);
	ck_assert(fake_wrote(rig.fake, expected, COUNT(expected)));
}
END_TEST

START_TEST(a_running_transfer_is_not_disturbed)
{
	struct dma_transfer *transfer;
	struct plxdma_tuning tuning;
	struct error error = { "" };

	make(C9054, "fake:");
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	fake_forget(rig.fake);
	tuning_init(&tuning);
	tuning.pci_latency = 64;
	tuning.threshold = 0;
	ck_assert_int_eq(dma_card_tuning_set(rig.card, &tuning, &error),
			 -EBUSY);
	ck_assert_ptr_nonnull(strstr(error.text, "under way"));
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_uint_eq(rig.fake->config[LATENCY], 0);
	dma_transfer_free(transfer);
	tune(&tuning);
	ck_assert_uint_eq(rig.fake->config[LATENCY], 64);
}
END_TEST

START_TEST(a_wrong_field_changes_none)
{
	struct plxdma_tuning tuning;
	struct error error = { "" };

	make(C9080, "fake:");
	tuning_init(&tuning);
	tuning.pci_latency = 64;
	tuning.threshold = 0;
	ck_assert_int_eq(dma_card_tuning_set(rig.card, &tuning, &error),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "erratum 11"));
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_uint_eq(rig.fake->config[LATENCY], 0);
}
END_TEST

START_TEST(a_card_that_is_gone_has_no_tuning)
{
	struct plxdma_tuning tuning;

	make(C9054, "fake:");
	rig.fake->gone = 1;
	ck_assert_int_eq(dma_card_tuning_get(rig.card, &tuning, NULL),
			 -ENODEV);
	tuning_init(&tuning);
	ck_assert_int_eq(dma_card_tuning_set(rig.card, &tuning, NULL),
			 -ENODEV);
	rig.fake->gone = 0;
}
END_TEST

/* Registers as a reset leaves them. */
static void spoil(void)
{
	fake_set(rig.fake, MARBR, 0x00200000);
	fake_set(rig.fake, CNTRL, 0x000f767e);
	fake_set(rig.fake, DMATHR, 0);
	rig.fake->config[LATENCY] = 0;
}

START_TEST(options_tune_the_card_from_the_start_and_after_a_reset)
{
	make(_i ? C9080 : C9054,
	     "fake:tune.pci_latency=80,tune.read_command=0xc,reset=allowed,"
	     "tune.threshold=0x110");
	ck_assert_uint_eq(got().pci_latency, 80);
	ck_assert_uint_eq(got().read_command, 0xc);
	ck_assert_uint_eq(got().threshold, 0x110);
	spoil();
	ck_assert_int_eq(dma_card_reset(rig.card, NULL), 0);
	ck_assert_uint_eq(got().pci_latency, 80);
	ck_assert_uint_eq(got().read_command, 0xc);
	ck_assert_uint_eq(got().threshold, 0x110);
}
END_TEST

START_TEST(what_was_set_outlives_a_reset_by_somebody_else)
{
	struct plxdma_tuning tuning;
	struct dma_transfer *transfer;

	make(C9054, "fake:tune.threshold=0x110");
	tuning_init(&tuning);
	tuning.pci_latency = 48;
	tune(&tuning);
	fake_plan(rig.fake, 0, FAKE_RESET);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	spoil();
	ck_assert_uint_ge(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RESET);
	ck_assert_uint_eq(got().pci_latency, 48);
	ck_assert_uint_eq(got().threshold, 0x110);
	dma_transfer_free(transfer);
}
END_TEST

static const struct {
	const char *spec, *text;
} wrong[] = {
	{ "fake:tune.pci_latency=256", "pci_latency=256" },
	{ "fake:tune.pci_latency", "tune.FIELD=VALUE" },
	{ "fake:tune.speed=9", "tune.speed=9" },
	{ "fake:tune.=1", "tune.FIELD=VALUE" },
	{ "fake:tune.threshold=,x=1", "threshold=" },
};

START_TEST(an_option_that_tunes_nothing_is_refused)
{
	struct card_options options;
	struct error error = { "" };
	char rest[64];

	ck_assert_int_eq(options_strip(wrong[_i].spec, &options, rest,
				       sizeof(rest), &error), -EINVAL);
	ck_assert_msg(strstr(error.text, wrong[_i].text) != NULL, "%s",
		      error.text);
}
END_TEST

START_TEST(tuning_that_the_chip_lacks_keeps_the_card_closed)
{
	struct card_options options;
	struct error error = { "" };
	struct dma_card *card;
	struct fake *fake = fake_new(C9080);
	char rest[64];

	ck_assert_int_eq(options_strip("fake:tune.threshold=0,x=1", &options,
				       rest, sizeof(rest), NULL), 0);
	ck_assert_str_eq(rest, "fake:x=1");
	ck_assert_int_eq(card_new(&fake->transport, &options, "fake", &card,
				  &error), -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "erratum 11"));
	ck_assert_int_eq(fake->closed, 1);
	ck_assert_uint_eq(fake_writes(fake), 0);
	fake_free(fake);
}
END_TEST

Suite *tuning_suite(void)
{
	Suite *suite = suite_create("tuning");
	TCase *card = tcase_create("card"), *options = tcase_create("options");

	tcase_add_checked_fixture(card, NULL, break_rig);
	tcase_add_test(card, what_the_registers_say_is_told);
	tcase_add_test(card, each_field_writes_its_own_byte_and_no_other);
	tcase_add_test(card, what_is_kept_is_not_written);
	tcase_add_test(card, a_running_transfer_is_not_disturbed);
	tcase_add_test(card, a_wrong_field_changes_none);
	tcase_add_test(card, a_card_that_is_gone_has_no_tuning);
	tcase_add_loop_test(
		card, options_tune_the_card_from_the_start_and_after_a_reset, 0,
		2);
	tcase_add_test(card,
		       what_was_set_outlives_a_reset_by_somebody_else);
	suite_add_tcase(suite, card);
	tcase_add_loop_test(options, an_option_that_tunes_nothing_is_refused,
			    0, COUNT(wrong));
	tcase_add_test(options,
		       tuning_that_the_chip_lacks_keeps_the_card_closed);
	suite_add_tcase(suite, options);
	return suite;
}
