/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests on a client's socket: each is checked by its shape (wire), then by
 * what the client has, then done. One request a turn and client.
 */
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_channel.h"
#include "control_lend.h"
#include "error/planted.h"
#include "log.h"
#include "publication.h"
#include "registry.h"
#include "server.h"
#include "tell.h"
#include "transport/transport.h"
#include "wire/packet.h"
#include "window.h"

struct tenant *control_tenant(const struct client *client, uint32_t card,
			      struct error *error)
{
	if ((card < SETTINGS_CARDS || PLANTED(CARD_NUMBER)) &&
	    client->tenants[card])
		return client->tenants[card];
	error_set(error, -EINVAL, "this connection has no card %u", card);
	return NULL;
}

static int hello(struct client *client, const struct wire_message *request,
		 struct packet *answer, struct error *error)
{
	(void)request;
	(void)error;
	client->greeted = 1;
	answer->message.hello.version = WIRE_VERSION;
	return 0;
}

static int list(struct client *client, const struct wire_message *request,
		struct packet *answer, struct error *error)
{
	const struct server *server = client->server;
	struct wire_listed *listed = &answer->message.listed;

	(void)error;
	listed->count = server->card_count;
	if (request->list.index < server->card_count + PLANTED(CARD_NAME))
		strcpy(listed->name, server->cards[request->list.index]->name);
	return 0;
}

static int open_card(struct client *client, const struct wire_message *request,
		     struct packet *answer, struct error *error)
{
	struct tenant *tenant;
	int err = client_open_card(client, request->open.name, &tenant, error);

	if (err)
		return err;
	answer->message.opened.card = tenant->number;
	answer->message.opened.small_pages =
		tenant->card->transport->info.small_pages != 0;
	return 0;
}

static int close_card(struct client *client, const struct wire_message *request,
		      struct packet *answer, struct error *error)
{
	struct tenant *tenant = control_tenant(client, request->card.card,
						error);
	int err;

	(void)answer;
	if (!tenant)
		return -EINVAL;
	err = client_stop_card(tenant);
	if (!err)
		client_close_card(client, tenant);
	return err;
}

static int claim(struct client *client, const struct wire_message *request,
		 struct packet *answer, struct error *error)
{
	struct tenant *tenant = control_tenant(client, request->claim.card,
						error);
	int err = 0;

	if (!tenant)
		return -EINVAL;
	if (request->header.type == WIRE_CLAIM ||
	    request->header.type == WIRE_CLAIM_WAIT)
		err = grant_check_claim(&tenant->grant, tenant->card->name,
					(enum plxdma_claimed)request->claim.what,
					error);
	if (err)
		return err;
	err = claimant_answer(&tenant->claimant, request, answer, error);
	/* Before the answer: what it says must hold when it is read. */
	card_tell_claims(tenant->card);
	return err;
}

static int batch_open(struct client *client, const struct wire_message *request,
		      struct packet *answer, struct error *error)
{
	struct tenant *tenant = control_tenant(client, request->card.card,
						error);
	int err;

	if (!tenant)
		return -EINVAL;
	err = client_open_batches(client, tenant, error);
	if (err)
		return err;
	answer->fds[0] = tenant->batcher->area_fd;
	answer->fds[1] = tenant->batcher->wakes_daemon;
	answer->fds[2] = tenant->batcher->wakes_client;
	answer->fd_count = 3;
	return 0;
}

/* A file of its own for each who asks. */
static int report(struct client *client, const struct wire_message *request,
		  struct packet *answer, struct error *error)
{
	struct tenant *tenant = control_tenant(client, request->card.card,
						error);
	int fd, err;

	if (!tenant)
		return -EINVAL;
	fd = memfd_create("plxdma-report", MFD_CLOEXEC);
	if (fd < 0)
		return error_set(error, -errno, "can't make a file for the "
				 "report: %s", strerror(errno));
	/* The last thousand requests are everybody's. */
	err = dma_card_report(tenant->card->dma, tell_permits(client), fd,
			      error);
	if (err) {
		close(fd);
		return err;
	}
	answer->fds[0] = fd;
	answer->fd_count = 1;
	answer->close_fds = 1;
	return 0;
}

static int window(struct client *client, const struct wire_message *request,
		  struct packet *answer, struct error *error)
{
	struct tenant *tenant = control_tenant(client, request->window.card,
						error);

	return tenant ? window_lend(tenant, request->window.bar, answer,
				    error) : -EINVAL;
}

/* Those of registry.c are about a card: they get the tenant. */
static int about_card(struct client *client, const struct wire_message *request,
		      struct packet *answer, struct error *error)
{
	/* All of these begin with the card. */
	struct tenant *tenant = control_tenant(client, request->card.card,
						error);

	return tenant ? registry_answer(tenant, request, &answer->message,
					error) : -EINVAL;
}

static control_fn *const handlers[WIRE_TYPES] = {
	[WIRE_HELLO] = hello,
	[WIRE_LIST] = list,
	[WIRE_OPEN] = open_card,
	[WIRE_ARENA] = control_arena,
	[WIRE_ARENA_PART] = control_arena_part,
	[WIRE_INFO] = about_card,
	[WIRE_COUNTERS] = about_card,
	[WIRE_VERIFY] = about_card,
	[WIRE_RESET] = about_card,
	[WIRE_FAULT] = about_card,
	[WIRE_BATCH_OPEN] = batch_open,
	[WIRE_EEPROM] = about_card,
	[WIRE_RUNS] = about_card,
	[WIRE_IRQ_OPEN] = control_irq,
	[WIRE_IRQ_READ] = control_irq,
	[WIRE_IRQ_ENABLE] = control_irq_enable,
	[WIRE_CHANNEL_OPEN] = control_channel_open,
	[WIRE_CHANNEL_CLOSE] = control_channel_close,
	[WIRE_CHANNEL_MODE] = control_channel_mode,
	[WIRE_CHANNEL_TEXT] = control_channel_text,
	[WIRE_CLAIM] = claim,
	[WIRE_CLAIM_WAIT] = claim,
	[WIRE_CLAIM_DONE] = claim,
	[WIRE_CLAIM_RELEASE] = claim,
	[WIRE_CLAIM_HOLDER] = claim,
	[WIRE_CLOSE] = close_card,
	[WIRE_TUNING_GET] = about_card,
	[WIRE_TUNING_SET] = about_card,
	[WIRE_WINDOW] = window,
	[WIRE_REPORT] = report,
	[WIRE_TELL] = tell,
	[WIRE_PUBLISH] = publication_run,
	[WIRE_OBSERVE] = publication_observe,
	[WIRE_OBSERVE_END] = publication_observe_end,
};

static int request_run(struct client *client, const struct packet *request,
		       int size, struct packet *answer, struct error *error)
{
	int err = wire_request_check(&request->message, (size_t)size);

	if (err == -EPROTONOSUPPORT)
		return error_set(error, err, "plxdmad speaks version %d of its "
				 "protocol: use the library that came with it",
				 WIRE_VERSION);
	if (err)
		return error_set(error, err, "this request makes no sense");
	if (!client->greeted && request->message.header.type != WIRE_HELLO)
		return error_set(error, -EPROTO, "a client greets first");
	return handlers[request->message.header.type](client,
						      &request->message,
						      answer, error);
}

/* One request, one answer, if not in this turn; whoever talks nonsense is told
 * so and left. */
static int request_answer(struct client *client)
{
	const struct packet *request = &client->request;
	struct packet answer;
	struct error error = { "" };
	int err, sent;

	memset(&answer, 0, sizeof(answer));
	wire_answer_init(&answer.message, &request->message);
	err = request_run(client, request, client->request_size, &answer,
			  &error);
	client->postponed = err == -EINPROGRESS;
	if (client->postponed)
		return 0;
	if (err) {
		answer.fd_count = 0;
		wire_answer_refuse(&answer.message, err, error.text[0] ?
				   error.text : strerror(-err));
	}
	sent = packet_send(client->source.fd, &answer, MSG_DONTWAIT);
	if (answer.close_fds)
		packet_close_fds(&answer);
	return sent || err == -EPROTO || err == -EPROTONOSUPPORT ? -EPROTO : 0;
}

static int request_receive(struct client *client)
{
	memset(&client->request.message, 0, sizeof(client->request.message));
	client->request_size = packet_receive(client->source.fd,
					      &client->request, 0,
					      MSG_DONTWAIT);
	return client->request_size;
}

void control_serve(struct client *client)
{
	int size = client->postponed ? client->request_size :
				       request_receive(client);

	if (size == -EAGAIN || size == -EINTR)
		return;
	if (size < (int)sizeof(struct wire_header) || request_answer(client))
		client->dead = 1;
}
