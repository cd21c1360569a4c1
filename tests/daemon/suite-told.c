/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon tells of single transfers: by its trace, its metrics, and
 * the driver's own count of what became of them.
 */
#include "suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define SRAM 0x20000000u
#define TEXT_MAX 65536

static struct fixture daemon_under_test;
static struct raw raw;
static char text[TEXT_MAX];

static void begin(const char *card)
{
	static const char *const more[] = { "--test-faults", NULL };

	ck_assert_int_eq(fixture_start(&daemon_under_test, NULL, card, more),
			 0);
	ck_assert_int_eq(raw_open(&raw, ARENA, 0), 0);
}

static void end(void)
{
	raw_close(&raw);
	ck_assert_int_eq(fixture_stop(&daemon_under_test), 0);
}

/* The file that the daemon tells in, all of it. */
static const char *told(enum plxdma_told what)
{
	struct packet packet = { .fd_count = 0 };
	ssize_t size;

	wire_request_init(&packet.message, WIRE_TELL, 1);
	packet.message.tell.what = what;
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	size = pread(packet.fds[0], text, sizeof(text) - 1, 0);
	ck_assert_int_gt(size, 0);
	text[size] = 0;
	packet_close_fds(&packet);
	return text;
}

static struct wire_completion run(struct wire_submission entry)
{
	struct wire_completion completion;

	ck_assert_int_eq(raw_run(&raw, &entry, &completion), 0);
	return completion;
}

static unsigned int refused(const char *way)
{
	const char *at = told(PLXDMA_TOLD_TRACE);
	unsigned int count = 0;
	char line[80];

	snprintf(line, sizeof(line),
		 "\"direction\": \"%s\",\n\"status\": \"refused\"", way);
	while ((at = strstr(at, line))) {
		count++;
		at++;
	}
	return count;
}

START_TEST(refusals_are_traced_with_their_direction)
{
	struct wire_submission entry = { .local = SRAM, .offset = ARENA,
					 .length = 64 };

	begin("model:pages=small");
	told(PLXDMA_TOLD_TRACE);
	ck_assert_int_eq(run(entry).error, -ERANGE);
	entry.direction = PLXDMA_TO_CARD;
	ck_assert_int_eq(run(entry).error, -ERANGE);
	ck_assert_uint_eq(refused("to-host"), 1);
	ck_assert_uint_eq(refused("to-card"), 1);
	/* A cancel means a transfer, and goes its way. */
	entry.offset = 0;
	ck_assert_int_eq(run(entry).error, 0);
	ck_assert_int_eq(run((struct wire_submission){ .op = WIRE_CANCEL,
		.status = PLXDMA_CANCELLED }).error, -EINVAL);
	ck_assert_uint_eq(refused("to-host"), 1);
	ck_assert_uint_eq(refused("to-card"), 2);
	end();
}
END_TEST

static unsigned long lost(void)
{
	static const char name[] =
		"plxdma_interrupts_lost_total{card=\"a\"} ";
	const char *at = strstr(told(PLXDMA_TOLD_METRICS), name);

	ck_assert_ptr_nonnull(at);
	return strtoul(at + strlen(name), NULL, 10);
}

/* One that a sleeping loop has to find by itself: how many are found while it
 * happens to be awake is the machine's affair. */
START_TEST(lost_interrupts_are_counted)
{
	struct wire_submission entry = { .local = SRAM, .length = 65536 };
	struct packet packet = { .fd_count = 0 };

	begin("model:pages=small,rate=16e6");
	ck_assert_int_eq(run(entry).error, 0);
	ck_assert_uint_eq(lost(), 0);
	wire_request_init(&packet.message, WIRE_FAULT, 1);
	strcpy(packet.message.fault.fault, "lost-irqx0");
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	for (int i = 0; i < 1000 && !lost(); i++)
		ck_assert_int_eq(run(entry).error, 0);
	ck_assert_uint_ge(lost(), 1);
	end();
}
END_TEST

static uint64_t transfers(void)
{
	struct packet packet = { .fd_count = 0 };

	wire_request_init(&packet.message, WIRE_COUNTERS, 1);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	return packet.message.counters.transfers;
}

/* The channel, and on it what the board may end: one, whatever it lasts. */
static void claim_eot(void)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct packet packet = { .fd_count = 0 };

	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_EOT, 1), 0);
	wire_request_init(&packet.message, WIRE_CHANNEL_MODE, 9);
	packet.message.mode.mode = 1;
	for (unsigned int i = 0; i < WIRE_MODE_ITEMS; i++)
		packet.message.mode.items[i] = (uint32_t)
			plxdma_mode_get(mode, (enum plxdma_mode_item)i);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
	plxdma_mode_free(mode);
	wire_request_init(&packet.message, WIRE_CLAIM, 10);
	ck_assert_int_eq(raw_ask(&raw, &packet), 0);
}

START_TEST(what_the_board_may_end_is_not_cut)
{
	struct wire_submission entry = { .local = SRAM, .length = ARENA };
	struct wire_completion done;

	begin("model:pages=small,rate=132e6");
	done = run(entry);
	ck_assert_uint_eq(done.bytes, ARENA);
	ck_assert_uint_gt(transfers(), 1);
	end();
	begin("model:pages=small,rate=132e6");
	claim_eot();
	entry.mode = 1;
	done = run(entry);
	ck_assert_int_eq(done.error, 0);
	ck_assert(done.status == PLXDMA_DONE || done.status == PLXDMA_EOT);
	ck_assert_uint_eq(transfers(), 1);
	end();
}
END_TEST

Suite *told_suite(void)
{
	Suite *suite = suite_create("told");
	TCase *tcase = tcase_create("told");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, refusals_are_traced_with_their_direction);
	tcase_add_test(tcase, lost_interrupts_are_counted);
	tcase_add_test(tcase, what_the_board_may_end_is_not_cut);
	suite_add_tcase(suite, tcase);
	return suite;
}
