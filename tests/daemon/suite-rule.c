/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sections [allow NAME] by themselves: what is taken, which one decides, and
 * what is left when a card's section and one of these are made one.
 */
#include "policy-suites.h"

#include <errno.h>
#include <string.h>

#include <plxdma/transfer.h>

#include "daemon/grant.h"
#include "daemon/settings.h"

static struct settings settings;
static struct grant grant;
static struct error error;

static void set_up(void)
{
	settings_init(&settings);
	memset(&grant, 0, sizeof(grant));
	error.text[0] = 0;
	ck_assert_int_eq(settings_add_card(&settings, "a=model:", &error), 0);
	ck_assert_int_eq(settings_add_card(&settings, "dig1=model:", &error),
			 0);
}

static void set(const char *section, const char *key, const char *value)
{
	ck_assert_msg(!settings_set(&settings, section, key, value, &error),
		      "%s", error.text);
}

static void make(const char *card, const struct peer *peer)
{
	ck_assert_int_eq(grant_make(&grant, &settings,
				    settings_card(&settings, card),
				    grant_rule(&settings, peer, card), &error),
			 0);
}

static void refused(int result, int expected, const char *word)
{
	ck_assert_msg(result == expected, "%d instead of %d: %s", result,
		      expected, error.text);
	ck_assert_msg(strstr(error.text, word) != NULL, "\"%s\" doesn't say %s",
		      error.text, word);
}

static gid_t groups[] = { 100, 2000 };
static const struct peer alice = { .pid = 1, .uid = 1000, .gid = 1000,
				   .groups = groups, .group_count = 2 };
static const struct peer bob = { .pid = 2, .uid = 1001, .gid = 2001 };

static const struct rule *decides(const struct peer *peer, const char *card)
{
	return grant_rule(&settings, peer, card);
}

START_TEST(without_sections_the_cards_own_decides)
{
	set("card a", "deny", "0x1000-0x1fff");
	ck_assert_int_eq(grant_refuses(&settings, &bob, "a", &error), 0);
	make("a", &bob);
	ck_assert_int_eq(grant_check_channel(&grant, "a", 1, &error), 0);
	ck_assert_int_eq(grant_check_direction(&grant, "a", PLXDMA_TO_CARD,
					       &error), 0);
	ck_assert_int_eq(grant_check_claim(&grant, "a", PLXDMA_CLAIM_CARD,
					   &error), 0);
	ck_assert_int_eq(grant_check_reset(&grant, "a", &error), 0);
	refused(grant_check_window(&grant, "a", &error), -EACCES, "window=");
	refused(grant_check_tuning(&grant, "a", 0, &error), -EPERM,
		"plxdma_claim()");
	ck_assert_int_eq(grant_check_tuning(&grant, "a", 1, &error), 0);
	refused(grant_check_local(&grant, "a", 0x1000, 4, 0, &error), -EACCES,
		"deny=");
	ck_assert_int_eq(grant.eeprom_writable, 0);
	ck_assert_uint_eq(grant.weight, 1);
}
END_TEST

START_TEST(what_a_section_does_not_say_is_safe)
{
	set("card a", "window", "allowed");
	set("card a", "tuning", "allowed");
	set("card a", "eeprom", "writable");
	set("allow all", "card", "*");
	make("a", &alice);
	refused(grant_check_window(&grant, "a", &error), -EACCES,
		"[allow all]");
	refused(grant_check_reset(&grant, "a", &error), -EACCES, "reset=");
	refused(grant_check_tuning(&grant, "a", 0, &error), -EPERM, "claim");
	ck_assert_int_eq(grant.eeprom_writable, 0);
	ck_assert_int_eq(grant_check_claim(&grant, "a", PLXDMA_CLAIM_CARD,
					   &error), 0);
}
END_TEST

START_TEST(a_section_gives_no_more_than_its_card)
{
	set("allow all", "window", "allowed");
	set("allow all", "tuning", "allowed");
	set("allow all", "eeprom", "writable");
	make("a", &alice);
	ck_assert_int_eq(grant.window, 0);
	ck_assert_int_eq(grant.eeprom_writable, 0);
	refused(grant_check_tuning(&grant, "a", 0, &error), -EPERM, "claim");
	set("card a", "window", "allowed");
	set("card a", "tuning", "refused");
	make("a", &alice);
	ck_assert_int_eq(grant.window, 1);
	refused(grant_check_tuning(&grant, "a", 1, &error), -EACCES,
		"tuning=");
}
END_TEST

START_TEST(first_section_that_fits_decides_alone)
{
	set("allow one", "user", "1000");
	set("allow one", "card", "dig*");
	set("allow one", "direction", "to-host");
	set("allow two", "group", "2001, 100");
	set("allow three", "weight", "3");
	ck_assert_str_eq(decides(&alice, "dig1")->name, "one");
	ck_assert_str_eq(decides(&alice, "a")->name, "two");
	ck_assert_str_eq(decides(&bob, "dig1")->name, "two");
	ck_assert_str_eq(decides(&(struct peer){ .uid = 7 }, "a")->name,
			 "three");
	make("dig1", &alice);
	refused(grant_check_direction(&grant, "dig1", PLXDMA_TO_CARD, &error),
		-EACCES, "[allow one]");
	ck_assert_uint_eq(grant.weight, 1);
}
END_TEST

START_TEST(whom_no_section_fits_gets_nothing)
{
	set("allow one", "user", "1000");
	set("allow one", "card", "dig1");
	ck_assert_int_eq(grant_refuses(&settings, &alice, "dig1", &error), 0);
	ck_assert_int_eq(grant_refuses(&settings, &alice, NULL, &error), 0);
	refused(grant_refuses(&settings, &alice, "a", &error), -EACCES,
		"user 1000 and card a");
	refused(grant_refuses(&settings, &bob, NULL, &error), -EACCES,
		"user 1001");
	grant_nothing(&grant);
	refused(grant_check_channel(&grant, "a", 0, &error), -EACCES,
		"channel=");
	refused(grant_check_claim(&grant, "a", PLXDMA_CLAIM_CHANNEL0, &error),
		-EACCES, "claim=");
	refused(grant_check_local(&grant, "a", 0, 4, 0, &error), -EACCES,
		"dma=");
	ck_assert_int_eq(reach_is_open(&grant.reach), 0);
}
END_TEST

START_TEST(a_group_is_any_of_a_peers)
{
	set("allow one", "group", "2000");
	ck_assert_ptr_nonnull(decides(&alice, "a"));
	ck_assert_ptr_null(decides(&bob, "a"));
	/* Its own first group counts as well. */
	set("allow one", "group", "2001");
	ck_assert_ptr_nonnull(decides(&bob, "a"));
}
END_TEST

START_TEST(names_are_looked_up)
{
	set("allow one", "user", "root daemon");
	set("allow one", "group", "root");
	ck_assert_uint_eq(settings.rules[0].users.count, 2);
	ck_assert_uint_eq(settings.rules[0].users.ids[0], 0);
	ck_assert_uint_eq(settings.rules[0].groups.ids[0], 0);
}
END_TEST

START_TEST(channels_bound_claims_as_well)
{
	set("allow one", "channel", "1");
	make("a", &alice);
	refused(grant_check_channel(&grant, "a", 0, &error), -EACCES,
		"channel 0");
	ck_assert_int_eq(grant_check_channel(&grant, "a", 1, &error), 0);
	ck_assert_int_eq(grant_check_claim(&grant, "a", PLXDMA_CLAIM_CHANNEL1,
					   &error), 0);
	refused(grant_check_claim(&grant, "a", PLXDMA_CLAIM_CHANNEL0, &error),
		-EACCES, "channel=");
	refused(grant_check_claim(&grant, "a", PLXDMA_CLAIM_CARD, &error),
		-EACCES, "channel=");
	set("allow one", "claim", "refused");
	make("a", &alice);
	refused(grant_check_claim(&grant, "a", PLXDMA_CLAIM_CHANNEL1, &error),
		-EACCES, "claim=");
}
END_TEST

START_TEST(fields_of_a_mode_are_policy)
{
	struct plxdma_mode *mode = plxdma_mode_new();

	set("allow one", "mode", "constant, width");
	make("a", &alice);
	ck_assert_int_eq(grant_check_mode(&grant, "a", NULL, &error), 0);
	ck_assert_int_eq(grant_check_mode(&grant, "a", mode, &error), 0);
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1), 0);
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_WIDTH, 16), 0);
	ck_assert_int_eq(grant_check_mode(&grant, "a", mode, &error), 0);
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_DEMAND, 1), 0);
	refused(grant_check_mode(&grant, "a", mode, &error), -EACCES, "mode=");
	set("allow one", "mode", "none");
	make("a", &alice);
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_DEMAND, 0), 0);
	refused(grant_check_mode(&grant, "a", mode, &error), -EACCES, "mode=");
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(local_ranges_are_common_to_both_and_denied_by_either)
{
	set("card a", "dma", "0x1000-0x4fff");
	set("card a", "deny", "0x2000-0x20ff");
	set("allow one", "dma", "0x0-0x1fff, 0x2000-0x2fff, 0x6000-0x6fff");
	set("allow one", "deny", "0x1800-0x18ff");
	make("a", &alice);
	ck_assert_int_eq(policy_check(&grant.policy, 0x1000, 0x800, 0), 0);
	ck_assert_int_eq(policy_check(&grant.policy, 0x1000, 0x801, 0),
			 -EACCES);
	ck_assert_int_eq(policy_check(&grant.policy, 0x1900, 0x700, 0), 0);
	ck_assert_int_eq(policy_check(&grant.policy, 0x2000, 4, 1), -EACCES);
	ck_assert_int_eq(policy_check(&grant.policy, 0x2100, 0xf00, 0), 0);
	ck_assert_int_eq(policy_check(&grant.policy, 0x2100, 0xf01, 0),
			 -EACCES);
	ck_assert_int_eq(policy_check(&grant.policy, 0xfff, 1, 0), -EACCES);
	ck_assert_int_eq(policy_check(&grant.policy, 0x6000, 4, 0), -EACCES);
	/* Neighbours in the list are one range. */
	set("card dig1", "dma", "none");
	make("dig1", &alice);
	ck_assert_int_eq(policy_check(&grant.policy, 0x1000, 4, 0), -EACCES);
}
END_TEST

static int may(int write, enum plxdma_space space, uint32_t offset, int owns)
{
	const struct plxdma_step step = {
		.op = write ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ,
		.space = (uint8_t)space, .width = 32, .offset = offset,
	};

	return reach_check(&grant.reach, &step, owns, &error);
}

START_TEST(registers_are_common_to_both)
{
	set("card a", "read", "bar2, bar3 0x0-0xff");
	set("card a", "write", "bar2 0x0-0xff");
	set("card a", "claim-write", "bar2 0x100-0x1ff");
	set("allow one", "read", "bar2 0x80-0x8f, bar2 0x90-0x9f, chip");
	set("allow one", "write", "bar2 0x80-0x17f");
	set("allow one", "claim-write", "bar2 0xc0-0xcf");
	make("a", &alice);
	ck_assert_int_eq(may(0, PLXDMA_SPACE_BAR2, 0x8c, 0), 0);
	ck_assert_int_eq(may(0, PLXDMA_SPACE_BAR2, 0x8e, 0), 0);
	ck_assert_int_eq(may(0, PLXDMA_SPACE_BAR2, 0xa0, 0), -EACCES);
	ck_assert_int_eq(may(0, PLXDMA_SPACE_BAR3, 0, 0), -EACCES);
	ck_assert_int_eq(may(0, PLXDMA_SPACE_CHIP, 0x70, 0), -EACCES);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0x80, 0), 0);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0x40, 1), -EACCES);
	/* Either asks for a claim: there is need of one. */
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0xc0, 0), -EPERM);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0xc0, 1), 0);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0x100, 0), -EPERM);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0x100, 1), 0);
	/* A claim doesn't help where one of them allows no write at all. */
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0x180, 1), -EACCES);
}
END_TEST

START_TEST(a_list_of_one_of_them_is_enough)
{
	set("allow one", "read", "bar2 0x0-0xf");
	set("allow one", "claim-write", "bar3");
	make("a", &alice);
	ck_assert_int_eq(may(0, PLXDMA_SPACE_BAR2, 0x10, 0), -EACCES);
	ck_assert_int_eq(may(0, PLXDMA_SPACE_BAR2, 0xc, 0), 0);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR2, 0x10, 0), 0);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR3, 0x10, 0), -EPERM);
	ck_assert_int_eq(may(1, PLXDMA_SPACE_BAR3, 0x10, 1), 0);
}
END_TEST

START_TEST(quotas_come_from_the_section_or_from_the_daemons)
{
	set("daemon", "max-clients", "40");
	make("a", &alice);
	ck_assert_uint_eq(grant.max_arena, 1u << 30);
	ck_assert_uint_eq(grant.max_user_arena, UINT64_C(4) << 30);
	ck_assert_uint_eq(grant.max_user_clients, 30);
	ck_assert_uint_eq(grant.max_user_in_flight, 4096);
	set("daemon", "max-user-clients", "7");
	set("daemon", "max-user-arena", "6M");
	set("allow one", "max-arena", "2M");
	set("allow one", "max-user-in-flight", "5");
	set("allow one", "weight", "4");
	make("a", &alice);
	ck_assert_uint_eq(grant.max_arena, 2u << 20);
	ck_assert_uint_eq(grant.max_user_arena, 6u << 20);
	ck_assert_uint_eq(grant.max_user_clients, 7);
	ck_assert_uint_eq(grant.max_user_in_flight, 5);
	ck_assert_uint_eq(grant.weight, 4);
}
END_TEST

/* Key, value, and a word of the refusal. */
static const char *const wrong[][3] = {
	{ "user", "", "user=" },
	{ "user", "nobody-is-called-so", "no user" },
	{ "user", "4294967295", "no user" },
	{ "user", "-1", "no user" },
	{ "group", "nobody-is-called-so", "no group" },
	{ "group", ",", "group=" },
	{ "card", "", "card=" },
	{ "channel", "2", "0, 1, or none" },
	{ "channel", "", "0, 1, or none" },
	{ "channel", "0 none", "0, 1, or none" },
	{ "direction", "both", "to-host, to-card" },
	{ "mode", "fifo", "constant" },
	{ "dma", "1", "dma=" },
	{ "deny", "none", "deny=" },
	{ "read", "bar1", "read=" },
	{ "write", "", "write=" },
	{ "claim-write", "bar2 2-1", "claim-write=" },
	{ "window", "yes", "allowed or refused" },
	{ "claim", "", "allowed or refused" },
	{ "reset", "1", "allowed or refused" },
	{ "tuning", "maybe", "claim, allowed" },
	{ "eeprom", "w", "readonly or writable" },
	{ "weight", "0", "weight=" },
	{ "weight", "101", "weight=" },
	{ "max-arena", "1", "max-arena=" },
	{ "max-user-arena", "x", "max-user-arena=" },
	{ "max-user-clients", "0", "max-user-clients=" },
	{ "max-user-in-flight", "0", "max-user-in-flight=" },
	{ "users", "root", "no key users" },
};

START_TEST(wrong_value_is_told_with_its_remedy)
{
	refused(settings_set(&settings, "allow one", wrong[_i][0], wrong[_i][1],
			     &error) < 0, 1, wrong[_i][2]);
}
END_TEST

static char told[4096];

static void on_wrong(void *context, const char *text)
{
	(void)context;
	strcat(told, text);
	strcat(told, "\n");
}

static int check(void)
{
	told[0] = 0;
	return settings_check(&settings, on_wrong, NULL);
}

START_TEST(a_section_that_is_never_asked_is_an_error)
{
	set("allow everybody", "weight", "2");
	set("allow late", "user", "1000");
	ck_assert_int_eq(check(), -EINVAL);
	ck_assert(strstr(told, "[allow late] is never asked"));
	/* The first is for one card: the second is asked about others. */
	set("allow everybody", "card", "a");
	ck_assert_int_eq(check(), 0);
	set("allow late", "card", "a");
	ck_assert_int_eq(check(), -EINVAL);
}
END_TEST

START_TEST(a_card_that_is_not_there_is_an_error)
{
	set("allow one", "card", "a, dig?");
	ck_assert_int_eq(check(), 0);
	set("allow one", "card", "b");
	ck_assert_int_eq(check(), -EINVAL);
	ck_assert(strstr(told, "card=b"));
}
END_TEST

static void many_ranges(const char *section, unsigned int first)
{
	char text[64];

	for (unsigned int i = 0; i < RANGES; i++) {
		snprintf(text, sizeof(text), "bar2 %u-%u", first + i * 1000,
			 first + i * 1000 + 900);
		set(section, "write", text);
		snprintf(text, sizeof(text), "bar3 %u-%u", first + i * 1000,
			 first + i * 1000 + 900);
		set(section, "claim-write", text);
	}
}

START_TEST(more_ranges_than_there_is_room_are_an_error)
{
	many_ranges("card a", 0);
	many_ranges("allow one", 500);
	ck_assert_int_eq(check(), -EINVAL);
	ck_assert(strstr(told, "list fewer"));
}
END_TEST

Suite *rule_suite(void)
{
	Suite *suite = suite_create("rule");
	TCase *tcase = tcase_create("rule");

	tcase_add_checked_fixture(tcase, set_up, NULL);
	tcase_add_test(tcase, without_sections_the_cards_own_decides);
	tcase_add_test(tcase, what_a_section_does_not_say_is_safe);
	tcase_add_test(tcase, a_section_gives_no_more_than_its_card);
	tcase_add_test(tcase, first_section_that_fits_decides_alone);
	tcase_add_test(tcase, whom_no_section_fits_gets_nothing);
	tcase_add_test(tcase, a_group_is_any_of_a_peers);
	tcase_add_test(tcase, names_are_looked_up);
	tcase_add_test(tcase, channels_bound_claims_as_well);
	tcase_add_test(tcase, fields_of_a_mode_are_policy);
	tcase_add_test(tcase,
		       local_ranges_are_common_to_both_and_denied_by_either);
	tcase_add_test(tcase, registers_are_common_to_both);
	tcase_add_test(tcase, a_list_of_one_of_them_is_enough);
	tcase_add_test(tcase, quotas_come_from_the_section_or_from_the_daemons);
	tcase_add_loop_test(tcase, wrong_value_is_told_with_its_remedy, 0,
			    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tcase, a_section_that_is_never_asked_is_an_error);
	tcase_add_test(tcase, a_card_that_is_not_there_is_an_error);
	tcase_add_test(tcase, more_ranges_than_there_is_room_are_an_error);
	suite_add_tcase(suite, tcase);
	return suite;
}
