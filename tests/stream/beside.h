/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Observers of keep-up, a process each. */
#ifndef BESIDE_H
#define BESIDE_H

#define BESIDE_MOST 16

/* Forks so many, before this process has a card; each waits to be let go. */
void beside_fork(unsigned int count);
/* The stream is started: they open the card by this name, and read along until
 * it is closed.  Returns when each observes, or has given up. */
void beside_begin(const char *spec);
/* They have printed what they saw.  Returns how many saw something wrong. */
int beside_end(void);

#endif
