/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sequencer's registers.
 */
#include "boards/sequencer.h"

#define IDENT 0x0a110001u /* FPGA version, hardware version, type 1 */

static uint32_t count_get(const struct sequencer *s, uint32_t offset)
{
	switch (offset) {
	case SEQUENCER_PRODUCED:
		return (uint32_t)s->produced;
	case SEQUENCER_PRODUCED + 4:
		return (uint32_t)(s->produced >> 32);
	case SEQUENCER_DELIVERED:
		return (uint32_t)s->delivered;
	case SEQUENCER_DELIVERED + 4:
		return (uint32_t)(s->delivered >> 32);
	case SEQUENCER_DROPPED:
		return (uint32_t)s->dropped;
	case SEQUENCER_DROPPED + 4:
		return (uint32_t)(s->dropped >> 32);
	case SEQUENCER_BLOCKS:
		return s->blocks;
	case SEQUENCER_SEQUENCE:
		return (uint32_t)(s->delivered + s->dropped);
	case SEQUENCER_REFUSED:
		return s->refused;
	case SEQUENCER_DELAY:
		return (uint32_t)s->set.delay;
	case SEQUENCER_BLOCK_LOW:
		return (uint32_t)s->set.low;
	case SEQUENCER_BLOCK_HIGH:
		return (uint32_t)s->set.high;
	case SEQUENCER_RATE:
		return (uint32_t)s->set.word_rate;
	case SEQUENCER_END_BELLS:
		return (uint32_t)s->set.bells;
	case SEQUENCER_CARD:
		return (uint32_t)s->set.card;
	default:
		return 0;
	}
}

uint32_t sequencer_get(void *board, uint32_t offset)
{
	struct sequencer *s = board;

	if (offset >= SEQUENCER_MAILBOX && offset < SEQUENCER_MAILBOX + 32)
		return s->mailbox[(offset - SEQUENCER_MAILBOX) / 4];
	switch (offset) {
	case SEQUENCER_IDENT:
		return IDENT;
	case SEQUENCER_STATUS:
		return s->status | STATUS_SYNCH;
	case SEQUENCER_CONTROL:
		return s->control;
	case SEQUENCER_HEADER:
		return s->header;
	case SEQUENCER_MODIFIER:
		return s->modifier;
	case SEQUENCER_ADDRESS:
		return s->address;
	case SEQUENCER_COUNT:
		return s->count;
	case SEQUENCER_BALANCE:
		return s->balance;
	case SEQUENCER_ERROR:
		return s->error;
	case SEQUENCER_MOVED:
	case SEQUENCER_MOVED_COPY:
		return s->moved;
	default:
		return count_get(s, offset);
	}
}

/* The low half sets bits, the high half clears them. */
static void control_set(struct sequencer *s, uint32_t value)
{
	s->control |= value & 0xffff & ~CONTROL_RESET;
	s->control &= ~(value >> 16);
	if (value & CONTROL_RESET)
		sequencer_reset(s);
}

static void status_set(struct sequencer *s, uint32_t value)
{
	s->status &= ~(value & STATUS_W1C);
	if (value & STATUS_ABORT_DMA)
		block_abort(s);
}

/* How the far side behaves, for tests that change it on the way. */
static void behaviour_set(struct sequencer *s, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case SEQUENCER_DELAY:
		s->set.delay = value;
		break;
	case SEQUENCER_BLOCK_LOW:
		s->set.low = value;
		if (s->set.high < value)
			s->set.high = value;
		break;
	case SEQUENCER_BLOCK_HIGH:
		s->set.high = value;
		if (s->set.low > value)
			s->set.low = value;
		break;
	case SEQUENCER_RATE:
		if (!s->busy)
			s->set.word_rate = value;
		break;
	case SEQUENCER_END_BELLS:
		s->set.bells = value;
		break;
	default:
		break;
	}
}

void sequencer_set(void *board, uint32_t offset, uint32_t value)
{
	struct sequencer *s = board;

	if (offset >= SEQUENCER_MAILBOX && offset < SEQUENCER_MAILBOX + 32) {
		s->mailbox[(offset - SEQUENCER_MAILBOX) / 4] = value;
		return;
	}
	switch (offset) {
	case SEQUENCER_STATUS:
		status_set(s, value);
		break;
	case SEQUENCER_CONTROL:
		control_set(s, value);
		break;
	case SEQUENCER_DOORBELL:
		s->host->reg_write(s->host->card, CHIP_L2PDBELL, value);
		break;
	case SEQUENCER_HEADER:
		s->header = value;
		break;
	case SEQUENCER_MODIFIER:
		s->modifier = value;
		break;
	case SEQUENCER_ADDRESS:
		s->address = value;
		block_trigger(s);
		break;
	case SEQUENCER_COUNT:
		s->count = value;
		break;
	case SEQUENCER_BALANCE:
		s->balance = value;
		break;
	case SEQUENCER_MOVED:
	case SEQUENCER_MOVED_COPY:
		s->moved = s->busy ? s->moved : value;
		break;
	default:
		behaviour_set(s, offset, value);
		break;
	}
}
