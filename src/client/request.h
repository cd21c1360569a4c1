/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program's request as an entry of the ring.
 */
#ifndef CLIENT_REQUEST_H
#define CLIENT_REQUEST_H

#include "client/channel.h"

/*
 * Fills an entry but for its slot and operation. A list is copied into the
 * channel's area; *list is its place there, HEAP_NONE without one.
 * Return: 0, -ERANGE for memory that is not the card's, -ENOSPC for too long a
 * list.
 */
int request_entry(struct client_channel *channel,
		  const struct plxdma_request *request,
		  struct wire_submission *entry, uint64_t *list,
		  struct error *error);
/* Gives the list's place back. */
void request_forget(struct client_channel *channel, uint64_t list);

/*
 * Adds a recipe to the entry, and copies it. @old: the transfer's number if it
 * has one already, else -1. The recipe lies in the area until the next one is
 * put there: the entry is to be prepared at once.
 */
int request_recipe(struct client_channel *channel,
		   const struct plxdma_recipe *recipe, int old,
		   struct wire_submission *entry, struct plxdma_recipe **copy,
		   struct error *error);
/* Gives the entry's number back, unless @kept has the same. */
void request_recipe_forget(struct client_channel *channel,
			   const struct wire_submission *entry,
			   const struct wire_submission *kept);

#endif
