/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See sysfs.h. */
#include "transport/sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "bus/pci/devices"
#define PATH_LENGTH 320
#define VENDOR_PLX 0x10b5

int sysfs_path(char *path, size_t size, const char *format, ...)
{
	const char *root = secure_getenv(SYSFS_VARIABLE);
	va_list args;
	int head, tail;

	head = snprintf(path, size, "%s/", root && *root ? root : "/sys");
	if (head < 0 || (size_t)head >= size)
		return -ENAMETOOLONG;
	va_start(args, format);
	tail = vsnprintf(path + head, size - (size_t)head, format, args);
	va_end(args);
	return tail < 0 || (size_t)tail >= size - (size_t)head ? -ENAMETOOLONG
							       : 0;
}

int sysfs_address(const char *text, char address[SYSFS_ADDRESS])
{
	unsigned int domain = 0, bus, device, function;
	int end = -1;

	if (sscanf(text, "%4x:%2x:%2x.%1x%n", &domain, &bus, &device, &function,
		   &end) < 4) {
		domain = 0;
		if (sscanf(text, "%2x:%2x.%1x%n", &bus, &device, &function,
			   &end) < 3)
			return -EINVAL;
	}
	if (end < 0 || text[end] || device > 31 || function > 7)
		return -EINVAL;
	(void)snprintf(address, SYSFS_ADDRESS, "%04x:%02x:%02x.%x", domain,
		       bus, device, function);
	return 0;
}

static uint16_t id_read(const char *address, const char *name)
{
	char path[PATH_LENGTH];
	unsigned int id = 0;
	FILE *file;

	if (sysfs_path(path, sizeof(path), DEVICES "/%s/%s", address, name))
		return 0;
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%x", &id) != 1)
		id = 0;
	(void)fclose(file);
	return (uint16_t)id;
}

static void driver_read(struct sysfs_card *card)
{
	char path[PATH_LENGTH], target[PATH_LENGTH];
	const char *name;
	ssize_t length;

	card->driver[0] = '\0';
	if (sysfs_path(path, sizeof(path), DEVICES "/%s/driver", card->address))
		return;
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return;
	target[length] = '\0';
	name = strrchr(target, '/');
	(void)snprintf(card->driver, sizeof(card->driver), "%.31s",
		       name ? name + 1 : target);
}

int sysfs_card_read(const char *address, struct sysfs_card *card)
{
	*card = (struct sysfs_card){0};
	if (strlen(address) >= sizeof(card->address))
		return -ENODEV;
	strcpy(card->address, address);
	card->vendor = id_read(address, "vendor");
	if (!card->vendor)
		return -ENODEV;
	card->device = id_read(address, "device");
	card->subsystem_vendor = id_read(address, "subsystem_vendor");
	card->subsystem_device = id_read(address, "subsystem_device");
	driver_read(card);
	return 0;
}

int sysfs_is_plx(const struct sysfs_card *card)
{
	static const uint16_t devices[] = {0x9080, 0x9054, 0x9056, 0x9656,
					   0x8311};
	unsigned int i;

	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (card->vendor == VENDOR_PLX && card->device == devices[i])
			return 1;
	return 0;
}

int sysfs_is_stub(const struct sysfs_card *card)
{
	return !strcmp(card->driver, SYSFS_STUB);
}

int sysfs_stub_loaded(void)
{
	char path[PATH_LENGTH];

	return !sysfs_path(path, sizeof(path), "bus/pci/drivers/" SYSFS_STUB) &&
	       !access(path, F_OK);
}

/* Keeps the lowest addresses, in order; @have of them are stored. */
static void card_insert(struct sysfs_card *cards, unsigned int have,
			unsigned int room, const struct sysfs_card *card)
{
	unsigned int at = have;

	while (at > 0 && strcmp(cards[at - 1].address, card->address) > 0) {
		if (at < room)
			cards[at] = cards[at - 1];
		at--;
	}
	if (at < room)
		cards[at] = *card;
}

static int is_wanted(const struct sysfs_card *card,
		     const struct sysfs_card *like)
{
	if (!like)
		return sysfs_is_plx(card) || sysfs_is_stub(card);
	return card->vendor == like->vendor && card->device == like->device &&
	       card->subsystem_vendor == like->subsystem_vendor &&
	       card->subsystem_device == like->subsystem_device;
}

unsigned int sysfs_cards(const struct sysfs_card *like,
			 struct sysfs_card *cards, unsigned int room)
{
	char path[PATH_LENGTH];
	struct sysfs_card card;
	struct dirent *entry;
	unsigned int found = 0;
	DIR *folder;

	if (sysfs_path(path, sizeof(path), DEVICES))
		return 0;
	folder = opendir(path);
	if (!folder)
		return 0;
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.' ||
		    sysfs_card_read(entry->d_name, &card) ||
		    !is_wanted(&card, like))
			continue;
		card_insert(cards, found < room ? found : room, room, &card);
		found++;
	}
	(void)closedir(folder);
	return found;
}
