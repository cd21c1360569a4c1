/* SPDX-License-Identifier: MIT */
/* What to measure: the rows that follow from the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "throughput.h"

#define ARENA_DEFAULT (64ull << 20)
#define BLOCK_MAX     ((8ull << 20) - 1)
/* A batch of transfers goes over this much memory, where the size allows. */
#define BATCH_BYTES   (4ull << 20)

static void add_option(char full[256], const char *option)
{
	size_t length = strlen(full);

	(void)snprintf(full + length, 256 - length, "%s%s",
		       full[length - 1] == ':' ? "" : ",", option);
}

/* The memory that the sizes need, where the spec says nothing of it. */
static void complete_source(const struct plan *plan, struct source *source)
{
	bool model = strncmp(source->spec, "model:", 6) == 0;
	const char *rate = strstr(source->spec, "rate=");
	uint64_t arena = 2 * plan->room + (4u << 20);
	char option[48];

	(void)snprintf(source->full, sizeof(source->full), "%s", source->spec);
	if (arena > ARENA_DEFAULT && !strstr(source->spec, "arena=")) {
		(void)snprintf(option, sizeof(option), "arena=%lluM",
			       (unsigned long long)(arena >> 20));
		add_option(source->full, option);
	}
	if (model && !strstr(source->spec, "sram=") &&
	    !strstr(source->spec, "board=")) {
		(void)snprintf(option, sizeof(option), "sram=%lluM",
			       (unsigned long long)(2 * plan->room >> 20));
		add_option(source->full, option);
	}
	source->rate = rate ? strtod(rate + 5, NULL) : plan->rate;
}

static void label_sources(struct plan *plan)
{
	unsigned int i, j, same;

	for (i = 0; i < plan->source_count; i++) {
		const char *spec = plan->sources[i].spec;
		char *label = plan->sources[i].label;
		size_t length = strcspn(spec, ":");

		(void)snprintf(label, 20, "%.*s", (int)(length & 15), spec);
		if (strcmp(label, "model") == 0)
			(void)strcpy(label, "direct");
		for (j = 0, same = 1; j < i; j++)
			same += strncmp(plan->sources[j].spec, spec,
					length + 1) == 0;
		if (same > 1)
			(void)snprintf(label + strlen(label), 4, "#%u",
				       same % 10);
	}
}

/* A power of two, so that the software card's memory can have that size. */
static uint64_t lane_room(const struct plan *plan)
{
	uint64_t largest = BATCH_BYTES, room = 1u << 20;
	unsigned int i;

	for (i = 0; i < plan->size_count; i++)
		if (plan->sizes[i] > largest)
			largest = plan->sizes[i];
	while (room < largest)
		room <<= 1;
	return room;
}

static bool makes_sense(const struct cell *cell)
{
	return cell->form != PLXDMA_FORM_BLOCK || cell->size <= BLOCK_MAX;
}

static void add_rows(struct plan *plan, struct cell cell)
{
	unsigned int i;

	for (i = 0; i < plan->size_count; i++) {
		cell.size = plan->sizes[i];
		if (makes_sense(&cell))
			plan->rows[plan->row_count++] =
				(struct row){ .cell = cell,
					      .reg_reads = -1,
					      .reg_writes = -1,
					      .syscalls = -1 };
	}
}

static int make_rows(struct plan *plan)
{
	unsigned int spec, side, form, waiting;

	plan->rows = calloc((size_t)plan->source_count * 12 * plan->size_count,
			    sizeof(*plan->rows));
	if (!plan->rows)
		return 1;
	for (spec = 0; spec < plan->source_count; spec++)
		for (side = 0; side < 3; side++)
			for (form = 1; form < 3; form++)
				for (waiting = 0; waiting < 2; waiting++)
					if (plan->sides[side] &&
					    plan->forms[form] &&
					    plan->waitings[waiting])
						add_rows(plan, (struct cell){
							.spec = spec,
							.side = side,
							.form = form,
							.waiting = waiting,
						});
	return 0;
}

int plan_read(struct plan *plan, int argc, char **argv)
{
	unsigned int i;
	int code = options_read(plan, argc, argv);

	if (code)
		return code;
	plan->room = lane_room(plan);
	for (i = 0; i < plan->source_count; i++)
		complete_source(plan, &plan->sources[i]);
	label_sources(plan);
	return make_rows(plan);
}

void plan_free(struct plan *plan)
{
	free(plan->rows);
}
