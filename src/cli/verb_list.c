/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma list: the cards that can be opened, and how to get others.
 *
 * Answers "why is my card not here" as well: without a daemon it says so, and
 * PLX chips that the kernel knows of are shown whoever holds them.
 */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CARDS_MAX  64
#define PCI_FOLDER "/sys/bus/pci/devices"

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

struct pci_device {
	char address[16];
	unsigned int vendor;
	unsigned int device;
	char driver[32];
};

static unsigned int read_id(const char *address, const char *name)
{
	char path[96];
	unsigned int id = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), PCI_FOLDER "/%.15s/%s", address,
		       name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%x", &id) != 1)
		id = 0;
	(void)fclose(file);
	return id;
}

static void read_driver(struct pci_device *device)
{
	char path[96], target[256];
	const char *name;
	ssize_t length;

	(void)snprintf(path, sizeof(path), PCI_FOLDER "/%s/driver",
		       device->address);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0) {
		device->driver[0] = '\0';
		return;
	}
	target[length] = '\0';
	name = strrchr(target, '/');
	(void)snprintf(device->driver, sizeof(device->driver), "%.31s",
		       name ? name + 1 : target);
}

/* Chips with PLX's default ids.  Boards with an id of their own aren't found
 * so, and boards that are not for us may be: shown, never taken. */
static int is_plx(const struct pci_device *device)
{
	static const uint16_t devices[] = { 0x9080, 0x9054, 0x9056, 0x9656 };
	unsigned int i;

	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (device->vendor == 0x10b5 && device->device == devices[i])
			return 1;
	return 0;
}

static unsigned int find_devices(struct pci_device *devices, unsigned int max)
{
	struct dirent *entry;
	unsigned int count = 0;
	DIR *folder = opendir(PCI_FOLDER);

	if (!folder)
		return 0;
	while (count < max && (entry = readdir(folder))) {
		struct pci_device *device = &devices[count];

		if (strlen(entry->d_name) >= sizeof(device->address))
			continue;
		(void)strcpy(device->address, entry->d_name);
		device->vendor = read_id(device->address, "vendor");
		device->device = read_id(device->address, "device");
		if (!is_plx(device))
			continue;
		read_driver(device);
		count++;
	}
	(void)closedir(folder);
	return count;
}

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

static void print_text(char (*names)[PLXDMA_NAME], int count,
		       const struct pci_device *devices, unsigned int found)
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
		(void)printf("%-24s %04x:%04x  driver %s\n",
			     devices[n].address, devices[n].vendor,
			     devices[n].device,
			     devices[n].driver[0] ? devices[n].driver : "none");
	if (!found)
		(void)puts("  none with PLX's own ids");
}

static void print_json(char (*names)[PLXDMA_NAME], int count,
		       const struct pci_device *devices, unsigned int found)
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
	(void)json_object_array_add(cards, json_object_new_string("model:"));
	for (n = 0; n < found; n++) {
		struct json_object *device = json_object_new_object();

		cli_json_text(device, "address", devices[n].address);
		cli_json_hex(device, "vendor", devices[n].vendor, 16);
		cli_json_hex(device, "device", devices[n].device, 16);
		cli_json_text(device, "driver", devices[n].driver);
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
	struct pci_device devices[CARDS_MAX];
	struct cli_common common = { 0 };
	unsigned int found;
	int count;

	if (cli_parse(&argp, argc, argv, &common))
		return CLI_USAGE;
	found = find_devices(devices, CARDS_MAX);
	count = plxdma_list(names, CARDS_MAX);
	if (common.json)
		print_json(names, count, devices, found);
	else
		print_text(names, count, devices, found);
	return CLI_OK;
}
