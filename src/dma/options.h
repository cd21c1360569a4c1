/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the driver itself takes from a card's spec; the rest is the
 * transport's.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>

#include <plxdma/tuning.h>

#include "error/error.h"

/* Bytes of report=DIR, with the zero byte at its end. */
#define OPTION_REPORT 192

struct card_options {
	int reset_allowed;	/* reset=allowed */
	int no_dac;		/* dac=no: the path drops dual-address cycles */
	int zero_chain;		/* quirk=zero: as a 9080 needs it */
	char report[OPTION_REPORT]; /* report=DIR, "": none */
	/* tune.FIELD=VALUE, by the names of struct plxdma_tuning. */
	struct plxdma_tuning tuning;
};

/* Splits @spec; @rest receives what the transport is to see.  0, -EINVAL or
 * -ENAMETOOLONG with a text. */
int options_strip(const char *spec, struct card_options *options, char *rest,
		  size_t room, struct error *error);

#endif
