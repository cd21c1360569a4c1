/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a driver did, for tests and for people.
 */
#include "model/card.h"

const char *model_violation_name(enum model_violation violation)
{
	static const char *const names[MODEL_VIOLATIONS] = {
		[MODEL_VIOLATION_BUSY_CHANNEL] = "busy-channel",
		[MODEL_VIOLATION_IDLE_ABORT] = "idle-abort",
		[MODEL_VIOLATION_NO_MASTER] = "no-master",
		[MODEL_VIOLATION_EXIT_BUSY] = "exit-busy",
		[MODEL_VIOLATION_WILD_ADDRESS] = "wild-address",
		[MODEL_VIOLATION_RESERVED_BITS] = "reserved-bits",
		[MODEL_VIOLATION_ONE_STEP_START] = "one-step-start",
		[MODEL_VIOLATION_BAD_DESCRIPTOR] = "bad-descriptor",
		[MODEL_VIOLATION_BAD_ACCESS] = "bad-access",
	};

	if ((unsigned int)violation >= MODEL_VIOLATIONS)
		return "unknown";
	return names[violation];
}

void model_get_counters(struct model *m, struct model_counters *counters)
{
	model_enter(m);
	*counters = m->counters;
	counters->reg_reads[PLX_DMACSR0 / 4] +=
		atomic_load_explicit(&m->csr_reads, memory_order_relaxed);
	model_leave(m);
}
