/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers: the chip's, the board's behind the BARs, configuration space,
 * mailboxes, doorbells, the EEPROM.
 *
 * All values are in the CPU's byte order.  A read may pop a FIFO: nothing is
 * read here that was not asked for.  Any thread.
 */
#ifndef PLXDMA_REGISTERS_H
#define PLXDMA_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/card.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * plxdma_reg_read - read a register of the chip
 * plxdma_reg_write - write a register of the chip
 * @card: an open card
 * @offset: offset in BAR0, a multiple of @width / 8
 * @width: 8, 16 or 32 bits
 * @value: value read or to write
 *
 * Writes to what the DMA engines and the interrupt handler live by (DMA
 * registers, INTCSR, OPQIM, CNTRL, MARBR's alias, the ranges and remaps while
 * transfers are under way) are refused: -EPERM.
 *
 * Return: 0 or a negative errno.
 */
int plxdma_reg_read(struct plxdma_card *card, unsigned int offset,
		    unsigned int width, uint32_t *value);
int plxdma_reg_write(struct plxdma_card *card, unsigned int offset,
		     unsigned int width, uint32_t value);

/**
 * plxdma_peek - read local memory or a board's register through a BAR
 * plxdma_poke - write it
 * @card: an open card
 * @bar: 2 (space 0) or 3 (space 1)
 * @offset: offset in the BAR, a multiple of @width / 8
 * @width: 8, 16 or 32 bits
 * @value: value read or to write
 *
 * Return: 0; -ENXIO if the BAR is not there; -ERANGE beyond its end.
 */
int plxdma_peek(struct plxdma_card *card, unsigned int bar, uint64_t offset,
		unsigned int width, uint32_t *value);
int plxdma_poke(struct plxdma_card *card, unsigned int bar, uint64_t offset,
		unsigned int width, uint32_t value);

/**
 * plxdma_config_read - read PCI configuration space
 * plxdma_config_write - write it
 * @card: an open card
 * @offset: 0 to 255, a multiple of @width / 8
 * @width: 8, 16 or 32 bits
 * @value: value read or to write
 *
 * Command, BARs and Status are the library's, and VPD is a way into the
 * EEPROM: writing them is -EPERM.
 *
 * Return: 0 or a negative errno.
 */
int plxdma_config_read(struct plxdma_card *card, unsigned int offset,
		       unsigned int width, uint32_t *value);
int plxdma_config_write(struct plxdma_card *card, unsigned int offset,
			unsigned int width, uint32_t value);

/**
 * plxdma_mailbox_read - read a mailbox register
 * plxdma_mailbox_write - write one
 * @card: an open card
 * @index: 0 to 7; 0 and 1 are reached where the I2O queues never hide them
 * @value: value read or to write
 *
 * Return: 0 or a negative errno.
 */
int plxdma_mailbox_read(struct plxdma_card *card, unsigned int index,
			uint32_t *value);
int plxdma_mailbox_write(struct plxdma_card *card, unsigned int index,
			 uint32_t value);

/**
 * plxdma_doorbell_ring - set bits of the PCI-to-local doorbell
 * @card: an open card
 * @bits: bits to set; the local side clears them (chip ref. 2.4)
 *
 * Bits of the other direction arrive as PLXDMA_IRQ_DOORBELL, see irq.h.
 *
 * Return: 0 or a negative errno.
 */
int plxdma_doorbell_ring(struct plxdma_card *card, uint32_t bits);

/**
 * plxdma_eeprom_read - read the configuration EEPROM
 * @card: an open card
 * @offset: byte offset, even
 * @words: receives 16-bit words as stored
 * @count: how many
 *
 * Return: 0; -ENODEV without an EEPROM; -EIO where the chip's revision can't
 * (chip ref. 6.4); another negative errno.
 */
int plxdma_eeprom_read(struct plxdma_card *card, unsigned int offset,
		       uint16_t *words, unsigned int count);

/* Guards plxdma_eeprom_write(): a wrong image can make a card unbootable. */
#define PLXDMA_EEPROM_I_MEAN_IT 0x45455052u

/**
 * plxdma_eeprom_write - write the configuration EEPROM
 * @card: an open card
 * @offset: byte offset, a multiple of 4
 * @words: 16-bit words, an even number, as plxdma_eeprom_read() gives them
 * @count: how many
 * @guard: PLXDMA_EEPROM_I_MEAN_IT
 *
 * Every word is read back.  Return: 0; -EPERM without the guard; -EIO if a
 * word reads back wrong; another negative errno.
 */
int plxdma_eeprom_write(struct plxdma_card *card, unsigned int offset,
			const uint16_t *words, unsigned int count,
			uint32_t guard);

#ifdef __cplusplus
}
#endif
#endif
