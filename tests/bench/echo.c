/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See echo.h. */
#include "echo.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"

#define LIFE_S 120

/* Each in a cache line of its own, as a ring's indices are. */
struct echo_words {
	_Alignas(64) atomic_uint asked;
	_Alignas(64) atomic_uint answered;
};

void echo_run_on(unsigned int cpu, int there)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned int i = 0; i < CPU_SETSIZE; i++)
		if ((i == cpu) == there)
			CPU_SET(i, &set);
	/* On a machine with one CPU there is nowhere else. */
	if (sched_setaffinity(0, sizeof(set), &set) && there)
		die("no such CPU", NULL);
}

static void answer_spinning(struct echo_words *words)
{
	unsigned int seen = 0, asked;

	for (;;) {
		asked = atomic_load_explicit(&words->asked,
					     memory_order_acquire);
		if (asked == seen) {
			__builtin_ia32_pause();
			continue;
		}
		seen = asked;
		atomic_store_explicit(&words->answered, seen,
				      memory_order_release);
	}
}

static void answer_sleeping(const struct echo *echo)
{
	uint64_t value;

	while (read(echo->there, &value, 8) == 8 &&
	       write(echo->back, &(uint64_t){ 1 }, 8) == 8)
		;
}

static int echo_fork(struct echo *echo, unsigned int cpu)
{
	fflush(NULL);
	echo->pid = fork();
	if (echo->pid < 0)
		die("fork", NULL);
	if (echo->pid)
		return 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFE_S);
	echo_run_on(cpu, 1);
	return 1;
}

void echo_start_spinning(struct echo *echo, unsigned int cpu)
{
	echo->there = echo->back = echo->poller = -1;
	echo->words = mmap(NULL, sizeof(*echo->words), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (echo->words == MAP_FAILED)
		die("shared memory", NULL);
	if (echo_fork(echo, cpu))
		answer_spinning(echo->words);
}

void echo_start_sleeping(struct echo *echo, unsigned int cpu)
{
	struct epoll_event event = { .events = EPOLLIN };

	echo->words = NULL;
	echo->there = eventfd(0, EFD_CLOEXEC);
	echo->back = eventfd(0, EFD_CLOEXEC);
	echo->poller = epoll_create1(EPOLL_CLOEXEC);
	if (echo->there < 0 || echo->back < 0 ||
	    epoll_ctl(echo->poller, EPOLL_CTL_ADD, echo->back, &event))
		die("eventfds", NULL);
	if (echo_fork(echo, cpu)) {
		answer_sleeping(echo);
		_exit(0);
	}
}

void echo_end(struct echo *echo)
{
	kill(echo->pid, SIGKILL);
	waitpid(echo->pid, NULL, 0);
	if (echo->words)
		munmap(echo->words, sizeof(*echo->words));
	if (echo->poller >= 0) {
		close(echo->poller);
		close(echo->back);
		close(echo->there);
	}
}

void echo_spin(struct echo *echo)
{
	unsigned int asked = atomic_load_explicit(&echo->words->asked,
						  memory_order_relaxed) + 1;

	atomic_store_explicit(&echo->words->asked, asked,
			      memory_order_release);
	while (atomic_load_explicit(&echo->words->answered,
				    memory_order_acquire) != asked)
		__builtin_ia32_pause();
}

void echo_sleep(struct echo *echo)
{
	uint64_t value;

	if (write(echo->there, &(uint64_t){ 1 }, 8) != 8 ||
	    read(echo->back, &value, 8) != 8)
		die("eventfd", NULL);
}

void echo_poll(struct echo *echo)
{
	struct epoll_event event;
	uint64_t value;

	if (write(echo->there, &(uint64_t){ 1 }, 8) != 8 ||
	    epoll_wait(echo->poller, &event, 1, -1) != 1 ||
	    read(echo->back, &value, 8) != 8)
		die("eventfd", NULL);
}
