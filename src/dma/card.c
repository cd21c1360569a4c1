/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card: identified by what is hard-wired, quieted, then handed out.
 *
 * Whoever had the card before may have died in mid-transfer, so nothing is
 * mapped and bus mastering is off until both channels are known to be idle
 * (design, section 6).
 */
#include "dma/card.h"
#include "dma/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int card_identify(struct dma_card *card, struct error *error)
{
	struct transport *transport = card->transport;
	uint32_t flags, hidr = reg_get(card, PLX_PCIHIDR);

	if (hidr == UINT32_MAX)
		return error_set(error, -ENODEV,
				 "%s: the card reads all ones: unplugged, "
				 "powered down, or memory decoding is off",
				 card->name);
	card->family = family_find(hidr);
	if (!card->family || !card->family->supported)
		return error_set(error, -ENODEV,
				 "%s: %s (PCIHIDR %08xh) is not a bridge that "
				 "this driver knows: PCI 9080, 9054, 9056, "
				 "9656, PEX 8311", card->name,
				 card->family ? card->family->name : "the chip",
				 hidr);
	if (transport->ops->bar_size(transport, 0, &flags) <
	    card->family->regs_size)
		return error_set(error, -ENODEV,
				 "%s: BAR0 is smaller than the %u bytes of a "
				 "%s's registers", card->name,
				 card->family->regs_size, card->family->name);
	card->revision = transport->ops->reg_read(transport, PLX_PCIHREV, 8);
	card->vendor_device =
		transport->ops->config_read(transport, PLX_CFG_ID, 32);
	card->subsystem =
		transport->ops->config_read(transport, PLX_CFG_SUBSYSTEM, 32);
	card->dac = card->family->dac && transport->info.dac &&
		    !card->options.no_dac;
	card->zero_chain =
		card->family->zero_chain || card->options.zero_chain;
	return 0;
}

static int channel_idle(struct dma_card *card, unsigned int n)
{
	return (reg_get(card, PLX_DMACSR0) >> PLX_DMACSR_SHIFT(n) &
		PLX_DMACSR_DONE) != 0;
}

/* An aborted engine ends its current cycles first, so it needs the bus; with
 * nothing mapped for it, it can do no harm there. */
static int channel_quiet(struct dma_card *card, unsigned int n)
{
	struct transport *transport = card->transport;

	if (channel_idle(card, n))
		return 0;
	transport->ops->bus_master(transport, 1);
	transport->ops->channel_control(transport, n, TRANSPORT_ABORT);
	transport->ops->bus_master(transport, 0);
	return channel_idle(card, n) ? 0 : -EBUSY;
}

static int card_quiet(struct dma_card *card, struct error *error)
{
	struct transport *transport = card->transport;
	unsigned int n;
	uint16_t status;

	transport->ops->bus_master(transport, 0);
	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		if (!channel_quiet(card, n))
			continue;
		if (!card->options.reset_allowed)
			return error_set(error, -EBUSY,
					 "%s: channel %u stands at Done = 0 "
					 "since an earlier owner and can't be "
					 "aborted: open it with reset=allowed "
					 "(resets the board, too) or power "
					 "the machine off", card->name, n);
		transport->ops->reset(transport);
		if (!channel_idle(card, n))
			return error_set(error, -EBUSY,
					 "%s: channel %u stands at Done = 0 "
					 "even after a reset: power the "
					 "machine off", card->name, n);
	}
	transport->ops->clear_status(transport, &status);
	return 0;
}

/* E11: with C0LPAF = 0 demand mode strands a single Lword. */
static void threshold_mend(struct dma_card *card)
{
	uint32_t threshold = reg_get(card, PLX_DMATHR);

	if (!(threshold >> PLX_DMATHR_LPAF_SHIFT(0) & PLX_DMATHR_FIELD))
		reg_put(card, PLX_DMATHR,
			threshold | 1u << PLX_DMATHR_LPAF_SHIFT(0));
}

void card_tune(struct dma_card *card)
{
	pthread_mutex_lock(&card->byte_order);
	card->bigend = (uint8_t)card->transport->ops->reg_read(
		card->transport, PLX_BIGEND, 8);
	pthread_mutex_unlock(&card->byte_order);
	if (card->family->errata_9080)
		threshold_mend(card);
	card_tuning_restore(card);
}

static int locks_init(struct dma_card *card)
{
	if (pthread_mutex_init(&card->lock, NULL))
		return -ENOMEM;
	if (pthread_mutex_init(&card->byte_order, NULL))
		goto out_lock;
	if (turn_line_init(&card->turns))
		goto out_byte_order;
	return 0;

out_byte_order:
	pthread_mutex_destroy(&card->byte_order);
out_lock:
	pthread_mutex_destroy(&card->lock);
	return -ENOMEM;
}

static void locks_destroy(struct dma_card *card)
{
	turn_line_destroy(&card->turns);
	pthread_mutex_destroy(&card->byte_order);
	pthread_mutex_destroy(&card->lock);
}

static int channels_init(struct dma_card *card)
{
	unsigned int n;
	int result;

	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		result = channel_init(&card->channels[n], card, n);
		if (result)
			goto out_destroy;
	}
	return 0;

out_destroy:
	while (n-- > 0)
		channel_destroy(&card->channels[n]);
	return result;
}

int card_new(struct transport *transport, const struct card_options *options,
	     const char *name, struct dma_card **made, struct error *error)
{
	struct dma_card *card = calloc(1, sizeof(*card));
	int result = -ENOMEM;

	if (!card)
		goto out_close;
	card->transport = transport;
	card->options = *options;
	card->report_fd = -1;
	snprintf(card->name, sizeof(card->name), "%s", name);
	result = locks_init(card);
	if (result)
		goto out_free;
	result = pool_init(&card->pool, transport);
	if (result)
		goto out_locks;
	result = card_identify(card, error);
	if (!result)
		result = card_tuning_begin(card, error);
	if (!result)
		result = report_begin(card, error);
	if (!result)
		result = card_quiet(card, error);
	if (result)
		goto out_pool;
	layout_take(card);
	card_tune(card);
	card->service_fd = transport->ops->service_fd(transport);
	result = channels_init(card);
	if (result)
		goto out_pool;
	*made = card;
	return 0;

out_pool:
	report_end(card);
	pool_destroy(&card->pool);
out_locks:
	locks_destroy(card);
out_free:
	free(card);
out_close:
	transport->ops->close(transport);
	return result == -ENOMEM ? error_set(error, result, "out of memory")
				 : result;
}

static void channel_close(struct dma_channel *channel)
{
	channel_flush(channel, PLXDMA_CANCELLED);
	if (channel->running)
		channel_stop(channel, PLXDMA_CANCELLED);
	else if (channel->starting)
		channel_start_not(channel, PLXDMA_CANCELLED);
	if (channel->ending)
		channel_end_hastily(channel);
}

void dma_card_close(struct dma_card *card)
{
	struct transport *transport;
	unsigned int n;

	if (!card)
		return;
	transport = card->transport;
	for (n = 0; n < PLXDMA_CHANNELS; n++)
		channel_close(&card->channels[n]);
	transport->ops->bus_master(transport, 0);
	for (n = 0; n < PLXDMA_CHANNELS; n++)
		channel_destroy(&card->channels[n]);
	report_end(card);
	pool_destroy(&card->pool);
	locks_destroy(card);
	transport->ops->close(transport);
	free(card);
}

struct transport *dma_card_transport(struct dma_card *card)
{
	return card->transport;
}

int dma_card_in_service(const struct dma_card *card)
{
	return card_state(card) == CARD_GOOD;
}

int dma_card_gone(const struct dma_card *card)
{
	return card_state(card) == CARD_GONE;
}

struct dma_channel *dma_card_channel(struct dma_card *card, unsigned int n)
{
	return n < PLXDMA_CHANNELS ? &card->channels[n] : NULL;
}
