/* SPDX-License-Identifier: MIT */
/*
 * throughput: how fast do transfers go, and is every byte right?
 *
 *	throughput --quick
 *	throughput --spec model:rate=132e6 --depth 2 --plot picture.png
 *	throughput --spec model: --spec daemon:crate --csv table.csv
 *
 * Each option is explained by --help. What a program has to do for a transfer
 * is in measure/lane.c (prepare) and measure/rig.c (submit and wait);
 * the rest is bookkeeping. `plxdma bench` is the same benchmark.
 */
#include "measure/throughput.h"

int main(int argc, char **argv)
{
	return throughput_main(argc, argv);
}
