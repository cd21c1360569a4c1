/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See tuning.h. */
#include "cli/tuning.h"

#include <stdio.h>

#include "cli/cli.h"

void cli_tuning_print(const struct plxdma_tuning *tuning)
{
	const struct tuning_field *field;

	for (field = tuning_fields; field->name; field++) {
		uint32_t value = tuning_get(tuning, field);
		char text[16] = "-";

		if (value != PLXDMA_TUNING_KEEP)
			(void)snprintf(text, sizeof(text),
				       field->hex ? "0x%x" : "%u", value);
		(void)printf("%-18s %-10s %s\n", field->name, text,
			     field->meaning);
	}
}

void cli_tuning_json(struct json_object *object,
		     const struct plxdma_tuning *tuning)
{
	const struct tuning_field *field;

	for (field = tuning_fields; field->name; field++)
		if (tuning_get(tuning, field) != PLXDMA_TUNING_KEEP)
			cli_json_number(object, field->name,
					tuning_get(tuning, field));
}
