/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Packets over a real socket pair: descriptors arrive, or are refused, and
 * none is left over.
 */
#include "suites.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/packet.h"

static int ends[2];

static void set_up(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    ends), 0);
}

static void tear_down(void)
{
	close(ends[0]);
	close(ends[1]);
}

static int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void three_eventfds(struct packet *packet)
{
	wire_request_init(&packet->message, WIRE_CHANNEL_OPEN, 1);
	packet->fd_count = WIRE_FDS;
	for (int i = 0; i < WIRE_FDS; i++)
		packet->fds[i] = eventfd((unsigned)i + 5, EFD_CLOEXEC);
}

START_TEST(message_arrives_with_its_descriptors)
{
	struct packet sent, got;
	uint64_t value;

	three_eventfds(&sent);
	ck_assert_int_eq(packet_send(ends[0], &sent, 0), 0);
	ck_assert_int_eq(packet_receive(ends[1], &got, 1, 0),
			 (int)sent.message.header.size);
	ck_assert_int_eq(memcmp(&got.message, &sent.message,
				sent.message.header.size), 0);
	ck_assert_uint_eq(got.fd_count, WIRE_FDS);
	for (unsigned int i = 0; i < WIRE_FDS; i++) {
		ck_assert_int_eq(read(got.fds[i], &value, 8), 8);
		ck_assert_uint_eq(value, i + 5);
	}
	packet_close_fds(&got);
	packet_close_fds(&sent);
}
END_TEST

START_TEST(descriptors_nobody_asked_for_are_not_kept)
{
	struct packet sent, got;
	int before = open_fds();

	three_eventfds(&sent);
	ck_assert_int_eq(packet_send(ends[0], &sent, 0), 0);
	packet_close_fds(&sent);
	ck_assert_int_gt(packet_receive(ends[1], &got, 0, 0), 0);
	ck_assert_uint_eq(got.fd_count, 0);
	ck_assert_int_eq(open_fds(), before);
}
END_TEST

START_TEST(packet_that_is_too_long_is_refused)
{
	char bytes[sizeof(struct wire_message) + 1] = { 0 };
	struct packet got;

	ck_assert_int_eq(send(ends[0], bytes, sizeof(bytes), 0), sizeof(bytes));
	ck_assert_int_eq(packet_receive(ends[1], &got, 1, 0), -EMSGSIZE);
}
END_TEST

START_TEST(end_of_the_connection_reads_as_zero)
{
	struct packet got;

	shutdown(ends[0], SHUT_RDWR);
	ck_assert_int_eq(packet_receive(ends[1], &got, 1, 0), 0);
}
END_TEST

START_TEST(nothing_there_says_try_again)
{
	struct packet got;

	ck_assert_int_eq(packet_receive(ends[1], &got, 1, MSG_DONTWAIT),
			 -EAGAIN);
}
END_TEST

START_TEST(sending_to_a_dead_peer_is_an_error_not_a_signal)
{
	struct packet sent = { .fd_count = 0 };

	wire_request_init(&sent.message, WIRE_HELLO, 1);
	shutdown(ends[1], SHUT_RDWR);
	ck_assert_int_eq(packet_send(ends[0], &sent, 0), -EPIPE);
}
END_TEST

Suite *packet_suite(void)
{
	Suite *suite = suite_create("packet");
	TCase *tcase = tcase_create("packet");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, message_arrives_with_its_descriptors);
	tcase_add_test(tcase, descriptors_nobody_asked_for_are_not_kept);
	tcase_add_test(tcase, packet_that_is_too_long_is_refused);
	tcase_add_test(tcase, end_of_the_connection_reads_as_zero);
	tcase_add_test(tcase, nothing_there_says_try_again);
	tcase_add_test(tcase, sending_to_a_dead_peer_is_an_error_not_a_signal);
	suite_add_tcase(suite, tcase);
	return suite;
}
