/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of registers, registers.tsv, as the test reads it.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

/* What each bit does; what is in none of them and not open is reserved. */
struct access {
	uint32_t rw;
	uint32_t w1c;
	uint32_t ro;
	uint32_t w1s;
};

struct row {
	char chips[16];
	char space[8];
	char name[16];
	unsigned int offset;
	unsigned int width;
	uint32_t reset;
	uint32_t known;
	struct access pci;
	struct access local;
	uint32_t open;
	uint32_t skip;
	bool has_local;
};

struct table {
	struct row rows[256];
	unsigned int count;
};

/* The personalities of the software card, in the words of its options. */
extern const char *const chips[];
#define CHIPS 7

/* Ends the test with the line's number where a line does not parse. */
void table_read(struct table *table);
bool row_applies(const struct row *row, const char *chip);
/* NULL if the chip has no row of that name. */
const struct row *table_find(const struct table *table, const char *chip,
			     const char *space, const char *name);
/* All ones in the row's width. */
uint32_t row_mask(const struct row *row);

#endif
