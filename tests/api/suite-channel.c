/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Channels: who holds them, how they wait, and the descriptor to poll. */
#include <errno.h>
#include <poll.h>

#include "card.h"
#include "suites.h"

static struct plxdma_channel *channel;
static struct plxdma_request request;
static char *memory;

static void setup(void)
{
	card_setup();
	request = (struct plxdma_request){
		.size = sizeof(request), .local = PATTERN, .length = 4096};
	memory = plxdma_alloc_coherent(card, 65536, &request.handle);
	ck_assert_ptr_nonnull(memory);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
}

static void reopen(const char *options)
{
	card_reopen(options);
	memory = plxdma_alloc_coherent(card, 65536, &request.handle);
	ck_assert_ptr_nonnull(memory);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
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

static int readable(int timeout_ms)
{
	struct pollfd poll_fd = {.fd = plxdma_channel_fd(channel),
				 .events = POLLIN};

	ck_assert_int_ge(poll_fd.fd, 0);
	return poll(&poll_fd, 1, timeout_ms);
}

/*
 * Nothing is left to reap.  With the engine in its own thread the last
 * interrupt may come after the look that found its transfer done, so the
 * descriptor may be readable once more.
 */
static void check_quiet(void)
{
	unsigned int tries;

	for (tries = 0; readable(5); tries++) {
		ck_assert_ptr_null(plxdma_channel_reap(channel, NULL));
		ck_assert_uint_lt(tries, 3);
	}
}

START_TEST(a_channel_has_one_holder)
{
	struct plxdma_channel *second = (struct plxdma_channel *)&second;

	check_failed(plxdma_channel_open(card, 0, &second), -EBUSY, "open");
	ck_assert_ptr_null(second);
	ck_assert_int_eq(plxdma_channel_open(card, 1, &second), 0);
	plxdma_channel_close(channel);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
}
END_TEST

START_TEST(channels_are_two)
{
	struct plxdma_channel *third;

	check_failed(plxdma_channel_open(card, 2, &third), -EINVAL, "0 and 1");
	check_failed(plxdma_channel_open(card, UINT32_MAX, &third), -EINVAL,
		     "0 and 1");
	check_failed(plxdma_channel_open(card, 0, NULL), -EINVAL, "place");
	check_failed_on(NULL, plxdma_channel_open(NULL, 0, &third), -EINVAL,
			"card");
	plxdma_channel_close(NULL);
}
END_TEST

START_TEST(closing_a_channel_frees_what_is_under_way)
{
	unsigned int i;

	reopen("rate=1e6");
	for (i = 0; i < 4; i++)
		submitted();
	prepared();
	plxdma_channel_close(channel);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, SOON, NULL),
			 0);
}
END_TEST

START_TEST(closing_the_card_closes_its_channels)
{
	reopen("rate=1e6");
	submitted();
	/* The teardown does it. */
}
END_TEST

START_TEST(a_mode_is_not_changed_under_a_transfer)
{
	struct plxdma_mode *mode = plxdma_mode_new();

	reopen("rate=1e5");
	ck_assert_int_eq(plxdma_channel_set_mode(channel, mode), 0);
	submitted();
	ck_assert_int_eq(plxdma_channel_set_mode(channel, mode), -EBUSY);
	check_failed(plxdma_channel_set_waiting(channel, PLXDMA_WAIT_SPIN),
		     -EBUSY, "under way");
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(a_mode_that_the_channel_lacks_is_refused)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_channel *other;

	ck_assert_int_eq(plxdma_channel_open(card, 1, &other), 0);
	plxdma_mode_set(mode, PLXDMA_MODE_DEMAND, 1);
	check_failed(plxdma_channel_set_mode(other, mode), -EINVAL, "emand");
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(the_next_holder_begins_with_the_defaults)
{
	struct plxdma_mode *mode = plxdma_mode_new();

	plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1);
	ck_assert_int_eq(plxdma_channel_set_mode(channel, mode), 0);
	ck_assert_int_eq(plxdma_channel_set_waiting(channel, PLXDMA_WAIT_SPIN),
			 0);
	plxdma_mode_free(mode);
	plxdma_channel_close(channel);
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
	ck_assert_int_eq(plxdma_transfer_once(channel, &request, SOON, NULL),
			 0);
	ck_assert_uint_eq((uint8_t)memory[4], pattern_byte(4));
	/* Interrupts, not silence. */
	check_quiet();
	submitted();
	ck_assert_int_eq(readable(1000), 1);
}
END_TEST

START_TEST(waiting_and_mode_are_checked)
{
	struct plxdma_mode *mode = plxdma_mode_new();

	check_failed(
		plxdma_channel_set_waiting(channel, (enum plxdma_waiting)2),
		-EINVAL, "PLXDMA_WAIT");
	check_failed_on(NULL,
			plxdma_channel_set_waiting(NULL, PLXDMA_WAIT_SPIN),
			-EINVAL, "channel");
	check_failed_on(NULL, plxdma_channel_set_mode(NULL, mode), -EINVAL,
			"channel");
	check_failed(plxdma_channel_set_mode(channel, NULL), -EINVAL, "mode");
	check_failed_on(NULL, plxdma_channel_fd(NULL), -EINVAL, "channel");
	plxdma_mode_free(mode);
}
END_TEST

static const char *const engines[] = {
	"engine=inline",
	"engine=thread",
	"engine=inline,rate=10e6",
	"engine=thread,rate=10e6",
};

/* The caller's own loop: poll, reap until there is no more. */
START_TEST(a_poll_loop_reaps_everything_in_order)
{
	struct plxdma_transfer *transfers[8], *transfer;
	unsigned int next = 0, i;

	reopen(engines[_i]);
	ck_assert_int_ge(plxdma_channel_fd(channel), 0);
	for (i = 0; i < 8; i++) {
		transfers[i] = prepared();
		plxdma_transfer_set_user(transfers[i], &transfers[i]);
		ck_assert_int_eq(plxdma_submit(transfers[i]), 0);
	}
	while (next < 8) {
		struct plxdma_result result = {.size = sizeof(result)};

		ck_assert_int_eq(readable(2000), 1);
		while ((transfer = plxdma_channel_reap(channel, &result))) {
			ck_assert_ptr_eq(transfer, transfers[next]);
			ck_assert_ptr_eq(plxdma_transfer_user(transfer),
					 &transfers[next]);
			ck_assert_uint_eq(result.status, PLXDMA_DONE);
			ck_assert_uint_eq(result.bytes, 4096);
			next++;
		}
	}
	check_quiet();
}
END_TEST

START_TEST(reaping_one_of_several_leaves_it_readable)
{
	unsigned int i;

	ck_assert_int_ge(plxdma_channel_fd(channel), 0);
	for (i = 0; i < 3; i++)
		submitted();
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(readable(1000), 1);
		ck_assert_ptr_nonnull(plxdma_channel_reap(channel, NULL));
	}
	check_quiet();
}
END_TEST

START_TEST(a_wait_for_a_later_one_leaves_the_earlier_reapable)
{
	struct plxdma_transfer *first, *second;

	first = submitted();
	second = submitted();
	ck_assert_int_eq(plxdma_wait(second, SOON, NULL), 0);
	/* The descriptor is made only now, and still knows. */
	ck_assert_int_eq(readable(0), 1);
	ck_assert_ptr_eq(plxdma_channel_reap(channel, NULL), first);
	ck_assert_ptr_null(plxdma_channel_reap(channel, NULL));
	check_quiet();
}
END_TEST

START_TEST(a_cancelled_transfer_makes_it_readable)
{
	struct plxdma_result result = {.size = sizeof(result)};
	struct plxdma_transfer *transfer;

	reopen("rate=1e5");
	check_quiet();
	transfer = submitted();
	ck_assert_int_eq(plxdma_cancel(transfer), 0);
	ck_assert_int_eq(readable(0), 1);
	ck_assert_ptr_eq(plxdma_channel_reap(channel, &result), transfer);
	ck_assert_uint_eq(result.status, PLXDMA_CANCELLED);
	check_quiet();
}
END_TEST

START_TEST(a_lost_interrupt_is_survived)
{
	struct plxdma_transfer *transfer;

	check_quiet();
	ck_assert_int_eq(plxdma_card_fault(card, "lost-irq"), 0);
	transfer = submitted();
	ck_assert_int_eq(readable(2000), 1);
	ck_assert_ptr_eq(plxdma_channel_reap(channel, NULL), transfer);
	check_quiet();
}
END_TEST

START_TEST(reap_checks_its_arguments)
{
	struct plxdma_result result = {.size = 0};

	ck_assert_ptr_null(plxdma_channel_reap(NULL, NULL));
	check_failed_on(NULL, -EINVAL, -EINVAL, "channel");
	submitted();
	ck_assert_ptr_null(plxdma_channel_reap(channel, &result));
	check_failed(-EINVAL, -EINVAL, "sizeof");
	ck_assert_ptr_nonnull(plxdma_channel_reap(channel, NULL));
}
END_TEST

Suite *suite_channel(void)
{
	Suite *suite = suite_create("channel");
	TCase *tests = tcase_create("channels");

	tcase_add_checked_fixture(tests, setup, card_teardown);
	tcase_add_test(tests, a_channel_has_one_holder);
	tcase_add_test(tests, channels_are_two);
	tcase_add_test(tests, closing_a_channel_frees_what_is_under_way);
	tcase_add_test(tests, closing_the_card_closes_its_channels);
	tcase_add_test(tests, a_mode_is_not_changed_under_a_transfer);
	tcase_add_test(tests, a_mode_that_the_channel_lacks_is_refused);
	tcase_add_test(tests, the_next_holder_begins_with_the_defaults);
	tcase_add_test(tests, waiting_and_mode_are_checked);
	tcase_add_loop_test(tests, a_poll_loop_reaps_everything_in_order, 0,
			    sizeof(engines) / sizeof(engines[0]));
	tcase_add_test(tests, reaping_one_of_several_leaves_it_readable);
	tcase_add_test(tests,
		       a_wait_for_a_later_one_leaves_the_earlier_reapable);
	tcase_add_test(tests, a_cancelled_transfer_makes_it_readable);
	tcase_add_test(tests, a_lost_interrupt_is_survived);
	tcase_add_test(tests, reap_checks_its_arguments);
	suite_add_tcase(suite, tests);
	return suite;
}
