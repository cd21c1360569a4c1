/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card as a vfio-user device: whole messages in, replies out.
 *
 * Knows the model, one client's memory and its line, and nothing of sockets,
 * so that a fuzzer or a test can hand it messages.
 */
#ifndef VFIO_USER_DEVICE_H
#define VFIO_USER_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "vfio-user/guest.h"
#include "vfio-user/line.h"
#include "vfio-user/message.h"

struct device {
	struct model *model;
	struct guest guest;
	struct line line;
	bool spoken;	/* the version is agreed */
	uint64_t clients, messages, refused, resets;
};

/* Takes the model's INTx; the model stays the caller's. */
void device_init(struct device *device, struct model *model);
void device_destroy(struct device *device);

/*
 * Answers one message that passed message_header_check(); @reply has room for
 * MESSAGE_MAX bytes.  Descriptors that it takes are replaced by -1 in @fds,
 * the others stay the caller's.  @why says of a refusal what it is, for a log.
 * Return: the reply's size, 0 if none is wanted, or -EPROTO: no version has
 * been agreed, and there is nothing to say to such a client.
 */
long device_handle(struct device *device, const void *message, size_t size,
		   int *fds, unsigned int fd_count, uint8_t *reply, int *why);
/* The client is gone: bus mastering off, its memory unmapped, its line
 * forgotten; the card keeps its state. */
void device_release(struct device *device);

#endif
