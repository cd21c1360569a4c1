/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A run: the clock fills the FIFO whether anybody reads or not, and every word
 * that comes out says which one it is.  What is missing in between is what the
 * module has counted as overflow, no word more or less.
 */
#include "module.h"

#include <stdlib.h>
#include <time.h>

#define BUFFER_WORDS 65536u
#define TRIGGER_WORDS 4096u
#define HOLD_MS 20
#define POLLS 1000
#define COUNTER_BITS 27
#define COUNTER_MASK ((1u << COUNTER_BITS) - 1)

static void sleep_ms(double milliseconds)
{
	struct timespec pause = {
		.tv_sec = (time_t)(milliseconds / 1e3),
		.tv_nsec = (long)(milliseconds * 1e6) % 1000000000,
	};

	nanosleep(&pause, NULL);
}

/* Words count up; a jump is words that the FIFO had no room for. */
static int words_follow(struct module *module, struct run *run,
			const uint32_t *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t place = run->received + run->missing;
		uint32_t jump = (words[i] - (uint32_t)place) & COUNTER_MASK;

		if (words[i] >> COUNTER_BITS != module->slot)
			return module_fail(module, "word %#x isn't slot %u's",
					   words[i], module->slot);
		if (jump > COUNTER_MASK / 2)
			return module_fail(module, "word %#x comes again, "
						   "after %#llx", words[i],
					   (unsigned long long)place);
		run->missing += jump;
		run->received++;
		run->full = run->full && !jump;
	}
	return 0;
}

static int fifo_read(struct module *module, struct run *run, uint32_t *words,
		     uint32_t level)
{
	uint32_t count = level < BUFFER_WORDS ? level : BUFFER_WORDS;
	int full = level >= module_read(module, DEPTH);
	unsigned int polls = POLLS;

	module_write(module, ARM, count);
	while (module_read(module, LEVEL) < count) {
		if (!--polls)
			return module_fail(module,
					   "the FIFO doesn't reach %u", count);
	}
	if (module_dma(module, LOCAL_FIFO, words, count))
		return -1;
	run->blocks++;
	if (words_follow(module, run, words, count))
		return -1;
	run->full |= full;
	return 0;
}

/* Long enough that the FIFO overflows. */
static void stall(const struct module *module)
{
	double rate = module_read(module, RATE);

	if (rate > 0)
		sleep_ms(1.3e3 * module_read(module, DEPTH) / rate);
}

static int run_read(struct module *module, struct run *run, uint32_t *words)
{
	double start = seconds_now(), now = start, last = start;
	int stalled = !run->stall;
	uint32_t level;

	while ((now = seconds_now()) < start + run->seconds) {
		if (!stalled && now > start + run->seconds / 3) {
			stall(module);
			stalled = 1;
		}
		level = module_read(module, LEVEL);
		if (level < TRIGGER_WORDS &&
		    (!level || now < last + HOLD_MS / 1e3)) {
			sleep_ms(1);
			continue;
		}
		if (fifo_read(module, run, words, level))
			return -1;
		last = now;
	}
	return 0;
}

static int run_is_full(const struct module *module)
{
	return module_read(module, LEVEL) >= module_read(module, DEPTH);
}

static int run_drain(struct module *module, struct run *run, uint32_t *words)
{
	uint32_t level;

	while ((level = module_read(module, LEVEL))) {
		if (fifo_read(module, run, words, level))
			return -1;
	}
	return 0;
}

static uint64_t counter(const struct module *module, int offset)
{
	return module_read(module, offset) |
	       (uint64_t)module_read(module, offset + 4) << 32;
}

/* Produced = delivered + overflowed + still there, and both sides agree. */
static int run_account(struct module *module, struct run *run)
{
	uint64_t told = run->received + run->missing;

	module_write(module, SNAPSHOT, 0);
	run->produced = counter(module, PRODUCED);
	run->delivered = counter(module, DELIVERED);
	run->overflowed = counter(module, OVERFLOWED);
	run->level = module_read(module, SNAPSHOT_LEVEL);
	/* Words can be lost behind the last one only if it was full since. */
	if (run->full)
		run->missing += run->produced - run->level - told;
	if (run->produced != run->delivered + run->overflowed + run->level)
		return module_fail(module, "the module's own counts differ");
	if (run->received != run->delivered)
		return module_fail(module, "%llu words delivered, %llu came",
				   (unsigned long long)run->delivered,
				   (unsigned long long)run->received);
	if (run->missing != run->overflowed)
		return module_fail(module, "%llu words overflowed, %llu are "
					   "missing",
				   (unsigned long long)run->overflowed,
				   (unsigned long long)run->missing);
	if (run->stall && !run->overflowed)
		return module_fail(module, "the FIFO should have overflowed");
	return 0;
}

int run_module(struct module *module, struct run *run)
{
	uint32_t *words = calloc(BUFFER_WORDS, sizeof(*words));
	uint32_t csr = module_read(module, CSR);
	int result;

	if (!words)
		return module_fail(module, "no memory");
	module_write(module, FIFO_CLEAR, 0);
	module_write(module, CSR, csr | CSR_RUN);
	result = run_read(module, run, words);
	module_write(module, CSR, csr & ~CSR_RUN);
	run->full |= run_is_full(module);
	if (!result)
		result = run_drain(module, run, words);
	if (!result)
		result = run_account(module, run);
	free(words);
	return result;
}
