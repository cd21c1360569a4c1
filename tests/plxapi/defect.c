/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The old behaviour, planted: a wait that ends early and leaves the engine
 * running, as the SDK's does.  This program comes before the library in the
 * search for symbols, so what it defines of libplxdma is what libplxapi-compat
 * calls; here a cancelled transfer is only said to have ended.
 *
 *	defect none|planted timeout|signal
 *
 * Exit code: 0 if the buffer stayed as it was, 1 if an engine wrote to it
 * after the call, 2 if something else went wrong.
 */
#include <PlxApi.h>
#include <dlfcn.h>
#include <plxdma/plxdma.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define BYTES (1u << 20) /* two seconds at 500 kB/s */
#define PATTERN 0x40000000u

static int planted;

int plxdma_cancel(struct plxdma_transfer *transfer)
{
	int (*real)(struct plxdma_transfer *) =
		(int (*)(struct plxdma_transfer *))dlsym(RTLD_NEXT,
							 "plxdma_cancel");

	if (!planted)
		return real(transfer);
	planted = 2;
	return 0;
}

int plxdma_wait(struct plxdma_transfer *transfer, int64_t timeout_ns,
		struct plxdma_result *result)
{
	int (*real)(struct plxdma_transfer *, int64_t, struct plxdma_result *) =
		(int (*)(struct plxdma_transfer *, int64_t,
			 struct plxdma_result *))dlsym(RTLD_NEXT,
						       "plxdma_wait");

	if (planted == 2)
		return -125; /* -ECANCELED */
	return real(transfer, timeout_ns, result);
}

static void nothing(int number)
{
	(void)number;
}

/* And again, in case the first comes before the wait has begun. */
static void alarm_soon(void)
{
	struct sigaction action = { .sa_handler = nothing };
	struct itimerval timer = {
		.it_value.tv_usec = 30000,
		.it_interval.tv_usec = 30000,
	};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void linger(void)
{
	struct timespec pause = { .tv_nsec = 700000000 };

	while (nanosleep(&pause, &pause))
		;
}

static int open_all(PLX_DEVICE_OBJECT *device, PLX_PHYSICAL_MEM *memory)
{
	PLX_DEVICE_KEY key;
	PLX_DMA_PROP properties;

	memset(&key, PCI_FIELD_IGNORE, sizeof(key));
	memset(device, 0, sizeof(*device));
	memset(&properties, 0, sizeof(properties));
	memset(memory, 0, sizeof(*memory));
	properties.ReadyInput = properties.Burst = properties.BurstInfinite = 1;
	properties.LocalBusWidth = 2;
	memory->Size = BYTES;
	return PlxPci_DeviceOpen(&key, device) != PLX_STATUS_OK ||
	       PlxPci_DmaChannelOpen(device, 0, &properties) !=
		       PLX_STATUS_OK ||
	       PlxPci_PhysicalMemoryAllocate(device, memory, FALSE) !=
		       PLX_STATUS_OK ||
	       PlxPci_PhysicalMemoryMap(device, memory) != PLX_STATUS_OK;
}

/* A buffer of the card's memory: there an engine that goes on is seen. */
int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "none";
	int by_signal = argc > 2 && !strcmp(argv[2], "signal");
	PLX_DEVICE_OBJECT device;
	PLX_PHYSICAL_MEM memory;
	PLX_DMA_PARAMS p;
	PLX_STATUS status;
	void *data, *copy;

	if (open_all(&device, &memory))
		return 2;
	data = PLX_INT_TO_PTR(memory.UserAddr);
	copy = malloc(BYTES);
	memset(&p, 0, sizeof(p));
	p.PciAddr = memory.PhysicalAddr;
	p.LocalAddr = PATTERN;
	p.ByteCount = BYTES;
	p.Direction = PLX_DMA_LOC_TO_PCI;
	planted = !strcmp(what, "planted");
	if (by_signal)
		alarm_soon();
	status = PlxPci_DmaTransferBlock(&device, 0, &p,
					 by_signal ? PLX_TIMEOUT_INFINITE
						   : (U64)30);
	if (!copy || status != (by_signal ? PLX_STATUS_FAILED
					  : PLX_STATUS_TIMEOUT))
		return 2;
	memcpy(copy, data, BYTES);
	linger();
	if (!memcmp(copy, data, BYTES))
		return 0;
	puts("an engine wrote to the buffer after the call");
	return 1;
}
