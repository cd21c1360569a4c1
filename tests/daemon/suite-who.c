/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Programs of other users and groups at one daemon: who gets in, and what for.
 * Each is a child that gives up being root; without root there are no others.
 */
#include "policy-suites.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "raw.h"
#include "written.h"

#define ARENA 65536
#define ALICE 4001		/* by number: nobody of this system */
#define BOB 4002
#define CAROL 4003
#define STAFF 5001

static struct written written;
static struct fixture lender;

static const char text[] =
	"[daemon]\nmax-user-clients=3\n"
	"[allow alice]\nuser=4001\nmax-user-clients=2\nmax-user-arena=64K\n"
	"[allow staff]\ngroup=5001\nchannel=0\n"
	"[allow root]\nuser=0\n";

static int needs_root(const char *test)
{
	if (!geteuid())
		return 0;
	printf("SKIP %s: needs root, to be somebody else\n", test);
	return 1;
}

static void start(const char *configuration)
{
	const char *const more[] = { "--config", written.path, NULL };

	written_make(&written);
	written_put(&written, configuration);
	ck_assert_int_eq(fixture_start(&lender, NULL, "model:pages=small",
				       more), 0);
	/* Whoever is let in here is the files' to say. */
	ck_assert_int_eq(chmod(lender.directory, 0755), 0);
	ck_assert_int_eq(chmod(lender.socket, 0666), 0);
}

static void stop(void)
{
	ck_assert_int_eq(fixture_stop(&lender), 0);
	written_end(&written);
}

static int opens(unsigned int channel)
{
	struct raw raw;

	return raw_open(&raw, ARENA, channel);
}

static int greets(unsigned int unused)
{
	struct packet packet = { .fd_count = 0 };
	struct raw raw;
	int err = raw_connect(&raw);

	(void)unused;
	wire_request_init(&packet.message, WIRE_HELLO, 1);
	return err ? err : raw_ask(&raw, &packet);
}

/* Asks for a report; 0 if the requests were left out of it. */
static int reports_little(unsigned int unused)
{
	int fd = memfd_create("report", MFD_CLOEXEC), told;
	struct plxdma_card *card;
	char report[65536];
	ssize_t length;

	(void)unused;
	if (plxdma_open("daemon:a", &card) || plxdma_card_report(card, fd))
		return -EIO;
	length = pread(fd, report, sizeof(report) - 1, 0);
	report[length > 0 ? length : 0] = 0;
	told = strstr(report, "\"requests_left_out\": true") == NULL;
	plxdma_close(card);
	close(fd);
	return -told;
}

/* What somebody else gets when it does that. */
static int as(uid_t uid, gid_t group, int (*what)(unsigned int channel),
	      unsigned int channel)
{
	int status;
	pid_t child = fork();

	if (!child) {
		if (setgroups(1, &group) || setresgid(uid, uid, uid) ||
		    setresuid(uid, uid, uid))
			_exit(255);
		_exit(-what(channel));
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

/* Opens the card and a channel. */
static int tries(uid_t uid, gid_t group, unsigned int channel)
{
	return as(uid, group, opens, channel);
}

START_TEST(who_is_named_gets_in)
{
	if (needs_root(__func__))
		return;
	start(text);
	ck_assert_int_eq(tries(ALICE, ALICE, 1), 0);
	ck_assert_int_eq(tries(BOB, STAFF, 0), 0);
	ck_assert_int_eq(tries(0, 0, 0), 0);
	stop();
}
END_TEST

START_TEST(who_is_not_named_is_refused)
{
	if (needs_root(__func__))
		return;
	start(text);
	ck_assert_int_eq(tries(BOB, BOB, 0), -EACCES);
	ck_assert_int_eq(tries(CAROL, CAROL, 1), -EACCES);
	/* Not even at the door: it learns nothing of cards and users. */
	ck_assert_int_eq(as(CAROL, CAROL, greets, 0), -EACCES);
	ck_assert_int_eq(as(ALICE, ALICE, greets, 0), 0);
	ck_assert(fixture_alive(&lender));
	stop();
}
END_TEST

START_TEST(others_requests_are_no_news_to_users)
{
	if (needs_root(__func__))
		return;
	start(text);
	ck_assert_int_eq(as(ALICE, ALICE, reports_little, 0), 0);
	ck_assert_int_eq(as(0, 0, reports_little, 0), -1);
	stop();
}
END_TEST

START_TEST(groups_rights_are_the_groups)
{
	if (needs_root(__func__))
		return;
	start(text);
	ck_assert_int_eq(tries(BOB, STAFF, 1), -EACCES);
	/* Alice's own section comes first, and has both channels. */
	ck_assert_int_eq(tries(ALICE, STAFF, 1), 0);
	stop();
}
END_TEST

START_TEST(root_is_not_above_the_files)
{
	if (needs_root(__func__))
		return;
	start("[allow alice]\nuser=4001\n");
	ck_assert_int_eq(tries(0, 0, 0), -EACCES);
	ck_assert_int_eq(tries(ALICE, ALICE, 0), 0);
	stop();
}
END_TEST

START_TEST(without_sections_everybody_gets_in)
{
	if (needs_root(__func__))
		return;
	start("");
	ck_assert_int_eq(tries(CAROL, CAROL, 0), 0);
	ck_assert_int_eq(tries(BOB, STAFF, 1), 0);
	stop();
}
END_TEST

/* Stays connected until its end of the pipe is closed. */
static pid_t stays(uid_t uid, int held, int ready)
{
	struct packet packet = { .fd_count = 0 };
	struct raw raw;
	pid_t child = fork();
	char byte;

	if (child)
		return child;
	if (setgroups(0, NULL) || setresgid(uid, uid, uid) ||
	    setresuid(uid, uid, uid) || raw_connect(&raw))
		_exit(255);
	wire_request_init(&packet.message, WIRE_HELLO, 1);
	byte = (char)(raw_ask(&raw, &packet) != 0);
	if (write(ready, &byte, 1) != 1 || read(held, &byte, 1) < 0)
		_exit(1);
	_exit(0);
}

START_TEST(connections_are_counted_by_user)
{
	int held[2], ready[2], status;
	pid_t children[2];
	char byte = 0;

	if (needs_root(__func__))
		return;
	start(text);
	ck_assert_int_eq(pipe(held), 0);
	ck_assert_int_eq(pipe(ready), 0);
	for (int i = 0; i < 2; i++) {
		children[i] = stays(ALICE, held[0], ready[1]);
		ck_assert_int_eq(read(ready[0], &byte, 1), 1);
		ck_assert_int_eq(byte, 0);
		/* The next child must not hold the end that lets them go. */
		fcntl(held[1], F_SETFD, FD_CLOEXEC);
	}
	ck_assert_int_eq(tries(ALICE, ALICE, 0), -EAGAIN);
	/* The others have theirs. */
	ck_assert_int_eq(tries(BOB, STAFF, 0), 0);
	ck_assert_int_eq(write(held[1], "xx", 2), 2);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(waitpid(children[i], &status, 0),
				 children[i]);
	for (int i = 0; i < 1000 && tries(ALICE, ALICE, 0) == -EAGAIN; i++)
		settle(10);
	ck_assert_int_eq(tries(ALICE, ALICE, 0), 0);
	stop();
}
END_TEST

Suite *who_suite(void)
{
	Suite *suite = suite_create("who");
	TCase *tcase = tcase_create("who");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, who_is_named_gets_in);
	tcase_add_test(tcase, who_is_not_named_is_refused);
	tcase_add_test(tcase, groups_rights_are_the_groups);
	tcase_add_test(tcase, root_is_not_above_the_files);
	tcase_add_test(tcase, without_sections_everybody_gets_in);
	tcase_add_test(tcase, others_requests_are_no_news_to_users);
	tcase_add_test(tcase, connections_are_counted_by_user);
	suite_add_tcase(suite, tcase);
	return suite;
}
