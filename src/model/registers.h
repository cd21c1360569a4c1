/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the host and the local side read and write: registers, configuration
 * space, what BARs show, mailboxes and queues, and their resets.
 */
#ifndef MODEL_REGISTERS_H
#define MODEL_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/personality.h"

struct model;

/* Who accesses a register. */
enum model_side { SIDE_PCI, SIDE_LOCAL };

struct register_row {
	uint16_t offset;
	uint8_t chips;
	uint32_t reset;
	uint32_t rw;	   /* writable from PCI */
	uint32_t local_rw; /* writable from the local side */
	uint32_t w1c;
	uint32_t ro; /* defined, not writable */
};

/* register_table.c, registers.c */
const struct register_row *register_row_find(enum model_chip chip,
					     unsigned int offset);
uint32_t register_reset_value(const struct model *m, unsigned int offset);
void registers_reset(struct model *m);
uint32_t registers_read(struct model *m, enum model_side side,
			unsigned int offset, unsigned int width);
void registers_write(struct model *m, enum model_side side,
		     unsigned int offset, unsigned int width, uint32_t value);

/* config.c */
void config_reset(struct model *m);
void config_set_status(struct model *m, uint16_t bits);
bool config_master(const struct model *m);
uint16_t config_status(const struct model *m);
uint32_t config_get(const struct model *m, unsigned int offset);
void config_put(struct model *m, unsigned int offset, uint32_t value);

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

/* local_space.c: the host's accesses to the board. */
uint32_t local_space_read(struct model *m, const struct space *space,
			  unsigned int bar, uint32_t offset,
			  unsigned int width);
void local_space_write(struct model *m, const struct space *space,
		       unsigned int bar, uint32_t offset, unsigned int width,
		       uint32_t value);
void *local_space_direct(struct model *m, const struct space *space);

static inline uint32_t width_ones(unsigned int width)
{
	return width >= 32 ? 0xffffffffu : (1u << width) - 1;
}

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

/* reset.c */
void reset_power_on(struct model *m);
void reset_software(struct model *m);
void reset_reload(struct model *m);
void reset_by_somebody(struct model *m);

#endif
