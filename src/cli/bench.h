/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The benchmarks behind `plxdma bench`. Each reads its own arguments like a
 * main() and returns an exit code of cli.h.
 */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

/* examples/measure: transfers, an ordinary client of the library. */
int throughput_main(int argc, char **argv);

/* src/bench/memory.c: arena, heap and translation. */
int bench_memory(int argc, char **argv);

#endif
