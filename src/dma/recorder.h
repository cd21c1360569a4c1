/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The flight recorder: a channel's last requests, and how its registers stood
 * when they ended.
 *
 * One ring a channel, written by the channel's thread alone and read by any: a
 * slot is filled by plain stores and then published by moving the head, and
 * whoever reads drops what the head has passed meanwhile.  All stores release
 * and all loads acquire, so that they are seen in order; on x86 that costs
 * nothing.
 *
 * What the registers showed is what the driver read of them anyway; a fault
 * alone is worth reading more.  A slot is a cache line, of which a good
 * transfer writes five words of eight and doesn't ask the clock.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <stdatomic.h>
#include <stdint.h>

#include <plxdma/transfer.h>

struct dma_channel;
struct dma_transfer;

#define RECORDER_SLOTS 1024u
#define RECORDER_WORDS 8 /* a cache line */

/* Registers from 60h on that a channel read since its last record. */
#define RECORDER_FIRST 0x60u
#define RECORDER_REGISTERS 24u

struct recorder_seen {
	uint32_t valid; /* bit n: values[n] was read */
	int frozen;	/* by a snapshot: what is read later mends */
	uint32_t values[RECORDER_REGISTERS];
	uint32_t status; /* configuration dword 04h, 0: not read */
};

struct recorder_ring {
	atomic_ullong head; /* records written so far */
	struct recorder_slot {
		_Alignas(64) atomic_ullong words[RECORDER_WORDS];
	} slots[RECORDER_SLOTS];
};

/* A record, as it is read. */
struct recorder_record {
	uint64_t started;	/* ns, CLOCK_MONOTONIC; 0: it never was */
	uint64_t ended;		/* likewise; 0 unless by a fault */
	uint64_t length;
	uint64_t bytes;
	uint32_t local;
	uint8_t status;		/* enum plxdma_status */
	uint8_t direction;
	uint8_t chain;
	uint8_t exact;
	uint8_t channel;
	uint32_t valid;		/* RECORDER_SAW_... */
	uint32_t csr;		/* both channels */
	uint32_t mode;
	uint32_t siz;
	uint32_t dpr;		/* without the address in it */
	uint32_t intcsr;
	uint32_t pci_status;
};

#define RECORDER_SAW_CSR 0x01u
#define RECORDER_SAW_MODE 0x02u
#define RECORDER_SAW_SIZ 0x04u
#define RECORDER_SAW_DPR 0x08u
#define RECORDER_SAW_INTCSR 0x10u
#define RECORDER_SAW_STATUS 0x20u
#define RECORDER_SAW_END 0x40u

struct recorder_ring *recorder_new(void);
void recorder_free(struct recorder_ring *ring);

static inline void recorder_saw(struct recorder_seen *seen, unsigned int offset,
				uint32_t value)
{
	const unsigned int n = (offset - RECORDER_FIRST) / 4;

	if (n >= RECORDER_REGISTERS || seen->frozen)
		return;
	seen->values[n] = value;
	seen->valid |= 1u << n;
}

/* The transfer has ended and says how; what was seen is its. */
void recorder_note(struct dma_channel *channel, struct dma_transfer *transfer);
/* Reads what a fault's record shall show, before the channel is mended. */
void recorder_snapshot(struct dma_channel *channel);

/* A status that is worth more than a line. */
int recorder_fault(enum plxdma_status status);

/* Copies a ring's records, oldest first; room for RECORDER_SLOTS.  Returns how
 * many. */
unsigned int recorder_copy(struct recorder_ring *ring,
			   struct recorder_record *records);

#endif
