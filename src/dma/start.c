/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting a transfer: posted register writes and nothing else.
 *
 * What the registers hold is remembered, so MODE and DAC are written only when
 * they change; a block transfer is at most 8 writes, a chain 4, the same chain
 * again 3 (chip ref. 3.1 to 3.3).
 */
#include "dma/card.h"

#include <errno.h>

/* An abort raises no interrupt of the channel's, so a running transfer is
 * looked at closely now and then. */
#define LOOK_FIRST_NS 2000000u
#define LOOK_LATEST_NS 8000000u
#define BYTES_PER_US 132
/* Registers that were reset while the card was idle for so long are noticed by
 * asking one at the end; in a tight loop only where it would matter. */
#define IDLE_NS 1000000u

#define INTERRUPT_BITS (PLX_DMAMODE_DONE_INTERRUPT | PLX_DMAMODE_PCI_INTERRUPT)

static unsigned int mode_put(struct dma_channel *channel, uint32_t mode)
{
	if (channel->held_mode == mode)
		return 0;
	reg_put(channel->card, PLX_DMAMODE(channel->index), mode);
	channel->held_mode = mode;
	return 1;
}

static unsigned int dac_put(struct dma_channel *channel, uint32_t dac)
{
	if (channel->held_dac == dac || !channel->card->family->dac)
		return 0;
	reg_put(channel->card, PLX_DMADAC(channel->index), dac);
	channel->held_dac = dac;
	return 1;
}

/* BIGEND belongs to both channels. */
static unsigned int big_endian_put(struct dma_channel *channel,
				   uint8_t big_endian)
{
	struct dma_card *card = channel->card;
	const uint8_t bit = (uint8_t)PLX_BIGEND_DMA(channel->index);

	if (channel->held_big_endian == big_endian)
		return 0;
	pthread_mutex_lock(&card->byte_order);
	card->bigend = (uint8_t)(big_endian ? card->bigend | bit
					    : card->bigend & ~bit);
	card->transport->ops->reg_write(card->transport, PLX_BIGEND, 8,
					card->bigend);
	pthread_mutex_unlock(&card->byte_order);
	channel->held_big_endian = big_endian;
	return 1;
}

static unsigned int block_put(struct dma_channel *channel,
			      const struct program *program)
{
	struct dma_card *card = channel->card;
	unsigned int writes = dac_put(channel, program->dac);

	reg_put(card, PLX_DMAPADR(channel->index), program->padr);
	reg_put(card, PLX_DMALADR(channel->index), program->ladr);
	reg_put(card, PLX_DMASIZ(channel->index), program->siz);
	reg_put(card, PLX_DMADPR(channel->index), program->dpr);
	return writes + 4;
}

static unsigned int chain_put(struct dma_channel *channel,
			      const struct program *program)
{
	struct dma_card *card = channel->card;
	unsigned int writes = dac_put(channel, 0);

	if (card->zero_chain) {
		/* Stale values damage the first block (chip ref. 7.3). */
		reg_put(card, PLX_DMAPADR(channel->index), 0);
		reg_put(card, PLX_DMALADR(channel->index), 0);
		reg_put(card, PLX_DMASIZ(channel->index), 0);
		writes += 3;
	}
	reg_put(card, PLX_DMADPR(channel->index), program->dpr);
	return writes + 1;
}

static void start_put(struct dma_channel *channel)
{
	struct transport *transport = channel->card->transport;
	const unsigned int csr = PLX_DMACSR(channel->index);

	/* Two writes: both bits at once may race in the chip and never start
	 * (chip ref. 3.1). */
	transport->ops->reg_write(transport, csr, 8, PLX_DMACSR_ENABLE);
	transport->ops->reg_write(transport, csr, 8,
				  PLX_DMACSR_ENABLE | PLX_DMACSR_START);
}

static void program_put(struct dma_channel *channel,
			const struct dma_transfer *transfer)
{
	const struct program *program = &transfer->program;
	const int silent = transfer->quiet ||
			   channel->waiting == PLXDMA_WAIT_SPIN;
	unsigned int writes;

	writes = mode_put(channel,
			  program->mode | (silent ? 0 : INTERRUPT_BITS));
	writes += big_endian_put(channel, program->big_endian);
	writes += program->chain ? chain_put(channel, program)
				 : block_put(channel, program);
	start_put(channel);
	count_add(&channel->counts.reg_writes, writes + 2);
}

/* Whoever counted the reset has read BIGEND again. */
void channel_follow_resets(struct dma_channel *channel)
{
	struct dma_card *card = channel->card;
	unsigned int resets =
		atomic_load_explicit(&card->resets, memory_order_acquire);

	if (channel->resets == resets)
		return;
	channel->resets = resets;
	channel_forget(channel);
	pthread_mutex_lock(&card->byte_order);
	channel->held_big_endian =
		(card->bigend & PLX_BIGEND_DMA(channel->index)) != 0;
	pthread_mutex_unlock(&card->byte_order);
}

/* Not before a bus of 32 bits at 33 MHz can have moved it: its end has an
 * interrupt, and each look in its midst wakes somebody for nothing. */
static uint64_t first_look(uint64_t length)
{
	uint64_t moving = length / BYTES_PER_US * 1000;

	return LOOK_FIRST_NS + (moving < LOOK_LATEST_NS ? moving
							: LOOK_LATEST_NS);
}

void channel_set_running(struct dma_channel *channel,
			 struct dma_transfer *transfer, uint64_t now)
{
	if (transfer->program.format == DESCRIPTOR_DAC)
		channel->held_dac = transfer->program.left_dac;
	channel->running = transfer;
	channel->started = now;
	transfer->started = now;
	channel->look = now + first_look(transfer->length);
	transfer->state = TRANSFER_RUNNING;
	transfer->status = PLXDMA_RUNNING;
}

void channel_program(struct dma_channel *channel,
		     struct dma_transfer *transfer, uint64_t now)
{
	program_put(channel, transfer);
	channel->verify = transfer->program.strict ||
			  now - channel->started > IDLE_NS;
	channel_set_running(channel, transfer, now);
}

/* With the channel's lock held. */
static int start_allowed(const struct dma_channel *channel)
{
	struct dma_card *card = channel->card;
	enum card_state state = card_state(card);

	if (state != CARD_GOOD)
		return state == CARD_GONE ? -ENODEV : -ESHUTDOWN;
	return turn_others(&card->turns, &channel->turn) ? -EAGAIN : 0;
}

int channel_start(struct dma_channel *channel, struct dma_transfer *transfer)
{
	const uint64_t now = clock_ns();
	int result;

	pthread_mutex_lock(&channel->lock);
	result = start_allowed(channel);
	if (!result) {
		channel_follow_resets(channel);
		channel_program(channel, transfer, now);
	}
	pthread_mutex_unlock(&channel->lock);
	return result;
}

void channel_tidy(struct dma_channel *channel)
{
	unsigned int writes;

	if (channel->running || !channel->held_dac ||
	    channel->held_dac == HELD_UNKNOWN)
		return;
	pthread_mutex_lock(&channel->lock);
	writes = card_state(channel->card) == CARD_GOOD ? dac_put(channel, 0)
							: 0;
	pthread_mutex_unlock(&channel->lock);
	count_add(&channel->counts.reg_writes, writes);
}

void channel_forget(struct dma_channel *channel)
{
	channel->held_mode = HELD_UNKNOWN;
	channel->held_dac = HELD_UNKNOWN;
}
