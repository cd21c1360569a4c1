/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records: packed into words, unpacked for who reads.  See recorder.h. */
#include "dma/recorder.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "dma/card.h"

struct recorder_ring *recorder_new(void)
{
	return calloc(1, sizeof(struct recorder_ring));
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

static uint32_t seen_get(const struct recorder_seen *seen, unsigned int offset,
			 uint32_t flag, uint32_t *valid)
{
	const unsigned int n = (offset - RECORDER_FIRST) / 4;

	if (seen->valid >> n & 1)
		*valid |= flag;
	return seen->values[n];
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

static void pack(const struct dma_channel *channel,
		 const struct dma_transfer *transfer, uint64_t *words)
{
	const struct recorder_seen *seen = &channel->seen;
	const unsigned int n = channel->index;
	const uint32_t what = transfer->status |
			      (uint32_t)transfer->direction << 8 |
			      (uint32_t)transfer->program.chain << 9 |
			      (uint32_t)transfer->bytes_exact << 10 | n << 11;
	uint32_t valid = 0, csr, mode, siz, dpr, intcsr;

	csr = seen_get(seen, PLX_DMACSR0, RECORDER_SAW_CSR, &valid);
	mode = seen_get(seen, PLX_DMAMODE(n), RECORDER_SAW_MODE, &valid);
	siz = seen_get(seen, PLX_DMASIZ(n), RECORDER_SAW_SIZ, &valid);
	dpr = seen_get(seen, PLX_DMADPR(n), RECORDER_SAW_DPR, &valid);
	intcsr = seen_get(seen, PLX_INTCSR, RECORDER_SAW_INTCSR, &valid);
	if (seen->status)
		valid |= RECORDER_SAW_STATUS;
	words[0] = transfer->started;
	words[1] = recorder_fault((enum plxdma_status)transfer->status)
			   ? clock_ns()
			   : 0;
	words[2] = transfer->length;
	words[3] = transfer->bytes;
	words[4] = pair(what, local_of(transfer));
	words[5] = pair(valid, csr);
	words[6] = pair(mode, siz);
	words[7] = pair(dpr & ~PLX_DMADPR_NEXT_MASK, intcsr);
	words[8] = pair(0, seen->status);
}

void recorder_note(struct dma_channel *channel, struct dma_transfer *transfer)
{
	struct recorder_ring *ring = channel->recorder;
	const uint64_t head =
		atomic_load_explicit(&ring->head, memory_order_relaxed);
	struct recorder_slot *slot = &ring->slots[head % RECORDER_SLOTS];
	uint64_t words[RECORDER_WORDS];
	unsigned int i;

	pack(channel, transfer, words);
	for (i = 0; i < RECORDER_WORDS; i++)
		atomic_store_explicit(&slot->words[i], words[i],
				      memory_order_release);
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
	const uint32_t what = (uint32_t)(words[4] >> 32);

	*record = (struct recorder_record){
		.started = words[0],
		.ended = words[1],
		.length = words[2],
		.bytes = words[3],
		.local = (uint32_t)words[4],
		.status = (uint8_t)what,
		.direction = what >> 8 & 1,
		.chain = what >> 9 & 1,
		.exact = what >> 10 & 1,
		.channel = what >> 11 & 1,
		.valid = (uint32_t)(words[5] >> 32),
		.csr = (uint32_t)words[5],
		.mode = (uint32_t)(words[6] >> 32),
		.siz = (uint32_t)words[6],
		.dpr = (uint32_t)(words[7] >> 32),
		.intcsr = (uint32_t)words[7],
		.pci_status = (uint32_t)words[8],
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
