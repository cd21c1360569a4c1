/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What client and daemon share for register accesses of one open card: one
 * batch of steps at a time, in one sealed memfd.
 *
 * The client writes its steps, then a new number; the daemon copies them,
 * checks the copy, does them, writes what was read, then the same number. There
 * is no ring: nobody else's steps come between those of a batch, so one has to
 * end before the next begins, and a lock in the client keeps its threads in
 * line. Sleeping and waking is as with the rings (area.h), and so is what is
 * believed of the other side: nothing.
 *
 * What the client writes for one request is contiguous, and so is what the
 * daemon does: a single access costs a cache line each way.
 */
#ifndef WIRE_BATCH_H
#define WIRE_BATCH_H

#include "area.h"

#include <plxdma/registers.h>

#include "error/error.h"

struct wire_batch {
	/* the client's */
	WIRE_LINE _Atomic uint32_t asked;	/* number of the request */
	uint32_t count;
	struct plxdma_step steps[PLXDMA_BATCH];
	WIRE_LINE _Atomic uint32_t client_sleeps;
	/* the daemon's */
	WIRE_LINE _Atomic uint32_t answered;	/* number of the last done */
	int32_t error;
	uint32_t done;				/* steps */
	uint32_t values[PLXDMA_BATCH];		/* read by the steps */
	WIRE_LINE _Atomic uint32_t daemon_sleeps;
	char text[ERROR_TEXT];			/* with an error */
};

_Static_assert(sizeof(struct plxdma_step) == 24, "layout");
_Static_assert(offsetof(struct wire_batch, steps) == 8, "layout");
_Static_assert(offsetof(struct wire_batch, client_sleeps) == 6208, "layout");
_Static_assert(offsetof(struct wire_batch, answered) == 6272, "layout");
_Static_assert(offsetof(struct wire_batch, values) == 6284, "layout");
_Static_assert(offsetof(struct wire_batch, daemon_sleeps) == 7360, "layout");
_Static_assert(sizeof(struct wire_batch) == 7360 + 64 * 6, "layout");

int wire_batch_new(struct wire_batch **area);
/* Maps what the daemon sent, after making sure that it can't shrink. */
int wire_batch_map(int fd, struct wire_batch **area);
void wire_batch_unmap(struct wire_batch *area);

/* The daemon's end: its number lives here, not in the area. */
struct batch_server {
	struct wire_batch *area;
	uint32_t taken;
};

/* Is there a request that wasn't taken? */
int batch_server_pending(const struct batch_server *server);
/*
 * Takes it, copied; *count is at most PLXDMA_BATCH.
 * Return: 1; 0 if there is none; -EINVAL for a count that can't be, which is to
 * be answered.
 */
int batch_server_take(struct batch_server *server, struct plxdma_step *steps,
		      uint32_t *count);
/* Answers what was taken last. */
void batch_server_answer(struct batch_server *server,
			 const struct plxdma_step *steps, uint32_t count,
			 uint32_t done, int error, const char *text);
/* As ring_server_sleep() and its like. */
void batch_server_sleep(struct batch_server *server);
void batch_server_awake(struct batch_server *server);
int batch_server_must_wake(struct batch_server *server);

/* The client's end, under its lock. */
struct batch_client {
	struct wire_batch *area;
	uint32_t number;
};

void batch_client_ask(struct batch_client *client,
		      const struct plxdma_step *steps, uint32_t count);
int batch_client_must_wake(struct batch_client *client);
int batch_client_answered(const struct batch_client *client);
/* Values go to the steps that read. Returns the answer's error; *done is at
 * most @count, whatever the daemon says, and @text ends. */
int batch_client_take(const struct batch_client *client,
		      struct plxdma_step *steps, uint32_t count,
		      uint32_t *done, char *text);
void batch_client_sleep(struct batch_client *client);
void batch_client_awake(struct batch_client *client);

#endif
