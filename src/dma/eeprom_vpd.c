/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The EEPROM through the VPD capability (chip ref. 6.4): the only way on a
 * 9054 AA, where it often fails, so every access is bounded and tried again.
 */
#include "dma/eeprom.h"

#include <errno.h>
#include <time.h>

#include "chip/eeprom.h"
#include "chip/plx9054.h"
#include "transport/transport.h"

#define TRIES	5
#define LOOK_NS 100000
/* Reading two words takes the wires 60 us; writing them up to 20 ms. */
#define READ_LOOKS  30
#define WRITE_LOOKS 500

static uint32_t get(const struct eeprom *eeprom, unsigned int offset,
		    unsigned int width)
{
	struct transport *transport = eeprom->transport;

	return transport->ops->config_read(transport, offset, width);
}

static void put(const struct eeprom *eeprom, unsigned int offset,
		unsigned int width, uint32_t value)
{
	struct transport *transport = eeprom->transport;

	transport->ops->config_write(transport, offset, width, value);
}

/* The byte address of the Lword that holds a word. */
static uint32_t lword_address(unsigned int address)
{
	return address / 2 * 4;
}

static int flag_await(const struct eeprom *eeprom, uint32_t flag,
		      unsigned int looks)
{
	const struct timespec pause = {.tv_nsec = LOOK_NS};
	unsigned int look;

	for (look = 0; look < looks; look++) {
		if ((get(eeprom, PLX_CFG_VPD_ADDRESS, 16) & PLX_VPD_FLAG) ==
		    flag)
			return 0;
		nanosleep(&pause, NULL);
	}
	return -EIO;
}

static int lword_read(const struct eeprom *eeprom, unsigned int address,
		      uint32_t *lword)
{
	unsigned int try;

	for (try = 0; try < TRIES; try++) {
		put(eeprom, PLX_CFG_VPD_ADDRESS, 16, lword_address(address));
		if (flag_await(eeprom, PLX_VPD_FLAG, READ_LOOKS))
			continue;
		*lword = get(eeprom, PLX_CFG_VPD_DATA, 32);
		return 0;
	}
	return -EIO;
}

static int lword_write(const struct eeprom *eeprom, unsigned int address,
		       uint32_t lword)
{
	unsigned int try;

	for (try = 0; try < TRIES; try++) {
		put(eeprom, PLX_CFG_VPD_DATA, 32, lword);
		put(eeprom, PLX_CFG_VPD_ADDRESS, 16,
		    lword_address(address) | PLX_VPD_FLAG);
		if (!flag_await(eeprom, 0, WRITE_LOOKS))
			return 0;
	}
	return -EIO;
}

/* The word at an even address is the Lword's upper half. */
static unsigned int half_shift(unsigned int address)
{
	return address & 1 ? 0 : 16;
}

int eeprom_vpd_read(const struct eeprom *eeprom, unsigned int address,
		    uint16_t *word)
{
	uint32_t lword;
	int result = lword_read(eeprom, address, &lword);

	if (!result)
		*word = (uint16_t)(lword >> half_shift(address));
	return result;
}

int eeprom_vpd_write(const struct eeprom *eeprom, unsigned int address,
		     uint16_t word)
{
	unsigned int shift = half_shift(address);
	uint32_t lword;
	int result = lword_read(eeprom, address, &lword);

	if (result)
		return result;
	lword = (lword & ~(UINT32_C(0xffff) << shift)) | (uint32_t)word
								 << shift;
	return lword_write(eeprom, address, lword);
}
