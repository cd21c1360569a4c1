/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client of house.h: what it may do to a daemon, deed by deed.
 */
#ifndef TESTS_FUZZ_VISITOR_H
#define TESTS_FUZZ_VISITOR_H

#include <stddef.h>
#include <stdint.h>

#include "wire/area.h"
#include "wire/batch.h"
#include "wire/packet.h"

/* What is left of it. */
struct input {
	const uint8_t *data;
	size_t size;
};

struct visitor {
	int fd;				/* -1: it has gone */
	int waits;			/* for an answer */
	uint32_t sequence;
	struct wire_message request;	/* as it was sent */
	struct wire_area *areas[2];	/* NULL: none was given */
	struct wire_batch *batches;
};

void visitor_arrive(struct visitor *visitor, int fd);
/* Gives everything back; a second time it does nothing. */
void visitor_leave(struct visitor *visitor);
/* Takes the answer, if it has come, and judges it. */
int visitor_waits(struct visitor *visitor);
int visitor_is_here(const struct visitor *visitor);
/* The next deed. */
void visitor_do(struct visitor *visitor, struct input *input);

#endif
