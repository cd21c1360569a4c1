/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: what EPICS devlib2 does with a UIO device, and nothing else.
 * Finds the device in sysfs by its PCI address, maps BAR N as map N with the
 * BAR's offset in its page from the PCI resources, waits by read, and arms
 * again by writing 1.
 *
 *   devlib2 PCI-ADDRESS [INTERRUPTS]
 *
 * Without a number it only puts a word into BAR2, by sysfs, for later: that is
 * before the driver comes, as then the kernel keeps others out.  The card's
 * default board has a word of its own at the start of BAR3, and raises LINTi#
 * when asked there.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u

#define INTCSR	    0x68
#define INTCSR_PCI  0x00000100u
#define INTCSR_LINT 0x00000800u
#define PCIHIDR	    0x70

#define MEMORY_WORD   0x2badcafeu
#define BOARD_NAME    0x504c5842u
#define BOARD_CONTROL 4
#define CONTROL_LINTI 0x4u

static int bad;

static void is(const char *what, uint64_t got, uint64_t wanted)
{
	printf("%sok - %s: %#llx\n", got == wanted ? "" : "not ", what,
	       (unsigned long long)got);
	bad |= got != wanted;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

/* SYSFS/uio/uioN is there for /dev/uioN. */
static int uio_open(const char *address)
{
	char path[300];
	struct dirent *entry;
	DIR *folder;
	int fd = -1;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/uio",
		       address);
	folder = opendir(path);
	if (!folder)
		die(path);
	while (fd < 0 && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, "uio", 3) != 0)
			continue;
		(void)snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (fd < 0)
		die("/dev/uioN");
	closedir(folder);
	return fd;
}

static void resource(const char *address, unsigned int bar,
		     unsigned long long *start, unsigned long long *size)
{
	char path[300], line[128] = "";
	unsigned long long last = 0;
	char *rest;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource",
		       address);
	file = fopen(path, "re");
	for (unsigned int i = 0; i <= bar; i++)
		if (!file || !fgets(line, sizeof(line), file))
			die(path);
	(void)fclose(file);
	*start = strtoull(line, &rest, 16);
	last = strtoull(rest, NULL, 16);
	*size = last - *start + 1;
}

static void *map(int fd, unsigned int number, size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    (off_t)(number * PAGE));
}

static volatile uint32_t *bar_map(int fd, const char *address, unsigned int bar)
{
	unsigned long long start, size, offset;
	uint8_t *base;

	resource(address, bar, &start, &size);
	offset = start % PAGE;
	base = map(fd, bar, (size_t)(offset + size));
	if (base == MAP_FAILED)
		die("mmap");
	return (volatile uint32_t *)(void *)(base + offset);
}

static int word_put(const char *address)
{
	char path[300];
	volatile uint32_t *base;
	uint16_t command = 0x0003;
	int fd;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config",
		       address);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (pwrite(fd, &command, sizeof(command), 4) != sizeof(command))
		die(path);
	close(fd);
	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2",
		       address);
	fd = open(path, O_RDWR | O_CLOEXEC);
	base = map(fd, 0, PAGE);
	if (base == MAP_FAILED)
		die(path);
	*base = MEMORY_WORD;
	close(fd);
	return 0;
}

static int comes(int fd, int timeout)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };

	return poll(&readable, 1, timeout) > 0;
}

static void arm(int fd)
{
	const int32_t on = 1;

	if (write(fd, &on, sizeof(on)) != sizeof(on))
		die("write");
}

static void interrupts(int fd, volatile uint32_t *regs,
		       volatile uint32_t *board, unsigned int wanted)
{
	volatile uint32_t *control = &board[BOARD_CONTROL / 4];
	uint32_t first = 0, count = 0;
	unsigned int came = 0;

	/* While [8] is 0 the enables are the user's. */
	regs[INTCSR / 4] = INTCSR_LINT;
	for (unsigned int i = 0; i < wanted; i++) {
		arm(fd);
		*control |= CONTROL_LINTI;
		if (!comes(fd, 2000))
			break;
		if (read(fd, &count, sizeof(count)) != sizeof(count))
			die("read");
		first = i ? first : count;
		came++;
		*control &= ~CONTROL_LINTI;
	}
	is("interrupts", came, wanted);
	is("as many by the kernel's count", count - first + 1, wanted);
	*control |= CONTROL_LINTI;
	is("one more, not armed", (uint64_t)comes(fd, 300), 0);
	arm(fd);
	is("armed while the line is active", (uint64_t)comes(fd, 2000), 1);
	*control &= ~CONTROL_LINTI;
	is("registers are there", regs[INTCSR / 4] != 0xffffffff, 1);
}

int main(int argc, char **argv)
{
	volatile uint32_t *regs, *memory, *board;
	int fd;

	if (argc < 2)
		return 2;
	if (argc < 3)
		return word_put(argv[1]);
	fd = uio_open(argv[1]);
	regs = bar_map(fd, argv[1], 0);
	memory = bar_map(fd, argv[1], 2);
	board = bar_map(fd, argv[1], 3);
	is("BAR0, the hard-wired ID", regs[PCIHIDR / 4], 0x905410b5);
	is("BAR3, the board's word", board[0], BOARD_NAME);
	is("BAR2, the word that was put there", memory[0], MEMORY_WORD);
	is("BAR1 can't be mapped", map(fd, 1, PAGE) == MAP_FAILED, 1);
	interrupts(fd, regs, board, (unsigned int)atoi(argv[2]));
	return bad;
}
