/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The software card's options and faults, as somebody might type them.  A
 * refusal says why.  Options that open files are left to other tests.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

static int opens_files(const char *options)
{
	return strstr(options, "board") || strstr(options, "eeprom");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { "" };
	struct model *model = NULL;
	char *options, *fault;

	options = malloc(size + 1);
	if (!options)
		return 0;
	memcpy(options, data, size);
	options[size] = 0;
	if (opens_files(options))
		goto out_free;
	/* What follows a line end is a fault. */
	fault = strchr(options, '\n');
	if (fault)
		*fault++ = 0;
	if (model_new(options, &model, &error) != 0) {
		if (!memchr(error.text, 0, sizeof(error.text)) ||
		    !error.text[0])
			abort();
		goto out_free;
	}
	if (fault && model_fault(model, fault, &error) != 0 && !error.text[0])
		abort();
	model_bar_read(model, 0, 0x68, 32);
	model_free(model);
out_free:
	free(options);
	return 0;
}
