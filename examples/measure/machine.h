/* SPDX-License-Identifier: MIT */
/* The machine that figures belong to, in words. */
#ifndef THROUGHPUT_MACHINE_H
#define THROUGHPUT_MACHINE_H

struct machine {
	char cpu[96];
	long cpus;
	char kernel[96];
	char date[32];
};

void machine_describe(struct machine *machine);

#endif
