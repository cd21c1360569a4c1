/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the suites share: one daemon, one card of it, one channel of that. */
#include "lent.h"

#include <stdio.h>
#include <string.h>

struct fixture lender;
struct plxdma_card *card;
struct plxdma_channel *channel;
char *memory;
plxdma_handle handle;

void ok(int result)
{
	ck_assert_msg(result == 0, "%d: %s", result, plxdma_error(card));
}

void failed(int result, int expected, const char *word)
{
	const char *text = plxdma_error(card);

	ck_assert_msg(result == expected, "%d instead of %d: %s", result,
		      expected, text);
	ck_assert_msg(strstr(text, word) != NULL, "\"%s\" doesn't say %s", text,
		      word);
}

void lender_start(const char *options)
{
	static const char *const more[] = { "--test-faults", NULL };
	char spec[256];

	snprintf(spec, sizeof(spec), "model:pages=small%s%s",
		 *options ? "," : "", options);
	ck_assert_int_eq(fixture_start(&lender, NULL, spec, more), 0);
}

void lent_open(const char *options)
{
	lender_start(options);
	ck_assert_msg(!plxdma_open("daemon:a,arena=4M", &card), "%s",
		      plxdma_error(NULL));
	memory = plxdma_alloc_coherent(card, MEMORY, &handle);
	ck_assert_ptr_nonnull(memory);
	ok(plxdma_channel_open(card, 0, &channel));
}

void lent_fast(void)
{
	lent_open("");
}

void lent_slow(void)
{
	lent_open("rate=250e3,engine=inline");
}

void lent_close(void)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };

	ok(plxdma_card_counters(card, &counters));
	ck_assert_uint_eq(counters.violations, 0);
	plxdma_close(card);
	ck_assert_int_eq(fixture_stop(&lender), 0);
}

struct plxdma_request range(enum plxdma_direction direction, uint32_t local,
			    uint64_t offset, uint64_t length)
{
	return (struct plxdma_request){
		.size = sizeof(struct plxdma_request),
		.direction = direction,
		.local = local,
		.handle = handle + offset,
		.length = length,
	};
}
