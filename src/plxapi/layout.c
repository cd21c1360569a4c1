/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layouts that programs were compiled with.  Numbers, not expressions: a
 * change of a header has to fail here.
 */
#include <plxapi/PlxApi.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#define AT(type, member, offset)                                               \
	_Static_assert(offsetof(type, member) == (offset), #type "." #member)

SIZE(PLX_MODE_PROP, 16);

SIZE(PLX_PHYSICAL_MEM, 28);
AT(PLX_PHYSICAL_MEM, UserAddr, 0);
AT(PLX_PHYSICAL_MEM, PhysicalAddr, 8);
AT(PLX_PHYSICAL_MEM, CpuPhysical, 16);
AT(PLX_PHYSICAL_MEM, Size, 24);

SIZE(PLX_DRIVER_PROP, 284);
AT(PLX_DRIVER_PROP, Version, 0);
AT(PLX_DRIVER_PROP, Name, 4);
AT(PLX_DRIVER_PROP, FullName, 20);
AT(PLX_DRIVER_PROP, bIsServiceDriver, 275);
AT(PLX_DRIVER_PROP, AcpiPcieEcam, 276);

SIZE(PLX_PCI_BAR_PROP, 28);
AT(PLX_PCI_BAR_PROP, BarValue, 0);
AT(PLX_PCI_BAR_PROP, Physical, 8);
AT(PLX_PCI_BAR_PROP, Size, 16);
AT(PLX_PCI_BAR_PROP, Flags, 24);

SIZE(PLX_PORT_PROP, 14);
AT(PLX_PORT_PROP, PortType, 0);
AT(PLX_PORT_PROP, PortNumber, 1);
AT(PLX_PORT_PROP, LinkWidth, 2);
AT(PLX_PORT_PROP, MaxLinkWidth, 3);
AT(PLX_PORT_PROP, LinkSpeed, 4);
AT(PLX_PORT_PROP, MaxLinkSpeed, 5);
AT(PLX_PORT_PROP, MaxReadReqSize, 6);
AT(PLX_PORT_PROP, MaxPayloadSize, 8);
AT(PLX_PORT_PROP, MaxPayloadSupported, 10);
AT(PLX_PORT_PROP, bNonPcieDevice, 12);

SIZE(PLX_DEVICE_KEY, 48);
AT(PLX_DEVICE_KEY, IsValidTag, 0);
AT(PLX_DEVICE_KEY, domain, 4);
AT(PLX_DEVICE_KEY, bus, 5);
AT(PLX_DEVICE_KEY, slot, 6);
AT(PLX_DEVICE_KEY, function, 7);
AT(PLX_DEVICE_KEY, VendorId, 8);
AT(PLX_DEVICE_KEY, DeviceId, 10);
AT(PLX_DEVICE_KEY, SubVendorId, 12);
AT(PLX_DEVICE_KEY, SubDeviceId, 14);
AT(PLX_DEVICE_KEY, Revision, 16);
AT(PLX_DEVICE_KEY, PlxChip, 18);
AT(PLX_DEVICE_KEY, ChipID, 20);
AT(PLX_DEVICE_KEY, PlxRevision, 22);
AT(PLX_DEVICE_KEY, PlxFamily, 23);
AT(PLX_DEVICE_KEY, ApiIndex, 24);
AT(PLX_DEVICE_KEY, DeviceNumber, 26);
AT(PLX_DEVICE_KEY, ApiMode, 28);
AT(PLX_DEVICE_KEY, PlxPort, 29);
AT(PLX_DEVICE_KEY, PlxPortType, 30);
AT(PLX_DEVICE_KEY, NTPortNum, 31);
AT(PLX_DEVICE_KEY, DeviceMode, 32);
AT(PLX_DEVICE_KEY, ApiInternal, 36);

SIZE(PLX_DEVICE_OBJECT, 340);
AT(PLX_DEVICE_OBJECT, IsValidTag, 0);
AT(PLX_DEVICE_OBJECT, Key, 4);
AT(PLX_DEVICE_OBJECT, hDevice, 52);
AT(PLX_DEVICE_OBJECT, PciBar, 56);
AT(PLX_DEVICE_OBJECT, PciBarVa, 224);
AT(PLX_DEVICE_OBJECT, BarMapRef, 272);
AT(PLX_DEVICE_OBJECT, CommonBuffer, 280);
AT(PLX_DEVICE_OBJECT, PrivateData, 308);

SIZE(PLX_NOTIFY_OBJECT, 20);
AT(PLX_NOTIFY_OBJECT, IsValidTag, 0);
AT(PLX_NOTIFY_OBJECT, pWaitObject, 4);
AT(PLX_NOTIFY_OBJECT, hEvent, 12);

SIZE(PLX_INTERRUPT, 12);
AT(PLX_INTERRUPT, Doorbell, 0);

SIZE(PLX_DMA_PROP, 12);
AT(PLX_DMA_PROP, DescriptorPollTime, 4);
AT(PLX_DMA_PROP, MaxDescriptorFetch, 5);
AT(PLX_DMA_PROP, ReadReqDelayClocks, 6);

SIZE(PLX_DMA_PARAMS, 44);
AT(PLX_DMA_PARAMS, UserVa, 0);
AT(PLX_DMA_PARAMS, AddrSource, 8);
AT(PLX_DMA_PARAMS, AddrDest, 16);
AT(PLX_DMA_PARAMS, PciAddr, 24);
AT(PLX_DMA_PARAMS, LocalAddr, 32);
AT(PLX_DMA_PARAMS, ByteCount, 36);
AT(PLX_DMA_PARAMS, Direction, 40);
