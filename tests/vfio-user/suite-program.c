/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The program: its options, signals, counters, and its socket.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "served.h"
#include "suites.h"

static struct served served;
static struct peer peer;

static void start(const char *a, const char *b, const char *c)
{
	const char *const options[] = { a, b, c, NULL };

	served_start(&served, options);
	peer_begin(&peer, &served);
}

static void finish(void)
{
	peer_close(&peer);
	served_clean(&served);
}

static const struct {
	const char *words[3];
	uint32_t id, revision;
} chips[] = {
	{ { "--chip", "9054ac" }, 0x905410b5, 0x0c },
	{ { "--chip=9080" }, 0x908010b5, 0 },
	{ { "chip=9056,sram=64K" }, 0x905610b5, 0 },
	{ { "--sram", "64K", "chip=9656" }, 0x965610b5, 0 },
};

START_TEST(options_of_the_card_come_in_three_ways)
{
	start(chips[_i].words[0], chips[_i].words[1], chips[_i].words[2]);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0), chips[_i].id);
	if (chips[_i].revision)
		ck_assert_uint_eq(peer_read32(&peer, CONFIG, 8) & 0xff,
				  chips[_i].revision);
	finish();
}
END_TEST

START_TEST(faults_add_up)
{
	struct memory memory;

	start("--fault=target-abort@data:0", "--fault",
	      "master-abort@data:16");
	memory_new(&memory, 4096);
	card_prepare(&peer);
	ck_assert_int_eq(peer_map(&peer, 0, 4096, 0, 3, memory.fd), 0);
	card_start(&peer, 0, PATTERN, 64, TO_HOST, false);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 4) >> 28 & 3, 1);
	peer_write8(&peer, BAR0, DMACSR0, 0x00);
	peer_write8(&peer, BAR0, DMACSR0, 0x04);
	ck_assert(card_done(&peer));
	peer_write32(&peer, CONFIG, 4, 0x38000007);
	card_start(&peer, 0, PATTERN, 64, TO_HOST, false);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 4) >> 28 & 3, 2);
	memory_free(&memory);
	finish();
}
END_TEST

START_TEST(counters_are_written_when_asked_for)
{
	struct stat before, after;

	start(NULL, NULL, NULL);
	ck_assert_int_ne(stat(served.stats, &before), 0);
	(void)peer_read32(&peer, BAR0, 0x70);
	kill(served.pid, SIGUSR1);
	for (int i = 0; i < 30000 && stat(served.stats, &after); i++)
		usleep(2000);
	ck_assert_uint_eq(served_count(&served, "card.register_reads.0x70"),
			  1);
	ck_assert_uint_eq(served_count(&served, "server.clients"), 1);
	ck_assert_uint_eq(served_count(&served, "server.messages"), 2);
	ck_assert(served_lives(&served));
	finish();
}
END_TEST

START_TEST(violations_have_names)
{
	start(NULL, NULL, NULL);
	/* Abort of an idle channel. */
	peer_write8(&peer, BAR0, DMACSR0, 0x04);
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served, "card.violations.idle-abort"),
			  1);
	ck_assert_uint_eq(served_count(&served, "card.violations_total"), 1);
	finish();
}
END_TEST

START_TEST(a_signal_ends_it_cleanly)
{
	struct stat st;

	start(NULL, NULL, NULL);
	kill(served.pid, _i ? SIGINT : SIGTERM);
	ck_assert(served_ends(&served));
	ck_assert(WIFEXITED(served.status) && !WEXITSTATUS(served.status));
	ck_assert_int_ne(stat(served.socket, &st), 0);
	ck_assert_int_eq(peer_receive(&peer), GONE);
	finish();
}
END_TEST

START_TEST(once_is_one_client)
{
	start("--once", NULL, NULL);
	peer_close(&peer);
	ck_assert(served_ends(&served));
	ck_assert(WIFEXITED(served.status) && !WEXITSTATUS(served.status));
	ck_assert_uint_eq(served_count(&served, "server.clients"), 1);
	served_clean(&served);
}
END_TEST

/* Runs it with words of one's own, output dropped. */
static int run(const char *a, const char *b, const char *c, const char *d)
{
	const char *const words[] = { MODEL_PROGRAM, a, b, c, d, NULL };
	int status;
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		alarm(10);
		execv(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static const struct {
	const char *words[4];
	int code;
} lines[] = {
	{ { NULL }, 2 },
	{ { "--chip" }, 2 },
	{ { "--socket" }, 2 },
	{ { "socket" }, 2 },
	{ { "-s", "x" }, 2 },
	{ { "--socket", "/tmp/none/x", "--fault", "a,b" }, 2 },
	{ { "--socket", "/tmp/none/x", "--chip=9999" }, 1 },
	{ { "--socket", "/tmp/none/x", "--chap=9054ac" }, 1 },
	{ { "--socket", "/tmp/none/x" }, 1 },
	{ { "--socket", "/tmp" }, 1 },
	{ { "--help" }, 0 },
	{ { "--version" }, 0 },
};

START_TEST(wrong_words_are_told_from_what_fails)
{
	ck_assert_int_eq(run(lines[_i].words[0], lines[_i].words[1],
			     lines[_i].words[2], lines[_i].words[3]),
			 lines[_i].code);
}
END_TEST

START_TEST(a_socket_in_use_is_left_alone)
{
	start(NULL, NULL, NULL);
	ck_assert_int_eq(run("--socket", served.socket, NULL, NULL), 1);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0), 0x905410b5);
	finish();
}
END_TEST

/* A socket file whose owner is gone. */
static void leave_stale(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address,
			      sizeof(address)), 0);
	close(fd);
}

START_TEST(a_stale_socket_is_replaced)
{
	char path[128];
	int status, ret = -1;
	pid_t pid;

	start(NULL, NULL, NULL);
	peer_close(&peer);
	(void)snprintf(path, sizeof(path), "%s/stale", served.folder);
	leave_stale(path);
	pid = fork();
	if (!pid)
		_exit(run("--socket", path, "--once", "--quiet"));
	for (int i = 0; i < 30000 && ret; i++) {
		ret = peer_connect(&peer, path);
		usleep(2000);
	}
	ck_assert_int_eq(ret, 0);
	peer_close(&peer);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && !WEXITSTATUS(status));
	ck_assert_int_ne(access(path, F_OK), 0);
	served_clean(&served);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *program_suite(void)
{
	Suite *suite = suite_create("program");
	TCase *tcase = tcase_create("program");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, options_of_the_card_come_in_three_ways, 0,
			    COUNT(chips));
	tcase_add_test(tcase, faults_add_up);
	tcase_add_test(tcase, counters_are_written_when_asked_for);
	tcase_add_test(tcase, violations_have_names);
	tcase_add_loop_test(tcase, a_signal_ends_it_cleanly, 0, 2);
	tcase_add_test(tcase, once_is_one_client);
	tcase_add_loop_test(tcase, wrong_words_are_told_from_what_fails, 0,
			    COUNT(lines));
	tcase_add_test(tcase, a_socket_in_use_is_left_alone);
	tcase_add_test(tcase, a_stale_socket_is_replaced);
	suite_add_tcase(suite, tcase);
	return suite;
}
