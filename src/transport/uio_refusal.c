/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Why a card on the stub can't be opened: what stands between a spec and a
 * card is looked up, and the text says what to type.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport/uio_transport.h"

#define PATH_LENGTH 320

static int absent(const char *address, struct error *error)
{
	struct sysfs_card card;

	if (sysfs_card_read(address, &card))
		return error_set(error, -ENODEV, "uio:%s: there is no PCI "
				 "device at that address; plxdma list shows "
				 "the cards of this machine", address);
	if (sysfs_is_stub(&card))
		return error_set(error, -ENODEV, "uio:%s: the stub has the "
				 "card, but " UIO_DEVICES "/%s isn't there: is "
				 "/dev a devtmpfs, and does udev run?", address,
				 address);
	if (!sysfs_stub_loaded())
		return error_set(error, -ENODEV, "uio:%s: the kernel module "
				 "isn't loaded: modprobe " SYSFS_STUB ", then "
				 "plxdma bind %s (if it isn't installed: see "
				 "README; if it is refused: secure boot wants "
				 "it signed)", address, address);
	if (card.driver[0])
		return error_set(error, -ENODEV, "uio:%s: the driver %s has "
				 "the card; if it is to be ours: plxdma bind "
				 "%s", address, card.driver, address);
	return error_set(error, -ENODEV, "uio:%s: no driver has the card: "
			 "plxdma bind %s", address, address);
}

static int is_number(const char *text)
{
	const char *at = text;

	while (isdigit((unsigned char)*at))
		at++;
	return at > text && !*at;
}

/* Has the process, by its folder in /proc, that path open? */
static int process_has(const char *pid, const char *wanted)
{
	char path[PATH_LENGTH], target[PATH_LENGTH];
	struct dirent *entry;
	ssize_t length;
	int found = 0;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	folder = opendir(path);
	if (!folder)
		return 0;
	while (!found && (entry = readdir(folder))) {
		length = readlinkat(dirfd(folder), entry->d_name, target,
				    sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		found = !strcmp(target, wanted);
	}
	(void)closedir(folder);
	return found;
}

/* 0 where the owner can't be seen: his folder is his own. */
static int owner_find(const char *wanted, char pid[24])
{
	struct dirent *entry;
	int found = 0;
	DIR *folder = opendir("/proc");

	if (!folder)
		return 0;
	while (!found && (entry = readdir(folder))) {
		found = is_number(entry->d_name) &&
			process_has(entry->d_name, wanted);
		if (found)
			(void)snprintf(pid, 24, "%.20s", entry->d_name);
	}
	(void)closedir(folder);
	return found;
}

/* The card's UIO device, "" if it has none. */
static void uio_find(const char *address, char device[64])
{
	char path[PATH_LENGTH];
	struct dirent *entry;
	DIR *folder;

	device[0] = '\0';
	if (sysfs_path(path, sizeof(path), "bus/pci/devices/%s/uio", address))
		return;
	folder = opendir(path);
	if (!folder)
		return;
	while (!device[0] && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			(void)snprintf(device, 64, "/dev/%.50s",
				       entry->d_name);
	(void)closedir(folder);
}

static int busy(const char *address, struct error *error)
{
	char path[64], uio[64], pid[24];
	const char *who = NULL;

	(void)snprintf(path, sizeof(path), UIO_DEVICES "/%s", address);
	uio_find(address, uio);
	if (owner_find(path, pid))
		who = path;
	else if (uio[0] && owner_find(uio, pid))
		who = uio;
	if (!who)
		return error_set(error, -EBUSY, "uio:%s: another process has "
				 "the card open, perhaps plxdmad (then open "
				 "it as daemon:NAME); as root, fuser -v %s "
				 "tells which", address, path);
	return error_set(error, -EBUSY, "uio:%s: process %s has the card open "
			 "by %s; if that is plxdmad, open it as daemon:NAME",
			 address, pid, who);
}

int uio_refusal(const char *address, int code, struct error *error)
{
	switch (code) {
	case -ENOENT:
		return absent(address, error);
	case -EACCES:
	case -EPERM:
		return error_set(error, code, "uio:%s: this user may not open "
				 UIO_DEVICES "/%s: be root, or a member of "
				 "the group plxdma-hw (usermod -aG plxdma-hw "
				 "USER, then log in anew); programs that need "
				 "not trust each other go through plxdmad",
				 address, address);
	case -EBUSY:
		return busy(address, error);
	case -ENODEV:
	case -ENXIO:
		return error_set(error, -ENODEV, "uio:%s: the card is gone: "
				 "unplugged, or taken from the stub at this "
				 "moment", address);
	default:
		return error_set(error, code, "uio:%s: " UIO_DEVICES "/%s: %s",
				 address, address, strerror(-code));
	}
}
