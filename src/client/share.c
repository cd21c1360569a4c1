/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arena that the daemon lends: mapped here, cut up by this process's own
 * heap, named by offsets. What bus addresses lie behind it is not told.
 */
#include "client/share.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "mem/heap.h"

/* Handles of the daemon's cards have the upper bit set; apart from that each
 * memory of a process has its own tag, so that none takes another's. */
#define TAG_DAEMON UINT64_C(0x8000)
#define TAG_MASK UINT64_C(0x7fff)

int share_new(const char *path, const struct front_spec *spec,
	      struct client_share **share, struct error *error)
{
	struct client_share *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return error_set(error, -ENOMEM, "no memory for a card");
	err = connection_open(path, &made->connection, error);
	if (err) {
		free(made);
		return err;
	}
	pthread_mutex_init(&made->lock, NULL);
	made->spec = *spec;
	made->cards = 1;
	*share = made;
	return 0;
}

void share_join(struct client_share *share)
{
	pthread_mutex_lock(&share->lock);
	share->cards++;
	pthread_mutex_unlock(&share->lock);
}

unsigned int share_leave(struct client_share *share)
{
	unsigned int left;

	pthread_mutex_lock(&share->lock);
	left = --share->cards;
	pthread_mutex_unlock(&share->lock);
	if (left)
		return left;
	if (share->made) {
		heap_free(share->memory.heap);
		munmap(share->memory.base, share->memory.size);
	}
	connection_close(&share->connection);
	pthread_mutex_destroy(&share->lock);
	free(share);
	return 0;
}

static uint64_t tag_next(void)
{
	static _Atomic uint32_t count;

	return (TAG_DAEMON | (atomic_fetch_add(&count, 1) & TAG_MASK))
	       << FRONT_TAG_SHIFT;
}

static int arena_ask(struct client_share *share, uint32_t card,
		     struct packet *packet, struct error *error)
{
	connection_request(packet, WIRE_ARENA);
	packet->message.arena.card = card;
	packet->message.arena.size = share->spec.arena;
	packet->message.arena.node = share->spec.node;
	packet->message.arena.observed = share->spec.observed != 0;
	share->memory.read_only = share->spec.observed;
	packet->message.arena.page_size = share->spec.small_pages ?
					  WIRE_SMALL_PAGES :
					  share->spec.page_size;
	return connection_ask(&share->connection, packet, 1, error);
}

static int map_failure(struct error *error)
{
	return error_set(error, -errno, "can't map the memory that plxdmad "
			 "lends: %s", strerror(errno));
}

static int file_map(struct front_memory *memory, int fd, struct error *error)
{
	struct stat st;

	if (fstat(fd, &st) || st.st_size < (off_t)memory->size)
		return error_set(error, -EPROTO, "plxdmad lends less memory "
				 "than it says");
	memory->base = mmap(NULL, memory->size,
			    memory->read_only ? PROT_READ :
						PROT_READ | PROT_WRITE,
			    MAP_SHARED, fd, 0);
	if (memory->base == MAP_FAILED)
		return map_failure(error);
	madvise(memory->base, memory->size, MADV_DONTDUMP);
	return 0;
}

static int part_ask(struct client_share *share, uint32_t card, uint32_t part,
		    struct packet *packet, struct error *error)
{
	connection_request(packet, WIRE_ARENA_PART);
	packet->message.part.card = card;
	packet->message.part.part = part;
	return connection_ask(&share->connection, packet, 1, error);
}

/* Memory for a card that doesn't reach hugepages has a descriptor a part. */
static int parts_map(struct client_share *share, uint32_t card, int first,
		     size_t size, struct error *error)
{
	struct front_memory *memory = &share->memory;
	struct packet packet = { .fds = { first } };
	size_t at;
	int err = 0;

	memory->base = mmap(NULL, memory->size, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory->base == MAP_FAILED)
		return map_failure(error);
	for (at = 0; !err && at < memory->size; at += size) {
		if (at)
			err = part_ask(share, card, (uint32_t)(at / size),
				       &packet, error);
		if (err)
			break;
		if (mmap(memory->base + at, size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, packet.fds[0], 0) ==
		    MAP_FAILED)
			err = map_failure(error);
		if (at)
			packet_close_fds(&packet);
	}
	if (err)
		munmap(memory->base, memory->size);
	return err;
}

static int arena_map(struct client_share *share, uint32_t card,
		     const struct packet *packet, struct error *error)
{
	const struct wire_arena_made *made = &packet->message.arena_made;

	share->memory.size = made->size;
	if (made->part == made->size)
		return file_map(&share->memory, packet->fds[0], error);
	if (!made->part || made->size % made->part)
		return error_set(error, -EPROTO, "plxdmad lends memory of odd "
				 "parts");
	return parts_map(share, card, packet->fds[0], made->part, error);
}

static int memory_make(struct client_share *share, uint32_t card,
		       struct error *error)
{
	struct front_memory *memory = &share->memory;
	struct packet packet;
	int err = arena_ask(share, card, &packet, error);

	if (err)
		return err;
	err = arena_map(share, card, &packet, error);
	packet_close_fds(&packet);
	if (err)
		return err;
	err = heap_new(memory->size, &memory->heap);
	if (err) {
		munmap(memory->base, memory->size);
		return error_set(error, err, "no memory for a heap");
	}
	memory->tag = tag_next();
	share->made = 1;
	return 0;
}

int share_memory(struct client_share *share, uint32_t card,
		 struct front_memory **memory, struct error *error)
{
	int err = 0;

	pthread_mutex_lock(&share->lock);
	if (!share->made)
		err = memory_make(share, card, error);
	pthread_mutex_unlock(&share->lock);
	*memory = &share->memory;
	return err;
}
