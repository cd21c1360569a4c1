/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients that die, lie or pull their memory away: it hurts only themselves.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define SRAM 0x20000000u
#define SOON_MS 60000	/* for what comes in milliseconds */

static struct fixture daemon_under_test;
static struct raw witness;	/* lives through all of it */

static void set_up_with(const char *card)
{
	static const char *const more[] = { "--test-faults", NULL };

	ck_assert_int_eq(fixture_start(&daemon_under_test, NULL, card, more),
			 0);
	ck_assert_int_eq(raw_open(&witness, ARENA, 0), 0);
}

static void set_up(void)
{
	set_up_with("model:pages=small");
}

static void set_up_slow(void)
{
	set_up_with("model:pages=small,rate=4e6,engine=inline");
}

static void set_up_thread(void)
{
	set_up_with("model:pages=small,rate=4e6,engine=thread");
}

static void tear_down(void)
{
	raw_close(&witness);
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 0);
}

static struct wire_completion run(struct raw *raw,
				  struct wire_submission entry)
{
	struct wire_completion completion;

	ck_assert_int_eq(raw_run(raw, &entry, &completion), 0);
	return completion;
}

/* The witness moves some bytes both ways, and they are right. */
static void others_go_on(void)
{
	struct wire_submission entry = { .local = SRAM + 0x80000, .length = 256,
					 .direction = PLXDMA_TO_CARD };
	struct wire_completion done;

	memset(witness.base, 0x5a, 256);
	memset(witness.base + 4096, 0, 256);
	done = run(&witness, entry);
	ck_assert_int_eq(done.error, 0);
	ck_assert_uint_eq(done.status, PLXDMA_DONE);
	entry.direction = PLXDMA_TO_HOST;
	entry.offset = 4096;
	done = run(&witness, entry);
	ck_assert_uint_eq(done.status, PLXDMA_DONE);
	ck_assert_int_eq(memcmp(witness.base, witness.base + 4096, 256), 0);
}

static struct packet about_card(enum wire_type type)
{
	struct packet packet = { .fd_count = 0 };

	wire_request_init(&packet.message, type, 1);
	ck_assert_int_eq(raw_ask(&witness, &packet), 0);
	return packet;
}

static void no_violations(void)
{
	struct packet packet = about_card(WIRE_COUNTERS);

	ck_assert_uint_eq(packet.message.counters.violations, 0);
}

START_TEST(death_in_mid_transfer_frees_the_channel)
{
	struct wire_submission entry = { .local = SRAM, .length = ARENA };
	int fds = fixture_fds(&daemon_under_test);
	struct raw dead;

	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(raw_open(&dead, ARENA, 0), 0);
		for (entry.slot = 0; entry.slot < 8; entry.slot++)
			ck_assert_int_eq(ring_client_submit(&dead.ring,
							    &entry), 0);
		raw_wake(&dead);
		settle(30);
		raw_close(&dead);
		/* 8 MiB at 4 MB/s would take two seconds. */
		others_go_on();
	}
	no_violations();
	for (int i = 0; i < SOON_MS && fixture_fds(&daemon_under_test) != fds;
	     i++)
		settle(1);
	ck_assert_int_eq(fixture_fds(&daemon_under_test), fds);
}
END_TEST

#define SCRATCH 0x28		/* of the board's registers */
#define DISARMED 0x5eedu
#define CSR 0xa8
#define CSR_LOOKS 100000

static uint32_t value_of(unsigned int space, uint32_t offset)
{
	uint32_t value = 0;

	ck_assert_int_eq(raw_access(&witness, 0, space, offset, &value), 0);
	return value;
}

/* A transfer with a step after its end, which is under way when it returns. */
static struct plxdma_card *arm(void)
{
	const struct plxdma_step disarm = { .op = PLXDMA_STEP_WRITE,
		.space = PLXDMA_SPACE_BAR3, .width = 32, .offset = SCRATCH,
		.value = DISARMED };
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	struct plxdma_request request = { .size = sizeof(request),
		.local = SRAM, .length = 512 << 10, .recipe = recipe };
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	struct plxdma_card *card;
	int looks = 0;

	ck_assert_int_eq(plxdma_open("daemon:a,arena=1M", &card), 0);
	ck_assert_int_eq(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0), 0);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 512 << 10,
						    &request.handle));
	ck_assert_int_eq(plxdma_recipe_add(recipe, PLXDMA_AFTER_END, &disarm),
			 0);
	ck_assert_int_eq(plxdma_transfer_new(channel, &request, &transfer), 0);
	plxdma_recipe_free(recipe);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	while ((value_of(PLXDMA_SPACE_CHIP, CSR) & 0x11) != 1 &&
	       value_of(PLXDMA_SPACE_BAR3, SCRATCH) != DISARMED)
		ck_assert_int_lt(looks++, CSR_LOOKS);
	return card;
}

/* The witness has the card's turn while the other one leaves. */
START_TEST(armed_board_is_disarmed_after_its_client)
{
	struct plxdma_step never = { .op = PLXDMA_STEP_POLL,
		.space = PLXDMA_SPACE_BAR3, .width = 32, .mask = 1,
		.want = 2, .timeout_us = PLXDMA_POLL_MAX_US };
	struct plxdma_card *card = arm();
	char text[ERROR_TEXT];
	uint32_t done;

	never.want = ~value_of(PLXDMA_SPACE_BAR3, 0) & 1;
	batch_client_ask(&witness.batches, &never, 1);
	if (batch_client_must_wake(&witness.batches))
		eventfd_write(witness.batch_wakes, 1);
	settle(20);
	plxdma_close(card);
	ck_assert_int_eq(raw_batch_wait(&witness), 0);
	ck_assert_int_eq(batch_client_take(&witness.batches, &never, 1, &done,
					   text), -ETIMEDOUT);
	for (int i = 0; i < SOON_MS; i++) {
		if (value_of(PLXDMA_SPACE_BAR3, SCRATCH) == DISARMED)
			return;
		settle(1);
	}
	ck_abort_msg("the step after its end was never done");
}
END_TEST

START_TEST(ring_that_lies_ends_its_connection_only)
{
	static const uint32_t tails[] = { WIRE_RING + 1, UINT32_MAX,
					  0x80000000 };
	struct raw liar;

	for (unsigned int i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		ck_assert_int_eq(raw_open(&liar, ARENA, 1), 0);
		liar.ring.area->submit_tail = tails[i];
		raw_wake(&liar);
		for (int wait = 0; wait < SOON_MS && raw_alive(&liar); wait++)
			settle(1);
		ck_assert(!raw_alive(&liar));
		raw_close(&liar);
		others_go_on();
	}
}
END_TEST

START_TEST(client_that_reads_no_completions_stops_itself)
{
	struct wire_submission entry = { .local = SRAM, .length = 4 };
	uint32_t sent = 0;
	struct raw dumb;

	ck_assert_int_eq(raw_open(&dumb, ARENA, 0), 0);
	for (int i = 0; i < 400; i++) {
		entry.slot = sent % 64;
		while (!ring_client_submit(&dumb.ring, &entry))
			entry.slot = ++sent % 64;
		raw_wake(&dumb);
		settle(1);
	}
	/* Two rings full, and no more. */
	ck_assert_uint_le(sent, 2 * WIRE_RING);
	others_go_on();
	raw_close(&dumb);
}
END_TEST

START_TEST(truncated_arena_is_a_target_abort)
{
	struct wire_submission entry = { .local = SRAM, .length = ARENA };
	struct wire_completion done;
	struct raw holed;

	ck_assert_int_eq(raw_open(&holed, ARENA, 0), 0);
	done = run(&holed, entry);
	ck_assert_uint_eq(done.status, PLXDMA_DONE);
	if (ftruncate(holed.arena_fd, 0)) {
		raw_close(&holed);
		return;		/* sealed against it: as good */
	}
	for (int i = 0; i < 4; i++) {
		entry.direction = (uint8_t)(i & 1);
		done = run(&holed, entry);
		ck_assert(done.error == -ESHUTDOWN ||
			  (!done.error && done.status == PLXDMA_TARGET_ABORT));
		others_go_on();
	}
	raw_close(&holed);
	others_go_on();
	no_violations();
}
END_TEST

#ifndef __SANITIZE_THREAD__
START_TEST(arena_truncated_in_mid_transfer_is_a_target_abort)
{
	struct wire_submission entry = { .local = SRAM, .length = ARENA };
	struct wire_completion done = { .error = 0 };
	struct raw holed;

	/* Two seconds of transfers: one of them is under way. */
	ck_assert_int_eq(raw_open(&holed, ARENA, 0), 0);
	for (entry.slot = 0; entry.slot < 8; entry.slot++)
		ck_assert_int_eq(ring_client_submit(&holed.ring, &entry), 0);
	raw_wake(&holed);
	settle(20);
	if (!ftruncate(holed.arena_fd, 0)) {
		for (int i = 0; i < SOON_MS && !done.status; i++) {
			while (!done.status &&
			       ring_client_take(&holed.ring, &done) == 1)
				ck_assert_int_eq(done.error, 0);
			settle(1);
		}
		ck_assert_uint_eq(done.status, PLXDMA_TARGET_ABORT);
	}
	raw_close(&holed);
	others_go_on();
}
END_TEST
#endif

START_TEST(punched_area_reads_as_nothing)
{
	struct wire_submission entry = { .local = SRAM, .length = 64 };
	struct raw holed;

	ck_assert_int_eq(raw_open(&holed, ARENA, 1), 0);
	run(&holed, entry);
	ck_assert_int_eq(fallocate(holed.area_fd, FALLOC_FL_PUNCH_HOLE |
				   FALLOC_FL_KEEP_SIZE, 0,
				   sizeof(struct wire_area)), 0);
	raw_wake(&holed);
	settle(20);
	others_go_on();
	raw_close(&holed);
}
END_TEST

START_TEST(stuck_channel_keeps_the_memory_and_says_so)
{
	struct wire_submission entry = { .local = SRAM, .length = 65536 };
	struct packet packet = { .fd_count = 0 };
	struct wire_completion done;
	struct raw unlucky;
	int err = 0;

	ck_assert_int_eq(raw_open(&unlucky, ARENA, 1), 0);
	wire_request_init(&packet.message, WIRE_FAULT, 1);
	strcpy(packet.message.fault.fault, "stuck@data:4096");
	ck_assert_int_eq(raw_ask(&unlucky, &packet), 0);
	ck_assert_int_eq(ring_client_submit(&unlucky.ring, &entry), 0);
	raw_wake(&unlucky);
	settle(20);
	raw_close(&unlucky);
	packet = about_card(WIRE_INFO);
	for (int i = 0; i < SOON_MS && !packet.message.info.memory_kept; i++) {
		settle(1);
		packet = about_card(WIRE_INFO);
	}
	ck_assert_uint_eq(packet.message.info.in_service, 0);
	ck_assert_uint_eq(packet.message.info.memory_kept, ARENA);
	ck_assert_int_eq(ring_client_state(&witness.ring), -ESHUTDOWN);
	entry.slot = 9;
	err = raw_run(&witness, &entry, &done);
	ck_assert_int_eq(err, 0);
	ck_assert(done.error == -ESHUTDOWN || done.status == PLXDMA_STUCK);
	raw_close(&witness);
	/* It can't confirm, and its exit status says so. */
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 1);
}
END_TEST

Suite *death_suite(void)
{
	static const struct {
		const char *name;
		void (*set_up)(void);
	} engines[] = {
		{ "inline", set_up_slow },
		{ "thread", set_up_thread },
	};
	Suite *suite = suite_create("death");
	TCase *tcase = tcase_create("death");
	TCase *stuck = tcase_create("stuck");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, ring_that_lies_ends_its_connection_only);
	tcase_add_test(tcase, client_that_reads_no_completions_stops_itself);
	tcase_add_test(tcase, truncated_arena_is_a_target_abort);
	tcase_add_test(tcase, punched_area_reads_as_nothing);
	suite_add_tcase(suite, tcase);
	for (unsigned int i = 0; i < 2; i++) {
		TCase *slow = tcase_create(engines[i].name);

		tcase_add_checked_fixture(slow, engines[i].set_up, tear_down);
		tcase_set_timeout(slow, 60);
		tcase_add_test(slow, death_in_mid_transfer_frees_the_channel);
		tcase_add_test(slow, armed_board_is_disarmed_after_its_client);
#ifndef __SANITIZE_THREAD__ /* whose memcpy() keeps SIGBUS from the guard */
		tcase_add_test(slow,
			arena_truncated_in_mid_transfer_is_a_target_abort);
#endif
		suite_add_tcase(suite, slow);
	}
	tcase_add_checked_fixture(stuck, set_up, NULL);
	tcase_set_timeout(stuck, 60);
	tcase_add_test(stuck, stuck_channel_keeps_the_memory_and_says_so);
	suite_add_tcase(suite, stuck);
	return suite;
}
