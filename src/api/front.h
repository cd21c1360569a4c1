/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The two front doors behind the public functions.
 *
 * src/api checks what every call needs checked (NULL, struct sizes), keeps the
 * error texts, and calls through this table; src/dma's front drives a card in
 * this process, src/client's asks the daemon.  A front's objects begin with
 * the public structures below.
 */
#ifndef FRONT_H
#define FRONT_H

#include <plxdma/plxdma.h>

#include "error/error.h"

struct front_ops {
	/* 1: somebody else holds the card, so it may be opened again. */
	int lent;
	int (*info)(struct plxdma_card *, struct plxdma_card_info *,
		    struct error *);
	int (*counters)(struct plxdma_card *, struct plxdma_counters *,
			struct error *);
	int (*reset)(struct plxdma_card *, struct error *);
	int (*verify)(struct plxdma_card *, struct error *);
	int (*fault)(struct plxdma_card *, const char *, struct error *);
	int (*report)(struct plxdma_card *, int fd, struct error *);
	int (*tuning_get)(struct plxdma_card *, struct plxdma_tuning *,
			  struct error *);
	int (*tuning_set)(struct plxdma_card *, const struct plxdma_tuning *,
			  struct error *);
	void (*close)(struct plxdma_card *);

	int (*claim)(struct plxdma_card *, enum plxdma_claimed,
		     uint64_t lease_ms, int64_t timeout_ns, struct error *);
	int (*claim_release)(struct plxdma_card *, enum plxdma_claimed,
			     struct error *);
	int (*claim_holder)(struct plxdma_card *, enum plxdma_claimed,
			    struct plxdma_holder *, struct error *);

	/* Makes the arena if there is none yet; sets card->memory. */
	int (*memory)(struct plxdma_card *, struct error *);
	int (*map_sg)(struct plxdma_card *, uint64_t offset, size_t size,
		      uint32_t local, struct plxdma_segment *,
		      unsigned int count, struct error *);

	int (*reg)(struct plxdma_card *, int write, unsigned int offset,
		   unsigned int width, uint32_t *value, struct error *);
	int (*bar)(struct plxdma_card *, int write, unsigned int bar,
		   uint64_t offset, unsigned int width, uint32_t *value,
		   struct error *);
	int (*config)(struct plxdma_card *, int write, unsigned int offset,
		      unsigned int width, uint32_t *value, struct error *);
	int (*eeprom)(struct plxdma_card *, int write, unsigned int offset,
		      uint16_t *words, unsigned int count, struct error *);
	/* Steps that step_check() has passed, at least one. */
	int (*batch)(struct plxdma_card *, struct plxdma_step *,
		     unsigned int count, unsigned int *done, struct error *);
	int (*window_map)(struct plxdma_card *, unsigned int bar,
			  volatile void **address, size_t *size,
			  struct error *);
	int (*window_unmap)(struct plxdma_card *, unsigned int bar,
			    struct error *);

	int (*irq_fd)(struct plxdma_card *, enum plxdma_irq_source,
		      struct error *);
	int (*irq_read)(struct plxdma_card *, enum plxdma_irq_source,
			struct plxdma_irq_event *, struct error *);
	int (*irq_enable)(struct plxdma_card *, enum plxdma_irq_source, int on,
			  struct error *);

	/* NULL where only this process has the card. */
	int (*observer_open)(struct plxdma_card *, unsigned int channel,
			     struct plxdma_observer **, struct error *);
	void (*observer_close)(struct plxdma_observer *);
	int (*observer_take)(struct plxdma_observer *, uint64_t watermark,
			     int64_t timeout_ns, struct plxdma_block *,
			     struct error *);
	int (*observer_give)(struct plxdma_observer *);
	int (*observer_fd)(struct plxdma_observer *);
	void (*observer_stats)(const struct plxdma_observer *,
			       struct plxdma_observer_stats *);
	/* A run begins, or has ended; nothing where nobody may observe. */
	int (*publish)(struct plxdma_channel *, int runs, uint64_t run,
		       uint64_t sequence, int64_t tai_offset_ns,
		       struct error *);

	int (*channel_open)(struct plxdma_card *, unsigned int index,
			    struct plxdma_channel **, struct error *);
	void (*channel_close)(struct plxdma_channel *);
	int (*channel_mode)(struct plxdma_channel *, const struct plxdma_mode *,
			    struct error *);
	int (*channel_waiting)(struct plxdma_channel *, enum plxdma_waiting,
			       struct error *);
	int (*channel_fd)(struct plxdma_channel *, struct error *);
	struct plxdma_transfer *(*channel_reap)(struct plxdma_channel *,
						struct plxdma_result *);

	int (*transfer_new)(struct plxdma_channel *,
			    const struct plxdma_request *,
			    struct plxdma_transfer **, struct error *);
	int (*transfer_change)(struct plxdma_transfer *,
			       const struct plxdma_request *, struct error *);
	void (*transfer_free)(struct plxdma_transfer *);
	/* -EINVAL, -ENODATA: see plxdma_transfer_value(). */
	int (*transfer_value)(const struct plxdma_transfer *,
			      unsigned int step, uint32_t *value);
	int (*submit)(struct plxdma_transfer *, struct error *);
	/* timeout 0: poll.  Takes the transfer when it ended. */
	int (*wait)(struct plxdma_transfer *, int64_t timeout_ns,
		    struct plxdma_result *, struct error *);
	/* As PLXDMA_RUNNING: if nothing else has to end for it, else -EBUSY. */
	int (*cancel)(struct plxdma_transfer *, enum plxdma_status,
		      struct error *);
};

/* A card's memory in this process: what alloc, free and handles need. */
struct front_memory {
	char *base;
	uint64_t size;
	struct heap *heap;
	uint64_t tag;		/* upper 16 bits of its handles */
	int read_only;		/* but for the card */
};

struct plxdma_card {
	const struct front_ops *ops;
	struct front_memory *memory;	/* NULL until the first use */
	/* Of the names file, "": opened by a spec.  Whoever opened it by the
	 * name sets it. */
	char alias[PLXDMA_NAME];
	char *text;		/* what it was opened by, likewise */
};

struct plxdma_channel {
	const struct front_ops *ops;
	struct plxdma_card *card;
};

struct plxdma_observer {
	const struct front_ops *ops;
	struct plxdma_card *card;
	unsigned int watermark;
};

struct plxdma_transfer {
	const struct front_ops *ops;
	struct plxdma_channel *channel;
	void *user;
};

#define FRONT_TAG_SHIFT 48

/* Offset of a handle, or UINT64_MAX if [handle, handle + length) is not this
 * memory's. */
static inline uint64_t front_offset(const struct front_memory *memory,
				    plxdma_handle handle, uint64_t length)
{
	uint64_t offset = handle - memory->tag;

	if (offset > memory->size || length > memory->size - offset)
		return UINT64_MAX;
	return offset;
}

/* What a spec says that no transport needs to know. */
struct front_spec {
	char rest[512];		/* the spec without these options */
	uint64_t arena;		/* arena=SIZE */
	uint64_t page_size;	/* pages=2M|1G, 0: the smallest hugepage */
	int small_pages;	/* pages=small */
	int node;		/* node=N, -1: the card's */
	int unpinned;
	int reset_allowed;	/* reset=allowed */
	int observed;		/* observers=yes */
	/* The last of arena, pages, node and observers that was given, NULL: none. */
	const char *memory_option;
};

/* Splits a spec.  Return: 0 or -EINVAL with a text. */
int front_spec_parse(const char *text, struct front_spec *spec,
		     struct error *error);

/* What plxdma_open() and plxdma_open_beside() call, by the spec's prefix.
 * @beside: NULL, or a card of the same door whose memory is to be shared. */
int front_direct_open(const char *spec, struct plxdma_card *beside,
		      struct plxdma_card **card, struct error *error);
int front_daemon_open(const char *spec, struct plxdma_card *beside,
		      struct plxdma_card **card, struct error *error);

/* What "auto" calls: the spec of the only card that the kernel stub has.
 * -ENOTUNIQ or -ENODEV, with a text that says what to type. */
int front_hardware_find(char *spec, size_t room, struct error *error);

/* What plxdma_list() calls: the daemon's cards. */
int front_daemon_list(char (*names)[PLXDMA_NAME], unsigned int count,
		      struct error *error);
/* What plxdma_daemon_tell() calls. */
int front_daemon_tell(enum plxdma_told what, uint64_t after, int fd,
		      struct error *error);

#endif
