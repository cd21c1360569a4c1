/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One of the processes that claim, use, wait, and are killed. */
#ifndef TESTS_DAEMON_CLAIMANT_WORKER_H
#define TESTS_DAEMON_CLAIMANT_WORKER_H

#include "ledger.h"

/* Runs sequences until there are enough. Never returns. */
_Noreturn void claimant_run(struct ledger *ledger, uint64_t seed);

#endif
