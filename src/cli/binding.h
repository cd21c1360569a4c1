/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Giving a PCI device to the kernel stub, and back. */
#ifndef BINDING_H
#define BINDING_H

#include "transport/sysfs.h"

/* 0 or a negative errno; says what is wrong by cli_complain(). */

/* From whatever has it to the stub. */
int binding_make(const struct sysfs_card *card);
/* From the stub to the driver that the kernel finds for it, or none. */
int binding_undo(const struct sysfs_card *card);
/* Has a process this card of the stub's open? */
int binding_in_use(const struct sysfs_card *card);

#endif
