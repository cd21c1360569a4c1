/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The calls themselves.  plxapi-compat(3) has a paragraph for each; what it
 * doesn't mention behaves as the SDK's manual says.
 */
#ifndef PLXAPI_PEXAPI_H
#define PLXAPI_PEXAPI_H

#include "PlxTypes.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef EXPORT
#define EXPORT
#endif

/* Devices. */
PLX_STATUS EXPORT PlxPci_DeviceFind(PLX_DEVICE_KEY *pKey, U16 DeviceNumber);
PLX_STATUS EXPORT PlxPci_DeviceFindEx(PLX_DEVICE_KEY *pKey, U16 DeviceNumber,
				      PLX_API_MODE ApiMode,
				      PLX_MODE_PROP *pModeProp);
PLX_STATUS EXPORT PlxPci_DeviceOpen(PLX_DEVICE_KEY *pKey,
				    PLX_DEVICE_OBJECT *pDevice);
PLX_STATUS EXPORT PlxPci_DeviceClose(PLX_DEVICE_OBJECT *pDevice);
PLX_STATUS EXPORT PlxPci_DeviceReset(PLX_DEVICE_OBJECT *pDevice);

/* What is there. */
PLX_STATUS EXPORT PlxPci_ApiVersion(U8 *pVersionMajor, U8 *pVersionMinor,
				    U8 *pVersionRevision);
PLX_STATUS EXPORT PlxPci_DriverVersion(PLX_DEVICE_OBJECT *pDevice,
				       U8 *pVersionMajor, U8 *pVersionMinor,
				       U8 *pVersionRevision);
PLX_STATUS EXPORT PlxPci_DriverProperties(PLX_DEVICE_OBJECT *pDevice,
					  PLX_DRIVER_PROP *pDriverProp);
PLX_STATUS EXPORT PlxPci_DriverScheduleRescan(PLX_DEVICE_OBJECT *pDevice);
PLX_STATUS EXPORT PlxPci_ChipTypeGet(PLX_DEVICE_OBJECT *pDevice,
				     U16 *pChipType, U8 *pRevision);
PLX_STATUS EXPORT PlxPci_ChipTypeSet(PLX_DEVICE_OBJECT *pDevice, U16 ChipType,
				     U8 Revision);
PLX_STATUS EXPORT PlxPci_GetPortProperties(PLX_DEVICE_OBJECT *pDevice,
					   PLX_PORT_PROP *pPortProp);

/* Configuration space. */
U32 EXPORT PlxPci_PciRegisterRead(U8 bus, U8 slot, U8 function, U16 offset,
				  PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_PciRegisterWrite(U8 bus, U8 slot, U8 function,
					  U16 offset, U32 value);
U32 EXPORT PlxPci_PciRegisterReadFast(PLX_DEVICE_OBJECT *pDevice, U16 offset,
				      PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_PciRegisterWriteFast(PLX_DEVICE_OBJECT *pDevice,
					      U16 offset, U32 value);
U32 EXPORT PlxPci_PciRegisterRead_BypassOS(U8 bus, U8 slot, U8 function,
					   U16 offset, PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_PciRegisterWrite_BypassOS(U8 bus, U8 slot,
						   U8 function, U16 offset,
						   U32 value);

/* The chip's registers. */
U32 EXPORT PlxPci_PlxRegisterRead(PLX_DEVICE_OBJECT *pDevice, U32 offset,
				  PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_PlxRegisterWrite(PLX_DEVICE_OBJECT *pDevice,
					  U32 offset, U32 value);
U32 EXPORT PlxPci_PlxMappedRegisterRead(PLX_DEVICE_OBJECT *pDevice, U32 offset,
					PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_PlxMappedRegisterWrite(PLX_DEVICE_OBJECT *pDevice,
						U32 offset, U32 value);
U32 EXPORT PlxPci_PlxMailboxRead(PLX_DEVICE_OBJECT *pDevice, U16 mailbox,
				 PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_PlxMailboxWrite(PLX_DEVICE_OBJECT *pDevice,
					 U16 mailbox, U32 value);

/* Base address registers and what is behind them. */
PLX_STATUS EXPORT PlxPci_PciBarProperties(PLX_DEVICE_OBJECT *pDevice,
					  U8 BarIndex,
					  PLX_PCI_BAR_PROP *pBarProperties);
PLX_STATUS EXPORT PlxPci_PciBarMap(PLX_DEVICE_OBJECT *pDevice, U8 BarIndex,
				   VOID **pVa);
PLX_STATUS EXPORT PlxPci_PciBarUnmap(PLX_DEVICE_OBJECT *pDevice, VOID **pVa);
PLX_STATUS EXPORT PlxPci_IoPortRead(PLX_DEVICE_OBJECT *pDevice, U64 port,
				    VOID *pBuffer, U32 ByteCount,
				    PLX_ACCESS_TYPE AccessType);
PLX_STATUS EXPORT PlxPci_IoPortWrite(PLX_DEVICE_OBJECT *pDevice, U64 port,
				     VOID *pBuffer, U32 ByteCount,
				     PLX_ACCESS_TYPE AccessType);
PLX_STATUS EXPORT PlxPci_PciBarSpaceRead(PLX_DEVICE_OBJECT *pDevice,
					 U8 BarIndex, U32 offset,
					 VOID *pBuffer, U32 ByteCount,
					 PLX_ACCESS_TYPE AccessType,
					 BOOLEAN bOffsetAsLocalAddr);
PLX_STATUS EXPORT PlxPci_PciBarSpaceWrite(PLX_DEVICE_OBJECT *pDevice,
					  U8 BarIndex, U32 offset,
					  VOID *pBuffer, U32 ByteCount,
					  PLX_ACCESS_TYPE AccessType,
					  BOOLEAN bOffsetAsLocalAddr);

/* Memory for block transfers. */
PLX_STATUS EXPORT PlxPci_PhysicalMemoryAllocate(PLX_DEVICE_OBJECT *pDevice,
						PLX_PHYSICAL_MEM *pMemoryInfo,
						BOOLEAN bSmallerOk);
PLX_STATUS EXPORT PlxPci_PhysicalMemoryFree(PLX_DEVICE_OBJECT *pDevice,
					    PLX_PHYSICAL_MEM *pMemoryInfo);
PLX_STATUS EXPORT PlxPci_PhysicalMemoryMap(PLX_DEVICE_OBJECT *pDevice,
					   PLX_PHYSICAL_MEM *pMemoryInfo);
PLX_STATUS EXPORT PlxPci_PhysicalMemoryUnmap(PLX_DEVICE_OBJECT *pDevice,
					     PLX_PHYSICAL_MEM *pMemoryInfo);
PLX_STATUS EXPORT PlxPci_CommonBufferProperties(PLX_DEVICE_OBJECT *pDevice,
						PLX_PHYSICAL_MEM *pMemoryInfo);
PLX_STATUS EXPORT PlxPci_CommonBufferMap(PLX_DEVICE_OBJECT *pDevice,
					 VOID **pVa);
PLX_STATUS EXPORT PlxPci_CommonBufferUnmap(PLX_DEVICE_OBJECT *pDevice,
					   VOID **pVa);

/* Interrupts. */
PLX_STATUS EXPORT PlxPci_InterruptEnable(PLX_DEVICE_OBJECT *pDevice,
					 PLX_INTERRUPT *pPlxIntr);
PLX_STATUS EXPORT PlxPci_InterruptDisable(PLX_DEVICE_OBJECT *pDevice,
					  PLX_INTERRUPT *pPlxIntr);
PLX_STATUS EXPORT PlxPci_NotificationRegisterFor(PLX_DEVICE_OBJECT *pDevice,
						 PLX_INTERRUPT *pPlxIntr,
						 PLX_NOTIFY_OBJECT *pEvent);
PLX_STATUS EXPORT PlxPci_NotificationWait(PLX_DEVICE_OBJECT *pDevice,
					  PLX_NOTIFY_OBJECT *pEvent,
					  U64 Timeout_ms);
PLX_STATUS EXPORT PlxPci_NotificationStatus(PLX_DEVICE_OBJECT *pDevice,
					    PLX_NOTIFY_OBJECT *pEvent,
					    PLX_INTERRUPT *pPlxIntr);
PLX_STATUS EXPORT PlxPci_NotificationCancel(PLX_DEVICE_OBJECT *pDevice,
					    PLX_NOTIFY_OBJECT *pEvent);

/* The configuration EEPROM. */
PLX_EEPROM_STATUS EXPORT PlxPci_EepromPresent(PLX_DEVICE_OBJECT *pDevice,
					      PLX_STATUS *pStatus);
BOOLEAN EXPORT PlxPci_EepromProbe(PLX_DEVICE_OBJECT *pDevice,
				  PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_EepromGetAddressWidth(PLX_DEVICE_OBJECT *pDevice,
					       U8 *pWidth);
PLX_STATUS EXPORT PlxPci_EepromSetAddressWidth(PLX_DEVICE_OBJECT *pDevice,
					       U8 width);
PLX_STATUS EXPORT PlxPci_EepromCrcUpdate(PLX_DEVICE_OBJECT *pDevice, U32 *pCrc,
					 BOOLEAN bUpdateEeprom);
PLX_STATUS EXPORT PlxPci_EepromCrcGet(PLX_DEVICE_OBJECT *pDevice, U32 *pCrc,
				      U8 *pCrcStatus);
PLX_STATUS EXPORT PlxPci_EepromReadByOffset(PLX_DEVICE_OBJECT *pDevice,
					    U32 offset, U32 *pValue);
PLX_STATUS EXPORT PlxPci_EepromWriteByOffset(PLX_DEVICE_OBJECT *pDevice,
					     U32 offset, U32 value);
PLX_STATUS EXPORT PlxPci_EepromReadByOffset_16(PLX_DEVICE_OBJECT *pDevice,
					       U32 offset, U16 *pValue);
PLX_STATUS EXPORT PlxPci_EepromWriteByOffset_16(PLX_DEVICE_OBJECT *pDevice,
						U32 offset, U16 value);

/* Vital product data. */
U32 EXPORT PlxPci_VpdRead(PLX_DEVICE_OBJECT *pDevice, U16 offset,
			  PLX_STATUS *pStatus);
PLX_STATUS EXPORT PlxPci_VpdWrite(PLX_DEVICE_OBJECT *pDevice, U16 offset,
				  U32 value);

/* DMA. */
PLX_STATUS EXPORT PlxPci_DmaChannelOpen(PLX_DEVICE_OBJECT *pDevice, U8 channel,
					PLX_DMA_PROP *pDmaProp);
PLX_STATUS EXPORT PlxPci_DmaChannelClose(PLX_DEVICE_OBJECT *pDevice,
					 U8 channel);
PLX_STATUS EXPORT PlxPci_DmaGetProperties(PLX_DEVICE_OBJECT *pDevice,
					  U8 channel, PLX_DMA_PROP *pDmaProp);
PLX_STATUS EXPORT PlxPci_DmaSetProperties(PLX_DEVICE_OBJECT *pDevice,
					  U8 channel, PLX_DMA_PROP *pDmaProp);
PLX_STATUS EXPORT PlxPci_DmaControl(PLX_DEVICE_OBJECT *pDevice, U8 channel,
				    PLX_DMA_COMMAND command);
PLX_STATUS EXPORT PlxPci_DmaStatus(PLX_DEVICE_OBJECT *pDevice, U8 channel);
PLX_STATUS EXPORT PlxPci_DmaTransferBlock(PLX_DEVICE_OBJECT *pDevice,
					  U8 channel,
					  PLX_DMA_PARAMS *pDmaParams,
					  U64 Timeout_ms);
PLX_STATUS EXPORT PlxPci_DmaTransferUserBuffer(PLX_DEVICE_OBJECT *pDevice,
					       U8 channel,
					       PLX_DMA_PARAMS *pDmaParams,
					       U64 Timeout_ms);

#ifdef __cplusplus
}
#endif
#endif
