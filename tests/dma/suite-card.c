/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening a card, what is told of it, attaching memory. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "suites.h"

static const struct {
	const char *spec, *rest;
	int reset, no_dac, zero, result;
} specs[] = {
	{ "model:", "model:", 0, 0, 0, 0 },
	{ "model", "model", 0, 0, 0, 0 },
	{ "model:chip=9056,rate=132e6", "model:chip=9056,rate=132e6", 0, 0, 0,
	  0 },
	{ "model:dac=no", "model:", 0, 1, 0, 0 },
	{ "model:reset=allowed,chip=9080", "model:chip=9080", 1, 0, 0, 0 },
	{ "model:chip=9080,quirk=zero,seed=1", "model:chip=9080,seed=1", 0, 0,
	  1, 0 },
	{ "uio:0000:05:00.0,dac=no", "uio:0000:05:00.0", 0, 1, 0, 0 },
	{ "model:reset=no", NULL, 0, 0, 0, -EINVAL },
	{ "model:dac=", NULL, 0, 0, 0, -EINVAL },
	{ "model:quirk=zeroes", NULL, 0, 0, 0, -EINVAL },
	{ "model:reset_dma=on", "model:reset_dma=on", 0, 0, 0, 0 },
	{ "model:,,seed=1,", "model:seed=1", 0, 0, 0, 0 },
};

START_TEST(the_drivers_own_options_are_stripped)
{
	struct card_options options;
	struct error error = { "" };
	char rest[64];

	ck_assert_int_eq(options_strip(specs[_i].spec, &options, rest,
				       sizeof(rest), &error),
			 specs[_i].result);
	if (specs[_i].result) {
		ck_assert_str_ne(error.text, "");
		return;
	}
	ck_assert_str_eq(rest, specs[_i].rest);
	ck_assert_int_eq(options.reset_allowed, specs[_i].reset);
	ck_assert_int_eq(options.no_dac, specs[_i].no_dac);
	ck_assert_int_eq(options.zero_chain, specs[_i].zero);
}
END_TEST

START_TEST(a_spec_that_is_too_long_is_refused)
{
	struct card_options options;
	char rest[8];

	ck_assert_int_eq(options_strip("model:seed=1", &options, rest,
				       sizeof(rest), NULL), -ENAMETOOLONG);
}
END_TEST

static const struct {
	uint32_t hidr;
	const char *text;
} strangers[] = {
	{ 0, "is not a bridge" },
	{ 0x80861234, "is not a bridge" },
	{ UINT32_MAX, "all ones" },
	{ 0x906010b5, "PCI 9060" },
};

START_TEST(a_card_is_not_taken_by_its_default_id)
{
	const struct card_options none = { 0 };
	struct fake *fake = fake_new(strangers[_i].hidr);
	struct error error = { "" };
	struct dma_card *card;

	ck_assert_int_eq(card_new(&fake->transport, &none, "fake", &card,
				  &error), -ENODEV);
	ck_assert_msg(strstr(error.text, strangers[_i].text) != NULL, "%s",
		      error.text);
	ck_assert_int_eq(fake->closed, 1);
	ck_assert_uint_eq(fake_writes(fake), 0);
	fake_free(fake);
}
END_TEST

START_TEST(opening_a_quiet_card_leaves_bus_mastering_off)
{
	struct fake *fake = fake_new(C9054);
	const struct card_options none = { 0 };
	static const struct fake_access expected[] = {
		{ 'M', 0, 0, 0 }, { 'S', 0, 0, 0 },
	};
	struct dma_card *card;

	ck_assert_int_eq(card_new(&fake->transport, &none, "fake", &card,
				  NULL), 0);
	ck_assert(fake_wrote(fake, expected, COUNT(expected)));
	ck_assert(dma_card_in_service(card));
	ck_assert_ptr_eq(dma_card_transport(card), &fake->transport);
	ck_assert_ptr_null(dma_card_channel(card, 2));
	dma_card_close(card);
	fake_free(fake);
}
END_TEST

/* A channel that an earlier owner left at Done = 0. */
static struct fake *left_running(enum fake_end fate)
{
	struct fake *fake = fake_new(C9054);

	fake->regs[PLX_DMACSR1] = PLX_DMACSR_ENABLE;
	fake->fate[1] = fate;
	return fake;
}

START_TEST(a_channel_left_running_is_aborted_with_nothing_mapped)
{
	struct fake *fake = left_running(FAKE_HANG);
	const struct card_options none = { 0 };
	static const struct fake_access expected[] = {
		{ 'M', 0, 0, 0 }, { 'M', 0, 0, 1 },
		{ 'C', 1, 0, TRANSPORT_ABORT }, { 'M', 0, 0, 0 },
		{ 'S', 0, 0, 0 },
	};
	struct dma_card *card;

	ck_assert_int_eq(card_new(&fake->transport, &none, "fake", &card,
				  NULL), 0);
	ck_assert(fake_wrote(fake, expected, COUNT(expected)));
	ck_assert_int_eq(fake->mapped, 0);
	dma_card_close(card);
	fake_free(fake);
}
END_TEST

START_TEST(one_that_cannot_be_aborted_is_refused)
{
	struct fake *fake = left_running(FAKE_STUCK);
	const struct card_options none = { 0 };
	struct error error = { "" };
	struct dma_card *card;

	ck_assert_int_eq(card_new(&fake->transport, &none, "fake", &card,
				  &error), -EBUSY);
	ck_assert(strstr(error.text, "reset=allowed") != NULL);
	ck_assert_uint_eq(fake_calls(fake, 'R'), 0);
	ck_assert_int_eq(fake->closed, 1);
	fake_free(fake);
}
END_TEST

START_TEST(or_reset_where_that_is_allowed)
{
	struct fake *fake = left_running(FAKE_STUCK);
	const struct card_options allowed = { .reset_allowed = 1 };
	struct error error = { "" };
	struct dma_card *card;

	ck_assert_int_eq(card_new(&fake->transport, &allowed, "fake", &card,
				  &error), -EBUSY);
	ck_assert(strstr(error.text, "after a reset") != NULL);
	fake->reset_heals = 1;
	ck_assert_int_eq(card_new(&fake->transport, &allowed, "fake", &card,
				  &error), 0);
	ck_assert_uint_eq(fake_calls(fake, 'R'), 2);
	dma_card_close(card);
	fake_free(fake);
}
END_TEST

START_TEST(a_9080_gets_a_threshold_for_demand_mode)
{
	struct fake *fake = fake_new(C9080);
	struct dma_card *card = fake_open(fake, "fake:");

	ck_assert_uint_eq(fake_reg(fake, PLX_DMATHR), 0x100);
	dma_card_close(card);
	fake_forget(fake);
	fake_set(fake, PLX_DMATHR, 0x04000300);
	card = fake_open(fake, "fake:");
	ck_assert_uint_eq(fake_reg(fake, PLX_DMATHR), 0x04000300);
	dma_card_close(card);
	fake_free(fake);
}
END_TEST

START_TEST(info_says_what_the_card_is)
{
	struct plxdma_card_info info;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	dma_card_info(rig.card, &info);
	ck_assert_uint_eq(info.size, sizeof(info));
	ck_assert_uint_eq(info.chip, C9054);
	ck_assert_uint_eq(info.revision, 0x0c);
	ck_assert_str_eq(info.chip_name, "PCI 9054");
	ck_assert_str_eq(info.transport, "fake");
	ck_assert_uint_eq(info.vendor_device, 0x905410b5);
	ck_assert_uint_eq(info.subsystem, 0x123410b5);
	ck_assert_int_eq(info.numa_node, -1);
	ck_assert_uint_eq(info.dac, 1);
	ck_assert_uint_eq(info.in_service, 1);
	ck_assert_uint_eq(info.bars[1].io, 1);
	ck_assert_int_eq(info.bars[1].space, -1);
	ck_assert_int_eq(info.bars[2].space, 0);
	ck_assert_uint_eq(info.bars[2].size, 1 << 20);
	ck_assert_uint_eq(info.bars[2].local, 0x20000000);
	ck_assert_int_eq(info.bars[3].space, -1);
	ck_assert(strstr(info.descriptors, "below 4 GiB") != NULL);
	rig_break(&rig);
	rig_make(&rig, C9080, "fake:", NULL, 4);
	dma_card_info(rig.card, &info);
	ck_assert_uint_eq(info.dac, 0);
	ck_assert_str_eq(info.chip_name, "PCI 9080");
	rig_break(&rig);
}
END_TEST

START_TEST(the_card_is_bus_master_while_memory_is_attached)
{
	struct arena *arena = fake_arena(4);
	struct dma_map *one, *two;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	ck_assert_int_eq(dma_attach(rig.card, arena, &one, NULL), 0);
	ck_assert_int_eq(dma_attach(rig.card, arena, &two, NULL), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'M'), 0);
	ck_assert_int_eq(dma_detach(one), 0);
	ck_assert_int_eq(dma_detach(two), 0);
	ck_assert_uint_eq(fake_calls(rig.fake, 'M'), 0);
	ck_assert_int_eq(dma_detach(rig.map), 0);
	rig.map = NULL;
	ck_assert_uint_eq(fake_calls(rig.fake, 'M'), 1);
	ck_assert_uint_eq(rig.fake->log[0].value, 0);
	ck_assert_int_eq(rig.fake->mapped, 0);
	ck_assert_int_eq(dma_attach(rig.card, arena, &one, NULL), 0);
	ck_assert_uint_eq(rig.fake->log[1].value, 1);
	ck_assert_int_eq(dma_detach(one), 0);
	ck_assert_int_eq(dma_detach(NULL), 0);
	rig_break(&rig);
	fake_arena_free(arena);
}
END_TEST

START_TEST(memory_that_cannot_be_mapped_is_not_attached)
{
	struct arena *arena = fake_arena(4);
	struct dma_map *map;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.fake->map_result = -ENOSPC;
	ck_assert_int_eq(dma_attach(rig.card, arena, &map, NULL), -ENOSPC);
	rig.fake->map_result = 0;
	ck_assert_int_eq(dma_detach(rig.map), 0);
	rig.map = NULL;
	rig.fake->master_result = -EACCES;
	ck_assert_int_eq(dma_attach(rig.card, arena, &map, NULL), -EACCES);
	ck_assert_int_eq(rig.fake->mapped, 0);
	rig_break(&rig);
	fake_arena_free(arena);
}
END_TEST

START_TEST(runs_are_as_the_card_sees_them)
{
	static const uint64_t bus[] = { 0x10000000, 0x10001000, 0x30000000,
					0x30001000, 0x30002000, 0x20000000 };
	uint64_t longest, left;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", bus, COUNT(bus));
	ck_assert_uint_eq(dma_map_runs(rig.map, &longest), 3);
	ck_assert_uint_eq(longest, 3 * 4096);
	ck_assert_uint_eq(dma_map_bus(rig.map, 2 * 4096 + 5, &left),
			  0x30000005);
	ck_assert_uint_eq(left, 3 * 4096 - 5);
	rig_break(&rig);
}
END_TEST

START_TEST(closing_stops_what_runs_and_then_bus_mastering)
{
	struct dma_transfer *running, *queued;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	fake_plan(rig.fake, 0, FAKE_HANG);
	running = rig_transfer(&rig);
	queued = rig_transfer(&rig);
	rig_submit(running);
	rig_submit(queued);
	fake_forget(rig.fake);
	dma_card_close(rig.card);
	ck_assert_int_eq(dma_transfer_status(running), PLXDMA_CANCELLED);
	ck_assert_int_eq(dma_transfer_status(queued), PLXDMA_CANCELLED);
	ck_assert_uint_eq(fake_writes(rig.fake), 0);
	ck_assert_int_eq(rig.fake->log[0].kind, 'C');
	ck_assert_int_eq(rig.fake->log[rig.fake->logged - 1].kind, 'M');
	ck_assert_uint_eq(rig.fake->log[rig.fake->logged - 1].value, 0);
	dma_card_close(NULL);
	free(running);
	free(queued);
	translate_destroy(&rig.map->translate);
	free(rig.map->bus);
	free(rig.map);
	fake_arena_free(rig.arena);
	fake_free(rig.fake);
}
END_TEST

START_TEST(an_unknown_transport_is_an_error)
{
	struct dma_card *card;
	struct error error = { "" };

	ck_assert_int_lt(dma_card_open("nosuch:", &card, &error), 0);
	ck_assert_str_ne(error.text, "");
	ck_assert_int_eq(dma_card_open("model:reset=maybe", &card, &error),
			 -EINVAL);
}
END_TEST

Suite *card_suite(void)
{
	Suite *suite = suite_create("card");
	TCase *tcase = tcase_create("open and attach");

	tcase_add_loop_test(tcase, the_drivers_own_options_are_stripped, 0,
			    COUNT(specs));
	tcase_add_test(tcase, a_spec_that_is_too_long_is_refused);
	tcase_add_loop_test(tcase, a_card_is_not_taken_by_its_default_id, 0,
			    COUNT(strangers));
	tcase_add_test(tcase, opening_a_quiet_card_leaves_bus_mastering_off);
	tcase_add_test(tcase,
		       a_channel_left_running_is_aborted_with_nothing_mapped);
	tcase_add_test(tcase, one_that_cannot_be_aborted_is_refused);
	tcase_add_test(tcase, or_reset_where_that_is_allowed);
	tcase_add_test(tcase, a_9080_gets_a_threshold_for_demand_mode);
	tcase_add_test(tcase, info_says_what_the_card_is);
	tcase_add_test(tcase, the_card_is_bus_master_while_memory_is_attached);
	tcase_add_test(tcase, memory_that_cannot_be_mapped_is_not_attached);
	tcase_add_test(tcase, runs_are_as_the_card_sees_them);
	tcase_add_test(tcase, closing_stops_what_runs_and_then_bus_mastering);
	tcase_add_test(tcase, an_unknown_transport_is_an_error);
	suite_add_tcase(suite, tcase);
	return suite;
}
