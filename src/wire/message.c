/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sizes and shapes of control messages. Pure, so that the same code is tested,
 * fuzzed and run.
 */
#include "message.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error/planted.h"

#define WHOLE(type) (sizeof(struct wire_header) + sizeof(type))

static const struct {
	size_t request;
	size_t answer;
} sizes[WIRE_TYPES] = {
	[WIRE_HELLO] = { WHOLE(struct wire_hello), WHOLE(struct wire_hello) },
	[WIRE_OPEN] = { WHOLE(struct wire_open), WHOLE(struct wire_opened) },
	[WIRE_ARENA] = { WHOLE(struct wire_arena),
			 WHOLE(struct wire_arena_made) },
	[WIRE_INFO] = { WHOLE(struct wire_card),
			WHOLE(struct plxdma_card_info) },
	[WIRE_COUNTERS] = { WHOLE(struct wire_card),
			    WHOLE(struct plxdma_counters) },
	[WIRE_VERIFY] = { WHOLE(struct wire_card), WHOLE(struct wire_count) },
	[WIRE_RESET] = { WHOLE(struct wire_card), WHOLE(struct wire_count) },
	[WIRE_FAULT] = { WHOLE(struct wire_fault), WHOLE(struct wire_count) },
	[WIRE_BATCH_OPEN] = { WHOLE(struct wire_card),
			      WHOLE(struct wire_count) },
	[WIRE_EEPROM] = { WHOLE(struct wire_eeprom), WHOLE(struct wire_words) },
	[WIRE_IRQ_OPEN] = { WHOLE(struct wire_irq), WHOLE(struct wire_count) },
	[WIRE_IRQ_READ] = { WHOLE(struct wire_irq),
			    WHOLE(struct wire_irq_event) },
	[WIRE_IRQ_ENABLE] = { WHOLE(struct wire_irq),
			      WHOLE(struct wire_count) },
	[WIRE_CHANNEL_OPEN] = { WHOLE(struct wire_channel),
				WHOLE(struct wire_count) },
	[WIRE_CHANNEL_CLOSE] = { WHOLE(struct wire_channel),
				 WHOLE(struct wire_count) },
	[WIRE_CHANNEL_MODE] = { WHOLE(struct wire_channel_mode),
				WHOLE(struct wire_count) },
	[WIRE_CHANNEL_TEXT] = { WHOLE(struct wire_channel),
				WHOLE(struct wire_text) },
	[WIRE_RUNS] = { WHOLE(struct wire_range), WHOLE(struct wire_runs) },
	[WIRE_LIST] = { WHOLE(struct wire_list), WHOLE(struct wire_listed) },
	[WIRE_CLAIM] = { WHOLE(struct wire_claim), WHOLE(struct wire_count) },
	[WIRE_CLAIM_WAIT] = { WHOLE(struct wire_claim),
			      WHOLE(struct wire_ticket) },
	[WIRE_CLAIM_DONE] = { WHOLE(struct wire_claim),
			      WHOLE(struct wire_count) },
	[WIRE_CLAIM_RELEASE] = { WHOLE(struct wire_claim),
				 WHOLE(struct wire_count) },
	[WIRE_CLAIM_HOLDER] = { WHOLE(struct wire_claim),
				WHOLE(struct plxdma_holder) },
	[WIRE_CLOSE] = { WHOLE(struct wire_card), WHOLE(struct wire_count) },
	[WIRE_TUNING_GET] = { WHOLE(struct wire_card),
			      WHOLE(struct plxdma_tuning) },
	[WIRE_TUNING_SET] = { WHOLE(struct wire_tuning),
			      WHOLE(struct wire_count) },
	[WIRE_REPORT] = { WHOLE(struct wire_card), WHOLE(struct wire_count) },
	[WIRE_WINDOW] = { WHOLE(struct wire_window), WHOLE(struct wire_count) },
	[WIRE_ARENA_PART] = { WHOLE(struct wire_part),
			      WHOLE(struct wire_count) },
	[WIRE_TELL] = { WHOLE(struct wire_tell), WHOLE(struct wire_count) },
	[WIRE_PUBLISH] = { WHOLE(struct wire_publish),
			   WHOLE(struct wire_count) },
	[WIRE_OBSERVE] = { WHOLE(struct wire_channel),
			   WHOLE(struct wire_count) },
	[WIRE_OBSERVE_END] = { WHOLE(struct wire_channel),
			       WHOLE(struct wire_count) },
};

size_t wire_request_size(unsigned int type)
{
	return type < WIRE_TYPES ? sizes[type].request : 0;
}

size_t wire_answer_size(unsigned int type)
{
	return type < WIRE_TYPES ? sizes[type].answer : 0;
}

static void message_init(struct wire_message *message, uint16_t type,
			 uint32_t sequence, size_t size)
{
	memset(message, 0, sizeof(*message));
	message->header.version = WIRE_VERSION;
	message->header.type = type;
	message->header.sequence = sequence;
	message->header.size = (uint32_t)size;
}

void wire_request_init(struct wire_message *message, enum wire_type type,
		       uint32_t sequence)
{
	message_init(message, (uint16_t)type, sequence,
		     wire_request_size(type));
}

void wire_answer_init(struct wire_message *message,
		      const struct wire_message *request)
{
	message_init(message, request->header.type, request->header.sequence,
		     wire_answer_size(request->header.type));
}

void wire_answer_refuse(struct wire_message *message, int error,
			const char *text)
{
	memset(&message->text, 0, sizeof(message->text));
	message->header.error = error;
	message->header.size = WHOLE(struct wire_text);
	snprintf(message->text.text, sizeof(message->text.text), "%s", text);
}

static int terminated(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

static int body_check(const struct wire_message *message)
{
	switch (message->header.type) {
	case WIRE_HELLO:
		return !message->hello.reserved;
	case WIRE_OPEN:
		return terminated(message->open.name,
				  sizeof(message->open.name));
	case WIRE_INFO:
	case WIRE_COUNTERS:
	case WIRE_VERIFY:
	case WIRE_RESET:
	case WIRE_BATCH_OPEN:
	case WIRE_CLOSE:
	case WIRE_TUNING_GET:
	case WIRE_TUNING_SET:
	case WIRE_REPORT:
		return !message->card.reserved;
	case WIRE_FAULT:
		return terminated(message->fault.fault,
				  sizeof(message->fault.fault));
	case WIRE_EEPROM:
		return message->eeprom.count <= WIRE_WORDS &&
		       message->eeprom.write <= 1;
	case WIRE_IRQ_OPEN:
	case WIRE_IRQ_READ:
	case WIRE_IRQ_ENABLE:
		return (message->irq.source < PLXDMA_IRQ_SOURCES ||
			PLANTED(IRQ_NUMBER)) &&
		       message->irq.on <= 1 && !message->irq.reserved;
	case WIRE_RUNS:
		return !message->range.reserved;
	case WIRE_CLAIM:
	case WIRE_CLAIM_WAIT:
	case WIRE_CLAIM_DONE:
	case WIRE_CLAIM_RELEASE:
	case WIRE_CLAIM_HOLDER:
		return message->claim.what <= PLXDMA_CLAIM_CARD &&
		       !message->claim.reserved;
	case WIRE_TELL:
		return message->tell.what <= PLXDMA_TOLD_TRACE &&
		       !message->tell.reserved;
	case WIRE_LIST:
		return !message->list.reserved;
	case WIRE_ARENA:
		return message->arena.observed <= 1;
	case WIRE_PUBLISH:
		return message->publish.runs <= 1 &&
		       !message->publish.reserved;
	default:
		return 1;
	}
}

int wire_request_check(const struct wire_message *message, size_t size)
{
	const struct wire_header *header = &message->header;

	if (size < sizeof(*header) || header->size != size || header->error)
		return -EPROTO;
	if (header->version != WIRE_VERSION)
		return -EPROTONOSUPPORT;
	if (!wire_request_size(header->type) ||
	    size != wire_request_size(header->type))
		return -EPROTO;
	return body_check(message) ? 0 : -EPROTO;
}

int wire_answer_check(const struct wire_message *message, size_t size,
		      const struct wire_message *request)
{
	const struct wire_header *header = &message->header;
	size_t expected;

	if (size < sizeof(*header) || header->size != size ||
	    header->version != WIRE_VERSION ||
	    header->type != request->header.type ||
	    header->sequence != request->header.sequence || header->error > 0)
		return -EPROTO;
	expected = header->error ? WHOLE(struct wire_text) :
				   wire_answer_size(header->type);
	if (size != expected)
		return -EPROTO;
	if (header->error && !terminated(message->text.text,
					 sizeof(message->text.text)))
		return -EPROTO;
	return 0;
}
