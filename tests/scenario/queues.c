/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers in numbers: queues of every depth, both channels from two
 * threads, one chain ten thousand times, and a program's own poll loop.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "rig.h"
#include "suites.h"
#include "witness.h"

#define BLOCK 4096u
#define DEPTH_MAX 16u

/* A ring of prepared transfers on one channel. */
struct ring {
	struct rig *rig;
	unsigned int channel, depth;
	size_t offset;		/* of its first block, in both memories */
	struct plxdma_transfer *transfers[DEPTH_MAX];
	uint32_t nonces[DEPTH_MAX];
	uint32_t nonce;
};

static char *ring_host(const struct ring *ring, unsigned int slot)
{
	return ring->rig->stage.host + ring->offset + slot * 2 * BLOCK;
}

static char *ring_local(const struct ring *ring, unsigned int slot)
{
	return (char *)ring->rig->stage.board->sram + ring->offset +
	       slot * 2 * BLOCK;
}

static void ring_init(struct ring *ring, enum plxdma_form form)
{
	struct stage *stage = &ring->rig->stage;

	for (unsigned int i = 0; i < ring->depth; i++) {
		struct plxdma_request request = {
			.size = sizeof(request),
			.direction = PLXDMA_TO_HOST,
			.form = form,
			.handle = plxdma_handle_of(stage->card,
						   ring_host(ring, i)),
			.local = SHARED_BOARD_SRAM +
				 (uint32_t)(ring->offset + i * 2 * BLOCK),
			.length = BLOCK,
		};

		ck_assert_int_eq(plxdma_transfer_new(
					 stage->channels[ring->channel],
					 &request, &ring->transfers[i]), 0);
		plxdma_transfer_set_user(ring->transfers[i],
					 &ring->nonces[i]);
	}
}

static void ring_submit(struct ring *ring, unsigned int slot)
{
	uint32_t nonce = ++ring->nonce;

	ring->nonces[slot] = nonce;
	witness_fill(ring_local(ring, slot), BLOCK, nonce);
	witness_complement(ring_host(ring, slot), BLOCK, nonce);
	ck_assert_int_eq(plxdma_submit(ring->transfers[slot]), 0);
}

static void ring_check(struct ring *ring, unsigned int slot)
{
	ck_assert_ptr_eq(plxdma_transfer_user(ring->transfers[slot]),
			 &ring->nonces[slot]);
	ck_assert_uint_eq(witness_check(ring_host(ring, slot), BLOCK,
					ring->nonces[slot]), BLOCK);
}

/* Keeps the ring full for so many transfers. */
static void ring_run(struct ring *ring, unsigned int count)
{
	for (unsigned int i = 0; i < count + ring->depth; i++) {
		unsigned int slot = i % ring->depth;

		if (i >= ring->depth) {
			ck_assert_int_eq(plxdma_wait(ring->transfers[slot],
						     RIG_SOON, NULL),
					 0);
			ring_check(ring, slot);
		}
		if (i < count)
			ring_submit(ring, slot);
	}
}

static const char *const engines[] = {
	"engine=inline", "engine=thread", "engine=thread,rate=1e9,posted=on",
	"engine=inline,rate=1e9",
};
#define ENGINES 4

START_TEST(a_queue_of_any_depth_loses_nothing)
{
	struct ring ring = { .depth = (unsigned int)_i / ENGINES + 2 };
	struct rig rig;

	rig_open(&rig, engines[_i % ENGINES]);
	rig_set_waiting(&rig, _i & 8 ? PLXDMA_WAIT_SPIN : PLXDMA_WAIT_EVENT);
	ring.rig = &rig;
	ring.channel = ring.depth & 1;
	ring_init(&ring, PLXDMA_FORM_AUTO);
	ring_run(&ring, 100);
	rig_close(&rig);
}
END_TEST

START_TEST(transfers_end_in_the_order_of_their_submission)
{
	struct ring ring = { .depth = DEPTH_MAX };
	struct pollfd poller = { .events = POLLIN };
	unsigned int ended = 0;
	struct rig rig;

	rig_open(&rig, engines[_i]);
	ring.rig = &rig;
	ring_init(&ring, PLXDMA_FORM_CHAIN);
	for (unsigned int i = 0; i < ring.depth; i++)
		ring_submit(&ring, i);
	poller.fd = plxdma_channel_fd(rig.stage.channels[0]);
	while (ended < ring.depth) {
		struct plxdma_transfer *transfer;
		struct plxdma_result result = { .size = sizeof(result) };

		ck_assert_int_ge(poll(&poller, 1, 2000), 0);
		while ((transfer = plxdma_channel_reap(rig.stage.channels[0],
						       &result))) {
			ck_assert_ptr_eq(transfer, ring.transfers[ended]);
			ck_assert_uint_eq(result.status, PLXDMA_DONE);
			ring_check(&ring, ended++);
		}
	}
	rig_close(&rig);
}
END_TEST

START_TEST(a_full_queue_says_so_and_goes_on)
{
	struct plxdma_transfer *transfers[600];
	unsigned int count, waited;
	struct rig rig;
	int error = 0;

	rig_open(&rig, "rate=100e6");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 0);
	rig.request.length = BLOCK;
	for (count = 0; count < 600; count++) {
		transfers[count] = rig_transfer(&rig, 0);
		error = plxdma_submit(transfers[count]);
		if (error)
			break;
	}
	ck_assert_msg(error == 0 || error == -EAGAIN, "%d", error);
	ck_assert_uint_ge(count, DEPTH_MAX);
	for (waited = 0; waited < count; waited++)
		ck_assert_int_eq(plxdma_wait(transfers[waited],
					     RIG_SOON, NULL), 0);
	rig_check(&rig, BLOCK);
	rig_check_works(&rig);
	rig_close(&rig);
}
END_TEST

static void *ring_thread(void *argument)
{
	ring_run(argument, 400);
	return NULL;
}

START_TEST(two_threads_drive_a_channel_each)
{
	struct ring rings[2] = {
		{ .channel = 0, .depth = 4, .offset = 0 },
		{ .channel = 1, .depth = 3, .offset = 512u << 10,
		  .nonce = 1u << 20 },
	};
	pthread_t thread;
	struct rig rig;

	rig_open(&rig, engines[_i % ENGINES]);
	rig_set_waiting(&rig, _i / ENGINES ? PLXDMA_WAIT_SPIN :
			PLXDMA_WAIT_EVENT);
	for (int i = 0; i < 2; i++) {
		rings[i].rig = &rig;
		ring_init(&rings[i], i ? PLXDMA_FORM_CHAIN :
			  PLXDMA_FORM_BLOCK);
	}
	ck_assert_int_eq(pthread_create(&thread, NULL, ring_thread,
					&rings[1]), 0);
	ring_thread(&rings[0]);
	pthread_join(thread, NULL);
	rig_close(&rig);
}
END_TEST

START_TEST(a_prepared_chain_runs_ten_thousand_times)
{
	struct plxdma_transfer *transfer;
	struct rig rig;

	rig_open(&rig, "");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_CHAIN, 0);
	for (unsigned int i = 0; i < RIG_PIECES; i++)
		rig.pieces[i].length = 64;
	transfer = rig_transfer(&rig, 0);
	for (uint32_t i = 0; i < 10000; i++) {
		for (unsigned int j = 0; j < RIG_PIECES; j++)
			witness_fill(rig.stage.board->sram +
				     (rig.pieces[j].local - SHARED_BOARD_SRAM),
				     64, i * RIG_PIECES + j);
		ck_assert_int_eq(plxdma_submit(transfer), 0);
		ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL), 0);
		for (unsigned int j = 0; j < RIG_PIECES; j++)
			ck_assert_uint_eq(
				witness_check(rig.stage.host +
					      (rig.pieces[j].handle -
					       rig.stage.handle), 64,
					      i * RIG_PIECES + j), 64);
	}
	rig_close(&rig);
}
END_TEST

START_TEST(a_changed_transfer_does_what_it_was_changed_to)
{
	struct plxdma_transfer *transfer;
	struct rig rig;

	rig_open(&rig, _i ? "iova=0x140000000" : "");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 0);
	transfer = rig_transfer(&rig, 0);
	for (unsigned int i = 0; i < 40; i++) {
		rig_request(&rig, i & 1 ? PLXDMA_TO_CARD : PLXDMA_TO_HOST,
			    i & 2 ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK,
			    i % 11);
		ck_assert_int_eq(plxdma_transfer_change(transfer,
							&rig.request), 0);
		ck_assert_int_eq(plxdma_submit(transfer), 0);
		ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL), 0);
		rig_check(&rig, RIG_SIZE);
	}
	rig_close(&rig);
}
END_TEST

/* Two cards, four channels, one thread, one poll(). */
START_TEST(one_poll_loop_serves_two_cards)
{
	struct plxdma_channel *channels[4];
	struct pollfd pollers[4];
	struct ring rings[4];
	unsigned int counts[4] = { 0 }, left = 4 * 50;
	struct rig rigs[2];

	for (int i = 0; i < 2; i++)
		rig_open(&rigs[i], _i ? "rate=500e6,bus=crate" :
			 "rate=500e6,engine=inline");
	for (unsigned int i = 0; i < 4; i++) {
		rings[i] = (struct ring){
			.rig = &rigs[i / 2], .channel = i % 2, .depth = 3,
			.offset = i * (256u << 10), .nonce = i << 24,
		};
		ring_init(&rings[i], PLXDMA_FORM_AUTO);
		channels[i] = rigs[i / 2].stage.channels[i % 2];
		pollers[i] = (struct pollfd){
			.fd = plxdma_channel_fd(channels[i]),
			.events = POLLIN,
		};
		for (unsigned int j = 0; j < 3; j++)
			ring_submit(&rings[i], j);
	}
	while (left > 0) {
		ck_assert_int_gt(poll(pollers, 4, 5000), 0);
		for (unsigned int i = 0; i < 4; i++) {
			if (!(pollers[i].revents & POLLIN))
				continue;
			while (plxdma_channel_reap(channels[i], NULL)) {
				unsigned int slot = counts[i]++ % 3;

				ring_check(&rings[i], slot);
				left--;
				if (counts[i] + 2 < 50)
					ring_submit(&rings[i], slot);
			}
		}
	}
	for (int i = 0; i < 2; i++)
		rig_close(&rigs[i]);
}
END_TEST

Suite *queues_suite(void)
{
	Suite *suite = suite_create("queues");
	TCase *tcase = tcase_create("queues");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, a_queue_of_any_depth_loses_nothing, 0,
			    (DEPTH_MAX - 1) * ENGINES);
	tcase_add_loop_test(tcase,
			    transfers_end_in_the_order_of_their_submission, 0,
			    ENGINES);
	tcase_add_test(tcase, a_full_queue_says_so_and_goes_on);
	tcase_add_loop_test(tcase, two_threads_drive_a_channel_each, 0,
			    2 * ENGINES);
	tcase_add_test(tcase, a_prepared_chain_runs_ten_thousand_times);
	tcase_add_loop_test(tcase,
			    a_changed_transfer_does_what_it_was_changed_to, 0,
			    2);
	tcase_add_loop_test(tcase, one_poll_loop_serves_two_cards, 0, 2);
	suite_add_tcase(suite, tcase);
	return suite;
}
