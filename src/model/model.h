/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The software card, as the machine around it sees it.
 *
 * Whoever plugs the card in (src/transport's model, the vfio-user server, a
 * test) plays host bridge: it reads and writes configuration space and BARs,
 * watches INTx, and says which bus addresses lead to memory.  Anything else
 * that the card wants to reach is a master abort, as on a bus.
 *
 * Thread rules: any thread may call anything; calls are serialised by the
 * model, except that data moves without holding up register accesses when
 * the engine has its own thread.  The INTx callback runs in whichever thread
 * caused the change and may call model_bar_read/write,
 * model_config_read/write and model_intx of the same card (it plays an
 * interrupt handler).
 */
#ifndef MODEL_H
#define MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "error/error.h"

struct model;

/*
 * Options, separated by commas:
 *
 *   chip=9054ac   9054ac 9054ab 9054aa 9080 9056 9656 8311
 *   engine=       thread or inline: who moves the data.  inline moves it in
 *                 the register write that starts it, or (with a rate) in
 *                 whichever call finds that its bus time has come.  Default:
 *                 thread with a rate or from 4 CPUs up, else inline.  With a
 *                 rate a register read brings either engine up to the present
 *   rate=BYTES    bus bandwidth in bytes per second, 132e6 for a 32-bit
 *                 33 MHz bus, 0 (default) for as fast as memory goes.  Kept
 *                 in virtual time: what the engine's thread is late with an
 *                 end isn't charged to the start that answers its interrupt,
 *                 what the driver takes from then on is.  Who polls sees the
 *                 end when it looks
 *   bus=NAME      cards of this process with the same name share one bus: its
 *                 rate, in turns of 32 KiB
 *   iommu=on|off  on (default): the card's machine has an IOMMU, and
 *                 model_iommu_map() hands out bus addresses.  off: whoever
 *                 maps memory says the bus address (true frames)
 *   iova=ADDR     where model_iommu_map() begins to hand out (0x10000000)
 *   posted=on     the last bytes written to the host become visible only when
 *                 the host next reads a register, or after a while
 *   prefetch=N    to-card reads fetch up to N bytes past the end of a
 *                 descriptor's data, as far as its 4 KiB page and the mapped
 *                 range go, and drop them: prefetched counts them
 *   sram=SIZE     default board: SRAM (1M); K, M, G
 *   fifo=WORDS    default board: depth of the FIFO in Lwords (131072)
 *   board=NAME    a board plug-in instead: digitizer, sequencer, or a file,
 *                 see <plxdma/board.h> and plxdma-boards(7)
 *   board.X=Y     option X of the board
 *   slot=PATH     where the card sits, 0000:05:0d.0 or 05:0d.0; see
 *                 model_slot()
 *   trace=FILE    model_set_trace()'s events, a line each; see there
 *   eeprom=FILE|blank|none   image of the configuration EEPROM: 16-bit words
 *                 by address, each MSB first, and so the high word of an
 *                 Lword first: 90 54 10 B5 ...
 *   fault=...     see model_fault(); several are joined by +
 *   seed=N        for random faults
 *   SWITCH=on|off or a value: behaviour that the chip reference leaves open;
 *                 model_switches() lists them with the reference's section
 *
 * Default board, on the local bus:
 *   0x20000000    SRAM, of sram= bytes
 *   0x30000000    FIFO port, 64 KiB of aliases: a read pops, a write pushes
 *   0x40000000    pattern source, 64 MiB: Lword at offset o reads as
 *                 o / 4 * 2654435761 (mod 2^32)
 *   0x48000000    checker, 64 MiB: counts written bytes that differ from the
 *                 pattern of the same offset
 *   0x60000000    board registers, 4 KiB, 32 bits each:
 *     00 id 'PLXB'      04 control: bit 0 FIFO refills itself with a counter
 *     08 FIFO level        (its next Lword is at 14); bit 1 (write) empties it;
 *     0C overflowed words  bit 2 LINTi# active; bit 3 FIFO drives DREQ#;
 *     10 checker errors    bit 4 (write) rings L2PDBELL with 18
 *     14 next refill    18 doorbell bits   1C words popped   20 words pushed
 *     24 EOT#: pulse it after this many more FIFO Lwords, 0 never
 *     28 scratch
 * The default EEPROM maps SRAM (its first MiB) at BAR2, board registers at
 * BAR3.
 */

/* Return: 0 or a negative errno with a text. */
int model_new(const char *options, struct model **model, struct error *error);
/* Safe while the engine runs: no memory of the host is touched after it. */
void model_free(struct model *model);
/* RST# of the PCI bus: all registers, configuration space and the board as
 * after power-on; transfers end without trace.  Memory stays mapped, counters
 * and faults go on. */
void model_reset(struct model *model);

/* PCI side.  width is 8, 16 or 32; what no register answers reads as a chip
 * would answer, never as an error.  bar is 0 to 5.  What nobody answers reads
 * as all ones. */
uint32_t model_config_read(struct model *model, unsigned int offset,
			   unsigned int width);
void model_config_write(struct model *model, unsigned int offset,
			unsigned int width, uint32_t value);
uint32_t model_bar_read(struct model *model, unsigned int bar, uint64_t offset,
			unsigned int width);
void model_bar_write(struct model *model, unsigned int bar, uint64_t offset,
		     unsigned int width, uint32_t value);
/* Decoded size by the range registers as they are now, 0 if disabled; the
 * size with an I/O BAR has bit 0 set in *flags, prefetchable bit 3. */
uint64_t model_bar_size(struct model *model, unsigned int bar, uint32_t *flags);

/* The card's PCI path by slot=, always with its domain; "" without one.  Lives
 * as long as the card. */
const char *model_slot(const struct model *model);

/* The memory behind a BAR, where the board serves all of it as plain memory
 * (direct() of <plxdma/board.h>) in the CPU's byte order, and how long it is;
 * else NULL: loads and stores there would miss the board's logic.  The memory
 * stays until model_free(), but no longer is what the BAR shows once a range
 * or remap register is written or the card is reset. */
void *model_bar_direct(struct model *model, unsigned int bar, uint64_t *size);

/* Local side: what a CPU on the local bus sees of the chip's registers, at the
 * offsets of the *PCI* side; and the local bus itself. */
uint32_t model_local_reg_read(struct model *model, unsigned int offset,
			      unsigned int width);
void model_local_reg_write(struct model *model, unsigned int offset,
			   unsigned int width, uint32_t value);
int model_local_read(struct model *model, uint32_t address, void *data,
		     size_t size);
int model_local_write(struct model *model, uint32_t address, const void *data,
		      size_t size);

/* INTA#, a level: the callback is told of every change. */
typedef void model_intx_fn(void *context, int level);
void model_set_intx(struct model *model, model_intx_fn *fn, void *context);
int model_intx(struct model *model);
/* LINTo#, likewise, without a callback. */
int model_linto(struct model *model);

/* Memory on the bus.  After model_unmap() returned, the card no longer touches
 * the range; a channel that stands at Done = 0 with it counts as a violation.
 * Access is as the card sees it.  model_map(): -EEXIST where something is
 * mapped already; model_unmap(): -ENOENT where nothing is. */
#define MODEL_READ 1
#define MODEL_WRITE 2
int model_map(struct model *model, uint64_t bus, void *cpu, size_t size,
	      unsigned int access);
int model_unmap(struct model *model, uint64_t bus, size_t size);
/* With iommu=on: chooses the bus address, from iova= upwards, contiguous;
 * below 4 GiB if low is set. */
int model_iommu_map(struct model *model, void *cpu, size_t size,
		    unsigned int access, int low, uint64_t *bus);

/* How the card touches host memory: 0, or a negative errno that it takes as a
 * target abort.  plxdmad puts in one that survives SIGBUS.  Before any card. */
typedef int model_copy_fn(void *to, const void *from, size_t size);
void model_set_copy(model_copy_fn *fn);

/* engine=inline with work that waits for its time (the bus's, posted data, a
 * late interrupt, a ring that would take all of one call): the descriptor
 * becomes readable then, and model_service() does it.  With engine=thread: -1.
 */
int model_service_fd(struct model *model);
void model_service(struct model *model);

/*
 * Faults: KIND[@WHERE:N][xCOUNT], joined by +.  KIND is
 *   master-abort target-abort stuck (Done stays 0, Abort is ignored)
 *   hang (Done stays 0 until Abort; with INTCSR[12] a target abort by 256
 *   retries) drag (as hang, but Abort has no effect before all faults are
 *   cleared) lost-irq late-irq (by 2 ms) storm (for 1 ms INTx is asserted by
 *   a neighbour and no status bit says why) gone (all ones from now on)
 *   reset (somebody resets the card) parity (only PCI Status shows it)
 *   retry (the target retries for ever: Done stays 0 and nothing shows it;
 *   when INTCSR[12] is set, or comes to be, a target abort)
 * WHERE is data (N bytes into a transfer), descriptor (the Nth fetch of a
 * chain), irq (the Nth interrupt from now), start (the Nth start from now),
 * all from 0, or random (once in N opportunities, by seed=: descriptors, each
 * at a random byte, or interrupts).  Without it aborts, parity and retry strike
 * at data:0, what concerns interrupts at irq:0, the rest at start:0.  It fires
 * COUNT times (1), 0 for ever.  Numbers are decimal.  "none" clears all.
 */
int model_fault(struct model *model, const char *fault, struct error *error);

/*
 * What happened on the card, one event after the other in the order in which
 * it took effect, so that tests can prove order and atomicity.  The callback
 * comes from whichever thread caused the event, one at a time; it must be
 * short and must not call this card.  Off (NULL) it costs nothing.
 *
 * With trace=FILE each event is a line in FILE, which is mapped: a reader
 * finds all finished lines at once, also those of a process that was killed;
 * what follows them up to the end of the file are null bytes, cut off when the
 * card is freed.  A trace of 1 GiB, or on a full disk, ends there.
 *   SEQUENCE TIME KIND ...
 *   0 51230 read bar0+0xa8/8 0x11   also bar1 to bar5, config, local (side)
 *   1 51377 write bar2+0x10/32 0x1
 *   2 51500 start dma0 mode 0x20443 next 0x8 bus 0x10000000 local 0x30000000
 *           size 32768              (all in one line; what the registers hold)
 *   3 51600 fetch dma0 at 0x1000010 next 0x9 bus 0x10001000 local 0x30000000
 *           size 4096               (a descriptor)
 *   4 92000 end dma0 bytes 32768 bus-time 91980   Done is 1 from here on
 *   5 ..... early dma0 bytes 4096 bus-time ...    the same, by EOT# or Abort
 *   6 ..... crash dma0 bytes 4096 bus-time ...    Done stays 0
 *   7 ..... intx 1                  likewise linto, linti
 *   8 ..... dreq0 1                 also dreq1
 *   9 ..... eot
 *  10 ..... reset                   CNTRL[30]
 */
enum model_trace_kind {
	MODEL_TRACE_READ,
	MODEL_TRACE_WRITE,
	MODEL_TRACE_START,
	MODEL_TRACE_FETCH,
	MODEL_TRACE_END,
	MODEL_TRACE_EARLY,
	MODEL_TRACE_CRASH,
	MODEL_TRACE_INTX,
	MODEL_TRACE_LINTO,
	MODEL_TRACE_DREQ,
	MODEL_TRACE_LINTI,
	MODEL_TRACE_EOT,
	MODEL_TRACE_RESET,
	MODEL_TRACE_KINDS
};

/* Of READ and WRITE: 0 to 5 is a BAR. */
#define MODEL_TRACE_CONFIG (-1)
#define MODEL_TRACE_LOCAL  (-2)	/* the chip's registers from the local side */

struct model_event {
	uint64_t sequence;	/* 0, 1, 2, ... of this card */
	uint64_t time;		/* ns of CLOCK_MONOTONIC */
	enum model_trace_kind kind;
	int where;		/* READ, WRITE */
	unsigned int offset, width;
	uint32_t value;		/* also the level of INTX to LINTI */
	unsigned int channel;	/* START to CRASH, DREQ */
	uint32_t mode;		/* START */
	uint64_t bus;		/* START, FETCH */
	uint32_t local, size, next;
	uint32_t here;		/* FETCH: where the descriptor lay */
	uint64_t bytes;		/* END, EARLY, CRASH */
	uint64_t bus_time;	/* likewise: when its last data phase ended */
};
typedef void model_trace_fn(void *context, const struct model_event *event);
/* Returns when the old callback is no longer running. */
void model_set_trace(struct model *model, model_trace_fn *fn, void *context);
const char *model_trace_name(enum model_trace_kind kind);
/* One line without its end, as in trace=FILE.  Return: its length. */
int model_trace_line(const struct model_event *event, char *line, size_t size);

/* What a driver did. */
enum model_violation {
	MODEL_VIOLATION_BUSY_CHANNEL,	/* programmed while Done = 0 */
	MODEL_VIOLATION_IDLE_ABORT,	/* Abort while Done = 1 */
	MODEL_VIOLATION_NO_MASTER,	/* start with Command bit 2 clear */
	MODEL_VIOLATION_EXIT_BUSY,	/* unmapped with Done = 0 */
	MODEL_VIOLATION_WILD_ADDRESS,	/* bus address that leads nowhere */
	MODEL_VIOLATION_RESERVED_BITS,	/* ones written to reserved bits */
	MODEL_VIOLATION_ONE_STEP_START,	/* Enable and Start first set at once */
	MODEL_VIOLATION_BAD_DESCRIPTOR,	/* misaligned, or a chain without end */
	MODEL_VIOLATION_BAD_ACCESS,	/* misaligned or wider than 32 bits */
	MODEL_VIOLATIONS
};
const char *model_violation_name(enum model_violation violation);

struct model_counters {
	uint64_t reg_reads[0x110 / 4];	/* BAR0 and BAR1, by dword */
	uint64_t reg_writes[0x110 / 4];
	uint64_t config_reads, config_writes;
	uint64_t local_reads, local_writes;	/* through BAR2 and BAR3 */
	uint64_t starts, descriptors;
	uint64_t bytes_to_host, bytes_to_card;
	uint64_t interrupts;			/* INTx went active */
	uint64_t master_aborts, target_aborts;
	uint64_t bus_ns;			/* virtual bus time used */
	uint64_t prefetched;			/* bytes read past an end */
	uint64_t violations[MODEL_VIOLATIONS];
};
void model_get_counters(struct model *model, struct model_counters *counters);

struct model_switch {
	const char *name;
	const char *values;	/* "on off", first is the default */
	const char *reference;	/* section of the chip reference */
	const char *meaning;
};
/* All of them; the list ends with a NULL name. */
const struct model_switch *model_switches(void);

#endif
