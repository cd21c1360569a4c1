/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a load through a mapped BAR costs where it is caught, beside the call
 * that does the same, in one run: "cost SPEC".  The rounds take turns, and the
 * best of each counts.
 */
#include <PlxApi.h>
#include <plxdma/plxdma.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 20
#define LOADS 2000
#define BAR 3

static double now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double by_load(volatile U32 *word)
{
	double start = now_ns();
	int i;

	for (i = 0; i < LOADS; i++)
		(void)*word;
	return (now_ns() - start) / LOADS;
}

static double by_call(struct plxdma_card *card)
{
	double start = now_ns();
	uint32_t value;
	int i;

	for (i = 0; i < LOADS; i++)
		plxdma_peek(card, BAR, 0, 32, &value);
	return (now_ns() - start) / LOADS;
}

static double best(double best_so_far, double now)
{
	return best_so_far == 0 || now < best_so_far ? now : best_so_far;
}

int main(int argc, char **argv)
{
	const char *spec = argc > 1 ? argv[1] : "model:pages=small,arena=4M";
	struct plxdma_card *card;
	PLX_DEVICE_OBJECT device;
	PLX_DEVICE_KEY key;
	VOID *address = NULL;
	double load = 0, call = 0;
	int i;

	setenv("PLXDMA_CRATE", spec, 1);
	memset(&key, PCI_FIELD_IGNORE, sizeof(key));
	memset(&device, 0, sizeof(device));
	if (PlxPci_DeviceOpen(&key, &device) != PLX_STATUS_OK ||
	    PlxPci_PciBarMap(&device, BAR, &address) != PLX_STATUS_OK ||
	    plxdma_open(spec, &card)) {
		fprintf(stderr, "%s\n", plxdma_error(NULL));
		return 1;
	}
	for (i = 0; i < ROUNDS; i++) {
		load = best(load, by_load(address));
		call = best(call, by_call(card));
	}
	printf("a load %.0f ns, a call %.0f ns: %.1f times, %.0f ns more\n",
	       load, call, load / call, load - call);
	plxdma_close(card);
	return PlxPci_DeviceClose(&device) != PLX_STATUS_OK;
}
