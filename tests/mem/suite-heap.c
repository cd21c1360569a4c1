/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The heap against a shadow map: what it hands out is aligned, inside, and
 * nobody else's; what it is told to take back must be what it handed out.
 */
#include "suites.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem/heap.h"

#define MIB ((uint64_t)1 << 20)
#define UNIT 64
#define LIVE 4096

static uint64_t random_state = 88172645463325252u;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static uint64_t random_below(uint64_t bound)
{
	return random_next() % bound;
}

/* Sizes from 1 B to 1 MiB, each power of two as likely as another. */
static uint64_t random_size(void)
{
	return 1 + random_below((uint64_t)1 << random_below(21));
}

struct shadow {
	struct heap *heap;
	uint64_t size;
	uint8_t *taken;			/* per unit */
	uint64_t offset[LIVE], length[LIVE];
	unsigned int live;
	uint64_t asked;
};

static void shadow_new(struct shadow *shadow, uint64_t size)
{
	memset(shadow, 0, sizeof(*shadow));
	shadow->size = size;
	shadow->taken = calloc(size / UNIT, 1);
	ck_assert_ptr_nonnull(shadow->taken);
	ck_assert_int_eq(heap_new(size, &shadow->heap), 0);
}

static void shadow_free(struct shadow *shadow)
{
	heap_free(shadow->heap);
	free(shadow->taken);
}

static void shadow_mark(struct shadow *shadow, uint64_t offset, uint64_t length,
			uint8_t value)
{
	uint64_t unit;

	/* Asserting is slow: only what is wrong. */
	for (unit = offset / UNIT; unit * UNIT < offset + length; unit++) {
		if (shadow->taken[unit] == value)
			ck_abort_msg("offset %#lx is somebody's already",
				     unit * UNIT);
		shadow->taken[unit] = value;
	}
}

static int shadow_alloc(struct shadow *shadow, uint64_t length)
{
	uint64_t offset = heap_alloc(shadow->heap, length);

	if (offset == HEAP_NONE)
		return 0;
	ck_assert_uint_eq(offset % UNIT, 0);
	if (length >= 4096)
		ck_assert_uint_eq(offset % 4096, 0);
	ck_assert_uint_le(offset, shadow->size);
	ck_assert_uint_le(length, shadow->size - offset);
	shadow_mark(shadow, offset, length, 1);
	shadow->offset[shadow->live] = offset;
	shadow->length[shadow->live++] = length;
	shadow->asked += length;
	return 1;
}

static void shadow_release(struct shadow *shadow, unsigned int which)
{
	uint64_t offset = shadow->offset[which];

	ck_assert_int_eq(heap_release(shadow->heap, offset), 0);
	ck_assert_int_eq(heap_release(shadow->heap, offset), -EINVAL);
	shadow_mark(shadow, offset, shadow->length[which], 0);
	shadow->asked -= shadow->length[which];
	shadow->live--;
	shadow->offset[which] = shadow->offset[shadow->live];
	shadow->length[which] = shadow->length[shadow->live];
}

static int shadow_begins_at(const struct shadow *shadow, uint64_t offset)
{
	unsigned int i;

	for (i = 0; i < shadow->live; i++)
		if (shadow->offset[i] == offset)
			return 1;
	return 0;
}

/* What was never handed out, or is in the middle of something that was. */
static void shadow_wild(struct shadow *shadow)
{
	uint64_t offset = random_below(shadow->size + 8192);

	if (random_below(2))
		offset &= ~(uint64_t)(UNIT - 1);
	if (!shadow_begins_at(shadow, offset))
		ck_assert_int_eq(heap_release(shadow->heap, offset), -EINVAL);
}

static void shadow_stat(struct shadow *shadow)
{
	uint64_t used, largest, offset;

	heap_stat(shadow->heap, &used, &largest);
	ck_assert_uint_ge(used, shadow->asked);
	ck_assert_uint_le(used, shadow->size);
	ck_assert_uint_eq(heap_alloc(shadow->heap, largest + 1), HEAP_NONE);
	if (largest) {
		offset = heap_alloc(shadow->heap, largest);
		ck_assert_uint_ne(offset, HEAP_NONE);
		ck_assert_int_eq(heap_release(shadow->heap, offset), 0);
	}
}

START_TEST(what_is_handed_out_is_aligned_inside_and_nobody_elses)
{
	static struct shadow shadow;
	unsigned int step, full = 0;
	uint64_t used, largest;

	random_state += (uint64_t)_i * 7919;
	shadow_new(&shadow, 32 * MIB);
	for (step = 0; step < 60000; step++) {
		unsigned int aim = step / 4000 % 2 ? LIVE / 16 : LIVE - 1;

		if (shadow.live < aim && random_below(8) < 5)
			full += !shadow_alloc(&shadow, random_size());
		else if (shadow.live)
			shadow_release(&shadow, (unsigned int)
				       random_below(shadow.live));
		if (step % 16 == 0)
			shadow_wild(&shadow);
		if (step % 1000 == 0)
			shadow_stat(&shadow);
	}
	ck_assert_uint_gt(full, 0);
	while (shadow.live)
		shadow_release(&shadow, 0);
	heap_stat(shadow.heap, &used, &largest);
	ck_assert_uint_eq(used, 0);
	ck_assert_uint_eq(largest, 32 * MIB);
	shadow_free(&shadow);
}
END_TEST

START_TEST(every_size_up_to_two_pages_is_aligned_and_comes_back_whole)
{
	static struct shadow shadow;
	uint64_t length, used, largest;

	shadow_new(&shadow, 64 * MIB);
	for (length = 1; length <= 8192; length += length < 130 ? 1 : 31) {
		if (shadow.live == LIVE)
			break;
		ck_assert(shadow_alloc(&shadow, length));
	}
	while (shadow.live)
		shadow_release(&shadow, shadow.live / 2);
	heap_stat(shadow.heap, &used, &largest);
	ck_assert_uint_eq(used, 0);
	ck_assert_uint_eq(largest, 64 * MIB);
	shadow_free(&shadow);
}
END_TEST

START_TEST(small_buffers_fill_the_whole_heap_and_each_comes_back)
{
	const uint64_t size = MIB;
	struct heap *heap;
	uint64_t i, used, largest, offset;
	uint8_t seen[MIB / UNIT] = { 0 };

	ck_assert_int_eq(heap_new(size, &heap), 0);
	for (i = 0; i < size / UNIT; i++) {
		offset = heap_alloc(heap, UNIT);
		ck_assert_uint_ne(offset, HEAP_NONE);
		ck_assert_uint_eq(seen[offset / UNIT]++, 0);
	}
	ck_assert_uint_eq(heap_alloc(heap, 1), HEAP_NONE);
	heap_stat(heap, &used, &largest);
	ck_assert_uint_eq(used, size);
	ck_assert_uint_eq(largest, 0);
	ck_assert_int_eq(heap_release(heap, 4096 + 3 * UNIT), 0);
	heap_stat(heap, &used, &largest);
	ck_assert_uint_eq(largest, UNIT);
	ck_assert_uint_eq(heap_alloc(heap, UNIT), 4096 + 3 * UNIT);
	for (i = 0; i < size / UNIT; i++)
		ck_assert_int_eq(heap_release(heap, i * UNIT), 0);
	ck_assert_uint_ne(heap_alloc(heap, size), HEAP_NONE);
	heap_free(heap);
}
END_TEST

START_TEST(a_spare_slab_and_a_warm_block_do_not_hide_the_last_pages)
{
	struct heap *heap;
	uint64_t slot, block;

	ck_assert_int_eq(heap_new(8 * 4096, &heap), 0);
	slot = heap_alloc(heap, 64);
	block = heap_alloc(heap, 3 * 4096);
	ck_assert_int_eq(heap_release(heap, slot), 0);
	ck_assert_int_eq(heap_release(heap, block), 0);
	block = heap_alloc(heap, 8 * 4096);
	ck_assert_uint_eq(block, 0);
	ck_assert_int_eq(heap_release(heap, block), 0);
	heap_free(heap);
}
END_TEST

START_TEST(what_is_not_an_allocation_is_refused_and_nothing_happens)
{
	struct heap *heap;
	uint64_t slot, block, used, largest;

	ck_assert_int_eq(heap_new(MIB, &heap), 0);
	slot = heap_alloc(heap, 100);
	block = heap_alloc(heap, 3 * 4096);
	ck_assert_int_eq(heap_release(heap, slot + 1), -EINVAL);
	ck_assert_int_eq(heap_release(heap, slot + 64), -EINVAL);
	ck_assert_int_eq(heap_release(heap, slot + 128), -EINVAL);
	ck_assert_int_eq(heap_release(heap, slot + 4032), -EINVAL);
	ck_assert_int_eq(heap_release(heap, block + 1), -EINVAL);
	ck_assert_int_eq(heap_release(heap, block + 4096), -EINVAL);
	ck_assert_int_eq(heap_release(heap, block + 3 * 4096), -EINVAL);
	ck_assert_int_eq(heap_release(heap, MIB), -EINVAL);
	ck_assert_int_eq(heap_release(heap, HEAP_NONE), -EINVAL);
	heap_stat(heap, &used, &largest);
	ck_assert_uint_eq(used, 128 + 3 * 4096);
	ck_assert_int_eq(heap_release(heap, block), 0);
	ck_assert_int_eq(heap_release(heap, slot), 0);
	heap_free(heap);
}
END_TEST

START_TEST(sizes_that_cannot_be_are_refused)
{
	static const uint64_t sizes[] = {
		0, MIB + 1, UINT64_MAX, UINT64_MAX - 4095, UINT64_MAX - 4096,
		(uint64_t)1 << 44, ((uint64_t)1 << 44) + 4096,
	};
	struct heap *heap;
	size_t i;

	ck_assert_int_eq(heap_new(0, &heap), -EINVAL);
	ck_assert_int_eq(heap_new(4095, &heap), -EINVAL);
	ck_assert_int_eq(heap_new(UINT64_MAX, &heap), -EINVAL);
	ck_assert_int_eq(heap_new(MIB, &heap), 0);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		ck_assert_uint_eq(heap_alloc(heap, sizes[i]), HEAP_NONE);
	heap_free(heap);
	heap_free(NULL);
}
END_TEST

START_TEST(the_whole_heap_can_be_one_buffer)
{
	static const uint64_t pages[] = { 1, 2, 15, 16, 17, 31, 33, 1000, 16384,
					  16385, 40000 };
	struct heap *heap;
	uint64_t size = pages[_i] * 4096, offset;

	ck_assert_int_eq(heap_new(size + 4095, &heap), 0);
	offset = heap_alloc(heap, size);
	ck_assert_uint_eq(offset, 0);
	ck_assert_uint_eq(heap_alloc(heap, 1), HEAP_NONE);
	ck_assert_int_eq(heap_release(heap, offset), 0);
	heap_free(heap);
}
END_TEST

Suite *suite_heap(void)
{
	Suite *suite = suite_create("heap");
	TCase *tcase = tcase_create("heap");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase,
		what_is_handed_out_is_aligned_inside_and_nobody_elses, 0, 4);
	tcase_add_test(tcase,
		every_size_up_to_two_pages_is_aligned_and_comes_back_whole);
	tcase_add_test(tcase,
		small_buffers_fill_the_whole_heap_and_each_comes_back);
	tcase_add_test(tcase,
		a_spare_slab_and_a_warm_block_do_not_hide_the_last_pages);
	tcase_add_test(tcase,
		what_is_not_an_allocation_is_refused_and_nothing_happens);
	tcase_add_test(tcase, sizes_that_cannot_be_are_refused);
	tcase_add_loop_test(tcase, the_whole_heap_can_be_one_buffer, 0, 11);
	suite_add_tcase(suite, tcase);
	return suite;
}
