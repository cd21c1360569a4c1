/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Information, counters, reset, verification, faults. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "card.h"
#include "suites.h"

static void info_get(struct plxdma_card_info *info)
{
	memset(info, 0xee, sizeof(*info));
	info->size = sizeof(*info);
	ck_assert_int_eq(plxdma_card_info(card, info), 0);
}

static const struct {
	const char *option;
	uint32_t chip;
	uint32_t revision;
	const char *name;
	uint64_t registers;
} chips[] = {
	{"chip=9054ac", 0x905410b5, 0x0c, "9054", 256},
	{"chip=9054ab", 0x905410b5, 0x0a, "9054", 256},
	{"chip=9054aa", 0x905410b5, 0x0a, "9054", 256},
	{"chip=9080", 0x908010b5, 0, "9080", 256},
	{"chip=9056", 0x905610b5, 0, "9056", 512},
	{"chip=9656", 0x965610b5, 0, "9656", 512},
	/* A 9056 core: only its subsystem ID could tell. */
	{"chip=8311", 0x905610b5, 0, "", 512},
};

START_TEST(a_chip_is_known_by_its_hard_wired_identity)
{
	struct plxdma_card_info info;

	card_reopen(chips[_i].option);
	info_get(&info);
	ck_assert_uint_eq(info.size, sizeof(info));
	ck_assert_uint_eq(info.chip, chips[_i].chip);
	if (chips[_i].revision)
		ck_assert_uint_eq(info.revision, chips[_i].revision);
	ck_assert_msg(strstr(info.chip_name, chips[_i].name), "%s",
		      info.chip_name);
	ck_assert_uint_eq(info.bars[0].size, chips[_i].registers);
	ck_assert_uint_eq(info.bars[0].io, 0);
	ck_assert_int_eq(info.bars[0].space, -1);
	ck_assert_str_eq(info.transport, "model");
	ck_assert_int_eq(info.numa_node, -1);
	ck_assert_uint_eq(info.in_service, 1);
	ck_assert_uint_eq(info.iommu, 1);
}
END_TEST

START_TEST(the_local_spaces_are_where_the_eeprom_maps_them)
{
	struct plxdma_card_info info;

	info_get(&info);
	ck_assert_uint_eq(info.bars[2].size, 1 << 20);
	ck_assert_uint_eq(info.bars[2].local, SRAM);
	ck_assert_int_eq(info.bars[2].space, 0);
	ck_assert_uint_eq(info.bars[2].io, 0);
	ck_assert_uint_eq(info.bars[3].size, 4096);
	ck_assert_uint_eq(info.bars[3].local, BOARD);
	ck_assert_int_eq(info.bars[3].space, 1);
	ck_assert_uint_eq(info.bars[4].size, 0);
	ck_assert_int_eq(info.bars[4].space, -1);
	ck_assert_uint_eq(info.bars[5].size, 0);
}
END_TEST

START_TEST(there_is_no_arena_before_its_first_use)
{
	struct plxdma_card_info info;

	info_get(&info);
	ck_assert_uint_eq(info.arena_size, 0);
	ck_assert_uint_eq(info.arena_runs, 0);
	ck_assert_int_eq(info.arena_node, -1);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 1, NULL));
	info_get(&info);
	ck_assert_uint_eq(info.arena_size, 4 << 20);
	ck_assert_uint_eq(info.arena_page, (uint64_t)sysconf(_SC_PAGESIZE));
	/* Behind the IOMMU an arena is one run. */
	ck_assert_uint_eq(info.arena_runs, 1);
	ck_assert_uint_eq(info.arena_longest, 4 << 20);
	ck_assert_msg(strstr(info.descriptors, "4 GiB"), "%s",
		      info.descriptors);
	ck_assert_msg(strstr(info.name, "model:pages=small"), "%s", info.name);
}
END_TEST

START_TEST(a_shorter_structure_is_filled_no_further)
{
	char room[sizeof(struct plxdma_card_info)];
	struct plxdma_card_info *info = (void *)room;

	memset(room, 0xee, sizeof(room));
	info->size = 12;
	ck_assert_int_eq(plxdma_card_info(card, info), 0);
	ck_assert_uint_eq(info->size, 12);
	ck_assert_uint_eq(info->chip, 0x905410b5);
	ck_assert_uint_eq((uint8_t)room[12], 0xee);
}
END_TEST

START_TEST(a_longer_structure_ends_in_zeros)
{
	struct {
		struct plxdma_counters known;
		uint64_t later;
	} counters = {.later = 1};

	counters.known.size = sizeof(counters);
	ck_assert_int_eq(plxdma_card_counters(card, &counters.known), 0);
	ck_assert_uint_eq(counters.later, 0);
}
END_TEST

START_TEST(a_size_that_nobody_set_is_refused)
{
	struct plxdma_card_info info = {.size = 0};
	struct plxdma_counters counters = {.size = 1u << 31};

	check_failed(plxdma_card_info(card, &info), -EINVAL, "sizeof");
	check_failed(plxdma_card_counters(card, &counters), -EINVAL, "sizeof");
}
END_TEST

START_TEST(nothing_of_a_card_works_without_one)
{
	struct plxdma_card_info info = {.size = sizeof(info)};
	struct plxdma_counters counters = {.size = sizeof(counters)};

	check_failed_on(NULL, plxdma_card_info(NULL, &info), -EINVAL, "card");
	check_failed(plxdma_card_info(card, NULL), -EINVAL, "place");
	check_failed_on(NULL, plxdma_card_counters(NULL, &counters), -EINVAL,
			"card");
	check_failed(plxdma_card_counters(card, NULL), -EINVAL, "place");
	check_failed_on(NULL, plxdma_card_reset(NULL), -EINVAL, "card");
	check_failed_on(NULL, plxdma_card_verify(NULL), -EINVAL, "card");
	check_failed_on(NULL, plxdma_card_fault(NULL, "none"), -EINVAL, "card");
	check_failed(plxdma_card_fault(card, NULL), -EINVAL, "fault");
}
END_TEST

START_TEST(counters_count)
{
	struct plxdma_counters before = {.size = sizeof(before)};
	struct plxdma_counters after = {.size = sizeof(after)};
	char data[4096] = {0};
	uint32_t value;

	ck_assert_int_eq(plxdma_write(card, SRAM, data, 4096, SOON), 0);
	ck_assert_int_eq(plxdma_card_counters(card, &before), 0);
	ck_assert_int_eq(plxdma_reg_read(card, 0x70, 32, &value), 0);
	ck_assert_int_eq(plxdma_card_counters(card, &after), 0);
	ck_assert_uint_eq(after.reg_reads, before.reg_reads + 1);
	ck_assert_uint_eq(after.reg_writes, before.reg_writes);
	ck_assert_int_eq(plxdma_read(card, SRAM, data, 1000, SOON), 0);
	ck_assert_int_eq(plxdma_card_counters(card, &after), 0);
	ck_assert_uint_eq(after.bytes_to_card, 4096);
	ck_assert_uint_eq(after.bytes_to_host, 1000);
	ck_assert_uint_eq(after.transfers, 2);
	ck_assert_uint_eq(after.faults, 0);
	ck_assert_uint_gt(after.reg_writes, before.reg_writes);
}
END_TEST

START_TEST(a_reset_is_refused_unless_it_was_allowed)
{
	check_failed(plxdma_card_reset(card), -EPERM, "reset=allowed");
}
END_TEST

START_TEST(a_card_works_after_a_reset_as_before)
{
	struct plxdma_card_info before, after;
	char data[64] = "written after the reset", back[64];
	uint32_t line;

	card_reopen("reset=allowed");
	ck_assert_int_eq(plxdma_config_write(card, 0x3c, 8, 0x2b), 0);
	ck_assert_int_eq(plxdma_write(card, SRAM, back, 64, SOON), 0);
	info_get(&before);
	ck_assert_int_eq(plxdma_card_reset(card), 0);
	info_get(&after);
	ck_assert_mem_eq(before.bars, after.bars, sizeof(before.bars));
	ck_assert_int_eq(plxdma_config_read(card, 0x3c, 8, &line), 0);
	ck_assert_uint_eq(line, 0x2b);
	ck_assert_int_eq(plxdma_write(card, SRAM, data, 64, SOON), 0);
	ck_assert_int_eq(plxdma_read(card, SRAM, back, 64, SOON), 0);
	ck_assert_str_eq(back, data);
}
END_TEST

START_TEST(verify_says_whether_frames_are_known)
{
	struct plxdma_card_info info;
	int result;

	ck_assert_int_eq(plxdma_card_verify(card), 0);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, 1, NULL));
	info_get(&info);
	result = plxdma_card_verify(card);
	if (info.frames_known)
		ck_assert_int_eq(result, 0);
	else
		check_failed(result, -ENODATA, "root");
}
END_TEST

START_TEST(a_fault_that_the_model_does_not_know_is_refused)
{
	check_failed(plxdma_card_fault(card, "fire"), -EINVAL, "fire");
	ck_assert_int_eq(plxdma_card_fault(card, "none"), 0);
}
END_TEST

Suite *suite_card(void)
{
	Suite *suite = suite_create("card");
	TCase *tests = tcase_create("whole");

	tcase_add_checked_fixture(tests, card_setup, card_teardown);
	tcase_add_loop_test(tests, a_chip_is_known_by_its_hard_wired_identity,
			    0, sizeof(chips) / sizeof(chips[0]));
	tcase_add_test(tests, the_local_spaces_are_where_the_eeprom_maps_them);
	tcase_add_test(tests, there_is_no_arena_before_its_first_use);
	tcase_add_test(tests, a_shorter_structure_is_filled_no_further);
	tcase_add_test(tests, a_longer_structure_ends_in_zeros);
	tcase_add_test(tests, a_size_that_nobody_set_is_refused);
	tcase_add_test(tests, nothing_of_a_card_works_without_one);
	tcase_add_test(tests, counters_count);
	tcase_add_test(tests, a_reset_is_refused_unless_it_was_allowed);
	tcase_add_test(tests, a_card_works_after_a_reset_as_before);
	tcase_add_test(tests, verify_says_whether_frames_are_known);
	tcase_add_test(tests, a_fault_that_the_model_does_not_know_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
