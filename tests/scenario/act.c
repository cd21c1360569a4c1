/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Source and destination are whole memories with a window in each: what lies
 * around the windows is hashed before and after.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "act.h"
#include "witness.h"

#define SECOND 1000000000LL
#define PATIENCE (10 * SECOND)

size_t act_host_start(const struct stage *stage, uint32_t size)
{
	size_t half = ((size_t)size / 2 + 3) & ~(size_t)3;

	if (!stage->seam)
		return STAGE_GUARD;
	/* The seam in the middle, or as near to it as the memory allows. */
	if (stage->seam < half + STAGE_GUARD)
		return STAGE_GUARD;
	return stage->seam - half;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static int run_poll(struct plxdma_transfer *transfer,
		    struct plxdma_result *result)
{
	int64_t deadline = now_ns() + PATIENCE;
	int error;

	do {
		error = plxdma_poll(transfer, result);
	} while (error == -EAGAIN && now_ns() < deadline);
	return error;
}

static int run_reap(struct stage *stage, unsigned int channel,
		    struct plxdma_transfer *transfer,
		    struct plxdma_result *result)
{
	struct plxdma_channel *from = stage->channels[channel];
	struct pollfd poller = { plxdma_channel_fd(from), POLLIN, 0 };
	int64_t deadline = now_ns() + PATIENCE;
	struct plxdma_transfer *ended;

	if (poller.fd < 0)
		return poller.fd;
	while (!(ended = plxdma_channel_reap(from, result))) {
		if (now_ns() > deadline)
			return -ETIMEDOUT;
		if (poll(&poller, 1, 1000) < 0)
			return -errno;
	}
	if (ended != transfer)
		return -ESTALE;
	return result->status == PLXDMA_DONE ? 0 : -EIO;
}

int act_run(struct stage *stage, unsigned int channel,
	    const struct plxdma_request *request, enum act_way way,
	    struct plxdma_result *result)
{
	struct plxdma_transfer *transfer;
	int error;

	if (way == ACT_ONCE)
		return plxdma_transfer_once(stage->channels[channel], request,
					    PATIENCE, result);
	error = plxdma_transfer_new(stage->channels[channel], request,
				    &transfer);
	if (error)
		return error;
	error = plxdma_submit(transfer);
	if (error == 0 && way == ACT_WAIT)
		error = plxdma_wait(transfer, PATIENCE, result);
	else if (error == 0 && way == ACT_POLL)
		error = run_poll(transfer, result);
	else if (error == 0)
		error = run_reap(stage, channel, transfer, result);
	plxdma_transfer_free(transfer);
	return error;
}

/* A window in a memory. */
struct window {
	char *memory;
	size_t memory_size, start, size;
};

static char *window_bytes(const struct window *window)
{
	return window->memory + window->start;
}

/* What lies next to it; beyond, the caller compares once per group. */
static uint64_t window_surroundings(const struct window *window)
{
	size_t end = window->start + window->size;
	size_t before = window->start < STAGE_GUARD ? window->start :
			STAGE_GUARD;
	size_t behind = window->memory_size - end;

	if (behind > STAGE_GUARD)
		behind = STAGE_GUARD;
	return witness_hash(window_bytes(window) - before, before) ^
	       witness_hash(window->memory + end, behind) * 3;
}

static struct window host_window(const struct act *act)
{
	return (struct window){
		.memory = act->stage->host,
		.memory_size = act->stage->host_size,
		.start = act->host_start + act->what.host_align,
		.size = act->what.size,
	};
}

static struct window local_window(const struct act *act)
{
	struct shared_board *board = act->stage->board;

	if (act->fifo)
		return (struct window){
			.memory = (char *)board->queue,
			.memory_size = sizeof(board->queue),
			.start = act->what.local_align,
			.size = act->what.size,
		};
	return (struct window){
		.memory = (char *)board->sram,
		.memory_size = sizeof(board->sram),
		.start = ACT_LOCAL_START + act->what.local_align,
		.size = act->what.size,
	};
}

static struct plxdma_request request_of(const struct act *act,
					const struct window *host,
					const struct window *local)
{
	return (struct plxdma_request){
		.size = sizeof(struct plxdma_request),
		.direction = act->what.direction,
		.form = act->what.form,
		.handle = act->stage->handle + host->start,
		.length = act->what.size,
		.local = (act->fifo ? SHARED_BOARD_FIFO : SHARED_BOARD_SRAM) +
			 (uint32_t)local->start,
	};
}

static enum verdict wrong(struct act *act, const char *what, const char *more)
{
	snprintf(act->text, sizeof(act->text), "%s%s%s", what,
		 more ? ": " : "", more ? more : "");
	return VERDICT_WRONG;
}

static enum verdict check_refusal(struct act *act, int error)
{
	char text[400];

	if (error != -act->expect) {
		snprintf(text, sizeof(text), "%s (%s)", strerror(-error),
			 plxdma_error(act->stage->card));
		return wrong(act, "another answer than the refusal", text);
	}
	if (!plxdma_error(act->stage->card)[0])
		return wrong(act, "refused without saying why", NULL);
	return VERDICT_REFUSED;
}

static enum verdict check_result(struct act *act, int error,
				 const struct plxdma_result *result)
{
	char text[400];

	snprintf(text, sizeof(text), "%s, status %u, %llu bytes (%s)",
		 strerror(-error), result->status,
		 (unsigned long long)result->bytes,
		 plxdma_error(act->stage->card));
	if (error)
		return wrong(act, "failed", text);
	if (result->status != PLXDMA_DONE ||
	    result->bytes != act->what.size || !result->bytes_exact)
		return wrong(act, "wrong result", text);
	return VERDICT_MOVED;
}

static enum verdict check_bytes(struct act *act, const struct window *window,
				const char *whose)
{
	uint32_t nonce = act->stage->nonce;
	size_t at = witness_check(window_bytes(window), window->size, nonce);
	char text[160];

	if (at == window->size)
		return VERDICT_MOVED;
	witness_explain(window_bytes(window), window->size, at, nonce, text,
			sizeof(text));
	return wrong(act, whose, text);
}

/* The FIFO gave or took exactly the Lwords that were moved, at its address. */
static enum verdict check_fifo(struct act *act)
{
	struct shared_board *board = act->stage->board;
	uint32_t moved = act->what.direction == PLXDMA_TO_HOST ?
			 board->popped : board->pushed;
	char text[80];

	snprintf(text, sizeof(text), "%u of %u Lwords, %u strays, %u narrow",
		 moved, act->what.size / 4, board->strays, board->narrow);
	if (board->strays || board->narrow || moved != act->what.size / 4)
		return wrong(act, "FIFO accesses", text);
	return VERDICT_MOVED;
}

static void prepare(struct act *act, const struct window *source,
		    const struct window *destination)
{
	struct stage *stage = act->stage;

	stage->nonce++;
	witness_fill(window_bytes(source), source->size, stage->nonce);
	witness_complement(window_bytes(destination), destination->size,
			   stage->nonce);
	stage->board->strays = 0;
	stage->board->narrow = 0;
	stage->board->popped = 0;
	stage->board->pushed = 0;
}

int act_set_mode(struct stage *stage, int fifo)
{
	const struct plxdma_mode *mode = fifo ? stage->fifo_mode :
					 stage->memory_mode;
	int error = 0;

	for (unsigned int i = 0; i < PLXDMA_CHANNELS && error == 0; i++)
		error = plxdma_channel_set_mode(stage->channels[i], mode);
	return error;
}

static enum verdict judge(struct act *act, int error,
			  const struct plxdma_result *result,
			  const struct window *source,
			  const struct window *destination)
{
	enum verdict verdict;

	if (act->expect)
		return check_refusal(act, error);
	verdict = check_result(act, error, result);
	if (verdict == VERDICT_MOVED)
		verdict = check_bytes(act, destination, "destination");
	if (verdict == VERDICT_MOVED)
		verdict = check_bytes(act, source, "source");
	if (verdict == VERDICT_MOVED && act->fifo)
		verdict = check_fifo(act);
	return verdict;
}

/* Everything that this transfer must leave as it is. */
static uint64_t untouched(const struct act *act, const struct window *host,
			  const struct window *local)
{
	uint64_t hash = window_surroundings(host) ^
			window_surroundings(local) * 5;

	if (act->expect)
		hash ^= witness_hash(window_bytes(host), host->size) ^
			witness_hash(window_bytes(local), local->size) * 5;
	return hash;
}

enum verdict act_play(struct act *act)
{
	struct window host = host_window(act), local = local_window(act);
	int to_host = act->what.direction == PLXDMA_TO_HOST;
	const struct window *source = to_host ? &local : &host;
	const struct window *destination = to_host ? &host : &local;
	struct plxdma_request request = request_of(act, &host, &local);
	struct plxdma_result result = { .size = sizeof(result) };
	enum verdict verdict;
	uint64_t before;
	int error;

	prepare(act, source, destination);
	before = untouched(act, &host, &local);
	error = act_run(act->stage, act->what.channel, &request,
			act->stage->nonce % ACT_WAYS, &result);
	verdict = judge(act, error, &result, source, destination);
	if (verdict != VERDICT_WRONG &&
	    before != untouched(act, &host, &local))
		verdict = wrong(act, "memory outside changed", NULL);
	return verdict;
}
