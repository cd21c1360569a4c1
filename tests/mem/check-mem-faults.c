/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What src/mem does when the kernel or a library says no.
 *
 * The linker wraps the calls (see local.mk); a test arms one of them to fail,
 * or to lie, at its nth use.  What was taken until then must go back.
 */
#include "faults.h"

#include <dirent.h>
#include <stdlib.h>

#include "pool.h"

struct arena *arena;
struct error error;

int arena_make(int node, unsigned int flags)
{
	const struct arena_options options = {
		.size = PAGES * POOL_HUGE, .node = node, .flags = flags,
	};

	error.text[0] = 0;
	return arena_new(&options, &arena, &error);
}

unsigned int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* Pagemap and ring stay open: they are the process's. */
int ready(const char *test)
{
	if (!pool_has(test, POOL_HUGE, 2 * PAGES))
		return 0;
	ck_assert_msg(!arena_prepare(&error), "%s", error.text);
	return 1;
}

static void pool_raise_once(void)
{
	pool_has("faults", POOL_HUGE, 32);
}

static void setup(void)
{
	inject_none();
}

TCase *faults_tcase(const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, pool_raise_once, NULL);
	tcase_add_checked_fixture(tcase, setup, NULL);
	return tcase;
}

int main(void)
{
	SRunner *runner = srunner_create(suite_refusals());
	int failed;

	srunner_add_suite(runner, suite_fallbacks());
	srunner_add_suite(runner, suite_disorder());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
