/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The udev rules by which cards are given to the stub at each start.
 *
 * One file, a line for each card, with its ids: should the machine count its
 * buses anew, whatever sits at the address then isn't taken.
 */
#ifndef BIND_RULE_H
#define BIND_RULE_H

#include "transport/sysfs.h"

/* The folder, unless PLXDMA_UDEV names another, for tests. */
#define BIND_RULE_FOLDER "/etc/udev/rules.d"
#define BIND_RULE_VARIABLE "PLXDMA_UDEV"
#define BIND_RULE_PATH 256

/* Where the rules are. */
void bind_rule_path(char path[BIND_RULE_PATH]);
/* Is there one for this address? */
int bind_rule_there(const char *address);
/* Adds, replaces or, @card NULL, removes the rule of an address; 0 or a
 * negative errno, said by cli_complain(). */
int bind_rule_set(const char *address, const struct sysfs_card *card);

#endif
