/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients that are killed in mid-transfer, with a claim or without, stopped, or too
 * dumb to take their completions, hurt only themselves: seven others run transfers
 * all the while, every byte of which is looked at, and go on. In the end each of
 * them is killed, and nothing of it is left in the daemon.
 *
 * PLXDMA_KILLS is how many such clients there are (20), a quarter of each kind;
 * PLXDMA_SEED is where the random moments begin.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "chance.h"
#include "fixture.h"
#include "tally.h"

#define CARD "model:pages=small,rate=60e6"
#define OTHERS 7u
#define SRAM 0x20000000u
#define PATTERN 0x40000000u
#define LENGTH 4096u
#define PATIENCE_MS 60000
#define PATIENCE_NS (PATIENCE_MS * INT64_C(1000000))
#define ROUNDS 3u	/* that each of the others does meanwhile */

struct ledger {
	_Atomic uint32_t rounds[OTHERS], corrupt, failed;
	_Atomic int over;
};

static struct ledger *ledger;

static int move(struct plxdma_channel *channel, plxdma_handle handle,
		unsigned int number, enum plxdma_direction direction)
{
	struct plxdma_request request = {
		.size = sizeof(request), .direction = direction,
		.local = SRAM + number * LENGTH, .length = LENGTH,
		.handle = handle + (direction == PLXDMA_TO_HOST ? LENGTH : 0),
	};

	return plxdma_transfer_once(channel, &request, PATIENCE_NS, NULL);
}

static int round_trip(struct plxdma_channel *channel, unsigned char *memory,
		      plxdma_handle handle, unsigned int number)
{
	uint32_t seed = atomic_load(&ledger->rounds[number]) * OTHERS + number;
	int err;

	for (uint32_t i = 0; i < LENGTH; i++)
		memory[i] = (unsigned char)((seed + i) * 2654435761u >> 24);
	memset(memory + LENGTH, 0, LENGTH);
	err = move(channel, handle, number, PLXDMA_TO_CARD);
	if (!err)
		err = move(channel, handle, number, PLXDMA_TO_HOST);
	if (!err && memcmp(memory, memory + LENGTH, LENGTH))
		atomic_fetch_add(&ledger->corrupt, 1);
	return err;
}

/* One of the others. */
static void other_run(unsigned int number)
{
	struct plxdma_channel *channel;
	struct plxdma_card *card;
	plxdma_handle handle;
	unsigned char *memory;
	int err = plxdma_open("daemon:a,arena=1M", &card);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (err)
		_exit(1);
	memory = plxdma_alloc_coherent(card, 2 * LENGTH, &handle);
	if (!memory || plxdma_channel_open(card, number & 1, &channel))
		_exit(1);
	while (!err && !atomic_load(&ledger->over)) {
		err = round_trip(channel, memory, handle, number);
		if (!err)
			atomic_fetch_add(&ledger->rounds[number], 1);
		/* Somebody has a claim, which isn't for ever. */
		if (err == -EBUSY)
			err = 0;
	}
	if (err)
		printf("# client %u: %s\n", number, plxdma_error(card));
	atomic_fetch_add(&ledger->failed, err != 0);
	plxdma_close(card);
	_exit(err != 0);
}

/* Fills both channels' queues and takes nothing back. */
static void victim_run(int ready, int claims)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN, .length = 65536,
	};
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	struct plxdma_card *card;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (plxdma_open("daemon:a,arena=1M", &card) ||
	    !plxdma_alloc_coherent(card, 65536, &request.handle))
		_exit(1);
	if (claims && plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, PATIENCE_NS))
		_exit(1);
	for (unsigned int i = 0; i < 32; i++) {
		if (!(i % 16) && plxdma_channel_open(card, i / 16, &channel))
			_exit(1);
		if (plxdma_transfer_new(channel, &request, &transfer) ||
		    plxdma_submit(transfer))
			_exit(1);
	}
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static pid_t victim_start(unsigned int *unstarted, int claims)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe(ends))
		give_up("no pipe");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(ends[0]);
		victim_run(ends[1], claims);
	}
	close(ends[1]);
	*unstarted += read(ends[0], &byte, 1) != 1;
	close(ends[0]);
	return pid;
}

/* Each of the others does some more rounds from now on. */
static int others_go_on(void)
{
	uint32_t before[OTHERS];
	unsigned int done = 0;

	for (unsigned int i = 0; i < OTHERS; i++)
		before[i] = atomic_load(&ledger->rounds[i]);
	for (int k = 0; k < PATIENCE_MS && done < OTHERS; k++) {
		done = 0;
		for (unsigned int i = 0; i < OTHERS; i++)
			done += atomic_load(&ledger->rounds[i]) - before[i] >=
				ROUNDS;
		settle(1);
	}
	return done == OTHERS;
}

enum { KILLED, STOPPED, DUMB, CLAIMING, KINDS };

static const char *const kinds[KINDS] = {
	"others go on when a client is killed",
	"others go on while a client is stopped",
	"others go on while a client takes no completions",
	"others go on when a client is killed that had claimed the card",
};

struct outcome {
	unsigned int held_up[KINDS], unstarted;
};

static void victim(unsigned int kind, struct outcome *outcome)
{
	pid_t pid = victim_start(&outcome->unstarted, kind == CLAIMING);

	usleep(below(20000));
	if (kind == STOPPED)
		kill(pid, SIGSTOP);
	if (kind == KILLED || kind == CLAIMING)
		kill(pid, SIGKILL);
	outcome->held_up[kind] += !others_go_on();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int grown(long before, long now)
{
	return FIXTURE_MEMORY_TELLS && now >= before + before / 50 + 256;
}

/* What grows once, say a thread's pool, is no leak; a leak grows each time. */
static int memory_lost(const struct fixture *fixture, long before,
		       struct outcome *outcome)
{
	long now = fixture_anonymous(fixture);

	for (int i = 0; i < 3 && grown(before, now); i++) {
		printf("# %ld KiB became %ld\n", before, now);
		before = now;
		for (unsigned int k = 0; k < 4 * KINDS; k++)
			victim(k % KINDS, outcome);
		now = fixture_anonymous(fixture);
	}
	return grown(before, now);
}

static void victims(const struct fixture *fixture, unsigned long count)
{
	struct outcome outcome = { .unstarted = 0 };
	long memory = 0;

	for (unsigned long i = 0; i < count; i++) {
		victim(i % KINDS, &outcome);
		if (i < 2 * KINDS)
			memory = fixture_anonymous(fixture);
	}
	tell(!memory_lost(fixture, memory, &outcome), "no memory is lost");
	tell(!outcome.unstarted, "every client started");
	for (int i = 0; i < KINDS; i++)
		tell(!outcome.held_up[i], kinds[i]);
}

static int fds_back(const struct fixture *fixture, int before)
{
	for (int i = 0; i < PATIENCE_MS / 10; i++) {
		if (fixture_fds(fixture) <= before)
			return 1;
		settle(10);
	}
	return 0;
}

int main(void)
{
	struct fixture fixture;
	pid_t pids[OTHERS];
	int fds, status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	chance_seed(number_of("PLXDMA_SEED", 1));
	ledger = mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ledger == MAP_FAILED || fixture_start(&fixture, NULL, CARD, NULL))
		give_up("no daemon");
	for (unsigned int i = 0; i < OTHERS; i++) {
		pids[i] = fork();
		if (!pids[i])
			other_run(i);
	}
	tell(others_go_on(), "seven clients are at work");
	fds = fixture_fds(&fixture);
	victims(&fixture, number_of("PLXDMA_KILLS", 20));
	tell(fds_back(&fixture, fds), "no descriptor is lost");
	atomic_store(&ledger->over, 1);
	for (unsigned int i = 0; i < OTHERS; i++)
		waitpid(pids[i], &status, 0);
	tell(!atomic_load(&ledger->failed), "no transfer of theirs failed");
	tell(!atomic_load(&ledger->corrupt), "every byte of theirs is right");
	tell(fixture_stop(&fixture) == 0, "the daemon stops when told");
	return tally_end();
}
