/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which chip the card carries, and how open questions are answered.
 */
#ifndef MODEL_PERSONALITY_H
#define MODEL_PERSONALITY_H

#include <stdbool.h>
#include <stdint.h>

struct model;
struct error;

enum model_chip {
	CHIP_9080,
	CHIP_9054AA,
	CHIP_9054AB,
	CHIP_9054AC,
	CHIP_9056,
	CHIP_9656,
	CHIP_8311,
};

/* What the chip reference leaves open; see switches.c. */
enum model_switch_id {
	SWITCH_START_RACE,
	SWITCH_IDLE_ABORT_POISONS,
	SWITCH_CHAIN_ABORT_NEEDS_RESET,
	SWITCH_ABORT_FETCH,
	SWITCH_ABORT_TAIL,
	SWITCH_CLEARCOUNT_WRITEBACK,
	SWITCH_SIZ_RESIDUE,
	SWITCH_DAC_ALIGN,
	SWITCH_DAC_CARRY,
	SWITCH_STALE_CHAIN,
	SWITCH_STALE_FIFO,
	SWITCH_BUSY_WRITE,
	SWITCH_ZERO_IN_CHAIN,
	SWITCH_DEMAND_CH1,
	SWITCH_TARGET_ABORT_GARBAGE,
	SWITCH_DN3_TRAP,
	SWITCH_INTX_DISABLE,
	SWITCH_COMMAND_DECODE,
	SWITCH_DMAMODE_RESET,
	SWITCH_EROMRR_RESET,
	SWITCH_RESET_SCOPE,
	SWITCH_RELOAD,
	SWITCH_EEDI_READ,
	SWITCH_EEPROM_CNTRL,
	SWITCH_EEPROM_VPD,
	SWITCH_EEPROM_PROTECT,
	SWITCHES
};

struct personality {
	const char *name;
	enum model_chip chip;
	uint32_t hidr;
	uint8_t hrev;
	uint8_t revision;
	unsigned int bar0_size;
	bool dac, caps, is_9056;
	uint16_t status;
};

/* personality.c */
const struct personality *personality_find(const char *name);
/* switches.c */
int switch_parse(struct model *m, const char *name, const char *value,
		 struct error *error);
void switch_defaults(struct model *m);

#endif
