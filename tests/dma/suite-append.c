/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Chains that are appended to a running one, against an engine that goes by
 * single phases: at every point at which the two could meet, and at many more
 * by chance.
 *
 * Whatever the interleaving, what is submitted is moved once, in its order,
 * and never after the driver said that it was over.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "stepper.h"
#include "suites.h"

#define MOST 6
#define ROOM 16384u	/* of the arena, for each */
#define PIECE 8192u	/* from one of its descriptors to the next */
#define LOOKS 64	/* until all must be over */

/* An assertion of Check's costs more than a transfer. */
#define MUST(what) do { if (!(what)) ck_abort_msg("%s", #what); } while (0)

struct one {
	struct dma_transfer *dma;
	unsigned int pieces;
	unsigned int moved;	/* of these, since it was submitted */
	unsigned int number;	/* of the submission */
	int out;		/* the driver says that it is over */
};

struct bench {
	struct rig rig;
	struct stepper stepper;
	struct one ones[MOST];
	unsigned int count;
	unsigned int submitted, latest;
	int late;		/* each look is a closer one */
};

static void moved(void *context, uint32_t bus)
{
	struct bench *bench = context;
	const uint32_t offset = bus - RIG_BUS;
	struct one *one = &bench->ones[offset / ROOM];

	MUST(offset / ROOM < bench->count);
	/* Not written to after its end, nor moved twice. */
	MUST(!one->out);
	MUST(one->moved < one->pieces);
	MUST(offset % ROOM / PIECE == one->moved);
	one->moved++;
}

static void bench_break(struct bench *bench)
{
	for (unsigned int i = 0; i < bench->count; i++)
		dma_transfer_free(bench->ones[i].dma);
	rig_break(&bench->rig);
}

static void submit(struct bench *bench, struct one *one)
{
	one->out = 0;
	one->moved = 0;
	one->number = ++bench->submitted;
	MUST(!dma_transfer_submit(one->dma));
}

/* What has ended; @cancelled: some may have been. */
static unsigned int collect(struct bench *bench, int cancelled)
{
	struct dma_transfer *dma;
	unsigned int ended = 0;

	while ((dma = dma_channel_take(bench->rig.channel))) {
		struct one *one = dma_transfer_user(dma);

		one->out = 1;
		ended++;
		if (cancelled &&
		    dma_transfer_status(dma) == PLXDMA_CANCELLED)
			continue;
		MUST(dma_transfer_status(dma) == PLXDMA_DONE);
		MUST(one->moved == one->pieces);
		MUST(one->number > bench->latest);
		bench->latest = one->number;
	}
	return ended;
}

static unsigned int look(struct bench *bench)
{
	if (bench->late)
		rig_late(bench->rig.channel);
	dma_channel_progress(bench->rig.channel);
	return collect(bench, 0);
}

static int busy(const struct bench *bench)
{
	for (unsigned int i = 0; i < bench->count; i++)
		if (!bench->ones[i].out)
			return 1;
	return 0;
}

/* Without any more points. */
static void drain(struct bench *bench)
{
	unsigned int looks = 0;

	bench->stepper.plan = NULL;
	while (busy(bench)) {
		MUST(looks++ < LOOKS);
		stepper_go(&bench->stepper, UINT32_MAX);
		look(bench);
	}
	MUST(!bench->rig.channel->appended_count);
	MUST(!bench->rig.channel->queued);
}

static void bench_make(struct bench *bench, unsigned int count,
		       unsigned int pieces)
{
	struct dma_segment segments[2];

	memset(bench, 0, sizeof(*bench));
	rig_make(&bench->rig, C9054, "fake:", NULL, MOST * ROOM / 4096);
	rig_clock_stop();
	bench->count = count;
	for (unsigned int i = 0; i < count; i++) {
		struct one *one = &bench->ones[i];

		one->pieces = pieces ? pieces : 1 + i % 2;
		for (unsigned int k = 0; k < one->pieces; k++)
			segments[k] = (struct dma_segment){
				.offset = i * ROOM + k * PIECE,
				.length = 256,
				.local = 0x20000000,
			};
		bench->rig.request.form = PLXDMA_FORM_LINKED;
		bench->rig.request.segments = segments;
		bench->rig.request.segment_count = one->pieces;
		one->dma = rig_transfer(&bench->rig);
		dma_transfer_set_user(one->dma, one);
		one->out = 1;
	}
	bench->rig.request.segments = NULL;
	bench->rig.request.segment_count = 0;
	stepper_init(&bench->stepper, bench->rig.fake);
	bench->stepper.moved = moved;
	bench->stepper.context = bench;
	/* The first start has registers to write that later ones find. */
	submit(bench, &bench->ones[0]);
	drain(bench);
}

static void run_begin(struct bench *bench)
{
	fake_forget(bench->rig.fake);
	bench->stepper.points = 0;
}

static unsigned int starts(const struct bench *bench)
{
	return fake_starts(bench->rig.fake, 0);
}

/* One behind the other, looked at, and given back: each access to the card and
 * each submission is a point. */
static void give_back(struct bench *bench)
{
	submit(bench, &bench->ones[0]);
	stepper_point(&bench->stepper);
	submit(bench, &bench->ones[1]);
	look(bench);
	if (!bench->ones[0].out)
		return;
	stepper_point(&bench->stepper);
	submit(bench, &bench->ones[0]);
	stepper_point(&bench->stepper);
	look(bench);
}

START_TEST(whenever_it_is_appended_it_is_moved_once)
{
	const unsigned int pieces = 1 + (unsigned int)_i / 2;
	unsigned long plans = 0, once = 0;
	struct bench bench;

	bench_make(&bench, 2, pieces);
	bench.late = _i % 2;
	do {
		run_begin(&bench);
		bench.stepper.plan = stepper_each;
		give_back(&bench);
		drain(&bench);
		plans++;
		once += starts(&bench) == 1;
	} while (stepper_next_plan(&bench.stepper));
	bench_break(&bench);
	printf("append: %u descriptors each, %s looks; phases: address, local, "
	       "size, pointer, load, move, done; %lu interleavings, %lu of "
	       "them without a second start\n", pieces,
	       bench.late ? "closer" : "brief", plans, once);
	/* Both happened: it was in time, and it was missed. */
	ck_assert_uint_gt(once, 0);
	ck_assert_uint_gt(plans, once);
}
END_TEST

/* The last of three is taken back, or the one in the middle. */
START_TEST(whenever_it_is_withdrawn_it_is_moved_or_not)
{
	unsigned long plans = 0, had = 0;
	struct bench bench;

	bench_make(&bench, 3, 0);
	do {
		struct one *one = &bench.ones[1 + _i];

		run_begin(&bench);
		for (unsigned int i = 0; i < 3; i++)
			submit(&bench, &bench.ones[i]);
		bench.stepper.plan = stepper_each;
		stepper_point(&bench.stepper);
		if (!dma_transfer_withdraw(one->dma) &&
		    dma_transfer_status(one->dma) == PLXDMA_CANCELLED) {
			had++;
			one->out = 1;
			MUST(!one->moved);
			MUST(!dma_transfer_take(one->dma));
		}
		stepper_point(&bench.stepper);
		look(&bench);
		drain(&bench);
		plans++;
	} while (stepper_next_plan(&bench.stepper));
	bench_break(&bench);
	printf("append: withdrawn in %lu of %lu interleavings\n", had, plans);
	ck_assert_uint_gt(had, 0);
	ck_assert_uint_gt(plans, had);
}
END_TEST

START_TEST(whenever_it_is_cancelled_it_is_over)
{
	unsigned long plans = 0;
	struct bench bench;

	bench_make(&bench, 4, 0);
	do {
		struct one *one = &bench.ones[_i];

		run_begin(&bench);
		for (unsigned int i = 0; i < 4; i++)
			submit(&bench, &bench.ones[i]);
		bench.stepper.plan = stepper_each;
		stepper_point(&bench.stepper);
		MUST(!dma_transfer_cancel(one->dma, PLXDMA_CANCELLED));
		collect(&bench, 1);
		MUST(one->out);
		drain(&bench);
		plans++;
	} while (stepper_next_plan(&bench.stepper));
	bench_break(&bench);
	printf("append: number %d of 4 cancelled at %lu points\n", _i, plans);
}
END_TEST

static unsigned long random_runs(void)
{
	const char *text = getenv("PLXDMA_APPENDS");

	return text ? strtoul(text, NULL, 0) : 1000000;
}

static void any_call(struct bench *bench)
{
	struct one *one = &bench->ones[stepper_chance(&bench->stepper,
						      bench->count)];

	switch (stepper_chance(&bench->stepper, 8)) {
	case 0:
		if (!one->out)
			dma_transfer_withdraw(one->dma);
		break;
	case 1:
		if (!one->out && !stepper_chance(&bench->stepper, 8))
			MUST(!dma_transfer_cancel(one->dma, PLXDMA_CANCELLED));
		break;
	case 2:
		rig_late(bench->rig.channel);
		/* Fall through */
	case 3:
		dma_channel_progress(bench->rig.channel);
		break;
	default:
		if (one->out)
			submit(bench, one);
	}
	collect(bench, 1);
	stepper_point(&bench->stepper);
}

START_TEST(nothing_is_lost_or_doubled_by_chance)
{
	const unsigned long runs = random_runs();
	unsigned long submitted;
	struct bench bench;

	bench_make(&bench, MOST, 0);
	for (unsigned long i = 0; i < runs; i++) {
		run_begin(&bench);
		bench.stepper.plan = stepper_any;
		any_call(&bench);
	}
	drain(&bench);
	submitted = bench.submitted;
	bench_break(&bench);
	printf("append: %lu calls by chance, %lu of them submissions\n", runs,
	       submitted);
}
END_TEST

START_TEST(a_look_is_one_read_however_many_are_over)
{
	struct bench bench;

	bench_make(&bench, MOST, 1);
	for (unsigned int i = 0; i < MOST; i++)
		submit(&bench, &bench.ones[i]);
	/* Five are moved, and the sixth's descriptor is not yet there. */
	stepper_go(&bench.stepper, 5 * 6);
	fake_forget(bench.rig.fake);
	ck_assert_uint_eq(look(&bench), 4);
	ck_assert_uint_eq(bench.rig.fake->csr_reads, 0);
	ck_assert_uint_eq(bench.rig.fake->other_reads, 1);
	/* And appending one takes none. */
	submit(&bench, &bench.ones[0]);
	ck_assert_uint_eq(bench.rig.fake->other_reads, 1);
	ck_assert_uint_eq(fake_writes(bench.rig.fake), 0);
	drain(&bench);
	ck_assert_uint_eq(starts(&bench), 0);
	bench_break(&bench);
}
END_TEST

/* The register is read when the count is told, and says nothing new: then it
 * is read again, long before the closer look. */
START_TEST(an_interrupt_that_comes_early_is_not_the_last_word)
{
	struct bench bench;
	uint64_t later;

	bench_make(&bench, 3, 1);
	for (unsigned int i = 0; i < 3; i++) {
		bench.ones[i].dma->quiet = 0;
		submit(&bench, &bench.ones[i]);
	}
	stepper_go(&bench.stepper, 6);
	later = dma_channel_deadline(bench.rig.channel);
	fake_forget(bench.rig.fake);
	ck_assert_uint_eq(look(&bench), 0);
	ck_assert_uint_eq(dma_channel_deadline(bench.rig.channel), later);
	/* Without an interrupt there is no use in looking again at once. */
	ck_assert_uint_eq(look(&bench), 0);
	ck_assert_uint_eq(bench.rig.fake->other_reads, 1);
	dma_channel_ack(bench.rig.channel);
	ck_assert_uint_eq(look(&bench), 0);
	ck_assert_uint_eq(bench.rig.fake->other_reads, 2);
	ck_assert_uint_lt(dma_channel_deadline(bench.rig.channel),
			  later - 1000000);
	stepper_go(&bench.stepper, UINT32_MAX);
	rig_late(bench.rig.channel);
	ck_assert_uint_eq(look(&bench), 3);
	bench_break(&bench);
}
END_TEST

START_TEST(who_follows_one_that_is_withdrawn_follows_the_one_before)
{
	struct bench bench;

	bench_make(&bench, 4, 1);
	fake_forget(bench.rig.fake);
	for (unsigned int i = 0; i < 4; i++)
		submit(&bench, &bench.ones[i]);
	ck_assert_int_eq(dma_transfer_withdraw(bench.ones[2].dma), 0);
	ck_assert_uint_eq(collect(&bench, 1), 1);
	drain(&bench);
	ck_assert_uint_eq(starts(&bench), 1);
	/* What is over, and what the engine is at, can't be had. */
	ck_assert_int_eq(dma_transfer_withdraw(bench.ones[3].dma), 0);
	submit(&bench, &bench.ones[3]);
	ck_assert_int_eq(dma_transfer_withdraw(bench.ones[3].dma), -EBUSY);
	drain(&bench);
	bench_break(&bench);
}
END_TEST

static uint32_t end_flags(const struct one *one)
{
	return le32toh(chain_last(&one->dma->program, one->dma->block)->next) &
	       PLX_DMADPR_FLAGS_MASK;
}

/* Each end is told of, unless nobody asked. */
START_TEST(one_that_leads_on_has_an_interrupt_of_its_own)
{
	struct bench bench;

	bench_make(&bench, 2, 1);
	for (unsigned int i = 0; i < 2; i++)
		bench.ones[i].dma->quiet = (uint8_t)_i;
	submit(&bench, &bench.ones[0]);
	ck_assert_uint_eq(end_flags(&bench.ones[0]),
			  PLX_DMADPR_PCI | PLX_DMADPR_TO_HOST | PLX_DMADPR_END);
	submit(&bench, &bench.ones[1]);
	ck_assert_uint_eq(end_flags(&bench.ones[0]),
			  PLX_DMADPR_PCI | PLX_DMADPR_TO_HOST |
				  (_i ? 0 : PLX_DMADPR_INTERRUPT));
	drain(&bench);
	ck_assert_uint_eq(end_flags(&bench.ones[0]),
			  PLX_DMADPR_PCI | PLX_DMADPR_TO_HOST | PLX_DMADPR_END);
	bench_break(&bench);
}
END_TEST

static void differ(struct rig *rig, unsigned int how,
		   struct plxdma_mode *mode)
{
	switch (how) {
	case 0:
		rig->request.form = PLXDMA_FORM_CHAIN;
		break;
	case 1:
		rig->request.quiet = 0;
		break;
	case 2:
		ck_assert_int_eq(dma_attach(rig->card, rig->arena,
					    &rig->request.map, NULL), 0);
		break;
	default:
		mode_init(mode);
		mode->constant = 1;
		rig->request.mode = mode;
	}
}

START_TEST(what_differs_is_started_by_itself)
{
	struct dma_transfer *other;
	struct plxdma_mode mode;
	struct bench bench;

	bench_make(&bench, 2, 1);
	differ(&bench.rig, (unsigned int)_i, &mode);
	other = rig_transfer(&bench.rig);
	submit(&bench, &bench.ones[0]);
	ck_assert_int_eq(dma_transfer_submit(other), 0);
	submit(&bench, &bench.ones[1]);
	ck_assert_uint_eq(bench.rig.channel->appended_count, 0);
	ck_assert_uint_eq(bench.rig.channel->queued, 2);
	dma_transfer_cancel(other, PLXDMA_CANCELLED);
	dma_transfer_take(other);
	dma_transfer_free(other);
	drain(&bench);
	if (bench.rig.request.map != bench.rig.map)
		ck_assert_int_eq(dma_detach(bench.rig.request.map), 0);
	bench_break(&bench);
}
END_TEST

/* What was queued behind another kind goes together all the same. */
START_TEST(what_waited_is_appended_when_its_turn_comes)
{
	struct dma_transfer *other;
	struct bench bench;

	bench_make(&bench, 3, 1);
	bench.rig.request.form = PLXDMA_FORM_BLOCK;
	other = rig_transfer(&bench.rig);
	fake_plan(bench.rig.fake, 0, FAKE_HANG);
	ck_assert_int_eq(dma_transfer_submit(other), 0);
	for (unsigned int i = 0; i < 3; i++)
		submit(&bench, &bench.ones[i]);
	ck_assert_uint_eq(bench.rig.channel->queued, 3);
	fake_forget(bench.rig.fake);
	ck_assert_int_eq(dma_transfer_cancel(other, PLXDMA_CANCELLED), 0);
	ck_assert_uint_eq(bench.rig.channel->appended_count, 2);
	ck_assert_uint_eq(bench.rig.channel->queued, 0);
	dma_transfer_take(other);
	drain(&bench);
	ck_assert_uint_eq(starts(&bench), 1);
	dma_transfer_free(other);
	bench_break(&bench);
}
END_TEST

static unsigned int ended_as(struct bench *bench, enum plxdma_status status)
{
	unsigned int n = 0;
	struct dma_transfer *dma;

	while ((dma = dma_channel_take(bench->rig.channel))) {
		struct one *one = dma_transfer_user(dma);

		one->out = 1;
		n += dma_transfer_status(dma) == status;
	}
	return n;
}

/* One is over, one is moved when the card goes, one was to come. */
START_TEST(whatever_happens_to_the_card_all_of_them_end)
{
	struct bench bench;
	struct fake *fake;

	bench_make(&bench, 3, 1);
	fake = bench.rig.fake;
	for (unsigned int i = 0; i < 3; i++)
		submit(&bench, &bench.ones[i]);
	stepper_go(&bench.stepper, 6 + 5);
	switch (_i) {
	case 0: /* all ones */
		fake->gone = 1;
		dma_channel_progress(bench.rig.channel);
		ck_assert_uint_eq(ended_as(&bench, PLXDMA_GONE), 3);
		break;
	case 1: /* somebody resets it */
		fake_set(fake, PLX_DMADPR0, 0);
		fake_set(fake, PLX_DMAMODE0, 0x43);
		fake->regs[PLX_DMACSR0] = PLX_DMACSR_DONE;
		dma_channel_progress(bench.rig.channel);
		ck_assert_uint_eq(ended_as(&bench, PLXDMA_RESET), 3);
		break;
	case 2: /* it can't be stopped */
		fake->fate[0] = FAKE_STUCK;
		dma_channel_progress(bench.rig.channel);
		ck_assert_uint_eq(ended_as(&bench, PLXDMA_DONE), 1);
		ck_assert_int_eq(dma_transfer_cancel(bench.ones[1].dma,
						     PLXDMA_CANCELLED),
				 -ESHUTDOWN);
		ck_assert_uint_eq(ended_as(&bench, PLXDMA_STUCK), 2);
		/* It may still read these lists. */
		ck_assert_ptr_null(bench.ones[1].dma->block);
		ck_assert_ptr_null(bench.ones[2].dma->block);
		fake->regs[PLX_DMACSR0] |= PLX_DMACSR_DONE;
		break;
	default: /* a bus fault: what was to follow doesn't */
		dma_channel_progress(bench.rig.channel);
		fake->status = PLX_STATUS_RECEIVED_TARGET_ABORT;
		rig_late(bench.rig.channel);
		dma_channel_progress(bench.rig.channel);
		ck_assert_int_eq(dma_transfer_status(bench.ones[0].dma),
				 PLXDMA_DONE);
		ck_assert_int_eq(dma_transfer_status(bench.ones[1].dma),
				 PLXDMA_TARGET_ABORT);
		ck_assert_int_eq(dma_transfer_status(bench.ones[2].dma),
				 PLXDMA_CANCELLED);
		ck_assert_uint_eq(ended_as(&bench, PLXDMA_DONE), 1);
	}
	ck_assert(!busy(&bench));
	bench_break(&bench);
}
END_TEST

/* The engine may be about to go on to it. */
START_TEST(what_is_freed_is_never_begun)
{
	struct bench bench;

	bench_make(&bench, 3, 1);
	for (unsigned int i = 0; i < 3; i++)
		submit(&bench, &bench.ones[i]);
	stepper_go(&bench.stepper, 1);
	fake_forget(bench.rig.fake);
	dma_transfer_free(bench.ones[1].dma);
	ck_assert_uint_eq(ended_as(&bench, PLXDMA_CANCELLED), 2);
	bench.ones[1].dma = NULL;
	ck_assert_uint_eq(starts(&bench), 0);
	bench_break(&bench);
}
END_TEST

START_TEST(a_close_begins_none_of_them)
{
	struct bench bench;

	bench_make(&bench, 3, 1);
	for (unsigned int i = 0; i < 3; i++)
		submit(&bench, &bench.ones[i]);
	stepper_go(&bench.stepper, 1);
	fake_forget(bench.rig.fake);
	ck_assert_int_eq(dma_detach(bench.rig.map), 0);
	dma_card_close(bench.rig.card);
	ck_assert_uint_eq(starts(&bench), 0);
	for (unsigned int i = 0; i < 3; i++)
		free(bench.ones[i].dma);
	fake_arena_free(bench.rig.arena);
	fake_free(bench.rig.fake);
}
END_TEST

Suite *append_suite(void)
{
	Suite *suite = suite_create("dma append");
	TCase *race = tcase_create("race");
	TCase *tcase = tcase_create("append");

	tcase_set_timeout(race, 1200);
	tcase_add_loop_test(race, whenever_it_is_appended_it_is_moved_once, 0,
			    4);
	tcase_add_loop_test(race, whenever_it_is_withdrawn_it_is_moved_or_not,
			    0, 2);
	tcase_add_loop_test(
		race, whenever_it_is_cancelled_it_is_over,
		0, 4);
	tcase_add_test(race, nothing_is_lost_or_doubled_by_chance);
	suite_add_tcase(suite, race);
	tcase_add_test(tcase, a_look_is_one_read_however_many_are_over);
	tcase_add_test(tcase, an_interrupt_that_comes_early_is_not_the_last_word);
	tcase_add_test(tcase,
		       who_follows_one_that_is_withdrawn_follows_the_one_before);
	tcase_add_loop_test(tcase, one_that_leads_on_has_an_interrupt_of_its_own,
			    0, 2);
	tcase_add_loop_test(tcase, what_differs_is_started_by_itself, 0, 4);
	tcase_add_test(tcase, what_waited_is_appended_when_its_turn_comes);
	tcase_add_loop_test(tcase, whatever_happens_to_the_card_all_of_them_end,
			    0, 4);
	tcase_add_test(tcase, what_is_freed_is_never_begun);
	tcase_add_test(tcase, a_close_begins_none_of_them);
	suite_add_tcase(suite, tcase);
	return suite;
}
