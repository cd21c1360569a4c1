/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers through the daemon: the bytes, the forms, the refusals.
 */
#include "suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lent.h"

/* Bytes that tell where they belong. */
static void fill(char *to, size_t size, unsigned int nonce)
{
	for (size_t i = 0; i < size; i++)
		to[i] = (char)((i * 131 + (i >> 8) * 7 + nonce) & 0xff);
}

static void once(enum plxdma_direction direction, enum plxdma_form form,
		 uint32_t local, uint64_t offset, uint64_t length)
{
	struct plxdma_request request = range(direction, local, offset,
					      length);
	struct plxdma_result result = { .size = sizeof(result) };

	request.form = form;
	ok(plxdma_transfer_once(channel, &request, SOON, &result));
	ck_assert_uint_eq(result.status, PLXDMA_DONE);
	ck_assert_uint_eq(result.bytes, length);
}

static const uint64_t sizes[] = { 0, 1, 3, 4, 5, 4095, 4096, 65537, 262144 };

START_TEST(every_size_and_form_moves_exactly_its_bytes)
{
	uint64_t size = sizes[_i];

	for (enum plxdma_form form = PLXDMA_FORM_AUTO;
	     form <= PLXDMA_FORM_CHAIN; form++) {
		fill(memory, size, (unsigned int)form + 1);
		memset(memory + MEMORY / 2 - 4, 0x77, size + 8);
		once(PLXDMA_TO_CARD, form, SRAM + 16, 0, size);
		once(PLXDMA_TO_HOST, form, SRAM + 16, MEMORY / 2, size);
		ck_assert_int_eq(memcmp(memory, memory + MEMORY / 2, size), 0);
		for (unsigned int i = 0; i < 4; i++) {
			ck_assert_int_eq(memory[MEMORY / 2 - 4 + i], 0x77);
			ck_assert_int_eq(memory[MEMORY / 2 + size + i], 0x77);
		}
	}
}
END_TEST

START_TEST(list_gathers_and_scatters)
{
	struct plxdma_segment list[64];
	struct plxdma_request request = {
		.size = sizeof(request), .direction = PLXDMA_TO_CARD,
		.segments = list, .segment_count = 64,
	};

	fill(memory, 65536, 9);
	for (uint32_t i = 0; i < 64; i++)
		list[i] = (struct plxdma_segment){ handle + (63 - i) * 1024,
						   1024, SRAM + i * 1024 };
	ok(plxdma_transfer_once(channel, &request, SOON, NULL));
	once(PLXDMA_TO_HOST, PLXDMA_FORM_AUTO, SRAM, MEMORY / 2, 65536);
	for (uint32_t i = 0; i < 64; i++)
		ck_assert_int_eq(memcmp(memory + (63 - i) * 1024,
					memory + MEMORY / 2 + i * 1024, 1024),
				 0);
}
END_TEST

START_TEST(prepared_transfer_runs_again_and_changes)
{
	struct plxdma_request request = range(PLXDMA_TO_CARD, SRAM, 0, 64);
	struct plxdma_transfer *transfer;

	ok(plxdma_transfer_new(channel, &request, &transfer));
	for (unsigned int i = 0; i < 10; i++) {
		fill(memory, 64, i);
		ok(plxdma_submit(transfer));
		ok(plxdma_wait(transfer, SOON, NULL));
		once(PLXDMA_TO_HOST, PLXDMA_FORM_AUTO, SRAM, 4096, 64);
		ck_assert_int_eq(memcmp(memory, memory + 4096, 64), 0);
	}
	request = range(PLXDMA_TO_CARD, SRAM + 64, 128, 64);
	ok(plxdma_transfer_change(transfer, &request));
	fill(memory + 128, 64, 99);
	ok(plxdma_submit(transfer));
	ok(plxdma_wait(transfer, SOON, NULL));
	once(PLXDMA_TO_HOST, PLXDMA_FORM_AUTO, SRAM + 64, 4096, 64);
	ck_assert_int_eq(memcmp(memory + 128, memory + 4096, 64), 0);
	plxdma_transfer_free(transfer);
}
END_TEST

START_TEST(requests_that_are_wrong_are_refused_when_made)
{
	struct plxdma_transfer *transfer;
	struct plxdma_segment list[2] = { { handle, 64, SRAM }, { 0, 64, 0 } };
	struct plxdma_request request = range(0, SRAM, 4u << 20, 1);

	failed(plxdma_transfer_new(channel, &request, &transfer), -ERANGE,
	       "memory");
	request = range(0, SRAM, 0, (4u << 20) + 1);
	failed(plxdma_transfer_new(channel, &request, &transfer), -ERANGE,
	       "memory");
	request = range(0, SRAM, 0, 64);
	request.handle = 12345;
	failed(plxdma_transfer_new(channel, &request, &transfer), -ERANGE,
	       "handle");
	request = range(0, 0xfffffff0, 0, 64);
	failed(plxdma_transfer_new(channel, &request, &transfer), -ERANGE,
	       "0xffffffff");
	request = (struct plxdma_request){ .size = sizeof(request),
		.segments = list, .segment_count = 2 };
	failed(plxdma_transfer_new(channel, &request, &transfer), -ERANGE,
	       "handle");
	request.segment_count = 9000;
	failed(plxdma_transfer_new(channel, &request, &transfer), -ENOSPC,
	       "segments");
	request = range(0, SRAM, 0, 64);
	ok(plxdma_transfer_new(channel, &request, &transfer));
	request = range(0, SRAM, 4u << 20, 64);
	failed(plxdma_transfer_change(transfer, &request), -ERANGE, "memory");
	ok(plxdma_submit(transfer));	/* the old request stands */
	ok(plxdma_wait(transfer, SOON, NULL));
}
END_TEST

START_TEST(transfers_of_a_channel_are_bounded)
{
	struct plxdma_request request = range(0, SRAM, 0, 4);
	static struct plxdma_transfer *made[1025];
	int count = 0, result;

	do {
		result = plxdma_transfer_new(channel, &request, &made[count]);
		count += !result;
	} while (!result && count < 1025);
	failed(result, -ENOSPC, "free");
	ck_assert_int_eq(count, 1024);
	plxdma_transfer_free(made[7]);
	ok(plxdma_transfer_new(channel, &request, &made[7]));
}
END_TEST

START_TEST(mode_belongs_to_what_is_made_after_it)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_request request = range(PLXDMA_TO_HOST, 0x30000000, 0,
					      64);
	struct plxdma_transfer *fifo;

	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1));
	ok(plxdma_channel_set_mode(channel, mode));
	ok(plxdma_channel_set_mode(channel, mode));
	ok(plxdma_transfer_new(channel, &request, &fifo));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 0));
	ok(plxdma_channel_set_mode(channel, mode));
	fill(memory + 4096, 4096, 5);
	once(PLXDMA_TO_CARD, PLXDMA_FORM_AUTO, SRAM, 4096, 4096);
	/* Pushed with one mode, popped with another. */
	ok(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1));
	ok(plxdma_channel_set_mode(channel, mode));
	once(PLXDMA_TO_CARD, PLXDMA_FORM_AUTO, 0x30000000, 4096, 64);
	ok(plxdma_submit(fifo));
	ok(plxdma_wait(fifo, SOON, NULL));
	ck_assert_int_eq(memcmp(memory, memory + 4096, 64), 0);
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(mode_that_the_chip_lacks_is_refused)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_channel *second;

	/* chip ref. 3.8: no demand mode on channel 1 */
	ok(plxdma_channel_open(card, 1, &second));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_DEMAND, 1));
	failed(plxdma_channel_set_mode(second, mode), -EINVAL, "emand");
	plxdma_mode_free(mode);
	plxdma_channel_close(second);
}
END_TEST

START_TEST(modes_are_bounded_and_remembered)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	int result = 0, i;

	for (i = 0; !result && i < 64; i++) {
		ok(plxdma_mode_set(mode, PLXDMA_MODE_WAIT_STATES,
				   (unsigned int)i % 16));
		ok(plxdma_mode_set(mode, PLXDMA_MODE_BURST,
				   (unsigned int)i / 16 % 2));
		ok(plxdma_mode_set(mode, PLXDMA_MODE_READY,
				   (unsigned int)i / 32));
		result = plxdma_channel_set_mode(channel, mode);
	}
	failed(result, -ENOSPC, "modes");
	ck_assert_int_eq(i, 32);
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(both_channels_run_at_once)
{
	struct plxdma_request request = range(PLXDMA_TO_CARD, SRAM, 0, 65536);
	struct plxdma_channel *second, *third;
	struct plxdma_transfer *a, *b;

	ok(plxdma_channel_open(card, 1, &second));
	failed(plxdma_channel_open(card, 1, &third), -EBUSY, "open");
	fill(memory, 131072, 3);
	ok(plxdma_transfer_new(channel, &request, &a));
	request = range(PLXDMA_TO_CARD, SRAM + 65536, 65536, 65536);
	ok(plxdma_transfer_new(second, &request, &b));
	ok(plxdma_submit(a));
	ok(plxdma_submit(b));
	ok(plxdma_wait(b, SOON, NULL));
	ok(plxdma_wait(a, SOON, NULL));
	once(PLXDMA_TO_HOST, PLXDMA_FORM_AUTO, SRAM, MEMORY / 2, 131072);
	ck_assert_int_eq(memcmp(memory, memory + MEMORY / 2, 131072), 0);
	plxdma_channel_close(second);
	ok(plxdma_channel_open(card, 1, &second));
}
END_TEST

START_TEST(any_memory_is_read_and_written)
{
	char *mine = malloc(300000), *back = malloc(300000);

	fill(mine, 300000, 17);
	memset(back, 0, 300000);
	ok(plxdma_write(card, SRAM + 3, mine + 1, 299999, SOON));
	ok(plxdma_read(card, SRAM + 3, back + 1, 299999, SOON));
	ck_assert_int_eq(memcmp(mine + 1, back + 1, 299999), 0);
	free(mine);
	free(back);
}
END_TEST

Suite *transfer_suite(void)
{
	Suite *suite = suite_create("transfer");
	TCase *tcase = tcase_create("transfer");

	tcase_add_checked_fixture(tcase, lent_fast, lent_close);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, every_size_and_form_moves_exactly_its_bytes,
			    0, sizeof(sizes) / sizeof(sizes[0]));
	tcase_add_test(tcase, list_gathers_and_scatters);
	tcase_add_test(tcase, prepared_transfer_runs_again_and_changes);
	tcase_add_test(tcase, requests_that_are_wrong_are_refused_when_made);
	tcase_add_test(tcase, transfers_of_a_channel_are_bounded);
	tcase_add_test(tcase, mode_belongs_to_what_is_made_after_it);
	tcase_add_test(tcase, mode_that_the_chip_lacks_is_refused);
	tcase_add_test(tcase, modes_are_bounded_and_remembered);
	tcase_add_test(tcase, both_channels_run_at_once);
	tcase_add_test(tcase, any_memory_is_read_and_written);
	suite_add_tcase(suite, tcase);
	return suite;
}
