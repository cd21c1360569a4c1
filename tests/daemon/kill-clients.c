/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clients are killed in mid-transfer, at random moments. Their pages go at
 * once to a checker that fills and watches them: nothing may be written there
 * any more. The daemon goes on, the channel is usable, and nothing is lost.
 *
 * Then the same with a daemon that leaves out the abort: it must be caught.
 *
 * The card is slow, so that what a client leaves behind would go on for seconds:
 * however late a busy machine lets this program and the daemon run, the checker
 * has its pages in time. What must come is waited for; hugepages that other
 * tests hold meanwhile are waited for as well.
 *
 * PLXDMA_KILLS is how many (20), PLXDMA_SEED where the random moments begin.
 * Needs hugepages; takes 64 at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "chance.h"
#include "fixture.h"
#include "tally.h"

#define PAGE (2u << 20)
/* With the witness's no more than may be locked everywhere. */
#define ARENA "4M"
#define ARENA_BYTES (4u << 20)
#define SUBMITTED 8u		/* by a client, half on each channel */
#define EACH (SUBMITTED / 2)
#define CHECKER_PAGES 16u
#define NEEDED 40
#define PATTERN 0x40000000u	/* the board's source of data */
#define FILL 0xa5
#define RATE "16e6"		/* bytes a second: a client's take 2 s */
#define PATIENCE_MS 60000	/* for what comes in milliseconds */

/* Other tests may have the machine's hugepages for a while. */
static int arena_open(const char *spec, struct plxdma_card **card)
{
	int err = plxdma_open(spec, card);

	for (int i = 0; err == -ENOMEM && i < PATIENCE_MS / 50; i++) {
		settle(50);
		err = plxdma_open(spec, card);
	}
	return err;
}

/* The client: keeps both channels busy with its whole arena until killed. */
static void client_run(int ready)
{
	struct plxdma_transfer *transfers[SUBMITTED];
	struct plxdma_channel *channel;
	struct plxdma_card *card;
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN,
		.length = ARENA_BYTES,
	};

	if (arena_open("daemon:a,arena=" ARENA, &card) ||
	    !plxdma_alloc_coherent(card, ARENA_BYTES, &request.handle))
		_exit(1);
	for (unsigned int i = 0; i < SUBMITTED; i++) {
		if (!(i % EACH) &&
		    plxdma_channel_open(card, i / EACH, &channel))
			_exit(1);
		if (plxdma_transfer_new(channel, &request, &transfers[i]) ||
		    plxdma_submit(transfers[i]))
			_exit(1);
	}
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* Starts one and kills it at some moment. 0, or -1 if it didn't start. */
static int client_kill(void)
{
	int ends[2];
	char byte;
	pid_t pid;
	int started;

	if (pipe(ends))
		give_up("no pipe");
	pid = fork();
	if (!pid) {
		close(ends[0]);
		client_run(ends[1]);
	}
	close(ends[1]);
	started = read(ends[0], &byte, 1) == 1;
	close(ends[0]);
	usleep(below(40000));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return started ? 0 : -1;
}

/* Waits until the dead client's pages went. */
static int pages_back(const struct fixture *fixture, long before)
{
	for (int i = 0; i < PATIENCE_MS * 10; i++) {
		if (fixture_hugepages(fixture) <= before)
			return 1;
		usleep(100);
	}
	return 0;
}

static int checker_fd;
static unsigned char *checker;

static void checker_make(void)
{
	char path[64];

	checker_fd = memfd_create("checker", MFD_HUGETLB);
	if (checker_fd < 0 || ftruncate(checker_fd, CHECKER_PAGES * PAGE))
		give_up("no file of hugepages");
	/* Inherited by the daemon with the defect, which opens it again. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", checker_fd);
	setenv("PLXDMA_CHECKER", path, 1);
	checker = mmap(NULL, CHECKER_PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_NORESERVE, checker_fd, 0);
	if (checker == MAP_FAILED)
		give_up("no mapping of hugepages");
}

/* Takes the pages that the kernel gives next, which are those last freed. */
static void checker_fill(void)
{
	for (int i = 0; madvise(checker, CHECKER_PAGES * PAGE,
				MADV_POPULATE_WRITE); i++) {
		if (i == PATIENCE_MS / 50)
			give_up("the pages that came back are gone");
		settle(50);
	}
	memset(checker, FILL, CHECKER_PAGES * PAGE);
}

static size_t checker_changed(void)
{
	size_t changed = 0;

	for (size_t i = 0; i < CHECKER_PAGES * PAGE; i++)
		changed += checker[i] != FILL;
	return changed;
}

static void checker_empty(void)
{
	if (fallocate(checker_fd, FALLOC_FL_PUNCH_HOLE |
		      FALLOC_FL_KEEP_SIZE, 0,
		      CHECKER_PAGES * PAGE))
		give_up("the checker's pages can't be given back");
}

/* The witness's transfer, on each channel. */
static int usable(struct plxdma_card *card, char *memory, plxdma_handle handle)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN + 64,
		.handle = handle, .length = 65536,
	};
	struct plxdma_channel *channel;
	int fine = 1;

	for (unsigned int i = 0; fine && i < PLXDMA_CHANNELS; i++) {
		memset(memory, 0, request.length);
		if (plxdma_channel_open(card, i, &channel))
			return 0;
		fine = !plxdma_transfer_once(channel, &request,
					     PATIENCE_MS * INT64_C(1000000),
					     NULL);
		for (uint32_t k = 0; fine && k < request.length; k += 4) {
			uint32_t word;

			memcpy(&word, memory + k, 4);
			fine = word == (k + 64) / 4 * 2654435761u;
		}
		plxdma_channel_close(channel);
	}
	return fine;
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

struct deaths {
	unsigned long unstarted, lost, written, unusable;
};

struct witness {
	struct fixture fixture;
	struct plxdma_card *card;
	plxdma_handle handle;
	char *memory;
	long pages;		/* of the daemon, while only this is there */
};

static void witness_open(struct witness *witness, const char *spec)
{
	if (fixture_start(&witness->fixture, NULL, spec, NULL) ||
	    arena_open("daemon:a,arena=2M", &witness->card))
		give_up("no daemon");
	witness->memory = plxdma_alloc_coherent(witness->card, 65536,
						&witness->handle);
	if (!witness->memory)
		give_up(plxdma_error(witness->card));
	witness->pages = fixture_hugepages(&witness->fixture);
}

static void one_death(const struct witness *witness, struct deaths *deaths)
{
	deaths->unstarted += client_kill() != 0;
	deaths->lost += !pages_back(&witness->fixture, witness->pages);
	checker_fill();
	usleep(20000);
	deaths->written += checker_changed() != 0;
	checker_empty();
	deaths->unusable += !usable(witness->card, witness->memory,
				    witness->handle);
}

static int grown(long before, long now)
{
	return FIXTURE_MEMORY_TELLS && now >= before + before / 50 + 256;
}

/* What grows once, say a thread's pool, is no leak; a leak grows each time. */
static int memory_lost(const struct witness *witness, struct deaths *deaths,
		       long before)
{
	long now = fixture_anonymous(&witness->fixture);

	for (int i = 0; i < 3 && grown(before, now); i++) {
		printf("# %ld KiB became %ld\n", before, now);
		before = now;
		for (int k = 0; k < 15; k++)
			one_death(witness, deaths);
		now = fixture_anonymous(&witness->fixture);
	}
	return grown(before, now);
}

static void kill_many(const char *engine, unsigned long kills)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct deaths deaths = { 0 };
	struct witness witness;
	char spec[64];
	long memory = 0;
	int fds = 0, leaks;

	snprintf(spec, sizeof(spec), "model:rate=" RATE ",engine=%s", engine);
	printf("# %lu kills, %s\n", kills, spec);
	witness_open(&witness, spec);
	for (unsigned long i = 0; i < kills; i++) {
		one_death(&witness, &deaths);
		if (i == (kills > 4 ? 4 : 0)) {
			memory = fixture_anonymous(&witness.fixture);
			fds = fixture_fds(&witness.fixture);
		}
	}
	leaks = memory_lost(&witness, &deaths, memory);
	tell(!deaths.unstarted, "every client started");
	tell(fixture_alive(&witness.fixture), "the daemon goes on");
	tell(!deaths.unusable, "both channels are usable after each death");
	tell(!deaths.written, "nothing was written after the pages went");
	tell(!deaths.lost, "every page is back");
	tell(fds_back(&witness.fixture, fds), "no descriptor is lost");
	tell(!leaks, "no memory is lost");
	tell(!plxdma_card_counters(witness.card, &counters) &&
	     !counters.violations,
	     "the driver did nothing that it must not");
	tell(!plxdma_card_info(witness.card, &info) && info.in_service &&
	     !info.memory_kept, "the card is in service, nothing is kept");
	plxdma_close(witness.card);
	tell(fixture_stop(&witness.fixture) == 0, "the daemon stops when told");
}

/* Has the defect put the checker's pages where the card still writes? */
static int defect_shows(const struct fixture *fixture)
{
	char path[64], line[512];
	int shows = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)fixture->pid);
	file = fopen(path, "re");
	while (file && !shows && fgets(line, sizeof(line), file))
		shows = strstr(line, "memfd:checker") != NULL;
	if (file)
		fclose(file);
	return shows;
}

/* One death in front of a daemon of its own: such a one may well crash. */
static int defect_writes(void)
{
	struct fixture fixture;
	int written = 0;

	if (fixture_start(&fixture, DEFECT,
			  "model:rate=" RATE ",engine=thread", NULL))
		give_up("no daemon with a defect");
	client_kill();
	for (int i = 0; i < PATIENCE_MS && !defect_shows(&fixture) &&
	     fixture_alive(&fixture); i++)
		settle(1);
	checker_fill();
	usleep(20000);
	written = checker_changed() != 0;
	checker_empty();
	kill(fixture.pid, SIGKILL);
	fixture_stop(&fixture);
	return written;
}

/* The daemon that leaves out the abort: mostly seen at the first death. */
static void defect_is_caught(void)
{
	int deaths = 0, caught = 0;

	while (!caught && deaths++ < 40)
		caught = defect_writes();
	printf("# at death %d\n", deaths);
	tell(caught, "a daemon that leaves out the abort is caught");
}

int main(void)
{
	unsigned long kills = number_of("PLXDMA_KILLS", 20);

	setvbuf(stdout, NULL, _IOLBF, 0);
	chance_seed(number_of("PLXDMA_SEED", 1));
	if (!hugepages_wait(NEEDED)) {
		printf("1..0 # SKIP needs %d free hugepages: echo 512 > "
		       "/proc/sys/vm/nr_hugepages\n", NEEDED);
		return 77;
	}
	checker_make();
	kill_many("thread", kills - kills / 2);
	kill_many("inline", kills / 2);
	defect_is_caught();
	return tally_end();
}
