/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside of the software card: one struct, its objects, and who may touch
 * them.
 *
 * Everything in struct model is guarded by its lock, which nobody holds while
 * data moves or while the board works.  Two rules keep that simple: only the
 * holder of the engine token (m->pumping) moves data, and a piece on its way
 * stands in its channel's flight, so that unmap, pause and abort can wait for
 * its end.  The board has a lock of its own, taken only without the card's.
 */
#ifndef MODEL_CARD_H
#define MODEL_CARD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <plxdma/board.h>

#include "model/latch.h"
#include "model/model.h"
#include "chip/plx9054.h"

#define MODEL_REGISTERS	  (0x110 / 4)
#define MODEL_CONFIG_SIZE 256
#define MODEL_NEVER	  UINT64_MAX
#define EEPROM_WORDS	  256 /* 93CS66; the 93CS56 answers the first half */
#define POST_SIZE	  256 /* bytes that the posting buffer holds back */
#define BOUNCE_SIZE	  16384

enum model_chip {
	CHIP_9080,
	CHIP_9054AA,
	CHIP_9054AB,
	CHIP_9054AC,
	CHIP_9056,
	CHIP_9656,
	CHIP_8311,
};

/* Who accesses a register. */
enum model_side { SIDE_PCI, SIDE_LOCAL };

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
	unsigned int eeprom_words; /* loaded at reset */
	uint16_t status;
};

struct register_row {
	uint16_t offset;
	uint8_t chips;
	uint32_t reset;
	uint32_t rw;	   /* writable from PCI */
	uint32_t local_rw; /* writable from the local side */
	uint32_t w1c;
	uint32_t ro; /* defined, not writable */
};

enum channel_state {
	CHANNEL_IDLE,
	CHANNEL_FETCH,	 /* the next descriptor is to be read */
	CHANNEL_DATA,	 /* bytes are left */
	CHANNEL_FINISH,	 /* all moved; Done or the next one, in its time */
	CHANNEL_CRASHED, /* Done = 0 until Abort */
	CHANNEL_STUCK,	 /* Done = 0 until a reset */
};

enum fault_kind {
	FAULT_NONE,
	FAULT_MASTER_ABORT,
	FAULT_TARGET_ABORT,
	FAULT_STUCK,
	FAULT_HANG,
	FAULT_PARITY,
	FAULT_LOST_IRQ,
	FAULT_LATE_IRQ,
	FAULT_STORM,
	FAULT_GONE,
	FAULT_RESET,
};

enum fault_where {
	FAULT_DATA,
	FAULT_DESCRIPTOR,
	FAULT_IRQ,
	FAULT_START,
	FAULT_RANDOM,
};

struct channel {
	unsigned int index;
	enum channel_state state;
	bool enable, done, irq;
	bool poisoned;	/* an idle channel was aborted */
	bool stalled;	/* the board holds off */
	uint64_t retry_at; /* the descriptor wasn't valid: read it again then */
	bool eot;	/* EOT# was pulsed for this channel */
	bool dreq;
	bool needs_reset;

	/* Working copies: the registers keep what was programmed. */
	uint32_t mode;
	uint64_t pci;
	uint32_t local, left, next;
	uint32_t here;	     /* where the current descriptor lies */
	bool here_pci;
	bool to_host, chained;
	uint32_t moved;	     /* bytes of this descriptor */
	uint64_t total;	     /* bytes of this transfer */
	uint32_t fetches;    /* descriptors of this chain */
	uint32_t empty_run;  /* descriptors in a row that moved nothing */
	uint64_t when;	     /* bus time at which the last step is over */
	uint64_t data_seen;  /* data faults below this byte have had their turn */
	uint64_t fault_at;   /* byte at which a random fault is due */
	enum fault_kind fault_kind;
	bool stale_first;    /* the first descriptor of a chain is damaged */

	/* Bytes of an Lword that was read locally and not yet written. */
	uint8_t hold[4];
	unsigned int held;

	/* A step, and a piece under way without the lock. */
	bool stepping;
	bool flying;
	uint64_t flight_bus;
	size_t flight_size;

	uint8_t stale[128];
	unsigned int stale_size;
};

struct range {
	uint64_t bus;
	uint64_t size;
	uint8_t *cpu;
	unsigned int access;
};

/* The host's memory as the card sees it. */
struct ranges {
	struct range *v;
	size_t count, room;
	size_t last; /* where the last search ended */
	uint64_t iova;
};

struct posted {
	bool on;
	uint64_t bus;
	unsigned int size;
	uint64_t due;
	uint8_t data[POST_SIZE];
};

/* A rate, shared by the cards of one bus=. */
struct pci_bus {
	struct latch lock;
	struct pci_bus *next;
	char *name;
	unsigned int users;
	uint64_t rate;
	uint64_t free_at;
};

struct fault {
	enum fault_kind kind;
	enum fault_where where;
	uint64_t n;
	uint64_t count; /* left; 0 for ever */
	uint64_t seen;	/* opportunities so far */
	bool forever;
};

#define MODEL_FAULTS 16

struct faults {
	struct fault v[MODEL_FAULTS];
	unsigned int count;
	uint64_t random;
};

struct eeprom {
	bool present;
	uint16_t words[EEPROM_WORDS];
	/* The part's own state, clocked by EESK. */
	unsigned int phase;
	unsigned int bits;
	uint32_t shift;
	uint32_t address;
	unsigned int opcode;
	uint32_t out;
	bool write_enabled, out_bit, dummy;
	unsigned int busy; /* CNTRL reads until a write is over */
	unsigned int vpd_uses;
};

struct interrupts {
	bool wanted, told, telling;
	pthread_t teller;
	model_intx_fn *fn;
	void *context;
	bool cause;	     /* what the chip's gates say */
	bool lost;	     /* this one never reaches the host */
	uint64_t late_until; /* this one comes then */
	uint64_t storm_until;
	bool linto;
	bool linti;
	uint32_t seen;
};

struct board {
	struct latch lock;
	const struct plxdma_board_ops *ops;
	struct plxdma_board_host host;
	void *self;
	void *plugin;
	uint64_t alarm;
	int channel; /* whose access is under way */
	char *file;
};

struct model {
	struct latch lock;
	const struct personality *chip;
	unsigned int switches[SWITCHES];
	bool threaded;
	uint64_t rate;
	bool gone, iommu;

	uint32_t reg[MODEL_REGISTERS];
	const struct register_row *row[MODEL_REGISTERS];
	uint8_t config[MODEL_CONFIG_SIZE];
	bool queue_full[4];
	bool user_in;

	struct channel channel[2];
	unsigned int turn; /* rotating priority: who was last */
	struct interrupts irq;
	struct eeprom eeprom;
	struct ranges ranges;
	struct posted posted;
	unsigned int prefetch;
	struct pci_bus *bus;
	struct faults faults;
	struct board board;
	struct model_counters counters;

	/* The engine. */
	bool pumping, pending;
	pthread_t pumper;
	pthread_t thread;
	bool asleep, quit;
	atomic_uint kicks;    /* the engine's thread sleeps on it */
	atomic_uint landings; /* whoever waits for a step to end, on this */
	unsigned int waiters;
	int timer;
	uint64_t timer_at;
	uint8_t bounce[2][BOUNCE_SIZE];
};

static inline void model_lock(struct model *m)
{
	latch_take(&m->lock);
}

static inline void model_unlock(struct model *m)
{
	latch_give(&m->lock);
}

/* access.c: the way out does what the way in led to. */
static inline void model_enter(struct model *m)
{
	model_lock(m);
}

/* In D3hot local registers read as all ones (chip ref. 1.3). */
static inline bool config_powered(const struct model *m)
{
	return !m->chip->caps || (m->config[PLX_CFG_PMCSR] & 3) != 3;
}

static inline void model_violate(struct model *m, enum model_violation v)
{
	m->counters.violations[v]++;
}

static inline uint32_t reg_get(const struct model *m, unsigned int offset)
{
	return m->reg[offset / 4];
}

/* personality.c */
const struct personality *personality_find(const char *name);
/* switches.c */
int switch_parse(struct model *m, const char *name, const char *value,
		 struct error *error);
void switch_defaults(struct model *m);
static inline unsigned int switch_value(const struct model *m,
					enum model_switch_id id)
{
	return m->switches[id];
}

void model_leave(struct model *m);

/* config.c */
void config_reset(struct model *m);
void config_set_status(struct model *m, uint16_t bits);
bool config_master(const struct model *m);
uint16_t config_status(const struct model *m);
uint32_t config_get(const struct model *m, unsigned int offset);
void config_put(struct model *m, unsigned int offset, uint32_t value);

/* register_table.c, registers.c */
const struct register_row *register_row_find(enum model_chip chip,
					     unsigned int offset);
uint32_t register_reset_value(const struct model *m, unsigned int offset);
void registers_reset(struct model *m);
uint32_t registers_read(struct model *m, enum model_side side,
			unsigned int offset, unsigned int width);
void registers_write(struct model *m, enum model_side side,
		     unsigned int offset, unsigned int width, uint32_t value);

/* spaces.c: what answers behind a BAR. */
struct space {
	bool registers, io;
	uint64_t size;
	uint32_t local;
	unsigned int width;
	bool big_endian;
	uint32_t flags;
};
bool space_find(const struct model *m, unsigned int bar, struct space *space);
bool space_queue(const struct model *m, struct space *space);

/* interrupt.c */
void interrupt_update(struct model *m);
void interrupt_abort(struct model *m, int channel, bool retries);
uint32_t interrupt_status(const struct model *m);
uint64_t interrupt_next(const struct model *m);
void interrupt_power(struct model *m);
void interrupt_written(struct model *m, uint32_t before);

/* messaging.c: doorbells and mailboxes. */
void mailbox_written(struct model *m, enum model_side side,
		     unsigned int index);
void mailbox_read(struct model *m, enum model_side side, unsigned int index);

/* queue.c */
bool queue_port(const struct model *m, unsigned int offset);
uint32_t queue_port_read(struct model *m, unsigned int offset);
void queue_port_write(struct model *m, unsigned int offset, uint32_t value);
void queue_pointer_written(struct model *m, unsigned int offset,
			   uint32_t before);
uint32_t queue_pointer(const struct model *m, unsigned int offset);
bool queue_outbound_post_pending(const struct model *m);
uint32_t queue_status(const struct model *m);

/* eeprom.c, eeprom_image.c, vpd.c */
int eeprom_open(struct model *m, const char *file, struct error *error);
void eeprom_pins(struct model *m, uint32_t before, uint32_t after);
bool eeprom_out(struct model *m);
bool eeprom_blank(const struct model *m);
uint16_t eeprom_word(const struct model *m, unsigned int word);
uint32_t eeprom_lword(const struct model *m, unsigned int offset);
void eeprom_store_lword(struct model *m, unsigned int offset, uint32_t value);
void vpd_access(struct model *m);

/* reset.c */
void reset_power_on(struct model *m);
void reset_software(struct model *m);
void reset_reload(struct model *m);
void reset_by_somebody(struct model *m);

/* engine.c */
#define ENGINE_BUDGET_START 16384
#define ENGINE_BUDGET_READ  256
int engine_open(struct model *m, struct error *error);
void engine_close(struct model *m);
void engine_kick(struct model *m);
void engine_catch_up(struct model *m);
void engine_run(struct model *m, unsigned int budget);
void engine_arm(struct model *m);
void engine_unstall(struct model *m, struct channel *ch);
/* access.c */
void model_tell(struct model *m);
void engine_landed(struct model *m);
void engine_await_landing(struct model *m);
void engine_await_channel(struct model *m, const struct channel *ch);

/* channel.c */
void channel_control(struct model *m, unsigned int index, uint8_t value);
uint8_t channel_status(const struct model *m, unsigned int index);
void channel_reset(struct model *m, unsigned int index);
void channel_end(struct model *m, struct channel *ch);
void channel_crash(struct model *m, struct channel *ch,
		   enum fault_kind kind, uint64_t bus);
void channel_step(struct model *m, struct channel *ch);
bool channel_runs(const struct model *m, const struct channel *ch);
uint64_t channel_ready_at(const struct model *m, const struct channel *ch);
void channel_early_end(struct model *m, struct channel *ch);
/* descriptor.c */
void descriptor_fetch(struct model *m, struct channel *ch);
void descriptor_finish(struct model *m, struct channel *ch);
/* transfer.c */
void transfer_step(struct model *m, struct channel *ch);
void transfer_tail(struct model *m, struct channel *ch, uint32_t bytes);

/* ranges.c */
const struct range *ranges_find(struct ranges *r, uint64_t bus);

/* memory.c: the one way to host memory.  All called with the lock; copies
 * larger than a page are made without it. */
int memory_read(struct model *m, struct channel *ch, uint64_t bus, void *to,
		size_t size);
int memory_write(struct model *m, struct channel *ch, uint64_t bus,
		 const void *from, size_t size);
size_t memory_reach(struct model *m, uint64_t bus, size_t size,
		    unsigned int access, int *why);
void memory_prefetch(struct model *m, uint64_t bus);
void memory_drain(struct model *m);

/* timing.c */
uint64_t timing_now(const struct model *m);
struct pci_bus *timing_bus_get(const char *name, uint64_t rate);
void timing_bus_put(struct pci_bus *bus);
uint64_t timing_start(const struct model *m, uint64_t earliest);
uint64_t timing_spend(struct model *m, uint64_t earliest, uint64_t bytes);
uint32_t timing_quantum(const struct model *m);

/* fault.c */
int fault_add(struct model *m, const char *spec, struct error *error);
enum fault_kind fault_fires(struct model *m, enum fault_where where,
			    uint64_t n);
uint64_t fault_distance(const struct model *m, const struct channel *ch);
enum fault_kind fault_data(struct model *m, struct channel *ch);
void fault_draw(struct model *m, struct channel *ch);

/* board.c */
int board_open(struct model *m, const char *const *options,
	       struct error *error);
void board_close(struct model *m);
size_t board_read(struct model *m, uint32_t address, void *data, size_t size,
		  const struct plxdma_board_access *access);
size_t board_write(struct model *m, uint32_t address, const void *data,
		   size_t size, const struct plxdma_board_access *access);
void *board_direct(struct model *m, uint32_t address, size_t *size);
void board_reset(struct model *m);
void board_user_out(struct model *m, bool level);
void board_time(struct model *m, uint64_t now);
/* board_plugin.c */
int board_plugin_load(struct board *board, struct error *error);
void board_plugin_unload(struct board *board);

#endif
