/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Open questions of the chip reference (section 12, and what it marks as
 * unproven): each is a switch, and each position shows (what has a suite of
 * its own is tested there).
 */
#include <string.h>

#include "channel.h"
#include "eeprom.h"
#include "suites.h"

enum { LIST = HOST + 0x80000 };

/* Whoever adds a switch adds a test. */
static const char *const tested[] = {
	"abort_fetch",
	"abort_tail",
	"busy_write",
	"chain_abort_needs_reset", /* cksuite-recovery.c */
	"clearcount_writeback",	   /* cksuite-descriptor.c */
	"command_decode",	   /* cksuite-config.c */
	"dac_align",
	"dac_carry",
	"demand_ch1", /* cksuite-pins.c */
	"dmamode_reset",
	"dn3_trap", /* cksuite-routing.c */
	"eedi_read",
	"eeprom_cntrl",
	"eeprom_protect",
	"eeprom_vpd",
	"eromrr_reset",
	"idle_abort_poisons", /* cksuite-abort.c */
	"intx_disable",	      /* cksuite-config.c */
	"reload",
	"reset_scope", /* cksuite-reset.c */
	"siz_residue", /* cksuite-eot.c */
	"stale_chain",
	"stale_fifo", /* cksuite-eot.c */
	"start_race", /* cksuite-start.c */
	"target_abort_garbage",
	"zero_in_chain",
};

START_TEST(every_switch_has_a_test)
{
	const struct model_switch *here;
	unsigned int i, count = sizeof(tested) / sizeof(*tested);

	for (here = model_switches(); here->name; here++) {
		for (i = 0; i < count && strcmp(tested[i], here->name); i++)
			;
		ck_assert_msg(i < count, "%s: no test", here->name);
	}
}
END_TEST

static uint32_t reset_value(const char *options, unsigned int offset)
{
	struct card *card = card_new("engine=inline,eeprom=none,%s", options);
	uint32_t value = reg(card, offset);

	card_free(card);
	return value;
}

START_TEST(the_reset_value_of_dmamode_is_a_switch)
{
	ck_assert_uint_eq(reset_value("dmamode_reset=43", DMAMODE), 0x43);
	ck_assert_uint_eq(reset_value("dmamode_reset=03", DMAMODE), 0x03);
	ck_assert_uint_eq(reset_value("dmamode_reset=83", DMAMODE), 0x83);
	ck_assert_uint_eq(reset_value("chip=9080", DMAMODE + 0x14), 0x03);
}
END_TEST

START_TEST(the_reset_value_of_eromrr_is_a_switch)
{
	ck_assert_uint_eq(reset_value("eromrr_reset=ffff0000", 0x10),
			  0xFFFF0000);
	ck_assert_uint_eq(reset_value("eromrr_reset=0", 0x10), 0);
}
END_TEST

/* Open 15. */
static bool second_moved_behind_zero(struct card *card)
{
	sram_fill(card, SRAM, 64, 1);
	descriptor(card, LIST, HOST, SRAM, 0, (LIST + 16) | DPR_PCI | TO_HOST);
	descriptor(card, LIST + 16, HOST, SRAM, 64,
		   DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	return sram_gave(card, SRAM, card->host, 64);
}

START_TEST(a_zero_length_in_a_chain_may_move_nothing)
{
	struct card *card = card_new("%s,zero_in_chain=skip", engine(_i));

	ck_assert(second_moved_behind_zero(card));
	card_free(card);
}
END_TEST

START_TEST(a_zero_length_in_a_chain_may_end_it)
{
	struct card *card = card_new("%s,zero_in_chain=end", engine(_i));

	ck_assert(!second_moved_behind_zero(card));
	card_free(card);
}
END_TEST

/* Open 7. */
static bool dac_chain_of_16_byte_steps(struct card *card)
{
	sram_fill(card, SRAM, 64, 1);
	descriptor_dac(card, LIST + 16, HOST, SRAM, 64,
		       DPR_PCI | DPR_END | TO_HOST);
	chain_program(card, 0, MODE_MEMORY | MODE_DAC, (LIST + 16) | DPR_PCI);
	dma_start(card, 0);
	sleep_ms(3);
	return sram_gave(card, SRAM, card->host, 64);
}

START_TEST(descriptors_with_five_lwords_may_need_32_byte_alignment)
{
	struct card *card = card_new("engine=inline,dac_align=32");

	ck_assert(!dac_chain_of_16_byte_steps(card));
	ck_assert_uint_eq(violations(card, MODEL_VIOLATION_BAD_DESCRIPTOR), 1);
	card_free(card);
}
END_TEST

START_TEST(descriptors_with_five_lwords_may_do_with_16_byte_alignment)
{
	struct card *card = card_new("engine=inline,dac_align=16");

	ck_assert(dac_chain_of_16_byte_steps(card));
	ck_assert_uint_eq(violations_total(card), 0);
	card_free(card);
}
END_TEST

/* chip ref. 3.5: one or two transfers may still happen. */
static uint64_t tail_after_abort(const char *options)
{
	struct card *card = card_new("engine=inline,rate=1e5,%s", options);
	uint64_t before;

	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x10000, TO_HOST);
	dma_start(card, 0);
	csr_set(card, 0, 0);
	before = counters(card).bytes_to_host;
	csr_set(card, 0, CSR_ABORT);
	ck_assert(dma_done(card, 0));
	before = counters(card).bytes_to_host - before;
	card_free(card);
	return before;
}

START_TEST(up_to_two_lwords_move_after_an_abort)
{
	ck_assert_uint_eq(tail_after_abort("abort_tail=2"), 8);
	ck_assert_uint_eq(tail_after_abort("abort_tail=1"), 4);
	ck_assert_uint_eq(tail_after_abort("abort_tail=0"), 0);
}
END_TEST

/* Open 11. */
static void crash_in_a_fetch(struct card *card)
{
	chain_program(card, 0, MODE_MEMORY, WILD | DPR_PCI);
	dma_start(card, 0);
	ck_assert(dma_hangs(card, 0));
	csr_set(card, 0, 0);
	csr_set(card, 0, CSR_ABORT);
}

START_TEST(an_abort_during_a_descriptor_fetch_may_end)
{
	struct card *card = card_new("%s,abort_fetch=done", engine(_i));

	crash_in_a_fetch(card);
	ck_assert(dma_done(card, 0));
	card_free(card);
}
END_TEST

START_TEST(an_abort_during_a_descriptor_fetch_may_never_end)
{
	struct card *card = card_new("%s,abort_fetch=stuck", engine(_i));

	crash_in_a_fetch(card);
	ck_assert(dma_hangs(card, 0));
	card_free(card);
}
END_TEST

/* Open 14. */
static uint32_t padr_after_busy_write(const char *options)
{
	struct card *card = card_new("engine=inline,rate=1e5,%s", options);
	uint32_t found;

	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 0x10000, TO_HOST);
	dma_start(card, 0);
	dma_set(card, 0, DMAPADR, HOST + 0x40000);
	found = dma(card, 0, DMAPADR);
	card_free(card);
	return found;
}

START_TEST(a_write_to_a_busy_channel_may_be_stored_or_ignored)
{
	ck_assert_uint_eq(padr_after_busy_write("busy_write=stored"),
			  HOST + 0x40000);
	ck_assert_uint_eq(padr_after_busy_write("busy_write=ignored"), HOST);
}
END_TEST

/* chip ref. 3.3: stale values "occasionally" damaged the first block. */
static bool first_block_survives_stale_registers(const char *options)
{
	struct card *card = card_new("engine=inline,%s", options);
	bool survives;

	sram_fill(card, SRAM, 4096, 1);
	dma_set(card, 0, DMAPADR, HOST + 0x10000);
	dma_set(card, 0, DMALADR, SRAM + 0x8000);
	dma_set(card, 0, DMASIZ, 64);
	descriptor(card, LIST, HOST, SRAM, 4096, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	survives = sram_gave(card, SRAM, card->host, 4096);
	card_free(card);
	return survives;
}

START_TEST(stale_registers_may_damage_the_first_block_of_a_chain)
{
	ck_assert(first_block_survives_stale_registers("stale_chain=off"));
	ck_assert(!first_block_survives_stale_registers("stale_chain=on"));
}
END_TEST

START_TEST(zeroed_registers_protect_a_chain)
{
	struct card *card = card_new("engine=inline,stale_chain=on");

	sram_fill(card, SRAM, 4096, 1);
	ck_assert(block_memory(card, 0, HOST + 0x10000, SRAM, 64, TO_HOST));
	dma_set(card, 0, DMAPADR, 0);
	dma_set(card, 0, DMALADR, 0);
	dma_set(card, 0, DMASIZ, 0);
	descriptor(card, LIST, HOST, SRAM, 4096, DPR_PCI | DPR_END | TO_HOST);
	ck_assert(chain(card, 0, MODE_MEMORY, LIST | DPR_PCI));
	ck_assert(sram_gave(card, SRAM, card->host, 4096));
	card_free(card);
}
END_TEST

/* A transfer that crosses 4 GiB: where its second half goes. */
static bool carries(const char *options, bool *wrapped)
{
	struct card *card = card_new("engine=inline,%s", options);
	static uint8_t pages[3][4096];
	bool carried;
	int i;

	model_map(card->model, 0xFFFFF000, pages[0], 4096, MODEL_WRITE);
	model_map(card->model, 0x100000000, pages[1], 4096, MODEL_WRITE);
	model_map(card->model, 0x0, pages[2], 4096, MODEL_WRITE);
	for (i = 0; i < 3; i++)
		memset(pages[i], 0, 4096);
	sram_fill(card, SRAM, 128, 1);
	block_program(card, 0, MODE_MEMORY, 0xFFFFFFC0, SRAM, 128, TO_HOST);
	dma_start(card, 0);
	ck_assert(sram_gave(card, SRAM, pages[0] + 4032, 64));
	carried = sram_gave(card, SRAM + 64, pages[1], 64);
	*wrapped = sram_gave(card, SRAM + 64, pages[2], 64);
	card_free(card);
	return carried;
}

START_TEST(crossing_4_gib_may_carry_or_wrap)
{
	bool wrapped;

	ck_assert(carries("dac_carry=on", &wrapped));
	ck_assert(!wrapped);
	ck_assert(!carries("dac_carry=off", &wrapped));
	ck_assert(wrapped);
}
END_TEST

/* chip ref. 5.1: in place of the last Lword. */
static bool lword_behind_the_abort_is_whole(const char *options)
{
	struct card *card = card_new("engine=inline,%s", options);
	bool whole;

	pattern_fill(card->host, 256, 1);
	local32_set(card, SRAM + 252, 0x01020304);
	fault(card, "target-abort@data:252");
	block_program(card, 0, MODE_MEMORY, HOST, SRAM, 256, TO_CARD);
	dma_start(card, 0);
	ck_assert(sram_took(card, SRAM, card->host, 252));
	whole = local32(card, SRAM + 252) == 0x01020304;
	card_free(card);
	return whole;
}

START_TEST(a_target_abort_may_write_one_garbage_lword)
{
	ck_assert(lword_behind_the_abort_is_whole("target_abort_garbage=off"));
	ck_assert(!lword_behind_the_abort_is_whole("target_abort_garbage=on"));
}
END_TEST

/* Open 8. */
static bool reloads_again_at_level(const char *options)
{
	struct card *card = card_new("engine=inline,%s", options);
	uint32_t cntrl = reg(card, CNTRL);
	bool reloaded;

	reg_set(card, CNTRL, cntrl | 0x20000000);
	reg_set(card, MBOX0_ALIAS, 0x12345678);
	reg_set(card, CNTRL, cntrl | 0x20000000);
	reloaded = reg(card, MBOX0_ALIAS) != 0x12345678;
	card_free(card);
	return reloaded;
}

START_TEST(the_reload_bit_may_be_an_edge_or_a_level)
{
	ck_assert(!reloads_again_at_level("reload=edge"));
	ck_assert(reloads_again_at_level("reload=level"));
}
END_TEST

START_TEST(eedi_while_reading_is_a_switch)
{
	struct card *card = card_new("engine=inline,eedi_read=off");
	struct lines lines = {.data_in_low = true};

	ck_assert_uint_eq(prom_read(card, 1, &lines, NULL), 0x10B5);
	card_free(card);
}
END_TEST

START_TEST(the_eeprom_behind_cntrl_is_a_switch)
{
	struct card *on = card_new("engine=inline,chip=9054aa,eeprom_cntrl=on");
	struct card *off = card_new("engine=inline,eeprom_cntrl=off");

	ck_assert_uint_eq(prom_lword(on, 0), 0x905410B5);
	ck_assert_uint_ne(prom_lword(off, 0), 0x905410B5);
	card_free(off);
	card_free(on);
}
END_TEST

START_TEST(vpd_may_be_flaky)
{
	struct card *card = card_new("engine=inline,eeprom_vpd=flaky");
	uint32_t value = 0;
	int i, good = 0;

	for (i = 0; i < 4; i++)
		good += vpd_read(card, 0, &value) && value == 0x905410B5;
	ck_assert_int_gt(good, 0);
	ck_assert_int_lt(good, 4);
	card_free(card);
}
END_TEST

START_TEST(prot_area_may_guard_vpd_alone)
{
	struct card *card = card_new("engine=inline,eeprom_protect=vpd");

	reg8_set(card, PROT_AREA, 0x30);
	prom_write(card, 0x50, 0xBEEF);
	ck_assert_uint_eq(prom_read(card, 0x50, NULL, NULL), 0xBEEF);
	vpd_write(card, 0xA0, 0x12345678);
	ck_assert_uint_ne(prom_lword(card, 0xA0), 0x12345678);
	card_free(card);
}
END_TEST

Suite *suite_open(void)
{
	Suite *suite = suite_create("open questions");
	TCase *tcase = tcase_create("dma");

	tcase_set_timeout(tcase, 60);
#define BOTH(test) tcase_add_loop_test(tcase, test, 0, ENGINES)
	BOTH(a_zero_length_in_a_chain_may_move_nothing);
	BOTH(a_zero_length_in_a_chain_may_end_it);
	BOTH(an_abort_during_a_descriptor_fetch_may_end);
	BOTH(an_abort_during_a_descriptor_fetch_may_never_end);
	tcase_add_test(tcase,
		       descriptors_with_five_lwords_may_need_32_byte_alignment);
	tcase_add_test(
		tcase,
		descriptors_with_five_lwords_may_do_with_16_byte_alignment);
	tcase_add_test(tcase, up_to_two_lwords_move_after_an_abort);
	tcase_add_test(tcase,
		       a_write_to_a_busy_channel_may_be_stored_or_ignored);
	tcase_add_test(tcase,
		       stale_registers_may_damage_the_first_block_of_a_chain);
	tcase_add_test(tcase, zeroed_registers_protect_a_chain);
	tcase_add_test(tcase, crossing_4_gib_may_carry_or_wrap);
	tcase_add_test(tcase, a_target_abort_may_write_one_garbage_lword);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("registers");
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_switch_has_a_test);
	tcase_add_test(tcase, the_reset_value_of_dmamode_is_a_switch);
	tcase_add_test(tcase, the_reset_value_of_eromrr_is_a_switch);
	tcase_add_test(tcase, the_reload_bit_may_be_an_edge_or_a_level);
	tcase_add_test(tcase, eedi_while_reading_is_a_switch);
	tcase_add_test(tcase, the_eeprom_behind_cntrl_is_a_switch);
	tcase_add_test(tcase, vpd_may_be_flaky);
	tcase_add_test(tcase, prot_area_may_guard_vpd_alone);
	suite_add_tcase(suite, tcase);
	return suite;
}
