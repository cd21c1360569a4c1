/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A sequencer read out by the PLX SDK's calls, in the order of SIS1100 cards:
 * the engine is started first, the write of an address triggers the board
 * second, the block moves by demand, EOT# ends it before the count that was
 * asked for, a doorbell tells, and a register says how much there was.
 *
 *	sis [SECONDS]
 *
 * Every word says which one it is: none is missing, none comes twice, and the
 * buffer beyond the block's end is as it was.
 */
#include <PlxApi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	STATUS = 0x04,
	HEADER = 0x80,
	ADDRESS = 0x88,
	COUNT = 0x90,
	ERROR = 0xac,
	MOVED = 0xb0,
	PRODUCED = 0x800,
	DELIVERED = 0x808,
	DROPPED = 0x810,
	BLOCK_LOW = 0x828,
	BLOCK_HIGH = 0x82c,
	END_BELLS = 0x834,
};

#define STATUS_EOT 0x200u
#define HEADER_TO_DMA 0x0080a002u
#define ERROR_SHORT 0x208u
#define BELLS 0x5u
#define WORDS 16384u
#define UNTOUCHED 0x5a5a5a5au
#define COUNTER_MASK ((1u << 27) - 1)
#define TIMEOUT_MS 5000

static PLX_DEVICE_OBJECT device;
static PLX_NOTIFY_OBJECT bell;
static volatile uint32_t *registers;
static uint32_t words[WORDS];
static uint32_t place;

static uint32_t get(int offset)
{
	return registers[offset / 4];
}

static void put(int offset, uint32_t value)
{
	registers[offset / 4] = value;
}

static uint64_t get64(int offset)
{
	return get(offset) | (uint64_t)get(offset + 4) << 32;
}

static int fail(const char *what, long number)
{
	printf("not ok 1 - %s: %#lx\n", what, (unsigned long)number);
	if (registers)
		printf("# status %#x, error %#x, moved %#x, DMACSR %#x\n",
		       get(STATUS), get(ERROR), get(MOVED),
		       PlxPci_PlxRegisterRead(&device, 0xa8, NULL));
	return -1;
}

static double seconds_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int card_open(void)
{
	PLX_DEVICE_KEY key;
	PLX_INTERRUPT sources;
	PLX_DMA_PROP p;
	PLX_STATUS status;
	VOID *address = NULL;

	memset(&key, PCI_FIELD_IGNORE, sizeof(key));
	status = PlxPci_DeviceOpen(&key, &device);
	if (status != PLX_STATUS_OK)
		return fail("open", status);
	status = PlxPci_PciBarMap(&device, 2, &address);
	if (status != PLX_STATUS_OK)
		return fail("map", status);
	registers = address;
	memset(&p, 0, sizeof(p));
	p.ReadyInput = 1;
	p.Burst = 1;
	p.BurstInfinite = 1;
	p.LocalBusWidth = 2;
	p.ConstAddrLocal = 1;
	p.DemandMode = 1;
	p.EnableEOT = 1;
	status = PlxPci_DmaChannelOpen(&device, 0, &p);
	if (status != PLX_STATUS_OK)
		return fail("channel", status);
	memset(&sources, 0, sizeof(sources));
	sources.Doorbell = BELLS;
	status = PlxPci_NotificationRegisterFor(&device, &sources, &bell);
	if (status == PLX_STATUS_OK)
		status = PlxPci_InterruptEnable(&device, &sources);
	return status == PLX_STATUS_OK ? 0 : fail("doorbell", status);
}

/* The engine waits for DREQ#; only then the board is asked. */
static int block_start(void)
{
	PLX_DMA_PARAMS parameters;
	PLX_STATUS status;

	put(HEADER, HEADER_TO_DMA);
	put(COUNT, sizeof(words));
	put(MOVED, 0);
	put(STATUS, STATUS_EOT);
	memset(&parameters, 0, sizeof(parameters));
	parameters.UserVa = PLX_PTR_TO_INT(words);
	parameters.ByteCount = sizeof(words);
	parameters.Direction = PLX_DMA_LOC_TO_PCI;
	status = PlxPci_DmaTransferUserBuffer(&device, 0, &parameters, 0);
	if (status != PLX_STATUS_OK)
		return fail("start", status);
	status = PlxPci_DmaStatus(&device, 0);
	if (status != PLX_STATUS_IN_PROGRESS)
		return fail("status before the trigger", status);
	put(ADDRESS, 0);
	return 0;
}

static int block_wait(void)
{
	PLX_INTERRUPT came;
	PLX_STATUS status;
	double end = seconds_now() + TIMEOUT_MS / 1e3;

	status = PlxPci_NotificationWait(&device, &bell, TIMEOUT_MS);
	if (status != PLX_STATUS_OK)
		return fail("doorbell", status);
	status = PlxPci_NotificationStatus(&device, &bell, &came);
	if (status != PLX_STATUS_OK || came.Doorbell != BELLS)
		return fail("doorbell bits", came.Doorbell);
	do {
		status = PlxPci_DmaStatus(&device, 0);
	} while (status == PLX_STATUS_IN_PROGRESS && seconds_now() < end);
	return status == PLX_STATUS_COMPLETE ? 0 : fail("DMA", status);
}

static int block_check(void)
{
	uint32_t count = get(MOVED) / 4, i;

	if (!(get(STATUS) & STATUS_EOT))
		return fail("no EOT", get(STATUS));
	if (get(ERROR) != ERROR_SHORT)
		return fail("error", get(ERROR));
	for (i = 0; i < count; i++, place++) {
		if ((words[i] & COUNTER_MASK) != (place & COUNTER_MASK))
			return fail("word", words[i]);
		words[i] = UNTOUCHED;
	}
	for (; i < WORDS; i++) {
		if (words[i] != UNTOUCHED)
			return fail("beyond the end", words[i]);
	}
	return 0;
}

static int blocks_read(double seconds, unsigned long *blocks)
{
	double end = seconds_now() + seconds;
	uint32_t i;

	for (i = 0; i < WORDS; i++)
		words[i] = UNTOUCHED;
	put(END_BELLS, BELLS);
	put(BLOCK_HIGH, WORDS - 1); /* always short of what is asked for */
	put(BLOCK_LOW, 1);
	while (seconds_now() < end) {
		if (block_start() || block_wait() || block_check())
			return -1;
		++*blocks;
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long blocks = 0;
	VOID *address;
	int result;

	printf("1..1\n");
	result = card_open();
	if (!result)
		result = blocks_read(argc > 1 ? strtod(argv[1], NULL) : 2,
				     &blocks);
	if (!result && get64(PRODUCED) != get64(DELIVERED) + get64(DROPPED))
		result = fail("produced", (long)get64(PRODUCED));
	if (!result && get64(DELIVERED) != place)
		result = fail("delivered", (long)get64(DELIVERED));
	if (!result)
		printf("ok 1 - %lu blocks, %lu words produced = delivered\n",
		       blocks, (unsigned long)place);
	address = (VOID *)(uintptr_t)registers;
	if (address)
		PlxPci_PciBarUnmap(&device, &address);
	if (PlxPci_DmaChannelClose(&device, 0) != PLX_STATUS_OK ||
	    PlxPci_DeviceClose(&device) != PLX_STATUS_OK)
		result = -1;
	return result ? 1 : 0;
}
