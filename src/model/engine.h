/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine: who makes the channels' steps.
 */
#ifndef MODEL_ENGINE_H
#define MODEL_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

struct model;
struct channel;
struct error;

/* engine.c */
#define ENGINE_BUDGET_START 8192
#define ENGINE_BUDGET_READ  64
int engine_open(struct model *m, struct error *error);
void engine_close(struct model *m);
void engine_kick(struct model *m);
void engine_catch_up(struct model *m);
void engine_run(struct model *m, unsigned int budget);
void engine_arm(struct model *m);
void engine_timers(struct model *m);
void engine_unstall(struct model *m, struct channel *ch);
void engine_landed(struct model *m);
void engine_await_landing(struct model *m);
void engine_await_channel(struct model *m, const struct channel *ch);

#endif
