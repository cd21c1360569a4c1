/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mailboxes: the four that interrupt the local side (chip ref. 2.4, 4.1).
 *
 * Writing mailbox 0 to 3 from PCI, with INTCSR[3] set, shows in
 * INTCSR[31:28] until the local side reads that mailbox.
 */
#include "model/card.h"

void mailbox_written(struct model *m, enum model_side side, unsigned int index)
{
	uint32_t *intcsr = &m->reg[PLX_INTCSR / 4];

	if (side == SIDE_PCI && *intcsr & 1u << 3)
		*intcsr |= 1u << (28 + index);
}

void mailbox_read(struct model *m, enum model_side side, unsigned int index)
{
	uint32_t *intcsr = &m->reg[PLX_INTCSR / 4];

	if (side != SIDE_LOCAL || !(*intcsr & 1u << (28 + index)))
		return;
	*intcsr &= ~(1u << (28 + index));
	interrupt_update(m);
}
