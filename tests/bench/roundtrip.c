/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a request costs to the daemon and back, beside what the machine takes
 * for a round trip between two processes: awake, or asleep.  Run by
 * scripts/bench.
 *
 *   roundtrip awake|asleep CARD CPU
 *
 * The daemon with CARD, model:engine=inline, is bound to CPU, and so is the
 * process that stands in for it.  "asleep" wants a daemon with spin-us=0.  Both
 * are taken in turns.  A virtual CPU has neighbours and two speeds, so awake
 * they are compared undisturbed, by the fastest tenth, as in steps.c.  Asleep
 * it is the medians: plxdma_wait() looks for 20 us before it sleeps, and its
 * fastest tenth found the daemon still awake.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include <plxdma/plxdma.h>

#include "echo.h"
#include "report.h"

#define SRAM 0x20000000u
#define LENGTH 64u
#define SAMPLES 1000
#define AWAKE 40		/* round trips in one sample */
#define ASLEEP 4
#define TIMEOUT INT64_C(2000000000)

struct lender {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer;
	int poller;
};

static void lender_open(struct lender *lender, const char *spec)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = SRAM,
		.length = LENGTH,
	};
	int fd;

	if (plxdma_open(spec, &lender->card))
		die(spec, NULL);
	if (plxdma_channel_open(lender->card, 0, &lender->channel) ||
	    !plxdma_alloc_coherent(lender->card, LENGTH, &request.handle) ||
	    plxdma_transfer_new(lender->channel, &request, &lender->transfer))
		die(spec, lender->card);
	fd = plxdma_channel_fd(lender->channel);
	lender->poller = epoll_create1(EPOLL_CLOEXEC);
	if (fd < 0 || epoll_ctl(lender->poller, EPOLL_CTL_ADD, fd, &event))
		die("epoll", lender->card);
}

/* The least that the ring can carry: one register read. */
static void ask(struct lender *lender)
{
	struct plxdma_step step = {
		.op = PLXDMA_STEP_READ,
		.space = PLXDMA_SPACE_BAR3,
		.width = 32,
	};

	if (plxdma_batch(lender->card, &step, 1, NULL))
		die("batch", lender->card);
}

static void wait_asleep(struct lender *lender)
{
	if (plxdma_submit(lender->transfer) ||
	    plxdma_wait(lender->transfer, TIMEOUT, NULL))
		die("transfer", lender->card);
}

static void poll_asleep(struct lender *lender)
{
	struct epoll_event event;

	if (plxdma_submit(lender->transfer))
		die("submit", lender->card);
	while (!plxdma_channel_reap(lender->channel, NULL))
		if (epoll_wait(lender->poller, &event, 1, 2000) < 1)
			die("epoll_wait", lender->card);
}

static double echo_time(struct echo *echo, void (*trip)(struct echo *),
			unsigned int count)
{
	double begin;

	trip(echo);
	begin = now();
	for (unsigned int i = 0; i < count; i++)
		trip(echo);
	return (now() - begin) / count / 1e3;
}

static double lender_time(struct lender *lender,
			  void (*trip)(struct lender *), unsigned int count)
{
	double begin;

	trip(lender);
	begin = now();
	for (unsigned int i = 0; i < count; i++)
		trip(lender);
	return (now() - begin) / count / 1e3;
}

/* @judged: the sample, of SAMPLES in order, that stands for all. */
static void show(const char *what, const double *bare, const double *daemon,
		 unsigned int judged, double limit)
{
	report(what, bare[SAMPLES / 10], "us", REPORTED, 0);
	report("  its median", bare[SAMPLES / 2], "us", REPORTED, 0);
	report("  through the daemon", daemon[SAMPLES / 10], "us", REPORTED,
	       0);
	report("  its median", daemon[SAMPLES / 2], "us", REPORTED, 0);
	report("  times the bare one", daemon[judged] / bare[judged], "",
	       AT_MOST, limit);
}

static void compare_awake(struct lender *lender, unsigned int cpu)
{
	static double bare[SAMPLES], daemon[SAMPLES];
	struct echo echo;

	/* They share a CPU, so they take turns in blocks; a spinner is there
	 * only while it is asked. */
	for (unsigned int k = 0; k < SAMPLES; k += SAMPLES / 10) {
		echo_start_spinning(&echo, cpu);
		echo_time(&echo, echo_spin, AWAKE);
		for (unsigned int i = 0; i < SAMPLES / 10; i++)
			bare[k + i] = echo_time(&echo, echo_spin, AWAKE);
		echo_end(&echo);
		lender_time(lender, ask, AWAKE);
		for (unsigned int i = 0; i < SAMPLES / 10; i++)
			daemon[k + i] = lender_time(lender, ask, AWAKE);
	}
	median(bare, SAMPLES);
	median(daemon, SAMPLES);
	show("round trip of two spinning processes", bare, daemon, SAMPLES / 10,
	     1.5);
}

static void compare_asleep(struct lender *lender, unsigned int cpu,
			   const char *what, void (*bare_trip)(struct echo *),
			   void (*trip)(struct lender *))
{
	static double bare[SAMPLES], daemon[SAMPLES];
	struct echo echo;

	echo_start_sleeping(&echo, cpu);
	for (unsigned int k = 0; k < SAMPLES; k++) {
		bare[k] = echo_time(&echo, bare_trip, ASLEEP);
		daemon[k] = lender_time(lender, trip, ASLEEP);
	}
	echo_end(&echo);
	median(bare, SAMPLES);
	median(daemon, SAMPLES);
	show(what, bare, daemon, SAMPLES / 2, 1.25);
}

int main(int argc, char **argv)
{
	struct lender lender;
	char spec[128];
	unsigned int cpu;

	if (argc != 4) {
		fprintf(stderr, "usage: roundtrip awake|asleep CARD CPU\n");
		return 2;
	}
	cpu = (unsigned int)strtoul(argv[3], NULL, 10);
	snprintf(spec, sizeof(spec), "daemon:%s", argv[2]);
	echo_run_on(cpu, 0);
	lender_open(&lender, spec);
	if (!strcmp(argv[1], "awake")) {
		compare_awake(&lender, cpu);
	} else {
		compare_asleep(&lender, cpu, "round trip of two eventfds",
			       echo_sleep, wait_asleep);
		compare_asleep(&lender, cpu, "the same through epoll",
			       echo_poll, poll_asleep);
	}
	plxdma_close(lender.card);
	return report_missed();
}
