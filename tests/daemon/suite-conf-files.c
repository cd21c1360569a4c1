/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Several files as one configuration: their order, what later ones do to
 * earlier ones, and that every error is told with its file and line.
 */
#include "policy-suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/conf_files.h"
#include "written.h"

static struct settings settings, again;
static struct written written;
static char told[8192], files[2048];

static void add(char *to, size_t size, const char *text)
{
	size_t used = strlen(to);

	snprintf(to + used, size - used, "%s\n", text);
}

static void on_wrong(void *context, const char *text)
{
	(void)context;
	add(told, sizeof(told), text);
}

static void on_file(void *context, const char *path)
{
	(void)context;
	add(files, sizeof(files), strrchr(path, '/') + 1);
}

static const struct conf_ear ear = { .wrong = on_wrong, .file = on_file };

static void set_up(void)
{
	unsetenv("PLXDMA_SOCKET");
	written_make(&written);
	settings_init(&settings);
	told[0] = files[0] = 0;
}

static void tear_down(void)
{
	written_end(&written);
}

static int load(void)
{
	return conf_files_load(&settings, written.path, 1, &ear);
}

static void tells(const char *words)
{
	ck_assert_msg(strstr(told, words) != NULL, "\"%s\" isn't in:\n%s",
		      words, told);
}

START_TEST(files_are_read_in_the_order_of_their_names)
{
	written_put(&written, "[daemon]\nspin-us=1\nmax-clients=5\n");
	written_beside(&written, "10-b.conf", "[daemon]\nspin-us=3\n");
	written_beside(&written, "9-a.conf", "[daemon]\nspin-us=4\n");
	written_beside(&written, "05-c.conf", "[daemon]\nspin-us=2\n");
	written_beside(&written, "99-x.conf.bak", "[daemon]\nspin-us=9\n");
	written_beside(&written, ".99-hidden.conf", "[daemon]\nspin-us=9\n");
	written_beside(&written, "README", "nonsense\n");
	ck_assert_int_eq(load(), 0);
	ck_assert_str_eq(files, "plxdmad.conf\n05-c.conf\n10-b.conf\n"
				"9-a.conf\n");
	ck_assert_uint_eq(settings.spin_ns, 4000);
	ck_assert_uint_eq(settings.max_clients, 5);
}
END_TEST

START_TEST(later_files_override_by_key_and_add_to_lists)
{
	written_put(&written, "[card a]\nspec=model:\nread=bar2 0-15\n"
			      "deny=0x0-0xf\nwindow=allowed\n"
			      "[allow x]\ngroup=0\nweight=2\n");
	written_beside(&written, "1.conf", "[card a]\nread=bar2 32-47\n"
					   "deny=0x20-0x2f\nwindow=refused\n"
					   "[allow x]\nuser=0\nweight=3\n"
					   "[allow y]\nuser=0\n");
	ck_assert_int_eq(load(), 0);
	ck_assert_str_eq(settings.cards[0].spec, "model:");
	ck_assert_uint_eq(settings.cards[0].reach.read.count, 2);
	ck_assert_uint_eq(settings.cards[0].policy.denied.count, 2);
	ck_assert_int_eq(settings.cards[0].window, 0);
	ck_assert_uint_eq(settings.rule_count, 2);
	ck_assert_uint_eq(settings.rules[0].groups.count, 1);
	ck_assert_uint_eq(settings.rules[0].users.count, 1);
	ck_assert_uint_eq(settings.rules[0].weight, 3);
	ck_assert_str_eq(settings.rules[0].where, "plxdmad.conf:6");
	ck_assert_str_eq(settings.rules[1].where, "1.conf:8");
}
END_TEST

START_TEST(none_begins_a_list_anew)
{
	written_put(&written, "[card a]\nspec=model:\nread=bar2 0-15\n"
			      "dma=0x0-0xf\n");
	written_beside(&written, "1.conf", "[card a]\nread=none\n"
					   "read=bar3 0-3\ndma=none\n");
	ck_assert_int_eq(load(), 0);
	ck_assert_uint_eq(settings.cards[0].reach.read.count, 1);
	ck_assert_uint_eq(settings.cards[0].reach.read.list[0].last, 3);
	ck_assert_int_eq(settings.cards[0].policy.allowed.given, 1);
	ck_assert_uint_eq(settings.cards[0].policy.allowed.count, 0);
}
END_TEST

START_TEST(every_error_is_told_with_file_and_line)
{
	written_put(&written, "[daemon]\nspin=1\nnonsense\nmax-clients=0\n"
			      "\n[cards a]\nspec=model:\nmore=1\n"
			      "[card b]\nspec=\n");
	written_beside(&written, "1.conf", "; fine\n[allow x]\nuser=\n");
	ck_assert_int_eq(load(), -EINVAL);
	tells("plxdmad.conf:2: [daemon] has no key spin");
	tells("plxdmad.conf:3: neither");
	tells("plxdmad.conf:4: max-clients=0");
	tells("plxdmad.conf:6: no section [cards a]");
	ck_assert_ptr_null(strstr(told, "plxdmad.conf:7"));
	tells("plxdmad.conf:10: card b: a spec");
	tells("plxdmad.conf.d/1.conf:3: user=");
}
END_TEST

START_TEST(line_that_is_too_long_is_told_and_left_out)
{
	char text[600];

	/* The end of a comment that is cut off must not be a setting. */
	snprintf(text, sizeof(text), "[daemon]\n#%0198d%s", 0,
		 "spin-us=2\nmax-clients=3\n");
	written_put(&written, text);
	ck_assert_int_eq(load(), -EINVAL);
	tells("plxdmad.conf:2: the line is too long");
	ck_assert_uint_eq(settings.spin_ns, 50000);
	ck_assert_uint_eq(settings.max_clients, 3);
}
END_TEST

START_TEST(file_that_must_be_there_is_missed)
{
	unlink(written.path);
	ck_assert_int_eq(load(), -ENOENT);
	tells("plxdmad.conf: No such file");
	told[0] = 0;
	written_beside(&written, "1.conf", "[daemon]\nspin-us=2\n");
	ck_assert_int_eq(conf_files_load(&settings, written.path, 0, &ear), 0);
	ck_assert_uint_eq(settings.spin_ns, 2000);
}
END_TEST

START_TEST(folder_is_no_file)
{
	ck_assert_int_ne(conf_files_load(&settings, written.folder, 1, &ear),
			 0);
	ck_assert_str_ne(told, "");
}
END_TEST

#define EVERYTHING \
	"[daemon]\nsocket=/tmp/x\nspin-us=3\nmax-clients=9\nmax-arena=8M\n" \
	"max-user-arena=9M\nmax-user-clients=3\nmax-user-in-flight=77\n" \
	"[card a]\nspec=model:chip=9056\ndeny=0x100-0x1ff\n" \
	"dma=0x0-0xffff, 0x20000-0x2ffff\nread=chip, bar2 0-15\n" \
	"write=none\nclaim-write=bar3 0x10-0x1f\nwindow=allowed\n" \
	"tuning=refused\neeprom=writable\n" \
	"[allow x]\nuser=root, 12\ngroup=3\ncard=a*\nchannel=1\n" \
	"direction=to-host\nmode=constant, demand\ndma=none\nread=none\n" \
	"window=allowed\nclaim=refused\nobserve=refused\ntuning=allowed\n" \
	"reset=allowed\n" \
	"eeprom=writable\nweight=7\nmax-arena=1M\nmax-user-arena=2M\n" \
	"max-user-clients=2\nmax-user-in-flight=4\n" \
	"[allow y]\nmode=none\nchannel=none\ndirection=none\nuser=1\n"

START_TEST(what_is_shown_is_what_was_read)
{
	FILE *file;

	written_put(&written, EVERYTHING);
	ck_assert_int_eq(load(), 0);
	file = fopen(written.path, "we");
	ck_assert_ptr_nonnull(file);
	settings_print(&settings, file);
	fclose(file);
	again = settings;
	settings_init(&settings);
	ck_assert_msg(!load(), "%s", told);
	/* Where a section was, and a weight that is the usual one, differ. */
	for (unsigned int i = 0; i < 2; i++) {
		strcpy(settings.rules[i].where, again.rules[i].where);
		if (!again.rules[i].weight)
			again.rules[i].weight = 1;
	}
	ck_assert_mem_eq(&settings, &again, sizeof(settings));
}
END_TEST

Suite *conf_files_suite(void)
{
	Suite *suite = suite_create("conf files");
	TCase *tcase = tcase_create("conf files");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, files_are_read_in_the_order_of_their_names);
	tcase_add_test(tcase, later_files_override_by_key_and_add_to_lists);
	tcase_add_test(tcase, none_begins_a_list_anew);
	tcase_add_test(tcase, every_error_is_told_with_file_and_line);
	tcase_add_test(tcase, line_that_is_too_long_is_told_and_left_out);
	tcase_add_test(tcase, file_that_must_be_there_is_missed);
	tcase_add_test(tcase, folder_is_no_file);
	tcase_add_test(tcase, what_is_shown_is_what_was_read);
	suite_add_tcase(suite, tcase);
	return suite;
}
