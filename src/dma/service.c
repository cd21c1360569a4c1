/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What concerns the card as a whole: aborts that have to find their channel,
 * resets, and the way out of service.
 *
 * A channel that can't be stopped takes bus mastering from the whole card, for
 * it is one bit for both; so the other channel is stopped first.
 */
#include "dma/card.h"

#include <errno.h>

#include "chip/intcsr.h"

/* The slowest card that was measured moves 17 MB/s (chip ref. 8.1). */
#define SLOW_START_NS 20000000u
#define SLOW_BYTE_NS 60u

void card_gone(struct dma_card *card)
{
	atomic_store_explicit(&card->state, CARD_GONE, memory_order_release);
}

void card_channels_lock(struct dma_card *card)
{
	unsigned int n;

	for (n = 0; n < PLXDMA_CHANNELS; n++)
		pthread_mutex_lock(&card->channels[n].lock);
}

void card_channels_unlock(struct dma_card *card)
{
	unsigned int n;

	for (n = PLXDMA_CHANNELS; n-- > 0;)
		pthread_mutex_unlock(&card->channels[n].lock);
}

void card_out_of_service(struct dma_card *card, unsigned int channel,
			 struct dma_map *map)
{
	struct transport *transport = card->transport;

	pthread_mutex_lock(&card->lock);
	card_channels_lock(card);
	atomic_store_explicit(&card->state, CARD_OUT, memory_order_release);
	card_channels_unlock(card);
	card->stuck[channel] = map;
	/* If this one can't be stopped either, its own thread finds out. */
	transport->ops->channel_control(transport, !channel, TRANSPORT_ABORT);
	transport->ops->bus_master(transport, 0);
	pthread_mutex_unlock(&card->lock);
}

/*
 * INTCSR names the master of the last abort only.  If the other channel was
 * under way as well, its abort may have been the one before: it is suspected.
 */
static void abort_assign(struct dma_card *card, unsigned int asking,
			 uint16_t status, uint64_t now)
{
	unsigned int masters = intcsr_abort_masters(reg_get(card, PLX_INTCSR));
	uint32_t both = reg_get(card, PLX_DMACSR0);
	unsigned int n;

	/* Nobody named: it can only be who stands still. */
	if (!masters)
		masters = 1u << asking;
	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		if (masters & 1u << n) {
			card->aborted[n] |= status;
		} else if (!(both >> PLX_DMACSR_SHIFT(n) & PLX_DMACSR_DONE)) {
			card->suspect[n] = status;
			card->suspected[n] = now;
		}
	}
}

/* With card->lock held. */
static void aborts_collect(struct dma_card *card, unsigned int asking,
			   uint64_t now)
{
	struct transport *transport = card->transport;
	uint16_t status = 0;

	if (transport->ops->clear_status(transport, &status))
		return;
	status &= PLX_STATUS_RECEIVED_MASTER_ABORT |
		  PLX_STATUS_RECEIVED_TARGET_ABORT;
	if (status)
		abort_assign(card, asking, status, now);
}

/* A suspect that isn't done although the slowest bus would have been. */
static int suspect_convicted(const struct dma_channel *channel, uint64_t now)
{
	const struct dma_card *card = channel->card;
	const struct dma_transfer *transfer = channel->running;

	return card->suspected[channel->index] >= channel->started &&
	       !(transfer->program.mode & PLX_DMAMODE_DEMAND) &&
	       now - channel->started >
		       SLOW_START_NS + transfer->length * SLOW_BYTE_NS;
}

uint16_t card_take_abort(struct dma_channel *channel, uint64_t now)
{
	struct dma_card *card = channel->card;
	const unsigned int n = channel->index;
	uint16_t aborted;

	pthread_mutex_lock(&card->lock);
	aborts_collect(card, n, now);
	aborted = card->aborted[n];
	if (!aborted && suspect_convicted(channel, now))
		aborted = card->suspect[n];
	card->aborted[n] = 0;
	pthread_mutex_unlock(&card->lock);
	return aborted;
}

/* With card->lock held. */
static void reset_count(struct dma_card *card)
{
	unsigned int n;

	for (n = 0; n < PLXDMA_CHANNELS; n++)
		card->aborted[n] = 0;
	atomic_fetch_add_explicit(&card->resets, 1, memory_order_release);
}

void card_reset_noticed(struct dma_card *card)
{
	pthread_mutex_lock(&card->lock);
	pthread_mutex_lock(&card->byte_order);
	layout_restore(card);
	pthread_mutex_unlock(&card->byte_order);
	card_tune(card);
	reset_count(card);
	pthread_mutex_unlock(&card->lock);
}

static int both_done(struct dma_card *card)
{
	const uint32_t done = PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(0) |
			      PLX_DMACSR_DONE << PLX_DMACSR_SHIFT(1);
	uint32_t both = reg_get(card, PLX_DMACSR0);

	return (both & done) == done && !csr_of_gone(card, both);
}

/* With everything locked: back in service, if both engines stand still. */
static int service_resume(struct dma_card *card)
{
	struct transport *transport = card->transport;
	unsigned int n;

	if (!both_done(card))
		return -EIO;
	for (n = 0; n < PLXDMA_CHANNELS; n++)
		card->stuck[n] = NULL;
	atomic_store_explicit(&card->state, CARD_GOOD, memory_order_release);
	if (card->attached)
		transport->ops->bus_master(transport, 1);
	return 0;
}

int card_reset(struct dma_card *card)
{
	struct transport *transport = card->transport;
	int result;

	pthread_mutex_lock(&card->lock);
	card_channels_lock(card);
	result = transport->ops->reset(transport);
	if (!result)
		result = service_resume(card);
	card_tune(card);
	reset_count(card);
	card_channels_unlock(card);
	pthread_mutex_unlock(&card->lock);
	return result;
}

int dma_card_reset(struct dma_card *card, struct error *error)
{
	int result;

	if (!card->options.reset_allowed)
		return error_set(error, -EPERM,
				 "%s: a reset resets the board, too; open the "
				 "card with reset=allowed if it may",
				 card->name);
	result = card_reset(card);
	if (result)
		return error_set(error, result,
				 "%s: the reset failed: a channel stands at "
				 "Done = 0, or the card is gone", card->name);
	return 0;
}
