/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: how soon a waiting program hears of an interrupt, beside a bare
 * read of a UIO device in the same guest.
 *
 *	wake PCI-ADDRESS COUNT
 *
 * A second thread has the default board raise LINTi#; the time goes from that
 * store to the waiter's next instruction.  Printed are medians and their ratio.
 * Nothing is judged but that all interrupts come: in a guest without KVM a
 * microsecond means nothing, and only the ratio of two of them something.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#define PAGE	      4096u
#define BOARD_CONTROL 4
#define CONTROL_LINTI 0x4u
#define INTCSR	      0x68
#define INTCSR_LINT   0x00000800u
#define ASLEEP_NS     2000000	/* by then the waiter is */
#define TIMEOUT_MS    20000

/* A board whose interrupt is waited for: one way or the other. */
struct side {
	const char *name;
	volatile uint32_t *control;	/* the board's */
	int fd;
	struct plxdma_card *card;	/* NULL: the UIO device */
	void *maps[2];			/* that one's */
	uint64_t raised;		/* when */
};

static _Noreturn void die(const char *what)
{
	printf("not ok - %s: %s; %s\n", what, plxdma_error(NULL),
	       strerror(errno));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* The page that it is in; *offset: where it begins there. */
static void *uio_bar(int fd, const char *address, unsigned int bar,
		     size_t *offset)
{
	char path[300], line[128] = "";
	unsigned long long start;
	uint8_t *base;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource",
		       address);
	file = fopen(path, "re");
	for (unsigned int i = 0; i <= bar; i++)
		if (!file || !fgets(line, sizeof(line), file))
			die(path);
	(void)fclose(file);
	start = strtoull(line, NULL, 16);
	base = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    (off_t)(bar * PAGE));
	if (base == MAP_FAILED)
		die("mmap");
	*offset = start % PAGE;
	return base;
}

static int uio_open(const char *address)
{
	char path[300];
	struct dirent *entry;
	DIR *folder;
	int fd = -1;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/uio",
		       address);
	folder = opendir(path);
	while (folder && fd < 0 && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, "uio", 3) != 0)
			continue;
		(void)snprintf(path, sizeof(path), "/dev/%.200s",
			       entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (fd < 0)
		die(path);
	closedir(folder);
	return fd;
}

static void bare_open(struct side *side, const char *address)
{
	size_t regs, board;

	side->fd = uio_open(address);
	side->maps[0] = uio_bar(side->fd, address, 0, &regs);
	side->maps[1] = uio_bar(side->fd, address, 3, &board);
	side->control = (volatile uint32_t *)side->maps[1] +
			(board + BOARD_CONTROL) / 4;
	((volatile uint32_t *)side->maps[0])[(regs + INTCSR) / 4] =
		INTCSR_LINT;
}

/* The two faces exclude each other, and a map holds the file open. */
static void bare_close(struct side *side)
{
	munmap(side->maps[0], PAGE);
	munmap(side->maps[1], PAGE);
	close(side->fd);
}

static void library_open(struct side *side, const char *address)
{
	volatile void *board;
	char spec[64];
	size_t size;

	(void)snprintf(spec, sizeof(spec), "uio:%s", address);
	if (plxdma_open(spec, &side->card) ||
	    plxdma_window_map(side->card, 3, &board, &size))
		die(spec);
	side->control = &((volatile uint32_t *)board)[BOARD_CONTROL / 4];
	side->fd = plxdma_irq_fd(side->card, PLXDMA_IRQ_LINT);
	if (side->fd < 0)
		die("irq");
}

/* What the handler has masked. */
static void arm(const struct side *side)
{
	const int32_t on = 1;

	if (side->card ? plxdma_irq_enable(side->card, PLXDMA_IRQ_LINT, 1) :
			 write(side->fd, &on, sizeof(on)) != sizeof(on))
		die("arm");
}

static void wait_for_it(const struct side *side)
{
	struct plxdma_irq_event event = { .size = sizeof(event) };
	struct pollfd ready = { .fd = side->fd, .events = POLLIN };
	uint32_t count;

	if (!side->card) {
		if (read(side->fd, &count, sizeof(count)) != sizeof(count))
			die("read");
		return;
	}
	if (poll(&ready, 1, TIMEOUT_MS) != 1 ||
	    plxdma_irq_read(side->card, PLXDMA_IRQ_LINT, &event) != 1)
		die("event");
}

static void *raise_it(void *argument)
{
	const struct timespec asleep = { .tv_nsec = ASLEEP_NS };
	struct side *side = argument;

	nanosleep(&asleep, NULL);
	side->raised = now();
	*side->control |= CONTROL_LINTI;
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return one < other ? -1 : one > other;
}

static double median_us(struct side *side, unsigned int count)
{
	uint64_t *times = calloc(count, sizeof(*times));
	double median;
	pthread_t thread;
	unsigned int i;

	if (!times)
		die("memory");
	for (i = 0; i < count; i++) {
		arm(side);
		if (pthread_create(&thread, NULL, raise_it, side))
			die("thread");
		wait_for_it(side);
		times[i] = now();
		pthread_join(thread, NULL);
		times[i] -= side->raised;
		*side->control &= ~CONTROL_LINTI;
	}
	qsort(times, count, sizeof(*times), by_size);
	median = (double)times[count / 2] / 1e3;
	printf("# %s: %.0f us from the board's interrupt to its program, of %u\n",
	       side->name, median, count);
	free(times);
	return median;
}

int main(int argc, char **argv)
{
	struct side bare = { .name = "bare read of UIO" };
	struct side library = { .name = "library" };
	unsigned int count;
	double alone;

	if (argc < 3)
		return 2;
	count = (unsigned int)atoi(argv[2]);
	alarm(120);
	bare_open(&bare, argv[1]);
	alone = median_us(&bare, count);
	bare_close(&bare);
	library_open(&library, argv[1]);
	printf("# relative to the bare read: %.2f\n",
	       median_us(&library, count) / alone);
	plxdma_close(library.card);
	return 0;
}
