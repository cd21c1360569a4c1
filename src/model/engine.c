/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine: whoever holds its token makes the channels' steps, one at a
 * time, by MARBR's priority (chip ref. 3.6).
 *
 * With engine=thread that is mostly the card's own thread; inline it is the
 * caller who starts a transfer, reads a register or serves the timer.  The
 * steps are the same code.  Work per call is bounded, because a ring without
 * end is legal.
 */
#include "model/card.h"

#define BUDGET_BYTES (64u << 20) /* of one call */

/* Which channel goes first: rotating, or as MARBR[20:19] says. */
static unsigned int first_channel(const struct model *m)
{
	switch ((reg_get(m, PLX_MARBR) & PLX_MARBR_PRIORITY_MASK) >>
		PLX_MARBR_PRIORITY_SHIFT) {
	case PLX_MARBR_PRIORITY_CHANNEL0:
		return 0;
	case PLX_MARBR_PRIORITY_CHANNEL1:
		return 1;
	default:
		return !m->turn;
	}
}

static bool ready(struct model *m, const struct channel *ch)
{
	if (!channel_runs(m, ch))
		return false;
	if (ch->retry_at && ch->retry_at > timing_now(m))
		return false;
	return !m->rate || timing_ready(m, ch);
}

static struct channel *engine_pick(struct model *m)
{
	unsigned int first = first_channel(m);

	for (unsigned int i = 0; i < 2; i++) {
		struct channel *ch = &m->channel[first ^ i];

		if (ready(m, ch)) {
			m->turn = ch->index;
			return ch;
		}
	}
	return NULL;
}

/* Lets those in who wait for the lock: a ring's steps leave no gap. */
static void engine_give_way(struct model *m)
{
	if (m->irq.wanted != m->irq.told)
		model_tell(m);
	if (!latch_awaited(&m->lock))
		return;
	model_unlock(m);
	model_lock(m);
}

static uint64_t bytes_moved(const struct model *m)
{
	return m->counters.bytes_to_host + m->counters.bytes_to_card;
}

/* Makes steps until none is due or the budget is spent. */
void engine_run(struct model *m, unsigned int budget)
{
	uint64_t limit = bytes_moved(m) + BUDGET_BYTES;
	struct channel *ch;

	if (m->pumping)
		return;
	m->pumping = true;
	m->pumper = pthread_self();
	m->pending = false;
	while (budget && bytes_moved(m) < limit && (ch = engine_pick(m))) {
		channel_step(m, ch);
		budget--;
		engine_give_way(m);
	}
	m->pumping = false;
}

void engine_landed(struct model *m)
{
	if (!m->waiters)
		return;
	atomic_fetch_add_explicit(&m->landings, 1, memory_order_release);
	word_wake(&m->landings);
}

void engine_await_landing(struct model *m)
{
	unsigned int seen = atomic_load_explicit(&m->landings,
						 memory_order_relaxed);

	m->waiters++;
	model_unlock(m);
	word_sleep(&m->landings, seen, WORD_NEVER);
	model_lock(m);
	m->waiters--;
}

/* Until no step of this channel is under way, unless it is our own. */
void engine_await_channel(struct model *m, const struct channel *ch)
{
	while (ch->stepping && m->pumping &&
	       !pthread_equal(m->pumper, pthread_self()))
		engine_await_landing(m);
}

/* There may be work.  Inline it is done when the lock is given back. */
void engine_kick(struct model *m)
{
	m->pending = true;
	if (!m->threaded)
		return;
	atomic_fetch_add_explicit(&m->kicks, 1, memory_order_release);
	if (m->asleep)
		word_wake(&m->kicks);
}

/* The channel goes on; the bus time in between is lost. */
void engine_unstall(struct model *m, struct channel *ch)
{
	ch->stalled = false;
	if (ch->done)
		return;
	timing_resume(m, ch, m->board.rang);
	engine_kick(m);
}

/* A register is read: bring the engine up to the present. */
void engine_catch_up(struct model *m)
{
	if (!m->threaded)
		engine_timers(m);
	if (m->channel[0].done && m->channel[1].done)
		return;
	if (m->threaded && !m->rate)
		return;
	engine_run(m, ENGINE_BUDGET_READ);
	if (!m->threaded)
		engine_arm(m);
}
