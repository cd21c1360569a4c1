/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arena that the daemon lends: mapped here, cut up by this process's own
 * heap, named by offsets. What bus addresses lie behind it is not told.
 */
#include "client/card.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem/heap.h"

/* Handles of the daemon's cards have the upper bit set; apart from that each
 * memory of a process has its own tag, so that none takes another's. */
#define TAG_DAEMON UINT64_C(0x8000)
#define TAG_MASK UINT64_C(0x7fff)

static uint64_t tag_next(void)
{
	static _Atomic uint32_t count;

	return (TAG_DAEMON | (atomic_fetch_add(&count, 1) & TAG_MASK))
	       << FRONT_TAG_SHIFT;
}

static int arena_ask(struct client_card *card, struct packet *packet,
		     struct error *error)
{
	connection_request(packet, WIRE_ARENA);
	packet->message.arena.card = card->number;
	packet->message.arena.size = card->spec.arena;
	packet->message.arena.node = card->spec.node;
	packet->message.arena.page_size = card->spec.small_pages ?
					  WIRE_SMALL_PAGES :
					  card->spec.page_size;
	return connection_ask(&card->connection, packet, 1, error);
}

static int arena_map(struct front_memory *memory, int fd, uint64_t size,
		     struct error *error)
{
	struct stat st;

	if (fstat(fd, &st) || st.st_size < (off_t)size)
		return error_set(error, -EPROTO, "plxdmad lends less memory "
				 "than it says");
	memory->base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			    0);
	if (memory->base == MAP_FAILED)
		return error_set(error, -errno, "can't map the memory that "
				 "plxdmad lends: %s", strerror(errno));
	madvise(memory->base, size, MADV_DONTDUMP);
	memory->size = size;
	return 0;
}

static int memory_make(struct client_card *card, struct error *error)
{
	struct front_memory *memory = &card->memory;
	struct packet packet;
	int err = arena_ask(card, &packet, error);

	if (err)
		return err;
	err = arena_map(memory, packet.fds[0], packet.message.arena_made.size,
			error);
	packet_close_fds(&packet);
	if (err)
		return err;
	err = heap_new(memory->size, &memory->heap);
	if (err) {
		munmap(memory->base, memory->size);
		return error_set(error, err, "no memory for a heap");
	}
	memory->tag = tag_next();
	/* Published whole: readers take no lock. */
	__atomic_store_n(&card->front.memory, memory, __ATOMIC_RELEASE);
	return 0;
}

int client_memory(struct plxdma_card *front, struct error *error)
{
	struct client_card *card = client_card(front);
	int err = 0;

	pthread_mutex_lock(&card->lock);
	if (!card->front.memory)
		err = memory_make(card, error);
	pthread_mutex_unlock(&card->lock);
	return err;
}

void client_memory_free(struct client_card *card)
{
	if (!card->front.memory)
		return;
	heap_free(card->memory.heap);
	munmap(card->memory.base, card->memory.size);
}

/* Pieces of one answer, as far as there is room. Returns bytes covered. */
static uint64_t pieces_add(const struct client_card *card,
			   const struct wire_runs *runs, uint64_t offset,
			   uint32_t local, struct plxdma_segment *segments,
			   unsigned int *used, unsigned int room)
{
	uint64_t covered = 0;

	for (uint32_t i = 0; i < runs->count && i < WIRE_STRETCHES; i++) {
		if (*used < room)
			segments[*used] = (struct plxdma_segment){
				.handle = card->memory.tag + offset + covered,
				.length = runs->lengths[i],
				.local = local + (uint32_t)covered,
			};
		++*used;
		covered += runs->lengths[i];
	}
	return covered;
}

int client_map_sg(struct plxdma_card *front, uint64_t offset, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count, struct error *error)
{
	struct client_card *card = client_card(front);
	struct packet packet;
	unsigned int used = 0;
	uint64_t covered;
	int err;

	while (size) {
		connection_request(&packet, WIRE_RUNS);
		packet.message.range.card = card->number;
		packet.message.range.offset = offset;
		packet.message.range.size = size;
		err = connection_ask(&card->connection, &packet, 0, error);
		if (err)
			return err;
		covered = pieces_add(card, &packet.message.runs, offset, local,
				     segments, &used, count);
		if (!covered || covered > size)
			return error_set(error, -EPROTO, "plxdmad's answer "
					 "doesn't cover the range");
		offset += covered;
		local += (uint32_t)covered;
		size -= covered;
	}
	if (used > count)
		return error_set(error, -ENOSPC, "the range has %u pieces, "
				 "there is room for %u", used, count);
	return (int)used;
}
