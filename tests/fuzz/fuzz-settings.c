/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon's configuration file, as an administrator in a hurry leaves it.
 * A refusal says why; what is accepted ends its strings and keeps its counts.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/conf_files.h"

static int ends(const char *text, size_t room)
{
	return memchr(text, 0, room) != NULL;
}

static int list_holds(const struct reach_list *list)
{
	if (list->count > REACH_RANGES || (list->count && !list->given))
		return 0;
	for (unsigned int i = 0; i < list->count; i++)
		if (list->ranges[i].first > list->ranges[i].last)
			return 0;
	return 1;
}

static void check_settings(const struct settings *settings)
{
	if (!ends(settings->socket, sizeof(settings->socket)) ||
	    settings->card_count > SETTINGS_CARDS)
		abort();
	for (unsigned int i = 0; i < settings->card_count; i++) {
		const struct card_settings *card = &settings->cards[i];

		if (!ends(card->name, sizeof(card->name)) || !card->name[0] ||
		    !ends(card->spec, sizeof(card->spec)))
			abort();
		if (!list_holds(&card->reach.read) ||
		    !list_holds(&card->reach.write) ||
		    !list_holds(&card->reach.claim_write))
			abort();
		for (unsigned int j = 0; j < i; j++)
			if (strcmp(card->name, settings->cards[j].name) == 0)
				abort();
	}
}

static int write_all(int fd, const uint8_t *data, size_t size)
{
	return ftruncate(fd, 0) == 0 &&
	       pwrite(fd, data, size, 0) == (ssize_t)size ? 0 : -1;
}

static void on_wrong(void *context, const char *text)
{
	if (!text[0])
		abort();
	++*(unsigned int *)context;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	static struct settings settings;
	struct error error = { "" };
	unsigned int told = 0;
	const struct conf_ear ear = { .wrong = on_wrong, .context = &told };
	char path[40], *text;

	if (fd < 0)
		fd = memfd_create("plxdmad.conf", MFD_CLOEXEC);
	if (fd < 0 || write_all(fd, data, size) != 0)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	settings_init(&settings);
	if ((conf_file_load(&settings, path, &ear) != 0) != (told != 0))
		abort();
	check_settings(&settings);
	/* And as an argument of --card. */
	text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	error.text[0] = 0;
	if (settings_add_card(&settings, text, &error) != 0 && !error.text[0])
		abort();
	check_settings(&settings);
	told = 0;
	if ((settings_check(&settings, on_wrong, &told) != 0) != (told != 0))
		abort();
	free(text);
	return 0;
}
