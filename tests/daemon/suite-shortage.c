/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What runs out, or is in nobody's hands any more: the log's disk, its pipe, its
 * reader, hugepages. The daemon serves on. (Descriptors: suite-program.c.)
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "raw.h"

#define ARENA (1 << 20)
#define PATIENCE_MS 60000	/* for what takes milliseconds */
#define RELOADS 8

static struct fixture under_test;

/* A socket and a folder to begin with; the daemon in them is another's. */
static void set_up(void)
{
	ck_assert_int_eq(fixture_start(&under_test, NULL, "model:pages=small",
				       NULL), 0);
	kill(under_test.pid, SIGKILL);
	waitpid(under_test.pid, NULL, 0);
	unlink(under_test.log);
}

static void start(const char *const *more)
{
	fixture_again(&under_test, NULL, "model:pages=small", more);
}

/* A client gets all that it wants, in time. */
static void serves(void)
{
	struct raw raw;
	int err = -1;

	for (int i = 0; i < PATIENCE_MS / 10 && err; i++) {
		ck_assert(fixture_alive(&under_test));
		err = raw_open(&raw, ARENA, 0);
		if (err)
			settle(10);
	}
	ck_assert_int_eq(err, 0);
	raw_close(&raw);
}

/* Gives it something to say. */
static void talks(void)
{
	for (int i = 0; i < RELOADS; i++) {
		kill(under_test.pid, SIGHUP);
		serves();
	}
}

static void end(void)
{
	unlink(under_test.log);
	ck_assert_int_eq(fixture_stop(&under_test), 0);
}

START_TEST(full_disk_under_the_log_stops_nothing)
{
	set_up();
	ck_assert_int_eq(symlink("/dev/full", under_test.log), 0);
	start(NULL);
	serves();
	talks();
	end();
}
END_TEST

/* So that not a single line fits. */
static void fill(int pipe_fd)
{
	static const char bytes[4096];

	while (write(pipe_fd, bytes, sizeof(bytes)) > 0)
		;
	while (write(pipe_fd, bytes, 1) > 0)
		;
	ck_assert_int_eq(errno, EAGAIN);
}

START_TEST(log_that_nobody_reads_stops_nothing)
{
	int reader;

	set_up();
	ck_assert_int_eq(mkfifo(under_test.log, 0600), 0);
	reader = open(under_test.log, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_ge(reader, 0);
	fill(reader);
	start(NULL);
	serves();
	talks();
	end();
	close(reader);
}
END_TEST

START_TEST(log_whose_reader_is_gone_stops_nothing)
{
	int reader;

	set_up();
	ck_assert_int_eq(mkfifo(under_test.log, 0600), 0);
	reader = open(under_test.log, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_ge(reader, 0);
	start(NULL);
	serves();
	close(reader);
	talks();
	end();
}
END_TEST

/* Hugepages of the machine, all of them. */
static unsigned long hugepages(void)
{
	FILE *file = fopen("/proc/sys/vm/nr_hugepages", "re");
	unsigned long pages = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%lu", &pages), 1);
	fclose(file);
	return pages;
}

/* Quotas don't come first. */
static void generous(char *path, size_t length, unsigned long size)
{
	FILE *file;

	snprintf(path, length, "%s/conf", under_test.directory);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "[daemon]\nmax-arena=%luM\nmax-user-arena=%luM\n",
		size, 2 * size);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(more_hugepages_than_there_are_is_told_and_others_are_served)
{
	const unsigned long size = (hugepages() + 1) * 2;
	char config[128];
	const char *const more[] = { "--config", config, NULL };
	struct plxdma_card *card;
	plxdma_handle handle;
	char spec[64];

	set_up();
	generous(config, sizeof(config), size);
	start(more);
	serves();
	/* One more than can be had, and it is refused before any is taken. */
	snprintf(spec, sizeof(spec), "daemon:a,pages=2M,arena=%luM", size);
	ck_assert_int_eq(plxdma_open(spec, &card), 0);
	ck_assert_ptr_null(plxdma_alloc_coherent(card, ARENA, &handle));
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "nr_hugepages"));
	serves();
	plxdma_close(card);
	serves();
	unlink(config);
	end();
}
END_TEST

Suite *shortage_suite(void)
{
	Suite *suite = suite_create("shortage");
	TCase *tcase = tcase_create("shortage");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, full_disk_under_the_log_stops_nothing);
	tcase_add_test(tcase, log_that_nobody_reads_stops_nothing);
	tcase_add_test(tcase, log_whose_reader_is_gone_stops_nothing);
	tcase_add_test(tcase,
		more_hugepages_than_there_are_is_told_and_others_are_served);
	suite_add_tcase(suite, tcase);
	return suite;
}
