/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Strangers on one unclaimed channel: who gets how much of the bus, and who
 * waits for whom, by the software card's own account of it. No clock is asked,
 * so that a loaded machine makes it slower but not wrong. The same is then
 * asked of daemons with a defect each, which must be caught.
 *
 * PLXDMA_SHARING is how many percent of the usual bus time it takes (100).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <plxdma/registers.h>
#include <plxdma/transfer.h>

#include "account.h"
#include "busy.h"
#include "fixture.h"
#include "tally.h"

#define RATE 132000000.0
#define QUANTUM (RATE / 100)		/* bytes in 10 ms */
/* Where shares are compared, so that a few seconds tell them apart. */
#define FINE_US 2000
#define DEFAULT_US 10000
#define WAITS_MS 120000			/* for whatever must come */
/* What the daemon measures wavers where it is kept from running: so often may
 * it be asked. Without sharing by bus time it fails each time. */
#define LOADED 3
#define PATTERN 0x40000000u
#define CHECKER 0x48000000u
#define CHECKER_ERRORS 0xc		/* of the board's registers */

struct bench {
	struct fixture fixture;
	struct account account;
	char directory[64];
	char trace[96];
	char config[96];
};

static double percent;

/* Users 1001 to 1004 weigh 1, 2, 4, 1; all others 1. */
static void config_write(const char *path, unsigned int quantum_us)
{
	FILE *file = fopen(path, "we");

	if (!file)
		give_up("can't write a configuration");
	fprintf(file, "[daemon]\nquantum-us=%u\n", quantum_us);
	for (unsigned int i = 0; i < 3; i++)
		fprintf(file, "[allow weight%u]\nuser=%u\nweight=%u\n", i,
			1001 + i, 1u << i);
	fprintf(file, "[allow others]\nweight=1\n");
	fclose(file);
}

/* @defect: NULL for plxdmad as built. */
static void bench_start(struct bench *bench, const char *defect,
			unsigned int quantum_us)
{
	const char *more[] = { "--config", bench->config, NULL };
	char card[256];

	strcpy(bench->directory, "/tmp/plxdma-sharing-XXXXXX");
	if (!mkdtemp(bench->directory))
		give_up("can't make a directory");
	snprintf(bench->trace, sizeof(bench->trace), "%s/trace",
		 bench->directory);
	snprintf(bench->config, sizeof(bench->config), "%s/config",
		 bench->directory);
	config_write(bench->config, quantum_us);
	snprintf(card, sizeof(card), "model:pages=small,rate=%.0f,sram=16M,"
		 "trace=%s", RATE, bench->trace);
	if (defect)
		setenv("PLXDMA_DEFECT", defect, 1);
	else
		unsetenv("PLXDMA_DEFECT");
	if (fixture_start(&bench->fixture, defect ? DEFECT : NULL, card, more))
		give_up("the daemon doesn't start");
	if (account_open(&bench->account, bench->trace))
		give_up("there is no trace");
}

static void bench_stop(struct bench *bench)
{
	if (fixture_stop(&bench->fixture))
		tell(0, "the daemon stops when told");
	account_close(&bench->account);
	unlink(bench->trace);
	unlink(bench->config);
	rmdir(bench->directory);
}

/* Keeps them busy until the bus has moved so many bytes more. */
static void keep_busy(struct bench *bench, struct busy *busy,
		      unsigned int count, double bytes)
{
	uint64_t until = account_sum(&bench->account) + (uint64_t)bytes;

	for (int i = 0; i < WAITS_MS; i++) {
		for (unsigned int n = 0; n < count; n++)
			busy_turn(&busy[n]);
		account_read(&bench->account);
		if (account_sum(&bench->account) >= until)
			return;
		settle(1);
	}
	give_up("the bus stands still");
}

/* Of so many seconds of bus time, after all of them had some. */
static void share_out(struct bench *bench, struct busy *busy,
		      unsigned int count, double seconds)
{
	keep_busy(bench, busy, count, count * 3 * QUANTUM);
	account_reset(&bench->account);
	keep_busy(bench, busy, count, seconds * RATE * percent);
}

static void close_all(struct busy *busy, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		busy_close(&busy[i]);
}

static void open_all(struct busy *busy, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		if (busy_open(&busy[i], 0))
			give_up("a client can't connect");
	}
}

/* How far the shares are apart, by weight, and their Jain index. */
static double spread(const struct bench *bench, unsigned int count,
		     const unsigned int *weights, double *jain)
{
	double least = 1e30, most = 0, sum = 0, squares = 0, got;

	for (unsigned int i = 0; i < count; i++) {
		got = (double)bench->account.bytes[i] / weights[i];
		least = got < least ? got : least;
		most = got > most ? got : most;
		sum += got;
		squares += got * got;
	}
	*jain = sum * sum / (count * squares);
	printf("# shares are %.2f %% apart, Jain %.5f\n",
	       (most - least) * 100 * count / sum, *jain);
	return (most - least) * count / sum;
}

static const unsigned int equal[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

/* Log-uniform sizes, both directions, two modes. */
static int eight_are_equal(void)
{
	struct busy busy[8] = { { .depth = 0 } };
	struct bench bench;
	double apart = 1, jain = 0;

	bench_start(&bench, NULL, FINE_US);
	for (unsigned int i = 0; i < 8; i++) {
		busy[i].owner = i;
		busy[i].depth = 16;
		busy[i].least = 4;
		busy[i].most = BUSY_MOST;
		busy[i].modes = 2;
		busy[i].both_directions = 1;
	}
	open_all(busy, 8);
	for (int i = 0; i < LOADED && (apart >= 0.05 || jain < 0.99); i++) {
		share_out(&bench, busy, 8, 6);
		apart = spread(&bench, 8, equal, &jain);
	}
	close_all(busy, 8);
	bench_stop(&bench);
	return apart < 0.05 && jain >= 0.99;
}

/* One with 64 KiB beside one with 64 MiB. */
static int short_and_long_are_equal(const char *defect)
{
	struct busy busy[2] = {
		{ .owner = 0, .depth = BUSY_SLOTS, .least = 65536,
		  .most = 65536 },
		{ .owner = 1, .depth = 2, .least = BUSY_MOST,
		  .most = BUSY_MOST },
	};
	struct bench bench;
	double apart, jain;

	bench_start(&bench, defect, FINE_US);
	open_all(busy, 2);
	share_out(&bench, busy, 2, defect ? 1 : 2);
	apart = spread(&bench, 2, equal, &jain);
	close_all(busy, 2);
	bench_stop(&bench);
	return apart < 0.05;
}

/* As another user, whom the socket is open to for this. */
static int open_as(struct bench *bench, struct busy *busy, uid_t uid)
{
	int err;

	if (chmod(bench->fixture.directory, 0711) ||
	    chmod(bench->fixture.socket, 0666) || seteuid(uid))
		return -1;
	err = busy_open(busy, 0);
	if (seteuid(0))
		give_up("can't be root again");
	return err;
}

static int weights_are_met(const char *defect)
{
	static const unsigned int weights[3] = { 1, 2, 4 };
	struct busy busy[3] = { { .depth = 0 } };
	struct bench bench;
	double apart = 1, jain;

	bench_start(&bench, defect, FINE_US);
	for (unsigned int i = 0; i < 3; i++) {
		busy[i].owner = i;
		busy[i].depth = 16;
		busy[i].least = 4;
		busy[i].most = BUSY_MOST;
		busy[i].both_directions = 1;
		if (open_as(&bench, &busy[i], 1001 + i))
			give_up("a client can't connect as another user");
	}
	for (int i = 0; i < (defect ? 1 : LOADED) && apart >= 0.05; i++) {
		share_out(&bench, busy, 3, defect ? 1 : 5);
		apart = spread(&bench, 3, weights, &jain);
	}
	close_all(busy, 3);
	bench_stop(&bench);
	return apart < 0.05;
}

/* Bytes that others had on the bus between the submission of 4 KiB and its
 * start; what ran then counts in full. */
static double delay_of_one(struct bench *bench, struct busy *hog,
			   struct raw *raw)
{
	struct wire_submission entry = { .length = 4096, .local = 0x20100000 };
	struct wire_completion completion = { .error = 1 };
	uint64_t before;
	int got = 0;

	account_read(&bench->account);
	if (ring_client_submit(&raw->ring, &entry))
		give_up("the ring is full");
	account_watch(&bench->account, 1);
	raw_wake(raw);
	account_read(&bench->account);
	before = account_sum(&bench->account);
	for (int i = 0; !got && i < WAITS_MS; i++) {
		busy_turn(hog);
		got = ring_client_take(&raw->ring, &completion);
		if (!got)
			settle(1);
	}
	account_read(&bench->account);
	if (got != 1 || completion.error || completion.status != PLXDMA_DONE)
		give_up("a short transfer failed");
	return bench->account.before <= before ? 0 :
	       (double)(bench->account.before - before);
}

/* 64 MiB after 64 MiB, and a short one now and then. */
static int short_waits_for_a_quantum(const char *defect)
{
	struct busy hog = { .owner = 0, .depth = 4, .least = BUSY_MOST,
			    .most = BUSY_MOST };
	unsigned int samples = defect ? 5 : 60, within = 0;
	double delay, worst = 0;
	struct bench bench;
	struct raw raw;

	bench_start(&bench, defect, DEFAULT_US);
	open_all(&hog, 1);
	if (raw_open(&raw, 65536, 0))
		give_up("a client can't connect");
	keep_busy(&bench, &hog, 1, 10 * QUANTUM);
	for (unsigned int i = 0; i < samples; i++) {
		settle(i * 7 % 13);
		delay = delay_of_one(&bench, &hog, &raw);
		within += delay < 1.2 * QUANTUM;
		worst = delay > worst ? delay : worst;
	}
	printf("# %u of %u waited for no more than a quantum, the worst for "
	       "%.2f ms of bus time\n", within, samples, worst / RATE * 1000);
	raw_close(&raw);
	busy_close(&hog);
	bench_stop(&bench);
	/* Whom the machine keeps from running just then may miss a turn. */
	return within * 10 >= samples * 9 && worst < 4 * QUANTUM;
}

static unsigned long wrong_words(const char *base, uint64_t bytes)
{
	const uint32_t *words = (const void *)base;
	unsigned long wrong = 0;

	for (uint32_t i = 0; i < bytes / 4; i++)
		wrong += words[i] != i * 2654435761u;
	return wrong;
}

/* Keeps the other busy meanwhile. */
static struct wire_completion wait_for(struct raw *raw, struct busy *other)
{
	struct wire_completion completion = { .error = 1 };

	for (int i = 0; i < WAITS_MS; i++) {
		busy_turn(other);
		if (ring_client_take(&raw->ring, &completion))
			return completion;
		settle(1);
	}
	give_up("a long transfer doesn't end");
}

static void put(struct raw *raw, struct wire_submission entry)
{
	if (ring_client_submit(&raw->ring, &entry))
		give_up("the ring is full");
	raw_wake(raw);
}

static void cut_ones_are_whole(struct bench *bench, struct raw *raw,
			       struct busy *other)
{
	struct wire_submission entry = { .length = BUSY_MOST,
					 .local = PATTERN };
	struct wire_completion done;
	uint32_t errors = 0;

	put(raw, entry);
	done = wait_for(raw, other);
	account_read(&bench->account);
	tell(!done.error && done.status == PLXDMA_DONE && done.bytes_exact &&
	     done.bytes == BUSY_MOST, "64 MiB to the host are one transfer");
	tell(bench->account.starts[ACCOUNT_ELSE] > 40, "it went in parts");
	tell(!wrong_words(raw->base, BUSY_MOST), "and is the pattern");
	entry.direction = PLXDMA_TO_CARD;
	entry.local = CHECKER;
	put(raw, entry);
	done = wait_for(raw, other);
	if (raw_access(raw, 0, PLXDMA_SPACE_BAR3, CHECKER_ERRORS, &errors))
		errors = 1;
	tell(!done.error && done.status == PLXDMA_DONE &&
	     done.bytes == BUSY_MOST && !errors,
	     "64 MiB to the card as well");
	tell(!ring_client_pending(&raw->ring), "each has one completion");
}

static void cut_one_is_cancelled(struct bench *bench, struct raw *raw,
				 struct busy *other)
{
	struct wire_submission entry = { .length = BUSY_MOST,
					 .local = PATTERN };
	struct wire_completion done, answer;
	uint64_t moved;

	memset(raw->base, 0xff, BUSY_MOST);
	account_read(&bench->account);
	account_reset(&bench->account);
	put(raw, entry);
	for (int i = 0; i < WAITS_MS; i++) {
		busy_turn(other);
		account_read(&bench->account);
		if (bench->account.bytes[ACCOUNT_ELSE] > 8 * BUSY_MIB)
			break;
		settle(1);
	}
	entry.op = WIRE_CANCEL;
	entry.status = PLXDMA_CANCELLED;
	entry.cookie = 1;
	put(raw, entry);
	done = wait_for(raw, other);
	answer = wait_for(raw, other);
	account_read(&bench->account);
	moved = bench->account.bytes[ACCOUNT_ELSE];
	printf("# %llu bytes are known to have moved, %llu have\n",
	       (unsigned long long)done.bytes, (unsigned long long)moved);
	tell(!done.error && done.status == PLXDMA_CANCELLED &&
	     done.cookie == 0 && answer.cookie == 1 && !answer.error,
	     "it is cancelled in its midst, and then the cancel answered");
	tell(done.bytes >= 8 * BUSY_MIB && done.bytes <= moved &&
	     moved < BUSY_MOST && !wrong_words(raw->base, done.bytes),
	     "what is known to have moved has");
}

static void cut_ones(void)
{
	struct busy other = { .owner = 0, .depth = 8, .least = 4,
			      .most = BUSY_MIB, .both_directions = 1 };
	struct bench bench;
	struct raw raw;

	bench_start(&bench, NULL, DEFAULT_US);
	open_all(&other, 1);
	if (raw_open(&raw, BUSY_MOST, 0))
		give_up("a client with 64 MiB can't connect");
	cut_ones_are_whole(&bench, &raw, &other);
	cut_one_is_cancelled(&bench, &raw, &other);
	tell(!busy_end(&other) && !other.failed, "the other lost nothing");
	raw_close(&raw);
	busy_close(&other);
	bench_stop(&bench);
}

static int both_channels_go_on(void)
{
	struct busy busy[2] = { { .depth = 0 } };
	struct bench bench;
	double jain, apart;

	bench_start(&bench, NULL, DEFAULT_US);
	for (unsigned int i = 0; i < 2; i++) {
		busy[i].owner = i;
		busy[i].depth = 2;
		busy[i].least = busy[i].most = BUSY_MOST;
		if (busy_open(&busy[i], i))
			give_up("a client can't connect");
	}
	share_out(&bench, busy, 2, 1);
	apart = spread(&bench, 2, equal, &jain);
	close_all(busy, 2);
	bench_stop(&bench);
	return apart < 0.5;
}

int main(void)
{
	percent = (double)number_of("PLXDMA_SHARING", 100) / 100;
	tell(eight_are_equal(), "eight clients with any jobs get the same");
	tell(short_and_long_are_equal(NULL),
	     "64 KiB after 64 KiB get as much as 64 MiB after 64 MiB");
	tell(short_waits_for_a_quantum(NULL),
	     "4 KiB beside 64 MiB wait for a quantum at most");
	cut_ones();
	tell(both_channels_go_on(), "both channels go on");
	if (geteuid())
		printf("# skipped: weights, which need root to be others\n");
	else
		tell(weights_are_met(NULL), "weights of 1, 2 and 4 are met");
	tell(!short_and_long_are_equal("round-robin"),
	     "a daemon that gives a turn each is caught");
	tell(!short_waits_for_a_quantum("whole"),
	     "a daemon that cuts nothing is caught");
	if (!geteuid())
		tell(!weights_are_met("no-weights"),
		     "a daemon that knows no weights is caught");
	return tally_end();
}
