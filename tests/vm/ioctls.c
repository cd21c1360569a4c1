/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What anybody may ask of the stub's companion device: right, nearly right and
 * wild arguments, from a member of the group, without any privilege.
 *
 *	ioctls DEVICE SECONDS GID
 *
 * First somebody who isn't in the group GID must not even open it.  Then each
 * call is made at random, with structures that are mostly right.  What each may
 * answer is in a table here: another answer fails, and so does one that never
 * came, or fewer than ten thousand calls that were accepted.  Frames that the
 * stub tells are compared with pagemap: nothing but the caller's own memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "uio_plx9054.h"

#define USER	 1000
#define ACCEPTED 10000
#define LONGEST 160 /* seconds */
#define SMALL	 4096u
#define HUGE	 (2u << 20)
#define HUGES	 4
#define HANDLES	 64
#define ANSWERS	 8

union argument {
	uint32_t size;
	uint32_t words[64];
	struct plx9054_info info;
	struct plx9054_map map;
	struct plx9054_handle handle;
	struct plx9054_coherent coherent;
	struct plx9054_window window;
	struct plx9054_channel channel;
	struct plx9054_value value;
	struct plx9054_eventfd eventfd;
	struct plx9054_enable enable;
	struct plx9054_event event;
	struct plx9054_access access;
};

struct kept {
	uint32_t handles[HANDLES];
	unsigned int count;
};

struct call {
	const char *name;
	unsigned long request;
	uint32_t size;			/* 0: no argument */
	void (*make)(union argument *);
	void (*took)(const union argument *);
	int answers[ANSWERS];		/* errno; all may answer 0 */
	unsigned long seen[ANSWERS];
	unsigned long good;
};

static int device, pagemap, bell;
static uint8_t *huge, *small, *fixed;
static struct kept maps, blocks, windows;
static struct plx9054_run runs[HUGES * 512];
static int bad;

static uint32_t random_below(uint32_t n)
{
	return n ? (uint32_t)random() % n : 0;
}

static uint32_t one_in(uint32_t n)
{
	return random_below(n) == 0;
}

/* A number as somebody gets it wrong. */
static uint64_t wild(void)
{
	static const uint64_t edges[] = {
		0, 1, 2, 3, 4095, 4096, 4097, HUGE - 1, HUGE, INT32_MAX,
		UINT32_MAX, 1ull << 40, INT64_MAX, UINT64_MAX, UINT64_MAX - 4095,
		0xffff888000000000ull, 0xffffffff81000000ull,
	};

	return edges[random_below(sizeof(edges) / sizeof(edges[0]))];
}

static void keep(struct kept *kept, uint32_t handle)
{
	if (kept->count < HANDLES)
		kept->handles[kept->count++] = handle;
}

static uint32_t handle_of(struct kept *kept)
{
	if (!kept->count || one_in(8))
		return (uint32_t)wild();
	return kept->handles[random_below(kept->count)];
}

static void forget(struct kept *kept, uint32_t handle)
{
	for (unsigned int i = 0; i < kept->count; i++)
		if (kept->handles[i] == handle)
			kept->handles[i--] = kept->handles[--kept->count];
}

static void map_make(union argument *a)
{
	unsigned int first = random_below(HUGES);
	unsigned int count = 1 + random_below(HUGES - first);

	a->map.runs = (uintptr_t)runs;
	a->map.run_count = sizeof(runs) / sizeof(runs[0]);
	switch (random_below(6)) {
	case 0: /* small pages */
		a->map.address = (uintptr_t)small;
		a->map.length = SMALL * (1 + random_below(16));
		a->map.granule = SMALL;
		break;
	case 1: /* not contiguous */
		a->map.address = (uintptr_t)small;
		a->map.length = SMALL * 16;
		a->map.granule = SMALL * 16;
		break;
	case 2: /* read-only */
		a->map.address = (uintptr_t)fixed;
		a->map.length = SMALL;
		a->map.granule = SMALL;
		break;
	default:
		a->map.address = (uintptr_t)(huge + (size_t)first * HUGE);
		a->map.length = (uint64_t)count * HUGE;
		a->map.granule = HUGE;
	}
	if (one_in(8))
		a->map.run_count = 0;
	if (one_in(16))
		a->map.runs = wild();
	if (one_in(16))
		a->map.address = wild();
	if (one_in(16))
		a->map.length = wild();
	if (one_in(16))
		a->map.granule = wild();
}

/* Bus addresses of one's own pages, and of nothing else. */
static void map_took(const union argument *a)
{
	uint64_t entry = 0, at = a->map.address;

	keep(&maps, a->map.handle);
	if (pread(pagemap, &entry, 8, (off_t)(at / SMALL * 8)) == 8 &&
	    (entry & ((UINT64_C(1) << 55) - 1)) * SMALL != runs[0].bus &&
	    a->map.runs == (uintptr_t)runs && a->map.run_count) {
		(void)printf("not ok - %#llx isn't the caller's page\n",
			     (unsigned long long)runs[0].bus);
		bad = 1;
	}
}

static void unmap_make(union argument *a)
{
	a->handle.handle = handle_of(&maps);
}

static void unmap_took(const union argument *a)
{
	forget(&maps, a->handle.handle);
}

static void coherent_make(union argument *a)
{
	a->coherent.length = SMALL * (1 + random_below(8));
	if (one_in(16))
		a->coherent.length = wild();
}

static void coherent_took(const union argument *a)
{
	uint8_t *at = mmap(NULL, SMALL, PROT_READ | PROT_WRITE, MAP_SHARED,
			   device, (off_t)a->coherent.offset);

	keep(&blocks, a->coherent.handle);
	if (at == MAP_FAILED || *at || a->coherent.bus >> 32) {
		(void)printf("not ok - a coherent block that isn't one\n");
		bad = 1;
	}
	if (at != MAP_FAILED) {
		*at = 1;
		munmap(at, SMALL);
	}
}

static void coherent_free_make(union argument *a)
{
	a->handle.handle = handle_of(&blocks);
}

static void coherent_free_took(const union argument *a)
{
	forget(&blocks, a->handle.handle);
}

static void window_make(union argument *a)
{
	a->window.kind = random_below(3);
	a->window.what = a->window.kind == PLX9054_WINDOW_COHERENT
				 ? handle_of(&blocks)
				 : random_below(7);
}

static void window_took(const union argument *a)
{
	keep(&windows, a->window.handle);
	close(a->window.fd);
}

static void revoke_make(union argument *a)
{
	a->handle.handle = handle_of(&windows);
}

static void revoke_took(const union argument *a)
{
	forget(&windows, a->handle.handle);
}

static void channel_make(union argument *a)
{
	a->channel.channel = random_below(3);
	a->channel.operation = random_below(5);
}

static void master_make(union argument *a)
{
	a->value.value = random_below(3);
}

static void eventfd_make(union argument *a)
{
	a->eventfd.source = random_below(PLX9054_SOURCES + 1);
	a->eventfd.fd = one_in(4) ? -1 : one_in(4) ? 1000 : one_in(4) ? 0 : bell;
}

static void source_make(union argument *a)
{
	a->enable.source = random_below(PLX9054_SOURCES + 1);
	a->enable.on = random_below(3);
}

static void event_make(union argument *a)
{
	a->event.source = random_below(PLX9054_SOURCES + 1);
}

/* Of the I/O BAR only mailboxes are written: registers start engines. */
static void access_make(union argument *a)
{
	static const uint32_t widths[] = {8, 16, 32, 32, 32, 64, 0, 1};

	a->access.space = random_below(3);
	a->access.width = widths[random_below(8)];
	a->access.write = one_in(3);
	a->access.offset = one_in(16) ? (uint32_t)wild() : random_below(260);
	if (a->access.write && a->access.space == PLX9054_SPACE_IO)
		a->access.offset = 0x48 + random_below(24);
	a->access.value = (uint32_t)random();
}

#define ARGUMENT(type) sizeof(struct plx9054_##type)

/* E2BIG, EFAULT and EINVAL are for all that take an argument. */
static struct call calls[] = {
	{"INFO", PLX9054_INFO, ARGUMENT(info)},
	{"MAP", PLX9054_MAP, ARGUMENT(map), map_make, map_took,
	 {ENOMEM, ERANGE, ENOSPC}},
	{"UNMAP", PLX9054_FREE, ARGUMENT(handle), unmap_make, unmap_took,
	 {ENOENT}},
	{"COHERENT", PLX9054_COHERENT, ARGUMENT(coherent), coherent_make,
	 coherent_took, {EDQUOT}},
	{"COHERENT_FREE", PLX9054_FREE, ARGUMENT(handle),
	 coherent_free_make, coherent_free_took, {ENOENT}},
	{"WINDOW", PLX9054_WINDOW, ARGUMENT(window), window_make, window_took,
	 {EPERM, ENOENT}},
	{"REVOKE", PLX9054_FREE, ARGUMENT(handle), revoke_make, revoke_took,
	 {ENOENT}},
	{"CHANNEL", PLX9054_CHANNEL, ARGUMENT(channel), channel_make},
	{"SET_MASTER", PLX9054_SET_MASTER, ARGUMENT(value), master_make},
	{"CLEAR_STATUS", PLX9054_CLEAR_STATUS, ARGUMENT(value)},
	{"EVENTFD", PLX9054_EVENTFD, ARGUMENT(eventfd), eventfd_make, NULL,
	 {EBADF}},
	{"ENABLE", PLX9054_ENABLE, ARGUMENT(enable), source_make},
	{"EVENT", PLX9054_EVENT, ARGUMENT(event), event_make},
	{"ACCESS", PLX9054_ACCESS, ARGUMENT(access), access_make, NULL,
	 {EPERM}},
	{"QUIESCE", PLX9054_QUIESCE, 0},
	{"RESET", PLX9054_RESET, 0, NULL, NULL, {EPERM}},
	{"a number that isn't one", _IO(0xb9, 0xf0), 0, NULL, NULL, {ENOTTY}},
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static void answered(struct call *call, int code)
{
	unsigned int i;

	for (i = 0; i < ANSWERS && call->answers[i]; i++)
		if (call->answers[i] == code) {
			call->seen[i]++;
			return;
		}
	(void)printf("not ok - %s answered %s\n", call->name, strerror(code));
	bad = 1;
}

static void ask(struct call *call)
{
	union argument a;
	void *at = &a;

	memset(&a, 0, sizeof(a));
	if (call->make)
		call->make(&a);
	a.size = call->size;
	if (one_in(16))
		a.size = (uint32_t)wild();
	if (one_in(16))
		a.words[random_below(call->size / 4 + 2)] ^= (uint32_t)random();
	if (one_in(24))
		at = (void *)(uintptr_t)wild();
	if (!ioctl(device, call->request, call->size ? at : NULL)) {
		call->good++;
		if (call->took)
			call->took(&a);
	} else {
		answered(call, errno);
	}
}

/* What every call with an argument may answer comes last in its list. */
static void answers_complete(void)
{
	static const int all[] = {EINVAL, EFAULT, E2BIG};
	unsigned int i, j, k;

	for (i = 0; i < CALLS; i++) {
		for (j = 0; calls[i].answers[j]; j++)
			;
		for (k = 0; calls[i].size && k < 3; k++)
			calls[i].answers[j++] = all[k];
	}
}

static unsigned long tell(void)
{
	unsigned long good = 0;
	unsigned int i, j;

	for (i = 0; i < CALLS; i++) {
		const struct call *call = &calls[i];

		good += call->good;
		(void)printf("  %s: 0 %lu", call->name, call->good);
		for (j = 0; j < ANSWERS && call->answers[j]; j++)
			(void)printf(", %s %lu",
				     strerrorname_np(call->answers[j]),
				     call->seen[j]);
		(void)printf("\n");
		if (!call->good && call->answers[0] != EPERM &&
		    call->answers[0] != ENOTTY) {
			(void)printf("not ok - %s was never accepted\n",
				     call->name);
			bad = 1;
		}
		for (j = 0; j < ANSWERS && call->answers[j]; j++)
			if (!call->seen[j]) {
				(void)printf("not ok - %s never answered %s\n",
					     call->name,
					     strerrorname_np(call->answers[j]));
				bad = 1;
			}
	}
	return good;
}

/* A slow machine gets the time that it takes. */
static int enough(void)
{
	unsigned long good = 0;
	unsigned int i, j;

	for (i = 0; i < CALLS; i++) {
		good += calls[i].good;
		for (j = 0; j < ANSWERS && calls[i].answers[j]; j++)
			if (!calls[i].seen[j])
				return 0;
	}
	return good >= ACCEPTED;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

static void become(const gid_t *groups, size_t count)
{
	if (setgroups(count, groups) || setgid(USER) || setuid(USER))
		die("user");
}

static void stranger(const char *path)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		become(NULL, 0);
		_exit(open(path, O_RDWR | O_CLOEXEC) >= 0 || errno != EACCES);
	}
	waitpid(pid, &status, 0);
	(void)printf("%sok - who isn't in the group can't open it\n",
		     status ? "not " : "");
	bad |= status != 0;
}

static void memory_make(void)
{
	int fd = memfd_create("huge", MFD_HUGETLB | MFD_CLOEXEC);
	struct rlimit limit = {HUGES * HUGE + (1u << 20),
			       HUGES * HUGE + (1u << 20)};

	if (fd < 0 || ftruncate(fd, (off_t)HUGES * HUGE))
		die("hugepages");
	huge = mmap(NULL, (size_t)HUGES * HUGE, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, fd, 0);
	small = mmap(NULL, (size_t)SMALL * 32, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fixed = mmap(NULL, SMALL, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		     0);
	if (huge == MAP_FAILED || small == MAP_FAILED || fixed == MAP_FAILED)
		die("memory");
	/* Aligned as one granule of 64 KiB, and as scattered as can be. */
	small += -(uintptr_t)small % (SMALL * 16);
	if (madvise(small, (size_t)SMALL * 16, MADV_NOHUGEPAGE))
		die("madvise");
	for (int i = 15; i >= 0; i--)
		small[i * (int)SMALL] = 1;
	if (setrlimit(RLIMIT_MEMLOCK, &limit))
		die("limit");
	pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int main(int argc, char **argv)
{
	gid_t group;
	unsigned long good, count = 0;
	time_t start, end;

	if (argc < 4)
		return 2;
	group = (gid_t)atoi(argv[3]);
	stranger(argv[1]);
	memory_make();
	become(&group, 1);
	device = open(argv[1], O_RDWR | O_CLOEXEC);
	if (device < 0)
		die(argv[1]);
	if (open(argv[1], O_RDWR | O_CLOEXEC) >= 0 || errno != EBUSY) {
		(void)printf("not ok - a second owner\n");
		bad = 1;
	}
	answers_complete();
	srandom(1);
	start = time(NULL);
	end = start + atoi(argv[2]);
	for (; time(NULL) < end || (!enough() && time(NULL) < start + LONGEST);
	     count++)
		ask(&calls[random_below(CALLS)]);
	good = tell();
	(void)printf("%sok - %lu calls, %lu accepted\n",
		     good < ACCEPTED ? "not " : "", count, good);
	return bad || good < ACCEPTED;
}
