/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An open device: what a PLX_DEVICE_OBJECT refers to.
 *
 * The object lies in the program's memory, may be copied and may be rubbish,
 * so it holds a number only, and what belongs to it is kept here.  A device
 * owns the channels, notifications and memory that were opened through it, as
 * an open file of the SDK's driver did.
 */
#ifndef PLXAPI_DEVICE_H
#define PLXAPI_DEVICE_H

#include "plxapi/crate.h"

struct device {
	struct crate_card *card;
	int number;
};

/* The device of an object that is open, or INVALID_OBJECT, or NULL_PARAM. */
PLX_STATUS device_of(const PLX_DEVICE_OBJECT *object, struct device **device);

#endif
