/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The figures that the project promises, measured in one run beside what they
 * are compared with: each line says what was measured, the median, the bound
 * and whether it was met. Run by scripts/bench on a quiet machine, never by
 * the tests: a figure is no test.
 *
 *   figures [DAEMON]
 *
 * DAEMON is the prefix of the daemon's cards: PREFIX-inline, PREFIX-thread,
 * PREFIX-rate. Exit status 1 if a bound was missed.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "report.h"

#define SRAM 0x20000000u
#define KIB 1024u
#define MIB (1024u * KIB)
#define SAMPLES 51
#define TIMEOUT INT64_C(2000000000)

struct rig {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer[2];
	unsigned char *data;
	plxdma_handle handle;
};

static void rig_open(struct rig *rig, const char *spec,
		     enum plxdma_waiting waiting)
{
	memset(rig, 0, sizeof(*rig));
	if (plxdma_open(spec, &rig->card))
		die(spec, NULL);
	rig->data = plxdma_alloc_coherent(rig->card, 4 * MIB, &rig->handle);
	if (!rig->data || plxdma_channel_open(rig->card, 0, &rig->channel) ||
	    plxdma_channel_set_waiting(rig->channel, waiting))
		die(spec, rig->card);
	memset(rig->data, 0x5a, 4 * MIB);
}

static void rig_prepare(struct rig *rig, size_t length, enum plxdma_form form)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.form = form,
		.local = SRAM,
		.length = length,
	};
	size_t i;

	for (i = 0; i < 2; i++) {
		request.handle = rig->handle + i * 2 * MIB;
		if (plxdma_transfer_new(rig->channel, &request,
					&rig->transfer[i]))
			die("prepare", rig->card);
	}
}

static void rig_close(struct rig *rig)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	if (plxdma_card_counters(rig->card, &counters))
		die("counters", rig->card);
	if (counters.violations)
		report_fault("the card counted violations");
	plxdma_close(rig->card);
}

static void round_trip(struct rig *rig)
{
	if (plxdma_submit(rig->transfer[0]) ||
	    plxdma_wait(rig->transfer[0], TIMEOUT, NULL))
		die("transfer", rig->card);
}

static double latency(struct rig *rig, unsigned int inner)
{
	double sample[SAMPLES], begin;
	unsigned int i, k;

	for (i = 0; i < inner; i++)
		round_trip(rig);
	for (k = 0; k < SAMPLES; k++) {
		begin = now();
		for (i = 0; i < inner; i++)
			round_trip(rig);
		sample[k] = (now() - begin) / inner;
	}
	return median(sample, SAMPLES);
}

static void show_latency(const char *what, const char *spec, double limit,
			 int bounded)
{
	struct rig rig;

	rig_open(&rig, spec, PLXDMA_WAIT_SPIN);
	rig_prepare(&rig, 64, PLXDMA_FORM_BLOCK);
	report(what, latency(&rig, 1000) / 1e3, "us",
	       bounded ? AT_MOST : REPORTED, limit);
	rig_close(&rig);
}

/* Both transfers under way at all times. */
static double stream_depth2(struct rig *rig, size_t length, unsigned int blocks)
{
	double begin;
	unsigned int i;

	begin = now();
	for (i = 0; i < blocks + 2; i++) {
		if (i >= 2 &&
		    plxdma_wait(rig->transfer[i & 1], TIMEOUT, NULL))
			die("stream", rig->card);
		if (i < blocks && plxdma_submit(rig->transfer[i & 1]))
			die("stream", rig->card);
	}
	return (double)length * blocks / ((now() - begin) / 1e9);
}

static void show_rate(const char *where, const char *spec, double spin_limit)
{
	char what[96];
	double sample[5];
	struct rig rig;
	size_t k;

	rig_open(&rig, spec, PLXDMA_WAIT_EVENT);
	rig_prepare(&rig, MIB, PLXDMA_FORM_AUTO);
	for (k = 0; k < 5; k++)
		sample[k] = stream_depth2(&rig, MIB, 64);
	snprintf(what, sizeof(what), "%s, 132 MB/s, 1 MiB, depth 2, eventfd",
		 where);
	report(what, median(sample, 5) / 1.32e6, "%", AT_LEAST, 99);
	rig_close(&rig);

	rig_open(&rig, spec, PLXDMA_WAIT_SPIN);
	rig_prepare(&rig, 32 * KIB, PLXDMA_FORM_AUTO);
	snprintf(what, sizeof(what), "%s, 132 MB/s, 32 KiB, one, spinning",
		 where);
	report(what, 32 * KIB / (latency(&rig, 50) / 1e9) / 1.32e6, "%",
	       AT_LEAST, spin_limit);
	rig_close(&rig);

	rig_open(&rig, spec, PLXDMA_WAIT_EVENT);
	rig_prepare(&rig, 32 * KIB, PLXDMA_FORM_AUTO);
	snprintf(what, sizeof(what), "%s, 132 MB/s, 32 KiB, one, eventfd",
		 where);
	report(what, 32 * KIB / (latency(&rig, 50) / 1e9) / 1.32e6, "%",
	       REPORTED, 0);
	rig_close(&rig);
}

static double memcpy_time(struct rig *rig)
{
	double sample[SAMPLES], begin;
	unsigned int i, k;

	for (k = 0; k < SAMPLES; k++) {
		begin = now();
		for (i = 0; i < 20; i++) {
			memcpy(rig->data, rig->data + 2 * MIB, MIB);
			__asm__ volatile("" ::: "memory");
		}
		sample[k] = (now() - begin) / 20;
	}
	return median(sample, SAMPLES);
}

static void show_memcpy(const char *what, const char *spec, int bounded)
{
	struct rig rig;
	double copy, chain;

	rig_open(&rig, spec, PLXDMA_WAIT_SPIN);
	rig_prepare(&rig, MIB, PLXDMA_FORM_CHAIN);
	copy = memcpy_time(&rig);
	chain = latency(&rig, 20);
	report("memcpy of 1 MiB in the arena", MIB / copy * 1e3, "MB/s",
	       REPORTED, 0);
	report(what, 100 * copy / chain, "%", bounded ? AT_LEAST : REPORTED,
	       85);
	rig_close(&rig);
}

struct wake {
	int there, back;
};

static void *wake_answer(void *context)
{
	struct wake *wake = context;
	uint64_t value;

	while (read(wake->there, &value, sizeof(value)) == sizeof(value) &&
	       value < 1000 &&
	       write(wake->back, &(uint64_t){ 1 }, 8) == 8)
		;
	return NULL;
}

/* What an eventfd wake-up costs here without us. */
static void show_wake(void)
{
	struct wake wake = { eventfd(0, EFD_CLOEXEC), eventfd(0, EFD_CLOEXEC) };
	double sample[SAMPLES], begin;
	uint64_t value = 1000;
	pthread_t thread;
	unsigned int k, i;

	if (wake.there < 0 || wake.back < 0 ||
	    pthread_create(&thread, NULL, wake_answer, &wake))
		return;
	for (k = 0; k < SAMPLES; k++) {
		begin = now();
		for (i = 0; i < 50; i++)
			if (write(wake.there, &(uint64_t){ 1 }, 8) != 8 ||
			    read(wake.back, &value, 8) != 8)
				break;
		sample[k] = (now() - begin) / 50 / 2;
	}
	value = 1000;
	if (write(wake.there, &value, 8) == 8)
		pthread_join(thread, NULL);
	close(wake.there);
	close(wake.back);
	report("bare eventfd wake-up, one way", median(sample, SAMPLES) / 1e3,
	       "us", REPORTED, 0);
}

/* Registers touched by one transfer, as the card counts. */
static void show_costs(const char *what, const char *chip, int chain,
		       int resubmitted, double limit)
{
	struct plxdma_counters before = { .size = sizeof(before) };
	struct plxdma_counters after = { .size = sizeof(after) };
	char spec[96];
	struct rig rig;

	snprintf(spec, sizeof(spec), "model:engine=inline,chip=%s", chip);
	rig_open(&rig, spec, PLXDMA_WAIT_SPIN);
	rig_prepare(&rig, 4 * KIB,
		    chain ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK);
	if (resubmitted)
		round_trip(&rig);
	if (plxdma_card_counters(rig.card, &before) ||
	    plxdma_submit(rig.transfer[0]) ||
	    plxdma_card_counters(rig.card, &after))
		die("count", rig.card);
	report(what, (double)(after.reg_writes - before.reg_writes), "", AT_MOST,
	       limit);
	if (after.reg_reads != before.reg_reads)
		report("  register reads before the wait",
		       (double)(after.reg_reads - before.reg_reads), "",
		       AT_MOST, 0);
	if (plxdma_wait(rig.transfer[0], TIMEOUT, NULL))
		die("count", rig.card);
	rig_close(&rig);
}

static const char *named(const char *prefix, const char *name)
{
	static char spec[96];

	snprintf(spec, sizeof(spec), "daemon:%s-%s", prefix, name);
	return spec;
}

int main(int argc, char **argv)
{
	const char *daemon = argc > 1 ? argv[1] : NULL;

	show_wake();
	show_costs("9054, block: register writes, first", "9054ac", 0, 0, 8);
	show_costs("9054, chain: register writes, first", "9054ac", 1, 0, 4);
	show_costs("9054, chain: register writes, prepared", "9054ac", 1, 1, 3);
	show_costs("9080, chain: register writes, first", "9080", 1, 0, 7);
	show_costs("9080, chain: register writes, prepared", "9080", 1, 1, 6);
	show_latency("direct, engine=inline, 64 B round trip, spinning",
		     "model:engine=inline", 1, 1);
	show_latency("direct, engine=thread, 64 B round trip, spinning",
		     "model:engine=thread", 1, 1);
	show_memcpy("direct, engine=inline, 1 MiB chain, of memcpy",
		    "model:engine=inline,sram=4M", 1);
	show_memcpy("direct, engine=thread, 1 MiB chain, of memcpy",
		    "model:engine=thread,sram=4M", 1);
	show_rate("direct", "model:rate=132e6,sram=4M", 97);
	if (daemon) {
		show_latency("daemon, engine=inline, 64 B round trip, spinning",
			     named(daemon, "inline"), 2, 1);
		show_latency("daemon, engine=thread, 64 B round trip, spinning",
			     named(daemon, "thread"), 2, 0);
		show_memcpy("daemon, engine=inline, 1 MiB chain, of memcpy",
			    named(daemon, "inline"), 0);
		show_rate("daemon", named(daemon, "rate"), 95);
	}
	return report_missed();
}
