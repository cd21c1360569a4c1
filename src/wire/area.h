/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What client and daemon share of one channel: a submission ring, a completion
 * ring and the client's segment lists, in one sealed memfd.
 *
 * A channel belongs to one thread of the client, so each ring has one writer
 * and one reader. Every byte can be written by the client at any moment; the
 * daemon therefore keeps its own indices elsewhere (ring_server.h), copies an
 * entry before it looks at it, and never reads back what it has published.
 *
 * Memory order. An entry is written before the index that announces it is
 * stored with release, and read after that index was loaded with acquire;
 * likewise in the other direction for the index that gives a place back. A
 * side that goes to sleep stores its `sleeps` word, then looks at the ring
 * once more; a side that has announced an entry looks at the other's `sleeps`.
 * Each of these is a store followed by a load of another word, so both need a
 * sequentially consistent fence between: then at least one of them sees the
 * other's store, and no wake-up is lost. Every word that is polled has a cache
 * line to itself and its writer.
 *
 * The sleeper's word is exchanged for 0 by whoever wakes it: one wake-up a
 * sleep. tests/wire/order.pml is this paragraph for a model checker, which
 * tries every order of stores.
 */
#ifndef WIRE_AREA_H
#define WIRE_AREA_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <plxdma/recipe.h>

#define WIRE_RING 512		/* entries of each ring, a power of two */
#define WIRE_DEPTH 256		/* transfers under way of one channel */
#define WIRE_SLOTS 1024		/* prepared transfers of one channel */
#define WIRE_MODES 32		/* modes of one channel; 0 is the default */
#define WIRE_SEGMENTS 8192	/* pieces of all its segment lists */
#define WIRE_RECIPES 128	/* prepared transfers with a recipe */

/**
 * enum wire_op - what an entry asks for
 * @WIRE_SUBMIT:  run the slot's transfer with these numbers
 * @WIRE_PREPARE: check and build only
 * @WIRE_RELEASE: forget the slot; it must not be under way
 * @WIRE_CANCEL:  end the slot's transfer; its own completion comes first
 */
enum wire_op {
	WIRE_SUBMIT = 0,
	WIRE_PREPARE = 1,
	WIRE_RELEASE = 2,
	WIRE_CANCEL = 3,
};
#define WIRE_OPS 4

#define WIRE_SEGMENTED 1u	/* a list, not offset, local and length */
#define WIRE_SPINS 2u		/* the client spins: latency matters */
#define WIRE_RECIPE 4u		/* with the recipe that it was prepared with */
#define WIRE_FLAGS 7u

/* Every entry is answered by exactly one completion. */
struct wire_submission {
	uint64_t cookie;	/* comes back */
	uint64_t offset;	/* in the client's arena */
	uint64_t length;
	uint32_t local;
	uint32_t slot;
	uint32_t segment_first;	/* in the area */
	uint32_t segment_count;
	uint8_t op;		/* enum wire_op */
	uint8_t direction;	/* enum plxdma_direction */
	uint8_t form;		/* enum plxdma_form */
	uint8_t mode;		/* of those set for this channel */
	uint8_t flags;
	/* WIRE_CANCEL: how it shall have ended; PLXDMA_RUNNING: cancelled if
	 * nothing else has to end for it, else -EBUSY. */
	uint8_t status;
	uint8_t recipe;		/* where its values go */
	uint8_t reserved[17];
};

/**
 * enum wire_claimed - what the daemon says of the channel's claim
 * @WIRE_UNCLAIMED: nobody has it
 * @WIRE_OWN:	   this client has it
 * @WIRE_FOREIGN:  somebody else has it, or is about to
 *
 * A word to the wise: a client that doesn't heed it has its entries refused.
 */
enum wire_claimed {
	WIRE_UNCLAIMED = 0,
	WIRE_OWN = 1,
	WIRE_FOREIGN = 2,
};

struct wire_completion {
	uint64_t cookie;
	uint64_t bytes;
	int64_t time_ns;	/* struct plxdma_result's */
	uint16_t slot;
	int16_t error;		/* the entry was refused: negative errno */
	uint8_t op;
	uint8_t status;		/* enum plxdma_status */
	uint8_t bytes_exact;
	uint8_t reserved;
};

struct wire_segment {
	uint64_t offset;
	uint32_t length;
	uint32_t local;
};

/*
 * A recipe, written before the WIRE_PREPARE that takes it over: the daemon
 * keeps the copy that it has checked, and a submission only says that it is
 * meant.
 */
struct wire_recipe {
	uint32_t steps_count;
	uint32_t count_step;	/* which reads the count; beyond all: none */
	uint32_t count_unit;
	uint32_t reserved;
	uint8_t moments[PLXDMA_RECIPE_STEPS];
	struct plxdma_step steps[PLXDMA_RECIPE_STEPS];
};

/* What a transfer's recipe has read, written before its completion. */
struct wire_values {
	uint32_t known;		/* a bit for each step that was done */
	uint32_t values[PLXDMA_RECIPE_STEPS];
};

#define WIRE_LINE _Alignas(64)

struct wire_area {
	/* the client's */
	WIRE_LINE _Atomic uint32_t submit_tail;
	WIRE_LINE _Atomic uint32_t complete_head;
	WIRE_LINE _Atomic uint32_t client_sleeps;
	/* the daemon's */
	WIRE_LINE _Atomic uint32_t submit_head;
	WIRE_LINE _Atomic uint32_t complete_tail;
	WIRE_LINE _Atomic uint32_t daemon_sleeps;
	WIRE_LINE _Atomic int32_t state;	/* 0 or why nothing goes */
	_Atomic uint32_t claim;			/* enum wire_claimed */

	WIRE_LINE struct wire_submission submissions[WIRE_RING];
	WIRE_LINE struct wire_completion completions[WIRE_RING];
	WIRE_LINE struct wire_segment segments[WIRE_SEGMENTS];
	WIRE_LINE struct wire_recipe recipe;
	WIRE_LINE struct wire_values values[WIRE_RECIPES];
};

_Static_assert((WIRE_RING & (WIRE_RING - 1)) == 0, "indices are masked");
/* A client may have all transfers under way and still prepare or cancel. */
_Static_assert(WIRE_DEPTH < WIRE_RING, "room for what is no transfer");
_Static_assert(sizeof(struct wire_submission) == 64, "one cache line");
_Static_assert(offsetof(struct wire_submission, local) == 24, "layout");
_Static_assert(offsetof(struct wire_submission, op) == 40, "layout");
_Static_assert(sizeof(struct wire_completion) == 32, "layout");
_Static_assert(offsetof(struct wire_completion, op) == 28, "layout");
_Static_assert(sizeof(struct wire_segment) == 16, "layout");
_Static_assert(offsetof(struct wire_submission, recipe) == 46, "layout");
_Static_assert(sizeof(struct wire_recipe) == 16 + 32 + 32 * 24, "layout");
_Static_assert(sizeof(struct wire_values) == 132, "layout");
_Static_assert(PLXDMA_RECIPE_STEPS == 32, "a bit for each");
_Static_assert(offsetof(struct wire_area, submit_head) == 192, "layout");
_Static_assert(offsetof(struct wire_area, submissions) == 448, "layout");
_Static_assert(offsetof(struct wire_area, recipe) ==
	       448 + WIRE_RING * (64 + 32) + WIRE_SEGMENTS * 16, "layout");
_Static_assert(sizeof(struct wire_area) == offsetof(struct wire_area, recipe) +
	       832 + WIRE_RECIPES * 132, "no hidden padding");
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "shared between processes");

/* Memory that both share: a sealed memfd that can't shrink, mapped at *at.
 * Returns the descriptor or a negative errno. */
int wire_shared_new(size_t size, void **at);
/* Maps what the other side sent, after making sure that it can't shrink. */
int wire_shared_map(int fd, size_t size, void **at);
void wire_shared_unmap(void *at, size_t size);

/* A sealed area: a memfd that can't shrink, mapped at *area. Returns the
 * descriptor or a negative errno. */
int wire_area_new(struct wire_area **area);
/* Maps what the daemon sent, after making sure that it can't shrink. */
int wire_area_map(int fd, struct wire_area **area);
void wire_area_unmap(struct wire_area *area);

#endif
