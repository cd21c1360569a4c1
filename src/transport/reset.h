/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Software reset of chip and board. */
#ifndef RESET_H
#define RESET_H

#include "transport/interrupt.h"

/* Resets the board too.  Sleeps for some milliseconds; the interrupt handler
 * is kept away meanwhile.  Return: 0, or -ENODEV if the card is gone. */
int reset_card(struct transport *transport, struct interrupt *interrupt);

#endif
