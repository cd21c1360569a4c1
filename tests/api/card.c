/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See card.h. */
#include "card.h"

#include <stdio.h>

struct plxdma_card *card;

struct plxdma_card *card_open(const char *spec)
{
	struct plxdma_card *opened = NULL;
	int result = plxdma_open(spec, &opened);

	ck_assert_msg(!result, "%s: %d, %s", spec, result, plxdma_error(NULL));
	ck_assert_ptr_nonnull(opened);
	return opened;
}

void card_setup(void)
{
	card = card_open("model:pages=small,arena=4M");
}

void card_reopen(const char *options)
{
	char spec[256];

	plxdma_close(card);
	snprintf(spec, sizeof(spec), "model:pages=small,arena=4M,%s", options);
	card = card_open(spec);
}

uint32_t violations(struct plxdma_card *which)
{
	struct plxdma_counters counters = {.size = sizeof(counters)};

	ck_assert_int_eq(plxdma_card_counters(which, &counters), 0);
	return counters.violations;
}

void card_teardown(void)
{
	ck_assert_uint_eq(violations(card), 0);
	plxdma_close(card);
	card = NULL;
}

uint32_t board_get(unsigned int offset)
{
	uint32_t value = 0;

	ck_assert_int_eq(plxdma_peek(card, BOARD_BAR, offset, 32, &value), 0);
	return value;
}

void board_put(unsigned int offset, uint32_t value)
{
	ck_assert_int_eq(plxdma_poke(card, BOARD_BAR, offset, 32, value), 0);
}

uint32_t pattern(uint32_t offset)
{
	return offset / 4 * 2654435761u;
}

uint8_t pattern_byte(uint32_t offset)
{
	return (uint8_t)(pattern(offset & ~3u) >> 8 * (offset & 3));
}

void check_failed_on(const struct plxdma_card *which, int result, int expected,
		     const char *mentions)
{
	const char *text = plxdma_error(which);

	ck_assert_msg(result == expected, "%d instead of %d: %s", result,
		      expected, text);
	ck_assert_msg(strstr(text, mentions), "\"%s\" doesn't mention \"%s\"",
		      text, mentions);
}

void check_failed(int result, int expected, const char *mentions)
{
	check_failed_on(card, result, expected, mentions);
}
