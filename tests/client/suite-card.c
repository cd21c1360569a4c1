/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opening a card of the daemon, its memory, and what such a program carries.
 */
#include "suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lent.h"

static const struct {
	const char *spec;
	int expected;
	const char *word;
} refused[] = {
	{ "daemon:", -EINVAL, "name" },
	{ "daemon:b", -ENODEV, "plxdma list" },
	{ "daemon:a,colour=red", -EINVAL, "socket=PATH" },
	{ "daemon:a,socket=/nonexistent/s", -ENOENT, "start it" },
	{ "daemon:a,unpinned", -EPERM, "unpinned" },
	{ "daemon:a,reset=allowed", -EPERM, "reset" },
	{ "daemon:a,arena=many", -EINVAL, "arena" },
	{ "daemon:0123456789012345678901234567890123456789012345678901234567890"
	  "1234", -EINVAL, "63" },
};

START_TEST(spec_that_is_wrong_is_told_why)
{
	int result;

	lender_start("");
	result = plxdma_open(refused[_i].spec, &card);
	ck_assert_int_eq(result, refused[_i].expected);
	ck_assert_msg(strstr(plxdma_error(NULL), refused[_i].word) != NULL,
		      "\"%s\"", plxdma_error(NULL));
	ck_assert_int_eq(fixture_stop(&lender), 0);
}
END_TEST

START_TEST(no_daemon_is_told)
{
	char names[1][PLXDMA_NAME];

	setenv("PLXDMA_SOCKET", "/nonexistent/socket", 1);
	ck_assert_int_eq(plxdma_open("daemon:a", &card), -ENOENT);
	ck_assert(strstr(plxdma_error(NULL), "/nonexistent/socket"));
	ck_assert_int_eq(plxdma_list(names, 1), -ENOENT);
}
END_TEST

START_TEST(path_of_the_socket_may_be_given)
{
	char spec[256];

	lender_start("");
	setenv("PLXDMA_SOCKET", "/nonexistent/socket", 1);
	snprintf(spec, sizeof(spec), "daemon:a,socket=%s,arena=1M",
		 lender.socket);
	ck_assert_int_eq(plxdma_open(spec, &card), 0);
	plxdma_close(card);
	ck_assert_int_eq(fixture_stop(&lender), 0);
}
END_TEST

START_TEST(cards_are_listed)
{
	char names[2][PLXDMA_NAME];

	lender_start("");
	ck_assert_int_eq(plxdma_list(names, 2), 1);
	ck_assert_str_eq(names[0], "a");
	ck_assert_int_eq(plxdma_list(NULL, 0), 1);
	ck_assert_int_eq(fixture_stop(&lender), 0);
}
END_TEST

START_TEST(information_names_daemon_card_and_arena)
{
	struct plxdma_card_info info = { .size = sizeof(info) };

	ok(plxdma_card_info(card, &info));
	ck_assert_str_eq(info.transport, "daemon");
	ck_assert_str_eq(info.name, "a");
	ck_assert_uint_eq(info.chip, 0x905410b5);
	ck_assert_uint_eq(info.arena_size, 4u << 20);
	ck_assert_uint_ge(info.arena_runs, 1);
	ck_assert_uint_eq(info.memory_kept, 0);
	ck_assert_uint_eq(info.in_service, 1);
}
END_TEST

START_TEST(memory_is_zeroed_and_writable_to_its_end)
{
	for (unsigned int i = 0; i < MEMORY; i++)
		ck_assert_int_eq(memory[i], 0);
	memset(memory, 0xff, MEMORY);
	ck_assert_uint_eq(plxdma_handle_of(card, memory + 5), handle + 5);
	plxdma_free_coherent(card, MEMORY, memory, handle);
	memory = plxdma_alloc_coherent(card, 4u << 20, NULL);
	ck_assert_ptr_nonnull(memory);
	ck_assert_ptr_null(plxdma_alloc_coherent(card, 1, NULL));
	ck_assert_int_eq(errno, ENOMEM);
}
END_TEST

START_TEST(pieces_cover_the_range)
{
	static struct plxdma_segment pieces[1024];
	uint64_t at = handle + 100, left = MEMORY - 200;
	uint32_t local = 0x1000;
	int count = plxdma_map_sg(card, memory + 100, left, local, pieces,
				  1024);

	ck_assert_int_gt(count, 0);
	for (int i = 0; i < count; i++) {
		ck_assert_uint_eq(pieces[i].handle, at);
		ck_assert_uint_eq(pieces[i].local, local);
		at += pieces[i].length;
		local += pieces[i].length;
		left -= pieces[i].length;
	}
	ck_assert_uint_eq(left, 0);
	failed(plxdma_map_sg(card, memory, MEMORY, 0, pieces, 0), -ENOSPC,
	       "room");
	ck_assert_int_eq(plxdma_map_sg(card, memory, 0, 0, pieces, 0), 0);
}
END_TEST

START_TEST(frames_are_verified_or_known_to_be_unknown)
{
	int result = plxdma_card_verify(card);

	ck_assert(result == 0 || result == -ENODATA);
}
END_TEST

START_TEST(client_does_not_load_what_only_arena_makers_need)
{
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "re");

	ck_assert_ptr_nonnull(maps);
	while (fgets(line, sizeof(line), maps)) {
		ck_assert_msg(!strstr(line, "libnuma"), "%s", line);
		ck_assert_msg(!strstr(line, "libhugetlbfs"), "%s", line);
	}
	fclose(maps);
}
END_TEST

START_TEST(client_starts_no_thread)
{
	char line[256];
	int threads = 0;
	FILE *status = fopen("/proc/self/status", "re");

	ck_assert_ptr_nonnull(status);
	while (fgets(line, sizeof(line), status)) {
		if (!strncmp(line, "Threads:", 8))
			threads = atoi(line + 8);
	}
	fclose(status);
#ifndef __SANITIZE_THREAD__
	ck_assert_int_eq(threads, 1);
#endif
}
END_TEST

START_TEST(two_cards_have_their_own_memory)
{
	struct plxdma_card *other;
	plxdma_handle others;
	char *theirs;

	ck_assert_int_eq(plxdma_open("daemon:a,arena=1M", &other), 0);
	theirs = plxdma_alloc_coherent(other, 4096, &others);
	ck_assert_ptr_nonnull(theirs);
	memset(theirs, 1, 4096);
	ck_assert_uint_ne(others, handle);
	ck_assert_uint_eq(plxdma_handle_of(card, theirs), 0);
	plxdma_close(other);
}
END_TEST

START_TEST(arena_over_the_limit_is_told)
{
	struct plxdma_card *other;

	ck_assert_int_eq(plxdma_open("daemon:a,arena=2G", &other), 0);
	ck_assert_ptr_null(plxdma_alloc_coherent(other, 1, NULL));
	ck_assert_int_eq(errno, EDQUOT);
	ck_assert(strstr(plxdma_error(other), "max-arena"));
	plxdma_close(other);
}
END_TEST

Suite *card_suite(void)
{
	Suite *suite = suite_create("card");
	TCase *opening = tcase_create("opening");
	TCase *tcase = tcase_create("card");

	tcase_set_timeout(opening, 60);
	tcase_add_loop_test(opening, spec_that_is_wrong_is_told_why, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(opening, no_daemon_is_told);
	tcase_add_test(opening, path_of_the_socket_may_be_given);
	tcase_add_test(opening, cards_are_listed);
	suite_add_tcase(suite, opening);
	tcase_add_checked_fixture(tcase, lent_fast, lent_close);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, information_names_daemon_card_and_arena);
	tcase_add_test(tcase, memory_is_zeroed_and_writable_to_its_end);
	tcase_add_test(tcase, pieces_cover_the_range);
	tcase_add_test(tcase, frames_are_verified_or_known_to_be_unknown);
	tcase_add_test(tcase,
		       client_does_not_load_what_only_arena_makers_need);
	tcase_add_test(tcase, client_starts_no_thread);
	tcase_add_test(tcase, two_cards_have_their_own_memory);
	tcase_add_test(tcase, arena_over_the_limit_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}
