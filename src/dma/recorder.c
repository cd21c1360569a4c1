/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records: packed into words, unpacked for who reads.  See recorder.h. */
#include "dma/recorder.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "dma/card.h"

struct recorder_ring *recorder_new(void)
{
	struct recorder_ring *ring =
		aligned_alloc(_Alignof(struct recorder_ring), sizeof(*ring));

	if (ring)
		memset(ring, 0, sizeof(*ring));
	return ring;
}

void recorder_free(struct recorder_ring *ring)
{
	free(ring);
}

int recorder_fault(enum plxdma_status status)
{
	return status != PLXDMA_DONE && status != PLXDMA_EOT &&
	       status != PLXDMA_CANCELLED;
}

static uint64_t pair(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

static inline uint32_t seen_get(const struct recorder_seen *seen,
				unsigned int offset)
{
	return seen->values[(offset - RECORDER_FIRST) / 4];
}

/* @flag if the register was read. */
static inline uint32_t seen_flag(const struct recorder_seen *seen,
				 unsigned int offset, uint32_t flag)
{
	return seen->valid >> (offset - RECORDER_FIRST) / 4 & 1 ? flag : 0;
}

static uint32_t seen_flags(const struct recorder_seen *seen, unsigned int n)
{
	return seen_flag(seen, PLX_DMACSR0, RECORDER_SAW_CSR) |
	       seen_flag(seen, PLX_DMAMODE(n), RECORDER_SAW_MODE) |
	       seen_flag(seen, PLX_DMASIZ(n), RECORDER_SAW_SIZ) |
	       seen_flag(seen, PLX_DMADPR(n), RECORDER_SAW_DPR) |
	       seen_flag(seen, PLX_INTCSR, RECORDER_SAW_INTCSR) |
	       (seen->status ? RECORDER_SAW_STATUS : 0);
}

/* A chain's first descriptor says where it begins. */
static uint32_t local_of(const struct dma_transfer *transfer)
{
	const struct plx_descriptor_dac *first;

	if (!transfer->program.chain)
		return transfer->program.ladr;
	if (!transfer->block)
		return 0;
	first = transfer->block->cpu;
	return le32toh(first->local);
}

static uint32_t what_of(const struct dma_transfer *transfer, unsigned int n,
			uint32_t valid, uint32_t dpr)
{
	return transfer->status | (uint32_t)transfer->direction << 8 |
	       (uint32_t)transfer->program.chain << 9 |
	       (uint32_t)transfer->bytes_exact << 10 | n << 11 | valid << 12 |
	       (dpr & PLX_DMADPR_FLAGS_MASK) << 20;
}

static inline void slot_put(struct recorder_slot *slot, unsigned int word,
			    uint64_t value)
{
	atomic_store_explicit(&slot->words[word], value, memory_order_release);
}

static void slot_fill(struct recorder_slot *slot,
		      const struct dma_channel *channel,
		      const struct dma_transfer *transfer)
{
	const struct recorder_seen *seen = &channel->seen;
	const unsigned int n = channel->index;
	uint32_t valid = seen_flags(seen, n);

	if (recorder_fault((enum plxdma_status)transfer->status)) {
		valid |= RECORDER_SAW_END;
		slot_put(slot, 5, clock_ns());
	}
	slot_put(slot, 0, transfer->started);
	slot_put(slot, 1, transfer->length);
	slot_put(slot, 2, transfer->bytes);
	slot_put(slot, 3, pair(what_of(transfer, n, valid,
				       seen_get(seen, PLX_DMADPR(n))),
			       local_of(transfer)));
	slot_put(slot, 4, pair(seen_get(seen, PLX_DMACSR0),
			       seen_get(seen, PLX_INTCSR)));
	if (!(valid & ~RECORDER_SAW_CSR))
		return;
	slot_put(slot, 6, pair(seen_get(seen, PLX_DMAMODE(n)),
			       seen_get(seen, PLX_DMASIZ(n))));
	slot_put(slot, 7, seen->status);
}

void recorder_note(struct dma_channel *channel, struct dma_transfer *transfer)
{
	struct recorder_ring *ring = channel->recorder;
	const uint64_t head =
		atomic_load_explicit(&ring->head, memory_order_relaxed);

	slot_fill(&ring->slots[head % RECORDER_SLOTS], channel, transfer);
	atomic_store_explicit(&ring->head, head + 1, memory_order_release);
	transfer->started = 0;
	channel->seen.valid = 0;
	channel->seen.status = 0;
	channel->seen.frozen = 0;
}

void recorder_snapshot(struct dma_channel *channel)
{
	struct transport *transport = channel->card->transport;
	const unsigned int n = channel->index;

	if (channel->seen.frozen)
		return;
	channel_get(channel, PLX_DMACSR0);
	channel_get(channel, PLX_DMAMODE(n));
	channel_get(channel, PLX_DMASIZ(n));
	channel_get(channel, PLX_DMADPR(n));
	channel_get(channel, PLX_INTCSR);
	channel->seen.status =
		transport->ops->config_read(transport, PLX_CFG_COMMAND, 32);
	channel->seen.frozen = 1;
}

static void unpack(const uint64_t *words, struct recorder_record *record)
{
	const uint32_t what = (uint32_t)(words[3] >> 32);
	const uint32_t valid = what >> 12 & 0xff;

	*record = (struct recorder_record){
		.started = words[0],
		.ended = valid & RECORDER_SAW_END ? words[5] : 0,
		.length = words[1],
		.bytes = words[2],
		.local = (uint32_t)words[3],
		.status = (uint8_t)what,
		.direction = what >> 8 & 1,
		.chain = what >> 9 & 1,
		.exact = what >> 10 & 1,
		.channel = what >> 11 & 1,
		.valid = valid & ~RECORDER_SAW_END,
		.csr = (uint32_t)(words[4] >> 32),
		.mode = (uint32_t)(words[6] >> 32),
		.siz = (uint32_t)words[6],
		.dpr = what >> 20 & PLX_DMADPR_FLAGS_MASK,
		.intcsr = (uint32_t)words[4],
		.pci_status = (uint32_t)words[7],
	};
}

static uint64_t head_get(struct recorder_ring *ring)
{
	return atomic_load_explicit(&ring->head, memory_order_acquire);
}

unsigned int recorder_copy(struct recorder_ring *ring,
			   struct recorder_record *records)
{
	const uint64_t end = head_get(ring);
	const uint64_t begin = end > RECORDER_SLOTS ? end - RECORDER_SLOTS : 0;
	uint64_t words[RECORDER_WORDS], at, kept;
	unsigned int i;

	for (at = begin; at < end; at++) {
		for (i = 0; i < RECORDER_WORDS; i++)
			words[i] = atomic_load_explicit(
				&ring->slots[at % RECORDER_SLOTS].words[i],
				memory_order_acquire);
		unpack(words, &records[at - begin]);
	}
	/* Passed meanwhile, and the one that is perhaps being written. */
	kept = head_get(ring) + 1;
	kept = kept > RECORDER_SLOTS ? kept - RECORDER_SLOTS : 0;
	if (kept <= begin)
		return (unsigned int)(end - begin);
	if (kept >= end)
		return 0;
	memmove(records, records + (kept - begin),
		(size_t)(end - kept) * sizeof(*records));
	return (unsigned int)(end - kept);
}
