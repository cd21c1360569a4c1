/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modes: fields, DMAMODE words typed as numbers, refusals. */
#include <errno.h>
#include <string.h>

#include "chip/family.h"
#include "chip/mode.h"
#include "chip/plx9054.h"
#include "suites.h"

/* 32 bits, READY#, BTERM#, burst (chip ref. 2.3). */
#define DEFAULT_WORD 0x000001c3u

static const struct {
	enum plxdma_mode_item item;
	unsigned int value;
	int result;
	uint32_t word;
} fields[] = {
	{ PLXDMA_MODE_WIDTH, 8, 0, 0x1c0 },
	{ PLXDMA_MODE_WIDTH, 16, 0, 0x1c1 },
	{ PLXDMA_MODE_WIDTH, 32, 0, 0x1c3 },
	{ PLXDMA_MODE_WIDTH, 0, -EINVAL, DEFAULT_WORD },
	{ PLXDMA_MODE_WIDTH, 24, -EINVAL, DEFAULT_WORD },
	{ PLXDMA_MODE_WIDTH, 64, -EINVAL, DEFAULT_WORD },
	{ PLXDMA_MODE_WAIT_STATES, 15, 0, 0x1ff },
	{ PLXDMA_MODE_WAIT_STATES, 16, -EINVAL, DEFAULT_WORD },
	{ PLXDMA_MODE_READY, 0, 0, 0x183 },
	{ PLXDMA_MODE_BTERM, 0, 0, 0x143 },
	{ PLXDMA_MODE_BURST, 0, 0, 0x0c3 },
	{ PLXDMA_MODE_CONSTANT, 1, 0, 0x9c3 },
	{ PLXDMA_MODE_DEMAND, 1, 0, 0x11c3 },
	{ PLXDMA_MODE_EOT, 1, 0, 0x41c3 },
	{ PLXDMA_MODE_FAST_TERMINATE, 1, 0, 0x81c3 },
	{ PLXDMA_MODE_WRITE_INVALIDATE, 1, 0, 0x21c3 },
	/* Not of DMAMODE but of BIGEND. */
	{ PLXDMA_MODE_BIG_ENDIAN, 1, 0, DEFAULT_WORD },
	{ PLXDMA_MODE_BIG_ENDIAN, 2, -EINVAL, DEFAULT_WORD },
	{ PLXDMA_MODE_READY, 2, -EINVAL, DEFAULT_WORD },
	{ (enum plxdma_mode_item)11, 0, -EINVAL, DEFAULT_WORD },
	{ (enum plxdma_mode_item)-1, 0, -EINVAL, DEFAULT_WORD },
};

START_TEST(each_field_becomes_its_bits_or_is_refused)
{
	struct plxdma_mode mode;

	mode_init(&mode);
	ck_assert_int_eq(mode_set(&mode, fields[_i].item, fields[_i].value),
			 fields[_i].result);
	ck_assert_uint_eq(mode_word(&mode), fields[_i].word);
	if (!fields[_i].result)
		ck_assert_int_eq(mode_get(&mode, fields[_i].item),
				 (int)fields[_i].value);
}
END_TEST

START_TEST(public_modes_begin_with_the_documented_defaults)
{
	static const int defaults[MODE_ITEMS] = {
		32, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0
	};
	struct plxdma_mode *mode = plxdma_mode_new();
	int item;

	ck_assert_ptr_nonnull(mode);
	for (item = 0; item < MODE_ITEMS; item++)
		ck_assert_int_eq(plxdma_mode_get(mode,
						 (enum plxdma_mode_item)item),
				 defaults[item]);
	ck_assert_int_eq(plxdma_mode_set(mode, PLXDMA_MODE_WIDTH, 16), 0);
	ck_assert_int_eq(plxdma_mode_get(mode, PLXDMA_MODE_WIDTH), 16);
	ck_assert_int_eq(plxdma_mode_get(mode, (enum plxdma_mode_item)11),
			 -EINVAL);
	plxdma_mode_free(mode);
	plxdma_mode_free(NULL);
	ck_assert_int_eq(plxdma_mode_set(NULL, PLXDMA_MODE_WIDTH, 16), -EINVAL);
	ck_assert_int_eq(plxdma_mode_get(NULL, PLXDMA_MODE_WIDTH), -EINVAL);
}
END_TEST

START_TEST(modes_that_differ_in_a_field_are_not_equal)
{
	struct plxdma_mode a, b;

	mode_init(&a);
	mode_init(&b);
	ck_assert(mode_equal(&a, &b));
	mode_set(&b, PLXDMA_MODE_BIG_ENDIAN, 1);
	ck_assert(!mode_equal(&a, &b));
}
END_TEST

struct setting {
	enum plxdma_mode_item item;
	unsigned int value;
};

static const struct {
	uint32_t hidr;
	unsigned int channel;
	struct setting settings[3];
	const char *text;	/* NULL: it is good */
} checks[] = {
	{ 0x905410b5, 0, { { PLXDMA_MODE_DEMAND, 1 } }, NULL },
	{ 0x905410b5, 1, { { PLXDMA_MODE_DEMAND, 1 } }, "DREQ#" },
	{ 0x905610b5, 1, { { PLXDMA_MODE_DEMAND, 1 } }, NULL },
	{ 0x908010b5, 1, { { PLXDMA_MODE_DEMAND, 1 } }, NULL },
	{ 0x908010b5, 0,
	  { { PLXDMA_MODE_DEMAND, 1 }, { PLXDMA_MODE_FAST_TERMINATE, 1 } },
	  "erratum 3" },
	{ 0x905410b5, 0,
	  { { PLXDMA_MODE_DEMAND, 1 }, { PLXDMA_MODE_FAST_TERMINATE, 1 } },
	  NULL },
	{ 0x908010b5, 0, { { PLXDMA_MODE_CONSTANT, 1 } }, NULL },
	{ 0x908010b5, 0,
	  { { PLXDMA_MODE_CONSTANT, 1 }, { PLXDMA_MODE_BTERM, 0 } },
	  "errata 21" },
	{ 0x908010b5, 0,
	  { { PLXDMA_MODE_CONSTANT, 1 }, { PLXDMA_MODE_BTERM, 0 },
	    { PLXDMA_MODE_BURST, 0 } }, NULL },
	{ 0x908010b5, 0,
	  { { PLXDMA_MODE_CONSTANT, 1 }, { PLXDMA_MODE_WIDTH, 16 } },
	  "errata 21" },
	{ 0x905410b5, 0,
	  { { PLXDMA_MODE_CONSTANT, 1 }, { PLXDMA_MODE_WIDTH, 16 } }, NULL },
};

START_TEST(a_chip_is_asked_only_for_what_it_has)
{
	struct plxdma_mode mode;
	struct error error = { "" };
	int i, result;

	mode_init(&mode);
	for (i = 0; i < 3; i++)
		if (checks[_i].settings[i].item)
			ck_assert_int_eq(
				mode_set(&mode, checks[_i].settings[i].item,
					 checks[_i].settings[i].value), 0);
		else if (checks[_i].settings[i].value)
			mode_set(&mode, PLXDMA_MODE_WIDTH,
				 checks[_i].settings[i].value);
	result = mode_check(&mode, family_find(checks[_i].hidr),
			    checks[_i].channel, &error);
	ck_assert_int_eq(result, checks[_i].text ? -EINVAL : 0);
	if (checks[_i].text)
		ck_assert_msg(strstr(error.text, checks[_i].text) != NULL,
			      "%s", error.text);
}
END_TEST

START_TEST(a_mode_of_random_bytes_is_refused_or_makes_a_legal_word)
{
	const struct family *family = family_find(PLX_PCIHIDR_9054);
	uint8_t bytes[sizeof(struct plxdma_mode)];
	struct plxdma_mode mode;
	struct error error;
	uint32_t x = 1;
	size_t i, j;

	for (i = 0; i < 20000; i++) {
		for (j = 0; j < sizeof(bytes); j++) {
			x = x * 1664525u + 1013904223u;
			bytes[j] = (uint8_t)(i & 1 ? x >> 24 : x >> 31);
		}
		if (i & 2)
			bytes[0] = 16;
		memcpy(&mode, bytes, sizeof(mode));
		if (!mode_check(&mode, family, 0, &error))
			ck_assert_uint_eq(mode_word(&mode) &
						  ~family->mode_writable, 0);
	}
}
END_TEST

Suite *mode_suite(void)
{
	Suite *suite = suite_create("mode");
	TCase *tcase = tcase_create("fields");

	tcase_add_loop_test(tcase, each_field_becomes_its_bits_or_is_refused,
			    0, COUNT(fields));
	tcase_add_test(tcase, public_modes_begin_with_the_documented_defaults);
	tcase_add_test(tcase, modes_that_differ_in_a_field_are_not_equal);
	tcase_add_loop_test(tcase, a_chip_is_asked_only_for_what_it_has, 0,
			    COUNT(checks));
	tcase_add_test(tcase,
		       a_mode_of_random_bytes_is_refused_or_makes_a_legal_word);
	suite_add_tcase(suite, tcase);
	return suite;
}
