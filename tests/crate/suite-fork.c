/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What card.h says of forks: the child must not use the card; that it was
 * there at all, however it ends, costs the parent nothing, and what it
 * executes inherits nothing.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "crate.h"
#include "suites.h"

#define ROUNDS 20

static int status_of(pid_t child)
{
	int status = -1;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A transfer that is under way while the child comes and goes. */
static void transfers_around(struct crate *crate, void (*child_life)(void))
{
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	struct block there, back;

	block_new(crate->cards[0], PLXDMA_TO_CARD, CRATE_SRAM, &there);
	block_new(crate->cards[0], PLXDMA_TO_HOST, CRATE_SRAM, &back);
	ck_assert_int_eq(plxdma_channel_open(crate->cards[0], 0, &channel), 0);
	ck_assert_int_eq(plxdma_transfer_new(channel, &back.request,
					     &transfer), 0);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		pid_t child;

		block_fill(&there, i);
		block_fill(&back, ~i);
		ck_assert_int_eq(plxdma_transfer_once(channel, &there.request,
						      10 * CRATE_SECOND, NULL),
				 0);
		ck_assert_int_eq(plxdma_submit(transfer), 0);
		child = fork();
		ck_assert_int_ge(child, 0);
		if (!child)
			child_life();
		ck_assert_int_eq(plxdma_wait(transfer, 10 * CRATE_SECOND,
					     NULL), 0);
		ck_assert_int_eq(status_of(child), 0);
		ck_assert_uint_eq(block_wrong(&back, i), 0);
	}
}

static void leaves_at_once(void)
{
	_exit(0);
}

START_TEST(a_child_comes_and_goes_and_no_transfer_minds)
{
	struct crate crate;

	crate_open(&crate, (enum crate_door)_i);
	transfers_around(&crate, leaves_at_once);
	crate_close(&crate);
}
END_TEST

static void executes_nothing(void)
{
	execl("/bin/true", "true", (char *)NULL);
	_exit(1);
}

START_TEST(a_child_executes_and_no_transfer_minds)
{
	struct crate crate;

	crate_open(&crate, (enum crate_door)_i);
	transfers_around(&crate, executes_nothing);
	crate_close(&crate);
}
END_TEST

/* Descriptors beyond stderr that lead to anything of ours. */
static void counts_descriptors(void)
{
	execl("/bin/sh", "sh", "-c",
	      "for d in /proc/self/fd/[3-9]* /proc/self/fd/[12]?*; do "
	      "readlink $d; done | "
	      "grep -cE 'hugetlb|memfd|eventfd|io_uring|pagemap|socket' | "
	      "grep -qx 0", (char *)NULL);
	_exit(1);
}

START_TEST(what_a_child_executes_inherits_nothing)
{
	struct block block;
	struct crate crate;
	unsigned int i;
	pid_t child;

	crate_open(&crate, (enum crate_door)_i);
	block_new(crate.cards[0], PLXDMA_TO_CARD, CRATE_SRAM, &block);
	for (i = PLXDMA_IRQ_DOORBELL; i <= PLXDMA_IRQ_LINT; i++)
		ck_assert_int_ge(plxdma_irq_fd(crate.cards[1],
					       (enum plxdma_irq_source)i), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child)
		counts_descriptors();
	ck_assert_int_eq(status_of(child), 0);
	crate_close(&crate);
}
END_TEST

START_TEST(a_child_may_open_a_card_of_its_own)
{
	struct crate crate;
	pid_t child;

	crate_open(&crate, CRATE_DAEMON);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child) {
		struct plxdma_card *card;
		uint32_t value;

		if (plxdma_open("daemon:c", &card) ||
		    plxdma_peek(card, 3, 0, 32, &value))
			_exit(1);
		plxdma_close(card);
		_exit(0);
	}
	ck_assert_int_eq(status_of(child), 0);
	crate_close(&crate);
}
END_TEST

Suite *fork_suite(void)
{
	Suite *suite = suite_create("fork");
	TCase *tcase = tcase_create("fork");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, a_child_comes_and_goes_and_no_transfer_minds,
			    0, CRATE_DOORS);
	tcase_add_loop_test(tcase, a_child_executes_and_no_transfer_minds, 0,
			    CRATE_DOORS);
	tcase_add_loop_test(tcase, what_a_child_executes_inherits_nothing, 0,
			    CRATE_DOORS);
	tcase_add_test(tcase, a_child_may_open_a_card_of_its_own);
	suite_add_tcase(suite, tcase);
	return suite;
}
