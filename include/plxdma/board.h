/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The board behind a software card: what is on the other side of the chip's
 * local bus, as a plug-in.
 *
 * A board is a shared object that exports plxdma_board().  It plays the
 * local bus: memory, FIFOs, registers, and the pins DREQ#, EOT#, LINTi# and
 * USERi.  A program that drives the real board then runs unchanged on
 * "model:board=./myboard.so,board.depth=4096".  plxdma-boards(7) tells how to
 * write one, and what the boards that come with the library do.
 *
 * Rules.  The card calls one function of a board at a time, except direct(),
 * which may be called at any moment and only computes.  Functions of the host
 * may be called from inside the board's own functions, or from a thread that
 * the board started; they never call back into the board.
 *
 * Needs nothing but this header; values are in the CPU's byte order, data is
 * little-endian as on the bus.
 */
#ifndef PLXDMA_BOARD_H
#define PLXDMA_BOARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLXDMA_BOARD_VERSION 1

/** Who is on the local bus: a DMA channel, or the host through a BAR. */
#define PLXDMA_BOARD_HOST (-1)

/**
 * struct plxdma_board_access - one access on the local bus
 * @channel: 0, 1 or PLXDMA_BOARD_HOST
 * @width: bits of the local bus, 8, 16 or 32, as the chip is programmed
 * @constant: the address is held: all Lwords go to or come from the same one
 * @demand: the channel moves only while the board asserts DREQ#
 */
struct plxdma_board_access {
	int channel;
	unsigned int width;
	int constant;
	int demand;
};

/**
 * struct plxdma_board_host - what the card offers to its board
 * @card: the card; first argument of all functions
 * @linti: drive LINTi#, 1 is active
 * @dreq: drive DREQ# of a channel, 1 is active
 * @eot: pulse EOT#; from inside read() or write() it ends the transfer that
 *	 this access belongs to, after the bytes that the call returns
 * @user: drive USERi
 * @reg_read: read a register of the chip as a local CPU does (offset as on
 *	      PCI)
 * @reg_write: write one; doorbells and mailboxes work from the local side
 * @now: nanoseconds of bus time
 * @alarm: have time() called at @when, or at once if that is over; 0 for not
 *	   any more.  Replaces the moment that was asked for before
 */
struct plxdma_board_host {
	void *card;
	void (*linti)(void *card, int active);
	void (*dreq)(void *card, unsigned int channel, int active);
	void (*eot)(void *card);
	void (*user)(void *card, int level);
	uint32_t (*reg_read)(void *card, unsigned int offset);
	void (*reg_write)(void *card, unsigned int offset, uint32_t value);
	uint64_t (*now)(void *card);
	void (*alarm)(void *card, uint64_t when);
};

/**
 * struct plxdma_board_space - what a BAR shows of the local bus
 * @local: local address, a multiple of @size
 * @size: bytes, a power of two from 16; 0 for no such BAR
 * @width: bits of the local bus there, 8, 16 or 32
 */
struct plxdma_board_space {
	uint32_t local;
	uint32_t size;
	unsigned int width;
};

/**
 * struct plxdma_board_identity - what the board's configuration EEPROM says,
 * where the user gives no eeprom=
 * @id: device ID << 16 | vendor ID; 0 for the chip's own
 * @subsystem: likewise of the subsystem
 * @class_revision: class code << 8 | revision; 0 for the chip's own
 * @space: what BAR2 and BAR3 show
 */
struct plxdma_board_identity {
	uint32_t id;
	uint32_t subsystem;
	uint32_t class_revision;
	struct plxdma_board_space space[2];
};

/**
 * struct plxdma_board_ops - a board
 * @version: PLXDMA_BOARD_VERSION
 * @name: for people
 * @open: make one.  @options is a list "X=Y" of the card's board.X=Y options,
 *	  ended by NULL; @host lives as long as the board.  Return 0, or a
 *	  negative errno with a text in @why (@why_size bytes)
 * @close: end it
 * @reset: LRESETo# was asserted.  Optional
 * @read: bytes at a local address.  DMA reads are whole Lwords, aligned; the
 *	  host's are 1, 2 or 4 bytes.  Return how many bytes were delivered:
 *	  less than @size means that the board holds the bus off (READY#, or
 *	  DREQ# dropped); the card goes on when a pin changes
 * @write: likewise; the first and the last Lword may be partial
 * @direct: a pointer to plain memory that answers at @address, with
 *	    *@size bytes behind it, or NULL where read() and write() must be
 *	    called.  The memory stays until close().  Optional
 * @user: the card drives USERo.  Optional
 * @time: called when the time that the last call, or alarm(), asked for has
 *	  come; return the next time wanted, 0 for none.
 *	  First called when the card starts.  Optional
 * @identity: the configuration EEPROM.  Without one BAR2 shows 1 MiB at
 *	      20000000h and BAR3 4 KiB at 60000000h.  Optional
 */
struct plxdma_board_ops {
	unsigned int version;
	const char *name;
	int (*open)(const struct plxdma_board_host *host,
		    const char *const *options, void **board, char *why,
		    size_t why_size);
	void (*close)(void *board);
	void (*reset)(void *board);
	size_t (*read)(void *board, uint32_t address, void *data, size_t size,
		       const struct plxdma_board_access *access);
	size_t (*write)(void *board, uint32_t address, const void *data,
			size_t size, const struct plxdma_board_access *access);
	void *(*direct)(void *board, uint32_t address, size_t *size);
	void (*user)(void *board, int level);
	uint64_t (*time)(void *board, uint64_t now);
	const struct plxdma_board_identity *identity;
};

/** The one symbol that a plug-in exports. */
const struct plxdma_board_ops *plxdma_board(void);

#ifdef __cplusplus
}
#endif
#endif
