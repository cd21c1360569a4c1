/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program of the README: what a program for the PLX SDK looks like. */
#include <PlxApi.h>
#include <stdio.h>

int main(void)
{
	static U32 data[1024];
	PLX_DEVICE_KEY key;
	PLX_DEVICE_OBJECT device = { 0 };
	PLX_DMA_PARAMS dma = { 0 };
	VOID *bar2;

	memset(&key, PCI_FIELD_IGNORE, sizeof(key));
	key.VendorId = 0x10b5;
	if (PlxPci_DeviceFind(&key, 0) != PLX_STATUS_OK ||
	    PlxPci_DeviceOpen(&key, &device) != PLX_STATUS_OK ||
	    PlxPci_PciBarMap(&device, 2, &bar2) != PLX_STATUS_OK ||
	    PlxPci_DmaChannelOpen(&device, 0, NULL) != PLX_STATUS_OK)
		return 1;
	*(volatile U32 *)bar2 = 0x12345678;
	dma.UserVa = PLX_PTR_TO_INT(data);
	dma.LocalAddr = 0x20000000;
	dma.ByteCount = sizeof(data);
	dma.Direction = PLX_DMA_LOC_TO_PCI;
	if (PlxPci_DmaTransferUserBuffer(&device, 0, &dma, 1000) !=
	    PLX_STATUS_OK)
		return 1;
	printf("first word: %08x\n", data[0]);
	PlxPci_DmaChannelClose(&device, 0);
	PlxPci_PciBarUnmap(&device, &bar2);
	PlxPci_DeviceClose(&device);
	return 0;
}
