/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Types of the PLX SDK's calls.  The layouts are those that programs for the
 * SDK were compiled with: packed to 4 bytes, bit-fields in bytes; the library
 * asserts sizes and offsets when it is built.
 *
 * What only PLX's PCI Express switches have (performance counters, SPI flash,
 * multi-host and non-transparent ports) is left out.
 */
#ifndef PLXAPI_PLXTYPES_H
#define PLXAPI_PLXTYPES_H

#include "PciTypes.h"
#include "Plx.h"
#include "PlxDefCk.h"
#include "PlxStat.h"

#include <stddef.h>
#include <string.h>
#include <sys/time.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma pack(push, 4)

#ifndef VOID
typedef void VOID;
#endif
#if !defined(BOOLEAN) && !defined(__ACTYPES_H__)
typedef S8 BOOLEAN;
#endif
#ifndef BOOL
typedef S8 BOOL;
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#define RtlZeroMemory(destination, count) memset((destination), 0, (count))
#define RtlCopyMemory(destination, source, count)                              \
	memcpy((destination), (source), (count))
#define RtlFillMemory(destination, count, value)                               \
	memset((destination), (value), (count))

#define PEX_MIN(a, b) ((a) < (b) ? (a) : (b))
#define PEX_MAX(a, b) ((a) > (b) ? (a) : (b))

#define PLX_PTR_TO_INT(pointer) ((PLX_UINT_PTR)(pointer))
#define PLX_INT_TO_PTR(integer) ((VOID *)(PLX_UINT_PTR)(integer))
#define PLX_LE_DATA_32(value) (value)
#define PLX_BE_DATA_32(value) EndianSwap32(value)
#define PLX_64_HIGH_32(value) ((U32)((U64)(value) >> 32))
#define PLX_64_LOW_32(value) ((U32)(U64)(value))
#define PLX_LE_U32_BIT(position) ((U32)1 << (position))
#define PLX_CAST_64_TO_8_PTR(p) ((U8 *)PLX_INT_TO_PTR(p))
#define PLX_CAST_64_TO_16_PTR(p) ((U16 *)PLX_INT_TO_PTR(p))
#define PLX_CAST_64_TO_32_PTR(p) ((U32 *)PLX_INT_TO_PTR(p))

/* Milliseconds; waits that shall not end by themselves. */
#define PLX_TIMEOUT_INFINITE MAX_SCHEDULE_TIMEOUT

#define PEX_BITMASK_T(name, bits) U32(name)[((bits) + 31) / 32]

/* How a device is reached; here by PCI alone. */
typedef enum _PLX_API_MODE {
	PLX_API_MODE_PCI = 0,
	PLX_API_MODE_I2C_AARDVARK = 1,
	PLX_API_MODE_MDIO_SPLICE = 2,
	PLX_API_MODE_SDB = 3,
	PLX_API_MODE_TCP = 4
} PLX_API_MODE;

/* Width of an access. */
typedef enum _PLX_ACCESS_TYPE {
	BitSize8 = 0,
	BitSize16 = 1,
	BitSize32 = 2,
	BitSize64 = 3
} PLX_ACCESS_TYPE;

typedef enum _PLX_CHIP_FAMILY {
	PLX_FAMILY_NONE = 0,
	PLX_FAMILY_UNKNOWN = 1,
	PLX_FAMILY_BRIDGE_P2L = 2, /* every chip that libplxdma drives */
	PLX_FAMILY_BRIDGE_PCI_P2P = 3,
	PLX_FAMILY_BRIDGE_PCIE_P2P = 4
} PLX_CHIP_FAMILY;

typedef enum _PLX_CHIP_MODE {
	PLX_CHIP_MODE_UNKNOWN = 0,
	PLX_CHIP_MODE_STANDARD = 1,
	PLX_CHIP_MODE_STD_LEGACY_NT = 2,
	PLX_CHIP_MODE_STD_NT_DS_P2P = 3,
	PLX_CHIP_MODE_VIRT_SW = 4,
	PLX_CHIP_MODE_FABRIC = 5,
	PLX_CHIP_MODE_ROOT_COMPLEX = 6,
	PLX_CHIP_MODE_LEGACY_ADAPTER = 7
} PLX_CHIP_MODE;

/* PLX_PCI_BAR_PROP.Flags. */
typedef enum _PLX_BAR_FLAG {
	PLX_BAR_FLAG_MEM = 1 << 0,
	PLX_BAR_FLAG_IO = 1 << 1,
	PLX_BAR_FLAG_BELOW_1MB = 1 << 2,
	PLX_BAR_FLAG_32_BIT = 1 << 3,
	PLX_BAR_FLAG_64_BIT = 1 << 4,
	PLX_BAR_FLAG_PREFETCHABLE = 1 << 5,
	PLX_BAR_FLAG_UPPER_32 = 1 << 6,
	PLX_BAR_FLAG_PROBED = 1 << 7
} PLX_BAR_FLAG;

typedef enum _PLX_EEPROM_STATUS {
	PLX_EEPROM_STATUS_NONE = 0,
	PLX_EEPROM_STATUS_VALID = 1,
	PLX_EEPROM_STATUS_INVALID_DATA = 2,
	PLX_EEPROM_STATUS_BLANK = PLX_EEPROM_STATUS_INVALID_DATA,
	PLX_EEPROM_STATUS_CRC_ERROR = PLX_EEPROM_STATUS_INVALID_DATA
} PLX_EEPROM_STATUS;

typedef enum _PLX_CRC_STATUS {
	PLX_CRC_INVALID = 0,
	PLX_CRC_VALID = 1,
	PLX_CRC_UNSUPPORTED = 2,
	PLX_CRC_UNKNOWN = 3
} PLX_CRC_STATUS;

typedef enum _PLX_PORT_TYPE {
	PLX_PORT_UNKNOWN = 0xff,
	PLX_PORT_ENDPOINT = 0,
	PLX_PORT_LEGACY_ENDPOINT = 1,
	PLX_PORT_ROOT_PORT = 4,
	PLX_PORT_UPSTREAM = 5,
	PLX_PORT_DOWNSTREAM = 6,
	PLX_PORT_PCIE_TO_PCI_BRIDGE = 7,
	PLX_PORT_PCI_TO_PCIE_BRIDGE = 8,
	PLX_PORT_ROOT_ENDPOINT = 9,
	PLX_PORT_ROOT_EVENT_COLL = 10
} PLX_PORT_TYPE;

/* PLX_DEVICE_KEY.PlxPortType. */
typedef enum _PLX_SPECIFIC_PORT_TYPE {
	PLX_SPEC_PORT_UNKNOWN = 0,
	PLX_SPEC_PORT_INVALID = 0xff,
	PLX_SPEC_PORT_LEGACY_EP = 6
} PLX_SPECIFIC_PORT_TYPE;

typedef enum _PLX_DMA_COMMAND {
	DmaPause = 0,
	DmaPauseImmediate = 1,
	DmaResume = 2,
	DmaAbort = 3
} PLX_DMA_COMMAND;

typedef enum _PLX_DMA_DIR {
	PLX_DMA_PCI_TO_LOC = 0,
	PLX_DMA_LOC_TO_PCI = 1,
	PLX_DMA_USER_TO_PCI = PLX_DMA_PCI_TO_LOC,
	PLX_DMA_PCI_TO_USER = PLX_DMA_LOC_TO_PCI
} PLX_DMA_DIR;

typedef enum _PLX_DMA_DESCR_MODE {
	PLX_DMA_MODE_BLOCK = 0,
	PLX_DMA_MODE_SGL = 1,
	PLX_DMA_MODE_SGL_INTERNAL = 2
} PLX_DMA_DESCR_MODE;

/* For ways other than PCI, which are refused. */
typedef struct _PLX_MODE_PROP {
	union {
		struct {
			U16 I2cPort;
			U16 SlaveAddr;
			U32 ClockRate;
		} I2c;
		struct {
			U8 Port;
			U32 ClockRate;
			char *StrPath;
		} Mdio;
		struct {
			U8 Port;
			U8 Baud;
			U8 Cable;
		} Sdb;
		struct {
			U64 IpAddress;
		} Tcp;
	};
} PLX_MODE_PROP;

/*
 * Memory for DmaTransferBlock().  PhysicalAddr and CpuPhysical are one number
 * that the library looks up, not an address.
 */
typedef struct _PLX_PHYSICAL_MEM {
	U64 UserAddr;
	U64 PhysicalAddr;
	U64 CpuPhysical;
	U32 Size;
} PLX_PHYSICAL_MEM;

typedef struct _PLX_DRIVER_PROP {
	U32 Version;
	char Name[16];
	char FullName[255];
	U8 bIsServiceDriver;
	U64 AcpiPcieEcam;
} PLX_DRIVER_PROP;

typedef struct _PLX_PCI_BAR_PROP {
	U64 BarValue;
	U64 Physical;
	U64 Size;
	U32 Flags; /* PLX_BAR_FLAG */
} PLX_PCI_BAR_PROP;

typedef struct _PLX_PORT_PROP {
	U8 PortType;
	U8 PortNumber;
	U8 LinkWidth;
	U8 MaxLinkWidth;
	U8 LinkSpeed;
	U8 MaxLinkSpeed;
	U16 MaxReadReqSize;
	U16 MaxPayloadSize;
	U16 MaxPayloadSupported;
	U8 bNonPcieDevice;
} PLX_PORT_PROP;

/* Which device; a field may be PCI_FIELD_IGNORE when one is looked for. */
typedef struct _PLX_DEVICE_KEY {
	U32 IsValidTag;
	U8 domain;
	U8 bus;
	U8 slot;
	U8 function;
	U16 VendorId;
	U16 DeviceId;
	U16 SubVendorId;
	U16 SubDeviceId;
	U8 Revision;
	U16 PlxChip;
	U16 ChipID;
	U8 PlxRevision;
	U8 PlxFamily;
	U8 ApiIndex;
	U16 DeviceNumber;
	U8 ApiMode;
	U8 PlxPort;
	U8 PlxPortType;
	U8 NTPortNum;
	U8 DeviceMode;
	U32 ApiInternal[3];
} PLX_DEVICE_KEY;

/* An open device, in the caller's memory; only PrivateData is the caller's. */
typedef struct _PLX_DEVICE_OBJECT {
	U32 IsValidTag;
	PLX_DEVICE_KEY Key;
	PLX_DRIVER_HANDLE hDevice;
	PLX_PCI_BAR_PROP PciBar[6];
	U64 PciBarVa[6];
	U8 BarMapRef[6];
	PLX_PHYSICAL_MEM CommonBuffer;
	U64 PrivateData[4];
} PLX_DEVICE_OBJECT;

typedef struct _PLX_NOTIFY_OBJECT {
	U32 IsValidTag;
	U64 pWaitObject;
	U64 hEvent;
} PLX_NOTIFY_OBJECT;

/* Sources of interrupts. */
typedef struct _PLX_INTERRUPT {
	U32 Doorbell;
	U8 PciMain : 1;
	U8 PciAbort : 1;
	U8 LocalToPci : 2;
	U8 DmaDone : 4;
	U8 DmaPauseDone : 4;
	U8 DmaAbortDone : 4;
	U8 DmaImmedStopDone : 4;
	U8 DmaInvalidDescr : 4;
	U8 DmaError : 4;
	U8 MuInboundPost : 1;
	U8 MuOutboundPost : 1;
	U8 MuOutboundOverflow : 1;
	U8 TargetRetryAbort : 1;
	U8 Message : 4;
	U8 SwInterrupt : 1;
	U8 ResetDeassert : 1;
	U8 PmeDeassert : 1;
	U8 GPIO_4_5 : 1;
	U8 GPIO_14_15 : 1;
	U8 NTV_LE_Correctable : 1;
	U8 NTV_LE_Uncorrectable : 1;
	U8 NTV_LE_LinkStateChange : 1;
	U8 NTV_LE_UncorrErrorMsg : 1;
} PLX_INTERRUPT;

/* Properties of a channel; those before ReadyInput are of other chips. */
typedef struct _PLX_DMA_PROP {
	U8 CplStatusWriteBack : 1;
	U8 DescriptorMode : 2;
	U8 DescriptorPollMode : 1;
	U8 RingHaltAtEnd : 1;
	U8 RingWrapDelayTime : 3;
	U8 RelOrderDescrRead : 1;
	U8 RelOrderDescrWrite : 1;
	U8 RelOrderDataReadReq : 1;
	U8 RelOrderDataWrite : 1;
	U8 NoSnoopDescrRead : 1;
	U8 NoSnoopDescrWrite : 1;
	U8 NoSnoopDataReadReq : 1;
	U8 NoSnoopDataWrite : 1;
	U8 MaxSrcXferSize : 3;
	U8 MaxDestWriteSize : 3;
	U8 TrafficClass : 3;
	U8 MaxPendingReadReq : 6;
	U8 DescriptorPollTime;
	U8 MaxDescriptorFetch;
	U16 ReadReqDelayClocks;

	U8 ReadyInput : 1;
	U8 Burst : 1;
	U8 BurstInfinite : 1;
	U8 SglMode : 1;
	U8 DoneInterrupt : 1;
	U8 RouteIntToPci : 1;
	U8 ConstAddrLocal : 1;
	U8 WriteInvalidMode : 1;
	U8 DemandMode : 1;
	U8 EnableEOT : 1;
	U8 FastTerminateMode : 1;
	U8 ClearCountMode : 1;
	U8 DualAddressMode : 1;
	U8 EOTEndLink : 1;
	U8 ValidMode : 1;
	U8 ValidStopControl : 1;
	U8 LocalBusWidth : 2; /* 0: 8 bits, 1: 16, 2 and 3: 32 */
	U8 WaitStates : 4;
} PLX_DMA_PROP;

/* A transfer; members for other chips are ignored. */
typedef struct _PLX_DMA_PARAMS {
	U64 UserVa;
	U64 AddrSource;
	U64 AddrDest;
	U64 PciAddr; /* PLX_PHYSICAL_MEM.PhysicalAddr, or bytes beyond it */
	U32 LocalAddr;
	U32 ByteCount;
	U8 Direction; /* PLX_DMA_DIR */
	U8 bConstAddrSrc : 1;
	U8 bConstAddrDest : 1;
	U8 bForceFlush : 1;
	U8 bIgnoreBlockInt : 1;
} PLX_DMA_PARAMS;

#pragma pack(pop)

#ifdef __cplusplus
}
#endif
#endif
