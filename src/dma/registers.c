/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Doing what access_check() has let through: one access, or a step of a batch
 * or a recipe.
 */
#include "dma/registers.h"

#include <errno.h>

#include "dma/card.h"
#include "dma/turn.h"

static uint32_t access_read(struct dma_card *card,
			    const struct plxdma_step *step)
{
	struct transport *transport = card->transport;

	switch (step->space) {
	case PLXDMA_SPACE_CHIP:
		return transport->ops->reg_read(transport, step->offset,
						step->width);
	case PLXDMA_SPACE_CONFIG:
		return transport->ops->config_read(transport, step->offset,
						   step->width);
	}
	return transport->ops->bar_read(transport, step->space, step->offset,
					step->width);
}

static void chip_write(struct dma_card *card, const struct plxdma_step *step)
{
	struct transport *transport = card->transport;
	uint32_t value = step->value;

	if (step->offset == PLX_BIGEND) {
		/* A channel may have changed its bit since the check. */
		value &= ~(uint32_t)BIGEND_CHANNELS;
		value |= card->bigend & BIGEND_CHANNELS;
		card->bigend = (uint8_t)value;
	}
	transport->ops->reg_write(transport, step->offset, step->width, value);
}

/* The chip's registers, which the driver uses as well. */
static void shared_write(struct dma_card *card, const struct plxdma_step *step)
{
	struct transport *transport = card->transport;

	pthread_mutex_lock(&card->byte_order);
	if (step->space == PLXDMA_SPACE_CHIP)
		chip_write(card, step);
	else
		transport->ops->config_write(transport, step->offset,
					     step->width, step->value);
	layout_follow(card, step);
	pthread_mutex_unlock(&card->byte_order);
}

static void access_write(struct dma_card *card, const struct plxdma_step *step)
{
	struct transport *transport = card->transport;

	if (step->space == PLXDMA_SPACE_BAR2 ||
	    step->space == PLXDMA_SPACE_BAR3)
		transport->ops->bar_write(transport, step->space, step->offset,
					  step->width, step->value);
	else
		shared_write(card, step);
}

/* All ones may be what the register holds. */
static int poll_gone(struct dma_card *card, const struct plxdma_step *step)
{
	return step->value == UINT32_MAX >> (32 - step->width) &&
	       reg_get(card, PLX_PCIHIDR) == UINT32_MAX;
}

static int poll_do(struct dma_card *card, struct plxdma_step *step,
		   uint64_t *until)
{
	/* Before the read: the last look is one after the deadline. */
	const int late = *until && clock_ns() >= *until;

	step->value = access_read(card, step);
	if (poll_gone(card, step))
		return -ENODEV;
	if ((step->value & step->mask) == step->want) {
		*until = 0;
		return 0;
	}
	if (late) {
		*until = 0;
		return -ETIMEDOUT;
	}
	if (!*until)
		*until = clock_ns() + step->timeout_us * UINT64_C(1000);
	return -EAGAIN;
}

int access_do(struct dma_card *card, struct plxdma_step *step, uint64_t *until)
{
	switch (step->op) {
	case PLXDMA_STEP_WRITE:
		access_write(card, step);
		return 0;
	case PLXDMA_STEP_POLL:
		return poll_do(card, step, until);
	}
	step->value = access_read(card, step);
	return 0;
}

static int turn_taken(const struct dma_card *card, struct error *error)
{
	return error_set(error, -EAGAIN,
			 "%s: a recipe's steps or a batch are under way",
			 card->name);
}

static int access_now(struct dma_card *card, struct plxdma_step *step,
		      uint32_t *value, struct error *error)
{
	uint64_t until = 0;
	int result = access_check(card, step, BY_PROGRAM, error);

	if (result)
		return result;
	if (turn_access_begin(card))
		return turn_taken(card, error);
	access_do(card, step, &until);
	turn_access_end(card);
	*value = step->value;
	return 0;
}

static struct plxdma_step step_of(int write, unsigned int space,
				  unsigned int offset, unsigned int width,
				  uint32_t value)
{
	return (struct plxdma_step){
		.op = write ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ,
		.space = (uint8_t)space,
		/* What is no width stays none. */
		.width = width > 32 ? 0 : (uint8_t)width,
		.offset = offset,
		.value = value,
	};
}

int dma_card_reg(struct dma_card *card, int write, unsigned int offset,
		 unsigned int width, uint32_t *value, struct error *error)
{
	struct plxdma_step step = step_of(write, PLXDMA_SPACE_CHIP, offset,
					  width, write ? *value : 0);

	return access_now(card, &step, value, error);
}

int dma_card_bar(struct dma_card *card, int write, unsigned int bar,
		 uint64_t offset, unsigned int width, uint32_t *value,
		 struct error *error)
{
	struct plxdma_step step;

	if (bar != PLXDMA_SPACE_BAR2 && bar != PLXDMA_SPACE_BAR3)
		return error_set(error, -EINVAL,
				 "BAR%u: the local spaces are BAR2 and BAR3",
				 bar);
	if (offset > UINT32_MAX)
		return error_set(error, -ERANGE,
				 "offset %#llx lies beyond the end of any BAR",
				 (unsigned long long)offset);
	step = step_of(write, bar, (unsigned int)offset, width,
		       write ? *value : 0);
	return access_now(card, &step, value, error);
}

int dma_card_config(struct dma_card *card, int write, unsigned int offset,
		    unsigned int width, uint32_t *value, struct error *error)
{
	struct plxdma_step step = step_of(write, PLXDMA_SPACE_CONFIG, offset,
					  width, write ? *value : 0);

	return access_now(card, &step, value, error);
}
