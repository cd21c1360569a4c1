/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A rule sets driver_override while udev works through the rules of a device
 * that appeared, before it loads any module for it; then it loads the stub and
 * lets the bus look again, for the stub may have been there before the card.
 *
 * The file is written anew beside itself and renamed: udev never reads half of
 * it.
 */
#include "cli/bind_rule.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define RULE_FILE "60-plxdma-bind.rules"
#define RULE_LINE 512

static const char heading[] =
	"# Cards that the kernel module " SYSFS_STUB " gets at each start.\n"
	"# Written by plxdma bind --persist; plxdma unbind --persist ADDRESS\n"
	"# takes a line out again.\n";

void bind_rule_path(char path[BIND_RULE_PATH])
{
	const char *folder = secure_getenv(BIND_RULE_VARIABLE);

	(void)snprintf(path, BIND_RULE_PATH, "%.200s/" RULE_FILE,
		       folder && *folder ? folder : BIND_RULE_FOLDER);
}

static int is_rule_of(const char *line, const char *address)
{
	char key[40];

	(void)snprintf(key, sizeof(key), "KERNEL==\"%.15s\"", address);
	return line[0] != '#' && strstr(line, key) != NULL;
}

int bind_rule_there(const char *address)
{
	char path[BIND_RULE_PATH], line[RULE_LINE];
	FILE *file;
	int found = 0;

	bind_rule_path(path);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (!found && fgets(line, sizeof(line), file))
		found = is_rule_of(line, address);
	(void)fclose(file);
	return found;
}

/* Copies the rules of other cards.  Return: how many there are. */
static unsigned int others_copy(const char *path, FILE *to,
				const char *address)
{
	char line[RULE_LINE];
	unsigned int count = 0;
	FILE *from = fopen(path, "re");

	if (!from)
		return 0;
	while (fgets(line, sizeof(line), from)) {
		if (line[0] == '#' || line[0] == '\n' ||
		    is_rule_of(line, address))
			continue;
		(void)fputs(line, to);
		count++;
	}
	(void)fclose(from);
	return count;
}

static void rule_write(FILE *to, const struct sysfs_card *card)
{
	(void)fprintf(to,
		      "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"%s\", "
		      "ATTR{vendor}==\"0x%04x\", ATTR{device}==\"0x%04x\", "
		      "ATTR{driver_override}=\"" SYSFS_STUB "\", "
		      "RUN{builtin}+=\"kmod load " SYSFS_STUB "\", "
		      "RUN+=\"/bin/sh -c 'echo %s >/sys/bus/pci/drivers_probe'"
		      "\"\n",
		      card->address, card->vendor, card->device,
		      card->address);
}

/* The new file; an empty one is removed. */
static int rules_write(const char *path, const char *beside,
		       const char *address, const struct sysfs_card *card)
{
	FILE *to = fopen(beside, "we");
	unsigned int rules;
	int result = 0;

	if (!to)
		return -errno;
	(void)fputs(heading, to);
	rules = others_copy(path, to, address);
	if (card)
		rule_write(to, card);
	(void)fchmod(fileno(to), 0644);
	if (ferror(to))
		result = -EIO;
	if (fclose(to) && !result)
		result = -errno;
	if (!result && !rules && !card) {
		(void)unlink(beside);
		return unlink(path) && errno != ENOENT ? -errno : 0;
	}
	if (!result && rename(beside, path))
		result = -errno;
	if (result)
		(void)unlink(beside);
	return result;
}

int bind_rule_set(const char *address, const struct sysfs_card *card)
{
	char path[BIND_RULE_PATH], beside[BIND_RULE_PATH + 8];
	int result;

	bind_rule_path(path);
	(void)snprintf(beside, sizeof(beside), "%s.new", path);
	result = rules_write(path, beside, address, card);
	if (result)
		cli_complain("%s: %s%s", path, strerror(-result),
			     result == -EACCES ? "; that takes root" : "");
	return result;
}
