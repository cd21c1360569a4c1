/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: as much of a driver as fits through sysfs.  Finds registers
 * and memory behind the BARs, and lets the card move the pattern of the
 * default board into a page of this program and back out to its SRAM; with a
 * UIO device also a number of transfers that end with an interrupt each.
 *
 *   driver SYSFS-FOLDER [UIO-DEVICE COUNT]
 *
 * Physical addresses come from pagemap, as nothing translates here and the
 * page lives as long as the transfer: good for a test, and for nothing else.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u

/* chip ref. 2.2 */
#define INTCSR	0x68
#define PCIHIDR 0x70
#define DMAMODE 0x80
#define DMAPADR 0x84
#define DMALADR 0x88
#define DMASIZ	0x8c
#define DMADPR	0x90
#define DMACSR	0xa8
#define DMADAC	0xb4
#define SRAM	0x20000000u
#define PATTERN 0x40000000u

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

static int file_of(const char *card, const char *name)
{
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", card, name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

/* The kernel places small BARs where it likes in a page. */
static volatile uint8_t *bar_map(const char *card, const char *name)
{
	int fd = file_of(card, name);
	char path[256], line[128];
	unsigned long long first = 0;
	FILE *file;
	uint8_t *base;

	base = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		die(name);
	(void)snprintf(path, sizeof(path), "%s/resource", card);
	file = fopen(path, "re");
	for (int i = 0; file && i <= name[8] - '0'; i++)
		if (!fgets(line, sizeof(line), file))
			die(path);
	first = strtoull(line, NULL, 16);
	(void)fclose(file);
	close(fd);
	return base + first % PAGE;
}

static volatile uint8_t *regs;

static uint32_t reg(unsigned int offset)
{
	return *(volatile uint32_t *)(regs + offset);
}

static void reg_set(unsigned int offset, uint32_t value)
{
	*(volatile uint32_t *)(regs + offset) = value;
}

static uint64_t physical(const void *at)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;

	if (pread(fd, &entry, 8, (off_t)((uintptr_t)at / PAGE * 8)) != 8)
		die("pagemap");
	close(fd);
	return (entry & ((UINT64_C(1) << 55) - 1)) * PAGE;
}

static void master_on(const char *card)
{
	int fd = file_of(card, "config");
	uint16_t command = 0x0007;

	if (pwrite(fd, &command, 2, 4) != 2)
		die("config");
	close(fd);
}

static void start(uint64_t bus, uint32_t local, uint32_t direction,
		  uint32_t mode)
{
	reg_set(DMAMODE, 0x1c3 | mode);
	reg_set(DMAPADR, (uint32_t)bus);
	reg_set(DMADAC, (uint32_t)(bus >> 32));
	reg_set(DMALADR, local);
	reg_set(DMASIZ, PAGE);
	reg_set(DMADPR, direction);
	regs[DMACSR] = 0x01;
	regs[DMACSR] = 0x03;
}

static int transfer(uint64_t bus, uint32_t local, uint32_t direction)
{
	start(bus, local, direction, 0);
	for (int i = 0; i < 1000; i++) {
		if (regs[DMACSR] & 0x10)
			return 1;
		usleep(1000);
	}
	return 0;
}

/* As uio_pci_generic has it: the count of interrupts is read, and each sets
 * Command bit 10, which this has to clear again. */
static void interrupts(const char *card, const char *path, unsigned int wanted,
		       uint64_t bus)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	int config = file_of(card, "config");
	const uint8_t unmasked = 0;
	uint32_t first = 0, count = 0;
	unsigned int done = 0, unexplained = 0;

	if (fd < 0)
		die(path);
	reg_set(INTCSR, 0x00040100);
	alarm(60);
	for (unsigned int i = 0; i < wanted; i++) {
		if (pwrite(config, &unmasked, 1, 5) != 1)
			die("unmask");
		/* Done interrupt, to INTA# */
		start(bus, PATTERN, 8, 0x20400);
		if (read(fd, &count, sizeof(count)) != sizeof(count))
			die("wait");
		if (!i)
			first = count;
		unexplained += !(reg(INTCSR) & 0x00200000);
		done += regs[DMACSR] >> 4 & 1;
		regs[DMACSR] = 0x09;
	}
	alarm(0);
	is("transfers that were done at their interrupt", done, wanted);
	is("interrupts without a cause", unexplained, 0);
	is("interrupts that the kernel counted", count - first + 1, wanted);
	close(config);
	close(fd);
}

int main(int argc, char **argv)
{
	volatile uint8_t *memory;
	volatile uint32_t *page;
	unsigned int wrong = 0;
	uint64_t bus;

	if (argc < 2)
		return 2;
	master_on(argv[1]);
	regs = bar_map(argv[1], "resource0");
	memory = bar_map(argv[1], "resource2");
	is("hard-wired ID through BAR 0", reg(PCIHIDR), 0x905410b5);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || mlock((void *)(uintptr_t)page, PAGE))
		die("page");
	page[0] = 1;
	bus = physical((void *)(uintptr_t)page);
	is("DMA to the host is done", (uint64_t)transfer(bus, PATTERN, 8), 1);
	for (uint32_t i = 0; i < PAGE / 4; i++)
		wrong += page[i] != i * 2654435761u;
	is("Lwords of it that are wrong", wrong, 0);
	is("DMA to the card is done", (uint64_t)transfer(bus, SRAM, 0), 1);
	for (uint32_t i = wrong = 0; i < PAGE / 4; i++)
		wrong += ((volatile uint32_t *)memory)[i] != page[i];
	is("Lwords in its memory that are wrong", wrong, 0);
	if (argc > 3)
		interrupts(argv[1], argv[2], (unsigned int)atoi(argv[3]),
			   bus);
	return bad;
}
