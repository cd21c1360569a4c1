/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Register accesses of a program that drives the card itself: one at a time,
 * or many in one turn.  A single one tries without standing in line, which is
 * cheap and nearly always enough.
 */
#include <errno.h>

#include "dma/card.h"
#include "dma/front.h"

static int batch_run(struct direct_card *card, struct dma_batch *batch,
		     struct error *error)
{
	const uint64_t end = clock_ns() + DIRECT_TURN_NS;
	unsigned int looks;
	int result;

	for (looks = 0;; looks++) {
		result = dma_card_batch(card->dma, batch, error);
		if (result != -EAGAIN)
			return result;
		/* Its own polls end by themselves. */
		if (!batch->turn.begun && clock_ns() >= end)
			break;
		direct_pause(card, looks);
	}
	dma_card_batch_drop(card->dma, batch);
	return direct_turn_refused(card, error);
}

int direct_batch(struct plxdma_card *public, struct plxdma_step *steps,
		 unsigned int count, unsigned int *done, struct error *error)
{
	struct dma_batch batch = { .steps = steps, .count = count };
	int result = batch_run(direct_card_of(public), &batch, error);

	*done = batch.position;
	return result;
}

/* One access that found another's turn: in line. */
static int access_in_line(struct plxdma_card *card, int write,
			  unsigned int space, unsigned int offset,
			  unsigned int width, uint32_t *value,
			  struct error *error)
{
	struct plxdma_step step = {
		.op = write ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ,
		.space = (uint8_t)space,
		.width = (uint8_t)width,
		.offset = offset,
		.value = write ? *value : 0,
	};
	unsigned int done;
	int result = direct_batch(card, &step, 1, &done, error);

	if (!result)
		*value = step.value;
	return result;
}

int direct_reg(struct plxdma_card *card, int write, unsigned int offset,
	       unsigned int width, uint32_t *value, struct error *error)
{
	int result = dma_card_reg(direct_card_of(card)->dma, write, offset,
				  width, value, error);

	if (result != -EAGAIN)
		return result;
	return access_in_line(card, write, PLXDMA_SPACE_CHIP, offset, width,
			      value, error);
}

int direct_bar(struct plxdma_card *card, int write, unsigned int bar,
	       uint64_t offset, unsigned int width, uint32_t *value,
	       struct error *error)
{
	int result = dma_card_bar(direct_card_of(card)->dma, write, bar, offset,
				  width, value, error);

	if (result != -EAGAIN)
		return result;
	return access_in_line(card, write, bar, (unsigned int)offset, width,
			      value, error);
}

int direct_config(struct plxdma_card *card, int write, unsigned int offset,
		  unsigned int width, uint32_t *value, struct error *error)
{
	int result = dma_card_config(direct_card_of(card)->dma, write, offset,
				     width, value, error);

	if (result != -EAGAIN)
		return result;
	return access_in_line(card, write, PLXDMA_SPACE_CONFIG, offset, width,
			      value, error);
}

int direct_eeprom(struct plxdma_card *public, int write, unsigned int offset,
		  uint16_t *words, unsigned int count, struct error *error)
{
	struct direct_card *card = direct_card_of(public);
	const uint64_t end = clock_ns() + DIRECT_TURN_NS;
	unsigned int looks;
	int result;

	for (looks = 0;; looks++) {
		result = dma_card_eeprom(card->dma, write, offset, words, count,
					 error);
		if (result != -EAGAIN)
			return result;
		if (clock_ns() >= end)
			return direct_turn_refused(card, error);
		direct_pause(card, looks);
	}
}
