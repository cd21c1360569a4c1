/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: what a transfer costs on the kernel module, in system calls and
 * interrupts.
 *
 *	calls SPEC COUNT
 *
 * The calls are counted by tracing a child between two marks, once with each
 * way of waiting.  That slows the child down: the card must be slow enough to
 * be waited for all the same.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#define LENGTH	   65536u
#define PATTERN	   0x40000000u /* local address, of the default board */
#define TIMEOUT_NS 10000000000ll
#define MARK	   SYS_getppid

struct rig {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer;
};

static _Noreturn void die(const struct rig *rig, const char *what)
{
	printf("not ok - %s: %s; %s\n", what, plxdma_error(rig->card),
	       strerror(errno));
	exit(1);
}

static void rig_open(struct rig *rig, const char *spec)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = PATTERN,
		.length = LENGTH,
	};

	if (plxdma_open(spec, &rig->card) ||
	    !plxdma_alloc_coherent(rig->card, LENGTH, &request.handle) ||
	    plxdma_channel_open(rig->card, 0, &rig->channel) ||
	    plxdma_transfer_new(rig->channel, &request, &rig->transfer))
		die(rig, spec);
}

static void rig_close(struct rig *rig)
{
	plxdma_transfer_free(rig->transfer);
	plxdma_channel_close(rig->channel);
	plxdma_close(rig->card);
}

static uint64_t interrupts(const struct rig *rig)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	if (plxdma_card_counters(rig->card, &counters))
		die(rig, "counters");
	return counters.interrupts;
}

static void transfers(const struct rig *rig, unsigned int count)
{
	while (count--)
		if (plxdma_submit(rig->transfer) ||
		    plxdma_wait(rig->transfer, TIMEOUT_NS, NULL))
			die(rig, "transfer");
}

/* What the tracer sees between the marks is the transfers' alone. */
static _Noreturn void child(const char *spec, enum plxdma_waiting waiting,
			    unsigned int count)
{
	struct rig rig = { .card = NULL };
	uint64_t before;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		die(&rig, "ptrace");
	raise(SIGSTOP);
	rig_open(&rig, spec);
	if (plxdma_channel_set_waiting(rig.channel, waiting))
		die(&rig, "waiting");
	transfers(&rig, 10);
	before = interrupts(&rig);
	syscall(MARK);
	transfers(&rig, count);
	syscall(MARK);
	printf("# %s: %.2f interrupts and ",
	       waiting == PLXDMA_WAIT_SPIN ? "spin" : "eventfd",
	       (double)(interrupts(&rig) - before) / count);
	rig_close(&rig);
	fflush(stdout);
	_exit(0);
}

/* System calls between the marks, -1 if the child failed. */
static long calls_count(pid_t pid)
{
	struct user_regs_struct regs;
	int status, entering = 0, marks = 0;
	long calls = 0;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	       (void *)(uintptr_t)PTRACE_O_TRACESYSGOOD);
	while (!ptrace(PTRACE_SYSCALL, pid, NULL, NULL) &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		entering = !entering;
		if (!entering || ptrace(PTRACE_GETREGS, pid, NULL, &regs))
			continue;
		if (regs.orig_rax == MARK)
			marks++;
		else if (marks == 1)
			calls++;
	}
	return WIFEXITED(status) && !WEXITSTATUS(status) && marks == 2 ? calls
								       : -1;
}

static int play(const char *spec, enum plxdma_waiting waiting,
		unsigned int count)
{
	pid_t pid = fork();
	long calls;

	if (!pid)
		child(spec, waiting, count);
	calls = pid < 0 ? -1 : calls_count(pid);
	if (calls < 0) {
		printf("not ok - tracing\n");
		return 1;
	}
	printf("%.2f system calls a transfer of %u bytes\n",
	       (double)calls / count, LENGTH);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int count;

	if (argc < 3)
		return 2;
	count = (unsigned int)atoi(argv[2]);
	return play(argv[1], PLXDMA_WAIT_EVENT, count) ||
	       play(argv[1], PLXDMA_WAIT_SPIN, count);
}
