/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon's front door: daemon:NAME[,socket=PATH][,arena=SIZE...]. A card
 * has a connection of its own, or shares it with those that it was opened
 * beside; dying is one event that the daemon can't miss.
 */
#include "client/card.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/channel.h"
#include "client/observer.h"
#include "client/transfer.h"

static void card_close(struct plxdma_card *front);

static const struct front_ops client_ops = {
	.lent = 1,
	.info = client_info,
	.counters = client_counters,
	.reset = client_reset,
	.verify = client_verify,
	.fault = client_fault,
	.report = client_report,
	.tuning_get = client_tuning_get,
	.tuning_set = client_tuning_set,
	.close = card_close,
	.claim = client_claim,
	.claim_release = client_claim_release,
	.claim_holder = client_claim_holder,
	.memory = client_memory,
	.map_sg = client_map_sg,
	.reg = client_reg,
	.bar = client_bar,
	.config = client_config,
	.batch = client_batch,
	.window_map = client_window_map,
	.window_unmap = client_window_unmap,
	.eeprom = client_eeprom,
	.irq_fd = client_irq_fd,
	.irq_read = client_irq_read,
	.irq_enable = client_irq_enable,
	.observer_open = client_observer_open,
	.observer_close = client_observer_close,
	.observer_take = client_observer_take,
	.observer_give = client_observer_give,
	.observer_fd = client_observer_fd,
	.observer_stats = client_observer_stats,
	.publish = client_publish,
	.channel_open = client_channel_open,
	.channel_close = client_channel_close,
	.channel_mode = client_channel_mode,
	.channel_waiting = client_channel_waiting,
	.channel_fd = client_channel_fd,
	.channel_reap = client_channel_reap,
	.transfer_new = client_transfer_new,
	.transfer_change = client_transfer_change,
	.transfer_free = client_transfer_free,
	.transfer_value = client_transfer_value,
	.submit = client_submit,
	.wait = client_wait,
	.cancel = client_cancel,
};

/* NAME[,socket=PATH], cut in place. */
static int name_parse(char *text, char **name, char **path,
		      struct error *error)
{
	char *option = strchr(text, ',');

	*name = text;
	*path = NULL;
	if (option)
		*option++ = 0;
	if (!*text || strlen(text) >= WIRE_NAME)
		return error_set(error, -EINVAL, "daemon:%s: give the name of "
				 "a card, of at most %d characters; plxdma "
				 "list tells them", text, WIRE_NAME - 1);
	if (!option)
		return 0;
	if (strncmp(option, "socket=", 7) || strchr(option, ','))
		return error_set(error, -EINVAL, "daemon: takes no option %s; "
				 "it takes socket=PATH, arena=, pages=, node=, "
				 "observers=",
				 option);
	*path = option + 7;
	return 0;
}

/* Administrators decide these where the daemon is started. */
static int spec_check(const struct front_spec *spec, struct error *error)
{
	const char *option = spec->unpinned ? "unpinned" : "reset=allowed";

	if (!spec->unpinned && !spec->reset_allowed)
		return 0;
	return error_set(error, -EPERM, "%s is not a client's to say: it "
			 "belongs in the spec that plxdmad was given", option);
}

/* The connection: one of its own, or the other card's. */
static int card_connect(struct client_card *card, const struct front_spec *spec,
			const char *path, struct plxdma_card *beside,
			struct error *error)
{
	if (!beside)
		return share_new(path, spec, &card->share, error);
	if (beside->ops != &client_ops)
		return error_set(error, -EINVAL, "the card beside which this "
				 "one is opened is not plxdmad's: only cards "
				 "of one kind share their memory");
	card->share = client_card(beside)->share;
	if (spec->memory_option)
		return error_set(error, -EINVAL, "%s= is said by the card that "
				 "is opened first: leave it out where memory "
				 "is shared", spec->memory_option);
	if (path && strcmp(path, card->share->connection.path))
		return error_set(error, -EINVAL, "socket=%s: memory is shared "
				 "by cards of one plxdmad, which is that of "
				 "%s", path, card->share->connection.path);
	share_join(card->share);
	return 0;
}

static int card_name(struct client_card *card, const char *name,
		     struct error *error)
{
	struct packet packet;
	int err;

	connection_request(&packet, WIRE_OPEN);
	strcpy(packet.message.open.name, name);
	err = connection_ask(&card->share->connection, &packet, 0, error);
	if (!err)
		card->number = packet.message.opened.card;
	return err;
}

static int card_open(struct client_card *card, struct front_spec *spec,
		     struct plxdma_card *beside, struct error *error)
{
	char *name, *path;
	int err = name_parse(spec->rest + strlen("daemon:"), &name, &path,
			     error);

	if (!err)
		err = card_connect(card, spec, path, beside, error);
	if (err)
		return err;
	err = card_name(card, name, error);
	if (err)
		share_leave(card->share);
	return err;
}

int front_daemon_open(const char *text, struct plxdma_card *beside,
		      struct plxdma_card **card, struct error *error)
{
	struct client_card *made = calloc(1, sizeof(*made));
	struct front_spec spec;
	int err;

	if (!made)
		return error_set(error, -ENOMEM, "no memory for a card");
	err = front_spec_parse(text, &spec, error);
	if (!err)
		err = spec_check(&spec, error);
	if (!err)
		err = card_open(made, &spec, beside, error);
	if (err) {
		free(made);
		return err;
	}
	made->front.ops = &client_ops;
	for (int i = 0; i < PLXDMA_IRQ_SOURCES; i++)
		made->irqs[i] = -1;
	pthread_mutex_init(&made->lock, NULL);
	client_batches_init(made);
	*card = &made->front;
	return 0;
}

/* The end of the connection says the same for all cards that had it. */
static void card_leave(struct client_card *card)
{
	struct packet packet;

	connection_request(&packet, WIRE_CLOSE);
	packet.message.card.card = card->number;
	connection_ask(&card->share->connection, &packet, 0, NULL);
	share_leave(card->share);
}

static void card_close(struct plxdma_card *front)
{
	struct client_card *card = client_card(front);

	for (int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (card->channels[i])
			client_channel_close(&card->channels[i]->front);
	}
	for (int i = 0; i < PLXDMA_IRQ_SOURCES; i++) {
		if (card->irqs[i] >= 0)
			close(card->irqs[i]);
	}
	client_windows_close(card);
	client_batches_close(card);
	card_leave(card);
	pthread_mutex_destroy(&card->lock);
	free(card);
}

int front_daemon_list(char (*names)[PLXDMA_NAME], unsigned int count,
		      struct error *error)
{
	struct connection connection;
	struct packet packet;
	unsigned int cards = 1;
	int err = connection_open(NULL, &connection, error);

	if (err)
		return err;
	for (unsigned int i = 0; !err && i < cards; i++) {
		connection_request(&packet, WIRE_LIST);
		packet.message.list.index = i;
		err = connection_ask(&connection, &packet, 0, error);
		if (err)
			break;
		cards = packet.message.listed.count;
		if (i >= count || i >= cards)
			break;
		memcpy(names[i], packet.message.listed.name, WIRE_NAME);
		names[i][WIRE_NAME - 1] = 0;
	}
	connection_close(&connection);
	return err ? err : (int)cards;
}
