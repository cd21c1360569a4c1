/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A crate of digitizers, read out by the PLX SDK's calls: for every module a
 * thread that opens, boots, reads memories, takes data and closes, in the
 * order in which the software of Pixie-16 modules does.
 *
 *	pixie [SECONDS [MODULES]]
 *
 * Knows nothing of plxdma: the same program runs on whatever cards
 * PLXDMA_CRATE or the daemon offer.  Prints TAP; 3 seconds and as many modules
 * as there are, if not told.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "module.h"

struct worker {
	pthread_t thread;
	struct module module;
	struct run run;
	unsigned int number;
	int result;
};

/* A crate is read out with all its modules open. */
static pthread_barrier_t all_open;

static int work(struct worker *worker)
{
	struct module *module = &worker->module;
	int result = module_open(module, worker->number);

	pthread_barrier_wait(&all_open);
	if (result)
		return -1;
	result = module_boot(module);
	if (!result)
		result = dsp_check(module);
	if (!result)
		result = memory_check(module, 0x1000, 8192);
	if (!result)
		result = memory_check(module, 77, 65536);
	if (!result)
		result = run_module(module, &worker->run);
	/* Histograms are read while nothing runs as well as after. */
	if (!result)
		result = memory_check(module, 0, 32768);
	return module_close(module) ? -1 : result;
}

static void *worker_main(void *opaque)
{
	struct worker *worker = opaque;

	worker->result = work(worker);
	return NULL;
}

static unsigned int modules_there(void)
{
	PLX_DEVICE_KEY key;
	U16 number = 0;

	for (;;) {
		memset(&key, PCI_FIELD_IGNORE, sizeof(key));
		key.VendorId = 0x10b5;
		key.DeviceId = 0x9054;
		if (PlxPci_DeviceFind(&key, number) != PLX_STATUS_OK)
			return number;
		number++;
	}
}

static void report(const struct worker *worker)
{
	const struct module *module = &worker->module;
	const struct run *run = &worker->run;

	if (worker->result) {
		printf("not ok %u - module %u: %s\n", worker->number + 1,
		       worker->number, module->why);
		return;
	}
	printf("ok %u - module %u, slot %u, serial %u, %.1f us a read: "
	       "%llu words produced = %llu delivered in %llu blocks + %llu "
	       "overflowed + %llu left\n",
	       worker->number + 1, worker->number, module->slot,
	       module->serial, module->read_us,
	       (unsigned long long)run->produced,
	       (unsigned long long)run->delivered,
	       (unsigned long long)run->blocks,
	       (unsigned long long)run->overflowed,
	       (unsigned long long)run->level);
}

int main(int argc, char **argv)
{
	struct worker *workers;
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 3;
	unsigned int there = modules_there(), i;
	unsigned int count = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 0)
				      : there;
	int failed = !count;

	printf("1..%u\n", count);
	workers = calloc(count ? count : 1, sizeof(*workers));
	if (!workers || pthread_barrier_init(&all_open, NULL, count ? count : 1))
		return 1;
	for (i = 0; i < count; i++) {
		workers[i].number = i;
		workers[i].run.seconds = seconds;
		workers[i].run.stall = i % 4 == 3;
		if (pthread_create(&workers[i].thread, NULL, worker_main,
				   &workers[i]))
			return 1;
	}
	for (i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		report(&workers[i]);
		failed |= workers[i].result;
	}
	pthread_barrier_destroy(&all_open);
	free(workers);
	return failed ? 1 : 0;
}
