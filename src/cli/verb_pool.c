/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma pool: the kernel's hugepages by size and node, and, for a card, the
 * arena that is made of them.
 */
#include "cli/cli.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define POOLS_MAX 64

static const char doc[] =
	"Show the hugepages of this machine and, with SPEC, the arena that "
	"the card makes of them.";

static const struct argp_option options[] = { CLI_OPTIONS, { 0 } };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	return key == ARGP_KEY_NO_ARGS ? 0 : cli_option(key, arg, state);
}

static const struct argp argp = { options, parse, "[SPEC]", doc, 0, 0, 0 };

struct pool {
	int node;
	unsigned long page_kib;
	unsigned long total;
	unsigned long free;
};

static unsigned long read_count(const char *folder, const char *size,
				const char *name)
{
	unsigned long count = 0;
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s/%s", folder, size, name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%lu", &count) != 1)
		count = 0;
	(void)fclose(file);
	return count;
}

/* The sizes of a folder such as /sys/kernel/mm/hugepages. */
static unsigned int read_sizes(const char *path, int node, struct pool *pools,
			       unsigned int max)
{
	struct dirent *entry;
	unsigned int count = 0;
	DIR *folder = opendir(path);

	if (!folder)
		return 0;
	while (count < max && (entry = readdir(folder))) {
		struct pool *pool = &pools[count];

		if (sscanf(entry->d_name, "hugepages-%lukB",
			   &pool->page_kib) != 1)
			continue;
		pool->node = node;
		pool->total = read_count(path, entry->d_name, "nr_hugepages");
		pool->free = read_count(path, entry->d_name, "free_hugepages");
		count++;
	}
	(void)closedir(folder);
	return count;
}

static unsigned int read_pools(struct pool *pools)
{
	unsigned int count = 0;
	int node;

	for (node = 0; node < 1024 && count < POOLS_MAX; node++) {
		char path[96];

		(void)snprintf(path, sizeof(path),
			       "/sys/devices/system/node/node%d/hugepages",
			       node);
		count += read_sizes(path, node, pools + count,
				    POOLS_MAX - count);
	}
	/* A kernel without NUMA has no nodes, but the same pages. */
	if (!count)
		count = read_sizes("/sys/kernel/mm/hugepages", -1, pools,
				   POOLS_MAX);
	return count;
}

static void print_pools(const struct pool *pools, unsigned int count)
{
	unsigned int i;

	(void)puts("Node  Page size      Pages   Free");
	for (i = 0; i < count; i++) {
		char size[CLI_SIZE_TEXT];

		(void)printf("%4d  %-12s %7lu %6lu\n", pools[i].node,
			     cli_size((uint64_t)pools[i].page_kib * 1024, size),
			     pools[i].total, pools[i].free);
	}
	if (!count)
		(void)puts("  this kernel has no hugepages");
	(void)puts("More: echo N > /proc/sys/vm/nr_hugepages");
}

static const char *pin_text(uint32_t pin)
{
	switch (pin) {
	case PLXDMA_PIN_OWNER:
		return "by whoever quiesces the card: frames neither move nor "
		       "are given away while an engine may write";
	case PLXDMA_PIN_MIGRATION:
		return "against migration only: frames don't move, but are "
		       "free soon after their owner's death";
	default:
		return "none: frames may move at any time";
	}
}

static void print_arena(const struct plxdma_card_info *info, int moved)
{
	char size[CLI_SIZE_TEXT], page[CLI_SIZE_TEXT], run[CLI_SIZE_TEXT];

	(void)printf("\nArena of %s\n", info->name);
	(void)printf("size     %s in %llu pages of %s on node %d\n",
		     cli_size(info->arena_size, size),
		     (unsigned long long)(info->arena_size / info->arena_page),
		     cli_size(info->arena_page, page), info->arena_node);
	(void)printf("runs     %u, longest %s\n", info->arena_runs,
		     cli_size(info->arena_longest, run));
	(void)printf("pin      %s\n", pin_text(info->pin));
	if (moved < 0)
		(void)puts("frames   not known: reading them needs "
			   "CAP_SYS_ADMIN");
	else
		(void)printf("frames   checked now: %d moved, %u in "
			     "quarantine\n", moved, info->frames_moved);
}

static struct json_object *pools_json(const struct pool *pools,
				      unsigned int count)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct json_object *pool = json_object_new_object();

		cli_json_signed(pool, "node", pools[i].node);
		cli_json_number(pool, "page",
				(uint64_t)pools[i].page_kib * 1024);
		cli_json_number(pool, "pages", pools[i].total);
		cli_json_number(pool, "free", pools[i].free);
		(void)json_object_array_add(array, pool);
	}
	return array;
}

static struct json_object *arena_json(const struct plxdma_card_info *info,
				      int moved)
{
	static const char *const pins[] = { "none", "migration", "owner" };
	struct json_object *arena = json_object_new_object();

	cli_json_number(arena, "size", info->arena_size);
	cli_json_number(arena, "page", info->arena_page);
	cli_json_signed(arena, "node", info->arena_node);
	cli_json_number(arena, "runs", info->arena_runs);
	cli_json_number(arena, "longest", info->arena_longest);
	cli_json_text(arena, "pin", pins[info->pin < 3 ? info->pin : 0]);
	cli_json_flag(arena, "frames_known", moved >= 0);
	cli_json_number(arena, "frames_moved", info->frames_moved);
	return arena;
}

static void print_all(const struct cli_common *common,
		      const struct plxdma_card_info *info, int moved)
{
	struct pool pools[POOLS_MAX];
	unsigned int count = read_pools(pools);
	struct json_object *object;

	if (!common->json) {
		print_pools(pools, count);
		if (info)
			print_arena(info, moved);
		return;
	}
	object = cli_json_new("plxdma.pool/1");
	(void)json_object_object_add(object, "hugepages",
				     pools_json(pools, count));
	if (info)
		(void)json_object_object_add(object, "arena",
					     arena_json(info, moved));
	cli_json_print(object);
}

static int with_arena(const struct cli_common *common)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	plxdma_handle handle = 0;
	struct plxdma_card *card;
	void *cpu;
	int moved, code = cli_open(common->spec, &card);

	if (code)
		return code;
	/* The first allocation makes the arena. */
	cpu = plxdma_alloc_coherent(card, 64, &handle);
	if (!cpu) {
		code = cli_failure(card, "arena", -ENOMEM);
		goto out_card;
	}
	moved = plxdma_card_verify(card);
	code = plxdma_card_info(card, &info);
	if (code)
		code = cli_failure(card, "info", code);
	else
		print_all(common, &info, moved);
	plxdma_free_coherent(card, 64, cpu, handle);
out_card:
	plxdma_close(card);
	return code;
}

int verb_pool(int argc, char **argv)
{
	struct cli_common common = { 0 };

	if (cli_parse(&argp, argc, argv, &common))
		return CLI_USAGE;
	if (common.spec)
		return with_arena(&common);
	print_all(&common, NULL, 0);
	return CLI_OK;
}
