/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control protocol as the daemon has it: packets of a client that means
 * ill, and what it does to its rings in between (house.h).
 */
#include "house.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	house_visit(data, size);
	return 0;
}
