/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps and recipes: what none of any card may say. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "chip/recipe.h"
#include "suites.h"

#define POLL(us)                                                               \
	{ .op = PLXDMA_STEP_POLL, .space = PLXDMA_SPACE_BAR2, .width = 32,     \
	  .mask = 1, .want = 1, .timeout_us = (us) }
#define READ                                                                   \
	{ .op = PLXDMA_STEP_READ, .space = PLXDMA_SPACE_BAR2, .width = 32 }
#define WRITE                                                                  \
	{ .op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR3, .width = 16,    \
	  .offset = 2, .value = 7 }

static const struct plxdma_step a_poll = POLL(1000);
static const struct plxdma_step a_read = READ;
static const struct plxdma_step a_write = WRITE;

static const struct {
	struct plxdma_step step;
	const char *text; /* NULL: it is good */
} steps[] = {
	{ READ, NULL },
	{ WRITE, NULL },
	{ POLL(1), NULL },
	{ POLL(PLXDMA_POLL_MAX_US), NULL },
	{ POLL(0), "1 to 1000000 us, not 0" },
	{ POLL(PLXDMA_POLL_MAX_US + 1), "not 1000001" },
	{ { .op = 3, .width = 32 }, "3 is none" },
	{ { .op = 255, .width = 32 }, "255 is none" },
	{ { .space = 0, .width = 32 }, NULL },
	{ { .space = 3, .width = 8, .offset = 1 }, NULL },
	{ { .space = 16, .width = 16, .offset = 2 }, NULL },
	{ { .space = 1, .width = 32 }, "not 1" },
	{ { .space = 4, .width = 32 }, "not 4" },
	{ { .space = 17, .width = 32 }, "not 17" },
	{ { .width = 0 }, "width 0" },
	{ { .width = 24 }, "width 24" },
	{ { .width = 64 }, "width 64" },
	{ { .width = 32, .offset = 2 }, "multiple of 4" },
	{ { .width = 16, .offset = 0xffffffff }, "multiple of 2" },
	{ { .width = 32, .reserved = 1 }, "reserved" },
	{ { .op = PLXDMA_STEP_POLL, .width = 32, .mask = 1, .want = 2,
	    .timeout_us = 1 }, "can't come true" },
	{ { .op = PLXDMA_STEP_POLL, .width = 32, .mask = 0, .want = 0,
	    .timeout_us = 1 }, NULL },
	/* Only polls have a time. */
	{ { .op = PLXDMA_STEP_WRITE, .width = 32, .mask = 1, .want = 2,
	    .timeout_us = 0 }, NULL },
};

START_TEST(a_step_is_good_or_the_text_says_why_not)
{
	struct error error = { "" };
	int result = step_check(&steps[_i].step, &error);

	ck_assert_int_eq(result, steps[_i].text ? -EINVAL : 0);
	if (steps[_i].text)
		ck_assert_msg(strstr(error.text, steps[_i].text) != NULL, "%s",
			      error.text);
}
END_TEST

START_TEST(steps_are_counted_over_all_moments)
{
	struct plxdma_recipe recipe;

	recipe_init(&recipe);
	ck_assert_int_eq(recipe_add(&recipe, PLXDMA_AFTER_END, &a_read, NULL),
			 0);
	ck_assert_int_eq(recipe_add(&recipe, PLXDMA_BEFORE_START, &a_write,
				    NULL), 1);
	ck_assert_int_eq(recipe_add(&recipe, PLXDMA_AFTER_START, &a_poll,
				    NULL), 2);
	ck_assert_uint_eq(recipe.moments[1], PLXDMA_BEFORE_START);
	ck_assert_uint_eq(recipe.steps[1].value, 7);
	ck_assert_int_eq(recipe_check(&recipe, NULL), 0);
}
END_TEST

START_TEST(a_recipe_is_full_at_its_limit)
{
	struct plxdma_recipe recipe;
	struct error error = { "" };
	unsigned int i;

	recipe_init(&recipe);
	for (i = 0; i < PLXDMA_RECIPE_STEPS; i++)
		ck_assert_int_eq(recipe_add(&recipe, PLXDMA_AFTER_END, &a_read,
					    NULL), (int)i);
	ck_assert_int_eq(recipe_add(&recipe, PLXDMA_AFTER_END, &a_read,
				    &error), -ENOSPC);
	ck_assert_ptr_nonnull(strstr(error.text, "at most 32"));
	ck_assert_int_eq(recipe_check(&recipe, NULL), 0);
}
END_TEST

START_TEST(a_step_of_no_moment_is_refused)
{
	struct plxdma_recipe recipe;

	recipe_init(&recipe);
	ck_assert_int_eq(recipe_add(&recipe, (enum plxdma_moment)3, &a_read,
				    NULL), -EINVAL);
	ck_assert_int_eq(recipe_add(&recipe, (enum plxdma_moment)-1, &a_read,
				    NULL), -EINVAL);
	ck_assert_uint_eq(recipe.steps_count, 0);
}
END_TEST

START_TEST(polls_have_one_time_together)
{
	struct plxdma_step half = POLL(PLXDMA_POLL_MAX_US / 2);
	struct plxdma_step one = POLL(1);
	struct plxdma_recipe recipe;
	struct error error = { "" };

	recipe_init(&recipe);
	ck_assert_int_eq(recipe_add(&recipe, PLXDMA_BEFORE_START, &half, NULL),
			 0);
	ck_assert_int_eq(recipe_add(&recipe, PLXDMA_AFTER_END, &half, NULL),
			 1);
	ck_assert_int_eq(recipe_add(&recipe, PLXDMA_AFTER_END, &one, &error),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(error.text, "together"));
}
END_TEST

static const struct {
	unsigned int step, unit;
	const char *text;
} counts[] = {
	{ 2, 4, NULL },
	{ 0, 4, "step 0 is no read after the end" },
	{ 1, 4, "step 1 is no read after the end" },
	{ 3, 4, "step 3 is no read after the end" },
	{ 4, 4, "step 4 is no read after the end" },
	{ UINT32_MAX, 4, "is no read after the end" },
	{ 2, 0, "at least 1 byte" },
};

START_TEST(a_count_is_a_read_after_the_end)
{
	struct plxdma_recipe recipe;
	struct error error = { "" };
	int result;

	recipe_init(&recipe);
	recipe_add(&recipe, PLXDMA_BEFORE_START, &a_read, NULL);
	recipe_add(&recipe, PLXDMA_AFTER_END, &a_write, NULL);
	recipe_add(&recipe, PLXDMA_AFTER_END, &a_read, NULL);
	recipe_add(&recipe, PLXDMA_AFTER_END, &a_poll, NULL);
	result = recipe_count(&recipe, counts[_i].step, counts[_i].unit,
			      &error);
	ck_assert_int_eq(result, counts[_i].text ? -EINVAL : 0);
	if (counts[_i].text)
		ck_assert_msg(strstr(error.text, counts[_i].text) != NULL,
			      "%s", error.text);
	ck_assert_uint_eq(recipe.count_step,
			  result ? RECIPE_NO_COUNT : counts[_i].step);
}
END_TEST

/* What another process may have written into a recipe. */
static void spoil(struct plxdma_recipe *recipe, int how)
{
	switch (how) {
	case 0:
		recipe->steps_count = PLXDMA_RECIPE_STEPS + 1;
		break;
	case 1:
		recipe->steps_count = UINT32_MAX;
		break;
	case 2:
		recipe->moments[1] = 3;
		break;
	case 3:
		recipe->steps[1].width = 7;
		break;
	case 4:
		recipe->count_step = 2;
		recipe->count_unit = 4;
		break;
	case 5:
		recipe->count_step = 0;
		recipe->count_unit = 0;
		break;
	default:
		/* A sum that was made small again. */
		recipe->steps[1] = recipe->steps[0] =
			(struct plxdma_step)POLL(PLXDMA_POLL_MAX_US);
		recipe->poll_us = 0;
	}
}

START_TEST(a_strangers_recipe_is_checked_whole)
{
	struct plxdma_recipe recipe;
	struct error error = { "" };

	recipe_init(&recipe);
	recipe_add(&recipe, PLXDMA_AFTER_END, &a_read, NULL);
	recipe_add(&recipe, PLXDMA_BEFORE_START, &a_write, NULL);
	ck_assert_int_eq(recipe_check(&recipe, NULL), 0);
	spoil(&recipe, _i);
	ck_assert_int_eq(recipe_check(&recipe, &error), -EINVAL);
	ck_assert_str_ne(error.text, "");
}
END_TEST

Suite *recipe_suite(void)
{
	Suite *suite = suite_create("recipe");
	TCase *tcase = tcase_create("recipe");

	tcase_add_loop_test(tcase, a_step_is_good_or_the_text_says_why_not, 0,
			    COUNT(steps));
	tcase_add_test(tcase, steps_are_counted_over_all_moments);
	tcase_add_test(tcase, a_recipe_is_full_at_its_limit);
	tcase_add_test(tcase, a_step_of_no_moment_is_refused);
	tcase_add_test(tcase, polls_have_one_time_together);
	tcase_add_loop_test(tcase, a_count_is_a_read_after_the_end, 0,
			    COUNT(counts));
	tcase_add_loop_test(tcase, a_strangers_recipe_is_checked_whole, 0, 7);
	suite_add_tcase(suite, tcase);
	return suite;
}
