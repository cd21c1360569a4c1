/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many threads on one card, by the rules of card.h.  Under ThreadSanitizer
 * this is the proof; without it, that nothing is lost.
 */
#include <pthread.h>

#include "card.h"
#include "suites.h"

#define ROUNDS 60
#define LENGTH 8192

static void *channel_thread(void *context)
{
	unsigned int index = *(unsigned int *)context, round;
	struct plxdma_request request = {.size = sizeof(request),
					 .local = PATTERN + index * LENGTH,
					 .length = LENGTH};
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	uint8_t *memory;

	memory = plxdma_alloc_coherent(card, LENGTH, &request.handle);
	ck_assert_ptr_nonnull(memory);
	ck_assert_int_eq(plxdma_channel_open(card, index, &channel), 0);
	request.form = index ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK;
	ck_assert_int_eq(plxdma_transfer_new(channel, &request, &transfer), 0);
	for (round = 0; round < ROUNDS; round++) {
		memory[LENGTH - 1] = 0;
		ck_assert_int_eq(plxdma_submit(transfer), 0);
		ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
		ck_assert_uint_eq(memory[LENGTH - 1],
				  pattern_byte(index * LENGTH + LENGTH - 1));
	}
	plxdma_channel_close(channel);
	return NULL;
}

static void registers(void)
{
	struct plxdma_irq_event event = {.size = sizeof(event)};
	uint32_t value, round;

	for (round = 0; round < ROUNDS; round++) {
		ck_assert_int_eq(plxdma_reg_read(card, 0x70, 32, &value), 0);
		ck_assert_int_eq(plxdma_mailbox_write(card, 2, round), 0);
		board_put(BOARD_SCRATCH, round);
		ck_assert_int_eq(
			plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, round & 1),
			0);
		board_put(BOARD_DOORBELL, 1);
		board_put(BOARD_CONTROL, BOARD_CONTROL_RING);
		ck_assert_int_ge(
			plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event), 0);
	}
}

static const char *const engines[] = {"engine=inline", "engine=thread",
				      "engine=thread,rate=50e6"};

START_TEST(two_channels_and_registers_from_three_threads)
{
	unsigned int index[2] = {0, 1}, i;
	pthread_t threads[2];

	card_reopen(engines[_i]);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
						channel_thread, &index[i]),
				 0);
	registers();
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}
END_TEST

static void *copy_thread(void *context)
{
	unsigned int index = *(unsigned int *)context, round;
	uint8_t data[3001];

	for (round = 0; round < 20; round++) {
		ck_assert_int_eq(plxdma_read(card, PATTERN + index, data,
					     sizeof(data), SOON),
				 0);
		ck_assert_uint_eq(data[3000], pattern_byte(index + 3000));
	}
	return NULL;
}

/* More readers than channels: they take turns, and the memory is made once. */
START_TEST(four_threads_read_at_once)
{
	unsigned int index[4] = {0, 1, 2, 3}, i;
	pthread_t threads[4];

	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, copy_thread,
						&index[i]),
				 0);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}
END_TEST

static void *alloc_thread(void *context)
{
	unsigned int round;

	(void)context;
	for (round = 0; round < 200; round++) {
		plxdma_handle handle;
		void *memory = plxdma_alloc_coherent(card, 100, &handle);

		ck_assert_ptr_nonnull(memory);
		memset(memory, (int)round, 100);
		ck_assert_uint_eq(plxdma_handle_of(card, memory), handle);
		plxdma_free_coherent(card, 100, memory, handle);
	}
	return NULL;
}

START_TEST(threads_allocate_from_a_card_that_has_no_memory_yet)
{
	pthread_t threads[3];
	unsigned int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(
			pthread_create(&threads[i], NULL, alloc_thread, NULL),
			0);
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
}
END_TEST

Suite *suite_threads(void)
{
	Suite *suite = suite_create("threads");
	TCase *tests = tcase_create("one card");

	tcase_set_timeout(tests, 30);
	tcase_add_checked_fixture(tests, card_setup, card_teardown);
	tcase_add_loop_test(tests,
			    two_channels_and_registers_from_three_threads, 0,
			    sizeof(engines) / sizeof(engines[0]));
	tcase_add_test(tests, four_threads_read_at_once);
	tcase_add_test(tests,
		       threads_allocate_from_a_card_that_has_no_memory_yet);
	suite_add_tcase(suite, tests);
	return suite;
}
