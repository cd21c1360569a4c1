/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Allocation inside an arena, by offset.
 *
 * The heap never touches the memory that it hands out: its state lives
 * elsewhere, so neither the card nor a client can corrupt it.  O(1), bounded,
 * no system call after heap_new().  Any thread.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>
#include <stdint.h>

#define HEAP_NONE UINT64_MAX

struct heap;

int heap_new(uint64_t size, struct heap **heap);
void heap_free(struct heap *heap);
/* 64-byte aligned, page aligned from 4 KiB up.  HEAP_NONE if it is full. */
uint64_t heap_alloc(struct heap *heap, uint64_t size);
/* 0, or -EINVAL for what is not an allocation (nothing happens then). */
int heap_release(struct heap *heap, uint64_t offset);
/* Bytes handed out, and the largest allocation that would succeed. */
void heap_stat(struct heap *heap, uint64_t *used, uint64_t *largest);

#endif
