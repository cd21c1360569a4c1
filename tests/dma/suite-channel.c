/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Queue, progress, completion, EOT#, resets that others made. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "rig.h"
#include "suites.h"

static const uint64_t scattered[] = { 0x10000000, 0x20000000, 0x30000000 };

START_TEST(progress_of_an_idle_channel_reads_nothing)
{
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(rig.fake->csr_reads + rig.fake->other_reads, 0);
	ck_assert_uint_eq(dma_channel_deadline(rig.channel), 0);
	rig_break(&rig);
}
END_TEST

START_TEST(a_running_transfer_is_looked_at_by_one_read)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.fake->looks = 2;
	fake_plan(rig.fake, 0, FAKE_LATER);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_uint_ne(dma_channel_deadline(rig.channel), 0);
	fake_forget(rig.fake);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(rig.fake->csr_reads, 1);
	ck_assert_uint_eq(rig.fake->other_reads, 0);
	ck_assert_ptr_null(dma_channel_take(rig.channel));
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_uint_eq(rig.fake->csr_reads, 2);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_ptr_eq(dma_channel_take(rig.channel), transfer);
	ck_assert_ptr_null(dma_channel_take(rig.channel));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(all_bytes_of_a_done_transfer_moved_exactly)
{
	struct dma_transfer *transfer;
	struct plxdma_result result;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	result = rig_result(transfer);
	ck_assert_uint_eq(result.size, sizeof(result));
	ck_assert_uint_eq(result.bytes, 256);
	ck_assert_uint_eq(result.bytes_exact, 1);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(done_of_the_other_channel_is_not_taken_for_ours)
{
	struct dma_transfer *zero, *one;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	zero = rig_transfer(&rig);
	one = rig_transfer_on(&rig, 1);
	rig_submit(zero);
	rig_submit(one);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(dma_channel_progress(one->channel), 1);
	ck_assert_int_eq(dma_transfer_status(zero), PLXDMA_RUNNING);
	ck_assert_int_eq(dma_transfer_status(one), PLXDMA_DONE);
	dma_transfer_free(zero);
	dma_transfer_free(one);
	rig_break(&rig);
}
END_TEST

START_TEST(queued_transfers_run_in_order_each_started_by_the_look_before)
{
	struct dma_transfer *transfer[3];
	struct rig rig;
	unsigned int i;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	for (i = 0; i < 3; i++) {
		rig.request.local = 0x1000 * i;
		transfer[i] = rig_transfer(&rig);
		rig_submit(transfer[i]);
	}
	ck_assert_uint_eq(fake_reg(rig.fake, PLX_DMALADR0), 0);
	for (i = 0; i < 3; i++) {
		ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
		ck_assert_uint_eq(fake_reg(rig.fake, PLX_DMALADR0),
				  0x1000 * (i < 2 ? i + 1 : 2));
		ck_assert_ptr_eq(dma_channel_take(rig.channel), transfer[i]);
	}
	for (i = 0; i < 3; i++)
		dma_transfer_free(transfer[i]);
	rig_break(&rig);
}
END_TEST

START_TEST(a_transfer_under_way_is_busy_until_it_is_taken)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_submit(transfer), -EBUSY);
	ck_assert_int_eq(dma_transfer_change(transfer, &rig.request, NULL),
			 -EBUSY);
	ck_assert_int_eq(dma_transfer_take(transfer), -EAGAIN);
	dma_channel_progress(rig.channel);
	ck_assert_int_eq(dma_transfer_submit(transfer), -EBUSY);
	ck_assert_int_eq(dma_transfer_take(transfer), 0);
	ck_assert_int_eq(dma_transfer_take(transfer), -EAGAIN);
	ck_assert_ptr_null(dma_channel_take(rig.channel));
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_full_queue_says_so)
{
	static struct dma_transfer *transfer[DMA_QUEUE + 2];
	struct rig rig;
	unsigned int i;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	for (i = 0; i < COUNT(transfer); i++) {
		transfer[i] = rig_transfer(&rig);
		ck_assert_int_eq(dma_transfer_submit(transfer[i]),
				 i <= DMA_QUEUE ? 0 : -EAGAIN);
	}
	for (i = COUNT(transfer); i-- > 0;)
		dma_transfer_free(transfer[i]);
	rig_break(&rig);
}
END_TEST

START_TEST(mode_and_waiting_are_set_on_an_idle_channel_only)
{
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	mode_init(&mode);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_int_eq(dma_channel_set_mode(rig.channel, &mode, NULL),
			 -EBUSY);
	ck_assert_int_eq(dma_channel_set_waiting(rig.channel,
						 PLXDMA_WAIT_SPIN), -EBUSY);
	dma_channel_progress(rig.channel);
	ck_assert_int_eq(dma_channel_set_mode(rig.channel, &mode, NULL), 0);
	ck_assert_int_eq(dma_channel_set_waiting(rig.channel,
						 (enum plxdma_waiting)7),
			 -EINVAL);
	mode.demand = 1;
	ck_assert_int_eq(dma_channel_set_mode(dma_card_channel(rig.card, 1),
					      &mode, NULL), -EINVAL);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_mode_of_the_request_is_checked_as_well)
{
	struct plxdma_mode mode;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	mode_init(&mode);
	mode.width = 7;
	rig.request.mode = &mode;
	rig_refuses(&rig, -EINVAL, "field");
	rig_break(&rig);
}
END_TEST

START_TEST(user_pointers_come_back)
{
	struct dma_transfer *transfer;
	struct rig rig;
	int mark;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	ck_assert_ptr_null(dma_transfer_user(transfer));
	dma_transfer_set_user(transfer, &mark);
	ck_assert_ptr_eq(dma_transfer_user(transfer), &mark);
	dma_transfer_free(transfer);
	dma_transfer_free(NULL);
	rig_break(&rig);
}
END_TEST

/* EOT# */

static void eot_rig(struct rig *rig, struct plxdma_mode *mode)
{
	rig_make(rig, C9054, "fake:", scattered, 3);
	mode_init(mode);
	mode->eot = 1;
	rig->request.mode = mode;
	rig->request.length = 12288;
}

START_TEST(a_chain_that_eot_ended_tells_by_its_descriptor)
{
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct plxdma_result result;
	struct rig rig;

	eot_rig(&rig, &mode);
	fake_plan(rig.fake, 0, FAKE_EOT);
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(transfer->program.count, 4);
	rig_submit(transfer);
	/* 100 of the second descriptor's bytes are left, if SIZ tells. */
	fake_set(rig.fake, PLX_DMADPR0, transfer->program.dpr + 32);
	fake_set(rig.fake, PLX_DMASIZ0, 100);
	dma_channel_progress(rig.channel);
	result = rig_result(transfer);
	ck_assert_uint_eq(result.status, PLXDMA_EOT);
	ck_assert_uint_eq(result.bytes, 4096 + 3996);
	ck_assert_uint_eq(result.bytes_exact, 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(where_siz_does_not_tell_only_whole_descriptors_count)
{
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct plxdma_result result;
	struct rig rig;

	eot_rig(&rig, &mode);
	fake_plan(rig.fake, 0, FAKE_EOT);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	dma_channel_progress(rig.channel);
	result = rig_result(transfer);
	ck_assert_uint_eq(result.status, PLXDMA_EOT);
	ck_assert_uint_eq(result.bytes, 0);
	ck_assert_int_eq(dma_status_errno(PLXDMA_EOT), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_chain_that_came_to_its_end_is_done_even_if_eot_may_come)
{
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct rig rig;

	eot_rig(&rig, &mode);
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert_uint_eq(rig_result(transfer).bytes, 12288);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 1);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_block_that_may_have_been_ended_is_not_called_complete)
{
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct rig rig;

	eot_rig(&rig, &mode);
	rig.request.length = 4;
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_EOT);
	ck_assert_uint_eq(rig_result(transfer).bytes, 0);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

/* Resets by somebody else */

START_TEST(done_without_enable_was_a_reset)
{
	struct dma_transfer *transfer, *queued;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_RESET);
	transfer = rig_transfer(&rig);
	queued = rig_transfer(&rig);
	rig_submit(transfer);
	rig_submit(queued);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 2);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RESET);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_RESET);
	ck_assert_int_eq(dma_status_errno(PLXDMA_RESET), -ECONNRESET);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 0);
	dma_channel_take(rig.channel);
	dma_channel_take(rig.channel);
	/* MODE is written again, for nothing is known of it. */
	rig_runs(&rig, transfer, PLXDMA_DONE);
	ck_assert_uint_eq(fake_reg(rig.fake, PLX_DMAMODE0), BLOCK_QUIET);
	dma_transfer_free(transfer);
	dma_transfer_free(queued);
	rig_break(&rig);
}
END_TEST

/* The card was reset between two transfers, and nobody told. */
static void idle_reset(struct rig *rig)
{
	fake_set(rig->fake, PLX_DMAMODE0, 0x43);
	fake_set(rig->fake, PLX_DMADPR0, 0);
	rig->fake->regs[PLX_DMACSR0] = PLX_DMACSR_DONE;
}

START_TEST(a_chain_that_was_never_fetched_was_a_reset)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", scattered, 3);
	rig.request.length = 12288;
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	idle_reset(&rig);
	rig_runs(&rig, transfer, PLXDMA_RESET);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_fifo_block_after_a_silent_reset_is_not_called_done)
{
	struct dma_transfer *transfer;
	struct plxdma_mode mode;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	mode_init(&mode);
	mode.constant = 1;
	rig.request.mode = &mode;
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	idle_reset(&rig);
	rig_runs(&rig, transfer, PLXDMA_RESET);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(so_is_any_block_after_an_idle_moment)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	idle_reset(&rig);
	rig.channel->started = 1;
	rig_runs(&rig, transfer, PLXDMA_RESET);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_reset_that_leaves_it_running_is_seen_at_the_closer_look)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_RESET_SILENT);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	rig_late(rig.channel);
	fake_forget(rig.fake);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RESET);
	/* And the engine was confirmed to have stopped. */
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 1);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(our_own_reset_ends_both_channels)
{
	struct dma_transfer *zero, *one;
	struct rig rig;

	rig_make(&rig, C9054, "fake:reset=allowed", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	fake_plan(rig.fake, 1, FAKE_HANG);
	zero = rig_transfer(&rig);
	one = rig_transfer_on(&rig, 1);
	rig_submit(zero);
	rig_submit(one);
	ck_assert_int_eq(dma_card_reset(rig.card, NULL), 0);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_uint_eq(dma_channel_progress(one->channel), 1);
	ck_assert_int_eq(dma_transfer_status(zero), PLXDMA_RESET);
	ck_assert_int_eq(dma_transfer_status(one), PLXDMA_RESET);
	dma_transfer_free(zero);
	dma_transfer_free(one);
	rig_break(&rig);
}
END_TEST

START_TEST(a_reset_is_refused_unless_the_policy_allows_it)
{
	struct error error = { "" };
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(dma_card_reset(rig.card, &error), -EPERM);
	ck_assert(strstr(error.text, "reset=allowed") != NULL);
	ck_assert_uint_eq(fake_calls(rig.fake, 'R'), 0);
	rig_break(&rig);
}
END_TEST

START_TEST(a_reset_that_fails_is_told)
{
	struct error error = { "" };
	struct rig rig;

	rig_make(&rig, C9054, "fake:reset=allowed", NULL, 4);
	rig.fake->reset_result = -ENODEV;
	ck_assert_int_eq(dma_card_reset(rig.card, &error), -ENODEV);
	ck_assert_str_ne(error.text, "");
	rig_break(&rig);
}
END_TEST

Suite *channel_suite(void)
{
	Suite *suite = suite_create("channel");
	TCase *queue = tcase_create("queue and progress");
	TCase *eot = tcase_create("EOT");
	TCase *resets = tcase_create("resets");

	tcase_add_test(queue, progress_of_an_idle_channel_reads_nothing);
	tcase_add_test(queue, a_running_transfer_is_looked_at_by_one_read);
	tcase_add_test(queue, all_bytes_of_a_done_transfer_moved_exactly);
	tcase_add_test(queue, done_of_the_other_channel_is_not_taken_for_ours);
	tcase_add_test(
		queue,
		queued_transfers_run_in_order_each_started_by_the_look_before);
	tcase_add_test(queue, a_transfer_under_way_is_busy_until_it_is_taken);
	tcase_add_test(queue, a_full_queue_says_so);
	tcase_add_test(queue, mode_and_waiting_are_set_on_an_idle_channel_only);
	tcase_add_test(queue, a_mode_of_the_request_is_checked_as_well);
	tcase_add_test(queue, user_pointers_come_back);
	suite_add_tcase(suite, queue);
	tcase_add_test(eot, a_chain_that_eot_ended_tells_by_its_descriptor);
	tcase_add_test(eot,
		       where_siz_does_not_tell_only_whole_descriptors_count);
	tcase_add_test(
		eot, a_chain_that_came_to_its_end_is_done_even_if_eot_may_come);
	tcase_add_test(eot,
		       a_block_that_may_have_been_ended_is_not_called_complete);
	suite_add_tcase(suite, eot);
	tcase_add_test(resets, done_without_enable_was_a_reset);
	tcase_add_test(resets, a_chain_that_was_never_fetched_was_a_reset);
	tcase_add_test(resets,
		       a_fifo_block_after_a_silent_reset_is_not_called_done);
	tcase_add_test(resets, so_is_any_block_after_an_idle_moment);
	tcase_add_test(
		resets,
		a_reset_that_leaves_it_running_is_seen_at_the_closer_look);
	tcase_add_test(resets, our_own_reset_ends_both_channels);
	tcase_add_test(resets, a_reset_is_refused_unless_the_policy_allows_it);
	tcase_add_test(resets, a_reset_that_fails_is_told);
	suite_add_tcase(suite, resets);
	return suite;
}
