/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Both ends of a card's batches; see batch.h for who may believe whom.
 */
#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Steps leave shared memory in one copy; nothing is fetched twice. */
#define COPIED() __asm__ __volatile__("" ::: "memory")

int wire_batch_new(struct wire_batch **area)
{
	void *at;
	int fd = wire_shared_new(sizeof(**area), &at);

	if (fd >= 0)
		*area = at;
	return fd;
}

int wire_batch_map(int fd, struct wire_batch **area)
{
	void *at;
	int err = wire_shared_map(fd, sizeof(**area), &at);

	if (!err)
		*area = at;
	return err;
}

void wire_batch_unmap(struct wire_batch *area)
{
	wire_shared_unmap(area, sizeof(*area));
}

static uint32_t asked(const struct batch_server *server)
{
	return atomic_load_explicit(&server->area->asked, memory_order_acquire);
}

int batch_server_pending(const struct batch_server *server)
{
	return asked(server) != server->taken;
}

static void step_take(const struct wire_batch *area, uint32_t i,
		      struct plxdma_step *step)
{
	struct wire_poll poll = { 0 };
	struct wire_step copy;

	memcpy(&copy, &area->steps[i], sizeof(copy));
	COPIED();
	if (copy.op == PLXDMA_STEP_POLL)
		memcpy(&poll, &area->polls[i], sizeof(poll));
	COPIED();
	*step = (struct plxdma_step){
		.op = copy.op,
		.space = copy.space,
		.width = copy.width,
		.reserved = copy.reserved,
		.offset = copy.offset,
		.value = copy.value,
		.mask = poll.mask,
		.want = poll.want,
		.timeout_us = poll.timeout_us,
	};
}

int batch_server_take(struct batch_server *server, struct plxdma_step *steps,
		      uint32_t *count)
{
	uint32_t number = asked(server);

	if (number == server->taken)
		return 0;
	server->taken = number;
	memcpy(count, &server->area->count, sizeof(*count));
	COPIED();
	if (!*count || *count > PLXDMA_BATCH) {
		*count = 0;
		return -EINVAL;
	}
	for (uint32_t i = 0; i < *count; i++)
		step_take(server->area, i, &steps[i]);
	return 1;
}

void batch_server_answer(struct batch_server *server,
			 const struct plxdma_step *steps, uint32_t count,
			 uint32_t done, int error, const char *text)
{
	struct wire_batch *area = server->area;

	area->error = error;
	area->done = done;
	for (uint32_t i = 0; i < count; i++)
		area->values[i] = steps[i].value;
	if (error)
		snprintf(area->text, sizeof(area->text), "%s", text);
	atomic_store_explicit(&area->answered, server->taken,
			      memory_order_release);
}

void batch_server_sleep(struct batch_server *server)
{
	atomic_store_explicit(&server->area->daemon_sleeps, 1,
			      memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
}

void batch_server_awake(struct batch_server *server)
{
	atomic_store_explicit(&server->area->daemon_sleeps, 0,
			      memory_order_relaxed);
}

static int must_wake(_Atomic uint32_t *sleeps)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load_explicit(sleeps, memory_order_relaxed) &&
	       atomic_exchange(sleeps, 0);
}

int batch_server_must_wake(struct batch_server *server)
{
	return must_wake(&server->area->client_sleeps);
}

static void step_put(struct wire_batch *area, uint32_t i,
		     const struct plxdma_step *step)
{
	area->steps[i] = (struct wire_step){
		.op = step->op,
		.space = step->space,
		.width = step->width,
		.reserved = step->reserved,
		.offset = step->offset,
		.value = step->value,
	};
	if (step->op == PLXDMA_STEP_POLL)
		area->polls[i] = (struct wire_poll){
			.mask = step->mask,
			.want = step->want,
			.timeout_us = step->timeout_us,
		};
}

void batch_client_ask(struct batch_client *client,
		      const struct plxdma_step *steps, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		step_put(client->area, i, &steps[i]);
	client->area->count = count;
	atomic_store_explicit(&client->area->asked, ++client->number,
			      memory_order_release);
}

int batch_client_must_wake(struct batch_client *client)
{
	return must_wake(&client->area->daemon_sleeps);
}

int batch_client_answered(const struct batch_client *client)
{
	return atomic_load_explicit(&client->area->answered,
				    memory_order_acquire) == client->number;
}

int batch_client_take(const struct batch_client *client,
		      struct plxdma_step *steps, uint32_t count,
		      uint32_t *done, char *text)
{
	const struct wire_batch *area = client->area;
	int error = area->error;

	*done = area->done < count ? area->done : count;
	for (uint32_t i = 0; i < count; i++) {
		if (steps[i].op != PLXDMA_STEP_WRITE)
			steps[i].value = area->values[i];
	}
	if (!error)
		return 0;
	memcpy(text, area->text, sizeof(area->text));
	text[sizeof(area->text) - 1] = 0;
	return error < 0 ? error : -EPROTO;
}

void batch_client_sleep(struct batch_client *client)
{
	atomic_store_explicit(&client->area->client_sleeps, 1,
			      memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
}

void batch_client_awake(struct batch_client *client)
{
	atomic_store_explicit(&client->area->client_sleeps, 0,
			      memory_order_relaxed);
}
