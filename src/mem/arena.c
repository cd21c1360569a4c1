/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How an arena is made: file, mapping, node, pages, frames, order, pin, seals,
 * in that order.  Frames must be in order before the pin (it would keep the
 * old pages), and the pin be in force before anybody is given an address.
 *
 * The file isn't sealed against shrinking: its owner truncates it when a
 * client is gone, so that nobody keeps pages through an old mapping.  One that
 * observers read is: they would run into SIGBUS, and nobody can punch it.
 */
#include "arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem/file.h"
#include "mem/geometry.h"
#include "mem/hugepages.h"
#include "mem/node.h"
#include "mem/order.h"
#include "mem/pagemap.h"
#include "mem/pin.h"

#define SETTLE_ATTEMPTS 75
#define SETTLE_US 20000

struct arena_private {
	struct pin *pin;
	uint64_t *now;		/* room for arena_verify() */
};

static int out_of_memory(struct error *error)
{
	return error_set(error, -ENOMEM, "arena: out of memory");
}

int arena_prepare(struct error *error)
{
	int rc = pagemap_open();

	if (rc)
		return error_set(error, rc, "arena: /proc/self/pagemap can't "
			"be opened: %s; is /proc mounted, and is it this "
			"user's?", strerror(-rc));
	return pin_prepare(error);
}

static int tables_new(struct arena *arena, struct error *error)
{
	struct arena_private *private = calloc(1, sizeof(*private));

	arena->private = private;
	arena->frames = calloc(arena->pages, sizeof(*arena->frames));
	arena->quarantine = calloc(arena->pages, sizeof(*arena->quarantine));
	if (private)
		private->now = calloc(arena->pages, sizeof(*private->now));
	if (!private || !private->now || !arena->frames || !arena->quarantine)
		return out_of_memory(error);
	return 0;
}

static int map(struct arena *arena, int node, struct error *error)
{
	void *base = mmap(NULL, arena->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			  arena->fd, 0);

	if (base == MAP_FAILED && errno == ENOMEM)
		return hugepages_short(error, arena->pages, arena->page_size,
				       node);
	if (base == MAP_FAILED)
		return error_set(error, -errno, "arena: mmap of %zu MiB: %s",
				 arena->size >> 20, strerror(errno));
	arena->base = base;
	if (madvise(base, arena->size, MADV_DONTDUMP) ||
	    madvise(base, arena->size, MADV_DONTFORK))
		return error_set(error, -errno, "arena: madvise: %s",
				 strerror(errno));
	return 0;
}

static struct order_file file_of(const struct arena *arena)
{
	return (struct order_file){
		.fd = arena->fd,
		.base = arena->base,
		.pages = arena->pages,
		.page_shift = arena->page_shift,
	};
}

static int populate(const struct arena *arena, int node, struct error *error)
{
	const struct order_file file = file_of(arena);
	int rc = order_populate(&file);

	/* An empty pool is -EFAULT (a touch would be SIGBUS), or -ENOMEM. */
	if (rc == -EFAULT || rc == -ENOMEM)
		return hugepages_short(error, arena->pages, arena->page_size,
				       node);
	if (rc == -EINVAL)
		return error_set(error, -ENOTSUP, "arena: no "
			"MADV_POPULATE_WRITE; Linux 5.14 or later has it");
	if (rc)
		return error_set(error, rc, "arena: faulting %zu pages: %s",
				 arena->pages, strerror(-rc));
	return 0;
}

static int frames_known(const struct arena *arena)
{
	size_t i;

	for (i = 0; i < arena->pages; i++)
		if (arena->frames[i] == PAGEMAP_UNKNOWN ||
		    arena->frames[i] == PAGEMAP_HOLE)
			return 0;
	return 1;
}

static int frames_order(struct arena *arena, int node, struct error *error)
{
	const struct order_file file = file_of(arena);
	int rc = pagemap_frames(arena->base, arena->pages, arena->page_shift,
				arena->frames);

	if (rc)
		return error_set(error, rc, "arena: reading /proc/self/pagemap: "
				 "%s", strerror(-rc));
	/* Small pages lie anywhere; only the software card takes them. */
	if (frames_known(arena) && arena->page_size > ARENA_SMALL_PAGE)
		rc = order_frames(&file, arena->frames);
	if (rc == -EFAULT || rc == -ENOMEM)
		return hugepages_short(error, arena->pages, arena->page_size,
				       node);
	if (rc < 0)
		return error_set(error, rc, "arena: putting %zu pages in frame "
				 "order: %s", arena->pages, strerror(-rc));
	arena->frames_known = frames_known(arena);
	if (!arena->frames_known)
		memset(arena->frames, 0, arena->pages * sizeof(*arena->frames));
	return 0;
}

/*
 * Small pages go on without a pin: their only user is the software card,
 * which reaches memory by this mapping, and they are what is left to a user
 * whose RLIMIT_MEMLOCK is tight.
 */
static int pin(struct arena *arena, unsigned int flags, struct error *error)
{
	int rc = pin_new(arena->base, arena->size, &arena->private->pin, error);

	if (!rc)
		arena->pin = PLXDMA_PIN_MIGRATION;
	else if (flags & (ARENA_UNPINNED | ARENA_SMALL_PAGES))
		rc = 0;
	return rc;
}

static int fill(struct arena *arena, const struct arena_options *options,
		struct error *error)
{
	int rc;

	rc = tables_new(arena, error);
	if (!rc)
		rc = file_new(arena, error);
	if (!rc)
		rc = map(arena, options->node, error);
	if (!rc)
		rc = node_bind(arena, options->node, error);
	if (!rc)
		rc = populate(arena, options->node, error);
	if (!rc)
		rc = frames_order(arena, options->node, error);
	if (!rc)
		rc = node_verify(arena, options->node, error);
	if (!rc)
		rc = pin(arena, options->flags, error);
	if (!rc)
		rc = file_seal(arena, options->flags, error);
	return rc;
}

static int arena_try(const struct arena_options *options, struct arena **arena,
		     struct error *error)
{
	struct arena *made = calloc(1, sizeof(*made));
	int rc;

	if (!made)
		return out_of_memory(error);
	made->fd = -1;
	made->node = -1;
	rc = geometry_choose(made, options, error);
	if (!rc)
		rc = fill(made, options, error);
	if (rc) {
		arena_free(made);
		return rc;
	}
	*arena = made;
	return 0;
}

int arena_new(const struct arena_options *options, struct arena **arena,
	      struct error *error)
{
	int attempt, rc;

	/* The pages of an arena that was freed just now may still be on their
	 * way back: wait for them before there are said to be none. */
	for (attempt = 0; ; attempt++) {
		rc = arena_try(options, arena, error);
		if (rc != -ENOMEM || attempt == SETTLE_ATTEMPTS ||
		    !pin_settling())
			return rc;
		usleep(SETTLE_US);
	}
}

static void unpin(struct arena *arena)
{
	if (!arena->private)
		return;
	pin_free(arena->private->pin);
	arena->private->pin = NULL;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	if (arena->release) {
		arena->release(arena);
		return;
	}
	unpin(arena);
	if (arena->base)
		munmap(arena->base, arena->size);
	if (arena->fd >= 0)
		close(arena->fd);
	if (arena->private)
		free(arena->private->now);
	free(arena->private);
	free(arena->quarantine);
	free(arena->frames);
	free(arena);
}

void arena_destroy(struct arena *arena)
{
	struct order_file file;
	int rc;

	if (!arena || arena->release || arena->read_only) {
		arena_free(arena);
		return;
	}
	unpin(arena);
	file = file_of(arena);
	if (arena->page_size > ARENA_SMALL_PAGE)
		order_give_back(&file);
	/* A file that can't be truncated is empty all the same. */
	rc = ftruncate(arena->fd, 0);
	(void)rc;
	arena_free(arena);
}

static void quarantine(struct arena *arena, size_t page)
{
	if (!__atomic_exchange_n(&arena->quarantine[page], 1,
				 __ATOMIC_RELAXED))
		__atomic_fetch_add(&arena->moved, 1, __ATOMIC_RELEASE);
}

/* Is it elsewhere than when it was mapped? */
static int frame_changed(const struct arena *arena, size_t page, uint64_t now)
{
	return now != PAGEMAP_HOLE && now != PAGEMAP_UNKNOWN &&
	       arena->frames_known && now != arena->frames[page];
}

int arena_verify(struct arena *arena, size_t *holes)
{
	size_t page, found = 0;
	uint64_t *now;
	int rc;

	if (holes)
		*holes = 0;
	if (arena->release)
		return 0;
	now = arena->private->now;
	rc = pagemap_frames(arena->base, arena->pages, arena->page_shift, now);
	if (rc)
		return rc;
	for (page = 0; page < arena->pages; page++) {
		if (now[page] == PAGEMAP_HOLE)
			found++;
		else if (frame_changed(arena, page, now[page]))
			quarantine(arena, page);
	}
	if (holes)
		*holes = found;
	return arena->frames_known ? (int)arena->moved : -ENODATA;
}

int arena_verify_pages(struct arena *arena, size_t first, size_t last)
{
	uint64_t now;
	size_t page;
	int rc, found = 0;

	if (arena->release)
		return 0;
	for (page = first; page <= last; page++) {
		rc = pagemap_frames(arena->base + (page << arena->page_shift),
				    1, arena->page_shift, &now);
		if (rc)
			return rc;
		if (frame_changed(arena, page, now))
			quarantine(arena, page);
		found += arena->quarantine[page];
	}
	return arena->frames_known ? found : -ENODATA;
}
