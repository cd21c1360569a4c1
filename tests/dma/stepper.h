/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An engine for the card of paper that goes by single phases, and goes on just
 * where a test wants it to: between the driver's accesses to the card, and
 * between calls.  Each such place is a point; a plan says how many phases the
 * engine makes at each.
 */
#ifndef STEPPER_H
#define STEPPER_H

#include "fake_card.h"

/* Reading a descriptor takes an Lword each; registers show it when all of it is
 * there. */
enum stepper_phase {
	STEPPER_IDLE,
	STEPPER_ADDRESS,
	STEPPER_LOCAL,
	STEPPER_SIZE,
	STEPPER_POINTER,
	STEPPER_LOAD,
	STEPPER_MOVE,
	STEPPER_DONE,
};

#define STEPPER_POINTS 256

struct stepper {
	struct fake *fake;		/* its channel 0 */
	enum stepper_phase phase;
	uint32_t lwords[4];
	/* The bytes of a descriptor are moved. */
	void (*moved)(void *context, uint32_t bus);
	void *context;
	unsigned int points;		/* of this run, so far */
	/* How many phases at a point; NULL: none. */
	unsigned int (*plan)(struct stepper *, unsigned int point);
	/* A plan that leaves none out: see stepper_next_plan(). */
	uint8_t choice[STEPPER_POINTS];
	uint8_t last[STEPPER_POINTS];	/* no more phases were left there */
	unsigned int depth;
	uint64_t random;
};

/* Every chain that is started goes by it. */
void stepper_init(struct stepper *stepper, struct fake *fake);
/* The engine makes up to so many phases. */
void stepper_go(struct stepper *stepper, unsigned int phases);
/* A point. */
void stepper_point(struct stepper *stepper);
/* Plans: each of all there are, one a run; or by chance. */
unsigned int stepper_each(struct stepper *stepper, unsigned int point);
unsigned int stepper_any(struct stepper *stepper, unsigned int point);
/* After a run by stepper_each(): is there another? */
int stepper_next_plan(struct stepper *stepper);
uint32_t stepper_chance(struct stepper *stepper, uint32_t below);

#endif
