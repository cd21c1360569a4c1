/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The account of a test program that speaks TAP: what it has told, and the
 * settings that it takes from its environment.
 */
#ifndef TALLY_H
#define TALLY_H

void tell(int passed, const char *what);
/* Without a verdict: the rest can't be tested. */
_Noreturn void give_up(const char *what);
/* The plan, after all tests.  Return: the program's. */
int tally_end(void);

unsigned long number_of(const char *variable, unsigned long otherwise);

#endif
