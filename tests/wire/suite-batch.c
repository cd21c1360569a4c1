/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory for registers: both ends, and what either may write over.
 */
#include "suites.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "wire/batch.h"

static struct wire_batch *area;
static struct batch_server server;
static struct batch_client client;
static struct plxdma_step steps[PLXDMA_BATCH], taken[PLXDMA_BATCH];
static uint32_t count, done;
static char text[ERROR_TEXT];
static int fd;

static void set_up(void)
{
	fd = wire_batch_new(&area);
	ck_assert_int_ge(fd, 0);
	server = (struct batch_server){ .area = area };
	client = (struct batch_client){ .area = area };
	for (uint32_t i = 0; i < PLXDMA_BATCH; i++)
		steps[i] = (struct plxdma_step){
			.op = (uint8_t)(i % 3), .space = 2, .width = 32,
			.reserved = (uint8_t)i, .offset = 4 * i, .value = ~i,
			.mask = i % 3 == 2 ? 7 * i : 0,
			.want = i % 3 == 2 ? 5 * i : 0,
			.timeout_us = i % 3 == 2 ? i : 0,
		};
}

static void tear_down(void)
{
	wire_batch_unmap(area);
	close(fd);
}

START_TEST(steps_arrive_whole)
{
	ck_assert_int_eq(batch_server_take(&server, taken, &count), 0);
	ck_assert(!batch_server_pending(&server));
	batch_client_ask(&client, steps, PLXDMA_BATCH);
	ck_assert(batch_server_pending(&server));
	ck_assert_int_eq(batch_server_take(&server, taken, &count), 1);
	ck_assert_uint_eq(count, PLXDMA_BATCH);
	ck_assert_int_eq(memcmp(steps, taken, sizeof(steps)), 0);
	ck_assert_int_eq(batch_server_take(&server, taken, &count), 0);
}
END_TEST

START_TEST(values_come_back_to_what_reads)
{
	batch_client_ask(&client, steps, 9);
	ck_assert_int_eq(batch_server_take(&server, taken, &count), 1);
	for (uint32_t i = 0; i < count; i++)
		taken[i].value = 1000 + i;
	ck_assert(!batch_client_answered(&client));
	batch_server_answer(&server, taken, count, 8, -ETIMEDOUT, "too late");
	ck_assert(batch_client_answered(&client));
	ck_assert_int_eq(batch_client_take(&client, steps, 9, &done, text),
			 -ETIMEDOUT);
	ck_assert_str_eq(text, "too late");
	ck_assert_uint_eq(done, 8);
	for (uint32_t i = 0; i < 9; i++)
		ck_assert_uint_eq(steps[i].value, steps[i].op ==
				  PLXDMA_STEP_WRITE ? ~i : 1000 + i);
}
END_TEST

START_TEST(what_was_taken_changes_no_more)
{
	batch_client_ask(&client, steps, 3);
	ck_assert_int_eq(batch_server_take(&server, taken, &count), 1);
	memset(area, 0xff, sizeof(*area));
	ck_assert_int_eq(memcmp(steps, taken, 3 * sizeof(steps[0])), 0);
	batch_server_answer(&server, taken, count, 3, 0, "");
	ck_assert_int_eq(batch_client_take(&client, steps, 3, &done, text), 0);
	ck_assert_uint_eq(done, 3);
}
END_TEST

static const uint32_t counts[] = { 0, PLXDMA_BATCH + 1, UINT32_MAX };

START_TEST(count_that_cannot_be_is_refused)
{
	batch_client_ask(&client, steps, 1);
	area->count = counts[_i];
	ck_assert_int_eq(batch_server_take(&server, taken, &count), -EINVAL);
	ck_assert_uint_eq(count, 0);
	/* Once. */
	ck_assert_int_eq(batch_server_take(&server, taken, &count), 0);
}
END_TEST

START_TEST(answer_of_a_daemon_gone_wrong_stays_in_bounds)
{
	batch_client_ask(&client, steps, 2);
	area->done = UINT32_MAX;
	area->error = 5;
	memset(area->text, 'x', sizeof(area->text));
	ck_assert_int_eq(batch_client_take(&client, steps, 2, &done, text),
			 -EPROTO);
	ck_assert_uint_eq(done, 2);
	ck_assert_uint_eq(strlen(text), sizeof(text) - 1);
}
END_TEST

START_TEST(sleeper_is_woken_once)
{
	ck_assert(!batch_client_must_wake(&client));
	batch_server_sleep(&server);
	ck_assert(batch_client_must_wake(&client));
	ck_assert(!batch_client_must_wake(&client));
	batch_server_sleep(&server);
	batch_server_awake(&server);
	ck_assert(!batch_client_must_wake(&client));
	batch_client_sleep(&client);
	ck_assert(batch_server_must_wake(&server));
	ck_assert(!batch_server_must_wake(&server));
	batch_client_sleep(&client);
	batch_client_awake(&client);
	ck_assert(!batch_server_must_wake(&server));
}
END_TEST

START_TEST(memory_of_another_kind_is_not_mapped)
{
	struct wire_batch *mapped;
	struct wire_area *other;
	int wrong = wire_area_new(&other);

	ck_assert_int_eq(wire_batch_map(wrong, &mapped), -EPROTO);
	ck_assert_int_eq(wire_batch_map(fd, &mapped), 0);
	mapped->count = 5;
	ck_assert_uint_eq(area->count, 5);
	wire_batch_unmap(mapped);
	wire_area_unmap(other);
	close(wrong);
}
END_TEST

/* As many as two seconds have: each is two changes of threads, which a busy
 * machine may take its time for. */
#define ROUNDS 20000
#define SECONDS 2

static atomic_int over;

static void *serve(void *unused)
{
	uint32_t n;

	while (!atomic_load(&over)) {
		if (batch_server_take(&server, taken, &n) != 1) {
			sched_yield();
			continue;
		}
		for (uint32_t k = 0; k < n; k++)
			taken[k].value += 1;
		batch_server_answer(&server, taken, n, n, 0, "");
	}
	return unused;
}

START_TEST(two_threads_see_each_others_whole_batches)
{
	const time_t end = time(NULL) + SECONDS;
	struct plxdma_step mine[4];
	pthread_t thread;

	atomic_store(&over, 0);
	pthread_create(&thread, NULL, serve, NULL);
	for (uint32_t i = 0; i < ROUNDS && time(NULL) <= end; i++) {
		for (uint32_t k = 0; k < 4; k++)
			mine[k] = (struct plxdma_step){ .value = i * 4 + k };
		batch_client_ask(&client, mine, 1 + i % 4);
		while (!batch_client_answered(&client))
			sched_yield();
		ck_assert_int_eq(batch_client_take(&client, mine, 1 + i % 4,
						   &done, text), 0);
		for (uint32_t k = 0; k <= i % 4; k++)
			ck_assert_uint_eq(mine[k].value, i * 4 + k + 1);
	}
	atomic_store(&over, 1);
	pthread_join(thread, NULL);
}
END_TEST

Suite *batch_suite(void)
{
	Suite *suite = suite_create("batch");
	TCase *tcase = tcase_create("batch");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, steps_arrive_whole);
	tcase_add_test(tcase, values_come_back_to_what_reads);
	tcase_add_test(tcase, what_was_taken_changes_no_more);
	tcase_add_loop_test(tcase, count_that_cannot_be_is_refused, 0,
			    sizeof(counts) / sizeof(counts[0]));
	tcase_add_test(tcase, answer_of_a_daemon_gone_wrong_stays_in_bounds);
	tcase_add_test(tcase, sleeper_is_woken_once);
	tcase_add_test(tcase, memory_of_another_kind_is_not_mapped);
	tcase_add_test(tcase, two_threads_see_each_others_whole_batches);
	suite_add_tcase(suite, tcase);
	return suite;
}
