/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thread-local, because two threads may fail on one card at the same time. */
#include "api/failure.h"

#include <errno.h>
#include <string.h>

static _Thread_local struct {
	const struct plxdma_card *card;
	struct error error;
} last;

int failure_keep(const struct plxdma_card *card, int code,
		 const struct error *error, const char *function)
{
	last.card = card;
	if (error->text[0])
		last.error = *error;
	else
		error_set(&last.error, code, "%s: %s", function,
			  strerror(-code));
	return code;
}

int failure_argument(const struct plxdma_card *card, const char *function,
		     const char *what)
{
	last.card = card;
	return error_set(&last.error, -EINVAL, "%s: %s", function, what);
}

int failure_unsupported(const struct plxdma_card *card, const char *function)
{
	last.card = card;
	return error_set(&last.error, -EOPNOTSUPP,
			 "%s: not for a card that is reached this way",
			 function);
}

const char *failure_text(const struct plxdma_card *card)
{
	return last.card == card ? last.error.text : "";
}
