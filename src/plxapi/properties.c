/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See properties.h. */
#include "plxapi/properties.h"

#include <string.h>

/* Fields that are 32 bits wide if they say 2 or 3. */
#define WIDTH_32 2u

void properties_of_register(uint32_t dmamode, PLX_DMA_PROP *properties)
{
	memset(properties, 0, sizeof(*properties));
	properties->LocalBusWidth = dmamode & 3;
	properties->WaitStates = dmamode >> 2 & 0xf;
	properties->ReadyInput = dmamode >> 6 & 1;
	properties->BurstInfinite = dmamode >> 7 & 1;
	properties->Burst = dmamode >> 8 & 1;
	properties->SglMode = dmamode >> 9 & 1;
	properties->DoneInterrupt = dmamode >> 10 & 1;
	properties->ConstAddrLocal = dmamode >> 11 & 1;
	properties->DemandMode = dmamode >> 12 & 1;
	properties->WriteInvalidMode = dmamode >> 13 & 1;
	properties->EnableEOT = dmamode >> 14 & 1;
	properties->FastTerminateMode = dmamode >> 15 & 1;
	properties->ClearCountMode = dmamode >> 16 & 1;
	properties->RouteIntToPci = dmamode >> 17 & 1;
	properties->DualAddressMode = dmamode >> 18 & 1;
}

/*
 * Chaining, interrupts, clear-count, dual addresses and the valid bit are how
 * the library moves data, not how the board wants it: they stay its own.
 */
int properties_to_mode(const PLX_DMA_PROP *properties, struct plxdma_mode *mode)
{
	const unsigned int width =
		properties->LocalBusWidth >= WIDTH_32
			? 32
			: 8u << properties->LocalBusWidth;
	const struct {
		enum plxdma_mode_item item;
		unsigned int value;
	} fields[] = {
		{ PLXDMA_MODE_WIDTH, width },
		{ PLXDMA_MODE_WAIT_STATES, properties->WaitStates },
		{ PLXDMA_MODE_READY, properties->ReadyInput },
		{ PLXDMA_MODE_BTERM, properties->BurstInfinite },
		{ PLXDMA_MODE_BURST, properties->Burst },
		{ PLXDMA_MODE_CONSTANT, properties->ConstAddrLocal },
		{ PLXDMA_MODE_DEMAND, properties->DemandMode },
		{ PLXDMA_MODE_EOT, properties->EnableEOT },
		{ PLXDMA_MODE_FAST_TERMINATE, properties->FastTerminateMode },
		{ PLXDMA_MODE_WRITE_INVALIDATE, properties->WriteInvalidMode },
	};
	int result = 0;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields) && !result; i++)
		result = plxdma_mode_set(mode, fields[i].item, fields[i].value);
	return result;
}
