/* SPDX-License-Identifier: MIT */
/*
 * System calls per transfer, counted.
 *
 * A child runs every row's transfers once more, each batch between two
 * markers: a prctl() that the kernel refuses. Its parent traces it and counts
 * what enters the kernel between the markers. Only the calling thread is
 * traced: the threads that the software card may have stand for the card, and
 * a card makes no system calls.
 *
 * This is a pass of its own since a traced process is slow. The child is forked
 * before any card is open, because the library's cards don't survive a fork.
 */
#include "syscalls.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* After <sys/ptrace.h>: the two declare the same things. */
#include <linux/ptrace.h>

#include "rig.h"

#define MARK_BEGIN 0x504c5831u /* no prctl() of any kernel */
#define MARK_END   0x504c5832u
#define COUNTED	   16u /* transfers a lane */
#define SECONDS	   120u

static void mark(unsigned int what, unsigned int row, uint64_t transfers)
{
	(void)syscall(SYS_prctl, (unsigned long)what, (unsigned long)row,
		      (unsigned long)transfers, 0ul, 0ul);
}

static void count_row(struct rig *rig, const struct cell *cell,
		      unsigned int row)
{
	uint64_t transfers = 0;
	unsigned int i;

	/* Staging runs one of them to warm up. */
	if (rig_prepare(rig, cell, COUNTED) || rig_stage(rig))
		goto out;
	mark(MARK_BEGIN, row, 0);
	if (rig_run(rig))
		goto out;
	for (i = 0; i < rig->lane_count; i++)
		transfers += rig->lanes[i].taken;
	mark(MARK_END, row, transfers);
out:
	rig_clear(rig);
}

static void child_run(const struct plan *plan)
{
	struct rig rig;
	unsigned int spec, i;

	/* Bounds the whole pass, whatever goes wrong. */
	(void)alarm(SECONDS);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(1);
	/* Here the parent says what it wants to hear of. */
	(void)raise(SIGSTOP);
	for (spec = 0; spec < plan->source_count; spec++) {
		if (rig_open(&rig, plan, &plan->sources[spec]))
			continue;
		for (i = 0; i < plan->row_count; i++)
			if (plan->rows[i].cell.spec == spec)
				count_row(&rig, &plan->rows[i].cell, i);
		rig_close(&rig);
	}
	/* Not exit(): the parent's buffers are not this process's to flush. */
	_exit(0);
}

struct counter {
	struct plan *plan;
	bool counting;
	uint64_t calls;
};

static void note_entry(struct counter *counter,
		       const struct __ptrace_syscall_info *info)
{
	uint64_t row = info->entry.args[1];
	uint64_t transfers = info->entry.args[2];
	bool marker = info->entry.nr == SYS_prctl;

	if (marker && info->entry.args[0] == MARK_BEGIN) {
		counter->counting = true;
		counter->calls = 0;
	} else if (marker && info->entry.args[0] == MARK_END) {
		counter->counting = false;
		if (row < counter->plan->row_count && transfers)
			counter->plan->rows[row].syscalls =
				(double)counter->calls / (double)transfers;
	} else if (counter->counting) {
		counter->calls++;
	}
}

/* What the child stopped for.  Return: the signal that it shall get. */
static int handle_stop(struct counter *counter, pid_t child, int status)
{
	struct __ptrace_syscall_info info;
	int signal = WSTOPSIG(status);

	if (signal == (SIGTRAP | 0x80)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info),
			   &info) > 0 &&
		    info.op == PTRACE_SYSCALL_INFO_ENTRY)
			note_entry(counter, &info);
		return 0;
	}
	return signal == SIGTRAP ? 0 : signal;
}

static int trace(struct counter *counter, pid_t child)
{
	int status, signal;

	/* Ends: the child's alarm kills it. */
	for (;;) {
		if (waitpid(child, &status, __WALL) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (WIFEXITED(status))
			return WEXITSTATUS(status) ? -EIO : 0;
		if (WIFSIGNALED(status))
			return -ETIMEDOUT;
		signal = handle_stop(counter, child, status);
		if (ptrace(PTRACE_SYSCALL, child, NULL,
			   (void *)(long)signal) &&
		    errno != ESRCH)
			return -errno;
	}
}

static int attach(pid_t child)
{
	int status;

	while (waitpid(child, &status, WUNTRACED) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFSTOPPED(status))
		return -EPERM;
	if (ptrace(PTRACE_SETOPTIONS, child, NULL,
		   (void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) ||
	    ptrace(PTRACE_SYSCALL, child, NULL, NULL))
		return -errno;
	return 0;
}

void syscalls_count(struct plan *plan, char notice[240])
{
	struct counter counter = { .plan = plan };
	pid_t child;
	int code;

	notice[0] = '\0';
	(void)fflush(NULL);
	child = fork();
	if (child == 0)
		child_run(plan);
	code = child < 0 ? -errno : attach(child);
	if (!code) {
		code = trace(&counter, child);
	} else if (child > 0) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
	}
	if (code)
		(void)snprintf(notice, 240,
			       "system calls were not counted: %s (tracing "
			       "may be forbidden here)", strerror(-code));
}
