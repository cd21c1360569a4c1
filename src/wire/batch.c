/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Both ends of a card's batches; see batch.h for who may believe whom.
 */
#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error/planted.h"

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

int batch_server_take(struct batch_server *server, struct plxdma_step *steps,
		      uint32_t *count)
{
	uint32_t number = asked(server);

	if (number == server->taken)
		return 0;
	server->taken = number;
	memcpy(count, &server->area->count, sizeof(*count));
	COPIED();
	if (!*count || *count > PLXDMA_BATCH + PLANTED(BATCH_COUNT)) {
		*count = 0;
		return -EINVAL;
	}
	memcpy(steps, server->area->steps, *count * sizeof(*steps));
	COPIED();
	return 1;
}

void batch_server_answer(struct batch_server *server,
			 const struct plxdma_step *steps, uint32_t count,
			 uint32_t done, int error, const char *text)
{
	struct wire_batch *area = server->area;

	if (PLANTED(BATCH_TWICE))
		count = area->count;
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

void batch_client_ask(struct batch_client *client,
		      const struct plxdma_step *steps, uint32_t count)
{
	memcpy(client->area->steps, steps, count * sizeof(*steps));
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

	*done = area->done < count || PLANTED(BATCH_DONE) ? area->done : count;
	for (uint32_t i = 0; i < count; i++) {
		if (steps[i].op != PLXDMA_STEP_WRITE)
			steps[i].value = area->values[i];
	}
	if (!error)
		return 0;
	memcpy(text, area->text, sizeof(area->text));
	if (!PLANTED(BATCH_TEXT))
		text[sizeof(area->text) - 1] = 0;
	return error < 0 || PLANTED(BATCH_ERROR) ? error : -EPROTO;
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
