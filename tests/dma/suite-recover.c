/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Faults: what the caller is told, what the card is told, and that the next
 * transfer works (chip ref. 5).
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "suites.h"

static const uint64_t scattered[] = { 0x10000000, 0x20000000, 0x30000000 };

/* Submits, lets the closer look come, takes. */
static void ends_late(struct rig *rig, struct dma_transfer *transfer,
		      enum plxdma_status status)
{
	rig_submit(transfer);
	ck_assert_uint_eq(dma_channel_progress(rig->channel), 0);
	rig_late(rig->channel);
	ck_assert_uint_eq(dma_channel_progress(rig->channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), status);
	ck_assert_ptr_eq(dma_channel_take(rig->channel), transfer);
}

static const struct {
	enum fake_end end;
	enum plxdma_status status;
	int code, chain;
} aborts[] = {
	{ FAKE_MASTER_ABORT, PLXDMA_MASTER_ABORT, -EFAULT, 0 },
	{ FAKE_TARGET_ABORT, PLXDMA_TARGET_ABORT, -EREMOTEIO, 0 },
	{ FAKE_MASTER_ABORT, PLXDMA_MASTER_ABORT, -EFAULT, 1 },
	{ FAKE_TARGET_ABORT, PLXDMA_TARGET_ABORT, -EREMOTEIO, 1 },
};

START_TEST(an_abort_on_the_bus_is_told_and_the_next_transfer_works)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", scattered, 3);
	rig.request.length = aborts[_i].chain ? 12288 : 64;
	fake_plan(rig.fake, 0, aborts[_i].end);
	transfer = rig_transfer(&rig);
	ends_late(&rig, transfer, aborts[_i].status);
	ck_assert_int_eq(dma_status_errno(aborts[_i].status), aborts[_i].code);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 1);
	ck_assert_uint_eq(fake_calls(rig.fake, 'R'), 0);
	ck_assert_uint_eq(rig_result(transfer).bytes_exact, 0);
	if (aborts[_i].chain && aborts[_i].end == FAKE_MASTER_ABORT)
		ck_assert_uint_eq(rig_result(transfer).bytes, 4096);
	fake_forget(rig.fake);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	/* MODE and DAC again: an aborted channel is programmed anew. */
	ck_assert_uint_eq(fake_writes(rig.fake), aborts[_i].chain ? 5 : 8);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(status_is_left_alone_while_all_goes_well)
{
	struct dma_transfer *transfer;
	uint64_t before;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	dma_channel_progress(rig.channel);
	ck_assert_uint_eq(fake_calls(rig.fake, 'S'), 0);
	rig_late(rig.channel);
	before = clock_ns();
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'S'), 1);
	/* And not again before the next 10 ms are over. */
	ck_assert_uint_ge(dma_channel_deadline(rig.channel),
			  before + 10000000);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(an_abort_goes_to_the_channel_that_was_master)
{
	struct dma_transfer *zero, *one;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig_clock_stop();
	fake_plan(rig.fake, 0, FAKE_HANG);
	fake_plan(rig.fake, 1, FAKE_MASTER_ABORT);
	zero = rig_transfer(&rig);
	one = rig_transfer_on(&rig, 1);
	rig_submit(zero);
	rig_submit(one);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	rig_late(one->channel);
	ck_assert_uint_eq(dma_channel_progress(one->channel), 1);
	ck_assert_int_eq(dma_transfer_status(one), PLXDMA_MASTER_ABORT);
	ck_assert_int_eq(dma_transfer_status(zero), PLXDMA_RUNNING);
	dma_transfer_free(zero);
	dma_transfer_free(one);
	rig_break(&rig);
}
END_TEST

START_TEST(two_aborts_of_which_the_card_names_one_are_both_found)
{
	struct dma_transfer *zero, *one;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig_clock_stop();
	fake_plan(rig.fake, 0, FAKE_MASTER_ABORT);
	fake_plan(rig.fake, 1, FAKE_MASTER_ABORT);
	zero = rig_transfer(&rig);
	one = rig_transfer_on(&rig, 1);
	rig_submit(zero);
	rig_submit(one);
	rig_late(one->channel);
	ck_assert_uint_eq(dma_channel_progress(one->channel), 1);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	/* Much later than any bus would take. */
	rig.channel->started -= 100000000;
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(zero), PLXDMA_MASTER_ABORT);
	dma_transfer_free(zero);
	dma_transfer_free(one);
	rig_break(&rig);
}
END_TEST

START_TEST(an_old_suspicion_says_nothing_of_a_new_transfer)
{
	struct dma_transfer *zero, *one;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig_clock_stop();
	rig.fake->looks = 3;
	fake_plan(rig.fake, 0, FAKE_LATER);
	fake_plan(rig.fake, 0, FAKE_HANG);
	fake_plan(rig.fake, 1, FAKE_MASTER_ABORT);
	zero = rig_transfer(&rig);
	one = rig_transfer_on(&rig, 1);
	rig_submit(zero);
	rig_submit(one);
	rig_late(one->channel);
	ck_assert_uint_eq(dma_channel_progress(one->channel), 1);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	dma_channel_take(rig.channel);
	rig_submit(zero);
	rig.card->suspected[0] = 1;
	rig.channel->started -= 100000000;
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	dma_transfer_free(zero);
	dma_transfer_free(one);
	rig_break(&rig);
}
END_TEST

START_TEST(an_abort_of_direct_master_is_none_of_ours)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	rig.fake->status = PLX_STATUS_RECEIVED_MASTER_ABORT;
	fake_set(rig.fake, PLX_INTCSR, 0x0e010100);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	/* A target abort that we signalled isn't, either. */
	rig.fake->status = PLX_STATUS_SIGNALED_TARGET_ABORT;
	fake_set(rig.fake, PLX_INTCSR, 0x0d010100);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 0);
	/* One that names nobody can only be who stands still. */
	rig.fake->status = PLX_STATUS_RECEIVED_TARGET_ABORT;
	fake_set(rig.fake, PLX_INTCSR, 0x0f010100);
	rig_late(rig.channel);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_TARGET_ABORT);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(cancelling_aborts_and_confirms)
{
	static const struct fake_access expected[] = {
		{ 'C', 0, 0, TRANSPORT_ABORT }, { 'S', 0, 0, 0 },
	};
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_TIMED_OUT), 0);
	ck_assert(fake_wrote(rig.fake, expected, COUNT(expected)));
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_TIMED_OUT);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -EINVAL);
	ck_assert_ptr_eq(dma_channel_take(rig.channel), transfer);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(an_idle_channel_is_never_aborted)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -EINVAL);
	rig_submit(transfer);
	/* Done already when it is cancelled: then it was done. */
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_DONE);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_queued_one_is_cancelled_without_touching_the_card)
{
	struct dma_transfer *running, *queued;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	running = rig_transfer(&rig);
	queued = rig_transfer(&rig);
	rig_submit(running);
	rig_submit(queued);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_transfer_cancel(queued, PLXDMA_CANCELLED), 0);
	ck_assert_uint_eq(rig.fake->logged, 0);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_CANCELLED);
	ck_assert_uint_eq(rig_result(queued).bytes_exact, 1);
	ck_assert_ptr_eq(dma_channel_take(rig.channel), queued);
	ck_assert_int_eq(dma_transfer_status(running), PLXDMA_RUNNING);
	dma_transfer_free(running);
	dma_transfer_free(queued);
	rig_break(&rig);
}
END_TEST

START_TEST(the_next_in_the_queue_goes_on_after_an_abort)
{
	struct dma_transfer *first, *second;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	first = rig_transfer(&rig);
	second = rig_transfer(&rig);
	rig_submit(first);
	rig_submit(second);
	ck_assert_int_eq(dma_transfer_cancel(first, PLXDMA_CANCELLED), 0);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(second), PLXDMA_DONE);
	dma_transfer_free(first);
	dma_transfer_free(second);
	rig_break(&rig);
}
END_TEST

START_TEST(a_fault_is_told_rather_than_the_deadline_it_ran_into)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_TARGET_ABORT);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_TIMED_OUT), 0);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_TARGET_ABORT);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_9080_gets_a_transfer_of_no_bytes_after_an_abort)
{
	static const struct fake_access expected[] = {
		{ 'C', 0, 0, TRANSPORT_ABORT }, { 'S', 0, 0, 0 },
		W(0x80, 0x43), W(0x84, 0), W(0x88, 0), W(0x8c, 0), W(0x90, 0),
		B(0xa8, 1), B(0xa8, 3),
	};
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9080, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert(fake_wrote(rig.fake, expected, COUNT(expected)));
	ck_assert_ptr_eq(dma_channel_take(rig.channel), transfer);
	ck_assert_ptr_null(dma_channel_take(rig.channel));
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(one_that_hangs_in_it_is_aborted_again)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9080, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'C'), 2);
	ck_assert_uint_eq(fake_calls(rig.fake, 'R'), 0);
	ck_assert(dma_card_in_service(rig.card));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(or_reset_where_that_is_allowed)
{
	struct dma_transfer *transfer, *queued;
	struct rig rig;

	rig_make(&rig, C9054, "fake:reset=allowed", scattered, 3);
	rig.request.length = 12288;
	fake_plan(rig.fake, 0, FAKE_HANG);
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	queued = rig_transfer(&rig);
	rig_submit(transfer);
	rig_submit(queued);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'R'), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_CANCELLED);
	/* The board was reset under its feet. */
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_RESET);
	dma_transfer_free(transfer);
	dma_transfer_free(queued);
	rig_break(&rig);
}
END_TEST

START_TEST(a_chain_that_was_aborted_is_tried_before_it_is_reset)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:reset=allowed", scattered, 3);
	rig.request.length = 12288;
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'R'), 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

/* Out of service */

static void stuck_rig(struct rig *rig, const char *options,
		      struct dma_transfer **transfer)
{
	rig_make(rig, C9054, options, scattered, 3);
	rig->request.length = 12288;
	fake_plan(rig->fake, 0, FAKE_STUCK);
	*transfer = rig_transfer(rig);
	rig_submit(*transfer);
}

START_TEST(a_channel_that_cannot_be_stopped_takes_the_card_out_of_service)
{
	struct dma_transfer *transfer, *queued, *other;
	struct arena *arena = fake_arena(3);
	struct plxdma_card_info info;
	struct dma_map *map;
	struct rig rig;

	stuck_rig(&rig, "fake:", &transfer);
	queued = rig_transfer(&rig);
	rig_submit(queued);
	fake_plan(rig.fake, 1, FAKE_HANG);
	other = rig_transfer_on(&rig, 1);
	rig_submit(other);
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_CANCELLED),
			 -ESHUTDOWN);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_STUCK);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_CANCELLED);
	ck_assert(!dma_card_in_service(rig.card));
	/* The other channel was stopped first, then bus mastering. */
	ck_assert_int_eq(rig.fake->log[rig.fake->logged - 1].kind, 'M');
	ck_assert_uint_eq(rig.fake->log[rig.fake->logged - 1].value, 0);
	ck_assert_int_eq(rig.fake->log[rig.fake->logged - 2].kind, 'C');
	ck_assert_uint_eq(rig.fake->log[rig.fake->logged - 2].offset, 1);
	ck_assert_uint_eq(fake_calls(rig.fake, 'R'), 0);
	ck_assert_uint_eq(dma_channel_progress(other->channel), 1);
	ck_assert_int_eq(dma_transfer_status(other), PLXDMA_CANCELLED);
	/* Nothing starts or is attached any more. */
	dma_channel_take(rig.channel);
	dma_channel_take(rig.channel);
	ck_assert_int_eq(dma_transfer_submit(queued), -ESHUTDOWN);
	ck_assert_int_eq(dma_attach(rig.card, arena, &map, NULL), -ESHUTDOWN);
	dma_card_info(rig.card, &info);
	ck_assert_uint_eq(info.in_service, 0);
	/* Its memory is kept until it is known to have let go. */
	ck_assert_int_eq(dma_detach(rig.map), -EBUSY);
	ck_assert_int_eq(rig.fake->mapped, 1);
	rig.fake->regs[PLX_DMACSR0] |= PLX_DMACSR_DONE;
	dma_transfer_free(transfer);
	dma_transfer_free(queued);
	dma_transfer_free(other);
	rig_break(&rig);
	fake_arena_free(arena);
}
END_TEST

START_TEST(memory_that_the_stuck_engine_does_not_know_goes_free)
{
	struct dma_transfer *transfer;
	struct arena *arena = fake_arena(3);
	struct dma_map *map;
	struct rig rig;

	stuck_rig(&rig, "fake:", &transfer);
	ck_assert_int_eq(dma_attach(rig.card, arena, &map, NULL), 0);
	dma_transfer_cancel(transfer, PLXDMA_CANCELLED);
	ck_assert_int_eq(dma_detach(map), 0);
	ck_assert_int_eq(dma_detach(rig.map), -EBUSY);
	rig.fake->regs[PLX_DMACSR0] |= PLX_DMACSR_DONE;
	dma_transfer_free(transfer);
	rig_break(&rig);
	fake_arena_free(arena);
}
END_TEST

START_TEST(descriptors_of_a_stuck_engine_are_never_given_back)
{
	struct dma_transfer *transfer;
	struct rig rig;
	unsigned int freed;

	stuck_rig(&rig, "fake:", &transfer);
	dma_transfer_cancel(transfer, PLXDMA_CANCELLED);
	dma_transfer_free(transfer);
	rig.fake->regs[PLX_DMACSR0] |= PLX_DMACSR_DONE;
	ck_assert_int_eq(dma_detach(rig.map), 0);
	freed = rig.fake->coherents_freed;
	dma_card_close(rig.card);
	ck_assert_uint_eq(rig.fake->coherents_freed, freed);
	fake_arena_free(rig.arena);
	fake_free(rig.fake);
}
END_TEST

START_TEST(both_channels_can_be_stuck)
{
	struct dma_transfer *zero, *one;
	struct rig rig;

	stuck_rig(&rig, "fake:", &zero);
	fake_plan(rig.fake, 1, FAKE_STUCK);
	one = rig_transfer_on(&rig, 1);
	rig_submit(one);
	dma_transfer_cancel(zero, PLXDMA_CANCELLED);
	ck_assert_uint_eq(dma_channel_progress(one->channel), 1);
	ck_assert_int_eq(dma_transfer_status(one), PLXDMA_STUCK);
	rig.fake->regs[PLX_DMACSR0] |= PLX_DMACSR_DONE;
	ck_assert_int_eq(dma_detach(rig.map), -EBUSY);
	rig.fake->regs[PLX_DMACSR1] |= PLX_DMACSR_DONE;
	dma_transfer_free(zero);
	dma_transfer_free(one);
	rig_break(&rig);
}
END_TEST

START_TEST(a_stuck_channel_is_reset_where_that_is_allowed)
{
	struct dma_transfer *transfer;
	struct rig rig;

	stuck_rig(&rig, "fake:reset=allowed", &transfer);
	rig.fake->reset_heals = 1;
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_TIMED_OUT), 0);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_TIMED_OUT);
	ck_assert(dma_card_in_service(rig.card));
	dma_channel_take(rig.channel);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_reset_that_did_not_help_takes_it_out_of_service)
{
	struct dma_transfer *transfer;
	struct rig rig;

	stuck_rig(&rig, "fake:reset=allowed", &transfer);
	ck_assert_int_eq(dma_transfer_cancel(transfer, PLXDMA_TIMED_OUT),
			 -ESHUTDOWN);
	ck_assert(!dma_card_in_service(rig.card));
	/* Until one does. */
	rig.fake->reset_heals = 1;
	fake_forget(rig.fake);
	ck_assert_int_eq(dma_card_reset(rig.card, NULL), 0);
	ck_assert(dma_card_in_service(rig.card));
	ck_assert_int_eq(rig.fake->log[rig.fake->logged - 1].kind, 'M');
	ck_assert_uint_eq(rig.fake->log[rig.fake->logged - 1].value, 1);
	dma_channel_take(rig.channel);
	dma_transfer_free(transfer);
	rig.request.length = 64;
	transfer = rig_transfer(&rig);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_card_that_reads_all_ones_is_gone)
{
	struct dma_transfer *running, *queued, *other;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 1, FAKE_HANG);
	other = rig_transfer_on(&rig, 1);
	rig_submit(other);
	fake_plan(rig.fake, 0, FAKE_GONE);
	running = rig_transfer(&rig);
	queued = rig_transfer(&rig);
	rig_submit(running);
	rig_submit(queued);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 2);
	ck_assert_int_eq(dma_transfer_status(running), PLXDMA_GONE);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_GONE);
	ck_assert_uint_eq(dma_channel_progress(other->channel), 1);
	ck_assert_int_eq(dma_transfer_status(other), PLXDMA_GONE);
	dma_channel_take(rig.channel);
	ck_assert_int_eq(dma_transfer_submit(running), -ENODEV);
	ck_assert(!dma_card_in_service(rig.card));
	dma_transfer_free(running);
	dma_transfer_free(queued);
	dma_transfer_free(other);
	rig_break(&rig);
}
END_TEST

START_TEST(what_is_written_to_a_card_that_is_gone_tells_nothing)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	transfer = rig_transfer(&rig);
	rig.fake->gone = 1;
	rig_submit(transfer);
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_GONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

/* Done was read from the card, and what it has done wasn't. */
START_TEST(a_card_that_goes_while_its_channel_is_looked_at_is_gone)
{
	static const uint64_t bus[] = { 0x10000000, 0x20000000 };
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", bus, 2);
	if (_i)
		rig.request.length = 2 * 4096;
	transfer = rig_transfer(&rig);
	ck_assert_int_eq(transfer->program.chain, _i);
	rig_submit(transfer);
	rig.channel->verify = 1;
	rig.fake->reads_left = 1;
	ck_assert_uint_eq(dma_channel_progress(rig.channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_GONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(cancelling_on_a_card_that_went_says_gone)
{
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	transfer = rig_transfer(&rig);
	rig_submit(transfer);
	rig.fake->gone = 1;
	ck_assert_int_eq(channel_stop(rig.channel, PLXDMA_CANCELLED), -ENODEV);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_GONE);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(each_status_has_its_errno)
{
	static const int codes[] = {
		[PLXDMA_DONE] = 0, [PLXDMA_RUNNING] = -EAGAIN,
		[PLXDMA_EOT] = 0, [PLXDMA_CANCELLED] = -ECANCELED,
		[PLXDMA_TIMED_OUT] = -ETIMEDOUT,
		[PLXDMA_MASTER_ABORT] = -EFAULT,
		[PLXDMA_TARGET_ABORT] = -EREMOTEIO,
		[PLXDMA_STUCK] = -ESHUTDOWN, [PLXDMA_GONE] = -ENODEV,
		[PLXDMA_RESET] = -ECONNRESET,
		[PLXDMA_POLL_TIMED_OUT] = -ETIME,
		[PLXDMA_POLL_TIMED_OUT + 1] = -EIO,
	};
	unsigned int i;

	for (i = 0; i < COUNT(codes); i++)
		ck_assert_int_eq(dma_status_errno((enum plxdma_status)i),
				 codes[i]);
}
END_TEST

START_TEST(faults_are_counted)
{
	struct plxdma_counters counters;
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", scattered, 3);
	rig.request.length = 12288;
	fake_plan(rig.fake, 0, FAKE_MASTER_ABORT);
	transfer = rig_transfer(&rig);
	ends_late(&rig, transfer, PLXDMA_MASTER_ABORT);
	rig_runs(&rig, transfer, PLXDMA_DONE);
	dma_card_counters(rig.card, &counters);
	ck_assert_uint_eq(counters.faults, 1);
	ck_assert_uint_eq(counters.transfers, 2);
	ck_assert_uint_eq(counters.descriptors, 3);
	/* 4096 bytes of the faulty one moved, but it wasn't completed. */
	ck_assert_uint_eq(counters.bytes_to_host, 12288);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

/* What a reset of somebody else's destroys (chip ref. 5.3). */
static void spaces_lose(struct fake *fake)
{
	fake_set(fake, PLX_LAS0BA, 0);
	fake_set(fake, PLX_LAS1RR, 0);
	memset(fake->config + PLX_CFG_BAR0, 0, 24);
	fake->config[PLX_CFG_INT_LINE] = 0;
}

static uint32_t config_of(const struct fake *fake, unsigned int offset)
{
	uint32_t value;

	memcpy(&value, fake->config + offset, sizeof(value));
	return value;
}

/* The rig on a card that somebody has given an address. */
static void rig_make_addressed(struct rig *rig, uint32_t bar)
{
	rig_make(rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(dma_detach(rig->map), 0);
	dma_card_close(rig->card);
	rig->fake->closed = 0;
	memcpy(rig->fake->config + PLX_CFG_BAR2, &bar, sizeof(bar));
	rig->card = fake_open(rig->fake, "fake:");
	ck_assert_int_eq(dma_attach(rig->card, rig->arena, &rig->map, NULL),
			 0);
	rig->channel = dma_card_channel(rig->card, 0);
	rig->request.map = rig->map;
}

START_TEST(spaces_and_bars_come_back_after_somebodys_reset)
{
	const uint32_t bar = 0xe0100000;
	struct dma_transfer *transfer;
	uint32_t value = 11;
	struct rig rig;

	rig_make_addressed(&rig, bar);
	/* What programs change is followed. */
	ck_assert_int_eq(dma_card_config(rig.card, 1, PLX_CFG_INT_LINE, 8,
					 &value, NULL), 0);
	value = 0xffff0000;
	ck_assert_int_eq(dma_card_reg(rig.card, 1, PLX_LAS1RR, 32, &value,
				      NULL), 0);
	transfer = rig_transfer(&rig);
	fake_plan(rig.fake, 0, FAKE_RESET);
	spaces_lose(rig.fake);
	rig_runs(&rig, transfer, PLXDMA_RESET);
	ck_assert_uint_eq(fake_reg(rig.fake, PLX_LAS0BA), 0x20000001);
	ck_assert_uint_eq(fake_reg(rig.fake, PLX_LAS1RR), 0xffff0000);
	ck_assert_uint_eq(config_of(rig.fake, PLX_CFG_BAR2), bar);
	ck_assert_uint_eq(rig.fake->config[PLX_CFG_INT_LINE], 11);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

Suite *recover_suite(void)
{
	Suite *suite = suite_create("recover");
	TCase *bus = tcase_create("aborts on the bus");
	TCase *cancel = tcase_create("cancelling");
	TCase *service = tcase_create("out of service");

	tcase_add_loop_test(
		bus, an_abort_on_the_bus_is_told_and_the_next_transfer_works,
		0, COUNT(aborts));
	tcase_add_test(bus, status_is_left_alone_while_all_goes_well);
	tcase_add_test(bus, an_abort_goes_to_the_channel_that_was_master);
	tcase_add_test(bus,
		       two_aborts_of_which_the_card_names_one_are_both_found);
	tcase_add_test(bus, an_old_suspicion_says_nothing_of_a_new_transfer);
	tcase_add_test(bus, an_abort_of_direct_master_is_none_of_ours);
	tcase_add_test(bus, spaces_and_bars_come_back_after_somebodys_reset);
	suite_add_tcase(suite, bus);
	tcase_add_test(cancel, cancelling_aborts_and_confirms);
	tcase_add_test(cancel, an_idle_channel_is_never_aborted);
	tcase_add_test(cancel,
		       a_queued_one_is_cancelled_without_touching_the_card);
	tcase_add_test(cancel, the_next_in_the_queue_goes_on_after_an_abort);
	tcase_add_test(cancel,
		       a_fault_is_told_rather_than_the_deadline_it_ran_into);
	tcase_add_test(cancel,
		       a_9080_gets_a_transfer_of_no_bytes_after_an_abort);
	tcase_add_test(cancel, one_that_hangs_in_it_is_aborted_again);
	tcase_add_test(cancel, or_reset_where_that_is_allowed);
	tcase_add_test(cancel,
		       a_chain_that_was_aborted_is_tried_before_it_is_reset);
	suite_add_tcase(suite, cancel);
	tcase_add_test(
		service,
		a_channel_that_cannot_be_stopped_takes_the_card_out_of_service);
	tcase_add_test(service,
		       memory_that_the_stuck_engine_does_not_know_goes_free);
	tcase_add_test(service,
		       descriptors_of_a_stuck_engine_are_never_given_back);
	tcase_add_test(service, both_channels_can_be_stuck);
	tcase_add_test(service, a_stuck_channel_is_reset_where_that_is_allowed);
	tcase_add_test(service,
		       a_reset_that_did_not_help_takes_it_out_of_service);
	tcase_add_test(service, a_card_that_reads_all_ones_is_gone);
	tcase_add_test(service,
		       what_is_written_to_a_card_that_is_gone_tells_nothing);
	tcase_add_loop_test(service,
			    a_card_that_goes_while_its_channel_is_looked_at_is_gone,
			    0, 2);
	tcase_add_test(service, cancelling_on_a_card_that_went_says_gone);
	tcase_add_test(service, each_status_has_its_errno);
	tcase_add_test(service, faults_are_counted);
	suite_add_tcase(suite, service);
	return suite;
}
