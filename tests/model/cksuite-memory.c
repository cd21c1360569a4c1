/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory on the bus that comes and goes, and the IOMMU in front of it.  Every
 * test runs with both engines.
 */
#include <errno.h>
#include <string.h>

#include "channel.h"
#include "suites.h"

START_TEST(unmapped_memory_is_no_longer_reached)
{
	struct card *card = card_new("%s", engine(_i));

	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert_int_eq(model_unmap(card->model, HOST, HOST_SIZE), 0);
	memset(card->host, 0xEE, 64);
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert(config16(card, PCI_STATUS) & STATUS_MASTER_ABORT);
	ck_assert(all_bytes_are(card->host, 64, 0xEE));
	card_free(card);
}
END_TEST

START_TEST(memory_mapped_for_reading_only_is_not_written)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *page = pages_new(4096);

	pages_map(card, 0x08000000, page, 4096, MODEL_READ);
	ck_assert(block_memory(card, 0, 0x08000000, SRAM, 64, TO_CARD));
	memset(page, 0xEE, 64);
	block_program(card, 0, MODE_MEMORY, 0x08000000, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	ck_assert(all_bytes_are(page, 64, 0xEE));
	card_free(card);
	pages_free(page, 4096);
}
END_TEST

START_TEST(memory_mapped_for_writing_only_is_not_read)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *page = pages_new(4096);

	pages_map(card, 0x08000000, page, 4096, MODEL_WRITE);
	ck_assert(block_memory(card, 0, 0x08000000, SRAM, 64, TO_HOST));
	block_program(card, 0, MODE_MEMORY, 0x08000000, SRAM, 64, TO_CARD);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	card_free(card);
	pages_free(page, 4096);
}
END_TEST

/* Two mappings side by side are one range to the card. */
START_TEST(a_transfer_crosses_from_one_mapping_to_the_next)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *pages = pages_new(0x4000);

	pages_map(card, 0x08000000, pages + 0x2000, 0x1000,
		  MODEL_READ | MODEL_WRITE);
	pages_map(card, 0x08001000, pages, 0x1000, MODEL_READ | MODEL_WRITE);
	sram_fill(card, SRAM, 0x2000, 1);
	ck_assert(block_memory(card, 0, 0x08000000, SRAM, 0x2000, TO_HOST));
	ck_assert(sram_gave(card, SRAM, pages + 0x2000, 0x1000));
	ck_assert(sram_gave(card, SRAM + 0x1000, pages, 0x1000));
	card_free(card);
	pages_free(pages, 0x4000);
}
END_TEST

static int refuse(void *to, const void *from, size_t size)
{
	(void)to;
	(void)from;
	(void)size;
	return -EFAULT;
}

/* As where a client punched a hole into its arena. */
START_TEST(memory_that_cannot_be_touched_is_a_target_abort)
{
	struct card *card;
	uint64_t end = now_ns() + 5000000000u;

	model_set_copy(refuse);
	card = card_new("%s", engine(_i));
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(card, 0);
	while (!(config16(card, PCI_STATUS) & 0xF900) && now_ns() < end)
		;
	ck_assert_uint_eq(config16(card, PCI_STATUS) & 0xF900,
			  STATUS_TARGET_ABORT);
	ck_assert_uint_eq(csr(card, 0) & CSR_DONE, 0);
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

/* Two cards know nothing of each other's memory. */
START_TEST(a_card_reaches_its_own_mappings_only)
{
	struct card *card = card_new("%s", engine(_i));
	struct card *other = card_new("%s", engine(_i));

	model_unmap(other->model, HOST, HOST_SIZE);
	sram_fill(card, SRAM, 64, 1);
	ck_assert(block_memory(card, 0, HOST, SRAM, 64, TO_HOST));
	ck_assert(sram_gave(card, SRAM, card->host, 64));
	block_program(other, 0, MODE_MEMORY, HOST, SRAM, 64, TO_HOST);
	dma_start(other, 0);
	ck_assert(dma_hangs(other, 0));
	card_free(other);
	card_free(card);
}
END_TEST

START_TEST(the_iommu_hands_out_contiguous_addresses_from_its_start)
{
	struct card *card = card_new("%s,iommu=on,iova=0x20000000", engine(_i));
	uint8_t *pages = pages_new(0x4000);
	uint64_t first = 0, second = 0;

	ck_assert_int_eq(model_iommu_map(card->model, pages, 0x1000,
					 MODEL_READ | MODEL_WRITE, 0, &first),
			 0);
	ck_assert_int_eq(model_iommu_map(card->model, pages + 0x2000, 0x1000,
					 MODEL_READ | MODEL_WRITE, 0, &second),
			 0);
	ck_assert_uint_eq(first, 0x20000000);
	ck_assert_uint_eq(second, 0x20001000);
	sram_fill(card, SRAM, 0x2000, 1);
	ck_assert(block_memory(card, 0, first, SRAM, 0x2000, TO_HOST));
	ck_assert(sram_gave(card, SRAM + 0x1000, pages + 0x2000, 0x1000));
	card_free(card);
	pages_free(pages, 0x4000);
}
END_TEST

START_TEST(the_iommu_keeps_low_memory_below_4_gib)
{
	struct card *card =
		card_new("%s,iommu=on,iova=0x100000000", engine(_i));
	uint8_t *pages = pages_new(0x2000);
	uint64_t high = 0, low = 0;

	ck_assert_int_eq(model_iommu_map(card->model, pages, 0x1000,
					 MODEL_READ | MODEL_WRITE, 0, &high),
			 0);
	ck_assert_int_eq(model_iommu_map(card->model, pages + 0x1000, 0x1000,
					 MODEL_READ | MODEL_WRITE, 1, &low),
			 0);
	ck_assert_uint_ge(high, 0x100000000);
	ck_assert_uint_lt(low, 0x100000000);
	card_free(card);
	pages_free(pages, 0x2000);
}
END_TEST

Suite *suite_memory(void)
{
	Suite *suite = suite_create("memory");
	TCase *tcase = tcase_create("memory");

#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	tcase_set_timeout(tcase, 60);
	BOTH(unmapped_memory_is_no_longer_reached);
	BOTH(memory_mapped_for_reading_only_is_not_written);
	BOTH(memory_mapped_for_writing_only_is_not_read);
	BOTH(a_transfer_crosses_from_one_mapping_to_the_next);
	BOTH(memory_that_cannot_be_touched_is_a_target_abort);
	BOTH(a_card_reaches_its_own_mappings_only);
	BOTH(the_iommu_hands_out_contiguous_addresses_from_its_start);
	BOTH(the_iommu_keeps_low_memory_below_4_gib);
	suite_add_tcase(suite, tcase);
	return suite;
}
