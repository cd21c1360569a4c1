/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two decisions about the same registers made one: what a card allows to all
 * and what a section allows to some. It is made when a card is opened, so that
 * a register step asks one list, however many have decided.
 */
#include "reach.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
	const struct reach_range *left = a, *right = b;

	if (left->space != right->space)
		return left->space < right->space ? -1 : 1;
	return (left->first > right->first) - (left->first < right->first);
}

/* Sorts and joins what touches. */
static void list_merge(struct reach_list *list)
{
	unsigned int kept = 0;

	if (!list->count)
		return;
	qsort(list->ranges, list->count, sizeof(list->ranges[0]), ascending);
	for (unsigned int i = 1; i < list->count; i++) {
		const struct reach_range *range = &list->ranges[i];
		struct reach_range *last = &list->ranges[kept];

		if (range->space == last->space &&
		    range->first <= (uint64_t)last->last + 1) {
			if (range->last > last->last)
				last->last = range->last;
		} else {
			list->ranges[++kept] = *range;
		}
	}
	list->count = kept + 1;
}

static int range_add(struct reach_list *list, unsigned int space,
		     uint32_t first, uint32_t last)
{
	if (list->count == REACH_MOST)
		return -ENOSPC;
	list->ranges[list->count++] = (struct reach_range){
		.space = (uint8_t)space, .first = first, .last = last,
	};
	return 0;
}

static int list_append(struct reach_list *to, const struct reach_list *from)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < from->count; i++)
		err = range_add(to, from->ranges[i].space,
				from->ranges[i].first, from->ranges[i].last);
	return err;
}

static int common_add(struct reach_list *list, const struct reach_range *a,
		      const struct reach_range *b)
{
	uint32_t first = a->first > b->first ? a->first : b->first;
	uint32_t last = a->last < b->last ? a->last : b->last;

	if (a->space != b->space || first > last)
		return 0;
	return range_add(list, a->space, first, last);
}

/* A list that isn't given is everything. */
static int list_both(const struct reach_list *a, const struct reach_list *b,
		     struct reach_list *both)
{
	int err = 0;

	memset(both, 0, sizeof(*both));
	both->given = a->given || b->given;
	if (!a->given || !b->given) {
		err = list_append(both, a->given ? a : b);
	} else {
		for (unsigned int i = 0; !err && i < a->count; i++)
			for (unsigned int j = 0; !err && j < b->count; j++)
				err = common_add(both, &a->ranges[i],
						 &b->ranges[j]);
	}
	list_merge(both);
	return err;
}

/* All that may be written, with a claim or without. */
static int writes_of(const struct reach *reach, struct reach_list *list)
{
	int err;

	memset(list, 0, sizeof(*list));
	list->given = reach->write.given;
	if (!list->given)
		return 0;
	err = list_append(list, &reach->write);
	if (!err)
		err = list_append(list, &reach->claim_write);
	list_merge(list);
	return err;
}

static int claimed_both(const struct reach *a, const struct reach *b,
			struct reach *both)
{
	struct reach_list either = { .given = 1 };
	int err = list_append(&either, &a->claim_write);

	if (!err)
		err = list_append(&either, &b->claim_write);
	list_merge(&either);
	/* It adds to what may be written where that is given: not here. */
	if (!err)
		err = list_both(&either, &both->write, &both->claim_write);
	both->claim_write.given = both->claim_write.count != 0;
	return err;
}

int reach_both(const struct reach *a, const struct reach *b,
	       struct reach *both)
{
	struct reach_list left, right;
	int err;

	memset(both, 0, sizeof(*both));
	err = list_both(&a->read, &b->read, &both->read);
	if (!err)
		err = writes_of(a, &left);
	if (!err)
		err = writes_of(b, &right);
	if (!err)
		err = list_both(&left, &right, &both->write);
	return err ? err : claimed_both(a, b, both);
}

void reach_close(struct reach *reach)
{
	memset(reach, 0, sizeof(*reach));
	reach->read.given = 1;
	reach->write.given = 1;
}
