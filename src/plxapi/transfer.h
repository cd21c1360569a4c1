/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers of a channel between local memory and any memory of the
 * program's.
 *
 * Memory that isn't the card's goes through a bounce buffer of two halves:
 * while the card moves one piece, the CPU copies the other.  So the program's
 * own pages are never written by an engine, whatever happens to the wait.
 */
#ifndef PLXAPI_TRANSFER_H
#define PLXAPI_TRANSFER_H

#include "plxapi/channel.h"

/* Frees prepared transfers; nothing may be under way. */
void transfer_forget(struct channel *channel);
void transfer_drop_bounce(struct channel *channel);

/* A started transfer: has it ended?  If so its data is where it belongs. */
int transfer_ended(struct channel *channel);
/* Ends it, confirmed. */
void transfer_cancel(struct channel *channel);

#endif
