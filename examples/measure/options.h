/* SPDX-License-Identifier: MIT */
/* The command line, as argp reads it. */
#ifndef THROUGHPUT_OPTIONS_H
#define THROUGHPUT_OPTIONS_H

#include "throughput.h"

/* Fills in what the command line says, and defaults.  Return: 0, or an exit
 * code. */
int options_read(struct plan *plan, int argc, char **argv);

#endif
