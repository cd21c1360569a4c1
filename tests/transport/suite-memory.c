/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bus mappings of the software card.  Arenas here are made by hand, so that
 * frames can be whatever a test needs; what the card reaches is found out by
 * letting it move data.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "chip/plx9054.h"
#include "mem/arena.h"
#include "suites.h"
#include "transport/transport.h"

#define PAGES 8
#define PAGE  4096u
#define SRAM  0x20000000u

static struct transport *transport;
static struct arena arena;
static uint64_t frames[PAGES];
static uint64_t bus[PAGES];
static struct error error;

static void card_open(const char *spec)
{
	error.text[0] = '\0';
	ck_assert_msg(!transport_open(spec, &transport, &error), "%s",
		      error.text);
	transport->ops->bus_master(transport, 1);
}

static void arena_make(void)
{
	arena = (struct arena){
		.base = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0),
		.size = PAGES * PAGE,
		.page_size = PAGE,
		.page_shift = 12,
		.pages = PAGES,
		.frames_known = 1,
		.frames = frames,
	};
	ck_assert_ptr_ne(arena.base, MAP_FAILED);
}

static void setup(void)
{
	card_open("model:engine=inline");
	arena_make();
}

static void teardown(void)
{
	transport->ops->close(transport);
	munmap(arena.base, arena.size);
}

static void reopen(const char *spec)
{
	transport->ops->close(transport);
	card_open(spec);
}

/* Four bytes from the card's SRAM to a bus address, in block mode.  Return:
 * whether the engine ended. */
static int card_writes(uint64_t address, uint32_t value)
{
	const struct transport_ops *ops = transport->ops;
	uint32_t csr;

	ops->bar_write(transport, 2, 0, 32, value);
	ops->reg_write(transport, PLX_DMAMODE0, 32, PLX_DMAMODE_RESET);
	ops->reg_write(transport, PLX_DMAPADR0, 32, (uint32_t)address);
	ops->reg_write(transport, PLX_DMADAC0, 32, (uint32_t)(address >> 32));
	ops->reg_write(transport, PLX_DMALADR0, 32, SRAM);
	ops->reg_write(transport, PLX_DMASIZ0, 32, 4);
	ops->reg_write(transport, PLX_DMADPR0, 32, PLX_DMADPR_TO_HOST);
	ops->reg_write(transport, PLX_DMACSR0, 8, PLX_DMACSR_ENABLE);
	ops->reg_write(transport, PLX_DMACSR0, 8,
		       PLX_DMACSR_ENABLE | PLX_DMACSR_START);
	csr = ops->reg_read(transport, PLX_DMACSR0, 8);
	if (csr & PLX_DMACSR_DONE)
		return 1;
	ck_assert_int_eq(ops->channel_control(transport, 0, TRANSPORT_ABORT),
			 0);
	return 0;
}

static uint32_t lword(const void *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

START_TEST(behind_the_iommu_an_arena_is_one_run)
{
	size_t page;

	ck_assert_int_eq(transport->info.iommu, 1);
	ck_assert_int_eq(transport->ops->map(transport, &arena, bus, &error),
			 0);
	for (page = 0; page < PAGES; page++) {
		ck_assert_uint_eq(bus[page], bus[0] + page * PAGE);
		ck_assert(card_writes(bus[page] + 8, 0x1000 + (uint32_t)page));
		ck_assert_uint_eq(lword(arena.base + page * PAGE + 8),
				  0x1000 + page);
	}
	transport->ops->unmap(transport, &arena, bus);
	ck_assert(!card_writes(bus[3], 0xbad));
	ck_assert_uint_eq(lword(arena.base + 3 * PAGE), 0);
}
END_TEST

START_TEST(without_iommu_bus_addresses_are_the_frames)
{
	size_t page;

	reopen("model:engine=inline,iommu=off");
	ck_assert_int_eq(transport->info.iommu, 0);
	/* Below 4 GiB, across it, and out of order. */
	for (page = 0; page < PAGES; page++)
		frames[page] = page < 4 ? 0x40000000 + page * PAGE
					: 0x200000000 - page * PAGE;
	ck_assert_int_eq(transport->ops->map(transport, &arena, bus, &error),
			 0);
	for (page = 0; page < PAGES; page++) {
		ck_assert_uint_eq(bus[page], frames[page]);
		ck_assert(card_writes(bus[page], 0x2000 + (uint32_t)page));
		ck_assert_uint_eq(lword(arena.base + page * PAGE),
				  0x2000 + page);
	}
	transport->ops->unmap(transport, &arena, bus);
	for (page = 0; page < PAGES; page++)
		ck_assert(!card_writes(bus[page], 0xbad));
}
END_TEST

START_TEST(unknown_frames_are_refused_with_the_remedy)
{
	reopen("model:engine=inline,iommu=off");
	arena.frames_known = 0;
	ck_assert_int_eq(transport->ops->map(transport, &arena, bus, &error),
			 -EPERM);
	ck_assert_ptr_nonnull(strstr(error.text, "iommu=on"));
	arena.frames_known = 1;
	memset(frames, 0, sizeof(frames));
	ck_assert_int_eq(transport->ops->map(transport, &arena, bus, &error),
			 -ENODATA);
	ck_assert_ptr_nonnull(strstr(error.text, "iommu=on"));
}
END_TEST

START_TEST(a_frame_where_descriptors_live_is_refused)
{
	size_t page;

	reopen("model:engine=inline,iommu=off");
	for (page = 0; page < PAGES; page++)
		frames[page] = 0xf0000000 - (PAGES - 1 - page) * PAGE;
	ck_assert_int_eq(transport->ops->map(transport, &arena, bus, &error),
			 -EADDRINUSE);
	/* One page lower it is RAM like any other. */
	for (page = 0; page < PAGES; page++)
		frames[page] -= PAGE;
	ck_assert_int_eq(transport->ops->map(transport, &arena, bus, &error),
			 0);
	transport->ops->unmap(transport, &arena, bus);
}
END_TEST

START_TEST(frames_that_overlap_leave_nothing_mapped)
{
	size_t page;

	reopen("model:engine=inline,iommu=off");
	for (page = 0; page < PAGES; page++)
		frames[page] = 0x50000000 + page * PAGE;
	frames[PAGES - 1] = frames[0];
	if (transport->ops->map(transport, &arena, bus, &error) == 0)
		return; /* the card doesn't mind */
	ck_assert_str_ne(error.text, "");
	ck_assert(!card_writes(frames[0], 0xbad));
}
END_TEST

static const char *const specs[] = {
	"model:engine=inline",
	"model:engine=inline,iommu=off",
	"model:engine=inline,iommu=on,iommu=off",
	"model:engine=inline,iova=0x200000000",
};

START_TEST(descriptors_live_below_4_gib_and_apart)
{
	const struct transport_ops *ops;
	uint64_t addresses[5];
	void *memory[5];
	unsigned int i, j;

	reopen(specs[_i]);
	ops = transport->ops;
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(ops->coherent_alloc(transport, 6000,
						     &memory[i], &addresses[i],
						     &error),
				 0);
		ck_assert_uint_eq((uintptr_t)memory[i] % PAGE, 0);
		ck_assert_uint_eq(addresses[i] % PAGE, 0);
		ck_assert_uint_le(addresses[i] + 6000, UINT64_C(1) << 32);
		ck_assert_uint_eq(lword(memory[i]), 0);
		for (j = 0; j < i; j++)
			ck_assert(addresses[i] >= addresses[j] + 6000 ||
				  addresses[j] >= addresses[i] + 6000);
	}
	/* What was given back is taken again, and no longer reached. */
	ops->coherent_free(transport, 6000, memory[1], addresses[1]);
	ck_assert(!card_writes(addresses[1], 1));
	ck_assert_int_eq(ops->coherent_alloc(transport, 4096, &memory[1],
					     &addresses[1], &error),
			 0);
	for (i = 0; i < 5; i++) {
		ck_assert(card_writes(addresses[i] + 4092, i + 1));
		ck_assert_uint_eq(lword((char *)memory[i] + 4092), i + 1);
		ops->coherent_free(transport, i == 1 ? 4096 : 6000, memory[i],
				   addresses[i]);
	}
}
END_TEST

START_TEST(more_descriptors_than_there_are_addresses_are_refused)
{
	uint64_t address;
	void *memory;

	reopen("model:engine=inline,iommu=off");
	ck_assert_int_eq(
		transport->ops->coherent_alloc(transport, (size_t)257 << 20,
					       &memory, &address, &error),
		-ENOMEM);
	ck_assert_ptr_nonnull(strstr(error.text, "4 GiB"));
	ck_assert_int_lt(transport->ops->coherent_alloc(transport, SIZE_MAX / 4,
							&memory, &address,
							&error),
			 0);
}
END_TEST

Suite *suite_memory(void)
{
	Suite *suite = suite_create("memory");
	TCase *tests = tcase_create("bus");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, behind_the_iommu_an_arena_is_one_run);
	tcase_add_test(tests, without_iommu_bus_addresses_are_the_frames);
	tcase_add_test(tests, unknown_frames_are_refused_with_the_remedy);
	tcase_add_test(tests, a_frame_where_descriptors_live_is_refused);
	tcase_add_test(tests, frames_that_overlap_leave_nothing_mapped);
	tcase_add_loop_test(tests, descriptors_live_below_4_gib_and_apart, 0,
			    sizeof(specs) / sizeof(specs[0]));
	tcase_add_test(tests,
		       more_descriptors_than_there_are_addresses_are_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
