/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: the kernel is asked to move pages of an arena, to the machine's
 * other node and away from frames that it is to give up (soft-offline).
 *
 *	moving SPEC held	what the card's holder has pinned stays, while
 *				transfers run
 *	moving SPEC loose	without any pin (SPEC has unpinned) it moves:
 *				that is seen, and nothing goes to the old frame
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#define PAGE	   (2u << 20)
#define PAGES	   4u
#define ROUNDS	   8
#define LOCAL	   0x40000000u /* the default board's pattern */
#define PATTERN	   2654435761u
#define TIMEOUT_NS 60000000000ll
#define MOVE	   2 /* MPOL_MF_MOVE */
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE 101
#endif

struct rig {
	struct plxdma_card *card;
	struct plxdma_channel *channels[PLXDMA_CHANNELS];
	struct plxdma_transfer *transfers[PAGES];
	char *host;
	plxdma_handle handle;
	int pagemap;
	int wrong;
};

static void is(struct rig *rig, const char *what, int right)
{
	printf("%sok - %s\n", right ? "" : "not ", what);
	rig->wrong |= !right;
}

static _Noreturn void die(const struct rig *rig, const char *what)
{
	printf("not ok - %s: %s; %s\n", what, plxdma_error(rig->card),
	       strerror(errno));
	exit(1);
}

static uint64_t frame(const struct rig *rig, unsigned int page)
{
	const uintptr_t at = (uintptr_t)rig->host + (uintptr_t)page * PAGE;
	uint64_t entry;

	if (pread(rig->pagemap, &entry, sizeof(entry),
		  (off_t)(at / 4096 * sizeof(entry))) != sizeof(entry))
		die(rig, "pagemap");
	return entry & ((UINT64_C(1) << 55) - 1);
}

/* Root's exemption from RLIMIT_MEMLOCK is what lets it pin anything. */
static void pins_forbid(const struct rig *rig)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	const struct rlimit none = { 0, 0 };

	if (syscall(SYS_capget, &header, data))
		die(rig, "capget");
	data[0].effective &= ~(1u << CAP_IPC_LOCK);
	data[0].permitted &= ~(1u << CAP_IPC_LOCK);
	if (syscall(SYS_capset, &header, data) ||
	    setrlimit(RLIMIT_MEMLOCK, &none))
		die(rig, "capset");
}

static void rig_open(struct rig *rig, const char *spec)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = LOCAL,
		.length = PAGE,
	};
	unsigned int i;

	if (plxdma_open(spec, &rig->card))
		die(rig, spec);
	rig->host = plxdma_alloc_coherent(rig->card, (size_t)PAGES * PAGE,
					  &rig->handle);
	if (!rig->host || (uintptr_t)rig->host % PAGE)
		die(rig, "memory");
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		if (plxdma_channel_open(rig->card, i, &rig->channels[i]))
			die(rig, "channel");
	for (i = 0; i < PAGES; i++) {
		request.handle = rig->handle + i * PAGE;
		if (plxdma_transfer_new(rig->channels[i % PLXDMA_CHANNELS],
					&request, &rig->transfers[i]))
			die(rig, "transfer");
	}
	rig->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
}

static void rig_close(struct rig *rig)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		plxdma_transfer_free(rig->transfers[i]);
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		plxdma_channel_close(rig->channels[i]);
	plxdma_free_coherent(rig->card, (size_t)PAGES * PAGE, rig->host,
			     rig->handle);
	plxdma_close(rig->card);
}

/* 0, if the kernel says that it did. */
static int move(const struct rig *rig, unsigned int page, int node)
{
	void *at = rig->host + (size_t)page * PAGE;
	int status = -1;

	if (syscall(SYS_move_pages, 0, 1ul, &at, &node, &status, MOVE) < 0)
		return -errno;
	return status == node ? 0 : status;
}

static int offline(const struct rig *rig, unsigned int page)
{
	return madvise(rig->host + (size_t)page * PAGE, PAGE,
		       MADV_SOFT_OFFLINE) ? -errno : 0;
}

static int exact(const struct rig *rig, unsigned int page)
{
	const uint32_t *words =
		(const void *)(rig->host + (size_t)page * PAGE);
	uint32_t i;

	for (i = 0; i < PAGE / 4; i++)
		if (words[i] != i * PATTERN)
			return 0;
	return 1;
}

/* Each page is written by a transfer that is under way while it is to move. */
static int round_held(struct rig *rig, int node, int *refused)
{
	uint64_t before[PAGES];
	unsigned int i;
	int same = 1;

	memset(rig->host, 0, (size_t)PAGES * PAGE);
	for (i = 0; i < PAGES; i++) {
		before[i] = frame(rig, i);
		if (plxdma_submit(rig->transfers[i]))
			die(rig, "submit");
	}
	for (i = 0; i < PAGES; i++) {
		*refused += (node < 0 ? offline(rig, i)
				      : move(rig, i, node)) != 0;
		same &= frame(rig, i) == before[i];
	}
	for (i = 0; i < PAGES; i++) {
		if (plxdma_wait(rig->transfers[i], TIMEOUT_NS, NULL))
			die(rig, "wait");
		same &= exact(rig, i);
	}
	return same;
}

static void held(struct rig *rig)
{
	int refused = 0, same = 1;
	int i;

	for (i = 0; i < ROUNDS; i++)
		same &= round_held(rig, i % 2, &refused);
	printf("# move_pages: %d of %u refused\n", refused, ROUNDS * PAGES);
	is(rig, "move_pages moves no frame, and data are exact", same);
	refused = 0;
	same = round_held(rig, -1, &refused);
	printf("# soft-offline: %d of %u refused\n", refused, PAGES);
	is(rig, "soft-offline moves no frame, and data are exact", same);
	is(rig, "the verifier sees none move", !plxdma_card_verify(rig->card));
}

static int goes(struct rig *rig, unsigned int page)
{
	int code;

	memset(rig->host + (size_t)page * PAGE, 0, PAGE);
	code = plxdma_submit(rig->transfers[page]);
	if (!code)
		code = plxdma_wait(rig->transfers[page], TIMEOUT_NS, NULL);
	return code ? code : !exact(rig, page);
}

static uint64_t bytes(const struct rig *rig)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	if (plxdma_card_counters(rig->card, &counters))
		die(rig, "counters");
	return counters.bytes_to_host;
}

/* The page has moved: its transfer is refused, all others go on. */
static void moved(struct rig *rig, unsigned int page, int code,
		  uint64_t before, const char *how)
{
	const uint64_t so_far = bytes(rig);
	char what[160];

	snprintf(what, sizeof(what), "%s moves a page (%d)", how, code);
	is(rig, what, !code && frame(rig, page) != before);
	code = goes(rig, page);
	snprintf(what, sizeof(what), "a transfer to it is refused: %s",
		 plxdma_error(rig->card));
	is(rig, what, code == -EFAULT && bytes(rig) == so_far);
	is(rig, "one to another page goes on", !goes(rig, PAGES - 1));
}

static void loose(struct rig *rig)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	uint64_t before;
	int node = 0, i, good = 1;

	if (plxdma_card_info(rig->card, &info))
		die(rig, "info");
	is(rig, "nothing is pinned", info.pin == PLXDMA_PIN_NONE);
	for (i = 0; i < (int)PAGES; i++)
		good &= !goes(rig, (unsigned int)i);
	is(rig, "transfers go", good);
	before = frame(rig, 0);
	moved(rig, 0, move(rig, 0, node), before, "move_pages");
	is(rig, "one page is in quarantine",
	   plxdma_card_verify(rig->card) == 1);
	before = frame(rig, 1);
	moved(rig, 1, offline(rig, 1), before, "soft-offline");
	is(rig, "two pages are in quarantine",
	   plxdma_card_verify(rig->card) == 2);
}

int main(int argc, char **argv)
{
	struct rig rig = { .wrong = 0 };

	if (argc < 3)
		return 2;
	if (!strcmp(argv[2], "loose"))
		pins_forbid(&rig);
	rig_open(&rig, argv[1]);
	if (!strcmp(argv[2], "loose"))
		loose(&rig);
	else
		held(&rig);
	rig_close(&rig);
	return rig.wrong;
}
