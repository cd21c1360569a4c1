/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the driver reaches a card: registers, interrupts, bus mappings.
 *
 * A transport is what a kernel stub, VFIO or the software card have in
 * common.  It also plays the interrupt handler where there is no kernel to do
 * so: the driver above never acknowledges an interrupt, and of DMACSR it
 * writes only 01h and 03h (design, section 6); everything else that touches
 * that byte is channel_control(), which the handler's lock covers.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/irq.h>

#include "error/error.h"

struct arena;
struct transport;
struct plxdma_counters;

enum transport_control {
	TRANSPORT_PAUSE,	/* Enable off */
	TRANSPORT_RESUME,	/* Enable on, without Start */
	TRANSPORT_ABORT,	/* Enable off; Abort if Done = 0 */
	TRANSPORT_CLEAR,	/* clear the interrupt, Enable off */
};

struct transport_info {
	const char *name;	/* "model", "uio" */
	const char *pci;	/* "0000:05:0d.0"; NULL or "" if nowhere */
	int numa_node;
	int iommu;		/* bus addresses are translated */
	int dac;		/* the path forwards dual-address cycles */
	int pin;		/* enum plxdma_pin that map() itself provides */
	int small_pages;	/* takes arenas of 4 KiB pages */
	int by_frame;		/* map() stands on frames, and pins nothing */
	int unpinned;		/* the user's word, from whoever opened it:
				 * map() may do without a pin */
};

struct transport_ops {
	uint32_t (*reg_read)(struct transport *, unsigned int offset,
			     unsigned int width);
	void (*reg_write)(struct transport *, unsigned int offset,
			  unsigned int width, uint32_t value);
	uint32_t (*bar_read)(struct transport *, unsigned int bar,
			     uint64_t offset, unsigned int width);
	void (*bar_write)(struct transport *, unsigned int bar, uint64_t offset,
			  unsigned int width, uint32_t value);
	/* 0 if the BAR is not there; bit 0 of *flags: I/O */
	uint64_t (*bar_size)(struct transport *, unsigned int bar,
			     uint32_t *flags);
	uint32_t (*config_read)(struct transport *, unsigned int offset,
				unsigned int width);
	void (*config_write)(struct transport *, unsigned int offset,
			     unsigned int width, uint32_t value);

	/* A local space (BAR2 or BAR3) as plain memory, up to close().  0;
	 * -EOPNOTSUPP where there is no such memory; NULL: nowhere. */
	int (*window)(struct transport *, unsigned int bar, void **address,
		      size_t *size);

	/* A descriptor of the caller's that maps a local space and nothing
	 * else, for another process; window_end() takes it back from whoever
	 * has it.  0, -EPERM: it shares a page; NULL: nowhere. */
	int (*window_lend)(struct transport *, unsigned int bar, int *fd,
			   uint32_t *handle);
	void (*window_end)(struct transport *, uint32_t handle);

	/* Bus mastering on or off; only the card's owner has it on. */
	int (*bus_master)(struct transport *, int on);
	/* Fills bus[] for every page of the arena; the card may reach it until
	 * unmap() returns. */
	int (*map)(struct transport *, const struct arena *, uint64_t *bus,
		   struct error *);
	void (*unmap)(struct transport *, const struct arena *,
		      const uint64_t *bus);
	/* Memory of the transport's own, which map() knows, for a card that
	 * doesn't reach what lies above 4 GiB; arena_free() before close().
	 * NULL: there is none. */
	int (*arena_below)(struct transport *, size_t size, struct arena **,
			   struct error *);
	/* A descriptor of the caller's that maps one page of that memory and
	 * nothing else, for another process; mappings by it end with the arena.
	 * There if arena_below() is.  0 or a negative errno. */
	int (*below_lend)(struct transport *, const struct arena *,
			  size_t page, int *fd);
	/* Descriptor memory below 4 GiB, zeroed, page aligned. */
	int (*coherent_alloc)(struct transport *, size_t size, void **cpu,
			      uint64_t *bus, struct error *);
	void (*coherent_free)(struct transport *, size_t size, void *cpu,
			      uint64_t bus);

	/* PAUSE leaves the channel held until RESUME or ABORT.  ABORT
	 * never aborts an idle channel; it waits up to 100 ms for Done and
	 * leaves the channel with Enable off and no interrupt pending.
	 * 0, -ETIMEDOUT (Done stays 0: the channel's interrupt is off, and its
	 * Enable), -ENODEV (all ones). */
	int (*channel_control)(struct transport *, unsigned int channel,
			       enum transport_control);
	/* PCI Status 13:11, cleared; *status receives what was set since the
	 * last call, be it cleared here or by the handler. */
	int (*clear_status)(struct transport *, uint16_t *status);
	/* Software reset and EEPROM reload, configuration space restored. */
	int (*reset)(struct transport *);

	/* eventfd of a source, owned by the transport.  From the start the
	 * handler has INTCSR[8] and the sources DMA0, DMA1 and ABORT on,
	 * DOORBELL and LINT off: MODE[10] alone says whether a channel
	 * interrupts (chip ref. 4.1, the trap). */
	int (*irq_fd)(struct transport *, enum plxdma_irq_source);
	int (*irq_read)(struct transport *, enum plxdma_irq_source,
			struct plxdma_irq_event *);
	int (*irq_enable)(struct transport *, enum plxdma_irq_source, int on);

	/* Work that somebody has to drive (the software card's inline engine);
	 * fd is -1 where there is none. */
	int (*service_fd)(struct transport *);
	void (*service)(struct transport *);

	int (*fault)(struct transport *, const char *fault, struct error *);
	/* Only what the card itself counts; fields it doesn't know are left. */
	void (*counters)(struct transport *, struct plxdma_counters *);
	void (*close)(struct transport *);
};

struct transport {
	const struct transport_ops *ops;
	struct transport_info info;
};

/* "model:OPTIONS" or "uio:ADDRESS". */
int transport_open(const char *spec, struct transport **transport,
		   struct error *error);

#endif
