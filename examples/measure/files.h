/* SPDX-License-Identifier: MIT */
/* Rows for programs: CSV, and JSON with the machine. */
#ifndef THROUGHPUT_FILES_H
#define THROUGHPUT_FILES_H

#include "machine.h"
#include "throughput.h"

/* Return: 0, or a negative errno. */
int files_write_csv(const struct plan *plan, const char *path);
int files_write_json(const struct plan *plan, const struct machine *machine,
		     const char *path);

#endif
