/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A buffer of a card's memory, on the card's list.
 */
#ifndef PLXAPI_ALLOCATION_H
#define PLXAPI_ALLOCATION_H

#include "plxapi/memory.h"

struct allocation {
	struct allocation *next;
	struct device *owner; /* NULL: the common buffer, which is the card's */
	void *cpu;
	plxdma_handle handle;
	U32 size;
	int mapped;
};

/* Under the memory's lock.  @owner NULL: the common buffer. */
struct allocation *allocation_add(struct crate_card *card,
				  struct device *owner, U32 size);
struct allocation *allocation_unlink(struct allocation **place);
/* Where it hangs on the list; NULL: there is none. */
struct allocation **allocation_find(struct memory *memory,
				    const struct device *owner, U64 handle);

/* Without the lock, of what was unlinked. */
void allocation_free(struct crate_card *card, struct allocation *allocation);

#endif
