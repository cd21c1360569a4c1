/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rings: order, room, wake-ups, and indices that lie.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wire/ring_client.h"
#include "wire/ring_server.h"

static int area_fd;
static struct wire_area *ours, *theirs;
static struct ring_server server;
static struct ring_client client;

static void set_up(void)
{
	area_fd = wire_area_new(&ours);
	ck_assert_int_ge(area_fd, 0);
	ck_assert_int_eq(wire_area_map(area_fd, &theirs), 0);
	ring_server_init(&server, ours);
	ring_client_init(&client, theirs);
}

static void tear_down(void)
{
	wire_area_unmap(ours);
	wire_area_unmap(theirs);
	wire_area_unmap(NULL);
	close(area_fd);
}

static void submit(uint64_t cookie)
{
	struct wire_submission entry = { .cookie = cookie };

	ck_assert_int_eq(ring_client_submit(&client, &entry), 0);
}

static void complete(uint64_t cookie)
{
	struct wire_completion entry = { .cookie = cookie };

	ring_server_complete(&server, &entry);
}

START_TEST(entries_arrive_in_order_around_the_seam)
{
	struct wire_submission taken;
	struct wire_completion done;

	for (uint64_t i = 0; i < 5 * WIRE_RING; i++) {
		submit(i);
		ck_assert_int_eq(ring_server_take(&server, &taken), 1);
		ck_assert_uint_eq(taken.cookie, i);
		complete(i);
		ck_assert_int_eq(ring_client_take(&client, &done), 1);
		ck_assert_uint_eq(done.cookie, i);
	}
	ck_assert_int_eq(ring_server_take(&server, &taken), 0);
	ck_assert_int_eq(ring_client_take(&client, &done), 0);
}
END_TEST

START_TEST(entries_arrive_in_order_around_the_index)
{
	struct wire_submission taken;
	struct wire_completion done;
	const uint32_t near = UINT32_MAX - 7;

	server.head = server.tail = near;
	client.tail = client.head = client.freed = near;
	ours->submit_tail = ours->submit_head = near;
	ours->complete_tail = ours->complete_head = near;
	for (uint64_t i = 0; i < 32; i++) {
		submit(i);
		submit(i + 100);
		ck_assert_int_eq(ring_server_take(&server, &taken), 1);
		ck_assert_uint_eq(taken.cookie, i);
		ck_assert_int_eq(ring_server_take(&server, &taken), 1);
		ck_assert_uint_eq(taken.cookie, i + 100);
		complete(i);
		complete(i + 100);
		ck_assert_int_eq(ring_client_take(&client, &done), 1);
		ck_assert_uint_eq(done.cookie, i);
		ck_assert_int_eq(ring_client_take(&client, &done), 1);
		ck_assert_uint_eq(done.cookie, i + 100);
	}
}
END_TEST

START_TEST(full_submission_ring_says_try_again)
{
	struct wire_submission entry = { 0 };

	for (int i = 0; i < WIRE_RING; i++)
		submit(0);
	ck_assert_int_eq(ring_client_submit(&client, &entry), -EAGAIN);
	ck_assert_int_eq(ring_server_take(&server, &entry), 1);
	ck_assert_int_eq(ring_client_submit(&client, &entry), 0);
	ck_assert_int_eq(ring_client_submit(&client, &entry), -EAGAIN);
}
END_TEST

START_TEST(nothing_is_taken_whose_completion_lacks_room)
{
	struct wire_submission taken;
	struct wire_completion done;

	for (int i = 0; i < WIRE_RING; i++) {
		submit(1);
		ck_assert_int_eq(ring_server_take(&server, &taken), 1);
	}
	submit(2);
	ck_assert_int_eq(ring_server_take(&server, &taken), 0);
	ck_assert_int_eq(ring_server_pending(&server), 0);
	for (int i = 0; i < WIRE_RING; i++)
		complete(1);
	/* Posted, but unread: still no room. */
	ck_assert_int_eq(ring_server_take(&server, &taken), 0);
	ck_assert_int_eq(ring_server_pending(&server), 0);
	ck_assert_int_eq(ring_client_take(&client, &done), 1);
	ck_assert_int_eq(ring_server_pending(&server), 1);
	ck_assert_int_eq(ring_server_take(&server, &taken), 1);
	ck_assert_uint_eq(taken.cookie, 2);
}
END_TEST

static const uint32_t lies[] = {
	WIRE_RING + 1, WIRE_RING + 2, 2 * WIRE_RING, 0x7fffffff, 0x80000000,
	UINT32_MAX - WIRE_RING, UINT32_MAX - 1, UINT32_MAX,
};

START_TEST(tail_beyond_the_ring_ends_the_connection)
{
	struct wire_submission taken;

	theirs->submit_tail = lies[_i];
	ck_assert_int_eq(ring_server_pending(&server), 1);
	ck_assert_int_eq(ring_server_take(&server, &taken), -EPROTO);
	ck_assert_uint_eq(server.head, 0);
}
END_TEST

START_TEST(head_beyond_what_was_posted_ends_the_connection)
{
	struct wire_submission taken;

	submit(0);
	theirs->complete_head = -lies[_i];
	ck_assert_int_eq(ring_server_pending(&server), 1);
	ck_assert_int_eq(ring_server_take(&server, &taken), -EPROTO);
	ck_assert_uint_eq(server.owed, 0);
}
END_TEST

START_TEST(lying_daemon_is_found_out)
{
	struct wire_completion done;

	ours->complete_tail = lies[_i];
	ck_assert_int_eq(ring_client_take(&client, &done), -EPROTO);
}
END_TEST

START_TEST(published_indices_are_never_read_back)
{
	struct wire_submission taken;
	struct wire_completion done;

	submit(1);
	submit(2);
	ck_assert_int_eq(ring_server_take(&server, &taken), 1);
	theirs->submit_head = 77;
	theirs->complete_tail = 4711;
	ck_assert_int_eq(ring_server_take(&server, &taken), 1);
	ck_assert_uint_eq(taken.cookie, 2);
	complete(1);
	ck_assert_int_eq(ring_client_take(&client, &done), 1);
	ck_assert_uint_eq(done.cookie, 1);
}
END_TEST

START_TEST(sleeper_is_woken_once)
{
	ck_assert(!ring_client_must_wake(&client));
	ring_server_sleep(&server);
	ck_assert(ring_client_must_wake(&client));
	ck_assert(!ring_client_must_wake(&client));
	ring_server_sleep(&server);
	ring_server_awake(&server);
	ck_assert(!ring_client_must_wake(&client));

	ck_assert(!ring_server_must_wake(&server));
	ring_client_sleep(&client);
	ck_assert(ring_server_must_wake(&server));
	ck_assert(!ring_server_must_wake(&server));
	ring_client_sleep(&client);
	ring_client_awake(&client);
	ck_assert(!ring_server_must_wake(&server));
}
END_TEST

START_TEST(segments_are_copied_at_the_ends_of_the_area)
{
	struct wire_segment copy[2];

	theirs->segments[0].offset = 1;
	theirs->segments[WIRE_SEGMENTS - 1].offset = 2;
	ring_server_segments(&server, 0, 1, &copy[0]);
	ring_server_segments(&server, WIRE_SEGMENTS - 1, 1, &copy[1]);
	ck_assert_uint_eq(copy[0].offset, 1);
	ck_assert_uint_eq(copy[1].offset, 2);
}
END_TEST

START_TEST(state_reaches_the_client)
{
	ck_assert_int_eq(ring_client_state(&client), 0);
	ring_server_state(&server, -ESHUTDOWN);
	ck_assert_int_eq(ring_client_state(&client), -ESHUTDOWN);
}
END_TEST

START_TEST(area_is_sealed)
{
	int seals = fcntl(area_fd, F_GET_SEALS);

	ck_assert_int_eq(seals & F_SEAL_SEAL, F_SEAL_SEAL);
	ck_assert_int_lt(ftruncate(area_fd, 0), 0);
	ck_assert_int_lt(ftruncate(area_fd, 1 << 30), 0);
}
END_TEST

START_TEST(area_that_could_shrink_is_refused)
{
	struct wire_area *area;
	int fd = memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_int_eq(ftruncate(fd, sizeof(struct wire_area)), 0);
	ck_assert_int_eq(wire_area_map(fd, &area), -EPROTO);
	ck_assert_int_eq(ftruncate(fd, sizeof(struct wire_area) - 1), 0);
	ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
			       F_SEAL_SEAL), 0);
	ck_assert_int_eq(wire_area_map(fd, &area), -EPROTO);
	close(fd);
	ck_assert_int_eq(wire_area_map(-1, &area), -EPROTO);
}
END_TEST

#define MANY 200000

static void *echo(void *unused)
{
	struct wire_submission taken;
	int got;

	for (uint64_t i = 0; i < MANY;) {
		got = ring_server_take(&server, &taken);
		if (got < 0)
			return NULL;
		if (!got) {
			sched_yield();
			continue;
		}
		if (taken.cookie != i++)
			return NULL;
		complete(taken.cookie * 3);
	}
	return unused;
}

START_TEST(two_threads_see_whole_entries)
{
	uint64_t sent = 0, seen = 0;
	struct wire_submission entry = { 0 };
	struct wire_completion done;
	pthread_t thread;
	void *result;

	ck_assert_int_eq(pthread_create(&thread, NULL, echo, &server), 0);
	while (seen < MANY) {
		entry.cookie = sent;
		if (sent < MANY && !ring_client_submit(&client, &entry))
			sent++;
		if (ring_client_take(&client, &done) > 0)
			ck_assert_uint_eq(done.cookie, 3 * seen++);
		else
			sched_yield();
	}
	pthread_join(thread, &result);
	ck_assert_ptr_eq(result, &server);
}
END_TEST

Suite *ring_suite(void)
{
	const int n = sizeof(lies) / sizeof(lies[0]);
	Suite *suite = suite_create("ring");
	TCase *tcase = tcase_create("ring");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, entries_arrive_in_order_around_the_seam);
	tcase_add_test(tcase, entries_arrive_in_order_around_the_index);
	tcase_add_test(tcase, full_submission_ring_says_try_again);
	tcase_add_test(tcase, nothing_is_taken_whose_completion_lacks_room);
	tcase_add_loop_test(tcase, tail_beyond_the_ring_ends_the_connection,
			    0, n);
	tcase_add_loop_test(tcase,
			    head_beyond_what_was_posted_ends_the_connection,
			    0, n);
	tcase_add_loop_test(tcase, lying_daemon_is_found_out, 0, n);
	tcase_add_test(tcase, published_indices_are_never_read_back);
	tcase_add_test(tcase, sleeper_is_woken_once);
	tcase_add_test(tcase, segments_are_copied_at_the_ends_of_the_area);
	tcase_add_test(tcase, state_reaches_the_client);
	tcase_add_test(tcase, area_is_sealed);
	tcase_add_test(tcase, area_that_could_shrink_is_refused);
	tcase_add_test(tcase, two_threads_see_whole_entries);
	suite_add_tcase(suite, tcase);
	return suite;
}
