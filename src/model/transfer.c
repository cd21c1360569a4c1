/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Data phases: the largest piece that nothing forbids, moved at once.
 *
 * What limits a piece: the count, a fault that is due, bus time, the host's
 * ranges, 4 GiB, plain memory on the board.  Plain memory is copied directly;
 * anything else passes a small buffer in whole Lwords, because that is how
 * the chip reads its local bus (chip ref. 3.7): a piece ends inside a local
 * Lword only where the transfer does.
 */
#include <errno.h>
#include <string.h>

#include "model/card.h"

#define PIECE_SIZE 524288

static struct plxdma_board_access local_access(const struct model *m,
					       const struct channel *ch)
{
	static const unsigned int widths[] = { 8, 16, 32, 32 };
	bool wired = ch->index == 0 || switch_value(m, SWITCH_DEMAND_CH1);

	return (struct plxdma_board_access){
		.channel = (int)ch->index,
		.width = widths[ch->mode & PLX_DMAMODE_WIDTH_MASK],
		.constant = !!(ch->mode & PLX_DMAMODE_CONSTANT),
		.demand = wired && ch->mode & PLX_DMAMODE_DEMAND,
	};
}

/* Byte lanes that big-endian mode swaps, as an exclusive-or of addresses. */
static unsigned int swap_lanes(const struct model *m, const struct channel *ch)
{
	static const unsigned int lanes[] = { 0, 1, 3, 3 };

	if (!(reg_get(m, PLX_BIGEND) & PLX_BIGEND_DMA(ch->index)))
		return 0;
	return lanes[ch->mode & PLX_DMAMODE_WIDTH_MASK];
}

/* The bytes were moved. */
static void advance(struct model *m, struct channel *ch, uint32_t bytes,
		    bool constant)
{
	uint64_t next = ch->pci + bytes;

	if (!switch_value(m, SWITCH_DAC_CARRY))
		next = (ch->pci & ~0xffffffffull) | (next & 0xffffffffu);
	ch->pci = next;
	if (!constant)
		ch->local += bytes;
	else
		ch->local = (ch->local & ~3u) | ((ch->local + bytes) & 3);
	ch->left -= bytes;
	ch->moved += bytes;
	ch->total += bytes;
	if (ch->to_host)
		m->counters.bytes_to_host += bytes;
	else
		m->counters.bytes_to_card += bytes;
}

/* No end inside a local Lword unless the transfer ends there. */
static uint32_t whole_lwords(const struct channel *ch, uint32_t bytes)
{
	uint32_t over = (ch->local + bytes) & 3;

	if (bytes == ch->left || bytes <= over)
		return bytes;
	return bytes - over;
}

static uint32_t least(uint64_t a, uint64_t b)
{
	return (uint32_t)(a < b ? a : b);
}

static uint32_t piece_size(struct model *m, const struct channel *ch)
{
	uint32_t n = least(ch->left, PIECE_SIZE);

	n = least(n, timing_quantum(m));
	n = whole_lwords(ch, n);
	if (!switch_value(m, SWITCH_DAC_CARRY))
		n = least(n, 0x100000000ull - (ch->pci & 0xffffffffu));
	if (m->faults.count)
		n = least(n, fault_distance(m, ch));
	return n;
}

static void crash(struct model *m, struct channel *ch, int why)
{
	if (why != -EFAULT)
		model_violate(m, MODEL_VIOLATION_WILD_ADDRESS);
	channel_crash(m, ch,
		      why == -ENXIO ? FAULT_MASTER_ABORT : FAULT_TARGET_ABORT,
		      ch->pci);
}

/* Return: bytes moved, or a negative errno of the host's side. */
static int direct_piece(struct model *m, struct channel *ch, uint8_t *board,
			uint32_t n)
{
	int ret = ch->to_host ? memory_write(m, ch, ch->pci, board, n) :
				memory_read(m, ch, ch->pci, board, n);

	return ret ? ret : (int)n;
}

static void swap(uint8_t *data, size_t size, unsigned int lanes)
{
	for (size_t i = 0; i < size && lanes; i++) {
		size_t j = i ^ lanes;
		uint8_t byte = data[i];

		if (j < i)
			continue;
		data[i] = data[j];
		data[j] = byte;
	}
}

/* Whole Lwords from the board; those left over from before go first. */
static int bounce_to_host(struct model *m, struct channel *ch, uint32_t n,
			  const struct plxdma_board_access *access)
{
	unsigned int lead = ch->held ? 0 : ch->local & 3;
	uint32_t from = (ch->local + ch->held) & ~3u;
	uint32_t wanted = n > ch->held ? (lead + n - ch->held + 3) & ~3u : 0;
	uint8_t *data = m->bounce[ch->index] + ch->held;
	uint32_t have;
	size_t got;
	int ret;

	if (access->constant)
		from = ch->local & ~3u;
	memcpy(m->bounce[ch->index], ch->hold, ch->held);
	got = wanted ? board_read(m, from, data, wanted, access) & ~3u : 0;
	if (ch->state != CHANNEL_DATA || m->gone)
		return 0;
	swap(data, got, swap_lanes(m, ch));
	have = ch->held + (uint32_t)got;
	if (have <= lead)
		return 0;
	have -= lead;
	n = least(n, have);
	ret = memory_write(m, ch, ch->pci, m->bounce[ch->index] + lead, n);
	if (ret)
		return ret;
	ch->held = have - n < 4 ? have - n : 0;
	memcpy(ch->hold, m->bounce[ch->index] + lead + n, ch->held);
	return (int)n;
}

/* Swapped lanes of a partial Lword aren't neighbours: byte by byte. */
static size_t write_swapped(struct model *m, const struct channel *ch,
			    const uint8_t *data, uint32_t n,
			    const struct plxdma_board_access *access)
{
	unsigned int lanes = swap_lanes(m, ch);
	uint32_t i;

	if (!((ch->local | n) & 3)) {
		swap(m->bounce[ch->index], n, lanes);
		return board_write(m, ch->local, data, n, access);
	}
	for (i = 0; i < n; i++) {
		uint32_t at = ch->local + i;

		if (access->constant)
			at = (ch->local & ~3u) | (at & 3);
		if (!board_write(m, at ^ lanes, data + i, 1, access))
			break;
	}
	return i;
}

static int bounce_to_card(struct model *m, struct channel *ch, uint32_t n,
			  const struct plxdma_board_access *access)
{
	int ret = memory_read(m, ch, ch->pci, m->bounce[ch->index], n);
	size_t put;

	if (ret)
		return ret;
	if (swap_lanes(m, ch))
		put = write_swapped(m, ch, m->bounce[ch->index], n, access);
	else
		put = board_write(m, ch->local, m->bounce[ch->index], n,
				  access);
	if (ch->state != CHANNEL_DATA || m->gone)
		return 0;
	return (int)least(put, n);
}

/* Moves up to @n bytes; the host's side answers for all of them. */
static int move(struct model *m, struct channel *ch, uint32_t n,
		const struct plxdma_board_access *access)
{
	size_t plain = n;
	uint8_t *board = NULL;

	if (!access->constant && !swap_lanes(m, ch) && !ch->held)
		board = board_direct(m, ch->local, &plain);
	if (board)
		return direct_piece(m, ch, board, least(n, plain));
	n = whole_lwords(ch, least(n, BOUNCE_SIZE - 8));
	return ch->to_host ? bounce_to_host(m, ch, n, access) :
			     bounce_to_card(m, ch, n, access);
}

/* The count may have ended with the same Lword; a chain then has more. */
static void transfer_eot(struct model *m, struct channel *ch)
{
	const bool more = ch->chained && !(ch->next & PLX_DMADPR_END);

	ch->eot = false;
	if (!(ch->mode & PLX_DMAMODE_EOT))
		return;
	if (ch->state != CHANNEL_DATA &&
	    !(ch->state == CHANNEL_FINISH && more))
		return;
	if (m->chip->is_9056 && ch->mode & PLX_DMAMODE_EOT_ENDS_LINK)
		ch->state = CHANNEL_FINISH;
	else
		channel_early_end(m, ch);
}

/* What an early end left in the chip's FIFO leads (chip ref. 3.10). */
static void transfer_stale(struct model *m, struct channel *ch)
{
	uint32_t n = least(ch->stale_size, ch->left);

	ch->stale_size = 0;
	if (!ch->to_host || !n)
		return;
	if (!memory_write(m, ch, ch->pci, ch->stale, n))
		advance(m, ch, n, true);
}

static void transfer_moved(struct model *m, struct channel *ch, int moved,
			   const struct plxdma_board_access *access)
{
	uint32_t bytes = (uint32_t)moved;

	timing_spend(m, ch, bytes);
	advance(m, ch, bytes, access->constant);
	if (ch->left)
		return;
	if (!ch->to_host && m->prefetch)
		memory_prefetch(m, ch->pci);
	ch->state = CHANNEL_FINISH;
}

/*
 * How much DREQ# lets through.  Dropped within a burst with slow terminate it
 * is one more Lword, so that BLAST# can be driven (chip ref. 3.8).
 */
static uint32_t demanded(const struct channel *ch, uint32_t n,
			 const struct plxdma_board_access *access)
{
	if (!access->demand || ch->dreq)
		return n;
	return ch->bursting ? least(n, 4 - (ch->local & 3)) : 0;
}

static void transfer_piece(struct model *m, struct channel *ch)
{
	struct plxdma_board_access access = local_access(m, ch);
	unsigned int right = ch->to_host ? MODEL_WRITE : MODEL_READ;
	uint32_t n = demanded(ch, piece_size(m, ch), &access);
	bool dreq = ch->dreq;
	int ret = 0;

	if (!n) {
		ch->stalled = true;
		return;
	}
	n = (uint32_t)memory_reach(m, ch->pci, n, right, &ret);
	if (!n) {
		crash(m, ch, ret);
		return;
	}
	/* A pin that moves during the call takes this back. */
	ch->stalled = true;
	ret = move(m, ch, n, &access);
	if (ret < 0)
		crash(m, ch, ret);
	if (ret != 0)
		ch->stalled = false;
	/* A board that is empty or full has ended the burst by itself. */
	ch->bursting = ret > 0 && dreq &&
		       !(ch->mode & PLX_DMAMODE_FAST_TERMINATE);
	if (ret > 0)
		transfer_moved(m, ch, ret, &access);
	if (ch->eot)
		transfer_eot(m, ch);
}

void transfer_step(struct model *m, struct channel *ch)
{
	if (m->faults.count && (ch->left || ch->fault_at == ch->total)) {
		channel_crash(m, ch, fault_data(m, ch), ch->pci);
		if (ch->state != CHANNEL_DATA || m->gone)
			return;
	}
	if (ch->stale_size)
		transfer_stale(m, ch);
	if (ch->left)
		transfer_piece(m, ch);
	else
		ch->state = CHANNEL_FINISH;
}

/* A target abort may write one Lword that nobody sent (chip ref. 5.1). */
void transfer_garbage(struct model *m, struct channel *ch)
{
	static const uint8_t garbage[4] = { 0xef, 0xbe, 0xad, 0xde };
	struct plxdma_board_access access = local_access(m, ch);

	if (!ch->to_host && switch_value(m, SWITCH_TARGET_ABORT_GARBAGE))
		board_write(m, ch->local & ~3u, garbage, 4, &access);
}

/* After Abort up to two more Lwords move (chip ref. 3.5). */
void transfer_tail(struct model *m, struct channel *ch, uint32_t bytes)
{
	struct plxdma_board_access access = local_access(m, ch);
	unsigned int right = ch->to_host ? MODEL_WRITE : MODEL_READ;
	uint32_t n = least(bytes, piece_size(m, ch));
	int ret = 0;

	if (access.demand && !ch->dreq)
		return;
	n = (uint32_t)memory_reach(m, ch->pci, n, right, &ret);
	if (n && !m->faults.count)
		ret = move(m, ch, n, &access);
	if (ret > 0)
		advance(m, ch, (uint32_t)ret, access.constant);
	engine_kick(m);
}
