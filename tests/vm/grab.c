/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who gets a dead program's pages: takes every hugepage the moment the kernel
 * has it free, fills it, and looks for bytes that change.  A card that still
 * writes to memory of the dead is seen here.
 *
 *	grab PID [MS]
 *
 * Takes pages from now until PID is dead and all pages of the machine are
 * taken, watches them for MS milliseconds (600) more, and fails if a byte
 * changed or if not all pages came.
 */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE	  (2u << 20)
#define PAGES	  4096
#define FILL	  0xa5
#define PATIENCE  10000 /* ms for the last page to come */
#define LONGEST	  120000

static uint8_t *pages[PAGES];
static unsigned int taken, wanted;

static unsigned long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long)now.tv_sec * 1000 +
	       (unsigned long)now.tv_nsec / 1000000;
}

static unsigned int pages_of_machine(void)
{
	FILE *file = fopen("/proc/sys/vm/nr_hugepages", "re");
	unsigned int pages_there = 0;

	if (!file || fscanf(file, "%u", &pages_there) != 1 ||
	    pages_there > PAGES)
		pages_there = 0;
	if (file)
		(void)fclose(file);
	return pages_there;
}

static void take(void)
{
	while (taken < wanted) {
		void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1,
				  0);

		if (page == MAP_FAILED)
			return;
		memset(page, FILL, PAGE);
		pages[taken++] = page;
	}
}

/* Return: whether a byte isn't what it was made. */
static int changed(const uint8_t *page)
{
	return page[0] != FILL || memcmp(page, page + 1, PAGE - 1) != 0;
}

static unsigned int look(void)
{
	unsigned int i, bad = 0;

	for (i = 0; i < taken; i++)
		if (changed(pages[i])) {
			memset(pages[i], FILL, PAGE);
			bad++;
		}
	return bad;
}

int main(int argc, char **argv)
{
	unsigned long watch = argc > 2 ? strtoul(argv[2], NULL, 0) : 600;
	unsigned long start = now_ms(), end = 0;
	struct pollfd dead = {.events = POLLIN};
	unsigned int bad = 0;

	if (argc < 2)
		return 2;
	dead.fd = (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0);
	wanted = pages_of_machine();
	if (dead.fd < 0 || !wanted) {
		perror("grab");
		return 2;
	}
	take();
	(void)printf("grabbing\n");
	(void)fflush(stdout);
	while (!poll(&dead, 1, 0) && now_ms() - start < LONGEST)
		take();
	start = now_ms();
	do {
		take();
		if (taken == wanted && !end)
			end = now_ms() + watch;
		bad += look();
	} while (end ? now_ms() < end : now_ms() - start < PATIENCE);
	(void)printf("%sok - %u of %u pages came, %u changed\n",
		     bad || taken < wanted ? "not " : "", taken, wanted, bad);
	return bad || taken < wanted;
}
