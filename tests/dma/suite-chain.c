/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the chip is told to move: pieces, formats, limits.  Each row says what
 * the descriptors must be; they are read from the card's side, by following
 * DMADPR from descriptor to descriptor.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "suites.h"

#define G4 (UINT64_C(1) << 32)
#define M8 (8u << 20)
#define L 0x20000000u

struct expected {
	uint64_t bus;
	uint32_t local;
	uint32_t size;
};

/* Follows the chain; returns how many. */
static unsigned int chain_read(const struct rig *rig,
			       const struct dma_transfer *transfer,
			       struct expected *got, unsigned int room)
{
	const struct program *program = &transfer->program;
	const enum descriptor_format format =
		program->mode & PLX_DMAMODE_DAC_CHAIN ? DESCRIPTOR_DAC
						      : DESCRIPTOR_PLAIN;
	uint32_t dpr = program->dpr;
	struct descriptor at;
	unsigned int n = 0;

	do {
		const void *cpu = fake_cpu(rig->fake,
					   dpr & PLX_DMADPR_NEXT_MASK);

		ck_assert_ptr_nonnull(cpu);
		ck_assert(dpr & PLX_DMADPR_PCI);
		descriptor_decode(format, cpu, &at);
		ck_assert_int_eq(descriptor_check(format, &at),
				 DESCRIPTOR_GOOD);
		ck_assert_int_eq((at.flags & PLX_DMADPR_TO_HOST) != 0,
				 transfer->direction == PLXDMA_TO_HOST);
		ck_assert_uint_eq(at.flags & PLX_DMADPR_INTERRUPT, 0);
		if (n < room)
			got[n] = (struct expected){ at.bus, at.local,
						    at.size };
		n++;
		dpr = at.next | at.flags;
	} while (!(at.flags & PLX_DMADPR_END));
	return n;
}

static unsigned int pieces_read(const struct rig *rig,
				const struct dma_transfer *transfer,
				struct expected *got, unsigned int room)
{
	const struct program *program = &transfer->program;

	if (program->chain)
		return chain_read(rig, transfer, got, room);
	got[0] = (struct expected){
		(uint64_t)program->dac << 32 | program->padr, program->ladr,
		program->siz
	};
	return 1;
}

#define MOST 8

struct row {
	const char *what;
	/* Runs of pages: bus address and how many. */
	struct { uint64_t bus; size_t pages; } runs[4];
	uint64_t offset;
	uint64_t length;
	uint32_t local;
	int constant, eot, form, dac;
	unsigned int count;
	struct expected expected[MOST];
};

#define ONE_RUN { { 0x10000000, 16384 } }

static const struct row rows[] = {
	{ "nothing", ONE_RUN, 0, 0, L, .count = 1,
	  .expected = { { 0, 0, 0 } } },
	{ "one byte at odd places", ONE_RUN, 3, 1, L + 1, .count = 1,
	  .expected = { { 0x10000003, L + 1, 1 } } },
	{ "a run's worth in one descriptor", ONE_RUN, 0, M8 - 1, L,
	  .count = 1, .expected = { { 0x10000000, L, M8 - 1 } } },
	{ "one more is cut on 4 KiB", ONE_RUN, 0, M8, L, .count = 2,
	  .expected = { { 0x10000000, L, M8 - 4096 },
			{ 0x10000000 + M8 - 4096, L + M8 - 4096, 4096 } } },
	{ "inner cuts lie on 4 KiB of the local address", ONE_RUN, 0,
	  M8 + 5, L + 6, .count = 2,
	  .expected = { { 0x10000000, L + 6, M8 - 4096 - 6 },
			{ 0x10000000 + M8 - 4096 - 6, L + M8 - 4096,
			  4096 + 11 } } },
	{ "or of the count, where the address is held", ONE_RUN, 0, 2 * M8,
	  L + 4, .constant = 1, .count = 3,
	  .expected = { { 0x10000000, L + 4, M8 - 4096 },
			{ 0x10000000 + M8 - 4096, L + 4, M8 - 4096 },
			{ 0x10000000 + 2 * M8 - 8192, L + 4, 8192 } } },
	{ "scattered pages", { { 0x30000000, 1 }, { 0x20000000, 2 },
			       { 0x10000000, 1 } },
	  100, 4 * 4096 - 200, L, .count = 3,
	  .expected = { { 0x30000064, L, 3996 },
			{ 0x20000000, L + 3996, 8192 },
			{ 0x10000000, L + 12188, 3996 } } },
	{ "scattered pages of a FIFO", { { 0x30000000, 1 }, { 0x20000000, 2 } },
	  4092, 4100, L, .constant = 1, .count = 2,
	  .expected = { { 0x30000ffc, L, 4 }, { 0x20000000, L, 4096 } } },
	{ "adjacent runs merge", { { 0x10000000, 2 }, { 0x10002000, 2 } },
	  0, 4 * 4096, L, .count = 1,
	  .expected = { { 0x10000000, L, 16384 } } },
	{ "nothing crosses 4 GiB", { { G4 - 8192, 4 } }, 0, 16384, L,
	  .dac = 1, .count = 2,
	  .expected = { { G4 - 8192, L, 8192 },
			{ G4, L + 8192, 8192 } } },
	{ "nor does a higher multiple of it", { { 3 * G4 - 4096, 4 } }, 1,
	  16000, L, .dac = 1, .count = 2,
	  .expected = { { 3 * G4 - 4095, L, 4095 },
			{ 3 * G4, L + 4095, 11905 } } },
	{ "all below 4 GiB needs no long descriptors",
	  { { G4 - 8192, 2 }, { 0x10000000, 1 } }, 0, 12288, L, .count = 2,
	  .expected = { { G4 - 8192, L, 8192 },
			{ 0x10000000, L + 8192, 4096 } } },
	{ "one piece above makes all of them long",
	  { { 0x10000000, 1 }, { 5 * G4, 1 } }, 0, 8192, L, .dac = 1,
	  .count = 2,
	  .expected = { { 0x10000000, L, 4096 },
			{ 5 * G4, L + 4096, 4096 } } },
	{ "a block above 4 GiB", { { 5 * G4, 4 } }, 4096, 100, L, .count = 1,
	  .expected = { { 5 * G4 + 4096, L, 100 } } },
	{ "a forced chain of one", ONE_RUN, 16, 64, L,
	  .form = PLXDMA_FORM_CHAIN, .count = 1,
	  .expected = { { 0x10000010, L, 64 } } },
	{ "a forced chain of nothing is a block", ONE_RUN, 16, 0, L,
	  .form = PLXDMA_FORM_CHAIN, .count = 1,
	  .expected = { { 0, 0, 0 } } },
	{ "EOT# gives the last Lword its own", ONE_RUN, 0, 64, L, .eot = 1,
	  .count = 2, .expected = { { 0x10000000, L, 60 },
				    { 0x1000003c, L + 60, 4 } } },
	{ "which ends where a local Lword ends", ONE_RUN, 0, 64, L + 2,
	  .eot = 1, .count = 2,
	  .expected = { { 0x10000000, L + 2, 62 },
			{ 0x1000003e, L + 64, 2 } } },
	{ "but not where a block was asked for", ONE_RUN, 0, 64, L, .eot = 1,
	  .form = PLXDMA_FORM_BLOCK, .count = 1,
	  .expected = { { 0x10000000, L, 64 } } },
	{ "nothing to split from one Lword", ONE_RUN, 0, 4, L, .eot = 1,
	  .count = 1, .expected = { { 0x10000000, L, 4 } } },
};

static uint64_t *pages_of(const struct row *row, size_t *pages)
{
	static uint64_t bus[16384];
	size_t i, j;

	*pages = 0;
	for (i = 0; i < COUNT(row->runs); i++)
		for (j = 0; j < row->runs[i].pages; j++)
			bus[(*pages)++] = row->runs[i].bus + j * 4096;
	return bus;
}

START_TEST(a_request_becomes_these_pieces)
{
	const struct row *row = &rows[_i];
	struct dma_transfer *transfer;
	struct expected got[MOST];
	struct plxdma_mode mode;
	unsigned int n, i;
	struct rig rig;
	size_t pages;
	uint64_t *bus = pages_of(row, &pages);

	rig_make(&rig, C9054, "fake:", bus, pages);
	mode_init(&mode);
	mode.constant = (uint8_t)row->constant;
	mode.eot = (uint8_t)row->eot;
	rig.request.mode = &mode;
	rig.request.form = (uint8_t)row->form;
	rig.request.offset = row->offset;
	rig.request.length = row->length;
	rig.request.local = row->local;
	rig.request.direction = (uint8_t)(_i & 1);
	transfer = rig_transfer(&rig);
	n = pieces_read(&rig, transfer, got, MOST);
	ck_assert_msg(n == row->count, "%s: %u pieces", row->what, n);
	for (i = 0; i < n; i++)
		ck_assert_msg(got[i].bus == row->expected[i].bus &&
				      got[i].local == row->expected[i].local &&
				      got[i].size == row->expected[i].size,
			      "%s: piece %u is %llx %x %u", row->what, i,
			      (unsigned long long)got[i].bus, got[i].local,
			      got[i].size);
	ck_assert_int_eq((transfer->program.mode & PLX_DMAMODE_DAC_CHAIN) != 0,
			 row->dac);
	ck_assert_uint_eq(transfer->length, row->length);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(segments_merge_where_both_buses_go_on)
{
	static const struct dma_segment segments[] = {
		{ 0, 100, L }, { 100, 28, L + 100 }, { 4096, 0, 0 },
		{ 128, 72, L + 200 }, { 4096, 8, L + 300 },
	};
	static const struct expected expected[] = {
		{ RIG_BUS, L, 128 }, { RIG_BUS + 128, L + 200, 72 },
		{ RIG_BUS + 4096, L + 300, 8 },
	};
	struct dma_transfer *transfer;
	struct expected got[MOST];
	struct rig rig;
	unsigned int i;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.segments = segments;
	rig.request.segment_count = COUNT(segments);
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(pieces_read(&rig, transfer, got, MOST),
			  COUNT(expected));
	for (i = 0; i < COUNT(expected); i++)
		ck_assert_mem_eq(&got[i], &expected[i], sizeof(got[i]));
	ck_assert_uint_eq(transfer->length, 208);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(segments_of_a_fifo_merge_at_one_address)
{
	static const struct dma_segment segments[] = {
		{ 0, 100, L }, { 100, 28, L }, { 128, 72, L + 4 },
	};
	static const struct expected expected[] = {
		{ RIG_BUS, L, 128 }, { RIG_BUS + 128, L + 4, 72 },
	};
	struct dma_transfer *transfer;
	struct expected got[MOST];
	struct plxdma_mode mode;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	mode_init(&mode);
	mode.constant = 1;
	rig.request.mode = &mode;
	rig.request.segments = segments;
	rig.request.segment_count = COUNT(segments);
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(pieces_read(&rig, transfer, got, MOST),
			  COUNT(expected));
	ck_assert_mem_eq(got, expected, sizeof(expected));
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_list_of_empty_segments_moves_nothing)
{
	static const struct dma_segment segments[] = { { 0, 0, L } };
	struct dma_transfer *transfer;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.segments = segments;
	rig.request.segment_count = 1;
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(transfer->length, 0);
	ck_assert_uint_eq(transfer->program.siz, 0);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(the_largest_transfer_of_small_pages_is_8448_descriptors)
{
	static uint64_t bus[8448];
	struct dma_transfer *transfer;
	struct expected got[1];
	struct rig rig;
	size_t i;

	for (i = 0; i < COUNT(bus); i++)
		bus[i] = G4 + (COUNT(bus) - i) * 4096;
	rig_make(&rig, C9054, "fake:", bus, COUNT(bus));
	rig.request.length = 33u << 20;
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(pieces_read(&rig, transfer, got, 1), 8448);
	ck_assert_uint_eq(transfer->program.format, DESCRIPTOR_DAC);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

struct refusal {
	const char *text;
	int code;
	struct dma_request request;
	int constant, big_endian;
	uint32_t hidr;
};

#define BASE .length = 64, .local = L

static const struct refusal refusals[] = {
	{ "outside", -ERANGE, { .length = 16385 }, 0, 0, C9054 },
	{ "outside", -ERANGE, { .offset = 16385 }, 0, 0, C9054 },
	{ "outside", -ERANGE, { .offset = UINT64_MAX, .length = 2 }, 0, 0,
	  C9054 },
	{ "outside", -ERANGE, { .length = UINT64_MAX }, 0, 0, C9054 },
	{ "beyond 4 GiB", -ERANGE, { .local = 0xfffffff0, .length = 17 }, 0, 0,
	  C9054 },
	{ "direction", -EINVAL, { .direction = 2 }, 0, 0, C9054 },
	{ "form", -EINVAL, { .form = 4 }, 0, 0, C9054 },
	{ "multiples of 4", -EINVAL, { .length = 66, .local = L }, 1, 0,
	  C9054 },
	{ "multiples of 4", -EINVAL, { BASE, .offset = 2 }, 1, 0, C9054 },
	{ "multiples of 4", -EINVAL, { .length = 64, .local = L + 1 }, 1, 0,
	  C9054 },
	{ "erratum 4", -EINVAL, { .length = 63, .local = L }, 0, 1, C9080 },
};

START_TEST(a_bad_request_is_refused_with_a_reason)
{
	const struct refusal *row = &refusals[_i];
	struct plxdma_mode mode;
	struct dma_map *map;
	struct rig rig;

	rig_make(&rig, row->hidr, "fake:", NULL, 4);
	mode_init(&mode);
	mode.constant = (uint8_t)row->constant;
	mode.big_endian = (uint8_t)row->big_endian;
	map = rig.request.map;
	rig.request = row->request;
	rig.request.map = map;
	rig.request.mode = &mode;
	rig_refuses(&rig, row->code, row->text);
	rig_break(&rig);
}
END_TEST

START_TEST(the_last_byte_of_local_space_can_be_reached)
{
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.local = 0xfffffff0;
	rig.request.length = 16;
	dma_transfer_free(rig_transfer(&rig));
	rig_break(&rig);
}
END_TEST

START_TEST(a_block_takes_one_piece)
{
	static const uint64_t bus[] = { 0x10000000, 0x20000000 };
	struct rig rig;

	rig_make(&rig, C9054, "fake:", bus, 2);
	rig.request.form = PLXDMA_FORM_BLOCK;
	rig.request.length = 4096;
	dma_transfer_free(rig_transfer(&rig));
	rig.request.length = 4097;
	rig_refuses(&rig, -EMSGSIZE, "2 pieces");
	rig_break(&rig);
}
END_TEST

static const struct {
	uint32_t hidr;
	const char *options;
	int path;
	const char *text;
} unreachable[] = {
	{ C9080, "fake:", 1, "the chip has no dual-address cycles" },
	{ C9054, "fake:dac=no", 1, "dac=no" },
	{ C9054, "fake:", 0, "the path drops" },
};

START_TEST(memory_out_of_reach_is_refused_with_the_reason)
{
	static const uint64_t bus[] = { 0x10000000, G4 };
	struct rig rig;

	rig_make(&rig, unreachable[_i].hidr, "fake:", bus, 2);
	rig_break(&rig);
	memset(&rig, 0, sizeof(rig));
	rig.fake = fake_new(unreachable[_i].hidr);
	rig.fake->transport.info.dac = unreachable[_i].path;
	rig.fake->bus = bus;
	rig.card = fake_open(rig.fake, unreachable[_i].options);
	rig.channel = dma_card_channel(rig.card, 0);
	rig.arena = fake_arena(2);
	ck_assert_int_eq(dma_attach(rig.card, rig.arena, &rig.map, NULL), 0);
	rig.request = (struct dma_request){ .map = rig.map, .length = 4096 };
	dma_transfer_free(rig_transfer(&rig));
	rig.request.length = 4097;
	rig_refuses(&rig, -ENXIO, unreachable[_i].text);
	rig_break(&rig);
}
END_TEST

START_TEST(memory_of_another_card_is_refused)
{
	struct rig rig, other;
	struct dma_map *map;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig_make(&other, C9054, "fake:", NULL, 4);
	map = rig.request.map;
	rig.request.map = other.map;
	rig_refuses(&rig, -EINVAL, "attached");
	rig.request.map = NULL;
	rig_refuses(&rig, -EINVAL, "attached");
	rig.request.map = map;
	rig_break(&other);
	rig_break(&rig);
}
END_TEST

START_TEST(a_page_in_quarantine_is_refused)
{
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.arena->moved = 1;
	rig.arena->quarantine[2] = 1;
	rig.request.length = 8192;
	dma_transfer_free(rig_transfer(&rig));
	rig.request.length = 8193;
	rig_refuses(&rig, -EFAULT, "quarantine");
	rig_break(&rig);
}
END_TEST

START_TEST(a_page_that_moves_later_stops_what_was_prepared)
{
	struct dma_transfer *transfer, *other;
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.length = 8193;
	transfer = rig_transfer(&rig);
	rig.request.length = 8192;
	other = rig_transfer(&rig);
	rig.arena->moved = 1;
	rig.arena->quarantine[2] = 1;
	ck_assert_int_eq(dma_transfer_submit(transfer), -EFAULT);
	ck_assert_uint_eq(fake_starts(rig.fake, 0), 0);
	ck_assert_int_eq(dma_transfer_submit(other), 0);
	ck_assert_uint_eq(fake_starts(rig.fake, 0), 1);
	dma_transfer_free(transfer);
	dma_transfer_free(other);
	rig_break(&rig);
}
END_TEST

START_TEST(a_failed_change_leaves_the_old_chain_standing)
{
	static const uint64_t bus[] = { 0x10000000, 0x20000000, 0x30000000 };
	struct dma_transfer *transfer;
	struct expected before[MOST], after[MOST];
	struct rig rig;

	rig_make(&rig, C9054, "fake:", bus, 3);
	rig.request.length = 12288;
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(pieces_read(&rig, transfer, before, MOST), 3);
	rig.request.length = 12289;
	ck_assert_int_eq(dma_transfer_change(transfer, &rig.request, NULL),
			 -ERANGE);
	ck_assert_uint_eq(pieces_read(&rig, transfer, after, MOST), 3);
	ck_assert_mem_eq(before, after, 3 * sizeof(before[0]));
	ck_assert_uint_eq(transfer->length, 12288);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(a_change_uses_the_same_descriptor_memory_again)
{
	static const uint64_t bus[] = { 0x10000000, 0x20000000, 0x30000000 };
	struct dma_transfer *transfer;
	struct rig rig;
	uint32_t dpr;

	rig_make(&rig, C9054, "fake:", bus, 3);
	rig.request.length = 12288;
	transfer = rig_transfer(&rig);
	dpr = transfer->program.dpr;
	rig.request.length = 8192;
	ck_assert_int_eq(dma_transfer_change(transfer, &rig.request, NULL), 0);
	ck_assert_uint_eq(transfer->program.dpr, dpr);
	ck_assert_uint_eq(transfer->program.count, 2);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

START_TEST(descriptor_memory_that_cannot_be_had_is_an_error)
{
	struct rig rig;

	rig_make(&rig, C9054, "fake:", NULL, 4);
	rig.request.form = PLXDMA_FORM_CHAIN;
	rig.fake->coherent_result = -ENOMEM;
	rig_refuses(&rig, -ENOMEM, "no memory");
	rig.fake->coherent_result = 0;
	rig.fake->coherent_bus = G4 - 4096;
	rig_refuses(&rig, -ENXIO, "below 4 GiB");
	rig_break(&rig);
}
END_TEST

/*
 * A list may take either of two ways to the same chain, see lists.h.  A page
 * that has moved, and isn't in the list, sends it the long way.
 */
#define LISTS 4000
#define LIST_MOST 12
#define LIST_PAGES 32
#define LIST_PIECES (4 * LIST_MOST)

/* Neighbours, strangers, and a 4 GiB boundary in the middle. */
static void bus_scatter(uint64_t *bus, unsigned int *seed)
{
	uint64_t at = G4 - 5 * 4096;
	unsigned int i;

	for (i = 0; i < LIST_PAGES; i++) {
		bus[i] = at;
		at += (uint64_t)(1 + rand_r(seed) % 8 / 6) * 4096;
	}
}

static uint32_t some_length(unsigned int *seed)
{
	switch (rand_r(seed) % 8) {
	case 0:
		return 0;
	case 1:
		return (uint32_t)rand_r(seed) % 5000;
	case 2:
		return 8192;
	}
	return 4096;
}

static void segments_make(struct dma_segment *segments, unsigned int count,
			  unsigned int *seed)
{
	uint64_t offset = 0;
	uint32_t local = L;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (rand_r(seed) % 3)
			offset = (uint64_t)rand_r(seed) % LIST_PAGES * 4096;
		if (!(rand_r(seed) % 4))
			local = rand_r(seed) % 4 ? L : UINT32_MAX - 8191;
		if (!(rand_r(seed) % 40))
			offset += (uint64_t)rand_r(seed) % 64;
		segments[i] = (struct dma_segment){
			.offset = offset, .local = local,
			.length = some_length(seed),
		};
		offset += segments[i].length;
		local += segments[i].length;
	}
}

static void mode_choose(struct plxdma_mode *mode, unsigned int *seed)
{
	mode_init(mode);
	switch (rand_r(seed) % 6) {
	case 0:
		mode->constant = 1;
		break;
	case 1:
		mode->big_endian = 1;
		break;
	case 2:
		mode->eot = 1;
		break;
	}
}

static void same_chain(const struct rig *rig, const struct dma_transfer *a,
		       const struct dma_transfer *b)
{
	static struct expected one[LIST_PIECES], other[LIST_PIECES];
	unsigned int count = pieces_read(rig, a, one, LIST_PIECES);

	ck_assert_uint_le(count, LIST_PIECES);
	ck_assert_uint_eq(a->length, b->length);
	ck_assert_uint_eq(a->program.mode, b->program.mode);
	ck_assert_uint_eq(a->program.chain, b->program.chain);
	ck_assert_uint_eq(a->program.count, b->program.count);
	ck_assert_uint_eq(a->program.format, b->program.format);
	ck_assert_uint_eq(a->program.left_dac, b->program.left_dac);
	ck_assert_uint_eq(pieces_read(rig, b, other, LIST_PIECES), count);
	ck_assert_mem_eq(one, other, count * sizeof(one[0]));
}

static unsigned int both_ways(struct rig *rig)
{
	struct dma_transfer *shortly = NULL, *long_way = NULL;
	struct error one = { "" }, other = { "" };
	int code = dma_transfer_new(rig->channel, &rig->request, &shortly,
				    &one);

	rig->arena->moved = 1;
	ck_assert_int_eq(dma_transfer_new(rig->channel, &rig->request,
					  &long_way, &other), code);
	rig->arena->moved = 0;
	ck_assert_str_eq(one.text, other.text);
	if (code)
		return 0;
	same_chain(rig, shortly, long_way);
	dma_transfer_free(shortly);
	dma_transfer_free(long_way);
	return 1;
}

static const struct {
	uint32_t chip;
	const char *options;
} list_cards[] = {
	{ C9054, "fake:" }, { C9054, "fake:dac=no" }, { C9080, "fake:" },
};

START_TEST(a_list_becomes_the_same_chain_by_either_way)
{
	struct dma_segment segments[LIST_MOST];
	uint64_t bus[LIST_PAGES];
	struct plxdma_mode mode;
	unsigned int seed = (unsigned int)_i + 1, built = 0, i;
	struct rig rig;

	bus_scatter(bus, &seed);
	rig_make(&rig, list_cards[_i].chip, list_cards[_i].options, bus,
		 LIST_PAGES);
	rig.request.mode = &mode;
	rig.request.segments = segments;
	for (i = 0; i < LISTS; i++) {
		mode_choose(&mode, &seed);
		rig.request.form = (uint8_t)(rand_r(&seed) % 4);
		rig.request.segment_count =
			1 + (uint32_t)rand_r(&seed) % LIST_MOST;
		segments_make(segments, rig.request.segment_count, &seed);
		built += both_ways(&rig);
	}
	ck_assert_uint_gt(built, LISTS / 20);
	ck_assert_uint_lt(built, LISTS);
	rig_break(&rig);
}
END_TEST

START_TEST(a_failed_list_leaves_the_old_chain_standing)
{
	static const uint64_t bus[] = { 0x10000000, 0x20000000, 0x30000000 };
	struct dma_segment list[] = {
		{ 0, 4096, L }, { 4096, 4096, L }, { 8192, 4096, L },
	};
	struct expected before[MOST], after[MOST];
	struct dma_transfer *transfer;
	struct rig rig;
	unsigned int i;

	rig_make(&rig, C9054, "fake:", bus, 3);
	rig.request.segments = list;
	rig.request.segment_count = COUNT(list);
	transfer = rig_transfer(&rig);
	ck_assert_uint_eq(pieces_read(&rig, transfer, before, MOST), 3);
	list[0].offset = 4096;
	list[2].length = 4097;
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(dma_transfer_change(transfer, &rig.request,
						     NULL), -ERANGE);
	ck_assert_uint_eq(pieces_read(&rig, transfer, after, MOST), 3);
	ck_assert_mem_eq(before, after, 3 * sizeof(before[0]));
	/* Descriptor memory changes hands, and none is lost. */
	list[2].length = 4096;
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(dma_transfer_change(transfer, &rig.request,
						     NULL), 0);
	ck_assert_uint_eq(rig.fake->coherents, 1);
	dma_transfer_free(transfer);
	rig_break(&rig);
}
END_TEST

Suite *chain_suite(void)
{
	Suite *suite = suite_create("chain");
	TCase *tcase = tcase_create("pieces");

	tcase_add_loop_test(tcase, a_request_becomes_these_pieces, 0,
			    COUNT(rows));
	tcase_add_test(tcase, segments_merge_where_both_buses_go_on);
	tcase_add_test(tcase, segments_of_a_fifo_merge_at_one_address);
	tcase_add_test(tcase, a_list_of_empty_segments_moves_nothing);
	tcase_add_test(tcase,
		       the_largest_transfer_of_small_pages_is_8448_descriptors);
	tcase_add_loop_test(tcase, a_bad_request_is_refused_with_a_reason, 0,
			    COUNT(refusals));
	tcase_add_test(tcase, the_last_byte_of_local_space_can_be_reached);
	tcase_add_test(tcase, a_block_takes_one_piece);
	tcase_add_loop_test(tcase,
			    memory_out_of_reach_is_refused_with_the_reason, 0,
			    COUNT(unreachable));
	tcase_add_test(tcase, memory_of_another_card_is_refused);
	tcase_add_test(tcase, a_page_in_quarantine_is_refused);
	tcase_add_test(tcase, a_page_that_moves_later_stops_what_was_prepared);
	tcase_add_test(tcase, a_failed_change_leaves_the_old_chain_standing);
	tcase_add_test(tcase, a_failed_list_leaves_the_old_chain_standing);
	tcase_add_loop_test(tcase, a_list_becomes_the_same_chain_by_either_way,
			    0, COUNT(list_cards));
	tcase_add_test(tcase, a_change_uses_the_same_descriptor_memory_again);
	tcase_add_test(tcase, descriptor_memory_that_cannot_be_had_is_an_error);
	suite_add_tcase(suite, tcase);
	return suite;
}
