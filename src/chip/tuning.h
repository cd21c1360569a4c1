/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The fields of struct plxdma_tuning by name: as an option of a spec
 * ("tune.pci_latency=64"), for people, and what each of them takes.
 *
 * One table for whoever parses, shows or checks them, so that a field more is
 * one row.
 */
#ifndef CHIP_TUNING_H
#define CHIP_TUNING_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/tuning.h>

#include "error/error.h"

struct family;

struct tuning_field {
	const char *name;
	size_t offset;	  /* in struct plxdma_tuning */
	uint32_t largest; /* value that the register has room for */
	int hex;	  /* people write it so */
	const char *meaning;
};

/* Ended by a NULL name. */
extern const struct tuning_field tuning_fields[];

/* The field of that name, NULL if there is none. */
const struct tuning_field *tuning_find(const char *name, size_t length);
/* Reads a field's value from @text.  -EINVAL with a text. */
int tuning_parse(const struct tuning_field *field, const char *text,
		 size_t length, struct plxdma_tuning *tuning,
		 struct error *error);

/* Every field PLXDMA_TUNING_KEEP. */
void tuning_init(struct plxdma_tuning *tuning);
uint32_t tuning_get(const struct plxdma_tuning *tuning,
		    const struct tuning_field *field);
void tuning_set(struct plxdma_tuning *tuning, const struct tuning_field *field,
		uint32_t value);
/* What @from says, over what @tuning said before. */
void tuning_merge(struct plxdma_tuning *tuning,
		  const struct plxdma_tuning *from);

/* Does each field take its value, on that chip?  0 or -EINVAL with a text. */
int tuning_check(const struct plxdma_tuning *tuning,
		 const struct family *family, struct error *error);

#endif
