/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads registers.tsv.  REGISTERS_TSV in the environment names another file
 * than the one of the source tree.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registers.h"

#define COLUMNS 18

const char *const chips[] = {"9054ac", "9054ab", "9054aa", "9080",
			     "9056",   "9656",	 "8311"};

static uint32_t hex(const char *text, unsigned int line)
{
	char *end;
	unsigned long value = strtoul(text, &end, 16);

	ck_assert_msg(end != text && !*end, "registers.tsv:%u: '%s'", line,
		      text);
	return (uint32_t)value;
}

static void copy(char *to, size_t size, const char *from, unsigned int line)
{
	ck_assert_msg(strlen(from) < size, "registers.tsv:%u: '%s'", line,
		      from);
	strcpy(to, from);
}

static unsigned int split(char *text, char *columns[COLUMNS])
{
	unsigned int count = 0;

	while (text && count < COLUMNS)
		columns[count++] = strsep(&text, "\t\n");
	return count;
}

static uint32_t local_hex(const char *text, uint32_t pci, unsigned int line)
{
	return *text == '=' ? pci : hex(text, line);
}

static void row_parse(struct row *row, char *text, unsigned int line)
{
	char *column[COLUMNS];

	ck_assert_msg(split(text, column) == COLUMNS,
		      "registers.tsv:%u: %d columns are needed", line, COLUMNS);
	copy(row->chips, sizeof(row->chips), column[0], line);
	copy(row->space, sizeof(row->space), column[1], line);
	copy(row->name, sizeof(row->name), column[2], line);
	row->offset = hex(column[3], line);
	row->width = (unsigned int)atoi(column[4]);
	row->reset = hex(column[5], line);
	row->known = hex(column[6], line);
	row->pci = (struct access){hex(column[7], line), hex(column[8], line),
				   hex(column[9], line), hex(column[10], line)};
	row->open = hex(column[11], line);
	row->skip = hex(column[12], line);
	row->has_local = *column[13] != '-';
	if (!row->has_local)
		return;
	row->local.rw = local_hex(column[13], row->pci.rw, line);
	row->local.w1c = local_hex(column[14], row->pci.w1c, line);
	row->local.ro = local_hex(column[15], row->pci.ro, line);
	row->local.w1s = local_hex(column[16], row->pci.w1s, line);
}

void table_read(struct table *table)
{
	const char *path = getenv("REGISTERS_TSV");
	unsigned int line = 0;
	char text[512];
	FILE *file;

	if (!path)
		path = SRCDIR "/tests/model/registers.tsv";
	file = fopen(path, "re");
	ck_assert_msg(file != NULL, "%s: cannot be read", path);
	table->count = 0;
	while (fgets(text, sizeof(text), file)) {
		line++;
		if (*text == '#')
			continue;
		ck_assert_uint_lt(table->count, 256);
		row_parse(&table->rows[table->count++], text, line);
	}
	fclose(file);
}

static bool is_9054(const char *chip)
{
	return strncmp(chip, "9054", 4) == 0;
}

bool row_applies(const struct row *row, const char *chip)
{
	bool is_9080 = strcmp(chip, "9080") == 0;

	if (!strcmp(row->chips, "all"))
		return true;
	if (!strcmp(row->chips, "9054"))
		return is_9054(chip);
	if (!strcmp(row->chips, "9054+"))
		return !is_9080;
	if (!strcmp(row->chips, "9056+"))
		return !is_9080 && !is_9054(chip);
	return strcmp(row->chips, chip) == 0;
}

const struct row *table_find(const struct table *table, const char *chip,
			     const char *space, const char *name)
{
	unsigned int i;

	for (i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		if (row_applies(row, chip) && !strcmp(row->space, space) &&
		    !strcmp(row->name, name))
			return row;
	}
	return NULL;
}

uint32_t row_mask(const struct row *row)
{
	return row->width == 32 ? 0xFFFFFFFF : (1u << row->width) - 1;
}
