/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptor memory: chunks, classes, free lists. */
#include "dma/pool.h"

#include <errno.h>
#include <stdlib.h>

#include "transport/transport.h"

struct pool_chunk {
	struct pool_chunk *next;
	void *cpu;
	uint64_t bus;
	size_t size;
	size_t block_size;
	int abandoned;
	struct pool_block blocks[];
};

static size_t class_size(unsigned int class)
{
	return (size_t)POOL_SMALLEST << class;
}

static unsigned int class_of(size_t size)
{
	unsigned int class = 0;

	while (class_size(class) < size)
		class++;
	return class;
}

int pool_init(struct pool *pool, struct transport *transport)
{
	*pool = (struct pool){.transport = transport};
	return -pthread_mutex_init(&pool->lock, NULL);
}

void pool_destroy(struct pool *pool)
{
	struct pool_chunk *chunk, *next;

	for (chunk = pool->chunks; chunk; chunk = next) {
		next = chunk->next;
		if (!chunk->abandoned)
			pool->transport->ops->coherent_free(
				pool->transport, chunk->size, chunk->cpu,
				chunk->bus);
		free(chunk);
	}
	pthread_mutex_destroy(&pool->lock);
}

/* Cuts a new chunk into blocks of one class and frees them all. */
static void chunk_cut(struct pool *pool, struct pool_chunk *chunk,
		      unsigned int class, size_t count)
{
	size_t i;

	for (i = count; i-- > 0;) {
		struct pool_block *block = &chunk->blocks[i];

		block->cpu = (char *)chunk->cpu + i * chunk->block_size;
		block->bus = (uint32_t)(chunk->bus + i * chunk->block_size);
		block->size = (uint32_t)chunk->block_size;
		block->class = class;
		block->next = pool->free[class];
		pool->free[class] = block;
	}
}

static int pool_grow(struct pool *pool, unsigned int class,
		     struct error *error)
{
	size_t block_size = class_size(class);
	size_t size = block_size > POOL_CHUNK ? block_size : POOL_CHUNK;
	size_t count = size / block_size;
	const struct transport_ops *ops = pool->transport->ops;
	struct pool_chunk *chunk;
	int result;

	chunk = calloc(1, sizeof(*chunk) + count * sizeof(chunk->blocks[0]));
	if (!chunk)
		return error_set(error, -ENOMEM, "out of memory");
	result = ops->coherent_alloc(pool->transport, size, &chunk->cpu,
				     &chunk->bus, error);
	if (result)
		goto out_free;
	if (chunk->bus + size > UINT64_C(1) << 32) {
		result = error_set(error, -ENXIO,
				   "descriptor memory at bus address %#llx: "
				   "the chip's pointer has 32 bits; the "
				   "transport must give memory below 4 GiB",
				   (unsigned long long)chunk->bus);
		goto out_give;
	}
	chunk->size = size;
	chunk->block_size = block_size;
	chunk->next = pool->chunks;
	pool->chunks = chunk;
	pool->bytes += size;
	chunk_cut(pool, chunk, class, count);
	return 0;

out_give:
	ops->coherent_free(pool->transport, size, chunk->cpu, chunk->bus);
out_free:
	free(chunk);
	return result;
}

int pool_take(struct pool *pool, size_t size, struct pool_block **block,
	      struct error *error)
{
	unsigned int class;
	int result = 0;

	if (size > POOL_LARGEST)
		return error_set(error, -EMSGSIZE,
				 "the chain would take %zu bytes of "
				 "descriptors, more than %zu: split the "
				 "transfer", size, POOL_LARGEST);
	class = class_of(size);
	pthread_mutex_lock(&pool->lock);
	if (!pool->free[class])
		result = pool_grow(pool, class, error);
	if (!result) {
		*block = pool->free[class];
		pool->free[class] = (*block)->next;
	}
	pthread_mutex_unlock(&pool->lock);
	return result;
}

void pool_give(struct pool *pool, struct pool_block *block)
{
	if (!block)
		return;
	pthread_mutex_lock(&pool->lock);
	block->next = pool->free[block->class];
	pool->free[block->class] = block;
	pthread_mutex_unlock(&pool->lock);
}

void pool_abandon(struct pool *pool, struct pool_block *block)
{
	struct pool_chunk *chunk;

	if (!block)
		return;
	pthread_mutex_lock(&pool->lock);
	for (chunk = pool->chunks; chunk; chunk = chunk->next)
		if (block >= chunk->blocks &&
		    block < chunk->blocks + chunk->size / chunk->block_size)
			chunk->abandoned = 1;
	pthread_mutex_unlock(&pool->lock);
}
