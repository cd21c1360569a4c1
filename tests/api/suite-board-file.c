/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Board files: what they make, and each thing that can be wrong with one. */
#include <errno.h>
#include <plxdma/board_file.h>
#include <stdio.h>

#include "card.h"
#include "chip/recipe.h"
#include "scratch.h"
#include "suites.h"

/* The example of <plxdma/board_file.h>. */
static const char example[] =
	"[mode fifo]\n"
	"width = 32\n"
	"constant = 1\n"
	"\n"
	"[recipe readout]\n"
	"before = write bar2 0x10 0x1\n"
	"before = poll bar2 0x14 mask 0x1 want 0x1 within 1000\n"
	"started = write bar3.16 0x20 0x8000\n"
	"ended = count bar2 0x18 4\n"
	"ended = read bar2 0x1c\n";

static struct plxdma_board_file *file_of(const char *text)
{
	struct plxdma_board_file *file = NULL;
	int result = plxdma_board_file_read(scratch_file(text), &file);

	ck_assert_msg(!result, "%d, %s", result, plxdma_error(NULL));
	return file;
}

START_TEST(the_headers_example_is_what_it_says)
{
	static const struct plxdma_step steps[] = {
		{.op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR2,
		 .width = 32, .offset = 0x10, .value = 1},
		{.op = PLXDMA_STEP_POLL, .space = PLXDMA_SPACE_BAR2,
		 .width = 32, .offset = 0x14, .mask = 1, .want = 1,
		 .timeout_us = 1000},
		{.op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR3,
		 .width = 16, .offset = 0x20, .value = 0x8000},
		{.op = PLXDMA_STEP_READ, .space = PLXDMA_SPACE_BAR2,
		 .width = 32, .offset = 0x18},
		{.op = PLXDMA_STEP_READ, .space = PLXDMA_SPACE_BAR2,
		 .width = 32, .offset = 0x1c},
	};
	static const uint8_t moments[] = {0, 0, 1, 2, 2};
	struct plxdma_board_file *file = file_of(example);
	const struct plxdma_mode *mode = plxdma_board_file_mode(file, "fifo");
	const struct plxdma_recipe *recipe =
		plxdma_board_file_recipe(file, "readout");

	ck_assert_int_eq(plxdma_mode_get(mode, PLXDMA_MODE_CONSTANT), 1);
	ck_assert_int_eq(plxdma_mode_get(mode, PLXDMA_MODE_WIDTH), 32);
	ck_assert_int_eq(plxdma_mode_get(mode, PLXDMA_MODE_BURST), 1);
	ck_assert_uint_eq(recipe->steps_count, 5);
	ck_assert_mem_eq(recipe->steps, steps, sizeof(steps));
	ck_assert_mem_eq(recipe->moments, moments, sizeof(moments));
	ck_assert_uint_eq(recipe->count_step, 3);
	ck_assert_uint_eq(recipe->count_unit, 4);
	plxdma_board_file_free(file);
}
END_TEST

START_TEST(every_field_of_a_mode_has_a_name)
{
	static const char *const keys[] = {
		"width = 8", "wait_states = 1", "ready = 0", "bterm = 0",
		"burst = 0", "constant = 1", "demand = 1", "eot = 1",
		"fast_terminate = 1", "write_invalidate = 1",
		"big_endian = 1"};
	struct plxdma_mode *plain = plxdma_mode_new();
	struct plxdma_board_file *file;
	enum plxdma_mode_item item = (enum plxdma_mode_item)_i, other;
	char text[64];

	(void)snprintf(text, sizeof(text), "[mode x]\n%s\n", keys[_i]);
	file = file_of(text);
	for (other = 0; other <= PLXDMA_MODE_BIG_ENDIAN; other++) {
		int value = plxdma_mode_get(plxdma_board_file_mode(file, "x"),
					    other);

		if (other == item)
			ck_assert_int_ne(value, plxdma_mode_get(plain, other));
		else
			ck_assert_int_eq(value, plxdma_mode_get(plain, other));
	}
	plxdma_board_file_free(file);
	plxdma_mode_free(plain);
}
END_TEST

START_TEST(sections_without_keys_are_there)
{
	struct plxdma_board_file *file =
		file_of("[mode plain]\n[recipe none]\n[mode none]\n");

	ck_assert_ptr_nonnull(plxdma_board_file_mode(file, "plain"));
	ck_assert_ptr_nonnull(plxdma_board_file_mode(file, "none"));
	ck_assert_ptr_nonnull(plxdma_board_file_recipe(file, "none"));
	ck_assert_ptr_null(plxdma_board_file_recipe(file, "plain"));
	ck_assert_ptr_null(plxdma_board_file_mode(file, "nothing"));
	ck_assert_ptr_null(plxdma_board_file_mode(file, NULL));
	ck_assert_ptr_null(plxdma_board_file_recipe(NULL, "none"));
	plxdma_board_file_free(file);
	plxdma_board_file_free(NULL);
}
END_TEST

#define R "[recipe r]\n"
#define M "[mode m]\n"

static const struct {
	const char *text;
	int result;
	const char *mentions;
} wrong[] = {
	{"width = 8\n", -EINVAL, ":1: width before the first"},
	{"[board x]\n", -EINVAL, ":1: [board x]: sections are"},
	{"[mode]\n", -EINVAL, ":1: [mode]: sections are"},
	{"[mode ]\n", -EINVAL, ":1: [mode ]: sections are"},
	{"[mode x\n", -EINVAL, ":1: a section ends with ]"},
	{"[mode "
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]\n",
	 -EINVAL, ":1: a section's name is too long"},
	{"\n" M "\n" M, -EEXIST, ":4: [mode m] is there already"},
	{M "  [mode n]\nwidth = 8\n", -EINVAL, ":3: [mode n] begins at"},
	{M "rubbish\n", -EINVAL, ":2: neither"},
	{M "colour = 3\n", -EINVAL, ":2: [mode m] has no colour"},
	{M "width = 24\n", -EINVAL, ":2: width = 24: it takes 8, 16 or 32"},
	{M "width = 8\nwidth = 8\n", -EEXIST, ":3: width is said twice"},
	{M "wait_states = 16\n", -EINVAL, "it takes 0 to 15"},
	{M "burst = yes\n", -EINVAL, "it takes 0 or 1"},
	{M "burst = 257\n", -EINVAL, "it takes 0 or 1"},
	{M "burst =\n", -EINVAL, "it takes 0 or 1"},
	{R "after = read bar2 0\n", -EINVAL, ":2: [recipe r] has no after"},
	{R "\n; a comment\nbefore = jump bar2 0\n", -EINVAL,
	 ":4: \"jump\" is no step"},
	{R "before =\n", -EINVAL, "\"\" is no step"},
	{R "before = read\n", -EINVAL, "\"\" is no space"},
	{R "before = read bar1 0\n", -EINVAL, "\"bar1\" is no space"},
	{R "before = read bar2.64 0\n", -EINVAL, "\"bar2.64\" is no space"},
	{R "before = read bar2. 0\n", -EINVAL, "\"bar2.\" is no space"},
	{R "before = read bar2\n", -EINVAL, "ends before its offset"},
	{R "before = read bar2 x\n", -EINVAL, "\"x\" is no number"},
	{R "before = read bar2 0x\n", -EINVAL, "\"0x\" is no number"},
	{R "before = read bar2 -4\n", -EINVAL, "\"-4\" is no number"},
	{R "before = read bar2 0x100000000\n", -EINVAL, "is no number"},
	{R "before = read bar2 2\n", -EINVAL, "not a multiple of 4"},
	{R "before = read bar2 0 1\n", -EINVAL, "\"1\" is more than"},
	{R "before = write bar2 0\n", -EINVAL, "ends before its value"},
	{R "before = write bar2.8 0 0x100\n", -EINVAL, "more than 8 bits"},
	{R "before = poll bar2 0 mask 1 want 1\n", -EINVAL,
	 "\"\" where \"within\" belongs"},
	{R "before = poll bar2 0 want 1 mask 1 within 5\n", -EINVAL,
	 "\"want\" where \"mask\" belongs"},
	{R "before = poll bar2 0 mask 1 want 1 within 0\n", -EINVAL,
	 "1 to 1000000 us"},
	{R "before = poll bar2 0 mask 1 want 2 within 5\n", -EINVAL,
	 "can't come true"},
	{R "before = poll bar2.8 0 mask 0x1ff want 2 within 5\n", -EINVAL,
	 "mask 0x1ff is more than 8 bits"},
	{R "before = poll bar2 0 mask 1 want 1 within 600000\n"
	   "ended = poll bar2 0 mask 1 want 1 within 600000\n", -EINVAL,
	 ":3: all polls"},
	{R "ended = count bar2 0\n", -EINVAL, "ends before its unit"},
	{R "ended = count bar2 0 0\n", -EINVAL, "at least 1 byte"},
	{R "before = count bar2 0 4\n", -EINVAL, "no read after the end"},
	{R "ended = count bar2 0 4\nended = count bar2 4 4\n", -EEXIST,
	 ":3: a recipe has one count"},
};

START_TEST(what_is_wrong_is_told_with_its_line)
{
	struct plxdma_board_file *file = (struct plxdma_board_file *)&file;

	check_failed_on(NULL,
			plxdma_board_file_read(scratch_file(wrong[_i].text),
					       &file),
			wrong[_i].result, wrong[_i].mentions);
	ck_assert_ptr_null(file);
	/* The path comes first. */
	ck_assert_int_eq(strncmp(plxdma_error(NULL), "/proc/self/fd/", 14), 0);
}
END_TEST

START_TEST(a_recipe_is_full_at_its_limit)
{
	struct plxdma_board_file *file;
	char text[2048] = R;
	unsigned int i;

	for (i = 0; i < PLXDMA_RECIPE_STEPS; i++)
		strcat(text, "before = read bar2 0\n");
	plxdma_board_file_free(file_of(text));
	strcat(text, "before = read bar2 0\n");
	check_failed_on(NULL,
			plxdma_board_file_read(scratch_file(text), &file),
			-ENOSPC, ":34: a recipe has at most 32 steps");
}
END_TEST

START_TEST(a_file_that_is_none_is_told)
{
	struct plxdma_board_file *file;

	check_failed_on(NULL, plxdma_board_file_read("/nowhere/at/all", &file),
			-ENOENT, "/nowhere/at/all");
	check_failed_on(NULL, plxdma_board_file_read("/proc/self", &file),
			-EIO, "is it a file");
	check_failed_on(NULL, plxdma_board_file_read("/dev/zero", &file),
			-EFBIG, "/dev/zero:10001: ");
	check_failed_on(NULL, plxdma_board_file_read(NULL, &file), -EINVAL,
			"needs a path");
	check_failed_on(NULL, plxdma_board_file_read("x", NULL), -EINVAL,
			"needs a path");
}
END_TEST

START_TEST(a_recipe_of_a_file_moves_data)
{
	struct plxdma_board_file *file = file_of(
		"[mode plain]\nwait_states = 1\n"
		"[recipe touch]\n"
		"before = write bar3 0x28 0x1234\n"
		"before = read bar3 0x28\n");
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN, .length = 64,
		.recipe = plxdma_board_file_recipe(file, "touch")};
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	uint32_t value = 0;

	card_setup();
	ck_assert_ptr_nonnull(
		plxdma_alloc_coherent(card, 64, &request.handle));
	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
	ck_assert_int_eq(plxdma_channel_set_mode(
				 channel, plxdma_board_file_mode(file,
								 "plain")),
			 0);
	ck_assert_msg(!plxdma_transfer_new(channel, &request, &transfer), "%s",
		      plxdma_error(card));
	/* The transfer has its copy. */
	plxdma_board_file_free(file);
	ck_assert_int_eq(plxdma_submit(transfer), 0);
	ck_assert_int_eq(plxdma_wait(transfer, SOON, NULL), 0);
	ck_assert_int_eq(plxdma_transfer_value(transfer, 1, &value), 0);
	ck_assert_uint_eq(value, 0x1234);
	card_teardown();
}
END_TEST

Suite *suite_board_file(void)
{
	Suite *suite = suite_create("board file");
	TCase *tcase = tcase_create("board file");

	tcase_add_test(tcase, the_headers_example_is_what_it_says);
	tcase_add_loop_test(tcase, every_field_of_a_mode_has_a_name, 0,
			    PLXDMA_MODE_BIG_ENDIAN + 1);
	tcase_add_test(tcase, sections_without_keys_are_there);
	tcase_add_loop_test(tcase, what_is_wrong_is_told_with_its_line, 0,
			    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tcase, a_recipe_is_full_at_its_limit);
	tcase_add_test(tcase, a_file_that_is_none_is_told);
	tcase_add_test(tcase, a_recipe_of_a_file_moves_data);
	suite_add_tcase(suite, tcase);
	return suite;
}
