/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Constants of the PLX SDK that are neither types nor status codes.  The
 * version is that of the interface which these headers follow: programs
 * choose their code by it.
 */
#ifndef PLXAPI_PLX_H
#define PLXAPI_PLX_H

#define PLX_SDK_VERSION_MAJOR 9
#define PLX_SDK_VERSION_MINOR 81
#define PLX_SDK_VERSION_STRING "9.81"
#define PLX_SDK_PRODUCT_NAME_STRING "plxdma, calls of the PLX SDK"
#define PLX_SDK_COMPANY_NAME_STRING "plxdma"
#define PLX_SDK_COPYRIGHT_STRING "LGPL-2.1-or-later"

/* The first member of the objects says whether they are in use. */
#define PLX_TAG_VALID 0x5F504C58
#define PLX_TAG_INVALID 0x564F4944
#define ObjectValidate(object) ((object)->IsValidTag = PLX_TAG_VALID)
#define ObjectInvalidate(object) ((object)->IsValidTag = PLX_TAG_INVALID)
#define IsObjectValid(object) ((object)->IsValidTag == PLX_TAG_VALID)

/* A field of a PLX_DEVICE_KEY that doesn't matter. */
#define PCI_FIELD_IGNORE (-1)

#define VPD_COMMAND_MAX_RETRIES 5
#define VPD_STATUS_MAX_POLL 10
#define VPD_STATUS_POLL_DELAY 5

#define FIND_AMOUNT_MATCHED 80001

#define PEX_MAX_PORT 144
#define PEX_PORT_REGS_SIZE 4096

#define EndianSwap32(value)                                                    \
	((((value) & 0xff) << 24) | (((value) & 0xff00) << 8) |                \
	 (((value) >> 8) & 0xff00) | (((value) >> 24) & 0xff))
/* As the SDK has it: the halves of a 32-bit value. */
#define EndianSwap16(value)                                                    \
	((((value) & 0xffff) << 16) | (((value) >> 16) & 0xffff))

#endif
