/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The local bus: calls into the board, and what the board may do to the card.
 *
 * The board has a lock of its own, and the card's isn't held while it works:
 * a function of the host may then take the card's lock from inside.  Changes
 * that the board makes there are told to the host when the access that led to
 * it leaves the card.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/board_default.h"
#include "model/card.h"

/* The card whose board this thread is in. */
static _Thread_local struct model *inside;

struct model *board_enter(struct model *m)
{
	struct model *outer = inside;

	inside = m;
	model_unlock(m);
	latch_take(&m->board.lock);
	return outer;
}

void board_leave(struct model *m, struct model *outer)
{
	latch_give(&m->board.lock);
	inside = outer;
	model_lock(m);
}

/* A host's function ends: a board's own thread has to settle what it did. */
static void host_leave(struct model *m)
{
	if (inside == m)
		model_unlock(m);
	else
		model_leave(m);
}

void board_unstall(struct model *m)
{
	for (unsigned int n = 0; n < 2; n++) {
		if (m->channel[n].stalled)
			engine_unstall(m, &m->channel[n]);
	}
}

/* With the board held. */
size_t board_take(struct model *m, uint32_t address, void *data, size_t size,
		  const struct plxdma_board_access *access)
{
	size_t got;

	m->board.channel = access->channel;
	got = m->board.ops->read(m->board.self, address, data, size, access);
	m->board.channel = PLXDMA_BOARD_HOST;
	return got < size ? got : size;
}

size_t board_give(struct model *m, uint32_t address, const void *data,
		  size_t size, const struct plxdma_board_access *access)
{
	size_t put;

	m->board.channel = access->channel;
	put = m->board.ops->write(m->board.self, address, data, size, access);
	m->board.channel = PLXDMA_BOARD_HOST;
	return put < size ? put : size;
}

size_t board_read(struct model *m, uint32_t address, void *data, size_t size,
		  const struct plxdma_board_access *access)
{
	struct model *outer;
	size_t got;

	if (inside == m)
		return 0;
	outer = board_enter(m);
	got = board_take(m, address, data, size, access);
	board_leave(m, outer);
	if (access->channel == PLXDMA_BOARD_HOST)
		board_unstall(m);
	return got;
}

size_t board_write(struct model *m, uint32_t address, const void *data,
		   size_t size, const struct plxdma_board_access *access)
{
	struct model *outer;
	size_t put;

	if (inside == m)
		return 0;
	outer = board_enter(m);
	put = board_give(m, address, data, size, access);
	board_leave(m, outer);
	if (access->channel == PLXDMA_BOARD_HOST)
		board_unstall(m);
	return put;
}

void *board_direct(struct model *m, uint32_t address, size_t *size)
{
	if (!m->board.ops->direct)
		return NULL;
	return m->board.ops->direct(m->board.self, address, size);
}

void board_reset(struct model *m)
{
	struct model *outer;

	if (!m->board.ops->reset || inside == m)
		return;
	outer = board_enter(m);
	m->board.ops->reset(m->board.self);
	board_leave(m, outer);
}

void board_user_out(struct model *m, bool level)
{
	struct model *outer;

	if (!m->board.ops->user || inside == m)
		return;
	outer = board_enter(m);
	m->board.ops->user(m->board.self, level);
	board_leave(m, outer);
}

void board_time(struct model *m, uint64_t now)
{
	struct model *outer;
	uint64_t next;

	m->board.rang = m->board.alarm;
	m->board.alarm = 0;
	outer = board_enter(m);
	next = m->board.ops->time ? m->board.ops->time(m->board.self, now) : 0;
	board_leave(m, outer);
	if (next && (!m->board.alarm || next < m->board.alarm))
		m->board.alarm = next;
	board_unstall(m);
	m->board.rang = 0;
}

static void host_linti(void *card, int active)
{
	struct model *m = card;

	model_lock(m);
	if (m->irq.linti != active)
		trace_level(m, MODEL_TRACE_LINTI, active);
	m->irq.linti = active;
	interrupt_update(m);
	host_leave(m);
}

static void host_dreq(void *card, unsigned int channel, int active)
{
	struct model *m = card;

	if (channel > 1)
		return;
	model_lock(m);
	if (m->channel[channel].dreq != active)
		trace_dreq(m, channel, active);
	m->channel[channel].dreq = active;
	if (active && m->channel[channel].stalled)
		engine_unstall(m, &m->channel[channel]);
	host_leave(m);
}

static bool takes_eot(const struct channel *ch)
{
	return !ch->done && ch->state == CHANNEL_DATA &&
	       ch->mode & PLX_DMAMODE_EOT;
}

/* From inside a channel's access it ends that; else whatever listens. */
static void host_eot(void *card)
{
	struct model *m = card;
	int current = inside == m ? m->board.channel : PLXDMA_BOARD_HOST;

	model_lock(m);
	trace_level(m, MODEL_TRACE_EOT, true);
	for (unsigned int n = 0; n < 2; n++) {
		struct channel *ch = &m->channel[n];

		if (current != PLXDMA_BOARD_HOST && current != (int)n)
			continue;
		if (ch->stepping)
			ch->eot = true;
		else if (takes_eot(ch))
			channel_early_end(m, ch);
	}
	host_leave(m);
}

static void host_user(void *card, int level)
{
	struct model *m = card;

	model_lock(m);
	m->user_in = level;
	host_leave(m);
}

static uint32_t host_reg_read(void *card, unsigned int offset)
{
	struct model *m = card;
	uint32_t value;

	model_lock(m);
	value = registers_read(m, SIDE_LOCAL, offset, 32);
	trace_access(m, MODEL_TRACE_READ, MODEL_TRACE_LOCAL, offset, 32,
		     value);
	host_leave(m);
	return value;
}

static void host_reg_write(void *card, unsigned int offset, uint32_t value)
{
	struct model *m = card;

	model_lock(m);
	trace_access(m, MODEL_TRACE_WRITE, MODEL_TRACE_LOCAL, offset, 32,
		     value);
	registers_write(m, SIDE_LOCAL, offset, 32, value);
	host_leave(m);
}

static uint64_t host_now(void *card)
{
	return timing_now(card);
}

static void host_alarm(void *card, uint64_t when)
{
	struct model *m = card;

	model_lock(m);
	m->board.alarm = when;
	if (when)
		engine_kick(m);
	host_leave(m);
}

/* Which board it is, before anything of it runs. */
int board_find(struct model *m, struct error *error)
{
	m->board.ops = &board_default_ops;
	return m->board.file ? board_plugin_load(&m->board, error) : 0;
}

/* @options: "X=Y" each, ended by NULL. */
int board_open(struct model *m, const char *const *options,
	       struct error *error)
{
	static const char *const none[] = { NULL };
	struct model *outer = inside;
	struct board *board = &m->board;
	char why[128] = "";
	int ret;

	board->channel = PLXDMA_BOARD_HOST;
	board->host = (struct plxdma_board_host){
		.card = m,
		.linti = host_linti,
		.dreq = host_dreq,
		.eot = host_eot,
		.user = host_user,
		.reg_read = host_reg_read,
		.reg_write = host_reg_write,
		.now = host_now,
		.alarm = host_alarm,
	};
	/* What it asks for meanwhile is done when the engine starts. */
	inside = m;
	ret = board->ops->open(&board->host, options ? options : none,
			       &board->self, why, sizeof(why));
	inside = outer;
	if (ret < 0) {
		board->self = NULL;
		return error_set(error, ret, "model: board %s: %s",
				 board->file ? board->file : "(default)",
				 *why ? why : strerror(-ret));
	}
	board->opened = true;
	if (board->ops->time && !board->alarm)
		board->alarm = 1;
	return 0;
}

void board_close(struct model *m)
{
	struct board *board = &m->board;

	if (board->opened)
		board->ops->close(board->self);
	board_plugin_unload(board);
	free(board->file);
}

static int local_access(struct model *m, uint32_t address, void *data,
			size_t size, bool write)
{
	struct plxdma_board_access access = {
		.channel = PLXDMA_BOARD_HOST,
		.width = 32,
	};
	size_t done;

	model_enter(m);
	done = write ? board_write(m, address, data, size, &access) :
		       board_read(m, address, data, size, &access);
	model_leave(m);
	return done == size ? 0 : -EIO;
}

int model_local_read(struct model *m, uint32_t address, void *data,
		     size_t size)
{
	return local_access(m, address, data, size, false);
}

int model_local_write(struct model *m, uint32_t address, const void *data,
		      size_t size)
{
	return local_access(m, address, (void *)(uintptr_t)data, size, true);
}
