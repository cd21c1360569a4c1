/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plxdma info: what is known of a card, and why it is so. */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/tuning.h"

static const char doc[] =
	"Show chip, BARs, node, IOMMU, pin and arena of a card.\v"
	"The arena is made for this, as a transfer would make it; with "
	"--no-arena the card is only looked at.";

static const struct argp_option options[] = {
	{ "no-arena", 'n', 0, 0, "Do not make the arena", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct request {
	struct cli_common common;
	bool no_arena;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	if (key != 'n')
		return cli_option(key, arg, state);
	request->no_arena = true;
	return 0;
}

static const struct argp argp = { options, parse, "SPEC", doc, 0, 0, 0 };

static const char *const pins[] = { "none", "migration", "owner" };

static const char *pin_name(uint32_t pin)
{
	return pin < 3 ? pins[pin] : "unknown";
}

static const char *pin_meaning(uint32_t pin)
{
	static const char *const meanings[] = {
		"nothing keeps the frames where they are",
		("registered with io_uring: frames don't move, but are free "
		 "soon after their owner's death"),
		"held by whoever quiesces the card",
	};

	return pin < 3 ? meanings[pin] : "";
}

static void print_bars(const struct plxdma_card_info *info)
{
	char size[CLI_SIZE_TEXT];
	unsigned int i;

	for (i = 0; i < PLXDMA_BARS; i++) {
		const struct plxdma_bar_info *bar = &info->bars[i];

		if (!bar->size)
			continue;
		(void)printf("BAR%u           %s, %s", i,
			     cli_size(bar->size, size),
			     bar->io ? "I/O" : "memory");
		if (bar->space >= 0)
			(void)printf(", space %d, local 0x%08x\n", bar->space,
				     bar->local);
		else
			(void)puts(i < 2 ? ", registers" : "");
	}
}

static void print_arena(const struct plxdma_card_info *info)
{
	char size[CLI_SIZE_TEXT], page[CLI_SIZE_TEXT], run[CLI_SIZE_TEXT];

	if (!info->arena_size) {
		(void)puts("arena          none yet");
		return;
	}
	(void)printf("arena          %s in %llu pages of %s, node %d\n",
		     cli_size(info->arena_size, size),
		     (unsigned long long)(info->arena_size / info->arena_page),
		     cli_size(info->arena_page, page), info->arena_node);
	(void)printf("runs           %u contiguous on the bus, longest %s\n",
		     info->arena_runs, cli_size(info->arena_longest, run));
	(void)printf("frames         %s, %u moved\n",
		     info->frames_known ? "known" : "not known (no privilege)",
		     info->frames_moved);
}

static void print_iommu(const struct plxdma_card_info *info)
{
	if (info->iommu) {
		(void)puts("IOMMU          on: bus addresses are translated");
		return;
	}
	(void)puts("IOMMU          none: bus addresses are physical.\n"
		   "               Membership of plxdma-hw then equals root: "
		   "who programs the\n"
		   "               card reaches all of memory");
}

/* @tuning: NULL where it isn't told. */
static void print_text(const struct plxdma_card_info *info,
		       const struct plxdma_tuning *tuning)
{
	char kept[CLI_SIZE_TEXT];

	(void)printf("card           %s (%s)%s\n", info->name, info->transport,
		     info->in_service ? "" : ", OUT OF SERVICE");
	if (info->pci[0])
		(void)printf("PCI path       %s\n", info->pci);
	(void)printf("chip           %s, identity %08x, revision %02x\n",
		     info->chip_name, info->chip, info->revision);
	(void)printf("ids            %04x:%04x, subsystem %04x:%04x\n",
		     info->vendor_device & 0xffff, info->vendor_device >> 16,
		     info->subsystem & 0xffff, info->subsystem >> 16);
	print_bars(info);
	if (info->numa_node < 0)
		(void)puts("NUMA node      none");
	else
		(void)printf("NUMA node      %d\n", info->numa_node);
	print_iommu(info);
	(void)printf("above 4 GiB    %s\n",
		     info->dac ? "reached by dual address cycles" :
				 "not reached");
	(void)printf("pin            %s: %s\n", pin_name(info->pin),
		     pin_meaning(info->pin));
	print_arena(info);
	(void)printf("descriptors    %s\n", info->descriptors);
	if (info->memory_kept)
		(void)printf("kept for ever  %s, of programs that ended while a "
			     "channel was stuck\n",
			     cli_size(info->memory_kept, kept));
	if (!tuning)
		return;
	(void)puts("bus tuning");
	cli_tuning_print(tuning);
}

static void print_json(const struct plxdma_card_info *info,
		       const struct plxdma_tuning *tuning)
{
	struct json_object *object = cli_json_new("plxdma.info/1");
	struct json_object *bars = json_object_new_array();
	unsigned int i;

	cli_json_text(object, "name", info->name);
	cli_json_text(object, "transport", info->transport);
	cli_json_flag(object, "in_service", info->in_service != 0);
	cli_json_text(object, "chip_name", info->chip_name);
	cli_json_hex(object, "chip", info->chip, 32);
	cli_json_hex(object, "revision", info->revision, 8);
	cli_json_hex(object, "vendor", info->vendor_device & 0xffff, 16);
	cli_json_hex(object, "device", info->vendor_device >> 16, 16);
	cli_json_hex(object, "subsystem", info->subsystem, 32);
	for (i = 0; i < PLXDMA_BARS; i++) {
		struct json_object *bar;

		if (!info->bars[i].size)
			continue;
		bar = json_object_new_object();
		cli_json_number(bar, "bar", i);
		cli_json_number(bar, "size", info->bars[i].size);
		cli_json_flag(bar, "io", info->bars[i].io);
		cli_json_signed(bar, "space", info->bars[i].space);
		cli_json_hex(bar, "local", info->bars[i].local, 32);
		(void)json_object_array_add(bars, bar);
	}
	(void)json_object_object_add(object, "bars", bars);
	cli_json_signed(object, "numa_node", info->numa_node);
	cli_json_flag(object, "iommu", info->iommu);
	cli_json_flag(object, "dac", info->dac);
	cli_json_text(object, "pin", pin_name(info->pin));
	cli_json_number(object, "arena_size", info->arena_size);
	cli_json_number(object, "arena_page", info->arena_page);
	cli_json_signed(object, "arena_node", info->arena_node);
	cli_json_number(object, "arena_runs", info->arena_runs);
	cli_json_number(object, "arena_longest", info->arena_longest);
	cli_json_flag(object, "frames_known", info->frames_known);
	cli_json_number(object, "frames_moved", info->frames_moved);
	cli_json_text(object, "descriptors", info->descriptors);
	cli_json_text(object, "pci", info->pci);
	cli_json_number(object, "memory_kept", info->memory_kept);
	if (tuning) {
		struct json_object *fields = json_object_new_object();

		cli_tuning_json(fields, tuning);
		(void)json_object_object_add(object, "tuning", fields);
	}
	cli_json_print(object);
}

/* The first allocation makes the arena. */
static void make_arena(struct plxdma_card *card)
{
	plxdma_handle handle = 0;
	void *cpu = plxdma_alloc_coherent(card, 64, &handle);

	if (!cpu)
		cli_complain("no arena: %s", plxdma_error(card));
	plxdma_free_coherent(card, 64, cpu, handle);
}

int verb_info(int argc, char **argv)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_tuning tuning = { .size = sizeof(tuning) };
	struct request request = { .no_arena = false };
	struct plxdma_card *card;
	int code, untold = 0;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	if (!request.no_arena)
		make_arena(card);
	code = plxdma_card_info(card, &info);
	if (!code)
		untold = plxdma_tuning_get(card, &tuning);
	if (code)
		code = cli_failure(card, "info", code);
	else if (request.common.json)
		print_json(&info, untold ? NULL : &tuning);
	else
		print_text(&info, untold ? NULL : &tuning);
	plxdma_close(card);
	return code;
}
