/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon about itself: status, metrics, trace. Texts, each made when it is
 * asked for and lent as a file that is the asker's alone. None holds a bus or
 * physical address, or the options of a card's spec.
 */
#ifndef DAEMON_TELL_H
#define DAEMON_TELL_H

#include <stdio.h>

#include "wire/packet.h"

struct client;
struct server;

/* Answers WIRE_TELL. */
int tell(struct client *client, const struct wire_message *request,
	 struct packet *answer, struct error *error);
/* May it see what others' programs ask for: root, the daemon's own user and
 * members of plxdma-hw. */
int tell_permits(const struct client *client);

/* status.c */
void status_tell(const struct client *client, FILE *file);
/* metrics.c */
void metrics_tell(struct server *server, FILE *file);

#endif
