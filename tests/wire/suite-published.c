/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stream that is published: what an observer is told is there, or is counted
 * as missed, whatever the page says and however far behind it is.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suites.h"
#include "wire/published.h"

#define SIZE 65536u
#define BLOCK 4096u

static struct publisher publisher;
static const struct wire_published *seen;
static struct reader reader;
static struct reader_block block;
static uint64_t missed;
static int fd;

static void set_up(void)
{
	memset(&publisher, 0, sizeof(publisher));
	fd = wire_published_new(&publisher.area);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(wire_published_map(fd, &seen), 0);
	publisher_start(&publisher, 5, 100, 37);
	reader_init(&reader, seen, SIZE);
}

static void tear_down(void)
{
	wire_published_unmap(seen);
	wire_published_unmap(publisher.area);
	close(fd);
}

static uint64_t put(uint64_t offset)
{
	const struct plxdma_result result = {
		.bytes = BLOCK,
		.time_ns = 9,
	};

	return publisher_put(&publisher, offset, &result);
}

static int take(void)
{
	return reader_take(&reader, &block, &missed);
}

START_TEST(a_block_is_told_as_it_was_put)
{
	ck_assert_int_eq(take(), 0);
	ck_assert_uint_eq(put(BLOCK), 101);
	ck_assert_uint_eq(reader_ready(&reader), 1);
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(missed, 0);
	ck_assert_uint_eq(block.number, 100);
	ck_assert_uint_eq(block.offset, BLOCK);
	ck_assert_uint_eq(block.bytes, BLOCK);
	ck_assert_uint_eq(block.run, 5);
	ck_assert_int_eq(block.time_ns, 9);
	ck_assert(reader_intact(&reader, 100));
	ck_assert_int_eq(take(), 0);
}
END_TEST

START_TEST(what_is_taken_away_is_missed)
{
	uint64_t mark = put(0);

	publisher_take_away(&publisher, mark);
	put(BLOCK);
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(missed, 1);
	ck_assert_uint_eq(block.number, 101);
	publisher_take_away(&publisher, 102);
	ck_assert(!reader_intact(&reader, 101));
	/* Of one that is no more, nothing changes for the others. */
	put(0);
	publisher_take_away(&publisher, mark);
	publisher_take_away(&publisher, 0);
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(block.number, 102);
}
END_TEST

START_TEST(who_is_far_behind_counts_all_and_goes_on_half_way)
{
	uint64_t i;

	for (i = 0; i < 5 * WIRE_PLACES; i++)
		put(0);
	for (i = 0; i < WIRE_PLACES / 2; i++)
		publisher_take_away(&publisher, publisher.next - i);
	/* The older half of what has a place is there. */
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(block.number, 100 + missed);
	ck_assert_uint_ge(block.number, publisher.next - WIRE_PLACES);
	ck_assert_uint_lt(block.number, publisher.next - WIRE_PLACES / 2);
	for (i = 0; i < WIRE_PLACES; i++)
		publisher_take_away(&publisher, publisher.next - i);
	ck_assert_int_eq(take(), 0);
	ck_assert_uint_eq(missed, publisher.next - block.number - 1);
	ck_assert_uint_eq(reader_ready(&reader), 0);
}
END_TEST

START_TEST(numbers_that_go_back_are_followed)
{
	put(0);
	ck_assert_int_eq(take(), 1);
	publisher_start(&publisher, 6, 3, 0);
	ck_assert_int_eq(take(), 0);
	ck_assert_uint_eq(missed, 0);
	put(0);
	ck_assert_int_eq(take(), 1);
	ck_assert_uint_eq(block.number, 3);
	ck_assert_uint_eq(block.run, 6);
}
END_TEST

START_TEST(a_sleeper_is_woken_once_by_what_it_waits_for_or_the_end)
{
	struct wire_observer word = { 0 };

	ck_assert(!publisher_must_wake(&publisher, &word));
	reader_sleep(&reader, &word, 2);
	put(0);
	ck_assert(!publisher_must_wake(&publisher, &word));
	put(0);
	ck_assert(publisher_must_wake(&publisher, &word));
	ck_assert(!publisher_must_wake(&publisher, &word));
	reader_sleep(&reader, &word, 100);
	ck_assert(!publisher_must_wake(&publisher, &word));
	publisher_state(&publisher, WIRE_STREAM_CLOSED);
	ck_assert(publisher_must_wake(&publisher, &word));
}
END_TEST

START_TEST(nobody_else_can_write_or_cut_the_page)
{
	void *at = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED,
			fd, 0);
	int plain = memfd_create("page", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_ptr_eq(at, MAP_FAILED);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(ftruncate(fd, 0), -1);
	ck_assert_int_eq(mprotect((void *)(uintptr_t)seen, 4096,
				  PROT_READ | PROT_WRITE), -1);
	/* And an observer takes no page that could be cut. */
	ck_assert_int_eq(ftruncate(plain, sizeof(*seen)), 0);
	ck_assert_int_eq(wire_published_map(plain, &seen), -EPROTO);
	close(plain);
}
END_TEST

/* A page of rubbish: no block of it lies outside, and every call ends. */
START_TEST(rubbish_is_believed_in_nothing)
{
	const uint64_t edges[] = { 0, 1, SIZE - 1, SIZE, SIZE + 1, UINT64_MAX,
				   UINT64_MAX - BLOCK };
	unsigned int round, i;

	srand(11);
	for (round = 0; round < 20000; round++) {
		struct wire_place *place =
			&publisher.area->places[(unsigned int)rand() %
						WIRE_PLACES];

		for (i = 0; i < 3; i++)
			atomic_store(i == 0   ? &place->offset
				     : i == 1 ? &place->bytes
					      : &publisher.area->next,
				     edges[rand() % 7] +
					     (uint64_t)(rand() % 3));
		reader.position = edges[rand() % 7];
		place = &publisher.area->places[reader.position % WIRE_PLACES];
		atomic_store(&place->mark, reader.position + 1);
		if (!take())
			continue;
		ck_assert_uint_le(block.offset, SIZE);
		ck_assert_uint_le(block.bytes, SIZE - block.offset);
	}
}
END_TEST

Suite *published_suite(void)
{
	Suite *suite = suite_create("published");
	TCase *tcase = tcase_create("published");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_block_is_told_as_it_was_put);
	tcase_add_test(tcase, what_is_taken_away_is_missed);
	tcase_add_test(tcase,
		       who_is_far_behind_counts_all_and_goes_on_half_way);
	tcase_add_test(tcase, numbers_that_go_back_are_followed);
	tcase_add_test(tcase,
		       a_sleeper_is_woken_once_by_what_it_waits_for_or_the_end);
	tcase_add_test(tcase, nobody_else_can_write_or_cut_the_page);
	tcase_add_test(tcase, rubbish_is_believed_in_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
