/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See status.h. */
#include "plxapi/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	int error;
	PLX_STATUS status;
} table[] = {
	{ 0, PLX_STATUS_OK },
	{ -EACCES, PLX_STATUS_INVALID_ACCESS },
	{ -EPERM, PLX_STATUS_INVALID_ACCESS },
	{ -EBUSY, PLX_STATUS_IN_USE },
	{ -EALREADY, PLX_STATUS_IN_PROGRESS },
	{ -EINVAL, PLX_STATUS_INVALID_DATA },
	{ -ERANGE, PLX_STATUS_INVALID_ADDR },
	{ -ENXIO, PLX_STATUS_INVALID_ADDR },
	{ -EMSGSIZE, PLX_STATUS_INVALID_SIZE },
	{ -ENOMEM, PLX_STATUS_INSUFFICIENT_RES },
	{ -ENOSPC, PLX_STATUS_INSUFFICIENT_RES },
	{ -EAGAIN, PLX_STATUS_INSUFFICIENT_RES },
	{ -EDQUOT, PLX_STATUS_INSUFFICIENT_RES },
	{ -EOPNOTSUPP, PLX_STATUS_UNSUPPORTED },
	{ -ENOENT, PLX_STATUS_NO_DRIVER },
	{ -ECONNREFUSED, PLX_STATUS_NO_DRIVER },
	{ -ETIMEDOUT, PLX_STATUS_TIMEOUT },
	{ -ECANCELED, PLX_STATUS_CANCELED },
	{ -ESHUTDOWN, PLX_STATUS_DISABLED },
	{ -ENODEV, PLX_STATUS_INVALID_OBJECT },
};

PLX_STATUS status_of(int result)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (table[i].error == result)
			return table[i].status;
	}
	return PLX_STATUS_FAILED;
}

static int verbose(void)
{
	const char *text = getenv("PLXAPI_VERBOSE");

	return text && *text && *text != '0';
}

PLX_STATUS status_failed(const char *call, const struct plxdma_card *card,
			 int result)
{
	if (result && verbose())
		fprintf(stderr, "plxapi: PlxPci_%s: %s\n", call,
			plxdma_error(card));
	return status_of(result);
}

PLX_STATUS status_refuse(const char *call, PLX_STATUS status,
			 const char *format, ...)
{
	char words[256];
	va_list arguments;

	if (!verbose())
		return status;
	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	fprintf(stderr, "plxapi: PlxPci_%s: %s\n", call, words);
	return status;
}

void status_give(PLX_STATUS *place, PLX_STATUS status)
{
	if (place)
		*place = status;
}
