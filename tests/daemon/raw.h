/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client that speaks the wire by itself, so that it can say what the library
 * never would.
 */
#ifndef TESTS_DAEMON_RAW_H
#define TESTS_DAEMON_RAW_H

#include <stdint.h>

#include "wire/batch.h"
#include "wire/packet.h"
#include "wire/ring_client.h"

struct raw {
	int fd;
	int arena_fd;
	char *base;
	uint64_t size;
	struct ring_client ring;
	int area_fd;
	int wakes_daemon;
	int wakes_client;
	struct batch_client batches;	/* opened by raw_batch() */
	int batch_wakes;
};

/* Connects only. */
int raw_connect(struct raw *raw);
/* Greets, opens card "a", takes an arena and opens a channel. */
int raw_open(struct raw *raw, uint64_t arena, unsigned int channel);
void raw_close(struct raw *raw);

/* Sends a request as it is and receives the answer; its error, -ENODEV if the
 * connection ended. */
int raw_ask(struct raw *raw, struct packet *packet);
/* One entry and its completion. 0, or -ETIMEDOUT, -ENODEV. */
int raw_run(struct raw *raw, struct wire_submission *entry,
	    struct wire_completion *completion);
/* Steps on card 0. What the daemon answered, or -ETIMEDOUT, -ENODEV. */
int raw_batch(struct raw *raw, struct plxdma_step *steps, uint32_t count,
	      uint32_t *done, char *text);
/* One access. */
int raw_access(struct raw *raw, int write, unsigned int space, uint32_t offset,
	       uint32_t *value);
int raw_batch_open(struct raw *raw);
/* Waits for the answer to what was asked. 0, -ETIMEDOUT, -ENODEV. */
int raw_batch_wait(struct raw *raw);
void raw_wake(struct raw *raw);
int raw_alive(const struct raw *raw);

#endif
