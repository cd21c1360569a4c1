/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: what uio_plx9054 answers, ioctl by ioctl, for success and for
 * each error, and what becomes of a card whose owner dies or that is taken
 * away while it transfers.  Works on the kernel's interface alone, without the
 * library, so that a fault of one isn't hidden by the other.
 *
 *   stub_check PCI-ADDRESS [stuck]
 *
 * stuck: the card ignores an abort, once.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "uio_plx9054.h"

#define PAGE	4096u
#define HUGE	(2u << 20)
#define SRAM	0x20000000u
#define PATTERN 0x40000000u
#define INTCSR	0x68
#define PCIHIDR 0x70
#define DMAMODE 0x80
#define DMACSR	0xa8
#define DONE	0x10

static const char *address;
static char node[64];
static int card = -1;
static volatile uint8_t *regs;
static unsigned int failed, passed;

static void check(const char *what, long long got, long long wanted)
{
	if (got == wanted) {
		passed++;
		return;
	}
	failed++;
	printf("not ok - %s: %lld, not %lld (%s)\n", what, got, wanted,
	       strerror(errno));
}

static _Noreturn void die(const char *what)
{
	printf("not ok - %s: %s\n", what, strerror(errno));
	exit(1);
}

/* 0 or -errno */
static int call(unsigned long command, void *argument)
{
	return ioctl(card, command, argument) ? -errno : 0;
}

#define WITH(type, ...) ((struct type){ .size = sizeof(struct type), __VA_ARGS__ })

static uint32_t reg(unsigned int offset)
{
	return *(volatile uint32_t *)(regs + offset);
}

static void reg_set(unsigned int offset, uint32_t value)
{
	*(volatile uint32_t *)(regs + offset) = value;
}

static struct plx9054_info info(void)
{
	struct plx9054_info now = WITH(plx9054_info, 0);

	check("INFO", call(PLX9054_INFO, &now), 0);
	return now;
}

static void card_open(void)
{
	card = open(node, O_RDWR | O_CLOEXEC);
	if (card < 0)
		die(node);
	regs = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, card, 0);
	if (regs == MAP_FAILED)
		die("registers");
	regs += info().bars[0].offset;
}

static void card_close(void)
{
	munmap((void *)((uintptr_t)regs & ~(uintptr_t)(PAGE - 1)), PAGE);
	close(card);
}

static void master(uint32_t on)
{
	check("SET_MASTER", call(PLX9054_SET_MASTER,
				 &WITH(plx9054_value, .value = on)), 0);
}

static int channel(uint32_t number, uint32_t operation)
{
	return call(PLX9054_CHANNEL,
		    &WITH(plx9054_channel, .channel = number,
			  .operation = operation));
}

static void start(uint64_t bus, uint32_t local, uint32_t length, uint32_t to_host)
{
	reg_set(DMAMODE, 0x205c3);	/* interrupt when done, to PCI */
	reg_set(0x84, (uint32_t)bus);
	reg_set(0xb4, (uint32_t)(bus >> 32));
	reg_set(0x88, local);
	reg_set(0x8c, length);
	reg_set(0x90, to_host ? 8 : 0);
	regs[DMACSR] = 0x01;
	regs[DMACSR] = 0x03;
}

static int done_within(int ms)
{
	for (; ms > 0; ms--) {
		if (regs[DMACSR] & DONE)
			return 1;
		usleep(1000);
	}
	return 0;
}

static int readable(int fd, int ms)
{
	return poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, ms);
}

static uint8_t *memory(size_t size, int flags)
{
	uint8_t *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | flags,
			   -1, 0);

	if (at == MAP_FAILED)
		die("memory");
	return at;
}

static struct plx9054_run runs[1024];

static struct plx9054_map map_of(void *at, uint64_t length, uint64_t granule)
{
	return WITH(plx9054_map, .address = (uintptr_t)at, .length = length,
		    .granule = granule, .runs = (uintptr_t)runs,
		    .run_count = 1024);
}

static int map(void *at, uint64_t length, uint64_t granule)
{
	struct plx9054_map one = map_of(at, length, granule);
	int rc = call(PLX9054_MAP, &one);

	return rc ? rc : (int)one.handle;
}

static int handle(unsigned long command, int number)
{
	return call(command, &WITH(plx9054_handle, .handle = (uint32_t)number));
}

static void sizes(void)
{
	struct {
		struct plx9054_info info;
		uint32_t more[2];
	} longer = { .info = { .size = sizeof(longer) } };

	check("INFO of a newer program", call(PLX9054_INFO, &longer), 0);
	longer.more[1] = 1;
	check("INFO with what isn't known", call(PLX9054_INFO, &longer),
	      -E2BIG);
	longer.info.size = 8;
	check("INFO too short", call(PLX9054_INFO, &longer), -EINVAL);
	longer.info.size = 1u << 20;
	check("INFO of a megabyte", call(PLX9054_INFO, &longer), -E2BIG);
	check("INFO nowhere", call(PLX9054_INFO, NULL), -EFAULT);
	check("an unknown ioctl", call(_IO(0xb9, 0x90), NULL), -ENOTTY);
	check("another driver's ioctl", call(_IO(0xb8, 0x82), NULL), -ENOTTY);
}

static void faces(void)
{
	int uio = open("/dev/uio0", O_RDWR);

	check("UIO while the card is owned", uio < 0 ? -errno : 0, -EBUSY);
	check("a second owner", open(node, O_RDWR) < 0 ? -errno : 0, -EBUSY);
}

static void maps_refused(void)
{
	uint8_t *at = memory(16 * PAGE, 0);
	struct plx9054_map one;

	check("granule 0", map(at, PAGE, 0), -EINVAL);
	check("granule of half a page", map(at, PAGE, PAGE / 2), -EINVAL);
	check("granule of three pages", map(at, 3 * PAGE, 3 * PAGE), -EINVAL);
	check("no length", map(at, 0, PAGE), -EINVAL);
	check("length of half a page", map(at, PAGE / 2, PAGE), -EINVAL);
	check("address in a page", map(at + 8, PAGE, PAGE), -EINVAL);
	check("length without end", map(at, UINT64_MAX - PAGE + 1, PAGE),
	      -EINVAL);
	one = map_of(at, PAGE, PAGE);
	one.reserved = 1;
	check("reserved", call(PLX9054_MAP, &one), -EINVAL);
	check("nothing there", map(NULL, PAGE, PAGE), -EFAULT);
	mprotect(at, PAGE, PROT_READ);
	check("not writable", map(at, 2 * PAGE, PAGE), -EFAULT);
	mprotect(at, PAGE, PROT_READ | PROT_WRITE);
	munmap(at + PAGE, PAGE);
	check("with a hole", map(at, 4 * PAGE, PAGE), -EFAULT);
	one = map_of(at, PAGE, PAGE);
	one.runs = 8;
	check("runs nowhere", call(PLX9054_MAP, &one), -EFAULT);
	one = map_of(at, PAGE, PAGE);
	one.run_count = 0;
	check("no room for runs", call(PLX9054_MAP, &one), -ENOSPC);
	check("runs there would be", one.run_count, 1);
	check("the card's own registers",
	      map((void *)((uintptr_t)regs & ~(uintptr_t)(PAGE - 1)), PAGE,
		  PAGE), -EFAULT);
	check("pinned after all that", (long long)info().pinned, 0);
	munmap(at, 16 * PAGE);
}

static void maps_limited(void)
{
	pid_t pid = fork();
	int status = 1, one, two;

	if (pid) {
		waitpid(pid, &status, 0);
		check("RLIMIT_MEMLOCK", WEXITSTATUS(status), ENOMEM);
		return;
	}
	setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){ 8 * PAGE, 8 * PAGE });
	if (setresuid(65534, 65534, 65534))
		_exit(1);
	one = map(memory(8 * PAGE, 0), 8 * PAGE, PAGE);
	if (one < 0)
		_exit(1);
	two = map(memory(PAGE, 0), PAGE, PAGE);
	(void)handle(PLX9054_FREE, one);
	_exit(-two);
}

/* Small pages at a hugepage's address, in an order that isn't theirs: whatever
 * the kernel gave, two of them have changed places. */
static uint8_t *scattered(void)
{
	const int move = MREMAP_MAYMOVE | MREMAP_FIXED;
	uint8_t *at = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *spare = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || spare == MAP_FAILED)
		die("memory");
	at = (uint8_t *)(((uintptr_t)at + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
	madvise(at, HUGE, MADV_NOHUGEPAGE);
	for (uint32_t i = HUGE / PAGE; i--;)
		at[i * PAGE] = 1;
	if (mremap(at, PAGE, PAGE, move, spare) == MAP_FAILED ||
	    mremap(at + PAGE, PAGE, PAGE, move, at) == MAP_FAILED ||
	    mremap(spare, PAGE, PAGE, move, at + PAGE) == MAP_FAILED)
		die("memory in another order");
	return at;
}

static void maps_made(void)
{
	uint8_t *at = memory(64 * PAGE, 0);
	uint8_t *huge = memory(2 * HUGE, MAP_HUGETLB);
	int one = map(at, 64 * PAGE, PAGE), two = map(huge, 2 * HUGE, HUGE);
	uint64_t pinned = info().pinned;

	check("pages mapped", one > 0, 1);
	check("hugepages mapped", two > 0, 1);
	check("bytes pinned", (long long)pinned, 64 * PAGE + 2 * HUGE);
	check("small pages as a hugepage", map(scattered(), HUGE, HUGE), -ERANGE);
	check("UNMAP", handle(PLX9054_FREE, one), 0);
	check("UNMAP again", handle(PLX9054_FREE, one), -ENOENT);
	check("UNMAP of hugepages", handle(PLX9054_FREE, two), 0);
	check("bytes pinned at last", (long long)info().pinned, 0);
	munmap(at, 64 * PAGE);
	munmap(huge, 2 * HUGE);
}

static void coherent(void)
{
	struct plx9054_coherent one = WITH(plx9054_coherent, .length = 4 * PAGE);
	volatile uint32_t *at;

	check("COHERENT", call(PLX9054_COHERENT, &one), 0);
	check("it is below 4 GiB", one.bus < UINT64_C(1) << 32, 1);
	at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, card,
		  (off_t)one.offset);
	check("it can be mapped", (void *)(uintptr_t)at != MAP_FAILED, 1);
	check("zeroed", at[0] | at[4 * PAGE / 4 - 1], 0);
	master(1);
	start(one.bus, PATTERN, 4 * PAGE, 1);
	check("DMA to it", done_within(2000), 1);
	check("what came", at[1000], 1000u * 2654435761u);
	check("mapped privately",
	      mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, card,
		   (off_t)one.offset) == MAP_FAILED ? -errno : 0, -EINVAL);
	check("mapped beyond its end",
	      mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED, card,
		   (off_t)one.offset) == MAP_FAILED ? -errno : 0, -EINVAL);
	check("COHERENT_FREE", handle(PLX9054_FREE, (int)one.handle),
	      0);
	check("COHERENT_FREE again",
	      handle(PLX9054_FREE, (int)one.handle), -ENOENT);
	munmap((void *)(uintptr_t)at, 4 * PAGE);
	one.length = 100;
	check("COHERENT of 100 bytes", call(PLX9054_COHERENT, &one), -EINVAL);
	one.length = UINT64_C(1) << 40;
	check("COHERENT of a TiB", call(PLX9054_COHERENT, &one), -EDQUOT);
	one.length = 128u << 20;
	check("COHERENT of 128 MiB at once", call(PLX9054_COHERENT, &one),
	      -ENOMEM);
	master(0);
}

static void dma(void)
{
	uint8_t *at = memory(PAGE, 0);
	int fd = eventfd(0, EFD_CLOEXEC);
	struct plx9054_event event = WITH(plx9054_event, .source = PLX9054_DMA0);
	int one = map(at, PAGE, PAGE);
	uint64_t count = 0, before;

	check("EVENTFD", call(PLX9054_EVENTFD, &WITH(plx9054_eventfd, .fd = fd)),
	      0);
	check("EVENT", call(PLX9054_EVENT, &event), 0);
	before = event.count;
	master(1);
	for (uint64_t i = 1; i <= 20; i++) {
		start(runs[0].bus, i % 2 ? PATTERN : SRAM, PAGE, i % 2);
		check("eventfd", readable(fd, 2000), 1);
		check("read", read(fd, &count, 8), 8);
		check("signals", (long long)count, 1);
		check("Done", regs[DMACSR] & DONE, DONE);
	}
	check("EVENT", call(PLX9054_EVENT, &event), 0);
	check("events", (long long)(event.count - before), 20);
	check("a time", event.time_ns > 0, 1);
	for (uint32_t i = 0; i < PAGE / 4; i++)
		check("Lword", ((uint32_t *)(void *)at)[i], i * 2654435761u);
	check("ENABLE off", call(PLX9054_ENABLE, &WITH(plx9054_enable, 0)), 0);
	start(runs[0].bus, PATTERN, PAGE, 1);
	check("no eventfd then", done_within(2000) && readable(fd, 50), 0);
	check("ENABLE on",
	      call(PLX9054_ENABLE, &WITH(plx9054_enable, .on = 1)), 0);
	check("what was waiting comes", readable(fd, 2000), 1);
	check("EVENTFD none",
	      call(PLX9054_EVENTFD, &WITH(plx9054_eventfd, .fd = -1)), 0);
	master(0);
	check("UNMAP", handle(PLX9054_FREE, one), 0);
	close(fd);
}

static void sources_refused(void)
{
	check("EVENTFD of source 5",
	      call(PLX9054_EVENTFD,
		   &WITH(plx9054_eventfd, .source = 5, .fd = -1)), -EINVAL);
	check("EVENTFD reserved",
	      call(PLX9054_EVENTFD,
		   &WITH(plx9054_eventfd, .reserved = 1, .fd = -1)), -EINVAL);
	check("EVENTFD closed",
	      call(PLX9054_EVENTFD, &WITH(plx9054_eventfd, .fd = 77)), -EBADF);
	check("EVENTFD of a card",
	      call(PLX9054_EVENTFD, &WITH(plx9054_eventfd, .fd = card)),
	      -EINVAL);
	check("ENABLE of source 5",
	      call(PLX9054_ENABLE, &WITH(plx9054_enable, .source = 5)),
	      -EINVAL);
	check("ENABLE 2", call(PLX9054_ENABLE, &WITH(plx9054_enable, .on = 2)),
	      -EINVAL);
	check("EVENT of source 5",
	      call(PLX9054_EVENT, &WITH(plx9054_event, .source = 5)), -EINVAL);
	check("SET_MASTER 2",
	      call(PLX9054_SET_MASTER, &WITH(plx9054_value, .value = 2)),
	      -EINVAL);
	check("channel 2", channel(2, PLX9054_PAUSE), -EINVAL);
	check("operation 4", channel(0, 4), -EINVAL);
}

static void channels(void)
{
	uint8_t *at = memory(HUGE, MAP_HUGETLB);
	int one = map(at, HUGE, HUGE);
	uint64_t bus = runs[0].bus;

	master(1);
	start(bus, PATTERN, HUGE, 1);
	check("it runs", regs[DMACSR] & DONE, 0);
	check("PAUSE", channel(0, PLX9054_PAUSE), 0);
	usleep(100000);
	check("paused", regs[DMACSR] & (DONE | 1), 0);
	check("RESUME", channel(0, PLX9054_RESUME), 0);
	check("it goes on to its end", done_within(5000), 1);
	check("the last Lword", ((uint32_t *)(void *)at)[HUGE / 4 - 1],
	      (HUGE / 4 - 1) * 2654435761u);
	start(bus, PATTERN, HUGE, 1);
	check("ABORT", channel(0, PLX9054_ABORT_CHANNEL), 0);
	check("aborted", regs[DMACSR], DONE);
	check("ABORT of an idle channel", channel(0, PLX9054_ABORT_CHANNEL), 0);
	memset(at, 0, PAGE);
	start(bus, PATTERN, PAGE, 1);
	check("the next is whole", done_within(2000), 1);
	check("its last Lword", ((uint32_t *)(void *)at)[PAGE / 4 - 1],
	      (PAGE / 4 - 1) * 2654435761u);
	check("CLEAR", channel(0, PLX9054_CLEAR), 0);
	check("Enable is off", regs[DMACSR], DONE);
	start(bus, PATTERN, HUGE, 1);
	check("QUIESCE", call(PLX9054_QUIESCE, NULL), 0);
	check("at rest", regs[DMACSR], DONE);
	check("bus mastering", info().flags & PLX9054_MASTER, 0);
	check("interrupts", reg(INTCSR) & 0xc0f00, 0);
	check("UNMAP", handle(PLX9054_FREE, one), 0);
	check("CLEAR_STATUS",
	      call(PLX9054_CLEAR_STATUS, &WITH(plx9054_value, 0)), 0);
}

/* A bus address that nobody answers at: an abort, which Done doesn't see. */
static void aborted(void)
{
	struct plx9054_event event = WITH(plx9054_event,
					  .source = PLX9054_ABORT);
	struct plx9054_value status = WITH(plx9054_value, 0);
	int fd = eventfd(0, EFD_CLOEXEC);

	check("EVENTFD", call(PLX9054_EVENTFD,
			      &WITH(plx9054_eventfd, .source = PLX9054_ABORT,
				    .fd = fd)), 0);
	check("ENABLE", call(PLX9054_ENABLE,
			     &WITH(plx9054_enable, .source = PLX9054_ABORT,
				   .on = 1)), 0);
	master(1);
	start(0xfff00000000, PATTERN, PAGE, 1);
	check("the abort is told", readable(fd, 2000), 1);
	check("EVENT", call(PLX9054_EVENT, &event), 0);
	check("a master abort", event.bits, 0x2000);
	check("CLEAR_STATUS", call(PLX9054_CLEAR_STATUS, &status), 0);
	check("the same", status.value, 0x2000);
	check("Done", regs[DMACSR] & DONE, 0);
	check("ABORT", channel(0, PLX9054_ABORT_CHANNEL), 0);
	check("Done now", regs[DMACSR] & DONE, DONE);
	master(0);
	close(fd);
}

static sigjmp_buf back;
static void bus_error(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

/* 0 or -1: SIGBUS */
static int touch(volatile uint32_t *at, uint32_t *value)
{
	if (sigsetjmp(back, 1))
		return -1;
	*value = *at;
	return 0;
}

static void windows(void)
{
	struct plx9054_window one = WITH(plx9054_window, .what = 2);
	struct plx9054_coherent block = WITH(plx9054_coherent, .length = PAGE);
	struct plx9054_window two = WITH(plx9054_window,
					 .kind = PLX9054_WINDOW_COHERENT);
	volatile uint32_t *at, *own;
	uint32_t value = 0;

	signal(SIGBUS, bus_error);
	check("WINDOW", call(PLX9054_WINDOW, &one), 0);
	at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, one.fd, PAGE);
	own = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, card,
		   (off_t)PLX9054_MMAP_BAR(2) + PAGE);
	at[3] = 0x12345678;
	check("what it shows", own[3], 0x12345678);
	check("no more than its space",
	      mmap(NULL, PAGE, PROT_READ, MAP_SHARED, one.fd, 1 << 20) ==
	      MAP_FAILED ? -errno : 0, -EINVAL);
	check("not even a part",
	      mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, one.fd,
		   (1 << 20) - PAGE) == MAP_FAILED ? -errno : 0, -EINVAL);
	check("COHERENT", call(PLX9054_COHERENT, &block), 0);
	two.what = block.handle;
	check("WINDOW on it", call(PLX9054_WINDOW, &two), 0);
	check("REVOKE", handle(PLX9054_FREE, (int)one.handle), 0);
	check("a window that was revoked", touch(at, &value), -1);
	check("the owner's own", touch(own + 3, &value), 0);
	check("is still there", value, 0x12345678);
	check("to be mapped anew",
	      mmap(NULL, PAGE, PROT_READ, MAP_SHARED, one.fd, 0) == MAP_FAILED ?
	      -errno : 0, -EINVAL);
	check("REVOKE again", handle(PLX9054_FREE, (int)one.handle), -ENOENT);
	check("REVOKE 0", handle(PLX9054_FREE, 0), -ENOENT);
	at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, two.fd, 0);
	check("the block's window", touch(at, &value), 0);
	check("COHERENT_FREE",
	      handle(PLX9054_FREE, (int)block.handle), 0);
	check("a window on nothing", touch(at, &value), -1);
	munmap((void *)(uintptr_t)own, PAGE);
	signal(SIGBUS, SIG_DFL);
	one.what = 0;
	check("WINDOW on BAR0", call(PLX9054_WINDOW, &one), -EPERM);
	one.what = 1;
	check("WINDOW on BAR1", call(PLX9054_WINDOW, &one), -EPERM);
	one.what = 7;
	check("WINDOW on BAR7", call(PLX9054_WINDOW, &one), -EPERM);
	one.kind = 2;
	check("WINDOW of kind 2", call(PLX9054_WINDOW, &one), -EINVAL);
	two.what = 0;
	check("WINDOW on no block", call(PLX9054_WINDOW, &two), -ENOENT);
}

static int access_to(uint32_t space, uint32_t offset, uint32_t width,
		     int to_write, uint32_t *value)
{
	struct plx9054_access one =
		WITH(plx9054_access, .space = space, .offset = offset,
		     .width = width, .write = (uint32_t)to_write,
		     .value = *value);
	int rc = call(PLX9054_ACCESS, &one);

	*value = one.value;
	return rc;
}

static void accesses(void)
{
	uint32_t value = 0;

	check("configuration", access_to(0, 0, 32, 0, &value), 0);
	check("ID", value, 0x905410b5);
	check("a word", access_to(0, 2, 16, 0, &value), 0);
	check("of it", value, 0x9054);
	value = 0x40;
	check("latency timer", access_to(0, 0x0d, 8, 1, &value), 0);
	check("read back", access_to(0, 0x0d, 8, 0, &value), 0);
	check("latency timer", value, 0x40);
	check("command", access_to(0, 4, 16, 1, &value), -EPERM);
	check("BAR0", access_to(0, 0x10, 32, 1, &value), -EPERM);
	check("unaligned", access_to(0, 1, 16, 0, &value), -EINVAL);
	check("beyond", access_to(0, 256, 8, 0, &value), -EINVAL);
	check("64 bits", access_to(0, 0, 64, 0, &value), -EINVAL);
	check("space 2", access_to(2, 0, 32, 0, &value), -EINVAL);
	check("write 2", access_to(0, 0, 32, 2, &value), -EINVAL);
	check("I/O", access_to(1, PCIHIDR, 32, 0, &value), 0);
	check("hard-wired ID", value, 0x905410b5);
	value = 0xa5;
	check("I/O write", access_to(1, 0x78, 8, 1, &value), 0);
	check("seen in memory", reg(0x78) & 0xff, 0xa5);
	check("I/O beyond", access_to(1, 256, 32, 0, &value), -EINVAL);
}

static void parameter(const char *name, const char *value)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s",
		       access("/sys/module/uio_plx9054", F_OK) ?
		       "uio_plx9054_unsafe" : "uio_plx9054", name);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die(path);
	close(fd);
}

static void resets(void)
{
	volatile uint32_t *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				     MAP_SHARED, card,
				     (off_t)PLX9054_MMAP_BAR(2));
	uint32_t value = 0, range, again = 0, line = 0, line_again = 1;

	check("RESET that isn't allowed", call(PLX9054_RESET, NULL), -EPERM);
	parameter("reset", "1");
	check("RESET_ALLOWED", !!(info().flags & PLX9054_RESET_ALLOWED), 1);
	range = reg(0);
	check("line", access_to(0, 0x3c, 8, 0, &line), 0);
	check("BAR2", access_to(0, 0x18, 32, 0, &value), 0);
	check("RESET", call(PLX9054_RESET, NULL), 0);
	check("BAR2 again", access_to(0, 0x18, 32, 0, &again), 0);
	check("is what it was", again, value);
	check("line again", access_to(0, 0x3c, 8, 0, &line_again), 0);
	check("is what it was", line_again, line);
	check("LAS0RR", reg(0), range);
	check("its memory answers", at[3], 3u * 2654435761u);
	check("interrupts are on", reg(INTCSR) & 0x100, 0x100);
	parameter("reset", "0");
	munmap((void *)(uintptr_t)at, PAGE);
	dma();
}

/* A child that owns the card and has it write to two hugepages for long. */
static pid_t owner_at_work(int ready[2])
{
	struct plx9054_coherent block = WITH(plx9054_coherent, .length = PAGE);
	volatile uint32_t *at;
	pid_t pid;

	if (pipe(ready))
		die("pipe");
	pid = fork();
	if (pid) {
		char byte;

		close(ready[1]);
		check("the owner works", read(ready[0], &byte, 1), 1);
		return pid;
	}
	card_open();
	if (map(memory(2 * HUGE, MAP_HUGETLB), 2 * HUGE, HUGE) <= 0 ||
	    call(PLX9054_COHERENT, &block))
		_exit(1);
	at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, card,
		  (off_t)block.offset);
	if (at == MAP_FAILED)
		_exit(1);
	at[0] = 1;
	master(1);
	start(runs[0].bus, PATTERN, runs[0].length & 0x7ffffc, 1);
	if (regs[DMACSR] & DONE || write(ready[1], "", 1) != 1)
		_exit(2);
	for (int i = 0; i < 100 && reg(PCIHIDR) != ~0u; i++)
		usleep(20000);
	/* Gone: everything says so, and nothing kills; what is written into
	 * memory that was the card's is no register. */
	if (at[0] != ~0u)
		_exit(4);
	memset((void *)(uintptr_t)at, 0, PAGE);
	_exit(reg(PCIHIDR) == ~0u &&
	      call(PLX9054_INFO, &WITH(plx9054_info, 0)) == -ENODEV &&
	      call(PLX9054_QUIESCE, NULL) == -ENODEV ? 42 : 3);
}

static void killed(void)
{
	for (int i = 0; i < 3; i++) {
		int ready[2], status;
		pid_t pid = owner_at_work(ready);

		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		close(ready[0]);
		card_open();
		check("Done after a kill", regs[DMACSR] & DONE, DONE);
		check("flags after a kill",
		      info().flags & (PLX9054_MASTER | PLX9054_OUT_OF_SERVICE),
		      0);
		check("pinned after a kill", (long long)info().pinned, 0);
		dma();
		card_close();
	}
}

static void attribute(const char *value)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path),
		       "/sys/bus/pci/devices/%s/uio_bus_master", address);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, 1) != 1)
		die(path);
	close(fd);
}

static uint16_t command(void)
{
	char path[128];
	uint16_t value = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config",
		       address);
	fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, &value, 2, 4) != 2)
		die(path);
	close(fd);
	return value;
}

static void driver_write(const char *file)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/%s", file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, address, strlen(address)) < 0)
		die(path);
	close(fd);
}

static void unbound(void)
{
	int ready[2], status = 0;
	pid_t pid = owner_at_work(ready);

	driver_write("drivers/uio_plx9054/unbind");
	waitpid(pid, &status, 0);
	close(ready[0]);
	check("the owner of a card that is unbound", WEXITSTATUS(status), 42);
	driver_write("drivers_probe");
	card_open();
	dma();
	card_close();
}

/* As EPICS does it: maps by number, waits by read, re-arms by write. */
static void uio(void)
{
	int fd = open("/dev/uio0", O_RDWR), two;
	uint32_t on = 1, count = 0, first = 0;
	volatile uint32_t *space;

	check("bus mastering by itself", command() & 4, 0);
	close(fd);
	attribute("1");
	fd = open("/dev/uio0", O_RDWR);
	two = open("/dev/uio0", O_RDWR);
	check("bus mastering by the administrator", command() & 4, 4);

	check("UIO", fd >= 0 && two >= 0, 1);
	check("an owner meanwhile", open(node, O_RDWR) < 0 ? -errno : 0, -EBUSY);
	close(two);
	check("an owner still", open(node, O_RDWR) < 0 ? -errno : 0, -EBUSY);
	regs = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	check("map 1 is no BAR",
	      mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE) == MAP_FAILED ?
	      -errno : 0, -EINVAL);
	space = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 2 * PAGE);
	check("registers", reg(PCIHIDR), 0x905410b5);
	check("map 2 is BAR 2", space[PAGE / 4 + 3], 0x12345678);
	check("interrupts are off", reg(INTCSR) & 0x100, 0);
	reg_set(INTCSR, 0x00040000);
	check("write 1", write(fd, &on, 4), 4);
	/* Of no length, as there is no memory for it. */
	for (uint32_t i = 0; i < 3; i++) {
		start(0, SRAM, 0, 0);
		check("an interrupt", readable(fd, 2000), 1);
		check("read", read(fd, &count, 4), 4);
		check("its number", count - (i ? first : count), i);
		if (!i)
			first = count;
	}
	on = 0;
	check("write 0", write(fd, &on, 4), 4);
	check("shut", reg(INTCSR) & 0x100, 0);
	munmap((void *)(uintptr_t)regs, PAGE);
	munmap((void *)(uintptr_t)space, 2 * PAGE);
	close(fd);
	check("bus mastering after a close", command() & 4, 0);
	attribute("0");
}

/* The card ignores Abort once: it goes out of service with what it may write
 * to, and only a reset brings it back. */
static void stuck(void)
{
	uint32_t kept = 2 * HUGE + PAGE;	/* its map, its coherent memory */
	int ready[2], status;
	pid_t pid = owner_at_work(ready);

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(ready[0]);
	card_open();
	check("out of service",
	      info().flags & (PLX9054_MASTER | PLX9054_OUT_OF_SERVICE),
	      PLX9054_OUT_OF_SERVICE);
	check("in quarantine", (long long)info().quarantined, kept);
	check("pinned", (long long)info().pinned, 0);
	check("SET_MASTER", call(PLX9054_SET_MASTER,
				 &WITH(plx9054_value, .value = 1)), -EBUSY);
	check("QUIESCE", call(PLX9054_QUIESCE, NULL), -ETIMEDOUT);
	check("ABORT", channel(0, PLX9054_ABORT_CHANNEL), -ETIMEDOUT);
	check("UNMAP", handle(PLX9054_FREE, map(memory(PAGE, 0), PAGE, PAGE)),
	      -EBUSY);
	parameter("reset", "1");
	check("RESET", call(PLX9054_RESET, NULL), 0);
	check("back in service",
	      info().flags & PLX9054_OUT_OF_SERVICE, 0);
	check("out of quarantine", (long long)info().quarantined, 0);
	dma();
	card_close();
}

static int finish(void)
{
	printf("%sok - %u of %u checks\n", failed ? "not " : "", passed,
	       passed + failed);
	return failed != 0;
}

/* A test that dies says how far it came. */
#define STEP(name)					\
	do {						\
		name();					\
		puts("did " #name);			\
	} while (0)

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	address = argv[1];
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)snprintf(node, sizeof(node), "/dev/plx9054/%s", address);
	alarm(100);
	if (argc > 2) {
		stuck();
		return finish();
	}
	card_open();
	check("ABI", info().abi, PLX9054_ABI);
	STEP(sizes);
	STEP(faces);
	STEP(maps_refused);
	STEP(maps_limited);
	STEP(maps_made);
	STEP(sources_refused);
	STEP(dma);
	STEP(coherent);
	STEP(channels);
	card_close();
	card_open();
	STEP(aborted);
	STEP(windows);
	STEP(accesses);
	STEP(resets);
	card_close();
	STEP(uio);
	STEP(killed);
	STEP(unbound);
	return finish();
}
