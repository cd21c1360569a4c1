/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists of register ranges, checked byte by byte only where no single range
 * holds the whole access.
 */
#include "reach.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	enum plxdma_space space;
} spaces[] = {
	{ "chip", PLXDMA_SPACE_CHIP },
	{ "bar0", PLXDMA_SPACE_CHIP },
	{ "bar2", PLXDMA_SPACE_BAR2 },
	{ "bar3", PLXDMA_SPACE_BAR3 },
	{ "config", PLXDMA_SPACE_CONFIG },
};
#define SPACES (sizeof(spaces) / sizeof(spaces[0]))

#define BLANKS " \t"

static const char *skip(const char *text)
{
	return text + strspn(text, BLANKS);
}

static const char *space_read(const char *text, struct range *range)
{
	size_t length = strcspn(text, BLANKS ",");

	for (unsigned int i = 0; i < SPACES; i++) {
		if (strlen(spaces[i].name) != length ||
		    strncmp(spaces[i].name, text, length))
			continue;
		range->space = (uint8_t)spaces[i].space;
		return skip(text + length);
	}
	return NULL;
}

/* "SPACE [FIRST-LAST]" */
static const char *space_range_read(const char *text, struct range *range)
{
	text = space_read(skip(text), range);
	if (!text)
		return NULL;
	range->first = 0;
	range->last = UINT32_MAX;
	return !*text || *text == ',' ? text : range_read(text, range);
}

int reach_allow(struct ranges *list, const char *key, const char *text,
		struct error *error)
{
	return ranges_allow(list, space_range_read, key, text,
			    "SPACE FIRST-LAST[, ...] with chip, bar2, bar3 or "
			    "config, e.g. bar2 0x0-0xfff", error);
}

static int byte_listed(const struct ranges *list, unsigned int space,
		       uint32_t offset)
{
	for (unsigned int i = 0; i < list->count; i++) {
		const struct range *range = &list->list[i];

		if (range->space == space && range->first <= offset &&
		    range->last >= offset)
			return 1;
	}
	return 0;
}

static uint32_t step_last(const struct plxdma_step *step)
{
	return step->offset + (step->width / 8u - 1);
}

/* Any of its bytes. */
static int any_listed(const struct ranges *list,
		      const struct plxdma_step *step)
{
	const uint32_t last = step_last(step);

	for (unsigned int i = 0; i < list->count; i++) {
		const struct range *range = &list->list[i];

		if (range->space == step->space && range->first <= last &&
		    range->last >= step->offset)
			return 1;
	}
	return 0;
}

/* As a whole, in one range: how nearly all are. */
static int whole_listed(const struct ranges *list,
			const struct plxdma_step *step)
{
	const uint32_t last = step_last(step);

	for (unsigned int i = 0; i < list->count; i++) {
		const struct range *range = &list->list[i];

		if (range->space == step->space &&
		    range->first <= step->offset && range->last >= last)
			return 1;
	}
	return 0;
}

/* All of its bytes, in one list or the other. */
static int all_listed(const struct ranges *list,
		      const struct ranges *also,
		      const struct plxdma_step *step)
{
	if (!list->given || whole_listed(list, step))
		return 1;
	for (uint32_t i = 0; i < step->width / 8u; i++) {
		if (!byte_listed(list, step->space, step->offset + i) &&
		    !(also && byte_listed(also, step->space, step->offset + i)))
			return 0;
	}
	return 1;
}

const char *reach_space_name(unsigned int space)
{
	for (unsigned int i = 0; i < SPACES; i++) {
		if (spaces[i].space == (enum plxdma_space)space)
			return spaces[i].name;
	}
	return "?";
}

int reach_is_open(const struct reach *reach)
{
	return !reach->read.given && !reach->write.given &&
	       !reach->claim_write.count;
}

int reach_check(const struct reach *reach, const struct plxdma_step *step,
		int owns, struct error *error)
{
	if (step->op != PLXDMA_STEP_WRITE) {
		if (all_listed(&reach->read, NULL, step))
			return 0;
		return error_set(error, -EACCES, "policy denies reading %s at "
				 "%#x; ask whoever keeps read= in plxdmad.conf",
				 reach_space_name(step->space), step->offset);
	}
	if (any_listed(&reach->claim_write, step) && !owns)
		return error_set(error, -EPERM, "%s at %#x is written only by "
				 "who has claimed the card: call "
				 "plxdma_claim() first",
				 reach_space_name(step->space), step->offset);
	if (all_listed(&reach->write, &reach->claim_write, step))
		return 0;
	return error_set(error, -EACCES, "policy denies writing %s at %#x; ask "
			 "whoever keeps write= in plxdmad.conf",
			 reach_space_name(step->space), step->offset);
}
