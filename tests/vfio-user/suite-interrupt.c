/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * INTx: a level that a client is told of by an eventfd, as VFIO has it.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "served.h"
#include "suites.h"

#define NONE	0x01u
#define BOOL	0x02u
#define EVENTFD 0x04u
#define MASK	0x08u
#define UNMASK	0x10u
#define TRIGGER 0x20u
#define PAGE	4096u

static struct served served;
static struct peer peer;
static struct memory memory;
static int line;

static void set_up(void)
{
	const char *const options[] = { "engine=inline", NULL };

	served_start(&served, options);
	peer_begin(&peer, &served);
	card_prepare(&peer);
	memory_new(&memory, 16 * PAGE);
	ck_assert_int_eq(peer_map(&peer, 0, 16 * PAGE, 0, 3, memory.fd), 0);
	line = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static void tear_down(void)
{
	close(line);
	peer_close(&peer);
	memory_free(&memory);
	served_clean(&served);
}

static void enable(void)
{
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | TRIGGER, 0, 1, line),
			 0);
}

/* How often it was signalled since; an answer to any question has been
 * preceded by what the question's effect signalled. */
static uint64_t signalled(void)
{
	uint64_t count = 0;

	(void)peer_read32(&peer, CONFIG, 0);
	return read(line, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

static void unmask(void)
{
	ck_assert_int_eq(peer_irqs(&peer, 0, NONE | UNMASK, 0, 1, -1), 0);
}

static void transfer(void)
{
	card_start(&peer, 0, PATTERN, 64, TO_HOST, true);
	ck_assert(card_done(&peer));
}

/* What an interrupt handler does. */
static void acknowledge(void)
{
	peer_write8(&peer, BAR0, DMACSR0, 0x09);
}

static void doorbell(uint32_t bits)
{
	peer_write32(&peer, BAR0, INTCSR, 0x00000300);
	/* The default board rings L2PDBELL with its register 18h. */
	peer_write32(&peer, BAR3, 0x18, bits);
	peer_write32(&peer, BAR3, 0x04, 0x10);
}

START_TEST(there_is_one_intx_and_nothing_else)
{
	uint8_t payload[16] = { 16 };

	for (uint32_t i = 0; i < 3; i++) {
		put32(payload + 8, i);
		ck_assert_int_eq(peer_call(&peer, GET_IRQ_INFO, payload, 16,
					   -1), 16);
		ck_assert_uint_eq(get32(peer.in + HEADER), 16);
		/* eventfd, maskable, automasked */
		ck_assert_uint_eq(get32(peer.in + HEADER + 4), i ? 0 : 7);
		ck_assert_uint_eq(get32(peer.in + HEADER + 8), i);
		ck_assert_uint_eq(get32(peer.in + HEADER + 12), i ? 0 : 1);
	}
	put32(payload + 8, 3);
	ck_assert_int_eq(peer_call(&peer, GET_IRQ_INFO, payload, 16, -1),
			 -EINVAL);
}
END_TEST

START_TEST(done_raises_the_line_once)
{
	enable();
	transfer();
	ck_assert_uint_eq(signalled(), 1);
	ck_assert_uint_eq(signalled(), 0);
	ck_assert_uint_ne(peer_read32(&peer, BAR0, INTCSR) & 0x00200000, 0);
	acknowledge();
	unmask();
	ck_assert_uint_eq(signalled(), 0);
	transfer();
	ck_assert_uint_eq(signalled(), 1);
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served, "card.violations_total"), 0);
	ck_assert_uint_eq(served_count(&served, "card.interrupts"), 2);
	ck_assert_uint_eq(served_count(&served, "server.intx_signals"), 2);
}
END_TEST

/* QEMU lowers the guest's line at any access to a BAR, and unmasks. */
START_TEST(a_level_that_stands_is_told_again_after_unmasking)
{
	enable();
	transfer();
	for (int i = 0; i < 5; i++) {
		ck_assert_uint_eq(signalled(), 1);
		ck_assert_uint_eq(signalled(), 0);
		unmask();
	}
	acknowledge();
	(void)signalled();
	unmask();
	ck_assert_uint_eq(signalled(), 0);
}
END_TEST

START_TEST(a_level_that_falls_unseen_is_taken_back)
{
	enable();
	transfer();
	acknowledge();
	ck_assert_uint_eq(signalled(), 0);
	/* The client has nothing to unmask, and must still hear the next. */
	transfer();
	ck_assert_uint_eq(signalled(), 1);
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served, "server.intx_withdrawn"), 1);
}
END_TEST

START_TEST(a_level_that_falls_and_rises_while_masked_waits_for_the_unmask)
{
	enable();
	transfer();
	ck_assert_uint_eq(signalled(), 1);
	acknowledge();
	transfer();
	ck_assert_uint_eq(signalled(), 0);
	unmask();
	ck_assert_uint_eq(signalled(), 1);
}
END_TEST

START_TEST(a_level_that_stands_is_told_to_a_new_eventfd)
{
	transfer();
	ck_assert_uint_eq(signalled(), 0);
	enable();
	ck_assert_uint_eq(signalled(), 1);
}
END_TEST

START_TEST(the_client_may_mask)
{
	enable();
	ck_assert_int_eq(peer_irqs(&peer, 0, NONE | MASK, 0, 1, -1), 0);
	transfer();
	ck_assert_uint_eq(signalled(), 0);
	unmask();
	ck_assert_uint_eq(signalled(), 1);
}
END_TEST

START_TEST(an_unmask_may_come_by_eventfd)
{
	const uint64_t one = 1;
	int resample = eventfd(0, EFD_CLOEXEC);
	struct pollfd pollfd = { .fd = line, .events = POLLIN };

	enable();
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | UNMASK, 0, 1, resample),
			 0);
	transfer();
	ck_assert_uint_eq(signalled(), 1);
	ck_assert_int_eq(write(resample, &one, sizeof(one)), sizeof(one));
	ck_assert_int_eq(poll(&pollfd, 1, 5000), 1);
	ck_assert_uint_eq(signalled(), 1);
	close(resample);
}
END_TEST

START_TEST(a_doorbell_raises_it_too)
{
	enable();
	doorbell(0x5);
	ck_assert_uint_eq(signalled(), 1);
	peer_write32(&peer, BAR0, 0x64, 0x5);
	unmask();
	ck_assert_uint_eq(signalled(), 0);
}
END_TEST

START_TEST(without_an_eventfd_there_is_silence)
{
	enable();
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | TRIGGER, 0, 1, -1), 0);
	transfer();
	ck_assert_uint_eq(signalled(), 0);
	enable();
	ck_assert_uint_eq(signalled(), 1);
	ck_assert_int_eq(peer_irqs(&peer, 0, NONE | TRIGGER, 0, 0, -1), 0);
	acknowledge();
	transfer();
	ck_assert_uint_eq(signalled(), 0);
}
END_TEST

START_TEST(the_client_may_pull_it_itself)
{
	uint8_t payload[21] = { 21, 0, 0, 0, BOOL | TRIGGER };

	enable();
	ck_assert_int_eq(peer_irqs(&peer, 0, NONE | TRIGGER, 0, 1, -1), 0);
	ck_assert_uint_eq(signalled(), 1);
	put32(payload + 16, 1);
	ck_assert_int_eq(peer_call(&peer, SET_IRQS, payload, 21, -1), 0);
	ck_assert_uint_eq(signalled(), 0);
	payload[20] = 1;
	ck_assert_int_eq(peer_call(&peer, SET_IRQS, payload, 21, -1), 0);
	ck_assert_uint_eq(signalled(), 1);
	ck_assert_int_eq(peer_call(&peer, SET_IRQS, payload, 20, -1), -EINVAL);
}
END_TEST

START_TEST(the_other_types_can_be_disabled_and_nothing_else)
{
	for (uint32_t i = 1; i < 3; i++) {
		ck_assert_int_eq(peer_irqs(&peer, i, NONE | TRIGGER, 0, 0, -1),
				 0);
		ck_assert_int_eq(peer_irqs(&peer, i, EVENTFD | TRIGGER, 0, 1,
					   line), -EINVAL);
	}
	ck_assert_int_eq(peer_irqs(&peer, 3, NONE | TRIGGER, 0, 0, -1),
			 -EINVAL);
}
END_TEST

static const struct {
	uint32_t flags, start, count;
} bad_sets[] = {
	{ EVENTFD | TRIGGER, 0, 2 },
	{ EVENTFD | TRIGGER, 1, 1 },
	{ EVENTFD | TRIGGER, 0, 0xffffffff },
	{ EVENTFD | TRIGGER, 0xffffffff, 1 },
	{ EVENTFD | TRIGGER, 0, 0 },
	{ EVENTFD | NONE | TRIGGER, 0, 1 },
	{ EVENTFD | TRIGGER | UNMASK, 0, 1 },
	{ EVENTFD, 0, 1 },
	{ TRIGGER, 0, 1 },
	{ 0, 0, 1 },
	{ EVENTFD | TRIGGER | 0x40, 0, 1 },
	{ NONE | MASK, 0, 2 },
	{ NONE | UNMASK, 7, 1 },
	{ BOOL | MASK, 0, 1 },
	{ BOOL | MASK, 0, 0xffffffff },
};

START_TEST(sets_that_make_no_sense_are_refused)
{
	int fd = bad_sets[_i].flags & EVENTFD ? line : -1;

	ck_assert_int_eq(peer_irqs(&peer, 0, bad_sets[_i].flags,
				   bad_sets[_i].start, bad_sets[_i].count, fd),
			 -EINVAL);
	enable();
	transfer();
	ck_assert_uint_eq(signalled(), 1);
}
END_TEST

START_TEST(only_eventfds_are_lines)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | TRIGGER, 0, 1, ends[1]),
			 -EINVAL);
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | UNMASK, 0, 1, ends[0]),
			 -EINVAL);
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | TRIGGER, 0, 1,
				   memory.fd), -EINVAL);
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | MASK, 0, 1, line),
			 -EOPNOTSUPP);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(a_full_eventfd_stops_nobody)
{
	const uint64_t full = UINT64_MAX - 1;
	int blocking = eventfd(0, EFD_CLOEXEC);

	ck_assert_int_eq(write(blocking, &full, sizeof(full)), sizeof(full));
	ck_assert_int_eq(peer_irqs(&peer, 0, EVENTFD | TRIGGER, 0, 1,
				   blocking), 0);
	transfer();
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0), 0x905410b5);
	close(blocking);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *interrupt_suite(void)
{
	Suite *suite = suite_create("interrupt");
	TCase *tcase = tcase_create("interrupt");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, there_is_one_intx_and_nothing_else);
	tcase_add_test(tcase, done_raises_the_line_once);
	tcase_add_test(tcase,
		       a_level_that_stands_is_told_again_after_unmasking);
	tcase_add_test(tcase, a_level_that_falls_unseen_is_taken_back);
	tcase_add_test(tcase,
		a_level_that_falls_and_rises_while_masked_waits_for_the_unmask);
	tcase_add_test(tcase, a_level_that_stands_is_told_to_a_new_eventfd);
	tcase_add_test(tcase, the_client_may_mask);
	tcase_add_test(tcase, an_unmask_may_come_by_eventfd);
	tcase_add_test(tcase, a_doorbell_raises_it_too);
	tcase_add_test(tcase, without_an_eventfd_there_is_silence);
	tcase_add_test(tcase, the_client_may_pull_it_itself);
	tcase_add_test(tcase,
		       the_other_types_can_be_disabled_and_nothing_else);
	tcase_add_loop_test(tcase, sets_that_make_no_sense_are_refused, 0,
			    COUNT(bad_sets));
	tcase_add_test(tcase, only_eventfds_are_lines);
	tcase_add_test(tcase, a_full_eventfd_stops_nobody);
	suite_add_tcase(suite, tcase);
	return suite;
}
