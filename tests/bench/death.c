/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How long a dead client keeps a channel: it has claimed it and is killed while
 * the card moves megabytes for it; from then until a transfer of another client
 * on that channel is over.
 *
 *   death CARD
 *
 * of the daemon at $PLXDMA_SOCKET.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "report.h"

#define DEATHS 100
#define PATTERN 0x40000000u	/* the board's source of data */
#define LONG (4u << 20)
#define SUBMITTED 4
#define SHORT 4096u
#define TIMEOUT INT64_C(10000000000)
#define LIMIT_MS 100

static void client_run(const char *spec, int ready)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN, .length = LONG,
	};
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	struct plxdma_card *card;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (plxdma_open(spec, &card) ||
	    plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, TIMEOUT) ||
	    plxdma_channel_open(card, 0, &channel) ||
	    !plxdma_alloc_coherent(card, LONG, &request.handle))
		_exit(1);
	for (int i = 0; i < SUBMITTED; i++)
		if (plxdma_transfer_new(channel, &request, &transfer) ||
		    plxdma_submit(transfer))
			_exit(1);
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* A client that has the channel, and has been at work for a while. */
static pid_t client_start(const char *spec)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe(ends))
		die("no pipe", NULL);
	pid = fork();
	if (!pid)
		client_run(spec, ends[1]);
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		die("a client doesn't start", NULL);
	close(ends[0]);
	usleep(5000);
	return pid;
}

/* In ms, from the death to the end of a transfer of ours. */
static double death_time(const char *spec, struct plxdma_channel *channel,
			 plxdma_handle handle)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN, .length = SHORT,
		.handle = handle,
	};
	pid_t pid = client_start(spec);
	double began = now();
	int err;

	kill(pid, SIGKILL);
	do {
		err = plxdma_transfer_once(channel, &request, TIMEOUT, NULL);
	} while (err == -EBUSY && now() - began < (double)TIMEOUT);
	began = now() - began;
	waitpid(pid, NULL, 0);
	if (err)
		die("the channel doesn't come free", NULL);
	return began / 1e6;
}

int main(int argc, char **argv)
{
	double times[DEATHS];
	struct plxdma_channel *channel;
	struct plxdma_card *card;
	plxdma_handle handle;
	char spec[128];

	if (argc != 2) {
		fprintf(stderr, "usage: death CARD\n");
		return 2;
	}
	snprintf(spec, sizeof(spec), "daemon:%s,arena=8M", argv[1]);
	if (plxdma_open(spec, &card) ||
	    plxdma_channel_open(card, 0, &channel) ||
	    !plxdma_alloc_coherent(card, SHORT, &handle))
		die(spec, NULL);
	for (int i = 0; i < DEATHS; i++)
		times[i] = death_time(spec, channel, handle);
	report("a killed client's channel is free, median",
	       median(times, DEATHS), "ms", REPORTED, 0);
	report("  of 100 deaths the worst", times[DEATHS - 1], "ms", AT_MOST,
	       LIMIT_MS);
	plxdma_close(card);
	return report_missed();
}
