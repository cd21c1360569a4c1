/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who drives the engine, and when: the card's own thread, or inline a timer
 * that the caller serves.
 *
 * Both sleep until the earliest moment at which something is due by itself: a
 * step of a channel in bus time, posted data, a late interrupt, the board's
 * alarm.
 */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "model/card.h"

#define SPIN_NS	 30000	 /* the thread looks for work before it sleeps */
#define CHECK_NS 1000000 /* and moves data of a slow bus at least this often */
#define LAST_NS	 20000	 /* the last piece is left for its own time */
#define END_NS	 20000	 /* how long the thread spins for that, and for the end */

/* Nothing will tell of the end: whoever wants to know reads DMACSR, which
 * brings the engine up to the present by itself. */
static bool channel_polled(const struct channel *ch)
{
	return !ch->chained && !(ch->mode & PLX_DMAMODE_DONE_INTERRUPT);
}

/* When a channel wants to be looked at; data of a slow bus in portions.
 * @ends: whether that is about an end, which somebody waits for. */
static uint64_t channel_next(struct model *m, const struct channel *ch,
			     bool *ends)
{
	uint64_t at, end;

	if (!channel_runs(m, ch))
		return MODEL_NEVER;
	if (ch->retry_at)
		return ch->retry_at;
	if (!m->rate)
		return 1;
	at = timing_when(m, ch, 0);
	if (channel_polled(ch))
		return at + CHECK_NS;
	*ends = true;
	if (ch->state != CHANNEL_DATA)
		return at;
	end = timing_when(m, ch, ch->left);
	*ends = end <= at + CHECK_NS + LAST_NS;
	if (!*ends)
		return at + CHECK_NS;
	return end > at + LAST_NS ? end - LAST_NS : at;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t engine_next(struct model *m, bool *ends)
{
	uint64_t next = interrupt_next(m);

	*ends = false;
	for (unsigned int n = 0; n < 2; n++) {
		bool end = false;
		uint64_t at = channel_next(m, &m->channel[n], &end);

		if (at < next) {
			next = at;
			*ends = end;
		}
	}
	if (m->posted.size)
		next = earlier(next, m->posted.due);
	if (m->board.alarm)
		next = earlier(next, m->board.alarm);
	return next;
}

/* Whatever else waits for a moment in time. */
void engine_timers(struct model *m)
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
	bool ends;
	uint64_t next = engine_next(m, &ends);

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
		latch_relax();
	}
	return true;
}

/*
 * Until @next, or until somebody kicks.  A sleep ends some tens of
 * microseconds too late: it ends early where somebody waits for an end, and
 * the rest is spun for.
 */
static void engine_wait(struct model *m, unsigned int seen, uint64_t next,
			bool ends)
{
	if (ends && next != MODEL_NEVER && next < timing_now(m) + END_NS) {
		model_unlock(m);
		engine_spin(m, seen, next);
		model_lock(m);
		return;
	}
	if (seen == atomic_load(&m->kicks) && !m->quit)
		engine_sleep(m, seen, ends && next != MODEL_NEVER ?
					      next - END_NS : next);
}

static void *engine_main(void *argument)
{
	struct model *m = argument;
	unsigned int seen = 0, now_seen;
	uint64_t spin_until = 0, next;
	bool ends;

	prctl(PR_SET_NAME, "plx-engine");
	prctl(PR_SET_TIMERSLACK, 1);
	model_lock(m);
	while (!m->quit) {
		now_seen = atomic_load(&m->kicks);
		if (now_seen != seen && !m->rate)
			spin_until = timing_now(m) + SPIN_NS;
		seen = now_seen;
		engine_run(m, ENGINE_BUDGET_READ);
		engine_timers(m);
		model_tell(m);
		next = engine_next(m, &ends);
		model_unlock(m);
		if (next > 1)
			engine_spin(m, seen, earlier(spin_until, next));
		model_lock(m);
		if (next > 1)
			engine_wait(m, seen, next, ends && m->rate);
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
		engine_arm(m);
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
