/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: what programs of EPICS do with a UIO device by way of devlib2,
 * and nothing else.  Looks at a signature of its own in each BAR, waits for the
 * board's interrupts, and arms again.
 *
 *   devlib2 PCI-ADDRESS [INTERRUPTS]
 *
 * Without a number it only puts a word into BAR2, by sysfs, for later: that is
 * before the driver comes, as then the kernel keeps others out.  The card's
 * default board has a word of its own at the start of BAR3, and raises LINTi#
 * when asked there.
 */
#include "devlib2.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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
	base = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		die(path);
	*base = MEMORY_WORD;
	close(fd);
	return 0;
}

static void interrupts(volatile uint32_t *regs, volatile uint32_t *board,
		       unsigned int wanted)
{
	volatile uint32_t *control = &board[BOARD_CONTROL / 4];
	uint32_t first = 0, count = 0;
	unsigned int came = 0;

	/* While [8] is 0 the enables are the user's. */
	regs[INTCSR / 4] = INTCSR_LINT;
	for (unsigned int i = 0; i < wanted; i++) {
		device_arm();
		*control |= CONTROL_LINTI;
		if (!device_comes(PATIENCE_MS, &count))
			break;
		first = i ? first : count;
		came++;
		*control &= ~CONTROL_LINTI;
	}
	is("interrupts", came, wanted);
	is("as many by the count", count - first + 1, wanted);
	*control |= CONTROL_LINTI;
	is("one more, not armed", (uint64_t)device_comes(300, &count), 0);
	device_arm();
	is("armed while the line is active",
	   (uint64_t)device_comes(PATIENCE_MS, &count), 1);
	*control &= ~CONTROL_LINTI;
	is("registers are there", regs[INTCSR / 4] != 0xffffffff, 1);
}

int main(int argc, char **argv)
{
	volatile uint32_t *regs, *memory, *board;

	if (argc < 2)
		return 2;
	if (argc < 3)
		return word_put(argv[1]);
	if (device_open(argv[1]))
		die(argv[1]);
	regs = device_bar(0);
	memory = device_bar(2);
	board = device_bar(3);
	if (!regs || !memory || !board)
		die("mmap");
	is("BAR0, the hard-wired ID", regs[PCIHIDR / 4], 0x905410b5);
	is("BAR3, the board's word", board[0], BOARD_NAME);
	is("BAR2, the word that was put there", memory[0], MEMORY_WORD);
	is("BAR1 can't be mapped", device_bar(1) == NULL, 1);
	interrupts(regs, board, (unsigned int)atoi(argv[2]));
	return bad;
}
