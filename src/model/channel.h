/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A DMA channel: its state, its steps.
 */
#ifndef MODEL_CHANNEL_H
#define MODEL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/fault.h"

struct model;

enum channel_state {
	CHANNEL_IDLE,
	CHANNEL_FETCH,	 /* the next descriptor is to be read */
	CHANNEL_DATA,	 /* bytes are left */
	CHANNEL_FINISH,	 /* all moved; Done or the next one, in its time */
	CHANNEL_CRASHED, /* Done = 0 until Abort */
	CHANNEL_STUCK,	 /* Done = 0 until a reset */
	CHANNEL_DRAGS,	 /* Done = 0 after Abort as well, until released */
};

/* What a step needs comes first: it travels between two CPUs' caches. */
struct channel {
	enum channel_state state;
	bool enable, done, irq;
	bool stalled;	/* the board holds off */
	bool stepping;	/* a step is under way */
	bool flying;	/* and a piece of it, without the lock */
	bool to_host, chained, here_pci;
	bool eot;	/* EOT# was pulsed for this channel */
	bool dreq;
	bool bursting;	/* slow terminate: one more Lword behind DREQ# */
	bool terminal;	/* a descriptor is over, the next not yet loaded */
	bool stale_first; /* the first descriptor of a chain is damaged */
	unsigned int index;
	unsigned int held; /* bytes in hold */

	/* Working copies: the registers keep what was programmed. */
	uint32_t mode;
	uint64_t pci;
	uint32_t local, left, next;
	uint32_t moved;	    /* bytes of this descriptor */
	uint64_t total;	    /* bytes of this transfer */
	double mark;	    /* of the bus, at which the last step is over */
	uint64_t retry_at;  /* a descriptor that isn't valid is read again then */
	unsigned int stale_size;
	uint32_t here;	    /* where the current descriptor lies */
	uint32_t fetches;   /* descriptors of this chain */
	uint32_t empty_run; /* descriptors in a row that moved nothing */

	uint64_t flight_bus;
	size_t flight_size;
	uint64_t data_seen; /* data faults below this byte are over */
	uint64_t retry_bus; /* where, if retried */
	uint64_t fault_at;  /* byte at which a random fault is due */
	enum fault_kind fault_kind;
	bool fetching;	    /* its last fetch did not end well */
	bool retried;	    /* the target retries for ever */
	bool poisoned;	    /* an idle channel was aborted */
	bool needs_reset;
	bool aborting;	    /* it drags, and is to end when released */

	/* Bytes of an Lword that was read locally and not yet written. */
	uint8_t hold[4];
	/* What an early end left in the chip's FIFO. */
	uint8_t stale[128];
};

/* channel.c */
void channel_control(struct model *m, unsigned int index, uint8_t value);
uint8_t channel_status(const struct model *m, unsigned int index);
void channel_show(struct model *m);
void channel_reset(struct model *m, unsigned int index);
void channel_end(struct model *m, struct channel *ch);
void channel_crash(struct model *m, struct channel *ch,
		   enum fault_kind kind, uint64_t bus);
void channel_give_up(struct model *m, struct channel *ch);
void channel_release(struct model *m, struct channel *ch);
void channel_step(struct model *m, struct channel *ch);
bool channel_runs(const struct model *m, const struct channel *ch);
void channel_early_end(struct model *m, struct channel *ch);
/* descriptor.c */
void descriptor_fetch(struct model *m, struct channel *ch);
void descriptor_finish(struct model *m, struct channel *ch);
void descriptor_tell(struct model *m, struct channel *ch);
/* transfer.c */
void transfer_step(struct model *m, struct channel *ch);
void transfer_garbage(struct model *m, struct channel *ch);
void transfer_tail(struct model *m, struct channel *ch, uint32_t bytes);

#endif
