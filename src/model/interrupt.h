/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupts: the state of INTA# and LINTo#.
 */
#ifndef MODEL_INTERRUPT_H
#define MODEL_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>
#include <pthread.h>

#include "model/model.h"

struct model;

struct interrupts {
	bool wanted, told, telling;
	pthread_t teller;
	model_intx_fn *fn;
	void *context;
	bool cause;	     /* what the chip's gates say */
	bool lost;	     /* this one never reaches the host */
	uint64_t late_until; /* this one comes then */
	uint64_t storm_until;
	bool linto;
	bool linti;
};

/* interrupt.c */
void interrupt_update(struct model *m);
void interrupt_abort(struct model *m, unsigned int channel, bool retries);
uint32_t interrupt_status(const struct model *m);
uint64_t interrupt_next(const struct model *m);
void interrupt_power(struct model *m);
void interrupt_written(struct model *m, uint32_t before);

#endif
