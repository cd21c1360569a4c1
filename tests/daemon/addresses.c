/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * No address reaches a client: the test learns from pagemap in which frames its
 * memory lies, as root may, and looks for them, as addresses and as numbers of
 * 4 KiB frames, in hexadecimal and decimal, in all that the daemon tells.
 *
 * A count may happen to be such a number: only what is told twice, with work in
 * between, is a leak.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"

#define PAGES 128
#define FRAMES 64
/* Below 16 MiB: such a number may be anything. */
#define LOW_FRAMES 0x1000u
#define PAGE 4096u
#define TEXT (4u << 20)

static struct fixture fixture;
static struct plxdma_card *card;
static uint64_t frames[FRAMES];
static unsigned int failed, counted;

static void ok(int good, const char *name)
{
	failed += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", ++counted, name);
}

/* 0 where one isn't told. */
static uint64_t frame_of(int pagemap, const void *at)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry),
		  (off_t)((uintptr_t)at / PAGE * sizeof(entry))) !=
	    sizeof(entry))
		return 0;
	return entry & ((UINT64_C(1) << 55) - 1);
}

static int frames_learn(const char *memory)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	unsigned int known = 0;
	uint64_t frame;

	for (unsigned int i = 0; known < FRAMES && i < PAGES; i++) {
		frame = frame_of(pagemap, memory + (size_t)i * PAGE);
		if (frame >= LOW_FRAMES)
			frames[known++] = frame;
	}
	if (pagemap >= 0)
		close(pagemap);
	return known == FRAMES;
}

static int is_address(uint64_t value)
{
	for (unsigned int i = 0; i < FRAMES; i++) {
		if (value == frames[i] || value / PAGE == frames[i])
			return 1;
	}
	return 0;
}

/* How many numbers of the text are addresses, read one way and the other. */
static unsigned int addresses_in(const char *text)
{
	unsigned int found = 0;
	char *end;

	while (*text) {
		if (!isxdigit((unsigned char)*text)) {
			text++;
			continue;
		}
		found += is_address(strtoull(text, NULL, 10)) ||
			 is_address(strtoull(text, &end, 16));
		while (isalnum((unsigned char)*text))
			text++;
	}
	return found;
}

/* Everything that a file holds, in *text. */
static void text_read(int fd, char *text)
{
	ssize_t got = pread(fd, text, TEXT - 1, 0);

	text[got > 0 ? got : 0] = 0;
}

/* Something that moves, and something that is refused. */
static void work(char *memory)
{
	uint32_t value = 0;
	int status;

	status = plxdma_read(card, 0x20000000, memory, 64 * PAGE / 4,
			     5000000000);
	(void)status;
	status = plxdma_write(card, 0x20000000, memory, PAGE, 5000000000);
	(void)status;
	status = plxdma_peek(card, 2, 0, 32, &value);
	(void)status;
}

enum source { STATUS, METRICS, TRACE, REPORT, LOG, ERRORS, SOURCES };
static const char *const names[SOURCES] = {
	"status", "metrics", "trace", "report", "log", "errors",
};

static void tell(enum source source, char *text)
{
	int fd;

	*text = 0;
	if (source == ERRORS) {
		(void)snprintf(text, TEXT, "%s", plxdma_error(card));
		return;
	}
	fd = source == LOG ? open(fixture.log, O_RDONLY | O_CLOEXEC) :
			     memfd_create("told", MFD_CLOEXEC);
	if (fd < 0)
		return;
	if (source == REPORT)
		(void)!plxdma_card_report(card, fd);
	else if (source != LOG)
		(void)!plxdma_daemon_tell((enum plxdma_told)source, 0, fd);
	text_read(fd, text);
	close(fd);
}

static void sources_check(char *memory, char *text)
{
	char name[64];

	for (int i = 0; i < SOURCES; i++) {
		unsigned int found, again;

		tell((enum source)i, text);
		if (i != ERRORS)
			ok(*text != 0, "there is something to look at");
		found = addresses_in(text);
		work(memory);
		tell((enum source)i, text);
		again = addresses_in(text);
		(void)snprintf(name, sizeof(name), "no address in %s",
			       names[i]);
		ok(!found || !again, name);
	}
}

/* The search itself: it would find them. */
static void search_check(char *text)
{
	(void)snprintf(text, TEXT, "{\"a\": \"0x%llx\", \"b\": %llu, c=%llx}",
		       (unsigned long long)frames[3] * PAGE + 8,
		       (unsigned long long)frames[5] * PAGE,
		       (unsigned long long)frames[7]);
	ok(addresses_in(text) == 3, "a search that finds what is there");
}

int main(void)
{
	static const char spec[] = "model:pages=small,sram=1M,iommu=off";
	char *text = malloc(TEXT), *memory;
	plxdma_handle handle;
	int skipped = EXIT_SUCCESS;

	if (!text || fixture_start(&fixture, NULL, spec, NULL))
		return EXIT_FAILURE;
	if (plxdma_open("daemon:a,arena=1M", &card)) {
		printf("Bail out! %s\n", plxdma_error(NULL));
		fixture_stop(&fixture);
		return EXIT_FAILURE;
	}
	memory = plxdma_alloc_coherent(card, PAGES * PAGE, &handle);
	if (memory)
		memset(memory, 1, PAGES * PAGE);
	if (!memory || !frames_learn(memory)) {
		printf("SKIP: frames can't be read: not root\n");
		skipped = 77;
	} else {
		search_check(text);
		tell(TRACE, text);
		work(memory);
		sources_check(memory, text);
		printf("1..%u\n", counted);
	}
	plxdma_close(card);
	failed += fixture_stop(&fixture) != 0;
	free(text);
	return failed ? EXIT_FAILURE : skipped;
}
