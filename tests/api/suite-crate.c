/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A crate: many cards of one process over one arena.  Handles of one are
 * handles of all, whoever is closed first, and the memory goes with the last.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "api/front.h"
#include "card.h"
#include "suites.h"

#define CARDS  13
#define LENGTH 8192
#define ROUNDS 3

static struct plxdma_card *beside_open(const char *spec)
{
	struct plxdma_card *opened = NULL;
	int result = plxdma_open_beside(spec, card, &opened);

	ck_assert_msg(!result, "%s: %d, %s", spec, result, plxdma_error(NULL));
	return opened;
}

/* Fills @handle's memory by card @from; the CPU looks at it. */
static void moves(struct plxdma_card *from, const uint8_t *memory,
		  plxdma_handle handle, uint32_t offset)
{
	struct plxdma_request request = {.size = sizeof(request),
					 .local = PATTERN + offset,
					 .handle = handle,
					 .length = LENGTH};
	struct plxdma_channel *channel;
	uint32_t i;

	ck_assert_int_eq(plxdma_channel_open(from, 0, &channel), 0);
	ck_assert_msg(!plxdma_transfer_once(channel, &request, SOON, NULL),
		      "%s", plxdma_error(from));
	plxdma_channel_close(channel);
	for (i = 0; i < LENGTH; i++)
		ck_assert_uint_eq(memory[i], pattern_byte(offset + i));
}

START_TEST(memory_of_one_card_is_memory_of_all)
{
	struct plxdma_card *other;
	plxdma_handle handle;
	uint8_t *memory = plxdma_alloc_coherent(card, LENGTH, &handle);

	other = beside_open("model:chip=9056");
	ck_assert_uint_eq(plxdma_handle_of(other, memory), handle);
	moves(other, memory, handle, 0);
	moves(card, memory, handle, LENGTH);
	plxdma_free_coherent(other, LENGTH, memory, handle);
	ck_assert_str_eq(plxdma_error(other), "");
	ck_assert_uint_eq(violations(other), 0);
	plxdma_close(other);
}
END_TEST

START_TEST(memory_that_is_made_later_is_shared_as_well)
{
	struct plxdma_card *other = beside_open("model:"), *third;
	struct plxdma_segment segments[2];
	plxdma_handle handle;
	uint8_t *memory;

	memory = plxdma_alloc_coherent(other, LENGTH, &handle);
	ck_assert_ptr_nonnull(memory);
	ck_assert_uint_eq(plxdma_handle_of(card, memory), handle);
	ck_assert_int_ge(plxdma_map_sg(card, memory, LENGTH, 0, segments, 2),
			 1);
	ck_assert_uint_eq(segments[0].handle, handle);
	moves(card, memory, handle, 0);
	/* Beside a card that is itself beside another. */
	ck_assert_int_eq(plxdma_open_beside("model:", other, &third), 0);
	moves(third, memory, handle, 4);
	plxdma_close(third);
	plxdma_close(other);
	moves(card, memory, handle, 8);
}
END_TEST

START_TEST(the_first_card_may_go_first)
{
	struct plxdma_card *other = beside_open("model:");
	plxdma_handle handle;
	uint8_t *memory = plxdma_alloc_coherent(card, LENGTH, &handle);

	plxdma_close(card);
	moves(other, memory, handle, 0);
	card = other;
}
END_TEST

START_TEST(the_first_card_says_how_much_whoever_needs_it_first)
{
	struct plxdma_card_info info = {.size = sizeof(info)};
	struct plxdma_card *other = beside_open("model:");

	ck_assert_ptr_nonnull(plxdma_alloc_coherent(other, 1, NULL));
	plxdma_card_info(other, &info);
	ck_assert_uint_eq(info.arena_size, 4 << 20);
	ck_assert_uint_eq(info.arena_page, 4096);
	plxdma_card_info(card, &info);
	ck_assert_uint_eq(info.arena_size, 4 << 20);
	plxdma_close(other);
}
END_TEST

static const struct {
	const char *spec;
	int result;
	const char *mentions;
} refused[] = {
	{"model:arena=4M", -EINVAL, "arena= is said by the card"},
	{"model:pages=small", -EINVAL, "pages= is said by the card"},
	{"model:node=0", -EINVAL, "node= is said by the card"},
	{"model:nonsense=1", -EINVAL, "nonsense"},
	{"tape:0", -ENOTSUP, "no such transport"},
};

START_TEST(what_cannot_share_is_refused)
{
	struct plxdma_card *other = (struct plxdma_card *)&other;

	check_failed_on(NULL,
			plxdma_open_beside(refused[_i].spec, card, &other),
			refused[_i].result, refused[_i].mentions);
	ck_assert_ptr_null(other);
}
END_TEST

START_TEST(a_card_of_another_door_has_nothing_to_share)
{
	static const struct front_ops stranger_ops;
	struct plxdma_card stranger = {.ops = &stranger_ops}, *other;

	check_failed_on(NULL, plxdma_open_beside("model:", &stranger, &other),
			-EINVAL, "both as daemon:NAME, or both directly");
}
END_TEST

START_TEST(beside_needs_its_arguments)
{
	struct plxdma_card *other;

	check_failed_on(NULL, plxdma_open_beside(NULL, card, &other), -EINVAL,
			"needs a spec");
	check_failed_on(NULL, plxdma_open_beside("model:", NULL, &other),
			-EINVAL, "needs a spec");
	check_failed_on(NULL, plxdma_open_beside("model:", card, NULL),
			-EINVAL, "needs a spec");
}
END_TEST

/* A crate of thirteen, a thread for each; the test's card is the first. */
static struct slot {
	struct plxdma_card *card;
	unsigned int number;
} slots[CARDS];

static void crate_open(void)
{
	unsigned int i;

	for (i = 0; i < CARDS; i++) {
		slots[i].number = i;
		slots[i].card = i ? beside_open("model:engine=inline") : card;
	}
}

static void *slot_thread(void *context)
{
	const struct slot *slot = context;
	unsigned int round;
	plxdma_handle handle;
	uint8_t *memory;

	memory = plxdma_alloc_coherent(slot->card, LENGTH, &handle);
	ck_assert_ptr_nonnull(memory);
	for (round = 0; round < ROUNDS; round++)
		moves(slot->card, memory, handle,
		      4 * (slot->number + round * CARDS));
	plxdma_free_coherent(slot->card, LENGTH, memory, handle);
	return NULL;
}

static void crate_run(void)
{
	pthread_t threads[CARDS];
	unsigned int i;

	for (i = 0; i < CARDS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, slot_thread,
						&slots[i]),
				 0);
	for (i = 0; i < CARDS; i++)
		pthread_join(threads[i], NULL);
}

static unsigned int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* Strides that visit all thirteen: forwards, backwards, and in between. */
static const unsigned int orders[] = {1, 12, 5, 8};

START_TEST(thirteen_cards_have_a_thread_each_and_close_in_any_order)
{
	unsigned int i, before, at = 0;
	plxdma_handle handle;
	uint8_t *memory;

	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 1, NULL));
	before = descriptors();
	crate_open();
	crate_run();
	memory = plxdma_alloc_coherent(slots[3].card, LENGTH, &handle);
	for (i = 0; i < CARDS - 1; i++) {
		at = (at + orders[_i]) % CARDS;
		ck_assert_uint_eq(violations(slots[at].card), 0);
		plxdma_close(slots[at].card);
		/* The others have it still: 0 is the last of every order. */
		moves(slots[0].card, memory, handle, 4 * i);
	}
	plxdma_close(slots[0].card);
	card_setup();
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 1, NULL));
	ck_assert_uint_eq(descriptors(), before);
}
END_TEST

static void *joining_thread(void *context)
{
	struct slot *slot = context;
	plxdma_handle handle;
	uint8_t *memory;

	slot->card = beside_open("model:");
	memory = plxdma_alloc_coherent(slot->card, LENGTH, &handle);
	ck_assert_ptr_nonnull(memory);
	moves(slot->card, memory, handle, slot->number);
	plxdma_close(slot->card);
	return NULL;
}

START_TEST(cards_come_and_go_in_threads_of_their_own)
{
	pthread_t threads[CARDS];
	unsigned int i;

	for (i = 0; i < CARDS; i++) {
		slots[i].number = 4 * i;
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
						joining_thread, &slots[i]),
				 0);
	}
	for (i = 0; i < CARDS; i++)
		pthread_join(threads[i], NULL);
}
END_TEST

START_TEST(memory_of_a_stuck_card_outlives_its_crate)
{
	struct plxdma_request request = {.size = sizeof(request),
					 .local = PATTERN,
					 .length = LENGTH};
	struct plxdma_card *other = beside_open("model:");
	struct plxdma_channel *channel;
	volatile uint8_t *memory;

	memory = plxdma_alloc_coherent(other, LENGTH, &request.handle);
	ck_assert_int_eq(plxdma_card_fault(other, "stuck"), 0);
	ck_assert_int_eq(plxdma_channel_open(other, 0, &channel), 0);
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, SECOND / 5,
					      NULL),
			 -ESHUTDOWN);
	plxdma_close(other);
	plxdma_close(card);
	/* Not unmapped: its engine may still write to it. */
	memory[0] = 1;
	card_setup();
}
END_TEST

Suite *suite_crate(void)
{
	Suite *suite = suite_create("crate");
	TCase *tcase = tcase_create("crate");

	tcase_add_checked_fixture(tcase, card_setup, card_teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, memory_of_one_card_is_memory_of_all);
	tcase_add_test(tcase, memory_that_is_made_later_is_shared_as_well);
	tcase_add_test(tcase, the_first_card_may_go_first);
	tcase_add_test(tcase,
		       the_first_card_says_how_much_whoever_needs_it_first);
	tcase_add_loop_test(tcase, what_cannot_share_is_refused, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tcase, a_card_of_another_door_has_nothing_to_share);
	tcase_add_test(tcase, beside_needs_its_arguments);
	tcase_add_loop_test(
		tcase, thirteen_cards_have_a_thread_each_and_close_in_any_order,
		0, sizeof(orders) / sizeof(orders[0]));
	tcase_add_test(tcase, cards_come_and_go_in_threads_of_their_own);
	tcase_add_test(tcase, memory_of_a_stuck_card_outlives_its_crate);
	suite_add_tcase(suite, tcase);
	return suite;
}
