/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon is killed under clients that are busy, at random moments; one time
 * in four it is told to stop instead, as for an upgrade. All that the clients
 * call then ends with the one documented error, they read their memory, and the
 * next daemon does their transfers.
 *
 * PLXDMA_KILLS is how many (20), PLXDMA_SEED where the random moments begin.
 * The time from a daemon's start to a good transfer is told, not judged: that
 * is for a quiet machine.
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
#include <time.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "chance.h"
#include "fixture.h"
#include "tally.h"

#define CARD "model:pages=small,rate=20e6"
#define CLIENTS 4u
#define SRAM 0x20000000u
#define LENGTH 16384u
#define MEMORY (4 * LENGTH)
#define PATIENCE_MS 60000
#define PATIENCE_NS (PATIENCE_MS * INT64_C(1000000))

/* What a client says of itself, where the test sees it. */
struct account {
	_Atomic uint32_t generation;	/* daemons that served it well */
	_Atomic uint64_t good_ns;	/* when the latest did, for the first time */
	_Atomic uint32_t wrong_errors, unreadable, corrupt, lost;
	_Atomic int example;		/* one of the wrong errors */
};

struct ledger {
	struct account accounts[CLIENTS];
	_Atomic int over;
};

static struct ledger *ledger;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

struct client {
	struct account *account;
	unsigned int number;
	uint32_t seed;
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	unsigned char *memory;
	plxdma_handle handle;
};

static unsigned char byte_of(const struct client *client, uint32_t i)
{
	return (unsigned char)((client->seed + i) * 2654435761u >> 24);
}

/* Each client has a place in the card of its own. */
static struct plxdma_request request_of(const struct client *client,
					enum plxdma_direction direction)
{
	return (struct plxdma_request){
		.size = sizeof(struct plxdma_request),
		.direction = direction,
		.local = SRAM + client->number * LENGTH,
		.handle = client->handle +
			  (direction == PLXDMA_TO_HOST ? LENGTH : 0),
		.length = LENGTH,
	};
}

/* The one error that there may be. */
static void expect_gone(struct client *client, int err)
{
	if (err == -ENODEV)
		return;
	atomic_store(&client->account->example, err);
	atomic_fetch_add(&client->account->wrong_errors, 1);
}

static int move(struct client *client, enum plxdma_direction direction)
{
	struct plxdma_request request = request_of(client, direction);
	struct plxdma_result result = {
		.size = sizeof(result), .status = PLXDMA_RUNNING,
	};
	int err = plxdma_transfer_once(client->channel, &request, PATIENCE_NS,
				       &result);

	/* Running: it was never submitted. */
	if (err == -ENODEV && result.status != PLXDMA_GONE &&
	    result.status != PLXDMA_RUNNING)
		atomic_fetch_add(&client->account->wrong_errors, 1);
	return err;
}

/* To the card and back, and it is what it was. */
static int round_trip(struct client *client)
{
	uint32_t corrupt = 0;
	int err;

	client->seed++;
	for (uint32_t i = 0; i < LENGTH; i++)
		client->memory[i] = byte_of(client, i);
	memset(client->memory + LENGTH, 0, LENGTH);
	err = move(client, PLXDMA_TO_CARD);
	if (!err)
		err = move(client, PLXDMA_TO_HOST);
	for (uint32_t i = 0; !err && i < LENGTH; i++)
		corrupt += client->memory[LENGTH + i] != byte_of(client, i);
	if (corrupt)
		atomic_fetch_add(&client->account->corrupt, 1);
	return err;
}

/* What else a client may be at when the daemon dies. */
static int something_else(struct client *client)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_step step = {
		.op = PLXDMA_STEP_READ, .space = PLXDMA_SPACE_BAR2, .width = 32,
	};
	int err;

	switch (client->number) {
	case 0:
		return 0;
	case 1:
		return plxdma_batch(client->card, &step, 1, NULL);
	case 2:
		/* Others may be the holder: for as long as it takes. */
		err = plxdma_claim(client->card, PLXDMA_CLAIM_CARD, 0,
				   PATIENCE_NS);
		return err ? err : plxdma_claim_release(client->card,
							PLXDMA_CLAIM_CARD);
	default:
		return plxdma_card_info(client->card, &info);
	}
}

static int client_prepare(struct client *client)
{
	int err;

	client->memory = plxdma_alloc_coherent(client->card, MEMORY,
					       &client->handle);
	if (!client->memory)
		return -ENODEV;
	err = plxdma_channel_open(client->card, client->number & 1,
				  &client->channel);
	return err;
}

/* A claim of one client's keeps the others' transfers waiting, never failing:
 * a submission that meets it is refused, and made again. */
static int work(struct client *client)
{
	int err = round_trip(client);

	if (!err)
		err = something_else(client);
	return err == -EBUSY ? 0 : err;
}

static void serve_out(struct client *client)
{
	int err = client_prepare(client), good = 0;

	for (int i = 0; !err && !good && i < PATIENCE_MS; i++) {
		err = round_trip(client);
		good = !err;
		if (err == -EBUSY)
			err = 0;
	}
	if (good) {
		atomic_store(&client->account->good_ns, now_ns());
		atomic_fetch_add(&client->account->generation, 1);
	}
	while (!err)
		err = work(client);
	expect_gone(client, err);
}

/* The daemon has gone: every call says so, and the memory is there. */
static void look_back(struct client *client)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_request request = request_of(client, PLXDMA_TO_HOST);
	struct plxdma_holder holder = { .size = sizeof(holder) };
	struct plxdma_step step = {
		.op = PLXDMA_STEP_READ, .space = PLXDMA_SPACE_BAR2, .width = 32,
	};
	uint32_t different = 0;

	expect_gone(client, plxdma_card_info(client->card, &info));
	expect_gone(client, plxdma_batch(client->card, &step, 1, NULL));
	expect_gone(client, plxdma_claim(client->card, PLXDMA_CLAIM_CARD, 0,
					 PATIENCE_NS));
	expect_gone(client, plxdma_claim_holder(client->card,
						PLXDMA_CLAIM_CARD, &holder));
	if (!client->memory)
		return;
	if (client->channel)
		expect_gone(client, plxdma_transfer_once(client->channel,
							 &request, PATIENCE_NS,
							 NULL));
	for (uint32_t i = 0; client->seed && i < LENGTH; i++)
		different += client->memory[i] != byte_of(client, i);
	if (different)
		atomic_fetch_add(&client->account->unreadable, 1);
}

static void client_run(unsigned int number)
{
	struct client client = {
		.account = &ledger->accounts[number], .number = number,
	};
	struct plxdma_card *again;
	int err = plxdma_open("daemon:a,arena=1M", &client.card);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!err && !atomic_load(&ledger->over)) {
		client.seed = 0;
		client.channel = NULL;
		serve_out(&client);
		look_back(&client);
		if (atomic_load(&ledger->over))
			break;
		err = plxdma_reopen(client.card, PATIENCE_NS, &again);
		if (err)
			break;
		plxdma_close(client.card);
		client.card = again;
	}
	if (err && !atomic_load(&ledger->over)) {
		printf("# client %u: %s\n", number, plxdma_error(NULL));
		atomic_fetch_add(&client.account->lost, 1);
	}
	plxdma_close(client.card);
	_exit(0);
}

/* Until all have had a good transfer of this daemon. */
static int all_served(uint32_t generation)
{
	for (int i = 0; i < PATIENCE_MS * 5; i++) {
		unsigned int served = 0;

		for (unsigned int k = 0; k < CLIENTS; k++)
			served += atomic_load(&ledger->accounts[k].generation) >=
				  generation;
		if (served == CLIENTS)
			return 1;
		usleep(200);
	}
	return 0;
}

/* One end of the daemon in four is an orderly one. */
static void daemon_end(const struct fixture *fixture, unsigned long kill_number,
		       unsigned int *unclean)
{
	int status = -1, orderly = kill_number % 4 == 3;

	kill(fixture->pid, orderly ? SIGTERM : SIGKILL);
	waitpid(fixture->pid, &status, 0);
	if (orderly)
		*unclean += !WIFEXITED(status) || WEXITSTATUS(status);
	else
		*unclean += !WIFSIGNALED(status);
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The first transfer of any client after a daemon's start. */
static uint64_t first_good(uint64_t since)
{
	uint64_t first = UINT64_MAX;

	for (unsigned int i = 0; i < CLIENTS; i++) {
		uint64_t good = atomic_load(&ledger->accounts[i].good_ns);

		if (good < first)
			first = good;
	}
	return first > since ? first - since : 0;
}

static void figure_print(uint64_t *times, unsigned long count)
{
	unsigned long soon = 0;

	qsort(times, count, sizeof(*times), by_size);
	while (soon < count && times[soon] <= 1000000000)
		soon++;
	printf("# from a daemon's start to a good transfer: median %.1f ms, at "
	       "most %.1f ms, within 1 s %lu of %lu\n",
	       (double)times[count / 2] / 1e6, (double)times[count - 1] / 1e6,
	       soon, count);
}

static unsigned int sum(size_t member)
{
	unsigned int total = 0;

	for (unsigned int i = 0; i < CLIENTS; i++)
		total += atomic_load((_Atomic uint32_t *)(void *)
				     ((char *)&ledger->accounts[i] + member));
	return total;
}

static unsigned long kill_many(struct fixture *fixture, unsigned long kills,
			       unsigned int *unclean)
{
	uint64_t *times = calloc(kills + 1, sizeof(*times)), start;
	unsigned long done = 0;

	while (times && done < kills && all_served((uint32_t)done + 1)) {
		usleep(below(30000));
		daemon_end(fixture, done, unclean);
		start = now_ns();
		fixture_again(fixture, NULL, CARD, NULL);
		if (!all_served((uint32_t)++done + 1))
			break;
		times[done - 1] = first_good(start);
	}
	if (done)
		figure_print(times, done);
	free(times);
	return done;
}

int main(void)
{
	const unsigned long kills = number_of("PLXDMA_KILLS", 20);
	struct fixture fixture;
	pid_t pids[CLIENTS];
	unsigned int unclean = 0, failed = 0;
	unsigned long done;
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	chance_seed(number_of("PLXDMA_SEED", 1));
	ledger = mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ledger == MAP_FAILED || fixture_start(&fixture, NULL, CARD, NULL))
		give_up("no daemon");
	for (unsigned int i = 0; i < CLIENTS; i++) {
		pids[i] = fork();
		if (!pids[i])
			client_run(i);
	}
	done = kill_many(&fixture, kills, &unclean);
	tell(done == kills && all_served((uint32_t)kills + 1),
	     "after each end every client has a good transfer again");
	atomic_store(&ledger->over, 1);
	unclean += fixture_stop(&fixture) != 0;
	for (unsigned int i = 0; i < CLIENTS; i++)
		failed += waitpid(pids[i], &status, 0) != pids[i] || status;
	for (unsigned int i = 0; i < CLIENTS; i++) {
		if (atomic_load(&ledger->accounts[i].wrong_errors))
			printf("# client %u: %u wrong errors, such as %d\n", i,
			       atomic_load(&ledger->accounts[i].wrong_errors),
			       atomic_load(&ledger->accounts[i].example));
	}
	tell(!failed, "no client died with its daemon");
	tell(!unclean, "who is told to stop does, and says that all is well");
	tell(!sum(offsetof(struct account, wrong_errors)),
	     "every call ends with -ENODEV, every transfer as gone");
	tell(!sum(offsetof(struct account, unreadable)),
	     "memory stays what it was");
	tell(!sum(offsetof(struct account, corrupt)), "every byte is right");
	tell(!sum(offsetof(struct account, lost)),
	     "opening again is one call");
	return tally_end();
}
