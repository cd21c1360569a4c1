/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a thread's last error, and the card that it was about.
 *
 * A public function collects the text in a struct error of its own stack, so
 * that success costs one store; only a failure touches the thread's copy.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include "error/error.h"

struct plxdma_card;

/* Keeps the text, or one made of @function and @code if it is empty.
 * Return: @code. */
int failure_keep(const struct plxdma_card *card, int code,
		 const struct error *error, const char *function);
/* An argument that can't be right.  Return: -EINVAL. */
int failure_argument(const struct plxdma_card *card, const char *function,
		     const char *what);
/* "" if the last error was about another card. */
const char *failure_text(const struct plxdma_card *card);

/* What this card's front door has not.  Return: -EOPNOTSUPP. */
int failure_unsupported(const struct plxdma_card *card, const char *function);

static inline void failure_begin(struct error *error)
{
	error->text[0] = '\0';
}

static inline int failure_end(const struct plxdma_card *card, int code,
			      const struct error *error, const char *function)
{
	return code >= 0 ? code : failure_keep(card, code, error, function);
}

#endif
