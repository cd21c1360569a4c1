/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A soak: ten clients that move numbered blocks, write registers, claim, look
 * on; all the while one of them is killed and replaced, one is stopped for a
 * while, others come that never take a completion or are stopped for good, and
 * the card has a fault a second. No block is lost, doubled or corrupt, the
 * others go on beside whoever doesn't, and what the daemon has is the same
 * whenever the same clients are there.
 *
 * Then the same with clients that lose, double or spoil blocks, to be caught.
 *
 * PLXDMA_SOAK is how many seconds (8), PLXDMA_SEED where the random moments
 * begin. Takes 24 hugepages; without, or with PLXDMA_SOAK_SMALL, small pages, and
 * their return isn't looked at.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chance.h"
#include "fixture.h"
#include "soak-account.h"
#include "tally.h"

#define CARD "model:rate=60e6,sram=4M"
#define NEEDED 24
#define CENSUSES 512u
#define SECOND UINT64_C(1000000000)
#define PATIENCE_MS (SOAK_PATIENCE_S * 1000)
/* A plant's soak ends when it is caught, at the latest after so long. */
#define PLANT_S 60

struct census {
	int fds;
	long anonymous, hugepages;	/* KiB */
};

struct conductor {
	struct fixture fixture;
	struct soak *soak;
	pid_t pids[SOAK_CLIENTS];
	unsigned int kills, stops, dumb, held_up, unstarted, unparked;
	struct census censuses[CENSUSES];
	unsigned int count;
	uint64_t seconds, beside;	/* the others' rounds beside these */
};

static void client_run(struct soak *soak, unsigned int client, uint64_t seed)
{
	unsigned int kind = client;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	chance_seed(seed);
	if (kind < SOAK_MOVERS)
		soak_mover_run(soak, client);
	kind -= SOAK_MOVERS;
	if (kind < SOAK_BATCHERS)
		soak_batcher_run(soak, client);
	kind -= SOAK_BATCHERS;
	if (kind < SOAK_CLAIMANTS)
		soak_claimant_run(soak, client);
	kind -= SOAK_CLAIMANTS;
	if (kind < SOAK_OBSERVERS)
		soak_observer_run(soak, client);
	soak_armer_run(soak, client);
}

static void client_start(struct conductor *conductor, unsigned int client)
{
	uint64_t seed = random64();
	pid_t pid;

	fflush(stdout);
	atomic_store(&conductor->soak->clients[client].parked, 0);
	pid = fork();
	if (!pid)
		client_run(conductor->soak, client, seed);
	if (pid < 0)
		give_up("can't fork");
	conductor->pids[client] = pid;
}

static unsigned int others_count(const struct conductor *conductor,
				 const uint64_t *before)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < SOAK_MOVERS; i++)
		count += atomic_load(&conductor->soak->clients[i].rounds) >
			 before[i] + 1;
	return count;
}

/* All who move blocks have moved some, from now on. */
static int others_go_on(const struct conductor *conductor)
{
	uint64_t before[SOAK_MOVERS];

	for (unsigned int i = 0; i < SOAK_MOVERS; i++)
		before[i] = atomic_load(&conductor->soak->clients[i].rounds);
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (others_count(conductor, before) == SOAK_MOVERS)
			return 1;
		if (atomic_load(&conductor->soak->failed))
			return 0;
		settle(1);
	}
	return 0;
}

static void kill_one(struct conductor *conductor)
{
	/* The last one keeps the faults coming. */
	unsigned int client = below(SOAK_CLIENTS - 1);

	kill(conductor->pids[client], SIGKILL);
	waitpid(conductor->pids[client], NULL, 0);
	client_start(conductor, client);
	conductor->kills++;
}

/* Stopped wherever it is, with whatever it has under way or claimed. */
static void stop_one(struct conductor *conductor)
{
	unsigned int client = below(SOAK_CLIENTS);

	kill(conductor->pids[client], SIGSTOP);
	settle(below(400));
	kill(conductor->pids[client], SIGCONT);
	conductor->stops++;
}

static uint64_t others_rounds(const struct conductor *conductor)
{
	uint64_t rounds = 0;

	for (unsigned int i = 0; i < SOAK_MOVERS; i++)
		rounds += atomic_load(&conductor->soak->clients[i].rounds);
	return rounds;
}

/* One that fills the queues and takes nothing, stopped or not. */
static void dumb_one(struct conductor *conductor)
{
	const uint64_t rounds = others_rounds(conductor);
	int ends[2], stopped = one_in(2);
	char byte;
	pid_t pid;

	if (pipe(ends))
		give_up("no pipe");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		soak_dumb_run(ends[1]);
	}
	close(ends[1]);
	conductor->unstarted += read(ends[0], &byte, 1) != 1;
	close(ends[0]);
	if (stopped)
		kill(pid, SIGSTOP);
	conductor->held_up += !others_go_on(conductor);
	conductor->beside += others_rounds(conductor) - rounds;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	conductor->dumb++;
}

static int all_parked(const struct soak *soak)
{
	for (unsigned int i = 0; i < SOAK_CLIENTS; i++) {
		if (!atomic_load(&soak->clients[i].parked))
			return 0;
	}
	return 1;
}

/* The dead leave when the daemon comes to it: it has no more than at first,
 * sooner or later. */
static struct census census_of(const struct conductor *conductor)
{
	const struct census *first = &conductor->censuses[0];
	struct census now = { 0 };

	for (int i = 0; i < PATIENCE_MS / 10; i++) {
		now = (struct census){
			.fds = fixture_fds(&conductor->fixture),
			.anonymous = fixture_anonymous(&conductor->fixture),
			.hugepages = fixture_hugepages(&conductor->fixture),
		};
		if (!conductor->count || (now.fds <= first->fds &&
					  now.hugepages <= first->hugepages))
			break;
		settle(10);
	}
	return now;
}

/* What the daemon has while all clients are there and none does anything. */
static void census_take(struct conductor *conductor)
{
	struct soak *soak = conductor->soak;
	int i;

	atomic_store(&soak->census, 1);
	for (i = 0; i < PATIENCE_MS && !all_parked(soak); i++) {
		if (atomic_load(&soak->failed))
			break;
		settle(1);
	}
	conductor->unparked += !all_parked(soak);
	if (!conductor->count)
		settle(100);
	if (conductor->count < CENSUSES) {
		conductor->censuses[conductor->count] = census_of(conductor);
		conductor->count++;
	}
	atomic_store(&soak->census, 0);
}

/* What comes with the first work of each kind is no leak. */
static void warm_up(struct conductor *conductor)
{
	const struct soak *soak = conductor->soak;
	unsigned int warm = 0;

	for (int k = 0; k < PATIENCE_MS && warm < SOAK_CLIENTS; k++) {
		warm = 0;
		for (unsigned int i = 0; i < SOAK_CLIENTS; i++)
			warm += atomic_load(&soak->clients[i].rounds) > 2;
		settle(1);
	}
	if (warm < SOAK_CLIENTS)
		give_up("not every client gets to work");
	dumb_one(conductor);
}

static void begin(struct conductor *conductor, enum soak_plant plant,
		  const char *card)
{
	static const char *const more[] = { "--test-faults", NULL };

	memset(conductor, 0, sizeof(*conductor));
	conductor->soak = soak_new(plant);
	if (!conductor->soak ||
	    fixture_start(&conductor->fixture, NULL, card, more))
		give_up("no daemon");
	for (unsigned int i = 0; i < SOAK_CLIENTS; i++)
		client_start(conductor, i);
}

static unsigned int end(struct conductor *conductor)
{
	unsigned int failed = 0;
	int status;

	atomic_store(&conductor->soak->over, 1);
	for (unsigned int i = 0; i < SOAK_CLIENTS; i++)
		failed += waitpid(conductor->pids[i], &status, 0) !=
			  conductor->pids[i] || status;
	return failed;
}

/* Until then, or until something is wrong. */
static void play(struct conductor *conductor, uint64_t seconds)
{
	const uint64_t begun = soak_now(), limit = begun + seconds * SECOND;
	const uint64_t every = seconds > CENSUSES - 8 ? 8 * SECOND : SECOND;
	uint64_t next = begun;

	while (soak_now() < limit && !atomic_load(&conductor->soak->failed)) {
		if (soak_now() >= next) {
			census_take(conductor);
			next = soak_now() + every;
		}
		settle(below(100));
		if (one_in(2))
			kill_one(conductor);
		if (one_in(3))
			stop_one(conductor);
		if (one_in(4))
			dumb_one(conductor);
	}
	census_take(conductor);
}

static void print(const struct conductor *conductor)
{
	static const char *const names[] = { "moved", "batches", "FIFO" };
	const struct soak *soak = conductor->soak;

	for (unsigned int i = 0; i < SOAK_MOVERS + 2; i++)
		printf("# client %u: %llu blocks (%s), %llu tries more\n", i,
		       (unsigned long long)soak->clients[i].blocks,
		       names[i < SOAK_MOVERS ? 0 : i - SOAK_MOVERS + 1],
		       (unsigned long long)soak->clients[i].again);
	printf("# %u killed, %u stopped for a while, %u dumb or stopped for "
	       "good (the others' rounds beside these: %llu), %llu faults\n",
	       conductor->kills, conductor->stops, conductor->dumb,
	       (unsigned long long)conductor->beside,
	       (unsigned long long)soak->faults);
}

static int all_did_something(const struct soak *soak)
{
	for (unsigned int i = 0; i < SOAK_MOVERS + 2; i++) {
		if (!soak->clients[i].blocks)
			return 0;
	}
	return 1;
}

static int by_size(const void *one, const void *other)
{
	const long *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

/* Of some censuses' memory: one that came too early tells nothing. */
static long median(const struct conductor *conductor, unsigned int from,
		   unsigned int to)
{
	long sizes[CENSUSES];

	for (unsigned int i = from; i < to; i++)
		sizes[i - from] = conductor->censuses[i].anonymous;
	qsort(sizes, to - from, sizeof(sizes[0]), by_size);
	return sizes[(to - from) / 2];
}

/*
 * Descriptors and hugepages are counted: not one more than at first. Memory is
 * compared by thirds, and may grow by a percent of what is resident. Only that
 * is compared which is neither files nor shared with clients: the kernel takes
 * and gives those as it likes. In its first minute the heap still grows to what
 * the worst moment needs, which is no leak: a short soak has room for that.
 */
#define ROOM_SHORT 2048
#define LONG_S 120

static int memory_is_flat(const struct conductor *conductor)
{
	const unsigned int third = conductor->count < 3 ? 1 :
				   conductor->count / 3;
	const long room = conductor->seconds < LONG_S ? ROOM_SHORT : 0;
	long first, last, files = fixture_files(&conductor->fixture);

	first = median(conductor, 0, third);
	last = median(conductor, conductor->count - third, conductor->count);
	printf("# %u censuses: %ld KiB in the first third, %ld in the last, "
	       "%ld of files besides:", conductor->count, first, last, files);
	for (unsigned int i = 0; i < conductor->count; i++)
		printf(" %ld", conductor->censuses[i].anonymous);
	printf("\n");
	return !FIXTURE_MEMORY_TELLS ||
	       last - first <= (first + files) / 100 + room;
}

static void ends_are_told(struct conductor *conductor, int huge)
{
	const struct census *first = &conductor->censuses[0];
	struct census now = census_of(conductor);

	printf("# %d descriptors at first, %d in the end\n", first->fds,
	       now.fds);
	for (unsigned int i = 0; i < conductor->count; i++) {
		if (conductor->censuses[i].fds > now.fds)
			now.fds = conductor->censuses[i].fds;
	}
	tell(now.fds <= first->fds, "no descriptor is lost");
	if (huge) {
		for (int i = 0; i < PATIENCE_MS / 10 &&
		     fixture_hugepages(&conductor->fixture); i++)
			settle(10);
		tell(!fixture_hugepages(&conductor->fixture),
		     "in the end all hugepages are back");
	}
	tell(memory_is_flat(conductor), "the daemon's memory is flat");
}

static void soak_whole(const char *card, int huge)
{
	struct conductor *conductor = calloc(1, sizeof(*conductor));
	struct soak *soak;
	unsigned int failed;

	if (!conductor)
		give_up("no memory");
	begin(conductor, PLANT_NOTHING, card);
	warm_up(conductor);
	conductor->seconds = number_of("PLXDMA_SOAK", 8);
	play(conductor, conductor->seconds);
	failed = end(conductor);
	soak = conductor->soak;
	print(conductor);
	tell(!failed && !soak->failed, "every client came to its end");
	tell(all_did_something(soak), "all kinds of work were done");
	tell(!soak->lost, "no block is lost");
	tell(!soak->doubled, "no block is doubled");
	tell(!soak->corrupt, "no block is corrupt");
	tell(!conductor->unstarted, "whoever came in between was let in");
	tell(!conductor->held_up,
	     "others go on beside the stopped and the dumb");
	tell(!conductor->unparked, "nobody is held up for long");
	tell(fixture_alive(&conductor->fixture), "the daemon goes on");
	ends_are_told(conductor, huge);
	tell(fixture_stop(&conductor->fixture) == 0,
	     "the daemon stops when told");
	soak_free(soak);
	free(conductor);
}

static uint64_t caught(const struct soak *soak)
{
	switch (soak->plant) {
	case PLANT_LOSS:
		return soak->lost;
	case PLANT_DOUBLE:
		return soak->doubled;
	case PLANT_CORRUPT:
		return soak->corrupt;
	default:
		return 0;
	}
}

static void plant_is_caught(enum soak_plant plant, const char *card,
			    const char *what)
{
	struct conductor *conductor = calloc(1, sizeof(*conductor));

	if (!conductor)
		give_up("no memory");
	begin(conductor, plant, card);
	for (int i = 0; i < PLANT_S * 100 && !caught(conductor->soak); i++)
		settle(10);
	end(conductor);
	tell(caught(conductor->soak) != 0, what);
	fixture_stop(&conductor->fixture);
	soak_free(conductor->soak);
	free(conductor);
}

int main(void)
{
	/* In a sandbox more can't be locked than who starts it may. */
	const int small = getenv("PLXDMA_SOAK_SMALL") != NULL;
	const int huge = !small && hugepages_wait(NEEDED);
	const char *card = huge ? CARD : CARD ",pages=small";

	setvbuf(stdout, NULL, _IOLBF, 0);
	chance_seed(number_of("PLXDMA_SEED", 1));
	if (!small && !huge)
		printf("# SKIP return of hugepages: needs %d that are free: "
		       "echo 512 > /proc/sys/vm/nr_hugepages\n", NEEDED);
	soak_whole(card, huge);
	plant_is_caught(PLANT_LOSS, card, "a lost block is caught");
	plant_is_caught(PLANT_DOUBLE, card, "a doubled block is caught");
	plant_is_caught(PLANT_CORRUPT, card, "a corrupt block is caught");
	return tally_end();
}
