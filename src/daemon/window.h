/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Windows of a tenant: a local space as memory of the client's. */
#ifndef DAEMON_WINDOW_H
#define DAEMON_WINDOW_H

#include "tenant.h"
#include "wire/packet.h"

/* The answer gets the descriptor and the number of pages.  An earlier window
 * on the same space is taken back. */
int window_lend(struct tenant *tenant, unsigned int bar, struct packet *answer,
		struct error *error);
/* Takes all of them back; who still has one mapped gets SIGBUS. */
void windows_end(struct tenant *tenant);
/* Takes those back that the card's claims no longer leave: one that was lent
 * under a claim, when that ends; any, when somebody else claims the card. */
void windows_follow(struct tenant *tenant);

#endif
