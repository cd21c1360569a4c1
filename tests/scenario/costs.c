/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a transfer costs on the bus and in the kernel, by the card's own
 * counts: a register read stalls a CPU for a microsecond on real PCI.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"
#include "suites.h"

static struct plxdma_counters counters(const struct rig *rig)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	ck_assert_int_eq(plxdma_card_counters(rig->stage.card, &counters), 0);
	return counters;
}

static const struct chip {
	const char *options;
	unsigned int block, chain, prepared;	/* register writes at most */
} chips[] = {
	{ "chip=9054ac", 8, 4, 3 },
	{ "chip=9054aa", 8, 4, 3 },
	{ "chip=9054ac,iova=0x140000000", 8, 4, 3 },
	{ "chip=9056", 8, 4, 3 },
	{ "chip=9656,iova=0x140000000", 8, 4, 3 },
	{ "chip=8311", 8, 4, 3 },
	{ "chip=9080", 8, 7, 6 },
	{ "chip=9054ac,engine=inline", 8, 4, 3 },
	{ "chip=9080,engine=inline", 8, 7, 6 },
};
#define CHIPS ((int)(sizeof(chips) / sizeof(chips[0])))

static void check_submit(struct rig *rig, struct plxdma_transfer *transfer,
			 unsigned int writes, const char *what)
{
	struct plxdma_counters before = counters(rig), after;

	ck_assert_int_eq(plxdma_submit(transfer), 0);
	after = counters(rig);
	ck_assert_msg(after.reg_reads == before.reg_reads,
		      "%s: %u register reads before the wait", what,
		      (unsigned int)(after.reg_reads - before.reg_reads));
	ck_assert_msg(after.reg_writes - before.reg_writes <= writes,
		      "%s: %u register writes, not %u", what,
		      (unsigned int)(after.reg_writes - before.reg_writes),
		      writes);
	ck_assert_msg(after.reg_writes > before.reg_writes, "%s: none", what);
	ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL), 0);
	rig_check(rig, RIG_SIZE);
}

/* 16 KiB in 65 ms: what the interrupt handler does when they have moved comes
 * after the look at the counters, on a busy machine as well. */
#define SLOW "rate=250e3"
#define SLOW_PIECE 4096u

/* Also when the last transfer on the channel was of the other form. */
START_TEST(submitting_costs_few_writes_and_no_read)
{
	const struct chip *chip = &chips[_i / 2];
	struct plxdma_transfer *block, *chain;
	char options[120];
	struct rig rig;

	snprintf(options, sizeof(options), SLOW ",%s", chip->options);
	rig_open(&rig, options);
	rig.piece = SLOW_PIECE;
	rig_set_waiting(&rig, _i & 1 ? PLXDMA_WAIT_SPIN : PLXDMA_WAIT_EVENT);
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 0);
	block = rig_transfer(&rig, 0);
	check_submit(&rig, block, chip->block, "block");
	check_submit(&rig, block, chip->block, "block again");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_CHAIN, 0);
	chain = rig_transfer(&rig, 0);
	check_submit(&rig, chain, chip->chain, "chain after a block");
	check_submit(&rig, chain, chip->prepared, "prepared chain");
	check_submit(&rig, chain, chip->prepared, "prepared chain again");
	rig_close(&rig);
}
END_TEST

START_TEST(a_chain_costs_the_same_whatever_its_length)
{
	struct plxdma_segment segments[400];
	struct plxdma_transfer *transfer;
	struct plxdma_request request = {
		.size = sizeof(request), .direction = PLXDMA_TO_HOST,
		.segments = segments, .segment_count = 400,
	};
	struct plxdma_counters before, after;
	struct rig rig;

	rig_open(&rig, "rate=500e3");
	for (unsigned int i = 0; i < 400; i++)
		segments[i] = (struct plxdma_segment){
			rig.stage.handle + i * 256, 128,
			SHARED_BOARD_SRAM + i * 512 };
	ck_assert_int_eq(plxdma_transfer_new(rig.stage.channels[1], &request,
					     &transfer), 0);
	before = counters(&rig);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	after = counters(&rig);
	ck_assert_uint_le(after.reg_writes - before.reg_writes, 4);
	ck_assert_uint_eq(after.reg_reads, before.reg_reads);
	ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL), 0);
	after = counters(&rig);
	ck_assert_uint_eq(after.descriptors - before.descriptors, 400);
	rig_close(&rig);
}
END_TEST

/* Pieces that follow each other in both memories are one. */
START_TEST(neighbouring_pieces_merge)
{
	struct plxdma_counters before, after;
	struct rig rig;

	rig_open(&rig, "");
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 0);
	rig.request.form = PLXDMA_FORM_CHAIN;
	rig.request.segments = rig.pieces;
	rig.request.segment_count = RIG_PIECES;
	before = counters(&rig);
	ck_assert_int_eq(plxdma_transfer_once(rig.stage.channels[0],
					      &rig.request, RIG_SOON, NULL),
			 0);
	after = counters(&rig);
	ck_assert_uint_eq(after.descriptors - before.descriptors, 1);
	rig_check(&rig, RIG_SIZE);
	rig_close(&rig);
}
END_TEST

START_TEST(the_end_of_a_transfer_costs_few_reads)
{
	struct plxdma_counters before = { 0 }, after = { 0 };
	struct plxdma_transfer *transfer;
	uint64_t reads = UINT64_MAX;
	struct rig rig;

	rig_open(&rig, "");
	rig_set_waiting(&rig, _i ? PLXDMA_WAIT_SPIN : PLXDMA_WAIT_EVENT);
	rig_request(&rig, PLXDMA_TO_HOST, PLXDMA_FORM_BLOCK, 0);
	transfer = rig_transfer(&rig, 0);
	/* Whom a busy machine held up for 2 ms looks closer: not each time. */
	for (int tries = 0; tries < 50 && reads > (_i ? 12 : 30); tries++) {
		before = counters(&rig);
		for (int i = 0; i < 10; i++) {
			ck_assert_int_eq(plxdma_submit(transfer), 0);
			ck_assert_int_eq(plxdma_wait(transfer, RIG_SOON, NULL),
					 0);
		}
		after = counters(&rig);
		reads = after.reg_reads - before.reg_reads;
	}
	/* A look at Done and a flush; the handler's INTCSR before them. */
	ck_assert_uint_le(reads, _i ? 12 : 30);
	if (_i)
		ck_assert_uint_eq(after.interrupts, before.interrupts);
	else
		ck_assert_uint_ge(after.interrupts - before.interrupts, 10);
	ck_assert_uint_eq(after.transfers - before.transfers, 10);
	ck_assert_uint_eq(after.bytes_to_host - before.bytes_to_host,
			  10 * RIG_SIZE);
	ck_assert_uint_eq(after.faults, before.faults);
	rig_close(&rig);
}
END_TEST

#ifndef SANITIZED
/* From now on any system call kills, but write, with which the software card
 * rings, and the end. */
static int forbid_system_calls(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void submit_without_system_calls(int i)
{
	struct plxdma_transfer *transfer;
	struct rig rig;
	int error;

	rig_open(&rig, "engine=inline");
	rig_request(&rig, PLXDMA_TO_HOST, i & 1 ? PLXDMA_FORM_CHAIN :
		    PLXDMA_FORM_BLOCK, 0);
	rig_set_waiting(&rig, i & 2 ? PLXDMA_WAIT_SPIN : PLXDMA_WAIT_EVENT);
	transfer = rig_transfer(&rig, 0);
	/* Once before: first uses may cost more. */
	if (plxdma_submit(transfer) != 0 ||
	    plxdma_wait(transfer, RIG_SOON, NULL) != 0)
		_exit(2);
	if (forbid_system_calls() != 0)
		_exit(4);
	error = plxdma_submit(transfer);
	_exit(error ? 3 : 0);
}

/* The whole card is the child's: cards don't survive a fork. */
START_TEST(submitting_makes_no_system_call)
{
	pid_t child;
	int status;

	child = fork();
	if (child == 0)
		submit_without_system_calls(_i);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(status == 0, "the child ended with %#x", status);
}
END_TEST
#endif

Suite *costs_suite(void)
{
	Suite *suite = suite_create("costs");
	TCase *tcase = tcase_create("costs");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, submitting_costs_few_writes_and_no_read, 0,
			    2 * CHIPS);
	tcase_add_test(tcase, a_chain_costs_the_same_whatever_its_length);
	tcase_add_test(tcase, neighbouring_pieces_merge);
	tcase_add_loop_test(tcase, the_end_of_a_transfer_costs_few_reads, 0,
			    2);
#ifndef SANITIZED
	/* Sanitizers make their own. */
	tcase_add_loop_test(tcase, submitting_makes_no_system_call, 0, 4);
#endif
	suite_add_tcase(suite, tcase);
	return suite;
}
