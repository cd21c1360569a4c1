/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the memory benchmark; each adds its figures. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include "bench/figure.h"

void bench_heap(struct figures *figures);
void bench_translate(struct figures *figures);
/* Set-up and runs of an arena of @pages hugepages. */
void bench_arena(struct figures *figures, size_t pages, unsigned int rounds);
void bench_descriptors(struct figures *figures);
/* The same jobs through the public functions, on the software card. */
void bench_public(struct figures *figures);

#endif
