/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of tuning.h, and what is done field by field. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chip/tuning.h"

#define FIELD(member)                                                          \
	.name = #member, .offset = offsetof(struct plxdma_tuning, member)

const struct tuning_field tuning_fields[] = {
	{
		FIELD(pci_latency),
		.largest = 255,
		.meaning = "PCI latency timer, PCI clocks",
	}, {
		FIELD(cache_line),
		.largest = 255,
		.meaning = "PCI cache line, Lwords (8 or 16 for write and "
			   "invalidate)",
	}, {
		FIELD(local_latency),
		.largest = 255,
		.meaning = "local bus latency timer, local clocks",
	}, {
		FIELD(local_pause),
		.largest = 255,
		.meaning = "local bus pause timer, local clocks",
	}, {
		FIELD(local_latency_on),
		.largest = 1,
		.meaning = "local latency timer in force",
	}, {
		FIELD(local_pause_on),
		.largest = 1,
		.meaning = "local pause timer in force",
	}, {
		FIELD(read_command),
		.largest = 15,
		.hex = 1,
		.meaning = "PCI command of DMA reads",
	}, {
		FIELD(write_command),
		.largest = 15,
		.hex = 1,
		.meaning = "PCI command of DMA writes",
	}, {
		FIELD(threshold),
		.largest = UINT32_MAX,
		.hex = 1,
		.meaning = "DMA FIFO thresholds",
	}, {
		.name = NULL,
	},
};

const struct tuning_field *tuning_find(const char *name, size_t length)
{
	const struct tuning_field *field;

	for (field = tuning_fields; field->name; field++)
		if (strlen(field->name) == length &&
		    !strncmp(field->name, name, length))
			return field;
	return NULL;
}

/* Decimal, or hexadecimal after 0x. */
static int number_parse(const char *text, size_t length, uint32_t *value)
{
	unsigned long long number;
	char digits[16], *end;

	if (!length || length >= sizeof(digits) || text[0] < '0' ||
	    text[0] > '9')
		return -EINVAL;
	memcpy(digits, text, length);
	digits[length] = '\0';
	number = strtoull(digits, &end,
			  !strncmp(digits, "0x", 2) ? 16 : 10);
	/* All ones is the word for "keep". */
	if (*end || number >= UINT32_MAX)
		return -EINVAL;
	*value = (uint32_t)number;
	return 0;
}

int tuning_parse(const struct tuning_field *field, const char *text,
		 size_t length, struct plxdma_tuning *tuning,
		 struct error *error)
{
	uint32_t value;

	if (number_parse(text, length, &value) || value > field->largest)
		return error_set(error, -EINVAL,
				 "%s=%.*s: a number from 0 to %u, %s",
				 field->name, (int)length, text,
				 field->largest, field->meaning);
	tuning_set(tuning, field, value);
	return 0;
}

void tuning_init(struct plxdma_tuning *tuning)
{
	const struct tuning_field *field;

	tuning->size = sizeof(*tuning);
	for (field = tuning_fields; field->name; field++)
		tuning_set(tuning, field, PLXDMA_TUNING_KEEP);
}

uint32_t tuning_get(const struct plxdma_tuning *tuning,
		    const struct tuning_field *field)
{
	uint32_t value;

	memcpy(&value, (const char *)tuning + field->offset, sizeof(value));
	return value;
}

void tuning_set(struct plxdma_tuning *tuning, const struct tuning_field *field,
		uint32_t value)
{
	memcpy((char *)tuning + field->offset, &value, sizeof(value));
}

void tuning_merge(struct plxdma_tuning *tuning,
		  const struct plxdma_tuning *from)
{
	const struct tuning_field *field;

	for (field = tuning_fields; field->name; field++)
		if (tuning_get(from, field) != PLXDMA_TUNING_KEEP)
			tuning_set(tuning, field, tuning_get(from, field));
}
