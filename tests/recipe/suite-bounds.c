/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A poll that never comes true ends in its bound, with the engine stopped, the
 * memory back, and a status that says so; the card goes on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "actor.h"
#include "log.h"
#include "suites.h"
#include "tests/daemon/fixture.h"

#define BOUND_US 5000u
#define SLOW_LENGTH 65536u	/* 650 ms at rate=100e3 */
#define SECOND INT64_C(1000000000)

enum door { DIRECT, DAEMON, DOORS };

struct bench {
	struct fixture fixture;
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	unsigned char *memory;
	struct plxdma_request request;
	enum door door;
	char path[32];
};

static void bench_open(struct bench *bench, enum door door)
{
	char spec[128];
	int fd;

	memset(bench, 0, sizeof(*bench));
	bench->door = door;
	strcpy(bench->path, "/tmp/plxdma-trace-XXXXXX");
	fd = mkstemp(bench->path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	snprintf(spec, sizeof(spec), "model:rate=100e3,trace=%s", bench->path);
	if (door == DAEMON) {
		ck_assert_int_eq(fixture_start(&bench->fixture, NULL, spec,
					       NULL), 0);
		strcpy(spec, "daemon:a,arena=2M");
	}
	ck_assert_int_eq(plxdma_open(spec, &bench->card), 0);
	ck_assert_int_eq(plxdma_claim(bench->card, PLXDMA_CLAIM_CHANNEL0, 0,
				      0), 0);
	ck_assert_int_eq(plxdma_channel_open(bench->card, 0, &bench->channel),
			 0);
	bench->request = (struct plxdma_request){
		.size = sizeof(bench->request),
		.direction = PLXDMA_TO_HOST,
		.local = SRAM,
		.length = SLOW_LENGTH,
	};
	bench->memory = plxdma_alloc_coherent(bench->card, SLOW_LENGTH,
					      &bench->request.handle);
	ck_assert_ptr_nonnull(bench->memory);
}

static void bench_close(struct bench *bench)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	ck_assert_int_eq(plxdma_card_counters(bench->card, &counters), 0);
	ck_assert_uint_eq(counters.violations, 0);
	plxdma_close(bench->card);
	if (bench->door == DAEMON)
		ck_assert_int_eq(fixture_stop(&bench->fixture), 0);
	unlink(bench->path);
}

static struct plxdma_recipe *hopeless(enum plxdma_moment moment)
{
	const struct plxdma_step poll = {
		.op = PLXDMA_STEP_POLL,
		.space = PLXDMA_SPACE_BAR3,
		.width = 32,
		.offset = SCRATCH,
		.mask = 1,
		.want = 1,
		.timeout_us = BOUND_US,
	};
	const struct plxdma_step disarm = {
		.op = PLXDMA_STEP_WRITE,
		.space = PLXDMA_SPACE_BAR3,
		.width = 32,
		.offset = SCRATCH,
		.value = 0xd0,
	};
	struct plxdma_recipe *recipe = plxdma_recipe_new();

	ck_assert_ptr_nonnull(recipe);
	ck_assert_int_eq(plxdma_recipe_add(recipe, moment, &poll), 0);
	ck_assert_int_eq(plxdma_recipe_add(recipe, PLXDMA_AFTER_END, &disarm),
			 1);
	return recipe;
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

static void plain_transfer_works(struct bench *bench)
{
	bench->request.recipe = NULL;
	bench->request.length = 1024;
	ck_assert_int_eq(plxdma_transfer_once(bench->channel, &bench->request,
					      60 * SECOND, NULL), 0);
}

static void fails_in_its_bound(struct bench *bench, enum plxdma_moment moment,
			       struct plxdma_result *result)
{
	struct plxdma_recipe *recipe = hopeless(moment);
	int64_t begin = now();

	result->size = sizeof(*result);
	bench->request.recipe = recipe;
	ck_assert_int_eq(plxdma_transfer_once(bench->channel, &bench->request,
					      60 * SECOND, result), -ETIME);
	ck_assert_int_ge(now() - begin, BOUND_US * 1000);
	/* By the poll, not by the deadline. */
	ck_assert_int_lt(now() - begin, 30 * SECOND);
	ck_assert_uint_eq(result->status, PLXDMA_POLL_TIMED_OUT);
	plxdma_recipe_free(recipe);
	/* What comes after the end was done even so, after the end. */
	ck_assert_uint_eq(log_count(bench->path, "write bar3+0x28/32 0xd0"),
			  1);
}

START_TEST(before_the_start_nothing_is_started)
{
	struct plxdma_result result;
	struct bench bench;

	bench_open(&bench, (enum door)_i);
	fails_in_its_bound(&bench, PLXDMA_BEFORE_START, &result);
	ck_assert_uint_eq(result.bytes, 0);
	ck_assert_uint_eq(result.bytes_exact, 1);
	ck_assert_uint_eq(log_count(bench.path, "start dma0"), 0);
	plain_transfer_works(&bench);
	bench_close(&bench);
}
END_TEST

START_TEST(after_the_start_the_engine_is_stopped)
{
	static unsigned char before[SLOW_LENGTH];
	struct plxdma_result result;
	struct bench bench;

	bench_open(&bench, (enum door)_i);
	fails_in_its_bound(&bench, PLXDMA_AFTER_START, &result);
	ck_assert_uint_lt(result.bytes, SLOW_LENGTH);
	ck_assert_uint_eq(log_count(bench.path, "early dma0") +
			  log_count(bench.path, "crash dma0"), 1);
	memset(bench.memory, 0x5a, SLOW_LENGTH);
	memcpy(before, bench.memory, SLOW_LENGTH);
	usleep(80000);
	ck_assert_int_eq(memcmp(before, bench.memory, SLOW_LENGTH), 0);
	plain_transfer_works(&bench);
	bench_close(&bench);
}
END_TEST

START_TEST(after_the_end_the_bytes_are_all_there)
{
	struct plxdma_result result;
	struct bench bench;

	bench_open(&bench, (enum door)_i);
	fails_in_its_bound(&bench, PLXDMA_AFTER_END, &result);
	ck_assert_uint_eq(result.bytes, SLOW_LENGTH);
	plain_transfer_works(&bench);
	bench_close(&bench);
}
END_TEST

START_TEST(steps_that_the_engines_live_by_are_refused)
{
	static const struct {
		uint8_t space;
		uint32_t offset;
	} forbidden[] = {
		{ PLXDMA_SPACE_CHIP, 0x68 },	/* INTCSR */
		{ PLXDMA_SPACE_CHIP, 0x6c },	/* CNTRL */
		{ PLXDMA_SPACE_CHIP, 0x80 },	/* DMAMODE0 */
		{ PLXDMA_SPACE_CHIP, 0xa8 },	/* DMACSR0 and 1 */
		{ PLXDMA_SPACE_CHIP, 0xac },	/* MARBR */
		{ PLXDMA_SPACE_CHIP, 0x00 },	/* LAS0RR */
		{ PLXDMA_SPACE_CHIP, 0x04 },	/* LAS0BA */
		{ PLXDMA_SPACE_CHIP, 0xf0 },	/* LAS1RR */
		{ PLXDMA_SPACE_CONFIG, 0x04 },	/* Command */
		{ PLXDMA_SPACE_CONFIG, 0x10 },	/* BAR0 */
		{ PLXDMA_SPACE_CONFIG, 0x4c },	/* VPD */
	};
	struct plxdma_transfer *transfer;
	struct plxdma_recipe *recipe;
	struct bench bench;
	size_t i;

	bench_open(&bench, (enum door)_i);
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		const struct plxdma_step step = {
			.op = PLXDMA_STEP_WRITE,
			.space = forbidden[i].space,
			.width = 32,
			.offset = forbidden[i].offset,
		};

		recipe = plxdma_recipe_new();
		ck_assert_int_eq(plxdma_recipe_add(recipe, PLXDMA_AFTER_START,
						   &step), 0);
		bench.request.recipe = recipe;
		ck_assert_msg(plxdma_transfer_new(bench.channel,
						  &bench.request, &transfer) ==
			      -EPERM, "step to %u+%#x", forbidden[i].space,
			      forbidden[i].offset);
		plxdma_recipe_free(recipe);
	}
	plain_transfer_works(&bench);
	bench_close(&bench);
}
END_TEST

Suite *bounds_suite(void)
{
	Suite *suite = suite_create("bounds");
	TCase *tcase = tcase_create("bounds");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, before_the_start_nothing_is_started, 0,
			    DOORS);
	tcase_add_loop_test(tcase, after_the_start_the_engine_is_stopped, 0,
			    DOORS);
	tcase_add_loop_test(tcase, after_the_end_the_bytes_are_all_there, 0,
			    DOORS);
	tcase_add_loop_test(tcase, steps_that_the_engines_live_by_are_refused,
			    0, DOORS);
	suite_add_tcase(suite, tcase);
	return suite;
}
