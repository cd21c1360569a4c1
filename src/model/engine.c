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
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "model/card.h"

#define BUDGET_BYTES (64u << 20)

#define SPIN_NS	 30000	 /* the thread looks for work before it sleeps */
#define CHECK_NS 1000000 /* and moves data of a slow bus at least this often */
#define LAST_NS	 20000	 /* the last piece is left for its own time */

/* Which channel goes first: rotating, or as MARBR[20:19] says. */
static unsigned int first_channel(const struct model *m)
{
	switch (reg_get(m, PLX_MARBR) >> 19 & 3) {
	case 1:
		return 0;
	case 2:
		return 1;
	default:
		return !m->turn;
	}
}

static bool ready(const struct model *m, const struct channel *ch,
		  uint64_t now)
{
	if (!channel_runs(m, ch))
		return false;
	if (ch->retry_at && ch->retry_at > timing_now(m))
		return false;
	return !m->rate || channel_ready_at(m, ch) <= now;
}

static struct channel *engine_pick(struct model *m)
{
	unsigned int first = first_channel(m);
	uint64_t now = m->rate ? timing_now(m) : 0;

	for (unsigned int i = 0; i < 2; i++) {
		struct channel *ch = &m->channel[first ^ i];

		if (ready(m, ch, now)) {
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
	latch_pause();
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
	if (m->rate) {
		uint64_t now = timing_now(m);

		ch->when = ch->when > now ? ch->when : now;
	}
	engine_kick(m);
}

/* A register is read: bring the engine up to the present. */
void engine_catch_up(struct model *m)
{
	if (m->channel[0].done && m->channel[1].done)
		return;
	if (m->threaded && !m->rate)
		return;
	engine_run(m, ENGINE_BUDGET_READ);
	if (!m->threaded)
		engine_arm(m);
}

/* When a channel wants to be looked at; data of a slow bus in portions. */
static uint64_t channel_next(const struct model *m, const struct channel *ch)
{
	uint64_t at, left;

	if (!channel_runs(m, ch))
		return MODEL_NEVER;
	if (ch->retry_at)
		return ch->retry_at;
	if (!m->rate)
		return 1;
	at = channel_ready_at(m, ch);
	if (ch->state != CHANNEL_DATA)
		return at;
	left = (uint64_t)((double)ch->left * 1e9 / (double)m->rate);
	if (left > CHECK_NS + LAST_NS)
		return at + CHECK_NS;
	return left > LAST_NS ? at + left - LAST_NS : at;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t engine_next(const struct model *m)
{
	uint64_t next = interrupt_next(m);

	next = earlier(next, channel_next(m, &m->channel[0]));
	next = earlier(next, channel_next(m, &m->channel[1]));
	if (m->posted.size)
		next = earlier(next, m->posted.due);
	if (m->board.alarm)
		next = earlier(next, m->board.alarm);
	return next;
}

/* Whatever else waits for a moment in time. */
static void engine_timers(struct model *m)
{
	uint64_t now;

	if (!m->posted.size && !m->board.alarm &&
	    interrupt_next(m) == MODEL_NEVER)
		return;
	now = timing_now(m);
	if (m->posted.size && m->posted.due <= now)
		memory_drain(m);
	if (m->board.alarm && m->board.alarm <= now)
		board_time(m, now);
	if (interrupt_next(m) <= now)
		interrupt_update(m);
}

/* Inline: sets the timer for what waits, unless it stands earlier. */
void engine_arm(struct model *m)
{
	struct itimerspec when = { 0 };
	uint64_t next = engine_next(m);

	if (next == MODEL_NEVER || (m->timer_at && m->timer_at <= next))
		return;
	m->timer_at = next;
	when.it_value.tv_sec = (time_t)(next / 1000000000u);
	when.it_value.tv_nsec = (long)(next % 1000000000u);
	timerfd_settime(m->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

int model_service_fd(struct model *m)
{
	return m->timer;
}

void model_service(struct model *m)
{
	uint64_t ticks;

	model_enter(m);
	if (!m->threaded) {
		if (read(m->timer, &ticks, sizeof(ticks)) > 0)
			m->timer_at = 0;
		engine_timers(m);
		m->pending = true;
	}
	model_leave(m);
}

/* Whoever kicks looks at asleep under the lock. */
static void engine_sleep(struct model *m, unsigned int seen, uint64_t until)
{
	m->asleep = true;
	model_unlock(m);
	word_sleep(&m->kicks, seen, until);
	model_lock(m);
	m->asleep = false;
}

/* Return: whether something came up. */
static bool engine_spin(struct model *m, unsigned int seen, uint64_t until)
{
	while (atomic_load_explicit(&m->kicks, memory_order_acquire) == seen) {
		if (timing_now(m) >= until)
			return false;
		__builtin_ia32_pause();
	}
	return true;
}

static void *engine_main(void *argument)
{
	struct model *m = argument;
	unsigned int seen = 0, now_seen;
	uint64_t spin_until = 0, next;

	prctl(PR_SET_NAME, "plx-engine");
	prctl(PR_SET_TIMERSLACK, 1);
	model_lock(m);
	while (!m->quit) {
		now_seen = atomic_load(&m->kicks);
		if (now_seen != seen)
			spin_until = timing_now(m) + SPIN_NS;
		seen = now_seen;
		engine_run(m, ENGINE_BUDGET_READ);
		engine_timers(m);
		model_tell(m);
		next = engine_next(m);
		model_unlock(m);
		if (next > 1)
			engine_spin(m, seen, earlier(spin_until, next));
		model_lock(m);
		if (next > 1 && seen == atomic_load(&m->kicks) && !m->quit)
			engine_sleep(m, seen, next);
	}
	model_unlock(m);
	return NULL;
}

static int engine_start_thread(struct model *m, struct error *error)
{
	int ret;

	if (!m->threaded)
		return 0;
	ret = pthread_create(&m->thread, NULL, engine_main, m);
	if (ret)
		return error_set(error, -ret,
				 "model: no thread for the engine: %s",
				 strerror(ret));
	return 0;
}

int engine_open(struct model *m, struct error *error)
{
	m->timer = -1;
	if (!m->threaded) {
		m->timer = timerfd_create(CLOCK_MONOTONIC,
					  TFD_NONBLOCK | TFD_CLOEXEC);
		if (m->timer < 0)
			return error_set(error, -errno,
					 "model: no timer for the engine: %s",
					 strerror(errno));
	}
	return engine_start_thread(m, error);
}

/* After this nothing moves any more. */
void engine_close(struct model *m)
{
	model_lock(m);
	m->quit = true;
	m->gone = true;
	engine_kick(m);
	while (m->pumping && !m->threaded)
		engine_await_landing(m);
	model_unlock(m);
	if (m->threaded)
		pthread_join(m->thread, NULL);
	if (m->timer >= 0)
		close(m->timer);
}
