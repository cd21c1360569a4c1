/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine that figures were taken on. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <json-c/json.h>

struct machine {
	char processor[96];
	char kernel[200];
	long processors;
	unsigned long hugepages, hugepages_free, hugepage_kib;
};

void machine_read(struct machine *machine);
void machine_print(const struct machine *machine);
struct json_object *machine_json(const struct machine *machine);

#endif
