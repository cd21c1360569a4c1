/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transfers: requests that are refused, and every way in which one ends. */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>

#include "card.h"
#include "suites.h"

#define LENGTH 65536

static struct plxdma_channel *channel;
static struct plxdma_request request;
static uint8_t *memory;

static void channel_begin(void)
{
	request = (struct plxdma_request){
		.size = sizeof(request), .local = PATTERN, .length = LENGTH};
	memory = plxdma_alloc_coherent(card, LENGTH, &request.handle);
	ck_assert_ptr_nonnull(memory);
	memset(memory, 0, LENGTH);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
}

static void setup(void)
{
	card_setup();
	channel_begin();
}

static void reopen(const char *options)
{
	card_reopen(options);
	channel_begin();
}

static struct plxdma_transfer *prepared(void)
{
	struct plxdma_transfer *transfer;

	ck_assert_msg(!plxdma_transfer_new(channel, &request, &transfer), "%s",
		      plxdma_error(card));
	return transfer;
}

static struct plxdma_transfer *submitted(void)
{
	struct plxdma_transfer *transfer = prepared();

	ck_assert_msg(!plxdma_submit(transfer), "%s", plxdma_error(card));
	return transfer;
}

static void check_pattern(const uint8_t *data, size_t size, uint32_t offset)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (data[i] != pattern_byte(offset + (uint32_t)i))
			ck_abort_msg("byte %zu: %#x instead of %#x", i, data[i],
				     pattern_byte(offset + (uint32_t)i));
}

static const enum plxdma_form forms[] = {
	PLXDMA_FORM_AUTO,
	PLXDMA_FORM_BLOCK,
	PLXDMA_FORM_CHAIN,
};

START_TEST(a_transfer_moves_its_bytes)
{
	struct plxdma_result result = {.size = sizeof(result)};

	request.form = forms[_i];
	ck_assert_int_eq(plxdma_wait(submitted(), SOON, &result), 0);
	ck_assert_uint_eq(result.status, PLXDMA_DONE);
	ck_assert_uint_eq(result.bytes, LENGTH);
	ck_assert_uint_eq(result.bytes_exact, 1);
	check_pattern(memory, LENGTH, 0);
}
END_TEST

START_TEST(a_prepared_transfer_is_submitted_as_often_as_one_likes)
{
	struct plxdma_transfer *transfer = prepared();
	unsigned int i;

	for (i = 0; i < 5; i++) {
		memset(memory, 0, LENGTH);
		ck_assert_int_eq(plxdma_submit(transfer), 0);
		ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
		check_pattern(memory, LENGTH, 0);
	}
}
END_TEST

START_TEST(a_list_of_segments_is_one_transfer)
{
	struct plxdma_segment segments[3];
	unsigned int i;

	for (i = 0; i < 3; i++)
		segments[i] = (struct plxdma_segment){
			.handle = request.handle + 1000 * i,
			.length = 100 + i,
			.local = PATTERN + 4096 * i,
		};
	request.segments = segments;
	request.segment_count = 3;
	ck_assert_int_eq(plxdma_wait(submitted(), SOON, NULL), 0);
	for (i = 0; i < 3; i++) {
		check_pattern(memory + 1000 * i, 100 + i, 4096 * i);
		ck_assert_uint_eq(memory[1000 * i + 100 + i], 0);
	}
}
END_TEST

START_TEST(a_changed_transfer_does_the_new_request)
{
	struct plxdma_transfer *transfer = prepared();

	request.local = PATTERN + 64;
	request.length = 32;
	ck_assert_int_eq(plxdma_transfer_change(transfer, &request), 0);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
	check_pattern(memory, 32, 64);
	ck_assert_uint_eq(memory[32], 0);
	/* An error leaves the old request. */
	request.handle = 1;
	check_failed(plxdma_transfer_change(transfer, &request), -ERANGE,
		     "handle");
	memset(memory, 0, LENGTH);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
	check_pattern(memory, 32, 64);
}
END_TEST

START_TEST(nothing_is_moved_by_a_transfer_of_no_bytes)
{
	struct plxdma_result result = {.size = sizeof(result)};

	request.length = 0;
	ck_assert_int_eq(plxdma_wait(submitted(), SOON, &result), 0);
	ck_assert_uint_eq(result.bytes, 0);
	request.handle = 0;
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, SOON, NULL),
			 0);
	ck_assert_uint_eq(memory[0], 0);
}
END_TEST

/* What is wrong with a request, and what is said about it. */
static void no_size(struct plxdma_request *wrong)
{
	wrong->size = 0;
}

static void too_new(struct plxdma_request *wrong)
{
	wrong->size = sizeof(*wrong) + 8; /* and what follows isn't zero */
}

static void reserved(struct plxdma_request *wrong)
{
	wrong->reserved = 1;
}

static void direction(struct plxdma_request *wrong)
{
	wrong->direction = 2;
}

static void form(struct plxdma_request *wrong)
{
	wrong->form = 4;
}

static void count_without_list(struct plxdma_request *wrong)
{
	wrong->segment_count = 1;
}

static struct plxdma_segment wild = {.handle = 4711, .length = 1};

static void list_without_count(struct plxdma_request *wrong)
{
	wrong->segments = &wild;
}

static void wild_segment(struct plxdma_request *wrong)
{
	wrong->segments = &wild;
	wrong->segment_count = 1;
}

static void no_handle(struct plxdma_request *wrong)
{
	wrong->handle = 0;
}

static void before_the_arena(struct plxdma_request *wrong)
{
	wrong->handle -= 1 + (wrong->handle & 0xffffffff);
}

static void beyond_the_arena(struct plxdma_request *wrong)
{
	wrong->handle = (wrong->handle & ~UINT64_C(0xffffffff)) + (4 << 20);
	wrong->length = 1;
}

static void past_the_end(struct plxdma_request *wrong)
{
	wrong->length = (4 << 20) + 1;
}

static void length_that_wraps(struct plxdma_request *wrong)
{
	wrong->length = UINT64_MAX - 4096;
}

static void another_cards(struct plxdma_request *wrong)
{
	wrong->handle += UINT64_C(1) << 48;
}

static const struct {
	void (*spoil)(struct plxdma_request *wrong);
	int result;
	const char *mentions;
} wrongs[] = {
	{no_size, -EINVAL, "sizeof"},
	{too_new, -EINVAL, "sizeof"},
	{reserved, -EINVAL, "reserved"},
	{direction, -EINVAL, "direction"},
	{form, -EINVAL, "form"},
	{count_without_list, -EINVAL, "segment"},
	{list_without_count, -EINVAL, "segment"},
	{wild_segment, -ERANGE, "handle"},
	{no_handle, -ERANGE, "handle"},
	{before_the_arena, -ERANGE, "handle"},
	{beyond_the_arena, -ERANGE, "handle"},
	{past_the_end, -ERANGE, "handle"},
	{length_that_wraps, -ERANGE, "handle"},
	{another_cards, -ERANGE, "handle"},
};

START_TEST(a_wrong_request_is_refused)
{
	struct {
		struct plxdma_request request;
		uint64_t later;
	} wrong = {request, 1};
	struct plxdma_transfer *transfer = (struct plxdma_transfer *)&wrong;

	wrongs[_i].spoil(&wrong.request);
	check_failed(plxdma_transfer_new(channel, &wrong.request, &transfer),
		     wrongs[_i].result, wrongs[_i].mentions);
	ck_assert_ptr_null(transfer);
	check_failed(
		plxdma_transfer_once(channel, &wrong.request, SOON, NULL),
		wrongs[_i].result, wrongs[_i].mentions);
}
END_TEST

START_TEST(what_is_too_long_for_a_block_is_refused_as_one)
{
	struct plxdma_segment two[2] = {
		{request.handle, 64, PATTERN},
		{request.handle + 4096, 64, PATTERN + 4096},
	};
	struct plxdma_transfer *transfer;

	request.segments = two;
	request.segment_count = 2;
	request.form = PLXDMA_FORM_BLOCK;
	ck_assert_int_eq(plxdma_transfer_new(channel, &request, &transfer),
			 -EMSGSIZE);
	ck_assert_str_ne(plxdma_error(card), "");
}
END_TEST

START_TEST(a_transfer_is_submitted_once_at_a_time)
{
	struct plxdma_transfer *transfer;

	reopen("rate=100e3");
	transfer = submitted();
	check_failed(plxdma_submit(transfer), -EBUSY, "under way");
	check_failed(plxdma_transfer_change(transfer, &request), -EBUSY,
		     "under way");
	ck_assert_int_eq(plxdma_poll(transfer, NULL), -EAGAIN);
	ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
	check_failed(plxdma_wait(transfer, 0, NULL), -EINVAL, "submitted");
	check_failed(plxdma_poll(transfer, NULL), -EINVAL, "submitted");
	check_failed(plxdma_cancel(transfer), -EINVAL, "under way");
}
END_TEST

START_TEST(a_wait_that_times_out_has_not_ended_the_transfer)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct plxdma_transfer *transfer;

	reopen("rate=100e3");
	transfer = submitted();
	ck_assert_int_eq(plxdma_wait(transfer, 1000000, &result), -ETIMEDOUT);
	ck_assert_uint_eq(result.status, PLXDMA_RUNNING);
	ck_assert_int_eq(plxdma_wait(transfer, 0, NULL), -ETIMEDOUT);
	ck_assert_int_eq(plxdma_wait(transfer, -1, &result), 0);
	ck_assert_uint_eq(result.status, PLXDMA_DONE);
	check_pattern(memory, LENGTH, 0);
}
END_TEST

START_TEST(polling_ends_with_the_transfer)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct plxdma_transfer *transfer;
	int code;

	reopen("rate=10e6");
	ck_assert_int_eq(plxdma_channel_set_waiting(channel, PLXDMA_WAIT_SPIN),
			 0);
	transfer = submitted();
	do {
		code = plxdma_poll(transfer, &result);
	} while (code == -EAGAIN);
	ck_assert_int_eq(code, 0);
	check_pattern(memory, LENGTH, 0);
}
END_TEST

START_TEST(a_cancelled_transfer_is_taken_as_cancelled)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct plxdma_transfer *first, *second;

	reopen("rate=100e3");
	first = submitted();
	second = submitted();
	ck_assert_int_eq(plxdma_cancel(first), 0);
	check_failed(plxdma_wait(first, SOON, &result), -ECANCELED,
		     "cancelled");
	ck_assert_uint_eq(result.status, PLXDMA_CANCELLED);
	ck_assert_uint_lt(result.bytes, LENGTH);
	/* The one behind it runs. */
	ck_assert_int_eq(plxdma_wait(second, SOON, &result), 0);
	check_pattern(memory, LENGTH, 0);
}
END_TEST

START_TEST(a_done_transfer_that_is_cancelled_stays_done)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct plxdma_transfer *first = submitted(), *second = submitted();

	ck_assert_int_eq(plxdma_wait(second, SOON, NULL), 0);
	ck_assert_int_eq(plxdma_cancel(first), 0);
	ck_assert_int_eq(plxdma_wait(first, SOON, &result), 0);
	ck_assert_uint_eq(result.status, PLXDMA_DONE);
}
END_TEST

START_TEST(freeing_a_transfer_under_way_stops_it_first)
{
	reopen("rate=100e3");
	plxdma_transfer_free(submitted());
	memset(memory, 0xaa, LENGTH);
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, -1, NULL), 0);
	check_pattern(memory, LENGTH, 0);
	plxdma_transfer_free(NULL);
}
END_TEST

START_TEST(once_aborts_at_its_deadline_and_gives_the_memory_back)
{
	struct plxdma_result result = {.size = sizeof(result)};
	uint8_t last;

	reopen("rate=100e3");
	check_failed(plxdma_transfer_once(channel, &request, 5000000, &result),
		     -ETIMEDOUT, "aborted");
	ck_assert_uint_eq(result.status, PLXDMA_TIMED_OUT);
	memory[LENGTH - 1] = 0x77;
	last = memory[LENGTH - 1];
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, 0, &result),
			 -ETIMEDOUT);
	ck_assert_uint_eq(memory[LENGTH - 1], last);
}
END_TEST

static void nothing(int signal_number)
{
	(void)signal_number;
}

static void signals_every_ms(int on)
{
	const struct itimerval timer = {
		.it_interval = {.tv_usec = on ? 1000 : 0},
		.it_value = {.tv_usec = on ? 1000 : 0},
	};
	const struct sigaction action = {.sa_handler = nothing};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

START_TEST(once_is_not_cut_short_by_a_signal)
{
	reopen("rate=2e6");
	signals_every_ms(1);
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, SOON, NULL),
			 0);
	signals_every_ms(0);
	check_pattern(memory, LENGTH, 0);
}
END_TEST

START_TEST(a_wait_is_interrupted_by_a_signal_and_goes_on)
{
	struct plxdma_transfer *transfer;
	int code, interrupted = 0;

	reopen("rate=100e3");
	transfer = submitted();
	signals_every_ms(1);
	while ((code = plxdma_wait(transfer, SOON, NULL)) == -EINTR)
		interrupted++;
	signals_every_ms(0);
	ck_assert_int_eq(code, 0);
	ck_assert_int_gt(interrupted, 0);
	check_pattern(memory, LENGTH, 0);
}
END_TEST

static const struct {
	const char *fault;
	int result;
	uint32_t status;
	const char *mentions;
} faults[] = {
	{"master-abort", -EFAULT, PLXDMA_MASTER_ABORT, "master abort"},
	{"target-abort", -EREMOTEIO, PLXDMA_TARGET_ABORT, "target abort"},
	{"master-abort@data:4096", -EFAULT, PLXDMA_MASTER_ABORT,
	 "master abort"},
};

START_TEST(a_fault_is_told_and_the_next_transfer_works)
{
	struct plxdma_result result = {.size = sizeof(result)};

	ck_assert_int_eq(plxdma_card_fault(card, faults[_i].fault), 0);
	check_failed(plxdma_transfer_once(channel, &request, SOON, &result),
		     faults[_i].result, faults[_i].mentions);
	ck_assert_uint_eq(result.status, faults[_i].status);
	ck_assert_uint_lt(result.bytes, LENGTH);
	ck_assert_int_eq(
		plxdma_transfer_once(channel, &request, SOON, &result), 0);
	check_pattern(memory, LENGTH, 0);
}
END_TEST

START_TEST(a_hanging_engine_is_aborted_at_the_deadline)
{
	ck_assert_int_eq(plxdma_card_fault(card, "hang"), 0);
	check_failed(plxdma_transfer_once(channel, &request, 20000000, NULL),
		     -ETIMEDOUT, "aborted");
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, SOON, NULL),
			 0);
}
END_TEST

START_TEST(arguments_are_checked)
{
	struct plxdma_result unsized = {.size = 0};
	struct plxdma_transfer *transfer = prepared();

	check_failed_on(NULL, plxdma_transfer_new(NULL, &request, &transfer),
			-EINVAL, "channel");
	check_failed(plxdma_transfer_new(channel, NULL, &transfer), -EINVAL,
		     "request");
	check_failed(plxdma_transfer_new(channel, &request, NULL), -EINVAL,
		     "place");
	transfer = prepared();
	check_failed_on(NULL, plxdma_transfer_change(NULL, &request), -EINVAL,
			"transfer");
	check_failed(plxdma_transfer_change(transfer, NULL), -EINVAL,
		     "request");
	request.direction = 9;
	check_failed(plxdma_transfer_change(transfer, &request), -EINVAL,
		     "direction");
	request.direction = PLXDMA_TO_HOST;
	check_failed_on(NULL, plxdma_submit(NULL), -EINVAL, "transfer");
	check_failed_on(NULL, plxdma_poll(NULL, NULL), -EINVAL, "transfer");
	check_failed_on(NULL, plxdma_wait(NULL, 0, NULL), -EINVAL, "transfer");
	check_failed_on(NULL, plxdma_cancel(NULL), -EINVAL, "transfer");
	check_failed(plxdma_poll(transfer, &unsized), -EINVAL, "sizeof");
	check_failed(plxdma_wait(transfer, 0, &unsized), -EINVAL, "sizeof");
	check_failed_on(NULL, plxdma_transfer_once(NULL, &request, 0, NULL),
			-EINVAL, "channel");
	check_failed(plxdma_transfer_once(channel, NULL, 0, NULL), -EINVAL,
		     "request");
	check_failed(plxdma_transfer_once(channel, &request, 0, &unsized),
		     -EINVAL, "sizeof");
	ck_assert_ptr_null(plxdma_transfer_user(NULL));
	plxdma_transfer_set_user(NULL, NULL);
}
END_TEST

/* Its engine can't be stopped: such a card is a violation by itself. */
START_TEST(a_stuck_engine_takes_the_card_out_of_service)
{
	struct plxdma_card_info info = {.size = sizeof(info)};
	struct plxdma_result result = {.size = sizeof(result)};
	char data[64];

	setup();
	ck_assert_int_eq(plxdma_card_fault(card, "stuckx0"), 0);
	check_failed(plxdma_transfer_once(channel, &request, 20000000, &result),
		     -ESHUTDOWN, "out of service");
	ck_assert_uint_eq(result.status, PLXDMA_STUCK);
	ck_assert_int_eq(plxdma_card_info(card, &info), 0);
	ck_assert_uint_eq(info.in_service, 0);
	result.status = PLXDMA_RUNNING;
	check_failed(plxdma_transfer_once(channel, &request, SOON, &result),
		     -ESHUTDOWN, "service");
	ck_assert_uint_eq(result.status, PLXDMA_CANCELLED);
	ck_assert_uint_eq(result.bytes, 0);
	ck_assert_uint_eq(result.bytes_exact, 1);
	ck_assert_int_eq(plxdma_read(card, PATTERN, data, 64, SOON),
			 -ESHUTDOWN);
	plxdma_close(card);
}
END_TEST

START_TEST(a_card_that_is_gone_says_so)
{
	struct plxdma_result result = {.size = sizeof(result)};

	setup();
	ck_assert_int_eq(plxdma_card_fault(card, "gone"), 0);
	check_failed(plxdma_transfer_once(channel, &request, SOON, &result),
		     -ENODEV, "gone");
	ck_assert_uint_eq(result.status, PLXDMA_GONE);
	result.status = PLXDMA_RUNNING;
	check_failed(plxdma_transfer_once(channel, &request, SOON, &result),
		     -ENODEV, "gone");
	ck_assert_uint_eq(result.status, PLXDMA_GONE);
	plxdma_close(card);
}
END_TEST

START_TEST(somebody_elses_reset_is_told)
{
	struct plxdma_result result = {.size = sizeof(result)};

	setup();
	ck_assert_int_eq(plxdma_card_fault(card, "reset@data:100"), 0);
	check_failed(plxdma_transfer_once(channel, &request, SOON, &result),
		     -ECONNRESET, "reset");
	ck_assert_uint_eq(result.status, PLXDMA_RESET);
	plxdma_close(card);
}
END_TEST

Suite *suite_transfer(void)
{
	Suite *suite = suite_create("transfer");
	TCase *tests = tcase_create("transfers"), *ends = tcase_create("ends");

	tcase_add_checked_fixture(tests, setup, card_teardown);
	tcase_add_loop_test(tests, a_transfer_moves_its_bytes, 0,
			    sizeof(forms) / sizeof(forms[0]));
	tcase_add_test(tests,
		       a_prepared_transfer_is_submitted_as_often_as_one_likes);
	tcase_add_test(tests, a_list_of_segments_is_one_transfer);
	tcase_add_test(tests, a_changed_transfer_does_the_new_request);
	tcase_add_test(tests, nothing_is_moved_by_a_transfer_of_no_bytes);
	tcase_add_loop_test(tests, a_wrong_request_is_refused, 0,
			    sizeof(wrongs) / sizeof(wrongs[0]));
	tcase_add_test(tests, what_is_too_long_for_a_block_is_refused_as_one);
	tcase_add_test(tests, a_transfer_is_submitted_once_at_a_time);
	tcase_add_test(tests, a_wait_that_times_out_has_not_ended_the_transfer);
	tcase_add_test(tests, polling_ends_with_the_transfer);
	tcase_add_test(tests, a_cancelled_transfer_is_taken_as_cancelled);
	tcase_add_test(tests, a_done_transfer_that_is_cancelled_stays_done);
	tcase_add_test(tests, freeing_a_transfer_under_way_stops_it_first);
	tcase_add_test(tests,
		       once_aborts_at_its_deadline_and_gives_the_memory_back);
	tcase_add_test(tests, once_is_not_cut_short_by_a_signal);
	tcase_add_test(tests, a_wait_is_interrupted_by_a_signal_and_goes_on);
	tcase_add_loop_test(tests, a_fault_is_told_and_the_next_transfer_works,
			    0, sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(tests, a_hanging_engine_is_aborted_at_the_deadline);
	tcase_add_test(tests, arguments_are_checked);
	suite_add_tcase(suite, tests);
	tcase_add_test(ends, a_stuck_engine_takes_the_card_out_of_service);
	tcase_add_test(ends, a_card_that_is_gone_says_so);
	tcase_add_test(ends, somebody_elses_reset_is_told);
	suite_add_tcase(suite, ends);
	return suite;
}
