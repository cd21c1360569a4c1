/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PCI devices as sysfs shows them, and what drives them.
 *
 * Reads only; whoever wants a card to change its driver writes to the same
 * files himself.
 */
#ifndef SYSFS_H
#define SYSFS_H

#include <stddef.h>
#include <stdint.h>

/* PLXDMA_SYSFS names another root, for tests; programs that run with more
 * rights than their caller don't see it. */
#define SYSFS_VARIABLE "PLXDMA_SYSFS"

#define SYSFS_ADDRESS 16	/* "0000:05:0d.0" and its zero byte */
#define SYSFS_DRIVER 32
/* The stub: module and driver. */
#define SYSFS_STUB "uio_plx9054"

struct sysfs_card {
	char address[SYSFS_ADDRESS];
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
	char driver[SYSFS_DRIVER];	/* "": none */
};

/* PATH below the root, into room of @size.  0 or -ENAMETOOLONG. */
int sysfs_path(char *path, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Makes DDDD:BB:DD.F of that or of BB:DD.F.  0 or -EINVAL. */
int sysfs_address(const char *text, char address[SYSFS_ADDRESS]);

/* 0, or -ENODEV: nothing at that address. */
int sysfs_card_read(const char *address, struct sysfs_card *card);

/* Has it PLX's own ids?  Boards with ids of their own haven't, and some that
 * have are no business of ours. */
int sysfs_is_plx(const struct sysfs_card *card);
int sysfs_is_stub(const struct sysfs_card *card);
/* Is the stub's module loaded? */
int sysfs_stub_loaded(void);

/*
 * By address: devices with the ids of @like, its subsystem's included; NULL:
 * those with PLX's ids and those that the stub has.
 * Return: how many there are, of which the first @room were stored.
 */
unsigned int sysfs_cards(const struct sysfs_card *like,
			 struct sysfs_card *cards, unsigned int room);

#endif
