/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests about a channel of a card.
 */
#include "control_channel.h"

#include <errno.h>
#include <stdio.h>

#include "error/planted.h"
#include "tenant.h"

static struct tenant *channel_tenant(const struct client *client,
				     const struct wire_channel *channel,
				     struct error *error)
{
	if (channel->index < PLXDMA_CHANNELS + PLANTED(CHANNEL_NUMBER))
		return control_tenant(client, channel->card, error);
	error_set(error, -EINVAL, "a card has channels 0 and 1");
	return NULL;
}

static struct lane *lane_find(const struct client *client,
			      const struct wire_channel *channel,
			      struct error *error)
{
	struct tenant *tenant = channel_tenant(client, channel, error);

	if (!tenant)
		return NULL;
	if (!tenant->lanes[channel->index])
		error_set(error, -EINVAL, "channel %u is not open",
			  channel->index);
	return tenant->lanes[channel->index];
}

int control_channel_open(struct client *client,
			 const struct wire_message *request,
			 struct packet *answer, struct error *error)
{
	struct tenant *tenant = channel_tenant(client, &request->channel,
					       error);
	struct lane *lane;
	int err;

	if (!tenant)
		return -EINVAL;
	err = client_open_channel(client, tenant, request->channel.index,
				  error);
	if (err)
		return err;
	lane = tenant->lanes[request->channel.index];
	answer->fds[0] = lane->area_fd;
	answer->fds[1] = lane->wakes_daemon;
	answer->fds[2] = lane->wakes_client;
	answer->fd_count = 3;
	return 0;
}

int control_channel_close(struct client *client,
			  const struct wire_message *request,
			  struct packet *answer, struct error *error)
{
	struct tenant *tenant = channel_tenant(client, &request->channel,
					       error);

	(void)answer;
	if (!tenant)
		return -EINVAL;
	return client_close_channel(client, tenant, request->channel.index,
				    error);
}

int control_channel_mode(struct client *client,
			 const struct wire_message *request,
			 struct packet *answer, struct error *error)
{
	const struct wire_channel channel = {
		.card = request->mode.card,
		.index = request->mode.index,
	};
	struct lane *lane = lane_find(client, &channel, error);

	(void)answer;
	return lane ? lane_set_mode(lane, &request->mode, error) : -EINVAL;
}

int control_channel_text(struct client *client,
			 const struct wire_message *request,
			 struct packet *answer, struct error *error)
{
	struct lane *lane = lane_find(client, &request->channel, error);

	if (!lane)
		return -EINVAL;
	snprintf(answer->message.text.text, sizeof(answer->message.text.text),
		 "%s", lane->text.text);
	return 0;
}
