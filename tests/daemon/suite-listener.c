/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The socket's name: taken only if nobody lives there.
 */
#include "suites.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/listener.h"

static char directory[64], path[96];
static struct error error;

static void set_up(void)
{
	strcpy(directory, "/tmp/plxdmad-listener-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/socket", directory);
	error.text[0] = 0;
}

static void tear_down(void)
{
	unlink(path);
	rmdir(directory);
}

START_TEST(socket_is_for_owner_and_group)
{
	struct stat st;
	int fd = listener_open(path, &error);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0660);
	listener_close(fd, path);
	ck_assert_int_lt(stat(path, &st), 0);
}
END_TEST

START_TEST(living_daemon_keeps_its_socket)
{
	int fd = listener_open(path, &error);

	ck_assert_int_eq(listener_open(path, &error), -EADDRINUSE);
	ck_assert(strstr(error.text, path));
	ck_assert_int_eq(access(path, F_OK), 0);
	listener_close(fd, path);
}
END_TEST

START_TEST(dead_daemons_socket_is_replaced)
{
	int fd = listener_open(path, &error);

	close(fd);
	fd = listener_open(path, &error);
	ck_assert_int_ge(fd, 0);
	listener_close(fd, path);
}
END_TEST

START_TEST(what_is_no_socket_is_left_alone)
{
	close(open(path, O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(listener_open(path, &error), -EEXIST);
	ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(missing_directory_is_told)
{
	char deeper[128];

	snprintf(deeper, sizeof(deeper), "%s/none/socket", directory);
	ck_assert_int_eq(listener_open(deeper, &error), -ENOENT);
	ck_assert(strstr(error.text, "directory"));
}
END_TEST

START_TEST(path_that_is_too_long_is_told)
{
	char longer[200];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	ck_assert_int_eq(listener_open(longer, &error), -ENAMETOOLONG);
}
END_TEST

Suite *listener_suite(void)
{
	Suite *suite = suite_create("listener");
	TCase *tcase = tcase_create("listener");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, socket_is_for_owner_and_group);
	tcase_add_test(tcase, living_daemon_keeps_its_socket);
	tcase_add_test(tcase, dead_daemons_socket_is_replaced);
	tcase_add_test(tcase, what_is_no_socket_is_left_alone);
	tcase_add_test(tcase, missing_directory_is_told);
	tcase_add_test(tcase, path_that_is_too_long_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}
