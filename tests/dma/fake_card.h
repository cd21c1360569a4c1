/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card of paper for the driver's tests: registers that hold what is written,
 * a log of every write and call, and a script of how each start ends.
 *
 * It is no model: it moves no data and knows just enough of Done, Enable and
 * chains for the driver to have something to look at.  What a test wants to
 * happen, it says.
 */
#ifndef FAKE_CARD_H
#define FAKE_CARD_H

#include <pthread.h>
#include <stdint.h>

#include "dma/card.h"

enum fake_end {
	FAKE_DONE,		/* at once */
	FAKE_LATER,		/* after `looks` reads of A8h */
	FAKE_HANG,		/* until Abort */
	FAKE_STUCK,		/* for ever */
	FAKE_MASTER_ABORT,
	FAKE_TARGET_ABORT,
	FAKE_RESET,		/* DMA registers at their reset values */
	FAKE_GONE,		/* all ones */
	FAKE_EOT,		/* chain: ended in its first descriptor */
	FAKE_RESET_SILENT,	/* MODE lost, channel neither done nor idle */
};

struct fake_access {
	char kind;		/* W write, C channel_control, M bus_master,
				 * R reset, S clear_status; w and r are
				 * writes and reads of BAR2 */
	uint16_t offset;
	uint8_t width;
	uint32_t value;
};

#define FAKE_LOG 4096
#define FAKE_SCRIPT 32
#define FAKE_COHERENT 16
#define FAKE_BAR 256		/* bytes of it that hold something */

struct fake_coherent {
	void *cpu;
	uint64_t bus;
	size_t size;
};

struct fake {
	struct transport transport;
	pthread_mutex_t lock;
	uint8_t regs[512];
	uint8_t ones[512];	/* instead when it is gone, and written to */
	uint8_t config[256];
	uint8_t bar2[FAKE_BAR];
	/* Before a read of BAR2, with the lock held: what a board would do. */
	void (*on_bar_read)(struct fake *, unsigned int offset);
	unsigned int bar_reads;
	/* Before a read of BAR2 and a write of a register, without the lock:
	 * what another thread does just then. */
	void (*just_before)(struct fake *, char kind);
	/* A chain was started on channel 0, and goes as somebody else says. */
	void (*on_start)(struct fake *);
	/* Before any access to a register, without the lock. */
	void (*on_access)(struct fake *);
	void *context;
	struct fake_access log[FAKE_LOG];
	unsigned int logged;
	unsigned int csr_reads, other_reads;
	enum fake_end script[PLXDMA_CHANNELS][FAKE_SCRIPT];
	unsigned int scripted[PLXDMA_CHANNELS], played[PLXDMA_CHANNELS];
	enum fake_end fate[PLXDMA_CHANNELS];
	unsigned int looks;	/* of FAKE_LATER */
	unsigned int left[PLXDMA_CHANNELS];
	int gone;
	unsigned int reads_left; /* of registers until it goes, or 0: stays */
	int interrupts;		/* signal the eventfd at Done */
	uint16_t status;
	int fds[PLXDMA_IRQ_SOURCES];
	int service_fd;
	unsigned int services, acks;
	void (*on_service)(struct fake *);
	int map_result, coherent_result, master_result, reset_result;
	int reset_heals;	/* a reset ends what is stuck */
	uint64_t coherent_bus;	/* where the next block lies */
	struct fake_coherent coherent[FAKE_COHERENT];
	unsigned int coherents, coherents_freed;
	const uint64_t *bus;	/* of each page, for map() */
	int mapped, closed;
};

/* A quiet card, in a state as after its EEPROM was loaded. */
struct fake *fake_new(uint32_t hidr);
/* After the card is closed. */
void fake_free(struct fake *fake);
/* card_new() on it, with options as in a spec; checks that it works. */
struct dma_card *fake_open(struct fake *fake, const char *options);
/* How the next start of a channel ends; without a script they end at once. */
void fake_plan(struct fake *fake, unsigned int channel, enum fake_end end);
void fake_finish(struct fake *fake, unsigned int channel);
uint32_t fake_reg(const struct fake *fake, unsigned int offset);
void fake_set(struct fake *fake, unsigned int offset, uint32_t value);
uint32_t fake_bar2(const struct fake *fake, unsigned int offset);
void fake_bar2_set(struct fake *fake, unsigned int offset, uint32_t value);
void fake_forget(struct fake *fake);
/* Does the log, from the last fake_forget(), hold these writes and no more?
 * Prints both if not. */
int fake_wrote(const struct fake *fake, const struct fake_access *expected,
	       unsigned int count);
unsigned int fake_writes(const struct fake *fake);
unsigned int fake_calls(const struct fake *fake, char kind);
unsigned int fake_starts(const struct fake *fake, unsigned int channel);
/* The CPU's address of coherent memory at a bus address. */
void *fake_cpu(const struct fake *fake, uint32_t bus);

/* An arena of `pages` pages of 4 KiB without memory behind it. */
struct arena *fake_arena(size_t pages);
void fake_arena_free(struct arena *arena);

#define W(offset, value) { 'W', (offset), 32, (value) }
#define P(offset, value) { 'w', (offset), 32, (value) }
#define R(offset, value) { 'r', (offset), 32, (value) }
#define B(offset, value) { 'W', (offset), 8, (value) }

#endif
