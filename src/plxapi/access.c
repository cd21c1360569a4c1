/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See access.h. */
#include "plxapi/access.h"

#include <string.h>

/* Enough for the widest register there is; more goes in turns. */
#define STEPS 16u

/* Widest access that is aligned and asks for no byte too many. */
static unsigned int step_bytes(uint64_t offset, size_t left)
{
	if (!(offset & 3) && left >= 4)
		return 4;
	if (!(offset & 1) && left >= 2)
		return 2;
	return 1;
}

static void step_fill(struct plxdma_step *step, unsigned int bar, int write,
		      uint64_t offset, unsigned int bytes)
{
	memset(step, 0, sizeof(*step));
	step->op = write ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ;
	step->space = (uint8_t)bar; /* enum plxdma_space counts so */
	step->width = (uint8_t)(8 * bytes);
	step->offset = (uint32_t)offset;
}

/* One access costs less as a call of its own. */
static int step_alone(struct plxdma_card *card, struct plxdma_step *step)
{
	int chip = step->space == PLXDMA_SPACE_CHIP;

	if (step->op == PLXDMA_STEP_WRITE)
		return chip ? plxdma_reg_write(card, step->offset, step->width,
					       step->value)
			    : plxdma_poke(card, step->space, step->offset,
					  step->width, step->value);
	return chip ? plxdma_reg_read(card, step->offset, step->width,
				      &step->value)
		    : plxdma_peek(card, step->space, step->offset, step->width,
				  &step->value);
}

static void steps_do(struct plxdma_card *card, struct plxdma_step *steps,
		    unsigned int count)
{
	unsigned int i;

	if (count > 1 && !plxdma_batch(card, steps, count, NULL))
		return;
	/* Also where a batch is refused for the sake of one of its steps. */
	for (i = 0; i < count; i++) {
		if (step_alone(card, &steps[i]))
			steps[i].value = UINT32_MAX;
	}
}

void access_load(const struct trap_window *window, uint64_t offset, void *data,
		 size_t size)
{
	struct plxdma_step steps[STEPS];
	unsigned char *to = data;

	while (size) {
		unsigned int count = 0, i;
		size_t left = size;

		while (left && count < STEPS) {
			unsigned int bytes = step_bytes(offset, left);

			step_fill(&steps[count++], window->bar, 0, offset,
				  bytes);
			offset += bytes;
			left -= bytes;
		}
		steps_do(window->card, steps, count);
		for (i = 0; i < count; i++) {
			memcpy(to, &steps[i].value, steps[i].width / 8);
			to += steps[i].width / 8;
		}
		size = left;
	}
}

void access_store(const struct trap_window *window, uint64_t offset,
		  const void *data, size_t size)
{
	struct plxdma_step steps[STEPS];
	const unsigned char *from = data;

	while (size) {
		unsigned int count = 0;

		while (size && count < STEPS) {
			unsigned int bytes = step_bytes(offset, size);

			step_fill(&steps[count], window->bar, 1, offset,
				  bytes);
			memcpy(&steps[count++].value, from, bytes);
			from += bytes;
			offset += bytes;
			size -= bytes;
		}
		steps_do(window->card, steps, count);
	}
}
