/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors of both formats, and what clear-count writes back into them
 * (chip ref. 3.3, 3.4).  Every test runs with both engines.
 */
#include "channel.h"
#include "suites.h"

enum {
	LIST = HOST + 0x80000,	    /* descriptors in host memory */
	LOCAL_LIST = SRAM + 0xF0000 /* descriptors in local memory */
};

static bool moved(struct card *card, unsigned int host, uint32_t sram,
		  size_t size)
{
	return sram_gave(card, SRAM + sram, card->host + host, size);
}

static uint8_t *map_high(struct card *card, uint64_t bus)
{
	uint8_t *high = pages_new(4096);

	pages_map(card, bus, high, 4096, MODEL_READ | MODEL_WRITE);
	return high;
}

START_TEST(dac_descriptors_carry_the_upper_address)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *high = map_high(card, 0x500000000);
	uint8_t *higher = map_high(card, 0x600001000);
	int ch;

	for (ch = 0; ch < 2; ch++) {
		sram_fill(card, SRAM, 0x1000, 5 + (unsigned int)ch);
		descriptor_dac(card, LIST, 0x500000000, SRAM, 64,
			       (LIST + 32) | DPR_PCI | TO_HOST);
		descriptor_dac(card, LIST + 32, HOST, SRAM + 64, 64,
			       (LIST + 64) | DPR_PCI | TO_HOST);
		descriptor_dac(card, LIST + 64, 0x600001000, SRAM + 128, 64,
			       DPR_PCI | DPR_END | TO_HOST);
		ck_assert(chain(card, ch, MODE_MEMORY | MODE_DAC,
				LIST | DPR_PCI));
		ck_assert(sram_gave(card, SRAM, high, 64));
		ck_assert(moved(card, 0, 64, 64));
		ck_assert(sram_gave(card, SRAM + 128, higher, 64));
		ck_assert_uint_eq(reg(card, DMADAC + 4 * (unsigned int)ch), 6);
	}
	card_free(card);
	pages_free(high, 4096);
	pages_free(higher, 4096);
}
END_TEST

START_TEST(dac_descriptors_may_lie_in_local_memory)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *high = map_high(card, 0x500000000);

	sram_fill(card, SRAM, 64, 1);
	descriptor_local(card, LOCAL_LIST, 0, SRAM, 64, DPR_END | TO_HOST);
	local32_set(card, LOCAL_LIST + 16, 5);
	ck_assert(chain(card, 0, MODE_MEMORY | MODE_DAC, LOCAL_LIST));
	ck_assert(sram_gave(card, SRAM, high, 64));
	card_free(card);
	pages_free(high, 4096);
}
END_TEST

/* Which is why drivers clear it before a chain (chip ref. 3.3). */
START_TEST(a_stale_dac_register_misleads_a_chain_of_plain_descriptors)
{
	struct card *card = card_new("%s", engine(_i));
	uint8_t *high = map_high(card, 0x500000000);

	sram_fill(card, SRAM, 64, 1);
	reg_set(card, DMADAC, 5);
	descriptor(card, LIST, 0, SRAM, 64, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(sram_gave(card, SRAM, high, 64));
	card_free(card);
	pages_free(high, 4096);
}
END_TEST

START_TEST(descriptors_are_fetched_below_4_gib_whatever_the_dac_register)
{
	struct card *card = card_new("%s", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	reg_set(card, DMADAC, 5);
	descriptor_dac(card, LIST, HOST, SRAM, 64, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY | MODE_DAC, LIST | DPR_PCI));
	ck_assert(moved(card, 0, 0, 64));
	card_free(card);
}
END_TEST

START_TEST(a_9080_reads_plain_descriptors_only)
{
	struct card *card = card_new("%s,chip=9080", engine(_i));

	sram_fill(card, SRAM, 64, 1);
	descriptor_dac(card, LIST, ((uint64_t)5 << 32) | HOST, SRAM, 64,
		       DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY | MODE_DAC, LIST | DPR_PCI));
	ck_assert(moved(card, 0, 0, 64));
	card_free(card);
}
END_TEST

static void two_counts(struct card *card, bool in_local_memory)
{
	if (in_local_memory) {
		descriptor_local(card, LOCAL_LIST, HOST, SRAM, 64,
				 (LOCAL_LIST + 16) | TO_HOST);
		descriptor_local(card, LOCAL_LIST + 16, HOST + 64, SRAM + 64,
				 32, DPR_END | TO_HOST);
		ck_assert(chain(card, 0, MODE_MEMORY | MODE_CLEAR_COUNT,
				LOCAL_LIST));
	} else {
		descriptor(card, LIST, HOST, SRAM, 64,
			   (LIST + 16) | DPR_PCI | TO_HOST);
		descriptor(card, LIST + 16, HOST + 64, SRAM + 64, 32,
			   DPR_PCI | DPR_END | TO_HOST);
		ck_assert(chain(card, 0, MODE_MEMORY | MODE_CLEAR_COUNT,
				LIST | DPR_PCI));
	}
}

START_TEST(clear_count_clears_counts_in_local_memory)
{
	struct card *card = card_new("%s", engine(_i));

	two_counts(card, true);
	ck_assert_uint_eq(local32(card, LOCAL_LIST + 8) & 0x7FFFFF, 0);
	ck_assert_uint_eq(local32(card, LOCAL_LIST + 24) & 0x7FFFFF, 0);
	ck_assert_uint_eq(local32(card, LOCAL_LIST + 16), HOST + 64);
	ck_assert_uint_eq(local32(card, LOCAL_LIST + 28), DPR_END | TO_HOST);
	card_free(card);
}
END_TEST

/* chip ref. 3.4; open 6. */
START_TEST(clear_count_leaves_counts_in_host_memory)
{
	struct card *card = card_new("%s,clearcount_writeback=off", engine(_i));

	two_counts(card, false);
	ck_assert_uint_eq(host32(card, LIST - HOST + 8), 64);
	ck_assert_uint_eq(host32(card, LIST - HOST + 24), 32);
	card_free(card);
}
END_TEST

START_TEST(clear_count_may_write_back_to_host_memory)
{
	struct card *card = card_new("%s,clearcount_writeback=on", engine(_i));

	two_counts(card, false);
	ck_assert_uint_eq(host32(card, LIST - HOST + 8) & 0x7FFFFF, 0);
	ck_assert_uint_eq(host32(card, LIST - HOST + 24) & 0x7FFFFF, 0);
	card_free(card);
}
END_TEST

START_TEST(without_clear_count_descriptors_are_only_read)
{
	struct card *card = card_new("%s,clearcount_writeback=on", engine(_i));

	descriptor_local(card, LOCAL_LIST, HOST, SRAM, 64, DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LOCAL_LIST));
	ck_assert_uint_eq(local32(card, LOCAL_LIST + 8), 64);
	card_free(card);
}
END_TEST

struct witness {
	struct card *card;
	uint32_t count; /* as found when the interrupt came */
	int calls;
};

static void count_at_interrupt(void *context, int level)
{
	struct witness *witness = context;

	if (!level)
		return;
	witness->calls++;
	witness->count = model_bar_read(witness->card->model, 2,
					LOCAL_LIST - SRAM + 8, 32);
}

START_TEST(with_clear_count_the_interrupt_follows_the_cleared_count)
{
	struct card *card = card_new("%s", engine(_i));
	struct witness witness = {.card = card, .count = 1};

	model_set_intx(card->model, count_at_interrupt, &witness);
	interrupt_enable(card, INT_DMA(0));
	descriptor_local(card, LOCAL_LIST, HOST, SRAM, 64, DPR_END | TO_HOST);
	ck_assert(chain(card, 0,
			MODE_MEMORY | MODE_CLEAR_COUNT | MODE_DONE_IRQ |
				MODE_TO_INTA,
			LOCAL_LIST));
	ck_assert(inta_comes(card));
	card_free(card);
	ck_assert_int_eq(witness.calls, 1);
	ck_assert_uint_eq(witness.count & 0x7FFFFF, 0);
}
END_TEST

Suite *suite_descriptor(void)
{
	Suite *suite = suite_create("descriptor");
	TCase *tcase = tcase_create("64 bit");

#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	tcase_set_timeout(tcase, 60);
	BOTH(dac_descriptors_carry_the_upper_address);
	BOTH(dac_descriptors_may_lie_in_local_memory);
	BOTH(a_stale_dac_register_misleads_a_chain_of_plain_descriptors);
	BOTH(descriptors_are_fetched_below_4_gib_whatever_the_dac_register);
	BOTH(a_9080_reads_plain_descriptors_only);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("clear count");
	tcase_set_timeout(tcase, 60);
	BOTH(clear_count_clears_counts_in_local_memory);
	BOTH(clear_count_leaves_counts_in_host_memory);
	BOTH(clear_count_may_write_back_to_host_memory);
	BOTH(without_clear_count_descriptors_are_only_read);
	BOTH(with_clear_count_the_interrupt_follows_the_cleared_count);
	suite_add_tcase(suite, tcase);
	return suite;
}
