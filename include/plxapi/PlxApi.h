/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PLX SDK's calls, over libplxdma: what programs written for that SDK
 * include.  Names, layouts and numbers are the SDK's, so that such programs
 * compile without changing a line; everything behind them is our own.
 * plxapi-compat(3) says which calls there are and where they differ.
 */
#ifndef PLXAPI_PLXAPI_H
#define PLXAPI_PLXAPI_H

#include "PlxDefCk.h"

#include "Plx.h"
#include "PlxTypes.h"

#include "PexApi.h"

#endif
