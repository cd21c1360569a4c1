/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cards of a crate: by name, by index, by place; with one memory for all.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lent.h"

#define CRATE 4
#define SIZE 4096u

static struct plxdma_card *cards[CRATE];

static void set_up(void)
{
	static const char *const more[] = {
		"--card", "b=model:pages=small,slot=0000:05:0d.0",
		"--card", "c=model:pages=small",
		"--card", "d=model:pages=small,chip=9056", NULL };

	ck_assert_int_eq(fixture_start(&lender, NULL, "model:pages=small",
				       more), 0);
	ck_assert_msg(!plxdma_open("daemon:a,arena=4M", &card), "%s",
		      plxdma_error(NULL));
	cards[0] = card;
	memory = plxdma_alloc_coherent(card, MEMORY, &handle);
	ck_assert_ptr_nonnull(memory);
}

static void tear_down(void)
{
	for (int i = 0; i < CRATE; i++) {
		plxdma_close(cards[i]);
		cards[i] = NULL;
	}
	ck_assert_int_eq(fixture_stop(&lender), 0);
}

static void beside(unsigned int which, const char *spec)
{
	ck_assert_msg(!plxdma_open_beside(spec, cards[0], &cards[which]), "%s",
		      plxdma_error(NULL));
}

static void refused(const char *spec, struct plxdma_card *first, int expected,
		    const char *word)
{
	struct plxdma_card *none;

	ck_assert_int_eq(plxdma_open_beside(spec, first, &none), expected);
	ck_assert_msg(strstr(plxdma_error(NULL), word), "%s lacks %s",
		      plxdma_error(NULL), word);
}

static const char *name_of(struct plxdma_card *which)
{
	static struct plxdma_card_info info;

	info.size = sizeof(info);
	ck_assert_int_eq(plxdma_card_info(which, &info), 0);
	return info.name;
}

/* Out of and into the shared memory by this card. */
static int round_trip(struct plxdma_card *which, uint64_t offset)
{
	struct plxdma_channel *used;
	struct plxdma_request request = range(PLXDMA_TO_CARD, SRAM, offset,
					      SIZE);
	int err = plxdma_channel_open(which, 0, &used);

	for (unsigned int i = 0; i < SIZE; i++)
		memory[offset + i] = (char)(i * 7 + offset / SIZE);
	if (!err)
		err = plxdma_transfer_once(used, &request, SOON, NULL);
	memset(memory + offset, 0, SIZE);
	request.direction = PLXDMA_TO_HOST;
	if (!err)
		err = plxdma_transfer_once(used, &request, SOON, NULL);
	for (unsigned int i = 0; !err && i < SIZE; i++)
		err = memory[offset + i] != (char)(i * 7 + offset / SIZE);
	plxdma_channel_close(used);
	return err;
}

START_TEST(one_memory_serves_all_cards)
{
	beside(1, "daemon:b");
	beside(2, "daemon:c");
	beside(3, "daemon:d");
	for (unsigned int i = 0; i < CRATE; i++)
		ck_assert_int_eq(round_trip(cards[i], i * SIZE), 0);
}
END_TEST

START_TEST(memory_lives_as_long_as_any_card)
{
	beside(1, "daemon:b");
	ck_assert_int_eq(round_trip(cards[1], 0), 0);
	plxdma_close(cards[0]);
	cards[0] = NULL;
	ck_assert_int_eq(round_trip(cards[1], SIZE), 0);
	plxdma_free_coherent(cards[1], MEMORY, memory, handle);
	memory = plxdma_alloc_coherent(cards[1], MEMORY, &handle);
	ck_assert_ptr_nonnull(memory);
	ck_assert_int_eq(round_trip(cards[1], 2 * SIZE), 0);
}
END_TEST

START_TEST(memory_is_made_by_whoever_needs_it_first)
{
	struct plxdma_card *first, *second;
	plxdma_handle mine;

	ck_assert_int_eq(plxdma_open("daemon:a,arena=2M", &first), 0);
	ck_assert_int_eq(plxdma_open_beside("daemon:c", first, &second), 0);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(second, 1 << 20, &mine));
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(first, 1 << 19, &mine));
	ck_assert_ptr_null(plxdma_alloc_coherent(first, 1 << 20, &mine));
	plxdma_close(second);
	plxdma_close(first);
}
END_TEST

START_TEST(cards_are_found_by_index_and_place)
{
	beside(1, "daemon:#3");
	ck_assert_str_eq(name_of(cards[1]), "d");
	beside(2, "daemon:0000:05:0d.0");
	ck_assert_str_eq(name_of(cards[2]), "b");
	refused("daemon:#4", card, -ENODEV, "#4");
	refused("daemon:#", card, -ENODEV, "#");
	refused("daemon:#1x", card, -ENODEV, "#1x");
	refused("daemon:#-1", card, -ENODEV, "#-1");
	refused("daemon:0000:05:0d.1", card, -ENODEV, "05:0d.1");
}
END_TEST

START_TEST(what_cannot_be_shared_is_refused)
{
	struct plxdma_card *direct;

	refused("daemon:b,arena=1M", card, -EINVAL, "arena=");
	refused("daemon:b,pages=small", card, -EINVAL, "pages=");
	refused("daemon:b,socket=/tmp/other", card, -EINVAL, "socket=");
	refused("model:", card, -EINVAL, "");
	ck_assert_int_eq(plxdma_open("model:pages=small", &direct), 0);
	refused("daemon:b", direct, -EINVAL, "kind");
	plxdma_close(direct);
}
END_TEST

START_TEST(same_card_twice_is_two_users)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };
	struct plxdma_channel *mine, *theirs;

	beside(1, "daemon:a");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ck_assert_int_eq(plxdma_claim(cards[1], PLXDMA_CLAIM_CHANNEL0, 0, 0),
			 -EBUSY);
	ok(plxdma_channel_open(card, 0, &mine));
	ck_assert_int_eq(plxdma_channel_open(cards[1], 0, &theirs), 0);
	plxdma_close(cards[0]);
	cards[0] = NULL;
	/* The other's claim ended with it. */
	ck_assert_int_eq(plxdma_claim_holder(cards[1], PLXDMA_CLAIM_CHANNEL0,
					     &holder), 0);
	ck_assert_int_eq(holder.pid, 0);
	ck_assert_int_eq(plxdma_claim(cards[1], PLXDMA_CLAIM_CHANNEL0, 0, 0),
			 0);
}
END_TEST

static void *many_trips(void *number)
{
	uintptr_t which = (uintptr_t)number;
	uint32_t value;

	for (int i = 0; i < 40; i++) {
		if (round_trip(cards[which], which * SIZE) ||
		    plxdma_mailbox_write(cards[which], 3, (uint32_t)i) ||
		    plxdma_mailbox_read(cards[which], 3, &value) ||
		    value != (uint32_t)i)
			return (void *)1;
	}
	return NULL;
}

START_TEST(a_thread_a_card)
{
	pthread_t threads[CRATE];
	void *result;

	beside(1, "daemon:b");
	beside(2, "daemon:c");
	beside(3, "daemon:d");
	for (uintptr_t i = 0; i < CRATE; i++)
		pthread_create(&threads[i], NULL, many_trips, (void *)i);
	for (int i = 0; i < CRATE; i++) {
		pthread_join(threads[i], &result);
		ck_assert_ptr_null(result);
	}
}
END_TEST

static void *open_and_close(void *number)
{
	char spec[16];
	struct plxdma_card *mine;
	plxdma_handle bytes;

	snprintf(spec, sizeof(spec), "daemon:#%u",
		 (unsigned int)(uintptr_t)number);
	for (int i = 0; i < 20; i++) {
		if (plxdma_open_beside(spec, card, &mine) ||
		    !plxdma_alloc_coherent(mine, 4096, &bytes))
			return (void *)1;
		plxdma_close(mine);
	}
	return NULL;
}

START_TEST(cards_come_and_go_in_many_threads)
{
	pthread_t threads[CRATE];
	void *result;

	for (uintptr_t i = 0; i < CRATE; i++)
		pthread_create(&threads[i], NULL, open_and_close, (void *)i);
	for (int i = 0; i < CRATE; i++) {
		pthread_join(threads[i], &result);
		ck_assert_ptr_null(result);
	}
	ck_assert_int_eq(round_trip(card, 0), 0);
}
END_TEST

START_TEST(tuning_needs_the_claim)
{
	struct plxdma_tuning tuning = { .size = sizeof(tuning) };
	struct plxdma_tuning known = { .size = sizeof(known) };

	ok(plxdma_tuning_get(card, &known));
	memset((char *)&tuning + 4, 0xff, sizeof(tuning) - 4);
	tuning.pci_latency = known.pci_latency == 64 ? 72 : 64;
	failed(plxdma_tuning_set(card, &tuning), -EPERM, "plxdma_claim()");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	ok(plxdma_tuning_set(card, &tuning));
	ok(plxdma_tuning_get(card, &known));
	ck_assert_uint_eq(known.pci_latency, tuning.pci_latency);
	beside(1, "daemon:a");
	ck_assert_int_eq(plxdma_tuning_set(cards[1], &tuning), -EBUSY);
	tuning.pci_latency = 1000;
	failed(plxdma_tuning_set(card, &tuning), -EINVAL, "");
}
END_TEST

START_TEST(report_comes_through_the_daemon)
{
	char text[4096];
	int fd = memfd_create("report", MFD_CLOEXEC);
	ssize_t got;

	ck_assert_int_eq(round_trip(card, 0), 0);
	ok(plxdma_card_report(card, fd));
	got = pread(fd, text, sizeof(text) - 1, 0);
	ck_assert_int_gt(got, 100);
	text[got] = 0;
	ck_assert_msg(strstr(text, "9054"), "%s", text);
	close(fd);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ck_assert_int_lt(plxdma_card_report(card, fd), 0);
	close(fd);
}
END_TEST

START_TEST(window_is_refused_by_default)
{
	volatile void *address;
	size_t size;

	failed(plxdma_window_map(card, 2, &address, &size), -EACCES,
	       "window=");
	failed(plxdma_window_unmap(card, 2), -EINVAL, "not mapped");
}
END_TEST

Suite *beside_suite(void)
{
	Suite *suite = suite_create("beside");
	TCase *tcase = tcase_create("beside");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, one_memory_serves_all_cards);
	tcase_add_test(tcase, memory_lives_as_long_as_any_card);
	tcase_add_test(tcase, memory_is_made_by_whoever_needs_it_first);
	tcase_add_test(tcase, cards_are_found_by_index_and_place);
	tcase_add_test(tcase, what_cannot_be_shared_is_refused);
	tcase_add_test(tcase, same_card_twice_is_two_users);
	tcase_add_test(tcase, a_thread_a_card);
	tcase_add_test(tcase, cards_come_and_go_in_many_threads);
	tcase_add_test(tcase, tuning_needs_the_claim);
	tcase_add_test(tcase, report_comes_through_the_daemon);
	tcase_add_test(tcase, window_is_refused_by_default);
	suite_add_tcase(suite, tcase);
	return suite;
}
