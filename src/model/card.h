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

#include "chip/plx9054.h"
#include "model/channel.h"
#include "model/eeprom.h"
#include "model/engine.h"
#include "model/fault.h"
#include "model/interrupt.h"
#include "model/latch.h"
#include "model/local_bus.h"
#include "model/memory.h"
#include "model/model.h"
#include "model/personality.h"
#include "model/registers.h"
#include "model/timing.h"
#include "model/trace.h"

#define MODEL_REGISTERS	  (0x110 / 4)
#define MODEL_CONFIG_SIZE 256
#define MODEL_NEVER	  UINT64_MAX
#define BOUNCE_SIZE	  16384
#define CACHE_LINE	  64
#define SLOT_SIZE	  16
#define CSR_SHOWN	  PLX_BIT(31) /* of model.csr: it may be read */

struct model {
	struct latch lock;
	bool threaded;
	/* The engine's token, and whether it has to be looked at. */
	bool pumping, pending, asleep, quit, gone;
	unsigned int turn; /* rotating priority: who was last */
	pthread_t pumper;
	uint64_t rate;
	const struct personality *chip;
	_Alignas(CACHE_LINE) struct channel channel[2];

	unsigned int switches[SWITCHES];
	bool iommu;
	uint32_t reg[MODEL_REGISTERS];
	const struct register_row *row[MODEL_REGISTERS];
	uint8_t config[MODEL_CONFIG_SIZE];
	bool queue_full[4];
	bool user_in;

	struct interrupts irq;
	struct eeprom eeprom;
	struct ranges ranges;
	struct posted posted;
	unsigned int prefetch;
	struct pci_bus *bus;
	struct bus_user user;
	/* When Done should have been told, and how late that was. */
	uint64_t end_time, lateness;
	struct faults faults;
	struct board board;
	struct trace trace;
	char slot[SLOT_SIZE];
	struct model_counters counters;

	pthread_t thread;
	atomic_uint landings; /* whoever waits for a step to end sleeps here */
	unsigned int waiters;
	int timer;
	uint64_t timer_at;
	uint8_t bounce[2][BOUNCE_SIZE];

	/*
	 * What the engine's thread and a driver that polls watch each other by:
	 * words of their own cache lines, so that neither takes the lock from
	 * the other meanwhile.
	 */
	_Alignas(CACHE_LINE) atomic_uint kicks; /* the thread sleeps on it */
	_Alignas(CACHE_LINE) atomic_uint csr;
	uint32_t csr_shown;
	_Alignas(CACHE_LINE) atomic_ulong csr_reads;
};

static inline void model_lock(struct model *m)
{
	latch_take(&m->lock);
}

static inline void model_unlock(struct model *m)
{
	if (m->threaded)
		channel_show(m);
	latch_give(&m->lock);
}

/* access.c: who leaves does what is left to do, and tells about INTx. */
void model_leave(struct model *m);
void model_tell(struct model *m);

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

static inline unsigned int switch_value(const struct model *m,
					enum model_switch_id id)
{
	return m->switches[id];
}


#endif
