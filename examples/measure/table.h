/* SPDX-License-Identifier: MIT */
/* Rows for people: a line each, as they come, and progress on a terminal. */
#ifndef THROUGHPUT_TABLE_H
#define THROUGHPUT_TABLE_H

#include "machine.h"
#include "throughput.h"

void table_begin(const struct plan *plan, const struct machine *machine);
/* What is being done now; only on a terminal, over itself. */
void table_progress(const struct plan *plan, unsigned int done,
		    const char *doing);
void table_row(const struct plan *plan, const struct row *row);

#endif
