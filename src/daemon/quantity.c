/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * strtoull() alone takes signs, blanks and what follows the number.
 */
#include "quantity.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "error/planted.h"

static unsigned int unit_shift(char unit)
{
	switch (unit) {
	case 'K':
		return 10;
	case 'M':
		return 20;
	case 'G':
		return 30;
	default:
		return 0;
	}
}

static int wrong(const char *key, const char *text, int size, uint64_t least,
		 uint64_t most, struct error *error)
{
	if (size)
		return error_set(error, -EINVAL, "%s=%s: bytes, with K, M or "
				 "G, at least %" PRIu64, key, text, least);
	return error_set(error, -EINVAL, "%s=%s: %" PRIu64 " to %" PRIu64, key,
			 text, least, most);
}

int quantity_parse(const char *key, const char *text, int size, uint64_t least,
		   uint64_t most, uint64_t *number, struct error *error)
{
	unsigned int shift;
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return wrong(key, text, size, least, most, error);
	errno = 0;
	value = strtoull(text, &end, 10);
	shift = size ? unit_shift(*end) : 0;
	if (shift)
		end++;
	if (PLANTED(UNIT))
		most = UINT64_MAX << shift;
	if (errno || *end || value > most >> shift || value << shift < least)
		return wrong(key, text, size, least, most, error);
	*number = value << shift;
	return 0;
}

int quantity_count(const char *key, const char *text, unsigned int least,
		   unsigned int most, unsigned int *number,
		   struct error *error)
{
	uint64_t value;
	int err = quantity_parse(key, text, 0, least, most, &value, error);

	if (!err)
		*number = (unsigned int)value;
	return err;
}
