/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known of a card, and its EEPROM: asked of the daemon, one message a
 * call. Registers have a way of their own (batch.c).
 */
#include "client/card.h"

#include <errno.h>
#include <string.h>

/* A request about the card and nothing else; the answer is in the packet. */
static int card_ask(struct plxdma_card *front, enum wire_type type,
		    struct packet *packet, struct error *error)
{
	struct client_card *card = client_card(front);

	connection_request(packet, type);
	packet->message.card.card = card->number;
	return connection_ask(&card->connection, packet, 0, error);
}

int client_info(struct plxdma_card *card, struct plxdma_card_info *info,
		struct error *error)
{
	struct packet packet;
	int err = card_ask(card, WIRE_INFO, &packet, error);

	if (!err)
		*info = packet.message.info;
	return err;
}

int client_counters(struct plxdma_card *card, struct plxdma_counters *counters,
		    struct error *error)
{
	struct packet packet;
	int err = card_ask(card, WIRE_COUNTERS, &packet, error);

	if (!err)
		*counters = packet.message.counters;
	return err;
}

int client_reset(struct plxdma_card *card, struct error *error)
{
	struct packet packet;

	return card_ask(card, WIRE_RESET, &packet, error);
}

int client_verify(struct plxdma_card *card, struct error *error)
{
	struct packet packet;
	int err = card_ask(card, WIRE_VERIFY, &packet, error);

	return err ? err : (int)packet.message.count.count;
}

int client_fault(struct plxdma_card *front, const char *fault,
		 struct error *error)
{
	struct client_card *card = client_card(front);
	struct packet packet;

	if (strlen(fault) >= WIRE_FAULT_TEXT)
		return error_set(error, -EINVAL, "fault: at most %d characters",
				 WIRE_FAULT_TEXT - 1);
	connection_request(&packet, WIRE_FAULT);
	packet.message.fault.card = card->number;
	strcpy(packet.message.fault.fault, fault);
	return connection_ask(&card->connection, &packet, 0, error);
}

static int eeprom_ask(struct client_card *card, int write, unsigned int offset,
		      uint16_t *words, unsigned int count, struct error *error)
{
	size_t size = count * sizeof(*words);
	struct packet packet;
	int err;

	connection_request(&packet, WIRE_EEPROM);
	packet.message.eeprom.card = card->number;
	packet.message.eeprom.offset = offset;
	packet.message.eeprom.count = count;
	packet.message.eeprom.write = write != 0;
	if (write)
		memcpy(packet.message.eeprom.words, words, size);
	err = connection_ask(&card->connection, &packet, 0, error);
	if (!err && !write)
		memcpy(words, packet.message.words.words, size);
	return err;
}

int client_eeprom(struct plxdma_card *card, int write, unsigned int offset,
		  uint16_t *words, unsigned int count, struct error *error)
{
	unsigned int now;
	int err;

	for (; count; count -= now) {
		now = count < WIRE_WORDS ? count : WIRE_WORDS;
		err = eeprom_ask(client_card(card), write, offset, words, now,
				 error);
		if (err)
			return err;
		words += now;
		offset += now * (unsigned int)sizeof(*words);
	}
	return 0;
}
