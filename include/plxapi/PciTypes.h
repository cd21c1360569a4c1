/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The SDK's basic types, as it has them on Linux. */
#ifndef PLXAPI_PCITYPES_H
#define PLXAPI_PCITYPES_H

#include <limits.h>
#include <linux/types.h>
#include <memory.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef __s8 S8;
typedef __u8 U8;
typedef __s16 S16;
typedef __u16 U16;
typedef __s32 S32;
typedef __u32 U32;
typedef __s64 S64;
typedef __u64 U64;

typedef volatile S8 VS8;
typedef volatile U8 VU8;
typedef volatile S16 VS16;
typedef volatile U16 VU16;
typedef volatile S32 VS32;
typedef volatile U32 VU32;
typedef volatile S64 VS64;
typedef volatile U64 VU64;

typedef signed long PLX_INT_PTR;
typedef unsigned long PLX_UINT_PTR;
typedef int HANDLE;
typedef int PLX_DRIVER_HANDLE;

#define INVALID_HANDLE_VALUE ((HANDLE)-1)

#ifndef MAX_SCHEDULE_TIMEOUT
#define MAX_SCHEDULE_TIMEOUT LONG_MAX
#endif

#ifdef __cplusplus
}
#endif
#endif
