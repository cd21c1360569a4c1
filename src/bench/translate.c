/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Translation of interior pointers: each address depends on the translation
 * before, so this is the latency that a caller feels, not the throughput of a
 * loop that the processor runs ahead in.
 */
#include "bench/memory.h"

#include "mem/translate.h"

#define PAGES 1000
#define SHIFT 21
#define AT_MOST 1.5

static void translate_run(void *context, unsigned int operations)
{
	const struct translate *translate = context;
	uint64_t offset = 12345, step = 1 << 20 | 64, sum = 0;
	uint64_t bus, left = 0;

	while (operations--) {
		bus = translate_bus(translate, offset, &left);
		sum += bus + left;
		offset += step;
		if (offset >= translate->size)
			offset -= translate->size;
		__asm__ volatile("" : "+r"(offset), "+r"(sum));
	}
}

static void bare_run(void *context, unsigned int operations)
{
	const struct translate *translate = context;
	uint64_t offset = 12345, step = 1 << 20 | 64, sum = 0;

	while (operations--) {
		sum += offset;
		offset += step;
		if (offset >= translate->size)
			offset -= translate->size;
		__asm__ volatile("" : "+r"(offset), "+r"(sum));
	}
}

void bench_translate(struct figures *figures)
{
	struct translate translate;
	struct figure *figure;
	uint64_t bus[PAGES];
	double with, without;
	size_t i;

	for (i = 0; i < PAGES; i++)
		bus[i] = (UINT64_C(0x100000000) + i * 3) << SHIFT;
	if (translate_init(&translate, bus, PAGES, SHIFT))
		return;
	without = figure_time(figures, bare_run, &translate, 20000);
	with = figure_time(figures, translate_run, &translate, 20000);
	figure = figure_add(figures, "ns", "translation of an interior offset");
	figure->value = with - without;
	figure->at_most = AT_MOST;
	figure_note(figure, "%.2f ns with its loop, which takes %.2f", with,
		    without);
	translate_destroy(&translate);
}
