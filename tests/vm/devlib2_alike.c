/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What EPICS devlib2 does: finds the device in sysfs by its PCI address, maps
 * BAR N as map N with the BAR's offset in its page from the PCI resources, waits
 * by read, and arms again by writing 1.
 */
#include "devlib2.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u

static const char *at;
static int uio;

int device_open(const char *address)
{
	char path[300];
	struct dirent *entry;
	DIR *folder;

	at = address;
	uio = -1;
	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/uio",
		       address);
	folder = opendir(path);
	while (folder && uio < 0 && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, "uio", 3) != 0)
			continue;
		(void)snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		uio = open(path, O_RDWR | O_CLOEXEC);
	}
	if (folder)
		closedir(folder);
	return uio < 0 ? -1 : 0;
}

static int resource(unsigned int bar, unsigned long long *start,
		    unsigned long long *size)
{
	char path[300], line[128] = "";
	unsigned long long last = 0;
	char *rest;
	FILE *file;
	int fine = 1;

	(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource",
		       at);
	file = fopen(path, "re");
	for (unsigned int i = 0; i <= bar && fine; i++)
		fine = file && fgets(line, sizeof(line), file);
	if (file)
		(void)fclose(file);
	*start = strtoull(line, &rest, 16);
	last = strtoull(rest, NULL, 16);
	*size = last - *start + 1;
	return fine;
}

volatile uint32_t *device_bar(unsigned int bar)
{
	unsigned long long start, size, offset;
	uint8_t *base;

	if (!resource(bar, &start, &size))
		return NULL;
	offset = start % PAGE;
	base = mmap(NULL, (size_t)(offset + size), PROT_READ | PROT_WRITE,
		    MAP_SHARED, uio, (off_t)(bar * PAGE));
	if (base == MAP_FAILED)
		return NULL;
	return (volatile uint32_t *)(void *)(base + offset);
}

void device_arm(void)
{
	const int32_t on = 1;

	if (write(uio, &on, sizeof(on)) != sizeof(on))
		perror("write");
}

int device_comes(int timeout_ms, uint32_t *count)
{
	struct pollfd readable = { .fd = uio, .events = POLLIN };

	if (poll(&readable, 1, timeout_ms) <= 0)
		return 0;
	return read(uio, count, sizeof(*count)) == sizeof(*count);
}
