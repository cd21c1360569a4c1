/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * selftest: mailboxes, memory behind BAR2, and of the software card's board
 * the scratch register and the doorbell. What is written is put back.
 */
#include "cli/selftest.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "cli/board.h"
#include "cli/cli.h"

#define MAILBOXES 8
#define BELL_BITS 0x80000001u
#define BELL_MS	  1000

static const char none[] = "registers are the daemon's own";

static int mailbox_holds(struct plxdma_card *card, unsigned int index,
			 uint32_t value)
{
	uint32_t back;
	int code = plxdma_mailbox_write(card, index, value);

	if (!code)
		code = plxdma_mailbox_read(card, index, &back);
	return code ? code : back == value;
}

static void mailboxes_hold(struct selftest *test)
{
	static const char name[] = "mailboxes 2 to 7 hold what is written";
	unsigned int index;

	for (index = 2; index < MAILBOXES; index++) {
		uint32_t before;
		int code = plxdma_mailbox_read(test->card, index, &before);

		if (code == -EOPNOTSUPP) {
			tap_skip(&test->tap, name, none);
			return;
		}
		code = code ? code :
			      mailbox_holds(test->card, index,
					    0xa5a50000u + index);
		if (code != 1 || mailbox_holds(test->card, index, before) != 1)
			break;
	}
	tap_ok(&test->tap, index == MAILBOXES, name, "mailbox %u does not: %s",
	       index, plxdma_error(test->card));
}

static void space_takes(struct selftest *test, unsigned int width)
{
	char name[64];
	uint32_t before, back = 0;
	uint32_t value = 0x5ac3f078u >> (32 - width);
	int code = plxdma_peek(test->card, 2, 0, width, &before);

	(void)snprintf(name, sizeof(name),
		       "BAR2 takes and gives back %u bits", width);
	if (code == -EOPNOTSUPP || code == -ENXIO) {
		tap_skip(&test->tap, name,
			 code == -ENXIO ? "there is no BAR2" : none);
		return;
	}
	if (!code)
		code = plxdma_poke(test->card, 2, 0, width, value);
	if (!code)
		code = plxdma_peek(test->card, 2, 0, width, &back);
	if (!code)
		code = plxdma_poke(test->card, 2, 0, width, before);
	tap_ok(&test->tap, !code && back == value, name,
	       "wrote %x, read %x %s", value, back, plxdma_error(test->card));
}

static void scratch_holds(struct selftest *test)
{
	static const char name[] = "the board's scratch register holds";
	uint32_t back = 0;
	int code;

	if (!test->known) {
		tap_skip(&test->tap, name, "this board is not known");
		return;
	}
	code = board_scratch(test->card, 0x13572468, &back);
	tap_ok(&test->tap, !code && back == 0x13572468, name, "read %08x %s",
	       back, plxdma_error(test->card));
}

static int ring_and_hear(struct plxdma_card *card, uint32_t *bits)
{
	struct plxdma_irq_event event = { .size = sizeof(event) };
	struct pollfd ready = { .events = POLLIN };
	int code;

	ready.fd = plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL);
	if (ready.fd < 0)
		return ready.fd;
	code = plxdma_irq_enable(card, PLXDMA_IRQ_DOORBELL, 1);
	if (!code)
		code = board_ring(card, BELL_BITS);
	if (code)
		return code;
	if (poll(&ready, 1, BELL_MS) != 1)
		return -ETIMEDOUT;
	code = plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event);
	*bits = event.bits;
	return code < 0 ? code : 0;
}

static void doorbell_is_heard(struct selftest *test)
{
	static const char name[] = "the board rings, its bits arrive";
	uint32_t bits = 0;
	int code;

	if (!test->known) {
		tap_skip(&test->tap, name, "this board is not known");
		return;
	}
	code = ring_and_hear(test->card, &bits);
	tap_ok(&test->tap, !code && bits == BELL_BITS, name,
	       "code %d, bits %08x instead of %08x; %s", code, bits, BELL_BITS,
	       plxdma_error(test->card));
}

void selftest_registers(struct selftest *test)
{
	mailboxes_hold(test);
	space_takes(test, 32);
	space_takes(test, 16);
	space_takes(test, 8);
	scratch_holds(test);
	doorbell_is_heard(test);
}
