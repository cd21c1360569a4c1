/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See stepper.h. */
#include "stepper.h"

#include <check.h>
#include <string.h>

static void started(struct fake *fake)
{
	struct stepper *stepper = fake->context;

	if (stepper->phase != STEPPER_IDLE)
		ck_abort_msg("started while it is under way");
	stepper->phase = STEPPER_ADDRESS;
}

static void accessed(struct fake *fake)
{
	stepper_point(fake->context);
}

void stepper_init(struct stepper *stepper, struct fake *fake)
{
	memset(stepper, 0, sizeof(*stepper));
	stepper->fake = fake;
	stepper->random = 1;
	fake->context = stepper;
	fake->on_start = started;
	fake->on_access = accessed;
}

/* One Lword of the descriptor that DMADPR points to, read just now. */
static void fetch(struct stepper *stepper, unsigned int lword)
{
	const uint32_t dpr = fake_reg(stepper->fake, PLX_DMADPR0);
	const uint32_t *at = fake_cpu(stepper->fake,
				      dpr & PLX_DMADPR_NEXT_MASK);

	if (!at)
		ck_abort_msg("wild descriptor %x", dpr);
	stepper->lwords[lword] = at[lword];
}

static void load(const struct stepper *stepper)
{
	fake_set(stepper->fake, PLX_DMAPADR0, stepper->lwords[0]);
	fake_set(stepper->fake, PLX_DMALADR0, stepper->lwords[1]);
	fake_set(stepper->fake, PLX_DMASIZ0, stepper->lwords[2]);
	fake_set(stepper->fake, PLX_DMADPR0, stepper->lwords[3]);
}

static enum stepper_phase phase_made(struct stepper *stepper)
{
	const enum stepper_phase phase = stepper->phase;

	switch (phase) {
	case STEPPER_LOAD:
		load(stepper);
		break;
	case STEPPER_MOVE:
		stepper->moved(stepper->context, stepper->lwords[0]);
		return stepper->lwords[3] & PLX_DMADPR_END ? STEPPER_DONE
							   : STEPPER_ADDRESS;
	case STEPPER_DONE:
		fake_finish(stepper->fake, 0);
		/* Fall through */
	case STEPPER_IDLE:
		return STEPPER_IDLE;
	default:
		fetch(stepper, phase - STEPPER_ADDRESS);
	}
	return phase + 1;
}

static int aborted(const struct stepper *stepper)
{
	return (stepper->fake->regs[PLX_DMACSR0] & PLX_DMACSR_DONE) != 0;
}

void stepper_go(struct stepper *stepper, unsigned int phases)
{
	if (aborted(stepper))
		stepper->phase = STEPPER_IDLE;
	while (phases-- && stepper->phase != STEPPER_IDLE)
		stepper->phase = phase_made(stepper);
}

void stepper_point(struct stepper *stepper)
{
	unsigned int point;

	stepper_go(stepper, 0);
	if (!stepper->plan)
		return;
	point = stepper->points++;
	stepper_go(stepper, stepper->plan(stepper, point));
	if (point < STEPPER_POINTS)
		stepper->last[point] = stepper->phase == STEPPER_IDLE;
}

unsigned int stepper_each(struct stepper *stepper, unsigned int point)
{
	if (point >= STEPPER_POINTS)
		ck_abort_msg("more points than a plan has");
	if (point == stepper->depth)
		stepper->choice[stepper->depth++] = 0;
	return stepper->choice[point];
}

int stepper_next_plan(struct stepper *stepper)
{
	if (stepper->points != stepper->depth)
		ck_abort_msg("a run isn't as the one before it was");
	while (stepper->depth && stepper->last[stepper->depth - 1])
		stepper->depth--;
	if (!stepper->depth)
		return 0;
	stepper->choice[stepper->depth - 1]++;
	return 1;
}

uint32_t stepper_chance(struct stepper *stepper, uint32_t below)
{
	/* xorshift64 */
	stepper->random ^= stepper->random << 13;
	stepper->random ^= stepper->random >> 7;
	stepper->random ^= stepper->random << 17;
	return (uint32_t)(stepper->random >> 32) % below;
}

unsigned int stepper_any(struct stepper *stepper, unsigned int point)
{
	(void)point;
	return stepper_chance(stepper, 2) ? 0 : stepper_chance(stepper, 16);
}
