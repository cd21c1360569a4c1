/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A UIO device as devlib2 knows it: done as devlib2 does it (devlib2_alike.c),
 * or by devlib2 itself (devlib2_itself.c). One at a time; 0 is success.
 */
#ifndef TESTS_VM_DEVLIB2_H
#define TESTS_VM_DEVLIB2_H

#include <stdint.h>

#define PATIENCE_MS 20000

int device_open(const char *address);
/* NULL: it can't be mapped. */
volatile uint32_t *device_bar(unsigned int bar);
void device_arm(void);
/* Has an interrupt come? Which by its count is in @count. */
int device_comes(int timeout_ms, uint32_t *count);

#endif
