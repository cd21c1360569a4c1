/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A block of the sequencer, from its trigger to its end.
 *
 * DREQ# is asserted while words are there, or while there is only the end to
 * tell; EOT# is pulsed from inside the read that takes the last word, so that
 * it ends the transfer behind that word.  Only then the count stands, the
 * status tells, and the doorbell rings.
 */
#include "boards/sequencer.h"

#include "boards/lwords.h"

#define DMACSR_DONE 0x10u
#define BURST	    64 /* words that DREQ# waits for, once it was dropped */

static uint64_t now(const struct sequencer *s)
{
	return s->host->now(s->host->card);
}

/* xorshift64: block lengths that a seed repeats. */
static uint64_t random_next(struct sequencer *s)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return s->random;
}

/* How many words the far side has this time. */
static uint32_t block_length(struct sequencer *s)
{
	uint64_t span = s->set.high - s->set.low + 1;
	uint64_t length = s->set.low;

	if (span > 1)
		length += random_next(s) % span;
	return (uint32_t)length;
}

/* Whether the engine runs already, as it has to. */
static bool engine_started(const struct sequencer *s)
{
	if (!s->set.strict)
		return true;
	return !(s->host->reg_read(s->host->card, CHIP_DMACSR0) & DMACSR_DONE);
}

static void block_over(struct sequencer *s, uint32_t error)
{
	s->busy = false;
	s->blocks++;
	s->error = error;
	s->balance = s->count - s->moved;
	s->status |= STATUS_PROT_END | (error ? STATUS_PROT_ERR : 0);
	if (s->set.bells)
		s->host->reg_write(s->host->card, CHIP_L2PDBELL,
				   (uint32_t)s->set.bells);
}

static void block_refuse(struct sequencer *s)
{
	s->refused++;
	s->moved = 0;
	block_over(s, ERROR_NO_DMA);
}

/* What has arrived by now. */
void block_advance(struct sequencer *s)
{
	uint64_t time, words;

	if (!s->busy || s->there == s->left)
		return;
	time = now(s);
	if (time < s->due)
		return;
	words = s->set.word_rate ? clock_take(&s->clock, time) : s->left;
	if (words > s->left - s->there)
		words = s->left - s->there;
	s->there += (uint32_t)words;
	s->produced += words;
}

void block_trigger(struct sequencer *s)
{
	uint32_t asked = s->count / 4, length;

	if (s->busy)
		block_abort(s);
	s->moved = 0;
	s->error = 0;
	if (!(s->header & HEADER_TO_DMA) || !engine_started(s)) {
		block_refuse(s);
		return;
	}
	length = block_length(s);
	s->left = length < asked ? length : asked;
	s->there = 0;
	s->busy = true;
	s->due = now(s) + s->set.delay;
	clock_start(&s->clock, s->set.word_rate, s->due);
	block_advance(s);
}

static bool block_wants_bus(const struct sequencer *s)
{
	return s->busy && (s->there || (!s->left && now(s) >= s->due));
}

/* When there will be something to move. */
static uint64_t block_next(const struct sequencer *s)
{
	if (!s->busy)
		return 0;
	if (!s->left || !s->set.word_rate)
		return s->due;
	return clock_when(&s->clock, s->left < BURST ? s->left : BURST);
}

/* DREQ# as it has to be; an alarm if it will be wanted later. */
void block_settle(struct sequencer *s)
{
	bool wanted = block_wants_bus(s);

	if (wanted != s->dreq)
		s->host->dreq(s->host->card, 0, wanted);
	s->dreq = wanted;
	s->host->alarm(s->host->card, wanted ? 0 : block_next(s));
}

/* Ends the transfer behind what this read has moved. */
static void block_end(struct sequencer *s)
{
	s->status |= STATUS_EOT;
	s->host->eot(s->host->card);
	block_over(s, s->moved < s->count ? ERROR_SHORT : 0);
}

size_t block_read(struct sequencer *s, uint8_t *to, size_t words)
{
	size_t n = words < s->there ? words : s->there;
	uint64_t place = s->delivered + s->dropped;

	if (!s->busy)
		return 0;
	for (size_t i = 0; i < n; i++, place++)
		lword_store(to + 4 * i,
			    (uint32_t)s->set.card << SEQUENCER_COUNTER_BITS |
				    ((uint32_t)place &
				     ((1u << SEQUENCER_COUNTER_BITS) - 1)));
	s->there -= (uint32_t)n;
	s->left -= (uint32_t)n;
	s->moved += 4 * (uint32_t)n;
	s->delivered += n;
	if (!s->left && now(s) >= s->due)
		block_end(s);
	return n;
}

/* The rest of the block is dropped, whoever waits for it is let go. */
void block_abort(struct sequencer *s)
{
	s->host->eot(s->host->card);
	if (!s->busy)
		return;
	s->dropped += s->left;
	s->produced += s->left - s->there;
	s->left = s->there = 0;
	s->status |= STATUS_EOT;
	block_over(s, ERROR_ABORTED);
}
