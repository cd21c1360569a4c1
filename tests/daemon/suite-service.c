/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon under a service manager, which is played by the test; and how much
 * of what it logs passes.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/connection.h"
#include "daemon/log.h"
#include "fixture.h"

#define PATIENCE_MS 60000	/* for what takes milliseconds */

static char directory[64];
static struct sockaddr_un door = { .sun_family = AF_UNIX };
static struct sockaddr_un ear = { .sun_family = AF_UNIX };
static int door_fd, ear_fd;
static pid_t daemon_pid;

static int socket_bound(int type, struct sockaddr_un *address, const char *name)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	snprintf(address->sun_path, sizeof(address->sun_path), "%.60s/%.20s",
		 directory, name);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)address,
			      sizeof(*address)), 0);
	return fd;
}

static void set_up(void)
{
	strcpy(directory, "/tmp/plxdmad-service-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	door_fd = socket_bound(SOCK_SEQPACKET, &door, "door");
	ck_assert_int_eq(listen(door_fd, 8), 0);
	ear_fd = socket_bound(SOCK_DGRAM, &ear, "ear");
	/* As the manager's: the daemon may be another user. */
	ck_assert_int_eq(chmod(ear.sun_path, 0777), 0);
}

static void tear_down(void)
{
	close(door_fd);
	close(ear_fd);
	unlink(door.sun_path);
	unlink(ear.sun_path);
	rmdir(directory);
}

/* With the socket as descriptor 3, as systemd passes it. */
static void child_run(int passed)
{
	char pid[16];
	char *const arguments[] = {
		(char[]){ PLXDMAD }, (char[]){ "--card" },
		(char[]){ "a=model:pages=small" }, NULL,
	};
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("NOTIFY_SOCKET", ear.sun_path, 1);
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("WATCHDOG_USEC", "200000", 1);
	dup2(quiet, STDERR_FILENO);
	if (passed != 3)
		dup2(passed, 3);
	else
		fcntl(3, F_SETFD, 0);
	fixture_exec(PLXDMAD, arguments);
}

static void start(int passed)
{
	daemon_pid = fork();
	if (!daemon_pid)
		child_run(passed);
}

static int ended(void)
{
	int status = -1;

	ck_assert_int_eq(waitpid(daemon_pid, &status, 0), daemon_pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Waits until the manager hears this. */
static void hears(const char *wanted)
{
	struct pollfd poller = { .fd = ear_fd, .events = POLLIN };
	char text[256];
	ssize_t length;

	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(poll(&poller, 1, PATIENCE_MS), 1);
		length = recv(ear_fd, text, sizeof(text) - 1, 0);
		ck_assert_int_gt(length, 0);
		text[length] = 0;
		if (strstr(text, wanted))
			return;
	}
	ck_abort_msg("%s was never heard", wanted);
}

static void serves(void)
{
	struct connection connection;
	struct error error;

	ck_assert_int_eq(connection_open(door.sun_path, &connection, &error),
			 0);
	connection_close(&connection);
}

START_TEST(manager_hears_that_it_is_ready_lives_and_stops)
{
	start(door_fd);
	hears("READY=1");
	hears("WATCHDOG=1");
	hears("WATCHDOG=1");
	serves();
	kill(daemon_pid, SIGTERM);
	hears("STOPPING=1");
	ck_assert_int_eq(ended(), 0);
}
END_TEST

START_TEST(passed_socket_survives_a_restart)
{
	struct sockaddr_un *address = &door;
	int waiting = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	start(door_fd);
	hears("READY=1");
	kill(daemon_pid, SIGKILL);
	ck_assert_int_eq(ended(), -1);
	/* Nobody is there, and who comes isn't refused. */
	ck_assert_int_eq(connect(waiting, (struct sockaddr *)address,
				 sizeof(*address)), 0);
	close(waiting);
	start(door_fd);
	hears("READY=1");
	serves();
	kill(daemon_pid, SIGTERM);
	ck_assert_int_eq(ended(), 0);
	ck_assert_int_eq(access(door.sun_path, F_OK), 0);
}
END_TEST

START_TEST(another_kind_of_socket_is_refused)
{
	start(ear_fd);
	ck_assert_int_eq(ended(), 1);
}
END_TEST

START_TEST(log_lets_a_burst_pass_and_tells_what_it_left_out)
{
	struct log_gate gate = { .since = 0 };
	uint64_t now = 1000;
	unsigned int told;

	for (unsigned int i = 0; i < LOG_BURST; i++) {
		ck_assert_int_eq(log_gate_pass(&gate, now++, &told), 1);
		ck_assert_uint_eq(told, 0);
	}
	for (unsigned int i = 0; i < 7; i++)
		ck_assert_int_eq(log_gate_pass(&gate, now++, &told), 0);
	ck_assert_uint_eq(log_gate_take(&gate, now), 0);
	now += LOG_INTERVAL_NS;
	ck_assert_int_eq(log_gate_pass(&gate, now, &told), 1);
	ck_assert_uint_eq(told, 7);
	ck_assert_int_eq(log_gate_pass(&gate, now, &told), 1);
	ck_assert_uint_eq(told, 0);
}
END_TEST

START_TEST(log_tells_what_it_left_out_once_it_is_quiet)
{
	struct log_gate gate = { .since = 0 };
	unsigned int told;

	for (unsigned int i = 0; i < LOG_BURST + 3; i++)
		log_gate_pass(&gate, 5, &told);
	ck_assert_uint_eq(log_gate_take(&gate, 5 + LOG_INTERVAL_NS), 3);
	ck_assert_uint_eq(log_gate_take(&gate, 5 + LOG_INTERVAL_NS), 0);
}
END_TEST

Suite *service_suite(void)
{
	Suite *suite = suite_create("service");
	TCase *manager = tcase_create("manager");
	TCase *log = tcase_create("log");

	tcase_set_timeout(manager, 120);
	tcase_add_checked_fixture(manager, set_up, tear_down);
	tcase_add_test(manager,
		       manager_hears_that_it_is_ready_lives_and_stops);
	tcase_add_test(manager, passed_socket_survives_a_restart);
	tcase_add_test(manager, another_kind_of_socket_is_refused);
	suite_add_tcase(suite, manager);
	tcase_add_test(log, log_lets_a_burst_pass_and_tells_what_it_left_out);
	tcase_add_test(log, log_tells_what_it_left_out_once_it_is_quiet);
	suite_add_tcase(suite, log);
	return suite;
}
