/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See tally.h. */
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>

static int test, bad;

void tell(int passed, const char *what)
{
	printf("%sok %d - %s\n", passed ? "" : "not ", ++test, what);
	bad |= !passed;
}

_Noreturn void give_up(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(EXIT_FAILURE);
}

int tally_end(void)
{
	printf("1..%d\n", test);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

unsigned long number_of(const char *variable, unsigned long otherwise)
{
	const char *text = getenv(variable);

	return text ? strtoul(text, NULL, 0) : otherwise;
}
