/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a greedy neighbour costs: 4 KiB transfers one at a time on a channel
 * that nobody claimed, alone, then beside a client who keeps sixteen transfers
 * of 1 MiB queued there; the wait that one in a hundred exceeds may grow by no
 * more than a quantum.  Two clients, one program: the greedy one sleeps but to
 * refill its queue.  Run by scripts/bench.
 *
 *   neighbour CARD QUANTUM_MS
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <plxdma/plxdma.h>

#include "report.h"

#define SRAM 0x20000000u
#define SHORT 4096u
#define LONG (1024u * 1024u)
#define QUEUED 16
#define SAMPLES 1000
#define TIMEOUT INT64_C(10000000000)
#define BACKLOG_NS 10e9		/* at most, until the greedy one is at it */

struct party {
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	struct plxdma_transfer *transfer[QUEUED];
	unsigned int count;
	atomic_int over;
	atomic_ulong done;
};

static void party_open(struct party *party, const char *spec,
		       unsigned int count, size_t length)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = SRAM,
		.length = length,
	};

	party->count = count;
	if (plxdma_open(spec, &party->card))
		die(spec, NULL);
	if (plxdma_channel_open(party->card, 0, &party->channel) ||
	    !plxdma_alloc_coherent(party->card, length, &request.handle))
		die(spec, party->card);
	/* All into one place: what arrives is not asked. */
	for (unsigned int i = 0; i < count; i++)
		if (plxdma_transfer_new(party->channel, &request,
					&party->transfer[i]))
			die("prepare", party->card);
}

static void *greed(void *context)
{
	struct party *party = context;
	unsigned int i = 0;

	for (i = 0; i < party->count; i++)
		if (plxdma_submit(party->transfer[i]))
			die("greedy submit", party->card);
	for (i = 0; !atomic_load(&party->over); i = (i + 1) % party->count) {
		if (plxdma_wait(party->transfer[i], TIMEOUT, NULL) ||
		    plxdma_submit(party->transfer[i]))
			die("greedy", party->card);
		atomic_fetch_add(&party->done, 1);
	}
	for (unsigned int k = 0; k < party->count; k++, i++)
		if (plxdma_wait(party->transfer[i % party->count], TIMEOUT,
				NULL))
			die("greedy end", party->card);
	return NULL;
}

/* In ms: what one in a hundred exceeds. @middle receives the median. */
static double p99(struct party *party, double *middle)
{
	static double sample[SAMPLES];
	double begin;

	for (unsigned int k = 0; k < SAMPLES; k++) {
		begin = now();
		if (plxdma_submit(party->transfer[0]) ||
		    plxdma_wait(party->transfer[0], TIMEOUT, NULL))
			die("short one", party->card);
		sample[k] = (now() - begin) / 1e6;
	}
	*middle = median(sample, SAMPLES);
	return sample[SAMPLES - SAMPLES / 100];
}

static void backlog_await(const struct party *greedy)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	double end = now() + BACKLOG_NS;

	while (atomic_load(&greedy->done) < QUEUED && now() < end)
		nanosleep(&pause, NULL);
}

int main(int argc, char **argv)
{
	static struct party modest, greedy;
	double alone, beside, quantum, middle[2];
	pthread_t thread;
	char spec[128];

	if (argc != 3) {
		fprintf(stderr, "usage: neighbour CARD QUANTUM_MS\n");
		return 2;
	}
	quantum = strtod(argv[2], NULL);
	snprintf(spec, sizeof(spec), "daemon:%s", argv[1]);
	party_open(&modest, spec, 1, SHORT);
	party_open(&greedy, spec, QUEUED, LONG);
	alone = p99(&modest, &middle[0]);
	if (pthread_create(&thread, NULL, greed, &greedy))
		die("thread", NULL);
	backlog_await(&greedy);
	beside = p99(&modest, &middle[1]);
	atomic_store(&greedy.over, 1);
	pthread_join(thread, NULL);
	report("daemon, 132 MB/s, 4 KiB alone, p99", alone, "ms", REPORTED, 0);
	report("  median", middle[0], "ms", REPORTED, 0);
	report("  median beside 16 of 1 MiB queued without end", middle[1],
	       "ms", REPORTED, 0);
	report("  p99 beside them, more than alone", beside - alone, "ms",
	       AT_MOST, quantum);
	plxdma_close(greedy.card);
	plxdma_close(modest.card);
	return report_missed();
}
