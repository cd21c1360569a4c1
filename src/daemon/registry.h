/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a client may know of a card, and do to it, other than by transfers and
 * batches: synchronous answers over the socket.
 */
#ifndef DAEMON_REGISTRY_H
#define DAEMON_REGISTRY_H

#include "tenant.h"
#include "wire/message.h"

/* Fills the answer to a request about the tenant's card. 0 or a negative
 * errno with a text. */
int registry_answer(struct tenant *tenant, const struct wire_message *request,
		    struct wire_message *answer, struct error *error);

#endif
