/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client punches holes into its arena while the hugepage pool is empty, so
 * that whoever touches them next gets SIGBUS: before a transfer and during
 * one, in both directions, with both engines. The transfer ends as a target
 * abort, the arena is closed, others go on.
 *
 * Needs hugepages. For some milliseconds at a time it reserves all that are
 * free, so it runs after all other tests.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <plxdma/transfer.h>

#include "fixture.h"
#include "raw.h"

#define PAGE (2u << 20)
#define PAGES 4u
#define SRAM 0x20000000u
#define PATTERN 0x40000000u	/* 64 MiB that read as data */
#define CHECKER 0x48000000u	/* and as many that take it */

static int test, bad;

static void tell(int passed, const char *engine, const char *moment,
		 const char *what)
{
	printf("%sok %d - %s, %s: %s\n", passed ? "" : "not ", ++test, engine,
	       moment, what);
	bad |= !passed;
}

static _Noreturn void give_up(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(EXIT_FAILURE);
}

/* Reserving is enough: a fault that has no reservation finds none left. */
static void *pool_take(size_t *size)
{
	void *taken;

	for (int i = 0; i < 100; i++) {
		*size = (size_t)hugepages_unreserved() * PAGE;
		if (!*size)
			return NULL;
		taken = mmap(NULL, *size, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
		if (taken != MAP_FAILED)
			return taken;
	}
	give_up("the pool can't be emptied");
}

static struct raw witness;

static int others_go_on(void)
{
	struct wire_submission entry = { .local = SRAM, .length = 4096,
					 .direction = PLXDMA_TO_CARD };
	struct wire_completion done;

	memset(witness.base, 0x3c, 4096);
	memset(witness.base + 4096, 0, 4096);
	if (raw_run(&witness, &entry, &done) || done.error || done.status)
		return 0;
	entry.direction = PLXDMA_TO_HOST;
	entry.offset = 4096;
	return !raw_run(&witness, &entry, &done) && !done.error &&
	       !done.status && !memcmp(witness.base, witness.base + 4096, 4096);
}

/* Submits a transfer over the whole arena and punches its third page, before
 * or in the middle. Returns its completion. */
static struct wire_completion hole(struct raw *raw, int during,
				   enum plxdma_direction direction)
{
	struct wire_submission entry = {
		.local = direction == PLXDMA_TO_HOST ? PATTERN : CHECKER,
		.length = PAGES * PAGE,
		.direction = (uint8_t)direction,
	};
	struct wire_completion done = { .error = 1 };
	size_t size;
	void *pool;

	if (during && ring_client_submit(&raw->ring, &entry))
		give_up("the ring is full");
	raw_wake(raw);
	if (during)
		settle(15);
	/* What falls out is reserved as well, or it would come back. */
	if (fallocate(raw->arena_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      2 * PAGE, PAGE))
		give_up("no hole can be punched");
	pool = pool_take(&size);
	if (!during && raw_run(raw, &entry, &done))
		give_up("no completion");
	for (int i = 0; during && i < 5000 &&
	     ring_client_take(&raw->ring, &done) != 1; i++)
		settle(1);
	if (pool)
		munmap(pool, size);
	return done;
}

static void punch(const char *engine, int during,
		  enum plxdma_direction direction)
{
	const char *moment = during ? "during a transfer" : "before a transfer";
	struct wire_submission entry = { .local = SRAM, .length = 64 };
	struct wire_completion done;
	struct raw holed;

	if (raw_open(&holed, PAGES * PAGE, 0))
		give_up("no arena of hugepages");
	memset(holed.base, 1, PAGES * PAGE);
	done = hole(&holed, during, direction);
	tell(!done.error && done.status == PLXDMA_TARGET_ABORT, engine, moment,
	     direction == PLXDMA_TO_HOST ? "target abort to the host" :
					   "target abort to the card");
	tell(others_go_on(), engine, moment, "others go on");
	tell(!raw_run(&holed, &entry, &done) && done.error == -ESHUTDOWN,
	     engine, moment, "the arena is closed");
	raw_close(&holed);
	tell(others_go_on(), engine, moment, "others go on after its end");
}

static void punch_all(const char *engine)
{
	struct fixture fixture;
	char spec[64];

	snprintf(spec, sizeof(spec), "model:rate=132e6,engine=%s", engine);
	if (fixture_start(&fixture, NULL, spec, NULL) ||
	    raw_open(&witness, PAGE, 1))
		give_up("no daemon");
	for (int i = 0; i < 4; i++)
		punch(engine, i / 2, (enum plxdma_direction)(i & 1));
	raw_close(&witness);
	tell(fixture_alive(&fixture), engine, "at the end", "the daemon lives");
	tell(fixture_stop(&fixture) == 0, engine, "at the end", "it stops");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (hugepages_unreserved() < 16) {
		printf("1..0 # SKIP needs 16 free hugepages: echo 512 > "
		       "/proc/sys/vm/nr_hugepages\n");
		return 77;
	}
	punch_all("thread");
	punch_all("inline");
	printf("1..%d\n", test);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
