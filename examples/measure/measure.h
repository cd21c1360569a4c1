/* SPDX-License-Identifier: MIT */
/* The timed pass: fills in a row. */
#ifndef THROUGHPUT_MEASURE_H
#define THROUGHPUT_MEASURE_H

#include "rig.h"

void measure_row(struct rig *rig, const struct plan *plan, struct row *row);

#endif
