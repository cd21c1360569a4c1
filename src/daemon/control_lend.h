/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests of a client for memory and interrupts, each as control.h's are.
 */
#ifndef DAEMON_CONTROL_LEND_H
#define DAEMON_CONTROL_LEND_H

#include "control_channel.h"

control_fn control_arena;
control_fn control_arena_part;
control_fn control_irq;
control_fn control_irq_enable;

#endif
