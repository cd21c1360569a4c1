/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two decisions about the same registers made one: what a card allows to all
 * and what a section allows to some. It is made when a card is opened, so that
 * a register step asks one list, however many have decided.
 */
#include "reach.h"

#include <string.h>

/* All that may be written, with a claim or without. */
static int writes_of(const struct reach *reach, struct ranges *list)
{
	int err;

	memset(list, 0, sizeof(*list));
	list->given = reach->write.given;
	if (!list->given)
		return 0;
	err = ranges_append(list, &reach->write);
	if (!err)
		err = ranges_append(list, &reach->claim_write);
	ranges_merge(list);
	return err;
}

static int claimed_both(const struct reach *a, const struct reach *b,
			struct reach *both)
{
	struct ranges either = { .given = 1 };
	int err = ranges_append(&either, &a->claim_write);

	if (!err)
		err = ranges_append(&either, &b->claim_write);
	ranges_merge(&either);
	/* It adds to what may be written where that is given: not here. */
	if (!err)
		err = ranges_both(&either, &both->write, &both->claim_write);
	both->claim_write.given = both->claim_write.count != 0;
	return err;
}

int reach_both(const struct reach *a, const struct reach *b,
	       struct reach *both)
{
	struct ranges left, right;
	int err;

	memset(both, 0, sizeof(*both));
	err = ranges_both(&a->read, &b->read, &both->read);
	if (!err)
		err = writes_of(a, &left);
	if (!err)
		err = writes_of(b, &right);
	if (!err)
		err = ranges_both(&left, &right, &both->write);
	return err ? err : claimed_both(a, b, both);
}

void reach_close(struct reach *reach)
{
	memset(reach, 0, sizeof(*reach));
	reach->read.given = 1;
	reach->write.given = 1;
}
