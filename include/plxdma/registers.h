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
 * Command, BARs, Status and PMCSR, which puts the card to sleep, are the
 * library's, and VPD is a way into the EEPROM: writing them is -EPERM.
 *
 * Return: 0 or a negative errno.
 */
int plxdma_config_read(struct plxdma_card *card, unsigned int offset,
		       unsigned int width, uint32_t *value);
int plxdma_config_write(struct plxdma_card *card, unsigned int offset,
			unsigned int width, uint32_t value);

/**
 * enum plxdma_space - where a step's offset counts from
 * @PLXDMA_SPACE_CHIP:	the chip's registers (BAR0)
 * @PLXDMA_SPACE_BAR2:	local space 0
 * @PLXDMA_SPACE_BAR3:	local space 1
 * @PLXDMA_SPACE_CONFIG: PCI configuration space
 */
enum plxdma_space {
	PLXDMA_SPACE_CHIP = 0,
	PLXDMA_SPACE_BAR2 = 2,
	PLXDMA_SPACE_BAR3 = 3,
	PLXDMA_SPACE_CONFIG = 16,
};

/**
 * enum plxdma_step_op - what a step does
 * @PLXDMA_STEP_READ:	read once
 * @PLXDMA_STEP_WRITE:	write once
 * @PLXDMA_STEP_POLL:	read until (value & mask) == want, or its time is over
 */
enum plxdma_step_op {
	PLXDMA_STEP_READ = 0,
	PLXDMA_STEP_WRITE = 1,
	PLXDMA_STEP_POLL = 2,
};

/* A poll's time, and all polls' of a batch or a recipe together, in us. */
#define PLXDMA_POLL_MAX_US 1000000u

/**
 * struct plxdma_step - one access to a register
 * @op:		enum plxdma_step_op
 * @space:	enum plxdma_space
 * @width:	8, 16 or 32 bits
 * @reserved:	0
 * @offset:	bytes into the space, a multiple of @width / 8
 * @value:	write: what; read and poll: receives what was read last
 * @mask:	poll: which bits count
 * @want:	poll: what they shall be
 * @timeout_us:	poll: how long, 1 to PLXDMA_POLL_MAX_US
 */
struct plxdma_step {
	uint8_t op;
	uint8_t space;
	uint8_t width;
	uint8_t reserved;
	uint32_t offset;
	uint32_t value;
	uint32_t mask;
	uint32_t want;
	uint32_t timeout_us;
};

/* Steps of one batch. */
#define PLXDMA_BATCH 256u

/**
 * plxdma_batch - many register accesses in one request
 * @card: an open card
 * @steps: done in order; each step's @value receives what was read
 * @count: how many, up to PLXDMA_BATCH
 * @done: receives how many were done, may be NULL
 *
 * Nobody else's register access, start or recipe comes between the steps.
 * All steps are checked before the first is done.  Through the daemon it is
 * one request of its ring: cheaper by far than one call a register.
 *
 * Return: 0; -ETIMEDOUT if a poll didn't come true (*@done is its index, what
 * follows it wasn't done); -EBUSY if a recipe of somebody else held the card
 * for longer than PLXDMA_POLL_MAX_US; otherwise as plxdma_reg_write() and
 * plxdma_poke(), and then nothing was done.
 */
int plxdma_batch(struct plxdma_card *card, struct plxdma_step *steps,
		 unsigned int count, unsigned int *done);

/**
 * plxdma_window_map - a local space as plain memory
 * @card: an open card
 * @bar: 2 (space 0) or 3 (space 1)
 * @address: receives where it begins; loads and stores of 8, 16 and 32 bits
 * @size: receives its bytes
 *
 * Costs nothing an access, and has no policy: the daemon grants it only where
 * its administrator said so.  Mapped once; the same address comes again.
 *
 * The daemon takes a window back when the claim of the card ends under which it
 * was mapped, when somebody else claims the card, when the card is reset, and
 * when its administrator no longer allows it; an access then raises SIGBUS.
 *
 * Return: 0; -EOPNOTSUPP where the transport has no such mapping (a software
 * card whose board answers by functions: use plxdma_peek() or
 * plxdma_batch()); -EACCES if policy refuses; another negative errno.
 */
int plxdma_window_map(struct plxdma_card *card, unsigned int bar,
		      volatile void **address, size_t *size);

/**
 * plxdma_window_unmap - give it back
 * @card: an open card
 * @bar: as it was mapped
 *
 * Return: 0, or -EINVAL if it is not mapped.
 */
int plxdma_window_unmap(struct plxdma_card *card, unsigned int bar);

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
