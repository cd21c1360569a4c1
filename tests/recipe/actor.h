/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who uses the card in these tests: actors whose recipes write marks to the
 * board's scratch register, and monitors that read other registers.
 *
 * A mark says who wrote it, for which of its transfers, and at which point of
 * the recipe; all actors share the one register, so a read-back that returns a
 * stranger's mark shows that somebody came in between.
 */
#ifndef ACTOR_H
#define ACTOR_H

#include <stdint.h>

#include <plxdma/plxdma.h>

#define SCRATCH 0x28u
#define MONITORED 0x0cu		/* a register that only monitors read */
#define LENGTH 4096u
#define SRAM 0x20000000u

enum point { POINT_FIRST, POINT_ARMED, POINT_STARTED, POINT_ENDED };

static inline uint32_t mark_of(unsigned int actor, unsigned int n,
			       enum point point)
{
	return 0xa0000000u | actor << 24 | n << 4 | (uint32_t)point;
}
static inline int mark_is(uint32_t value)
{
	return value >> 28 == 0xa;
}
static inline unsigned int mark_actor(uint32_t mark)
{
	return mark >> 24 & 0xf;
}
static inline unsigned int mark_n(uint32_t mark)
{
	return mark >> 4 & 0xfffff;
}
static inline enum point mark_point(uint32_t mark)
{
	return (enum point)(mark & 0xf);
}

/* Opens the card by itself if @card is NULL.  Makes @count transfers on the
 * channel of its own number.  Return: 0, or a negative errno; -EIO if a
 * read-back was wrong. */
int actor_play(struct plxdma_card *card, const char *spec, unsigned int actor,
	       unsigned int count);
/* Reads registers, one at a time and in batches, @count times. */
int monitor_play(struct plxdma_card *card, const char *spec,
		 unsigned int count);

#endif
