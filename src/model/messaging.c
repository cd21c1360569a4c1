/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mailboxes: the four that interrupt the local side (chip ref. 2.4, 4.1).
 *
 * Writing mailbox 0 to 3 from PCI, with INTCSR[3] set, shows in
 * INTCSR[31:28] until the local side reads that mailbox.
 */
#include "model/card.h"

static uint32_t mailbox_bit(unsigned int index)
{
	return PLX_BIT(PLX_INTCSR_MAILBOX_SHIFT + index);
}

void mailbox_written(struct model *m, enum model_side side, unsigned int index)
{
	uint32_t *intcsr = &m->reg[PLX_INTCSR / 4];

	if (side == SIDE_PCI && *intcsr & PLX_INTCSR_MAILBOX_ENABLE)
		*intcsr |= mailbox_bit(index);
}

void mailbox_read(struct model *m, enum model_side side, unsigned int index)
{
	uint32_t *intcsr = &m->reg[PLX_INTCSR / 4];

	if (side != SIDE_LOCAL || !(*intcsr & mailbox_bit(index)))
		return;
	*intcsr &= ~(mailbox_bit(index));
	interrupt_update(m);
}
