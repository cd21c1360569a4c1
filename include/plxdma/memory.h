/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory that a card can reach.
 *
 * A card's memory is an arena: pinned hugepages.  What a program gets is the
 * CPU's address and a handle, the name of the same byte for transfers.  A
 * handle is not an address and can't be turned into one: the library (or the
 * daemon) looks it up, so a wrong handle is an error and never a stray write.
 * Handles are linear: handle + n names the byte at address + n.
 */
#ifndef PLXDMA_MEMORY_H
#define PLXDMA_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/card.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names a byte of a card's memory; 0 is never valid. */
typedef uint64_t plxdma_handle;

/**
 * struct plxdma_segment - one piece of a scatter-gather list
 * @handle:	where the piece starts
 * @length:	its bytes
 * @local:	local address that it goes to or comes from
 */
struct plxdma_segment {
	plxdma_handle handle;
	uint32_t length;
	uint32_t local;
};

/**
 * plxdma_alloc_coherent - memory that CPU and card see alike
 * @card: an open card
 * @size: bytes, at least 1
 * @handle: receives the handle of the first byte, may be NULL
 *
 * The memory is 64-byte aligned; from 4 KiB up it is page aligned.  It is
 * contiguous for the CPU; on the bus it is as contiguous as the arena's runs
 * (a transfer over a seam becomes a chain).  Bounded time, no system call
 * after the first call; not zeroed.  Any thread.
 *
 * Return: the CPU's address, or NULL with errno set (ENOMEM: the arena is
 * full; open with a larger arena=) and plxdma_error() telling more.
 */
void *plxdma_alloc_coherent(struct plxdma_card *card, size_t size,
			    plxdma_handle *handle);

/**
 * plxdma_free_coherent - give memory back
 * @card: the card it came from
 * @size: as it was asked for
 * @cpu: as it was returned; NULL is ignored
 * @handle: as it was returned, or 0
 *
 * No transfer may be under way in it.
 */
void plxdma_free_coherent(struct plxdma_card *card, size_t size, void *cpu,
			  plxdma_handle handle);

/**
 * plxdma_handle_of - handle of a byte inside allocated memory
 * @card: an open card
 * @cpu: any address inside the card's arena, interior ones included
 *
 * Return: the handle, 0 if the address is not the arena's.
 */
plxdma_handle plxdma_handle_of(struct plxdma_card *card, const void *cpu);

/**
 * plxdma_map_sg - cut a range into pieces that are contiguous on the bus
 * @card: an open card
 * @cpu: start of the range, inside the card's arena
 * @size: its bytes
 * @local: local address of the first byte
 * @segments: receives the pieces
 * @count: room in @segments
 *
 * Return: number of pieces; -ENOSPC if there are more than @count; another
 * negative errno.
 */
int plxdma_map_sg(struct plxdma_card *card, const void *cpu, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count);

/**
 * plxdma_sync_for_device - make the CPU's writes visible to the card
 * plxdma_sync_for_cpu - make the card's writes visible to the CPU
 * @card: an open card
 * @cpu: start of the range
 * @size: its bytes
 *
 * Nothing to do where the platform is coherent, as x86 is.
 */
void plxdma_sync_for_device(struct plxdma_card *card, const void *cpu,
			    size_t size);
void plxdma_sync_for_cpu(struct plxdma_card *card, const void *cpu,
			 size_t size);

#ifdef __cplusplus
}
#endif
#endif
