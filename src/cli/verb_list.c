/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma list: the cards that can be opened, and how to get others.
 *
 * Answers "why is my card not here" as well: without a daemon it says so, and
 * PLX chips that the kernel knows of are shown whoever holds them.
 */
#include "cli/cli.h"

#include <stdio.h>

#include "transport/sysfs.h"

#define CARDS_MAX 64

static const char doc[] =
	"Show the cards that can be opened.\v"
	"Exit code 0 also if only the software card is there.";

static const struct argp_option options[] = { CLI_OPTIONS, { 0 } };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	if (key == ARGP_KEY_NO_ARGS)
		return 0;
	if (key == ARGP_KEY_ARG)
		argp_error(state, "takes no arguments");
	return cli_option(key, arg, state);
}

static const struct argp argp = { options, parse, 0, doc, 0, 0, 0 };

static void print_card(const char *name)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_card *card;
	char spec[PLXDMA_NAME + 8];

	(void)snprintf(spec, sizeof(spec), "daemon:%.63s", name);
	if (plxdma_open(spec, &card)) {
		(void)printf("%-24s %s\n", spec, plxdma_error(NULL));
		return;
	}
	if (plxdma_card_info(card, &info))
		(void)printf("%-24s %s\n", spec, plxdma_error(card));
	else
		(void)printf("%-24s %-10s rev %02x  node %-3d %-14s %s\n",
			     spec, info.chip_name, info.revision,
			     info.numa_node,
			     info.in_service ? "in service" : "out of service",
			     info.pci);
	plxdma_close(card);
}

static void print_device(const struct sysfs_card *device)
{
	char spec[SYSFS_ADDRESS + 8];

	(void)snprintf(spec, sizeof(spec), "%s%.15s",
		       sysfs_is_stub(device) ? "uio:" : "", device->address);
	(void)printf("%-24s %04x:%04x  driver %s", spec, device->vendor,
		     device->device, device->driver[0] ? device->driver : "none");
	if (!sysfs_is_stub(device))
		(void)printf("; to open it: plxdma bind %s", device->address);
	(void)puts("");
}

static void print_text(char (*names)[PLXDMA_NAME], int count,
		       const struct sysfs_card *devices, unsigned int found)
{
	int i;
	unsigned int n;

	(void)puts("Cards of the daemon");
	for (i = 0; i < count && i < CARDS_MAX; i++)
		print_card(names[i]);
	if (count < 0)
		(void)printf("  none: %s\n", plxdma_error(NULL));
	else if (count == 0)
		(void)puts("  none: start it with --card NAME=SPEC");
	(void)puts("\nIn this process\n"
		   "model:                   the software card, with "
		   "everything that a card has\n"
		   "\nPLX chips on this machine's bus");
	for (n = 0; n < found; n++)
		print_device(&devices[n]);
	if (!found)
		(void)puts("  none with PLX's own ids");
}

static void print_json(char (*names)[PLXDMA_NAME], int count,
		       const struct sysfs_card *devices, unsigned int found)
{
	struct json_object *object = cli_json_new("plxdma.list/1");
	struct json_object *cards = json_object_new_array();
	struct json_object *pci = json_object_new_array();
	char spec[PLXDMA_NAME + 8];
	unsigned int n;
	int i;

	for (i = 0; i < count && i < CARDS_MAX; i++) {
		(void)snprintf(spec, sizeof(spec), "daemon:%.63s", names[i]);
		(void)json_object_array_add(cards,
					    json_object_new_string(spec));
	}
	for (n = 0; n < found; n++) {
		if (!sysfs_is_stub(&devices[n]))
			continue;
		(void)snprintf(spec, sizeof(spec), "uio:%.15s",
			       devices[n].address);
		(void)json_object_array_add(cards,
					    json_object_new_string(spec));
	}
	(void)json_object_array_add(cards, json_object_new_string("model:"));
	for (n = 0; n < found; n++) {
		struct json_object *device = json_object_new_object();

		cli_json_text(device, "address", devices[n].address);
		cli_json_hex(device, "vendor", devices[n].vendor, 16);
		cli_json_hex(device, "device", devices[n].device, 16);
		cli_json_text(device, "driver", devices[n].driver);
		cli_json_flag(device, "bound", sysfs_is_stub(&devices[n]));
		(void)json_object_array_add(pci, device);
	}
	cli_json_flag(object, "daemon", count >= 0);
	(void)json_object_object_add(object, "specs", cards);
	(void)json_object_object_add(object, "pci", pci);
	cli_json_print(object);
}

int verb_list(int argc, char **argv)
{
	char names[CARDS_MAX][PLXDMA_NAME];
	struct sysfs_card devices[CARDS_MAX];
	struct cli_common common = { 0 };
	unsigned int found;
	int count;

	if (cli_parse(&argp, argc, argv, &common))
		return CLI_USAGE;
	found = sysfs_cards(NULL, devices, CARDS_MAX);
	if (found > CARDS_MAX)
		found = CARDS_MAX;
	count = plxdma_list(names, CARDS_MAX);
	if (common.json)
		print_json(names, count, devices, found);
	else
		print_text(names, count, devices, found);
	return CLI_OK;
}
