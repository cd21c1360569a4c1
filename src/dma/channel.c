/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A channel: its queue, what runs, and looking at how it goes.
 *
 * Completion is judged from Done in one 32-bit read of A8h, which shows both
 * channels and pushes the card's data ahead of itself to memory (design,
 * section 5).  The next transfer is started before the ended one is written
 * up: the bus waits for nobody's bookkeeping.
 */
#include "dma/card.h"
#include "dma/report.h"

#include <errno.h>

#define LOOK_NS 10000000u

int channel_init(struct dma_channel *channel, struct dma_card *card,
		 unsigned int index)
{
	channel->card = card;
	channel->index = index;
	channel->fd = card->transport->ops->irq_fd(
		card->transport, index ? PLXDMA_IRQ_DMA1 : PLXDMA_IRQ_DMA0);
	TAILQ_INIT(&channel->appended);
	TAILQ_INIT(&channel->queue);
	TAILQ_INIT(&channel->ended);
	mode_init(&channel->mode);
	channel->held_mode = reg_get(card, PLX_DMAMODE(index));
	channel->held_dac =
		card->family->dac ? reg_get(card, PLX_DMADAC(index)) : 0;
	channel->held_big_endian =
		(card->bigend & PLX_BIGEND_DMA(index)) != 0;
	channel->recorder = recorder_new();
	if (!channel->recorder)
		return -ENOMEM;
	return -pthread_mutex_init(&channel->lock, NULL);
}

void channel_destroy(struct dma_channel *channel)
{
	pthread_mutex_destroy(&channel->lock);
	recorder_free(channel->recorder);
}

static int channel_busy(const struct dma_channel *channel)
{
	return channel_occupied(channel) || channel->queued;
}

int dma_channel_check_mode(const struct dma_channel *channel,
			   const struct plxdma_mode *mode, struct error *error)
{
	return mode_check(mode, channel->card->family, channel->index, error);
}

int dma_channel_set_mode(struct dma_channel *channel,
			 const struct plxdma_mode *mode, struct error *error)
{
	int result;

	if (channel_busy(channel))
		return error_set(error, -EBUSY,
				 "channel %u: transfers are under way; wait "
				 "for them first", channel->index);
	result = dma_channel_check_mode(channel, mode, error);
	if (!result)
		channel->mode = *mode;
	return result;
}

int dma_channel_set_waiting(struct dma_channel *channel,
			    enum plxdma_waiting waiting)
{
	if (waiting != PLXDMA_WAIT_EVENT && waiting != PLXDMA_WAIT_SPIN)
		return -EINVAL;
	if (channel_busy(channel))
		return -EBUSY;
	channel->waiting = waiting;
	return 0;
}

int dma_channel_fd(struct dma_channel *channel)
{
	return channel->fd;
}

uint64_t dma_channel_deadline(const struct dma_channel *channel)
{
	return channel_occupied(channel) ? channel->look : 0;
}

enum dma_channel_turn dma_channel_turn(const struct dma_channel *channel)
{
	if (!channel->starting && !channel->ending && !channel->after_start)
		return DMA_TURN_NONE;
	return channel->turn.begun ? DMA_TURN_HAS : DMA_TURN_WAITS;
}

void dma_channel_turn_leave(struct dma_channel *channel)
{
	if (!channel->turn.begun)
		turn_leave(channel->card, &channel->turn);
}

void dma_channel_ack(struct dma_channel *channel)
{
	struct transport *transport = channel->card->transport;
	struct plxdma_irq_event event = { .size = sizeof(event) };

	transport->ops->irq_read(transport, channel->index ? PLXDMA_IRQ_DMA1
							   : PLXDMA_IRQ_DMA0,
				 &event);
	atomic_store(&channel->told, true);
}

struct dma_transfer *dma_channel_take(struct dma_channel *channel)
{
	struct dma_transfer *transfer = TAILQ_FIRST(&channel->ended);

	if (transfer)
		dma_transfer_take(transfer);
	return transfer;
}

void channel_conclude(struct dma_channel *channel,
		      struct dma_transfer *transfer,
		      const struct outcome *outcome)
{
	struct channel_counts *counts = &channel->counts;
	const enum plxdma_status status = outcome->status;

	if (channel->running == transfer)
		channel->running = NULL;
	transfer->status = (uint8_t)status;
	transfer->bytes = outcome->bytes;
	transfer->bytes_exact = (uint8_t)outcome->exact;
	transfer->seen_ended = clock_ns();
	transfer->state = TRANSFER_ENDED;
	append_close(transfer);
	TAILQ_INSERT_TAIL(&channel->ended, transfer, link);
	count_add(&counts->transfers, 1);
	if (status == PLXDMA_DONE || status == PLXDMA_EOT)
		count_add(&counts->bytes[transfer->direction],
			  outcome->bytes);
	if (status == PLXDMA_DONE && transfer->program.chain)
		count_add(&counts->descriptors, transfer->program.count);
	if (status != PLXDMA_DONE && status != PLXDMA_EOT &&
	    status != PLXDMA_CANCELLED)
		count_add(&counts->faults, 1);
	recorder_note(channel, transfer);
	if (recorder_fault(status))
		report_fault(channel->card, status);
}

unsigned int channel_flush(struct dma_channel *channel,
			   enum plxdma_status status)
{
	const struct outcome outcome = { status, 0, 1 };
	struct dma_transfer *transfer;
	unsigned int ended = 0;

	while ((transfer = TAILQ_FIRST(&channel->queue))) {
		TAILQ_REMOVE(&channel->queue, transfer, link);
		channel->queued--;
		channel_conclude(channel, transfer, &outcome);
		ended++;
	}
	return ended;
}

/* What waits and goes with the running one needn't wait. */
static void queue_append(struct dma_channel *channel)
{
	struct dma_transfer *next;

	while ((next = TAILQ_FIRST(&channel->queue)) && next->linked) {
		TAILQ_REMOVE(&channel->queue, next, link);
		channel->queued--;
		if (channel_append(channel, next))
			continue;
		TAILQ_INSERT_HEAD(&channel->queue, next, link);
		channel->queued++;
		break;
	}
}

void channel_start_next(struct dma_channel *channel)
{
	struct outcome outcome = { PLXDMA_CANCELLED, 0, 1 };
	struct dma_transfer *next = TAILQ_FIRST(&channel->queue);

	if (!next)
		return;
	TAILQ_REMOVE(&channel->queue, next, link);
	channel->queued--;
	if (!channel_begin(channel, next)) {
		queue_append(channel);
		return;
	}
	/* The card went away or out of service under our hands. */
	if (card_state(channel->card) == CARD_GONE)
		outcome.status = PLXDMA_GONE;
	channel_conclude(channel, next, &outcome);
	channel_flush(channel, PLXDMA_CANCELLED);
}

/* Done, and the mode allows EOT#: how far did it come?  A chain tells by the
 * descriptor that it loaded last, the last Lword having its own; whether SIZ
 * counts down is open (chip ref. 12, question 5), so it is taken for a hint. */
static void outcome_eot(struct dma_channel *channel,
			const struct dma_transfer *transfer, uint32_t dpr,
			struct outcome *outcome)
{
	const struct program *program = &transfer->program;
	uint32_t left = channel_get(channel, PLX_DMASIZ(channel->index)) &
			PLX_DMASIZ_COUNT_MASK;
	uint32_t size = program->siz;

	outcome->bytes = 0;
	if (program->chain) {
		outcome->bytes = chain_position(program, transfer->block, dpr,
						&size);
		if (dpr & PLX_DMADPR_END && program->count > 1) {
			outcome->bytes = transfer->length;
			return;
		}
	}
	outcome->status = PLXDMA_EOT;
	outcome->exact = 0;
	if (left && left < size)
		outcome->bytes += size - left;
}

/* Done and Enable: did it do what it was told?  Registers that somebody reset
 * while the card was idle make a block of the reset values out of a start. */
static void outcome_judge(struct dma_channel *channel,
			  const struct dma_transfer *transfer,
			  struct outcome *outcome)
{
	const struct program *program = &transfer->program;
	uint32_t seen = 0;
	int was_reset = 0;

	*outcome = (struct outcome){ PLXDMA_DONE, transfer->length, 1 };
	if (program->chain) {
		seen = channel_get(channel, PLX_DMADPR(channel->index));
		was_reset = seen == program->dpr;
	} else if (channel->verify) {
		seen = channel_get(channel, PLX_DMAMODE(channel->index));
		was_reset = seen != channel->held_mode;
	}
	/* No list ends 16 bytes below 4 GiB, no mode has all bits. */
	if (seen == UINT32_MAX)
		*outcome = (struct outcome){ PLXDMA_GONE, 0, 0 };
	else if (was_reset)
		*outcome = (struct outcome){ PLXDMA_RESET, 0, 0 };
	else if (program->eot)
		outcome_eot(channel, transfer, seen, outcome);
}

static void channel_done(struct dma_channel *channel)
{
	struct dma_transfer *transfer;
	struct outcome outcome;

	append_settle(channel);
	transfer = channel->running;
	outcome_judge(channel, transfer, &outcome);
	if (outcome.status == PLXDMA_GONE) {
		channel_gone(channel);
		return;
	}
	if (outcome.status == PLXDMA_RESET) {
		card_reset_noticed(channel->card);
		channel_was_reset(channel);
		return;
	}
	if (transfer->recipe) {
		channel_finish(channel, transfer, &outcome);
		channel_proceed(channel);
		return;
	}
	channel->running = NULL;
	/* What the engine has missed. */
	append_again(channel);
	channel_start_next(channel);
	if (transfer->program.chain)
		channel_tidy(channel);
	channel_conclude(channel, transfer, &outcome);
}

static enum plxdma_status status_of_abort(uint16_t aborted)
{
	return aborted & PLX_STATUS_RECEIVED_MASTER_ABORT
		       ? PLXDMA_MASTER_ABORT
		       : PLXDMA_TARGET_ABORT;
}

/* Done = 0 for a while: was it an abort, or a reset that didn't end it? */
static void channel_look(struct dma_channel *channel)
{
	uint64_t now = clock_ns();
	uint16_t aborted;
	uint32_t mode;

	if (now < channel->look)
		return;
	channel->look = now + LOOK_NS;
	aborted = card_take_abort(channel, now);
	if (aborted) {
		channel_stop(channel, status_of_abort(aborted));
		return;
	}
	mode = channel_get(channel, PLX_DMAMODE(channel->index));
	if (mode == channel->held_mode)
		return;
	if (mode == UINT32_MAX) {
		channel_gone(channel);
		return;
	}
	card_reset_noticed(channel->card);
	channel_was_reset(channel);
}

static void engine_look(struct dma_channel *channel)
{
	uint32_t both = channel_get(channel, PLX_DMACSR0);
	uint32_t csr = both >> PLX_DMACSR_SHIFT(channel->index);

	if (csr_of_gone(channel->card, both)) {
		channel_gone(channel);
	} else if (!(csr & PLX_DMACSR_DONE)) {
		channel_look(channel);
	} else if (csr & PLX_DMACSR_ENABLE) {
		channel_done(channel);
	} else {
		/* A start leaves Enable set, and only a reset takes it away. */
		card_reset_noticed(channel->card);
		channel_was_reset(channel);
	}
}

unsigned int dma_channel_progress(struct dma_channel *channel)
{
	const uint64_t before = channel_ended(channel);

	if (!channel_occupied(channel))
		return 0;
	if (!channel->running || channel->after_start)
		channel_go_on(channel);
	else if (channel_disturbed(channel))
		channel_notice(channel);
	else if (TAILQ_EMPTY(&channel->appended) || !append_look(channel))
		engine_look(channel);
	return (unsigned int)(channel_ended(channel) - before);
}
