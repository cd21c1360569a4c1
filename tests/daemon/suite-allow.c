/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each rule seen from a program: a card for each, with a section that refuses
 * one thing, and what that says to who does it nevertheless.
 */
#include "policy-suites.h"

#include <errno.h>
#include <string.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "written.h"

#define SRAM 0x20000000u
#define PATIENCE INT64_C(60000000000) /* ns, for what takes microseconds */
#define CARD(name) "[card " name "]\nspec=model:pages=small,arena=1M\n" \
	"window=allowed\ntuning=allowed\neeprom=writable\n" \
	"[allow " name "]\ncard=" name "\n"

static const char text[] =
	"[daemon]\nmax-user-in-flight=64\n"
	CARD("channel") "channel=1\n"
	CARD("direction") "direction=to-host\n"
	CARD("mode") "mode=constant\n"
	CARD("dma") "dma=0x20000000-0x20000fff\ndeny=0x20000800-0x200008ff\n"
	CARD("registers") "read=bar2\nwrite=bar2 0x0-0xff\n"
		"claim-write=bar2 0x80-0x8f\n"
	CARD("claim") "claim=refused\n"
	CARD("observe") "observe=refused\n"
	CARD("rights") "tuning=refused\n"
	CARD("all") "window=allowed\ntuning=allowed\nreset=allowed\n"
		"eeprom=writable\n"
	CARD("queue") "max-user-in-flight=2\n"
	CARD("memory") "max-arena=2M\nmax-user-arena=3M\n"
	CARD("other") "user=4000000000\n";

static struct written written;
static struct fixture lender;
static struct plxdma_card *card;
static char data[8192];

static void set_up(void)
{
	const char *const more[] = { "--config", written.path, NULL };

	written_make(&written);
	written_put(&written, text);
	ck_assert_int_eq(fixture_start(&lender, NULL, "model:pages=small",
				       more), 0);
	card = NULL;
}

static void tear_down(void)
{
	plxdma_close(card);
	ck_assert_int_eq(fixture_stop(&lender), 0);
	written_end(&written);
}

static void ok(int result)
{
	ck_assert_msg(result == 0, "%d: %s", result, plxdma_error(card));
}

static void failed(int result, int expected, const char *word)
{
	const char *why = plxdma_error(card);

	ck_assert_msg(result == expected, "%d instead of %d: %s", result,
		      expected, why);
	ck_assert_msg(strstr(why, word) != NULL, "\"%s\" doesn't say %s", why,
		      word);
}

static void use(const char *spec)
{
	ck_assert_msg(!plxdma_open(spec, &card), "%s", plxdma_error(NULL));
}

START_TEST(channel_is_policy)
{
	struct plxdma_channel *channel;

	use("daemon:channel");
	failed(plxdma_channel_open(card, 0, &channel), -EACCES, "channel=");
	ok(plxdma_channel_open(card, 1, &channel));
	failed(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0), -EACCES,
	       "channel=");
	failed(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, PATIENCE), -EACCES,
	       "channel=");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL1, 0, 0));
}
END_TEST

START_TEST(direction_is_policy)
{
	use("daemon:direction");
	ok(plxdma_read(card, SRAM, data, 4096, PATIENCE));
	failed(plxdma_write(card, SRAM, data, 4096, PATIENCE), -EACCES,
	       "[allow direction]");
}
END_TEST

START_TEST(mode_is_policy)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_channel *channel;

	use("daemon:mode");
	ok(plxdma_channel_open(card, 0, &channel));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1));
	ok(plxdma_channel_set_mode(channel, mode));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_DEMAND, 1));
	failed(plxdma_channel_set_mode(channel, mode), -EACCES, "mode=");
	plxdma_mode_free(mode);
}
END_TEST

START_TEST(local_addresses_are_policy)
{
	use("daemon:dma");
	ok(plxdma_write(card, SRAM, data, 0x800, PATIENCE));
	failed(plxdma_write(card, SRAM, data, 0x804, PATIENCE), -EACCES,
	       "deny= and dma=");
	ok(plxdma_read(card, SRAM + 0x900, data, 0x700, PATIENCE));
	failed(plxdma_read(card, SRAM + 0x900, data, 0x704, PATIENCE), -EACCES,
	       "deny= and dma=");
}
END_TEST

START_TEST(registers_are_policy)
{
	uint32_t value;

	use("daemon:registers");
	ok(plxdma_peek(card, 2, 0x1000, 32, &value));
	failed(plxdma_peek(card, 3, 0, 32, &value), -EACCES, "read=");
	ok(plxdma_poke(card, 2, 0x40, 32, 1));
	failed(plxdma_poke(card, 2, 0x100, 32, 1), -EACCES, "write=");
	failed(plxdma_poke(card, 2, 0x80, 32, 1), -EPERM, "plxdma_claim()");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	ok(plxdma_poke(card, 2, 0x80, 32, 1));
	failed(plxdma_poke(card, 2, 0x100, 32, 1), -EACCES, "write=");
}
END_TEST

START_TEST(observers_are_policy)
{
	struct plxdma_observer *observer;

	use("daemon:observe");
	failed(plxdma_observer_open(card, 0, 1, &observer), -EACCES,
	       "observe=");
	plxdma_close(card);
	use("daemon:all");
	failed(plxdma_observer_open(card, 0, 1, &observer), -ENOENT,
	       "observers=yes");
}
END_TEST

/* Who observes sees all memory of a connection. */
START_TEST(memory_for_observers_is_of_one_card)
{
	struct plxdma_card *other;
	void *memory;

	use("daemon:all,observers=yes");
	memory = plxdma_alloc_coherent(card, 4096, NULL);
	ck_assert_ptr_nonnull(memory);
	ck_assert_int_eq(plxdma_open_beside("daemon:rights", card, &other),
			 -EBUSY);
	ck_assert_ptr_nonnull(strstr(plxdma_error(NULL), "one card"));
	ok(plxdma_open_beside("daemon:all", card, &other));
	plxdma_close(other);
	plxdma_close(card);
	use("daemon:all,observers=yes");
	ok(plxdma_open_beside("daemon:rights", card, &other));
	ck_assert_ptr_null(plxdma_alloc_coherent(card, 4096, NULL));
	ck_assert_ptr_nonnull(strstr(plxdma_error(card), "one card"));
	plxdma_close(other);
}
END_TEST

START_TEST(claims_are_policy)
{
	use("daemon:claim");
	failed(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0), -EACCES, "claim=");
	failed(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, PATIENCE), -EACCES,
	       "claim=");
	ok(plxdma_read(card, SRAM, data, 64, PATIENCE));
}
END_TEST

static int tune(void)
{
	struct plxdma_tuning tuning = { .size = sizeof(tuning) };

	memset((char *)&tuning + 4, 0xff, sizeof(tuning) - 4);
	tuning.pci_latency = 48;
	return plxdma_tuning_set(card, &tuning);
}

static int eeprom_write(void)
{
	uint16_t words[2];

	ok(plxdma_eeprom_read(card, 0, words, 2));
	return plxdma_eeprom_write(card, 0, words, 2, PLXDMA_EEPROM_I_MEAN_IT);
}

START_TEST(window_tuning_reset_and_eeprom_are_policy)
{
	volatile void *address;
	size_t size;

	use("daemon:rights");
	failed(plxdma_window_map(card, 2, &address, &size), -EACCES,
	       "window=");
	failed(tune(), -EACCES, "tuning=");
	failed(plxdma_card_reset(card), -EACCES, "reset=");
	failed(eeprom_write(), -EPERM, "eeprom=writable");
	ok(plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0));
	failed(tune(), -EACCES, "tuning=");
}
END_TEST

START_TEST(what_is_allowed_is_done)
{
	volatile void *address;
	size_t size;

	use("daemon:all");
	/* The software card has none to lend. */
	failed(plxdma_window_map(card, 2, &address, &size), -EOPNOTSUPP,
	       "plxdma_batch()");
	ok(tune());
	ok(eeprom_write());
	/* The card's own spec doesn't say reset=allowed. */
	failed(plxdma_card_reset(card), -EPERM, "reset=allowed");
}
END_TEST

START_TEST(transfers_of_a_user_are_counted)
{
	struct plxdma_transfer *transfers[3];
	struct plxdma_channel *channel;
	struct plxdma_request request = {
		.size = sizeof(request), .direction = PLXDMA_TO_HOST,
		.local = 0x30000000, .length = 65536,
	};
	struct plxdma_mode *mode = plxdma_mode_new();
	plxdma_handle handle;

	use("daemon:queue");
	ok(plxdma_channel_open(card, 0, &channel));
	/* The FIFO gives no data, so these stay under way. */
	ok(plxdma_claim(card, PLXDMA_CLAIM_CHANNEL0, 0, 0));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_DEMAND, 1));
	ok(plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1));
	ok(plxdma_channel_set_mode(channel, mode));
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 65536, &handle));
	request.handle = handle;
	for (int i = 0; i < 3; i++) {
		ok(plxdma_transfer_new(channel, &request, &transfers[i]));
		ok(plxdma_submit(transfers[i]));
	}
	failed(plxdma_wait(transfers[2], PATIENCE, NULL), -EDQUOT,
	       "max-user-in-flight");
	ok(plxdma_cancel(transfers[0]));
	plxdma_wait(transfers[0], PATIENCE, NULL);
	ok(plxdma_submit(transfers[2]));
	ok(plxdma_cancel(transfers[1]));
	ok(plxdma_cancel(transfers[2]));
	plxdma_mode_free(mode);
}
END_TEST

/* The card's memory comes with its first use. */
static int memory_of(struct plxdma_card *of)
{
	plxdma_handle handle;

	return plxdma_alloc_coherent(of, 4096, &handle) ? 0 : -1;
}

START_TEST(memory_of_a_program_and_of_a_user_is_counted)
{
	struct plxdma_card *second = NULL;

	use("daemon:memory,arena=4M");
	failed(memory_of(card), -1, "max-arena, [allow memory]");
	plxdma_close(card);
	card = NULL;
	use("daemon:memory,arena=2M");
	ck_assert_int_eq(memory_of(card), 0);
	ck_assert_int_eq(plxdma_open("daemon:memory,arena=2M", &second), 0);
	ck_assert_int_eq(memory_of(second), -1);
	ck_assert(strstr(plxdma_error(second), "max-user-arena"));
	plxdma_close(second);
	ck_assert_msg(!plxdma_open("daemon:memory,arena=1M", &second), "%s",
		      plxdma_error(NULL));
	ck_assert_int_eq(memory_of(second), 0);
	plxdma_close(second);
	/* What was given back counts no more. */
	plxdma_close(card);
	use("daemon:memory,arena=2M");
	ck_assert_int_eq(memory_of(card), 0);
}
END_TEST

START_TEST(card_of_others_is_refused)
{
	ck_assert_int_eq(plxdma_open("daemon:other", &card), -EACCES);
	ck_assert(strstr(plxdma_error(NULL), "card other"));
	/* So is one that no section names. */
	ck_assert_int_eq(plxdma_open("daemon:a", &card), -EACCES);
	ck_assert(strstr(plxdma_error(NULL), "user="));
	card = NULL;
}
END_TEST

Suite *allow_suite(void)
{
	Suite *suite = suite_create("allow");
	TCase *tcase = tcase_create("allow");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, channel_is_policy);
	tcase_add_test(tcase, direction_is_policy);
	tcase_add_test(tcase, mode_is_policy);
	tcase_add_test(tcase, local_addresses_are_policy);
	tcase_add_test(tcase, registers_are_policy);
	tcase_add_test(tcase, observers_are_policy);
	tcase_add_test(tcase, memory_for_observers_is_of_one_card);
	tcase_add_test(tcase, claims_are_policy);
	tcase_add_test(tcase, window_tuning_reset_and_eeprom_are_policy);
	tcase_add_test(tcase, what_is_allowed_is_done);
	tcase_add_test(tcase, transfers_of_a_user_are_counted);
	tcase_add_test(tcase, memory_of_a_program_and_of_a_user_is_counted);
	tcase_add_test(tcase, card_of_others_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
