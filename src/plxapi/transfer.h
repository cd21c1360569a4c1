/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers of a channel between local memory and any memory of the
 * program's (job.h): those that nobody waits for, from outside.
 */
#ifndef PLXAPI_TRANSFER_H
#define PLXAPI_TRANSFER_H

#include "plxapi/channel.h"

/* A started transfer: has it ended?  If so its data is where it belongs. */
int transfer_ended(struct channel *channel);
/* Ends it, confirmed. */
void transfer_cancel(struct channel *channel);

#endif
