/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* selftest: what can be seen of a card without writing anything to it. */
#include "cli/selftest.h"

#include <errno.h>

#include "cli/cli.h"

/* Offsets (chip ref. 2.2). */
#define REG_INTCSR  0x68
#define REG_CNTRL   0x6c
#define REG_PCIHIDR 0x70
#define REG_DMACSR0 0xa8

#define CNTRL_EEPROM  (1u << 28)
#define CNTRL_RESET   (1u << 30)
#define DMACSR_DONE   (1u << 4)
#define CONFIG_ID     0x00
#define CONFIG_STATUS 0x06
#define STATUS_ABORTS 0x3800u /* 13:11 (chip ref. 1.4) */

/* Reads a register; a card that lends none gives a skip.  Return: true if
 * there is a value to judge. */
static bool look(struct selftest *test, unsigned int offset,
		 unsigned int width, const char *name, uint32_t *value)
{
	int code = plxdma_reg_read(test->card, offset, width, value);

	if (code == 0)
		return true;
	if (code == -EOPNOTSUPP)
		tap_skip(&test->tap, name, "registers are the daemon's own");
	else
		tap_ok(&test->tap, false, name, "%s",
		       plxdma_error(test->card));
	return false;
}

static void identity_is_known(struct selftest *test)
{
	static const char name[] = "the hard-wired identity is a known chip's";
	uint32_t value;

	if (look(test, REG_PCIHIDR, 32, name, &value))
		tap_ok(&test->tap,
		       value == 0x905410b5 || value == 0x908010b5 ||
			       value == 0x905610b5 || value == 0x965610b5,
		       name, "PCIHIDR is %08x", value);
}

static void registers_answer(struct selftest *test)
{
	static const char name[] = "INTCSR answers, not all ones";
	uint32_t value;

	if (look(test, REG_INTCSR, 32, name, &value))
		tap_ok(&test->tap, value != UINT32_MAX, name,
		       "all ones: gone, or powered down");
}

static void not_in_reset(struct selftest *test)
{
	static const char name[] = "the board is not held in reset";
	uint32_t value;

	if (look(test, REG_CNTRL, 32, name, &value))
		tap_ok(&test->tap, !(value & CNTRL_RESET), name,
		       "CNTRL is %08x: bit 30 is set", value);
}

static void channel_is_done(struct selftest *test, unsigned int channel)
{
	const char *name = channel ? "channel 1 is idle" : "channel 0 is idle";
	uint32_t value;

	if (look(test, REG_DMACSR0 + channel, 8, name, &value))
		tap_ok(&test->tap, value & DMACSR_DONE, name,
		       "DMACSR%u is %02x: Done is 0", channel, value);
}

static void config_agrees(struct selftest *test)
{
	static const char name[] = "configuration space has the card's ids";
	uint32_t value;
	int code = plxdma_config_read(test->card, CONFIG_ID, 32, &value);

	if (code == -EOPNOTSUPP)
		tap_skip(&test->tap, name, "registers are the daemon's own");
	else
		tap_ok(&test->tap, !code && value == test->info.vendor_device,
		       name, "read %08x, expected %08x", value,
		       test->info.vendor_device);
}

static void no_abort_is_pending(struct selftest *test)
{
	static const char name[] = "PCI Status shows no abort";
	uint32_t value;
	int code = plxdma_config_read(test->card, CONFIG_STATUS, 16, &value);

	if (code == -EOPNOTSUPP)
		tap_skip(&test->tap, name, "registers are the daemon's own");
	else
		tap_ok(&test->tap, !code && !(value & STATUS_ABORTS), name,
		       "Status is %04x", value);
}

static void eeprom_reads(struct selftest *test)
{
	static const char name[] = "the EEPROM reads twice the same";
	uint16_t first[4], second[4];
	uint32_t cntrl;
	unsigned int i;
	bool same = true;
	int code;

	if (!look(test, REG_CNTRL, 32, name, &cntrl))
		return;
	if (!(cntrl & CNTRL_EEPROM)) {
		tap_skip(&test->tap, name, "there is none");
		return;
	}
	code = plxdma_eeprom_read(test->card, 0, first, 4);
	if (!code)
		code = plxdma_eeprom_read(test->card, 0, second, 4);
	for (i = 0; i < 4 && !code; i++)
		same = same && first[i] == second[i];
	tap_ok(&test->tap, !code && same, name, "%s",
	       code ? plxdma_error(test->card) : "two reads differ");
}

static void arena_is_there(struct selftest *test)
{
	static const char name[] = "memory for transfers can be had";
	plxdma_handle handle = 0;
	void *cpu = plxdma_alloc_coherent(test->card, 4096, &handle);

	tap_ok(&test->tap, cpu && handle, name, "%s",
	       plxdma_error(test->card));
	plxdma_free_coherent(test->card, 4096, cpu, handle);
}

static void frames_stay(struct selftest *test)
{
	static const char name[] = "no frame of the arena has moved";
	int moved = plxdma_card_verify(test->card);

	if (moved == -ENODATA || moved == -EOPNOTSUPP)
		tap_skip(&test->tap, name, "frames can't be read");
	else
		tap_ok(&test->tap, moved == 0, name, "%s",
		       moved < 0 ? plxdma_error(test->card) :
				   "some have, and are in quarantine");
}

void selftest_look(struct selftest *test)
{
	tap_ok(&test->tap, test->info.in_service, "the card is in service",
	       "a channel could not be stopped");
	identity_is_known(test);
	registers_answer(test);
	not_in_reset(test);
	channel_is_done(test, 0);
	channel_is_done(test, 1);
	config_agrees(test);
	no_abort_is_pending(test);
	eeprom_reads(test);
	arena_is_there(test);
	frames_stay(test);
}
