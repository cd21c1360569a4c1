/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a program must not do is refused with the documented errno and a text,
 * and harms nothing that is under way.
 */
#include <errno.h>
#include <string.h>

#include "rig.h"
#include "suites.h"

static struct plxdma_transfer *busy(struct rig *rig)
{
	struct plxdma_transfer *transfer;

	rig_open(rig, RIG_SLOW);
	rig_request(rig, PLXDMA_TO_HOST, PLXDMA_FORM_AUTO, 0);
	transfer = rig_transfer(rig, 0);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	return transfer;
}

static void refused(struct rig *rig, int error, int expected)
{
	ck_assert_int_eq(error, -expected);
	ck_assert_str_ne(plxdma_error(rig->stage.card), "");
}

/* The busy one comes to its end unharmed. */
static void finish(struct rig *rig, struct plxdma_transfer *transfer)
{
	ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL), 0);
	rig_check(rig, RIG_SIZE);
	rig_close(rig);
}

START_TEST(a_transfer_under_way_can_not_be_submitted_again)
{
	struct plxdma_transfer *transfer;
	struct rig rig;

	transfer = busy(&rig);
	refused(&rig, plxdma_submit(transfer), EBUSY);
	finish(&rig, transfer);
}
END_TEST

START_TEST(a_transfer_under_way_can_not_be_changed)
{
	struct plxdma_transfer *transfer;
	struct rig rig;

	transfer = busy(&rig);
	refused(&rig, plxdma_transfer_change(transfer, &rig.request), EBUSY);
	finish(&rig, transfer);
}
END_TEST

START_TEST(a_busy_channel_keeps_mode_and_waiting)
{
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer;
	struct rig rig;

	transfer = busy(&rig);
	channel = rig.stage.channels[0];
	refused(&rig, plxdma_channel_set_mode(channel, rig.stage.fifo_mode),
		EBUSY);
	refused(&rig, plxdma_channel_set_waiting(channel, PLXDMA_WAIT_SPIN),
		EBUSY);
	finish(&rig, transfer);
}
END_TEST

START_TEST(a_channel_is_opened_once)
{
	struct plxdma_channel *second = NULL;
	struct rig rig;

	rig_open(&rig, "");
	refused(&rig, plxdma_channel_open(rig.stage.card, 0, &second), EBUSY);
	ck_assert_int_lt(plxdma_channel_open(rig.stage.card, 2, &second), 0);
	rig_close(&rig);
}
END_TEST

START_TEST(a_transfer_that_was_not_submitted_has_no_end)
{
	struct plxdma_transfer *transfer;
	struct rig rig;

	rig_open(&rig, "");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_AUTO, 0);
	transfer = rig_transfer(&rig, 0);
	refused(&rig, plxdma_wait(transfer, RIG_SECOND, NULL), EINVAL);
	refused(&rig, plxdma_poll(transfer, NULL), EINVAL);
	refused(&rig, plxdma_cancel(transfer), EINVAL);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL), 0);
	/* Taken: it has ended once. */
	refused(&rig, plxdma_wait(transfer, RIG_SECOND, NULL), EINVAL);
	ck_assert_ptr_null(plxdma_channel_reap(rig.stage.channels[0], NULL));
	rig_close(&rig);
}
END_TEST

/* Numbers chosen to reach memory that is not the caller's. */
START_TEST(memory_that_is_not_the_cards_is_refused)
{
	static const struct {
		uint64_t offset, length;
	} outside[] = {
		{ UINT64_MAX, 1 },
		{ UINT64_MAX, 2 },
		{ 2u << 20, 1 },
		{ (2u << 20) - 1, 2 },
		{ 0, (2u << 20) + 1 },
		{ 0, UINT64_MAX },
		{ 4096, UINT64_MAX - 4095 },
		{ 4096, UINT64_MAX - 4096 },
		{ 1, UINT64_MAX },
		{ UINT64_C(1) << 48, 4 },
		{ UINT64_C(1) << 63, 4 },
		{ UINT64_C(0) - (UINT64_C(1) << 32), 4 },
	};
	struct plxdma_transfer *transfer = NULL;
	struct rig rig;
	int error;

	rig_open(&rig, "");
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		for (unsigned int form = 0; form < 3; form++) {
			rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK,
				    0);
			rig.request.form = form;
			rig.request.handle = rig.stage.handle +
					     outside[i].offset;
			rig.request.length = outside[i].length;
			error = plxdma_transfer_new(rig.stage.channels[0],
						    &rig.request, &transfer);
			ck_assert_msg(error == -ERANGE, "%zu, form %u: %d", i,
				      form, error);
		}
		if (outside[i].length > UINT32_MAX)
			continue;
		rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_CHAIN, 0);
		rig.pieces[2].handle = rig.stage.handle + outside[i].offset;
		rig.pieces[2].length = (uint32_t)outside[i].length;
		error = plxdma_transfer_new(rig.stage.channels[0],
					    &rig.request, &transfer);
		ck_assert_msg(error == -ERANGE, "%zu, list: %d", i, error);
	}
	rig.request.segments = NULL;
	rig.request.segment_count = 0;
	rig.request.handle = 0;
	rig.request.length = 4;
	refused(&rig, plxdma_transfer_new(rig.stage.channels[0], &rig.request,
					  &transfer), ERANGE);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

START_TEST(a_request_that_makes_no_sense_is_refused)
{
	struct plxdma_transfer *transfer = NULL;
	struct plxdma_request request;
	struct rig rig;

	rig_open(&rig, "");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 0);
	request = rig.request;
	switch (_i) {
	case 0:
		request.size = 0;
		break;
	case 1:
		request.direction = 2;
		break;
	case 2:
		request.form = 4;
		break;
	case 3:
		request.reserved = 1;
		break;
	case 4:
		request.segments = NULL;
		request.segment_count = 4;
		break;
	case 5:
		request.size = 8;
		break;
	}
	refused(&rig, plxdma_transfer_new(rig.stage.channels[0], &request,
					  &transfer), EINVAL);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

/* A failed change leaves the old request standing. */
START_TEST(a_change_that_fails_changes_nothing)
{
	struct plxdma_request request;
	struct plxdma_transfer *transfer;
	struct rig rig;

	rig_open(&rig, "");
	rig_request(&rig, PLXDMA_TO_HOST, _i ? PLXDMA_FORM_CHAIN :
		    PLXDMA_FORM_BLOCK, 0);
	transfer = rig_transfer(&rig, 0);
	request = rig.request;
	request.segments = NULL;
	request.segment_count = 0;
	request.handle = rig.stage.handle + rig.stage.host_size - 4;
	request.length = 5;
	refused(&rig, plxdma_transfer_change(transfer, &request), ERANGE);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL), 0);
	rig_check(&rig, RIG_SIZE);
	rig_close(&rig);
}
END_TEST

START_TEST(local_addresses_do_not_wrap)
{
	struct plxdma_transfer *transfer = NULL;
	struct rig rig;
	int error;

	rig_open(&rig, "");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 0);
	rig.request.local = UINT32_MAX - 3;
	rig.request.length = 8;
	error = plxdma_transfer_new(rig.stage.channels[0], &rig.request,
				    &transfer);
	ck_assert_msg(error == -EINVAL || error == -ERANGE, "%d", error);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

Suite *misuse_suite(void)
{
	Suite *suite = suite_create("misuse");
	TCase *tcase = tcase_create("misuse");

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, a_transfer_under_way_can_not_be_submitted_again);
	tcase_add_test(tcase, a_transfer_under_way_can_not_be_changed);
	tcase_add_test(tcase, a_busy_channel_keeps_mode_and_waiting);
	tcase_add_test(tcase, a_channel_is_opened_once);
	tcase_add_test(tcase, a_transfer_that_was_not_submitted_has_no_end);
	tcase_add_test(tcase, memory_that_is_not_the_cards_is_refused);
	tcase_add_loop_test(tcase, a_request_that_makes_no_sense_is_refused, 0,
			    6);
	tcase_add_loop_test(tcase, a_change_that_fails_changes_nothing, 0, 2);
	tcase_add_test(tcase, local_addresses_do_not_wrap);
	suite_add_tcase(suite, tcase);
	return suite;
}
