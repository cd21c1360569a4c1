/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Giving a PCI device to the kernel stub, and back, by its driver_override.
 *
 * The stub has no list of ids, for many unrelated boards carry PLX's own: a
 * card is given to it by name.  The override stays until it is taken back, so
 * that a rescan of the bus doesn't give the card to somebody else.
 */
#include "cli/binding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

#define PATH_LENGTH 320
/* Drivers may probe in the background. */
#define LOOKS	 100
#define PAUSE_NS 10000000

static int text_write(const char *path, const char *text)
{
	const size_t length = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;
	int result = 0;

	if (fd < 0)
		return -errno;
	written = write(fd, text, length);
	if (written < 0)
		result = -errno;
	else if ((size_t)written != length)
		result = -EIO;
	(void)close(fd);
	return result;
}

/* Writes to a file of the device's, or, without a name, of the bus'. */
static int bus_write(const struct sysfs_card *card, const char *file,
		     const char *text)
{
	char path[PATH_LENGTH];
	int result;

	if (file)
		result = sysfs_path(path, sizeof(path),
				    "bus/pci/devices/%s/%s", card->address,
				    file);
	else
		result = sysfs_path(path, sizeof(path),
				    "bus/pci/drivers_probe");
	if (!result)
		result = text_write(path, text);
	if (result)
		cli_complain("%s: %s: %s%s", card->address, path,
			     strerror(-result),
			     result == -EACCES ? "; that takes root" : "");
	return result;
}

static int override_write(const struct sysfs_card *card, const char *driver)
{
	char line[SYSFS_DRIVER + 2];

	(void)snprintf(line, sizeof(line), "%.31s\n", driver);
	return bus_write(card, "driver_override", line);
}

static int driver_leave(const struct sysfs_card *card)
{
	return card->driver[0] ? bus_write(card, "driver/unbind", card->address)
			       : 0;
}

/* Does the stub have the card, or get it soon? */
static int stub_takes(const struct sysfs_card *card)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	struct sysfs_card now;
	int look;

	for (look = 0; look < LOOKS; look++) {
		if (!sysfs_card_read(card->address, &now) &&
		    sysfs_is_stub(&now))
			return 1;
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

/* What the kernel would have done without us. */
static void give_back(const struct sysfs_card *card)
{
	if (!override_write(card, ""))
		(void)bus_write(card, NULL, card->address);
}

int binding_make(const struct sysfs_card *card)
{
	int result;

	if (!sysfs_stub_loaded()) {
		cli_complain("%s: the kernel module isn't loaded: modprobe "
			     SYSFS_STUB " (if it is refused: secure boot wants "
			     "it signed, see README)", card->address);
		return -ENODEV;
	}
	result = override_write(card, SYSFS_STUB);
	if (result)
		return result;
	result = driver_leave(card);
	if (result)
		goto out_give_back;
	result = bus_write(card, NULL, card->address);
	if (result)
		goto out_give_back;
	if (stub_takes(card))
		return 0;
	result = -ENODEV;
	cli_complain("%s: " SYSFS_STUB " didn't take it; the kernel's log "
		     "tells why (dmesg): no chip of the family, or no "
		     "interrupt", card->address);
out_give_back:
	give_back(card);
	return result;
}

int binding_undo(const struct sysfs_card *card)
{
	int result = override_write(card, "");

	if (!result)
		result = driver_leave(card);
	if (!result)
		result = bus_write(card, NULL, card->address);
	return result;
}

int binding_in_use(const struct sysfs_card *card)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/dev/plx9054/%s", card->address);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		(void)close(fd);
	return fd < 0 && errno == EBUSY;
}
