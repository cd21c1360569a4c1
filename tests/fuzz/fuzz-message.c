/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control messages from a client that means ill, and answers from a daemon
 * that has gone wrong.  What passes the checks must keep what they promise:
 * known type, right size, strings that end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/message.h"

static void check_promises(const struct wire_message *message, size_t size)
{
	if (message->header.size != size ||
	    size != wire_request_size(message->header.type))
		abort();
	if (message->header.type == WIRE_OPEN &&
	    !memchr(message->open.name, 0, sizeof(message->open.name)))
		abort();
	if (message->header.type == WIRE_FAULT &&
	    !memchr(message->fault.fault, 0, sizeof(message->fault.fault)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_message *message, request;
	size_t length = size < sizeof(*message) ? size : sizeof(*message);

	/* Just as long as what came: a look beyond is an error. */
	message = malloc(sizeof(*message));
	if (!message)
		return 0;
	memset(message, 0xa5, sizeof(*message));
	memcpy(message, data, length);
	if (wire_request_check(message, size) == 0)
		check_promises(message, size);
	for (unsigned int type = 0; type <= WIRE_TYPES; type++) {
		if (wire_request_size(type) == 0)
			continue;
		wire_request_init(&request, type, 1);
		if (wire_answer_check(message, size, &request) == 0 &&
		    message->header.type != type)
			abort();
	}
	free(message);
	return 0;
}
