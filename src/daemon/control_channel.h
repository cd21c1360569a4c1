/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests about a channel: part of control.c's table.
 */
#ifndef DAEMON_CONTROL_CHANNEL_H
#define DAEMON_CONTROL_CHANNEL_H

#include "client.h"
#include "wire/packet.h"

/* One kind of request, whose shape was checked: fills the answer. 0 or a
 * negative errno with a text. */
typedef int control_fn(struct client *client,
		       const struct wire_message *request,
		       struct packet *answer, struct error *error);

control_fn control_channel_open;
control_fn control_channel_close;
control_fn control_channel_mode;
control_fn control_channel_text;

/* The client's card of that number. NULL with a text. */
struct tenant *control_tenant(const struct client *client, uint32_t card,
			      struct error *error);

#endif
