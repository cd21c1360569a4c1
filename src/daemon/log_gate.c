/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See log.h. */
#include "log.h"

unsigned int log_gate_take(struct log_gate *gate, uint64_t now)
{
	unsigned int held = gate->held;

	if (now - gate->since < LOG_INTERVAL_NS)
		return 0;
	gate->held = 0;
	return held;
}

int log_gate_pass(struct log_gate *gate, uint64_t now, unsigned int *told)
{
	*told = log_gate_take(gate, now);
	if (!gate->passed || now - gate->since >= LOG_INTERVAL_NS) {
		gate->since = now;
		gate->passed = 0;
	}
	if (gate->passed < LOG_BURST) {
		gate->passed++;
		return 1;
	}
	gate->held++;
	return 0;
}
