/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An observer's end of what the daemon publishes: a look at the mark before,
 * one after, and no trust in any number between.
 */
#include "published.h"

static const struct wire_place *place_of(const struct reader *reader,
					 uint64_t number)
{
	return &reader->area->places[number % WIRE_PLACES];
}

static uint64_t next_of(const struct reader *reader)
{
	return atomic_load_explicit(&reader->area->next, memory_order_acquire);
}

void reader_init(struct reader *reader, const struct wire_published *area,
		 uint64_t size)
{
	*reader = (struct reader){ .area = area, .size = size };
	reader->position = next_of(reader);
}

int reader_intact(const struct reader *reader, uint64_t number)
{
	/* What was read of the block was read before this. */
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&place_of(reader, number)->mark,
				    memory_order_relaxed) == number + 1;
}

static int copy(const struct reader *reader, uint64_t number,
		struct reader_block *block)
{
	const struct wire_place *place = place_of(reader, number);

	if (atomic_load_explicit(&place->mark, memory_order_acquire) !=
	    number + 1)
		return 0;
	*block = (struct reader_block){
		.number = number,
		.offset = atomic_load_explicit(&place->offset,
					       memory_order_relaxed),
		.bytes = atomic_load_explicit(&place->bytes,
					      memory_order_relaxed),
		.time_ns = atomic_load_explicit(&place->time_ns,
						memory_order_relaxed),
		.run = atomic_load_explicit(&place->run, memory_order_relaxed),
		.status = atomic_load_explicit(&place->status,
					       memory_order_relaxed),
	};
	return reader_intact(reader, number) && block->offset <= reader->size &&
	       block->bytes <= reader->size - block->offset;
}

/* The first from @first on that is there, or @next. */
static uint64_t first_there(const struct reader *reader, uint64_t first,
			    uint64_t next)
{
	if (next - first > WIRE_PLACES)
		first = next - WIRE_PLACES;
	while (first != next && !reader_intact(reader, first))
		first++;
	return first;
}

/* Who is behind goes on half way, so as not to be behind again at once. */
static uint64_t go_on(const struct reader *reader, uint64_t from, uint64_t next)
{
	const uint64_t first = first_there(reader, from, next);
	const uint64_t half =
		first_there(reader, first + (next - first) / 2, next);

	return half == next ? first : half;
}

int reader_take(struct reader *reader, struct reader_block *block,
		uint64_t *missed)
{
	const uint64_t next = next_of(reader);
	uint64_t number = reader->position;

	*missed = 0;
	/* The owner has gone back, and so do we. */
	if (number > next)
		number = reader->position = next;
	while (number != next && !copy(reader, number, block))
		number = go_on(reader, number + 1, next);
	*missed = number - reader->position;
	reader->position = number;
	if (number == next)
		return 0;
	reader->position++;
	return 1;
}

uint64_t reader_ready(const struct reader *reader)
{
	const uint64_t next = next_of(reader);

	return next > reader->position ? next - reader->position : 0;
}

void reader_sleep(const struct reader *reader, struct wire_observer *observer,
		  uint64_t blocks)
{
	atomic_store_explicit(&observer->wants, reader->position + blocks,
			      memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
}

void reader_awake(struct wire_observer *observer)
{
	atomic_store_explicit(&observer->wants, 0, memory_order_relaxed);
}
