/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every fault that the software card can play, in every mode: the caller is
 * told what happened, gets its memory back for good, and goes on.
 *
 * A transfer here takes 4 ms of bus time, and a fault strikes in its middle.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rig.h"
#include "suites.h"

enum after {
	GOES_ON,		/* the next transfer works */
	STUCK,			/* out of service: -ESHUTDOWN */
	GONE,			/* -ENODEV */
};

struct fault {
	const char *fault;
	enum plxdma_status status;
	int error;
	enum after after;
	int chain_only;
	uint32_t bytes;		/* moved before it struck, at most */
};

static const struct fault faults[] = {
	{ "master-abort@data:20000", PLXDMA_MASTER_ABORT, EFAULT, GOES_ON, 0,
	  20000 },
	{ "master-abort@data:0", PLXDMA_MASTER_ABORT, EFAULT, GOES_ON, 0, 0 },
	{ "master-abort@descriptor:0", PLXDMA_MASTER_ABORT, EFAULT, GOES_ON, 1,
	  0 },
	{ "master-abort@descriptor:2", PLXDMA_MASTER_ABORT, EFAULT, GOES_ON, 1,
	  RIG_SIZE / 2 },
	{ "target-abort@data:20000", PLXDMA_TARGET_ABORT, EREMOTEIO, GOES_ON,
	  0, 20004 },
	{ "target-abort@data:65532", PLXDMA_TARGET_ABORT, EREMOTEIO, GOES_ON,
	  0, RIG_SIZE },
	{ "target-abort@descriptor:0", PLXDMA_TARGET_ABORT, EREMOTEIO, GOES_ON,
	  1, 0 },
	{ "target-abort@descriptor:3", PLXDMA_TARGET_ABORT, EREMOTEIO, GOES_ON,
	  1, RIG_SIZE * 3 / 4 },
	{ "hang@data:20000", PLXDMA_TIMED_OUT, ETIMEDOUT, GOES_ON, 0, 20000 },
	{ "hang@start:0", PLXDMA_TIMED_OUT, ETIMEDOUT, GOES_ON, 0, 0 },
	{ "hang@descriptor:1", PLXDMA_TIMED_OUT, ETIMEDOUT, GOES_ON, 1,
	  RIG_SIZE / 4 },
	{ "stuck@data:20000", PLXDMA_STUCK, ESHUTDOWN, STUCK, 0, 20000 },
	{ "stuck@start:0", PLXDMA_STUCK, ESHUTDOWN, STUCK, 0, 0 },
	{ "stuck@descriptor:1", PLXDMA_STUCK, ESHUTDOWN, STUCK, 1,
	  RIG_SIZE / 4 },
	{ "lost-irq@irq:0", PLXDMA_DONE, 0, GOES_ON, 0, RIG_SIZE },
	{ "late-irq@irq:0", PLXDMA_DONE, 0, GOES_ON, 0, RIG_SIZE },
	{ "storm@irq:0", PLXDMA_DONE, 0, GOES_ON, 0, RIG_SIZE },
	{ "gone@start:0", PLXDMA_GONE, ENODEV, GONE, 0, 0 },
	{ "gone@data:20000", PLXDMA_GONE, ENODEV, GONE, 0, 20000 },
	{ "gone@descriptor:1", PLXDMA_GONE, ENODEV, GONE, 1, RIG_SIZE / 4 },
	{ "reset@start:0", PLXDMA_RESET, ECONNRESET, GOES_ON, 0, 0 },
	{ "reset@data:20000", PLXDMA_RESET, ECONNRESET, GOES_ON, 0, 20000 },
	{ "reset@descriptor:2", PLXDMA_RESET, ECONNRESET, GOES_ON, 1,
	  RIG_SIZE / 2 },
};
#define FAULTS ((int)(sizeof(faults) / sizeof(faults[0])))

struct setting {
	const char *engine;
	const char *options;	/* the engine, and slow */
	enum plxdma_waiting waiting;
	enum plxdma_form form;
	enum plxdma_direction direction;
	unsigned int channel;
};
#define SETTINGS 16

static struct setting setting_of(int i)
{
	return (struct setting){
		.engine = i & 1 ? "engine=inline" : "engine=thread",
		.options = i & 1 ? RIG_SLOW ",engine=inline" :
			   RIG_SLOW ",engine=thread",
		.waiting = i & 2 ? PLXDMA_WAIT_SPIN : PLXDMA_WAIT_EVENT,
		.form = i & 4 ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK,
		.direction = i & 8 ? PLXDMA_TO_CARD : PLXDMA_TO_HOST,
		/* Both occur with each of the others. */
		.channel = (unsigned int)((i ^ i >> 1 ^ i >> 2 ^ i >> 3) & 1),
	};
}

static void arm(struct rig *rig, const char *fault)
{
	ck_assert_msg(plxdma_card_fault(rig->stage.card, fault) == 0, "%s: %s",
		      fault, plxdma_error(rig->stage.card));
}

static void check_outcome(const struct rig *rig, const struct fault *fault,
			  int error, const struct plxdma_result *result)
{
	ck_assert_msg(error == -fault->error && result->status == fault->status,
		      "%s: %s, status %u: %s", fault->fault,
		      error ? strerror(-error) : "no error", result->status,
		      plxdma_error(rig->stage.card));
	if (error)
		ck_assert_str_ne(plxdma_error(rig->stage.card), "");
	ck_assert_uint_le(result->bytes, fault->bytes);
	if (fault->status == PLXDMA_DONE) {
		ck_assert_uint_eq(result->bytes, RIG_SIZE);
		ck_assert_uint_eq(result->bytes_exact, 1);
	}
	/* What is said to have moved has moved. */
	rig_check(rig, result->bytes);
}

static void check_out_of_service(struct rig *rig, int expected)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_transfer *transfer;

	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		rig_request(rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 3);
		if (plxdma_transfer_new(rig->stage.channels[i], &rig->request,
					&transfer) != 0)
			continue;
		ck_assert_int_eq(plxdma_submit(transfer), -expected);
		ck_assert_str_ne(plxdma_error(rig->stage.card), "");
		plxdma_transfer_free(transfer);
	}
	ck_assert_int_eq(plxdma_card_info(rig->stage.card, &info), 0);
	if (expected == ESHUTDOWN)
		ck_assert_uint_eq(info.in_service, 0);
}

START_TEST(a_fault_is_told_and_survived)
{
	const struct fault *fault = &faults[_i / SETTINGS];
	struct setting setting = setting_of(_i % SETTINGS);
	struct plxdma_result result = { .size = sizeof(result) };
	int64_t patience = fault->status == PLXDMA_TIMED_OUT ||
			   fault->status == PLXDMA_STUCK ?
			   RIG_SECOND / 10 : RIG_SOON;
	struct rig rig;
	int error;

	if (fault->chain_only && setting.form != PLXDMA_FORM_CHAIN)
		return;
	rig_open(&rig, setting.options);
	rig_set_waiting(&rig, setting.waiting);
	rig_request(&rig, setting.direction, setting.form, 1);
	arm(&rig, fault->fault);
	error = plxdma_transfer_once(rig.stage.channels[setting.channel],
				     &rig.request, patience, &result);
	check_outcome(&rig, fault, error, &result);
	arm(&rig, "none");
	if (fault->after != STUCK)
		rig_check_given_back(&rig);
	if (fault->after == GOES_ON)
		rig_check_works(&rig);
	else
		check_out_of_service(&rig, fault->after == STUCK ? ESHUTDOWN :
				     ENODEV);
	rig_close(&rig);
}
END_TEST

/* How long a fault of the interrupt may delay what has ended. */
START_TEST(an_interrupt_that_fails_costs_a_bounded_delay)
{
	static const char *const irqs[] = { "lost-irq@irq:0x0",
					    "late-irq@irq:0x0",
					    "storm@irq:0x0" };
	struct setting setting = setting_of(_i % 2);
	struct rig rig;
	int64_t start;

	rig_open(&rig, setting.options);
	arm(&rig, irqs[_i / 2]);
	for (unsigned int i = 0; i < 4; i++) {
		rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_AUTO, i);
		start = rig_now();
		ck_assert_int_eq(plxdma_transfer_once(
					 rig.stage.channels[i % 2],
					 &rig.request, -1, NULL), 0);
		ck_assert_int_lt(rig_now() - start, 10 * RIG_SECOND);
		rig_check(&rig, RIG_SIZE);
	}
	rig_close(&rig);
}
END_TEST

/* The other channel notices nothing but its turn. */
START_TEST(a_fault_of_one_channel_leaves_the_other_alone)
{
	struct setting setting = setting_of(_i);
	struct plxdma_transfer *good, *bad;
	struct rig rig;

	rig_open(&rig, setting.options);
	rig_set_waiting(&rig, setting.waiting);
	arm(&rig, "master-abort@data:60000");
	rig_request(&rig, setting.direction, setting.form, 1);
	bad = rig_transfer(&rig, 0);
	ck_assert_int_eq(plxdma_submit(bad), 0);
	ck_assert_int_eq(plxdma_wait(bad, 60 * RIG_SOON, NULL), -EFAULT);
	arm(&rig, "hang@start:0");
	ck_assert_int_eq(plxdma_submit(bad), 0);
	rig_request(&rig, setting.direction, setting.form, 2);
	good = rig_transfer(&rig, 1);
	ck_assert_int_eq(plxdma_submit(good), 0);
	ck_assert_int_eq(plxdma_wait(good, 60 * RIG_SOON, NULL), 0);
	rig_check(&rig, RIG_SIZE);
	ck_assert_int_eq(plxdma_cancel(bad), 0);
	ck_assert_int_eq(plxdma_wait(bad, RIG_SOON, NULL), -ECANCELED);
	rig_check_given_back(&rig);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

static int status_fits(int error, uint32_t status)
{
	static const int errors[] = {
		[PLXDMA_DONE] = 0,
		[PLXDMA_TIMED_OUT] = ETIMEDOUT,
		[PLXDMA_MASTER_ABORT] = EFAULT,
		[PLXDMA_TARGET_ABORT] = EREMOTEIO,
	};

	return status < sizeof(errors) / sizeof(errors[0]) &&
	       status != PLXDMA_RUNNING && status != PLXDMA_EOT &&
	       status != PLXDMA_CANCELLED && error == -errors[status];
}

START_TEST(random_faults_never_do_worse_than_they_say)
{
	struct setting setting = setting_of(_i);
	unsigned int faulty = 0;
	char options[160];
	struct rig rig;

	snprintf(options, sizeof(options), "%s,rate=400e6,seed=%d",
		 setting.engine, _i + 1);
	rig_open(&rig, options);
	rig_set_waiting(&rig, setting.waiting);
	arm(&rig, "master-abort@random:40x0+target-abort@random:50x0+"
	    "hang@random:90x0+lost-irq@random:7x0+late-irq@random:9x0");
	for (unsigned int i = 0; i < 150; i++) {
		struct plxdma_result result = { .size = sizeof(result) };
		int error;

		rig_request(&rig, i & 1 ? PLXDMA_TO_HOST : PLXDMA_TO_CARD,
			    i & 2 ? PLXDMA_FORM_BLOCK : PLXDMA_FORM_CHAIN,
			    i % 8);
		error = plxdma_transfer_once(rig.stage.channels[i / 4 % 2],
					     &rig.request, RIG_SECOND / 50,
					     &result);
		ck_assert_msg(status_fits(error, result.status),
			      "%d, status %u", error, result.status);
		rig_check(&rig, result.bytes);
		faulty += error != 0;
	}
	/* Neither all nor none: else nothing was tested. */
	ck_assert_uint_gt(faulty, 0);
	ck_assert_uint_lt(faulty, 150);
	arm(&rig, "none");
	rig_check_given_back(&rig);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

START_TEST(a_fault_that_is_none_is_refused)
{
	static const char *const wrong[] = {
		"nonsense", "stuck@nowhere:1", "hang@data:", "gone@data:x",
		"master-abort@data:5x", "lost-irq@irq:-1", "+",
		"none+nonsense", "hang@data:99999999999999999999",
	};
	struct rig rig;

	rig_open(&rig, "");
	ck_assert_int_eq(plxdma_card_fault(rig.stage.card, wrong[_i]),
			 -EINVAL);
	ck_assert_str_ne(plxdma_error(rig.stage.card), "");
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

Suite *faults_suite(void)
{
	Suite *suite = suite_create("faults");
	TCase *tcase = tcase_create("faults");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, a_fault_is_told_and_survived, 0,
			    FAULTS * SETTINGS);
	tcase_add_loop_test(tcase,
			    an_interrupt_that_fails_costs_a_bounded_delay, 0,
			    6);
	tcase_add_loop_test(tcase,
			    a_fault_of_one_channel_leaves_the_other_alone, 0,
			    SETTINGS);
	tcase_add_loop_test(tcase, random_faults_never_do_worse_than_they_say,
			    0, SETTINGS);
	tcase_add_loop_test(tcase, a_fault_that_is_none_is_refused, 0, 9);
	suite_add_tcase(suite, tcase);
	return suite;
}
