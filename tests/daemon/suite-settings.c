/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Settings: what is taken, and what is told to whoever mistypes.
 */
#include "suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/conf_files.h"
#include "daemon/settings.h"

static struct settings settings;
static struct error error;
static unsigned int wrongs;

static void set_up(void)
{
	unsetenv("PLXDMA_SOCKET");
	settings_init(&settings);
	error.text[0] = 0;
	wrongs = 0;
}

/* Keeps the first. */
static void on_wrong(void *context, const char *text)
{
	(void)context;
	if (!error.text[0])
		snprintf(error.text, sizeof(error.text), "%s", text);
	wrongs++;
}

static const struct conf_ear ear = { .wrong = on_wrong };

/* Loads a file with this text. */
static int load(const char *text)
{
	char path[] = "/tmp/plxdmad-settings-XXXXXX";
	int fd = mkstemp(path);
	int result;

	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
	result = conf_file_load(&settings, path, &ear);
	unlink(path);
	return result;
}

START_TEST(defaults_are_safe)
{
	ck_assert_str_eq(settings.socket, "/run/plxdma/plxdmad.sock");
	ck_assert_uint_eq(settings.spin_ns, 50000);
	ck_assert_uint_eq(settings.max_clients, 128);
	ck_assert_uint_eq(settings.limits.arena, 1u << 30);
	ck_assert_int_eq(settings.test_faults, 0);
	ck_assert_int_eq(settings_check(&settings, on_wrong, NULL), -EINVAL);
	ck_assert(strstr(error.text, "--card"));
}
END_TEST

START_TEST(environment_names_the_socket)
{
	setenv("PLXDMA_SOCKET", "/tmp/x", 1);
	settings_init(&settings);
	ck_assert_str_eq(settings.socket, "/tmp/x");
	setenv("PLXDMA_SOCKET", "", 1);
	settings_init(&settings);
	ck_assert_str_eq(settings.socket, "/run/plxdma/plxdmad.sock");
}
END_TEST

START_TEST(file_sets_everything)
{
	ck_assert_int_eq(load("# comment\n"
			      "[daemon]\nsocket = /tmp/s\nspin-us=7\n"
			      "quantum-us=500\n"
			      "max-clients=3\nmax-arena=96M\n"
			      "[card one]\nspec=model:chip=9056,rate=132e6\n"
			      "deny=0x100-0x1ff,4096-8191\n"
			      "read=chip, bar2 0-15\nread=bar3\nwrite=none\n"
			      "[card two]\nspec=model:\neeprom=writable\n"
			      "window=allowed\ntuning=allowed\n"
			      "claim-write=bar3 0x10-0x1f\n"),
			 0);
	ck_assert_uint_eq(settings.cards[0].reach.read.count, 3);
	ck_assert_int_eq(settings.cards[0].reach.write.given, 1);
	ck_assert_uint_eq(settings.cards[0].reach.write.count, 0);
	ck_assert_int_eq(settings.cards[0].window, 0);
	ck_assert_int_eq(settings.cards[0].tuning, 0);
	ck_assert_int_eq(settings.cards[1].window, 1);
	ck_assert_int_eq(settings.cards[1].tuning, 1);
	ck_assert_uint_eq(settings.cards[1].reach.claim_write.list[0].last,
			  0x1f);
	ck_assert_str_eq(settings.socket, "/tmp/s");
	ck_assert_uint_eq(settings.spin_ns, 7000);
	ck_assert_uint_eq(settings.quantum_ns, 500000);
	ck_assert_uint_eq(settings.max_clients, 3);
	ck_assert_uint_eq(settings.limits.arena, 96u << 20);
	ck_assert_uint_eq(settings.card_count, 2);
	ck_assert_str_eq(settings.cards[0].name, "one");
	ck_assert_str_eq(settings.cards[0].spec,
			 "model:chip=9056,rate=132e6");
	ck_assert_uint_eq(settings.cards[0].policy.denied.count, 2);
	ck_assert_uint_eq(settings.cards[0].policy.denied.list[1].last, 8191);
	ck_assert_int_eq(settings.cards[0].eeprom_writable, 0);
	ck_assert_int_eq(settings.cards[1].eeprom_writable, 1);
	ck_assert_int_eq(settings_check(&settings, on_wrong, NULL), 0);
}
END_TEST

START_TEST(command_line_overrides_a_card_of_the_file)
{
	ck_assert_int_eq(load("[card a]\nspec=model:\n"), 0);
	ck_assert_int_eq(settings_add_card(&settings, "a=model:chip=9080",
					   &error), 0);
	ck_assert_uint_eq(settings.card_count, 1);
	ck_assert_str_eq(settings.cards[0].spec, "model:chip=9080");
}
END_TEST

/* What is wrong, and a word that the text must hold. */
static const struct {
	const char *file;
	const char *word;
} wrong[] = {
	{ "[daemon]\nspin=5\n", "spin-us" },
	{ "[daemon]\nspin-us=-1\n", "spin-us" },
	{ "[daemon]\nspin-us=1000001\n", "spin-us" },
	{ "[daemon]\nspin-us=5x\n", "spin-us" },
	{ "[daemon]\nspin-us=99999999999999999999\n", "spin-us" },
	{ "[daemon]\nquantum-us=99\n", "quantum-us" },
	{ "[daemon]\nquantum-us=1000001\n", "quantum-us" },
	{ "[daemon]\nmax-clients=0\n", "max-clients" },
	{ "[daemon]\nmax-clients=4K\n", "max-clients" },
	{ "[daemon]\nmax-arena=0\n", "max-arena" },
	{ "[daemon]\nmax-arena=1T\n", "max-arena" },
	{ "[daemon]\nmax-arena=99999999999G\n", "max-arena" },
	{ "[daemon]\nmax-arena=\n", "max-arena" },
	{ "[daemon]\nsocket=\n", "socket" },
	{ "[daemons]\nsocket=/x\n", "[daemons]" },
	{ "[card ]\nspec=model:\n", "name" },
	{ "[card a b]\nspec=model:\n", "name" },
	{ "[card a/b]\nspec=model:\n", "name" },
	{ "[card a]\nspec=\n", "spec" },
	{ "[card a]\nspecs=model:\n", "specs" },
	{ "[card a]\neeprom=yes\n", "writable" },
	{ "[card a]\nread=bar1\n", "read=" },
	{ "[card a]\nwrite=bar2 1\n", "write=" },
	{ "[card a]\nclaim-write=bar2 2-1\n", "claim-write=" },
	{ "[card a]\nwindow=yes\n", "window=yes" },
	{ "[card a]\ntuning=\n", "tuning=" },
	{ "[card a]\ndeny=1\n", "deny" },
	{ "[card a]\ndeny=2-1\n", "deny" },
	{ "[card a]\ndeny=0-0x100000000\n", "deny" },
	{ "[card a]\ndeny=0-1,\n", "deny" },
	{ "[card a]\ndeny=0-1 2-3\n", "deny" },
	{ "[daemon]\nnonsense\n", ":2: " },
};

START_TEST(wrong_line_is_named_with_its_remedy)
{
	ck_assert_int_lt(load(wrong[_i].file), 0);
	ck_assert_msg(strstr(error.text, wrong[_i].word) != NULL,
		      "\"%s\" doesn't name %s", error.text, wrong[_i].word);
	ck_assert(strstr(error.text, ":2: ") || strstr(error.text, ":1: "));
}
END_TEST

START_TEST(missing_file_is_an_error)
{
	ck_assert_int_eq(conf_files_load(&settings, "/nonexistent/x", 1, &ear),
			 -ENOENT);
	ck_assert(strstr(error.text, "/nonexistent/x"));
}
END_TEST

START_TEST(card_without_spec_is_found)
{
	ck_assert_int_eq(load("[card a]\ndeny=0-3\n"), 0);
	ck_assert_int_eq(settings_check(&settings, on_wrong, NULL), -EINVAL);
	ck_assert(strstr(error.text, "spec"));
}
END_TEST

#define LONG_NAME \
	"0123456789012345678901234567890123456789012345678901234567890123"

START_TEST(card_on_the_command_line_needs_name_and_spec)
{
	static const char *const bad[] = { "model:", "=model:", "a=", "",
		LONG_NAME "=model:" };

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(settings_add_card(&settings, bad[i], &error),
				 -EINVAL);
}
END_TEST

START_TEST(too_long_and_too_many_are_refused)
{
	char text[1024], name[32];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	ck_assert_int_eq(settings_set(&settings, "daemon", "socket", text,
				      &error), -ENAMETOOLONG);
	ck_assert_int_eq(settings_set(&settings, "card a", "spec", text,
				      &error), -EINVAL);
	for (int i = 1; i < SETTINGS_CARDS; i++) {
		snprintf(name, sizeof(name), "c%d=model:", i);
		ck_assert_int_eq(settings_add_card(&settings, name, &error), 0);
	}
	ck_assert_int_eq(settings_add_card(&settings, "last=model:", &error),
			 -EINVAL);
}
END_TEST

Suite *settings_suite(void)
{
	Suite *suite = suite_create("settings");
	TCase *tcase = tcase_create("settings");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, defaults_are_safe);
	tcase_add_test(tcase, environment_names_the_socket);
	tcase_add_test(tcase, file_sets_everything);
	tcase_add_test(tcase, command_line_overrides_a_card_of_the_file);
	tcase_add_loop_test(tcase, wrong_line_is_named_with_its_remedy, 0,
			    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tcase, missing_file_is_an_error);
	tcase_add_test(tcase, card_without_spec_is_found);
	tcase_add_test(tcase, card_on_the_command_line_needs_name_and_spec);
	tcase_add_test(tcase, too_long_and_too_many_are_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
