/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every register of the chip reference against the table registers.tsv, for
 * every personality, from the PCI side and from the local side.
 */
#include <stdio.h>
#include <string.h>

#include "card.h"
#include "registers.h"
#include "suites.h"

/* What chip ref. 1.3 and 2.2 list, apart from the table. */
static const char *const bar0_names[] = {
	"LAS0RR",   "LAS0BA",	"MARBR",    "BIGEND",	   "EROMRR",
	"EROMBA",   "LBRD0",	"DMRR",	    "DMLBAM",	   "DMLBAI",
	"DMPBAM",   "DMCFGA",	"OPQIS",    "OPQIM",	   "MBOX0",
	"MBOX1",    "MBOX2",	"MBOX3",    "MBOX4",	   "MBOX5",
	"MBOX6",    "MBOX7",	"P2LDBELL", "L2PDBELL",	   "INTCSR",
	"CNTRL",    "PCIHIDR",	"PCIHREV",  "MBOX0_ALIAS", "MBOX1_ALIAS",
	"DMAMODE0", "DMAPADR0", "DMALADR0", "DMASIZ0",	   "DMADPR0",
	"DMAMODE1", "DMAPADR1", "DMALADR1", "DMASIZ1",	   "DMADPR1",
	"DMACSR0",  "DMACSR1",	"DMAARB",   "DMATHR",	   "MQCR",
	"QBAR",	    "IFHPR",	"IFTPR",    "IPHPR",	   "IPTPR",
	"OFHPR",    "OFTPR",	"OPHPR",    "OPTPR",	   "QSR",
	"LAS1RR",   "LAS1BA",	"LBRD1",    NULL};
static const char *const bar0_names_9054[] = {"LMISC",	 "PROT_AREA", "DMADAC0",
					      "DMADAC1", "DMDAC",     NULL};
static const char *const bar0_names_9056[] = {"PCIARB", "PABTADR", NULL};
static const char *const bar0_names_9656[] = {"LMISC2", NULL};
static const char *const config_names[] = {
	"PCIIDR",  "PCICR",   "PCISR",	  "PCIREV",  "PCICCR",	"PCICLSR",
	"PCILTR",  "PCIHTR",  "PCIBISTR", "PCIBAR0", "PCIBAR1", "PCIBAR2",
	"PCIBAR3", "PCIBAR4", "PCIBAR5",  "PCICIS",  "PCISVID", "PCIERBAR",
	"CAP_PTR", "PCIILR",  "PCIIPR",	  "PCIMGR",  "PCIMLR",	NULL};
static const char *const config_names_9054[] = {"PMCAP",   "PMCSR",    "HS_CAP",
						"VPD_CAP", "VPD_DATA", NULL};

static void find_all(const struct table *table, const char *chip,
		     const char *space, const char *const *names)
{
	for (; *names; names++)
		ck_assert_msg(table_find(table, chip, space, *names) != NULL,
			      "%s: no row for %s of %s", chip, *names, space);
}

START_TEST(every_register_of_the_reference_has_a_row)
{
	static struct table table;
	const char *chip = chips[_i];

	table_read(&table);
	find_all(&table, chip, "bar0", bar0_names);
	find_all(&table, chip, "config", config_names);
	if (!strcmp(chip, "9080"))
		return;
	find_all(&table, chip, "bar0", bar0_names_9054);
	find_all(&table, chip, "config", config_names_9054);
	if (!strncmp(chip, "9054", 4))
		return;
	find_all(&table, chip, "bar0", bar0_names_9056);
	if (!strcmp(chip, "9656"))
		find_all(&table, chip, "bar0", bar0_names_9656);
}
END_TEST

/* One side of the card: how a row is read and written there. */
struct side {
	const char *name;
	struct card *card;
	uint32_t (*read)(struct card *card, const struct row *row);
	void (*write)(struct card *card, const struct row *row, uint32_t value);
	const struct access *(*access)(const struct row *row);
};

static uint32_t pci_read(struct card *card, const struct row *row)
{
	if (!strcmp(row->space, "config"))
		return model_config_read(card->model, row->offset, row->width);
	return model_bar_read(card->model, 0, row->offset, row->width);
}

static void pci_write(struct card *card, const struct row *row, uint32_t value)
{
	if (!strcmp(row->space, "config"))
		model_config_write(card->model, row->offset, row->width, value);
	else
		model_bar_write(card->model, 0, row->offset, row->width, value);
}

static const struct access *pci_access(const struct row *row)
{
	return &row->pci;
}

static uint32_t local_read(struct card *card, const struct row *row)
{
	return model_local_reg_read(card->model, row->offset, row->width);
}

static void local_write(struct card *card, const struct row *row,
			uint32_t value)
{
	model_local_reg_write(card->model, row->offset, row->width, value);
}

static const struct access *local_access(const struct row *row)
{
	return row->has_local ? &row->local : NULL;
}

static const struct side pci_side = {"PCI", NULL, pci_read, pci_write,
				     pci_access};
static const struct side local_side = {"local", NULL, local_read, local_write,
				       local_access};

/* What a row's bits read as after value was written over before. */
static uint32_t expected(const struct access *access, uint32_t before,
			 uint32_t value)
{
	return (value & access->rw) | (before & access->ro) |
	       (before & ~value & access->w1c) |
	       ((before | value) & access->w1s);
}

/* Bits that start something are left as they are. */
static void write_and_compare(const struct side *side, const struct row *row,
			      const struct access *access, uint32_t value)
{
	uint32_t before = side->read(side->card, row);
	uint32_t checked = row_mask(row) & ~row->open;
	uint32_t wanted, found;

	value = (value & ~row->skip) | (before & access->rw & row->skip);
	wanted = expected(access, before, value) & checked;
	side->write(side->card, row, value);
	found = side->read(side->card, row) & checked;
	ck_assert_msg(found == wanted,
		      "%s %s (%s): %08X over %08X reads %08X, not %08X",
		      row->name, row->space, side->name, value, before, found,
		      wanted);
}

static void row_write_patterns(const struct side *side, const struct row *row)
{
	const struct access *access = side->access(row);
	uint32_t before, bit;

	if (!access)
		return;
	before = side->read(side->card, row);
	write_and_compare(side, row, access, 0xFFFFFFFF & row_mask(row));
	write_and_compare(side, row, access, 0);
	write_and_compare(side, row, access, 0xA5C3965A & row_mask(row));
	for (bit = 1; bit & row_mask(row); bit <<= 1)
		write_and_compare(side, row, access, bit);
	side->write(side->card, row, before & ~row->skip);
}

/* By byte: the same result as one write of the whole. */
static void row_write_bytes(const struct side *side, const struct row *row)
{
	const struct access *access = side->access(row);
	uint32_t before, wanted = 0, found, value = 0x5AA53CC3;
	struct row byte = *row;
	unsigned int i;

	if (!access || row->width == 8)
		return;
	before = side->read(side->card, row);
	value &= row_mask(row) & ~row->skip;
	wanted = expected(access, before, value);
	byte.width = 8;
	for (i = 0; i < row->width / 8; i++) {
		byte.offset = row->offset + i;
		side->write(side->card, &byte, value >> (8 * i) & 0xFF);
	}
	found = side->read(side->card, row);
	ck_assert_msg(!((found ^ wanted) & ~row->open),
		      "%s (%s): %08X by bytes reads %08X, not %08X", row->name,
		      side->name, value, found, wanted);
	side->write(side->card, row, before & ~row->skip);
}

static void row_read_narrow(const struct side *side, const struct row *row,
			    unsigned int width)
{
	uint32_t whole = side->read(side->card, row), found;
	struct row part = *row;
	unsigned int i;

	if (!side->access(row) || row->width <= width)
		return;
	part.width = width;
	for (i = 0; i < row->width; i += width) {
		part.offset = row->offset + i / 8;
		found = side->read(side->card, &part);
		ck_assert_msg(found == (whole >> i & row_mask(&part)),
			      "%s+%u (%s): %u bits read %X of %08X", row->name,
			      i / 8, side->name, width, found, whole);
	}
}

/* Without an EEPROM, so that the chip's own reset values show. */
static struct card *bare_card(const char *chip)
{
	struct card *card = card_new("chip=%s,engine=inline,eeprom=none", chip);

	config16_set(card, PCI_COMMAND, 0);
	return card;
}

static void row_reset(const struct side *side, const struct row *row)
{
	uint32_t found;

	if (!side->access(row))
		return;
	found = side->read(side->card, row);
	ck_assert_msg((found & row->known) == (row->reset & row->known),
		      "%s %s (%s): %08X at reset, not %08X", row->name,
		      row->space, side->name, found, row->reset);
}

static void row_check(const struct side *side, const struct row *row)
{
	row_read_narrow(side, row, 8);
	row_read_narrow(side, row, 16);
	row_write_patterns(side, row);
	row_write_bytes(side, row);
}

static const struct table *table_here(void)
{
	static struct table table;

	table_read(&table);
	return &table;
}

START_TEST(every_register_has_its_reset_value)
{
	const struct table *table = table_here();
	struct card *card = bare_card(chips[_i]);
	struct side pci = pci_side, on_card = local_side;
	unsigned int i;

	config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	pci.card = on_card.card = card;
	for (i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		if (!row_applies(row, chips[_i]))
			continue;
		if (!strcmp(row->name, "PCICR"))
			config16_set(card, PCI_COMMAND, 0);
		row_reset(&pci, row);
		row_reset(&on_card, row);
		config16_set(card, PCI_COMMAND, COMMAND_MEMORY);
	}
	card_free(card);
}
END_TEST

static void every_bit_on(const struct side *side, const char *chip)
{
	const struct table *table = table_here();
	unsigned int i, rows = 0;

	for (i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		if (!row_applies(row, chip) || !side->access(row))
			continue;
		config16_set(side->card, PCI_COMMAND, COMMAND_MEMORY);
		row_check(side, row);
		rows++;
	}
	printf("%s, %s side: %u registers checked\n", chip, side->name, rows);
}

START_TEST(every_bit_does_what_the_table_says_on_the_pci_side)
{
	struct side side = pci_side;

	side.card = bare_card(chips[_i]);
	every_bit_on(&side, chips[_i]);
	card_free(side.card);
}
END_TEST

START_TEST(every_bit_does_what_the_table_says_on_the_local_side)
{
	struct side side = local_side;

	side.card = bare_card(chips[_i]);
	every_bit_on(&side, chips[_i]);
	card_free(side.card);
}
END_TEST

START_TEST(every_row_belongs_to_a_chip_and_to_one_name)
{
	const struct table *table = table_here();
	unsigned int i, chip, rows = 0;

	for (i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];
		unsigned int users = 0;

		for (chip = 0; chip < CHIPS; chip++) {
			if (!row_applies(row, chips[chip]))
				continue;
			users++;
			ck_assert_msg(table_find(table, chips[chip], row->space,
						 row->name) == row,
				      "%s: two rows for %s", row->name,
				      chips[chip]);
		}
		ck_assert_msg(users > 0, "%s: no chip '%s'", row->name,
			      row->chips);
		rows++;
	}
	printf("registers.tsv: %u rows checked\n", rows);
}
END_TEST

/* Offsets that chip ref. 2.2 leaves out; those of newer chips on a 9080. */
static const unsigned int holes[] = {0x38, 0x3C, 0xBC, 0xEC};
static const unsigned int holes_9080[] = {0x0D, 0x0E, 0x0F, 0xB4, 0xB8, 0xFC};

static void hole_reads_zero(struct card *card, unsigned int offset)
{
	uint32_t found;

	reg8_set(card, offset, 0xFF);
	found = reg8(card, offset);
	ck_assert_msg(found == 0, "%02X reads %02X", offset, found);
}

START_TEST(what_is_no_register_reads_0_and_swallows_writes)
{
	struct card *card = card_new("chip=%s,eeprom=none", chips[_i]);
	unsigned int i;

	for (i = 0; i < sizeof(holes) / sizeof(*holes); i++)
		hole_reads_zero(card, holes[i]);
	if (!strcmp(chips[_i], "9080"))
		for (i = 0; i < sizeof(holes_9080) / sizeof(*holes_9080); i++)
			hole_reads_zero(card, holes_9080[i]);
	card_free(card);
}
END_TEST

Suite *suite_registers(void)
{
	Suite *suite = suite_create("registers");
	TCase *tcase = tcase_create("table");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_row_belongs_to_a_chip_and_to_one_name);
	tcase_add_loop_test(tcase, every_register_of_the_reference_has_a_row, 0,
			    CHIPS);
	tcase_add_loop_test(tcase, every_register_has_its_reset_value, 0,
			    CHIPS);
	tcase_add_loop_test(tcase,
			    every_bit_does_what_the_table_says_on_the_pci_side,
			    0, CHIPS);
	tcase_add_loop_test(
		tcase, every_bit_does_what_the_table_says_on_the_local_side, 0,
		CHIPS);
	tcase_add_loop_test(tcase,
			    what_is_no_register_reads_0_and_swallows_writes, 0,
			    CHIPS);
	suite_add_tcase(suite, tcase);
	return suite;
}
