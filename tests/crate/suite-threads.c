/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the headers promise of threads: a card may be used by many at once,
 * channels belong to one each, cards of a crate share memory and nothing else.
 * ThreadSanitizer has the last word here.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "crate.h"
#include "suites.h"

#define ROUNDS 40
#define SCRATCH 0x28

/* A thread of the tests; it must not end the test by itself. */
struct worker {
	struct plxdma_card *card;
	unsigned int number;
	int outcome;		/* 0, or what went wrong */
};

static int transfers_make(struct worker *worker, unsigned int index)
{
	struct plxdma_channel *channel;
	struct block there, back;
	uint32_t local = CRATE_SRAM + index * 2 * CRATE_BLOCK;
	int result = plxdma_channel_open(worker->card, index, &channel);

	if (result)
		return result;
	block_new(worker->card, PLXDMA_TO_CARD, local, &there);
	block_new(worker->card, PLXDMA_TO_HOST, local, &back);
	for (uint32_t i = 0; !result && i < ROUNDS; i++)
		result = block_there_and_back(channel, &there, &back,
					      worker->number << 16 | i);
	block_free(worker->card, &there);
	block_free(worker->card, &back);
	plxdma_channel_close(channel);
	return result;
}

static void *card_work(void *context)
{
	struct worker *worker = context;
	uint32_t value = 0;

	worker->outcome = plxdma_poke(worker->card, 3, SCRATCH, 32,
				      worker->number);
	if (!worker->outcome)
		worker->outcome = transfers_make(worker, 0);
	if (!worker->outcome)
		worker->outcome = plxdma_peek(worker->card, 3, SCRATCH, 32,
					      &value);
	if (!worker->outcome && value != worker->number)
		worker->outcome = -EIO;
	return NULL;
}

START_TEST(each_card_has_a_thread_and_all_share_memory)
{
	struct worker workers[CRATE_CARDS];
	pthread_t threads[CRATE_CARDS];
	struct crate crate;
	unsigned int i;

	crate_open(&crate, (enum crate_door)_i);
	for (i = 0; i < CRATE_CARDS; i++) {
		workers[i] = (struct worker){ crate.cards[i], i + 1, 0 };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, card_work,
						&workers[i]), 0);
	}
	for (i = 0; i < CRATE_CARDS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < CRATE_CARDS; i++)
		ck_assert_int_eq(workers[i].outcome, 0);
	crate_close(&crate);
}
END_TEST

START_TEST(memory_of_one_card_is_good_for_all)
{
	struct plxdma_channel *channel;
	struct block there, back;
	struct crate crate;
	unsigned int i;

	crate_open(&crate, (enum crate_door)_i);
	block_new(crate.cards[0], PLXDMA_TO_CARD, CRATE_SRAM, &there);
	block_new(crate.cards[CRATE_CARDS - 1], PLXDMA_TO_HOST, CRATE_SRAM,
		  &back);
	for (i = 0; i < CRATE_CARDS; i++) {
		ck_assert_int_eq(plxdma_channel_open(crate.cards[i], 1,
						     &channel), 0);
		ck_assert_int_eq(block_there_and_back(channel, &there, &back,
						      i), 0);
		plxdma_channel_close(channel);
	}
	block_free(crate.cards[3], &there);
	block_free(crate.cards[0], &back);
	crate_close(&crate);
}
END_TEST

START_TEST(one_loop_polls_all_cards)
{
	struct plxdma_transfer *transfers[CRATE_CARDS];
	struct plxdma_channel *channels[CRATE_CARDS];
	struct block there[CRATE_CARDS];
	unsigned int i, ended = 0;
	struct crate crate;

	crate_open(&crate, (enum crate_door)_i);
	for (i = 0; i < CRATE_CARDS; i++) {
		block_new(crate.cards[i], PLXDMA_TO_CARD, CRATE_SRAM,
			  &there[i]);
		block_fill(&there[i], i);
		ck_assert_int_eq(plxdma_channel_open(crate.cards[i], 0,
						     &channels[i]), 0);
		ck_assert_int_eq(plxdma_transfer_new(channels[i],
						     &there[i].request,
						     &transfers[i]), 0);
		ck_assert_int_eq(plxdma_submit(transfers[i]), 0);
	}
	for (unsigned int look = 0; ended < CRATE_CARDS && look < 100000000;
	     look++)
		for (i = 0; i < CRATE_CARDS; i++) {
			int result = transfers[i]
				? plxdma_poll(transfers[i], NULL) : -EAGAIN;

			if (result == -EAGAIN)
				continue;
			ck_assert_int_eq(result, 0);
			transfers[i] = NULL;
			ended++;
		}
	ck_assert_uint_eq(ended, CRATE_CARDS);
	crate_close(&crate);
}
END_TEST

START_TEST(cards_close_in_any_order_while_others_work)
{
	struct worker worker;
	pthread_t thread;
	struct crate crate;
	unsigned int i;

	crate_open(&crate, (enum crate_door)_i);
	worker = (struct worker){ crate.cards[7], 7, 0 };
	ck_assert_int_eq(pthread_create(&thread, NULL, card_work, &worker), 0);
	for (i = 0; i < CRATE_CARDS; i++)
		if (i != 7)
			crate_close_card(&crate, (i * 5) % CRATE_CARDS == 7
						 ? 7 * 5 % CRATE_CARDS
						 : (i * 5) % CRATE_CARDS);
	pthread_join(thread, NULL);
	ck_assert_int_eq(worker.outcome, 0);
	crate_close(&crate);
}
END_TEST

/* Four threads on one card: two channels, registers, memory. */
static atomic_int four_end;

static void *first_channel_work(void *context)
{
	struct worker *worker = context;

	worker->outcome = transfers_make(worker, 0);
	return NULL;
}

static void *second_channel_work(void *context)
{
	struct worker *worker = context;

	worker->outcome = transfers_make(worker, 1);
	return NULL;
}

static void *register_work(void *context)
{
	struct worker *worker = context;
	struct plxdma_step steps[2] = {
		{ .op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR3,
		  .width = 32, .offset = SCRATCH },
		{ .op = PLXDMA_STEP_READ, .space = PLXDMA_SPACE_BAR3,
		  .width = 32, .offset = SCRATCH },
	};

	while (!worker->outcome && !atomic_load(&four_end)) {
		steps[0].value++;
		worker->outcome = plxdma_batch(worker->card, steps, 2, NULL);
		if (!worker->outcome && steps[1].value != steps[0].value)
			worker->outcome = -EIO;
	}
	return NULL;
}

static void *memory_work(void *context)
{
	struct worker *worker = context;
	plxdma_handle handle;
	void *memory;

	while (!worker->outcome && !atomic_load(&four_end)) {
		memory = plxdma_alloc_coherent(worker->card, 1000, &handle);
		if (!memory || plxdma_handle_of(worker->card, memory) != handle)
			worker->outcome = -ENOMEM;
		plxdma_free_coherent(worker->card, 1000, memory, handle);
	}
	return NULL;
}

START_TEST(one_card_serves_four_threads)
{
	void *(*const works[])(void *) = {
		first_channel_work, second_channel_work, register_work,
		memory_work,
	};
	struct worker workers[4];
	pthread_t threads[4];
	struct crate crate;
	unsigned int i;

	crate_open(&crate, (enum crate_door)_i);
	atomic_store(&four_end, 0);
	for (i = 0; i < 4; i++) {
		workers[i] = (struct worker){ crate.cards[2], i, 0 };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, works[i],
						&workers[i]), 0);
	}
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	atomic_store(&four_end, 1);
	pthread_join(threads[2], NULL);
	pthread_join(threads[3], NULL);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(workers[i].outcome, 0);
	crate_close(&crate);
}
END_TEST

START_TEST(an_error_is_the_thread_s_own)
{
	struct worker worker;
	pthread_t thread;
	struct crate crate;
	uint32_t value;

	crate_open(&crate, (enum crate_door)_i);
	ck_assert_int_eq(plxdma_peek(crate.cards[0], 9, 0, 32, &value),
			 -EINVAL);
	worker = (struct worker){ crate.cards[0], 1, 0 };
	ck_assert_int_eq(pthread_create(&thread, NULL, card_work, &worker), 0);
	pthread_join(thread, NULL);
	ck_assert_int_eq(worker.outcome, 0);
	ck_assert_ptr_nonnull(strstr(plxdma_error(crate.cards[0]), "BAR9"));
	ck_assert_str_eq(plxdma_error(crate.cards[1]), "");
	crate_close(&crate);
}
END_TEST

Suite *threads_suite(void)
{
	Suite *suite = suite_create("threads");
	TCase *tcase = tcase_create("threads");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, each_card_has_a_thread_and_all_share_memory,
			    0, CRATE_DOORS);
	tcase_add_loop_test(tcase, memory_of_one_card_is_good_for_all, 0,
			    CRATE_DOORS);
	tcase_add_loop_test(tcase, one_loop_polls_all_cards, 0, CRATE_DOORS);
	tcase_add_loop_test(tcase, cards_close_in_any_order_while_others_work,
			    0, CRATE_DOORS);
	tcase_add_loop_test(tcase, one_card_serves_four_threads, 0,
			    CRATE_DOORS);
	tcase_add_loop_test(tcase, an_error_is_the_thread_s_own, 0,
			    CRATE_DOORS);
	suite_add_tcase(suite, tcase);
	return suite;
}
