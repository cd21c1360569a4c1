/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdmad as its administrator sees it.
 */
#include "suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "raw.h"

static struct fixture under_test;

/* Runs a command line; returns its exit status. */
static int run(const char *arguments)
{
	const char *wrapper = getenv("PLXDMA_DAEMON_WRAPPER");
	char line[2048];
	int status;

	snprintf(line, sizeof(line), "timeout 10 %s %s %s >/dev/null 2>&1",
		 wrapper ? wrapper : "", PLXDMAD, arguments);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(settings_are_checked_without_starting)
{
	ck_assert_int_eq(run("--check-config --card a=model: --foreground"), 0);
	ck_assert_int_eq(run("--check-config --card a=model: --spin-us 3 "
			     "--socket /tmp/x --test-faults"), 0);
	ck_assert_int_eq(run("--check-config"), 1);
	ck_assert_int_eq(run("--check-config --card a"), 1);
	ck_assert_int_eq(run("--check-config --card a=model: --spin-us x"), 1);
	ck_assert_int_eq(run("--check-config --config /nonexistent"), 1);
	ck_assert_int_eq(run("--version"), 0);
	ck_assert_int_eq(run("--help"), 0);
	ck_assert_int_ne(run("--nonsense"), 0);
}
END_TEST

START_TEST(sample_configuration_is_right)
{
	ck_assert_int_eq(run("--check-config --config " CONFIGURATION), 0);
}
END_TEST

START_TEST(unknown_card_does_not_start)
{
	ck_assert_int_eq(run("--socket /tmp/plxdmad-none --card a=tape:0"), 1);
	ck_assert_int_eq(run("--socket /tmp/plxdmad-none "
			     "--card a=model:chip=4004"), 1);
	ck_assert_int_eq(run("--socket /nonexistent/s --card a=model:"), 1);
	ck_assert_int_ne(access("/tmp/plxdmad-none", F_OK), 0);
}
END_TEST

START_TEST(it_stops_when_told_and_leaves_nothing)
{
	ck_assert_int_eq(fixture_start(&under_test, NULL, "model:pages=small",
				       NULL), 0);
	ck_assert_int_eq(fixture_stop(&under_test), 0);
	ck_assert_int_ne(access(under_test.socket, F_OK), 0);
}
END_TEST

START_TEST(second_daemon_leaves_the_first_alone)
{
	char arguments[256];

	ck_assert_int_eq(fixture_start(&under_test, NULL, "model:pages=small",
				       NULL), 0);
	snprintf(arguments, sizeof(arguments), "--card a=model: --socket %s",
		 under_test.socket);
	ck_assert_int_eq(run(arguments), 1);
	ck_assert(fixture_alive(&under_test));
	ck_assert_int_eq(access(under_test.socket, F_OK), 0);
	ck_assert_int_eq(fixture_stop(&under_test), 0);
}
END_TEST

/* A line of the daemon's status that begins so. */
static void status_line(const char *name, char *line, int size)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)under_test.pid);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, size, file)) {
		if (!strncmp(line, name, strlen(name)))
			break;
	}
	fclose(file);
}

START_TEST(no_capability_is_left_and_memory_is_still_lent)
{
	static const char *const names[] = { "CapEff:", "CapPrm:" };
	struct raw raw;
	char line[256];

	ck_assert_int_eq(fixture_start(&under_test, NULL, "model:pages=small",
				       NULL), 0);
	for (int i = 0; i < 2; i++) {
		status_line(names[i], line, sizeof(line));
		ck_assert_uint_eq(strtoull(line + 7, NULL, 16), 0);
	}
	status_line("NoNewPrivs:", line, sizeof(line));
	ck_assert_int_eq(atoi(line + 11), 1);
	/* More than the limit on locked memory that most systems have. */
	ck_assert_int_eq(raw_open(&raw, 32 << 20, 0), 0);
	raw_close(&raw);
	ck_assert_int_eq(fixture_stop(&under_test), 0);
}
END_TEST

START_TEST(log_lines_have_priorities)
{
	char line[256];
	FILE *log;

	ck_assert_int_eq(fixture_start(&under_test, NULL, "model:pages=small",
				       NULL), 0);
	log = fopen(under_test.log, "re");
	ck_assert_ptr_nonnull(log);
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_nonnull(fgets(line, sizeof(line), log));
		ck_assert_int_eq(line[0], '<');
		ck_assert_int_eq(line[2], '>');
		ck_assert_ptr_nonnull(strstr(line, "plxdmad: "));
	}
	fclose(log);
	ck_assert_int_eq(fixture_stop(&under_test), 0);
}
END_TEST

static int limit_to(rlim_t descriptors)
{
	struct rlimit limit;

	if (prlimit(under_test.pid, RLIMIT_NOFILE, NULL, &limit))
		return -errno;
	limit.rlim_cur = descriptors;
	return prlimit(under_test.pid, RLIMIT_NOFILE, &limit, NULL);
}

/* The daemon may have as many descriptors as it has now, and two more. It may be
 * another user, whom not every root may tell: done as that one. */
static void descriptors_limit(void)
{
	const rlim_t descriptors = (rlim_t)fixture_fds(&under_test) + 2;
	char path[64];
	struct stat daemon;
	int status;
	pid_t pid;

	snprintf(path, sizeof(path), "/proc/%d", (int)under_test.pid);
	ck_assert_int_eq(stat(path, &daemon), 0);
	pid = fork();
	if (!pid)
		_exit(setresgid(daemon.st_gid, daemon.st_gid, daemon.st_gid) ||
		      setresuid(daemon.st_uid, daemon.st_uid, daemon.st_uid) ||
		      limit_to(descriptors));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

START_TEST(without_descriptors_a_client_is_turned_away)
{
	struct raw raws[16];
	struct packet packet;
	int i, refused = 0;

	ck_assert_int_eq(fixture_start(&under_test, NULL, "model:pages=small",
				       NULL), 0);
	descriptors_limit();
	for (i = 0; i < 16; i++)
		ck_assert_int_eq(raw_connect(&raws[i]), 0);
	/* The last of them is one too many, whatever comes of the others. */
	for (i = 15; i >= 0 && !refused; i--)
		if (packet_receive(raws[i].fd, &packet, 0, i < 15 ?
				   MSG_DONTWAIT : 0) > 0)
			refused += packet.message.header.error == -EAGAIN;
	ck_assert_int_ge(refused, 1);
	ck_assert(fixture_alive(&under_test));
	for (i = 0; i < 16; i++)
		raw_close(&raws[i]);
	ck_assert_int_eq(fixture_stop(&under_test), 0);
}
END_TEST

Suite *program_suite(void)
{
	Suite *suite = suite_create("program");
	TCase *tcase = tcase_create("program");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, settings_are_checked_without_starting);
	tcase_add_test(tcase, sample_configuration_is_right);
	tcase_add_test(tcase, unknown_card_does_not_start);
	tcase_add_test(tcase, without_descriptors_a_client_is_turned_away);
	tcase_add_test(tcase, it_stops_when_told_and_leaves_nothing);
	tcase_add_test(tcase, second_daemon_leaves_the_first_alone);
	tcase_add_test(tcase,
		       no_capability_is_left_and_memory_is_still_lent);
	tcase_add_test(tcase, log_lines_have_priorities);
	suite_add_tcase(suite, tcase);
	return suite;
}
