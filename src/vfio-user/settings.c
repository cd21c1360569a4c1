/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whatever isn't an option of the server is one of the card, by its name in
 * model.h: --chip 9056, --rate=132e6 and chip=9056,rate=132e6 mean the same.
 * So an option that the card learns later needs nothing here; whether it knows
 * it, the card says.
 */
#include "vfio-user/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

/* Appends @separator if something stands before it, and @size bytes. */
static int append(char **text, const char *separator, const char *more,
		  size_t size)
{
	size_t have = *text ? strlen(*text) : 0;
	size_t gap = have ? strlen(separator) : 0;
	char *longer = realloc(*text, have + gap + size + 1);

	if (!longer)
		return -ENOMEM;
	memcpy(longer + have, separator, gap);
	memcpy(longer + have + gap, more, size);
	longer[have + gap + size] = '\0';
	*text = longer;
	return 0;
}

static int card_option(struct settings *settings, char **faults,
		       const char *name, size_t length, const char *value,
		       struct error *error)
{
	int ret;

	if (strchr(value, ','))
		return error_set(error, -EINVAL, "--%.*s %s: a value of the "
				 "card's options has no comma", (int)length,
				 name, value);
	/* Several --fault are one, as the card wants it. */
	if (length == strlen("fault") && !memcmp(name, "fault", length))
		return append(faults, "+", value, strlen(value));
	ret = append(&settings->card, ",", name, length);
	if (!ret)
		ret = append(&settings->card, "=", value, strlen(value));
	return ret;
}

static bool is(const char *name, size_t length, const char *wanted)
{
	return length == strlen(wanted) && !memcmp(name, wanted, length);
}

/* Options without a value. */
static bool flag(struct settings *settings, const char *name, size_t length)
{
	if (is(name, length, "once"))
		settings->once = true;
	else if (is(name, length, "quiet"))
		settings->quiet = true;
	else if (is(name, length, "help"))
		settings->help = true;
	else if (is(name, length, "version"))
		settings->version = true;
	else
		return false;
	return true;
}

/* Return: how many words it was, or a negative errno. */
static int option(struct settings *settings, char **faults, char **words,
		  struct error *error)
{
	const char *name = words[0] + 2;
	size_t length = strcspn(name, "=");
	const char *value = name[length] ? name + length + 1 : words[1];
	int used = name[length] ? 1 : 2, ret = 0;

	if (!name[length] && flag(settings, name, length))
		return 1;
	if (!length || !value)
		return error_set(error, -EINVAL, "%s wants a value: see "
				 "plxdma-model --help", words[0]);
	if (is(name, length, "socket"))
		settings->socket = value;
	else if (is(name, length, "stats"))
		settings->stats = value;
	else
		ret = card_option(settings, faults, name, length, value,
				  error);
	return ret ? ret : used;
}

static int parse(struct settings *settings, char **faults, char **words,
		 struct error *error)
{
	int ret;

	while (*words) {
		if (!strncmp(*words, "--", 2)) {
			ret = option(settings, faults, words, error);
			if (ret < 0)
				return ret;
			words += ret;
			continue;
		}
		if (**words == '-' || !strchr(*words, '='))
			return error_set(error, -EINVAL, "%s: options are "
					 "--NAME VALUE, see plxdma-model "
					 "--help", *words);
		ret = append(&settings->card, ",", *words, strlen(*words));
		if (ret)
			return ret;
		words++;
	}
	return 0;
}

int settings_parse(struct settings *settings, int argc, char **argv,
		   struct error *error)
{
	char *faults = NULL;
	int ret;

	*settings = (struct settings){ .socket = NULL };
	ret = parse(settings, &faults, argv + (argc > 0), error);
	if (!ret && faults) {
		ret = append(&settings->card, ",", "fault=", strlen("fault="));
		if (!ret)
			ret = append(&settings->card, "", faults,
				     strlen(faults));
	}
	free(faults);
	if (!ret && !settings->socket && !settings->help && !settings->version)
		ret = error_set(error, -EINVAL, "where to listen? --socket "
				"PATH; see plxdma-model --help");
	if (ret)
		settings_free(settings);
	return ret;
}

void settings_free(struct settings *settings)
{
	free(settings->card);
	settings->card = NULL;
}

void settings_help(FILE *file)
{
	const struct model_switch *s;

	(void)fputs(
		"Usage: plxdma-model --socket PATH [--chip CHIP] [OPTION...]\n"
		"A PLX PCI 9054 for QEMU: a software card behind a vfio-user "
		"socket.\n\n"
		"  --socket PATH   where QEMU connects\n"
		"  --stats FILE    counters and violations, in JSON; written "
		"when a client\n"
		"                  leaves, at the end, and on SIGUSR1\n"
		"  --once          end when the first client leaves\n"
		"  --quiet         say nothing of clients\n"
		"  --help, --version\n\n"
		"Options of the card, as --NAME VALUE or NAME=VALUE[,...]:\n"
		"  chip      9054ac 9054ab 9054aa 9080 9056 9656 8311\n"
		"  fault     what goes wrong, and when; may be given several "
		"times\n"
		"  rate      bytes per second of its bus, 0 for no limit\n"
		"  engine, posted, prefetch, sram, fifo, board, eeprom, trace, "
		"seed: see\n"
		"  plxdma-model(1)\n\n"
		"Switches for what isn't known of the chip for certain (first "
		"value: default):\n",
		file);
	for (s = model_switches(); s->name; s++)
		(void)fprintf(file, "  %s=%s\n      %s\n", s->name, s->values,
			      s->meaning);
}
