/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors, compared byte by byte with memory typed from the chip
 * reference, section 3.3.
 */
#include <stdlib.h>
#include <string.h>

#include "chip/descriptor.h"
#include "suites.h"

#define P DESCRIPTOR_PLAIN
#define D DESCRIPTOR_DAC

START_TEST(plain_descriptor_is_four_little_endian_lwords)
{
	static const uint8_t expected[16] = {
		0x44, 0x33, 0x22, 0x11, 0x00, 0x00, 0x20, 0x00,
		0xff, 0xff, 0x7f, 0x00, 0x19, 0x00, 0x00, 0x80,
	};
	uint8_t memory[32];

	memset(memory, 0xaa, sizeof(memory));
	descriptor_encode(P, memory, 0x11223344, 0x00200000, 0x7fffff,
			  0x80000010 | PLX_DMADPR_PCI | PLX_DMADPR_TO_HOST);
	ck_assert_mem_eq(memory, expected, sizeof(expected));
	ck_assert_msg(memory[16] == 0xaa, "wrote beyond the 16 bytes");
}
END_TEST

START_TEST(dac_descriptor_has_the_upper_address_in_a_fifth_lword)
{
	static const uint8_t expected[20] = {
		0x00, 0xf0, 0xff, 0xff, 0x04, 0x00, 0x00, 0x00,
		0x00, 0x10, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00,
		0x02, 0x01, 0x00, 0x00,
	};
	uint8_t memory[32] = { 0 };

	descriptor_encode(D, memory, UINT64_C(0x102fffff000), 4, 4096,
			  PLX_DMADPR_PCI | PLX_DMADPR_END);
	ck_assert_mem_eq(memory, expected, sizeof(expected));
}
END_TEST

START_TEST(decoding_gives_back_what_was_encoded)
{
	struct descriptor descriptor;
	uint8_t memory[32];

	descriptor_encode(D, memory, UINT64_C(0x123456789a), 77, 1234,
			  0xfffffe0 | PLX_DMADPR_INTERRUPT);
	descriptor_decode(D, memory, &descriptor);
	ck_assert_uint_eq(descriptor.bus, UINT64_C(0x123456789a));
	ck_assert_uint_eq(descriptor.local, 77);
	ck_assert_uint_eq(descriptor.size, 1234);
	ck_assert_uint_eq(descriptor.next, 0xfffffe0);
	ck_assert_uint_eq(descriptor.flags, PLX_DMADPR_INTERRUPT);
}
END_TEST

START_TEST(plain_decoding_does_not_read_the_fifth_lword)
{
	uint32_t *memory = calloc(4, sizeof(*memory));
	struct descriptor descriptor;

	memory[0] = htole32(0x1000);
	descriptor_decode(P, memory, &descriptor);
	ck_assert_uint_eq(descriptor.bus, 0x1000);
	free(memory);
}
END_TEST

static const struct {
	enum descriptor_format format;
	struct descriptor descriptor;
	enum descriptor_fault fault;
} judged[] = {
	{ P, { 0, 0, 0, 0, PLX_DMADPR_END }, DESCRIPTOR_GOOD },
	{ P, { 0, 0, 0x7fffff, 0x10, 0 }, DESCRIPTOR_GOOD },
	{ P, { 0, 0, 0x800000, 0x10, 0 }, DESCRIPTOR_TOO_LONG },
	{ P, { 0, 0, 0x80000000, 0x10, 0 }, DESCRIPTOR_TOO_LONG },
	{ P, { UINT64_C(1) << 32, 0, 4, 0x10, 0 }, DESCRIPTOR_TOO_HIGH },
	{ D, { UINT64_C(1) << 32, 0, 4, 0x20, 0 }, DESCRIPTOR_GOOD },
	{ P, { 0xfffffff0, 0, 16, 0x10, 0 }, DESCRIPTOR_GOOD },
	{ P, { 0xfffffff0, 0, 17, 0x10, 0 }, DESCRIPTOR_CROSSES },
	{ D, { UINT64_C(0x1fffffff0), 0, 17, 0x20, 0 }, DESCRIPTOR_CROSSES },
	{ P, { 0, 0, 4, 0x10, 0x10 }, DESCRIPTOR_FLAGS },
	{ P, { 0, 0, 4, 0x18, 0 }, DESCRIPTOR_MISALIGNED },
	{ D, { 0, 0, 4, 0x10, 0 }, DESCRIPTOR_MISALIGNED },
	/* The last one's pointer leads nowhere, so it may be anything. */
	{ D, { 0, 0, 4, 0x10, PLX_DMADPR_END }, DESCRIPTOR_GOOD },
};

START_TEST(each_fault_of_a_descriptor_is_found)
{
	ck_assert_msg(descriptor_check(judged[_i].format,
				       &judged[_i].descriptor) ==
			      judged[_i].fault,
		      "row %d", _i);
}
END_TEST

START_TEST(each_fault_has_a_text)
{
	int fault;

	for (fault = DESCRIPTOR_GOOD; fault <= DESCRIPTOR_FLAGS; fault++)
		ck_assert_str_ne(descriptor_fault_text(
					 (enum descriptor_fault)fault),
				 "unknown");
	ck_assert_str_eq(descriptor_fault_text((enum descriptor_fault)99),
			 "unknown");
}
END_TEST

START_TEST(any_memory_decodes_to_something_that_can_be_judged)
{
	struct descriptor descriptor;
	uint32_t memory[8];
	unsigned int i, j;
	uint32_t x = 1;

	for (i = 0; i < 20000; i++) {
		for (j = 0; j < 8; j++)
			memory[j] = x = x * 1664525u + 1013904223u;
		descriptor_decode(i & 1 ? D : P, memory, &descriptor);
		ck_assert_uint_eq(descriptor.flags & ~0xfu, 0);
		ck_assert_uint_eq(descriptor.next & 0xfu, 0);
		ck_assert_int_le(descriptor_check(i & 1 ? D : P, &descriptor),
				 DESCRIPTOR_FLAGS);
	}
}
END_TEST

Suite *descriptor_suite(void)
{
	Suite *suite = suite_create("descriptor");
	TCase *tcase = tcase_create("codec");

	tcase_add_test(tcase, plain_descriptor_is_four_little_endian_lwords);
	tcase_add_test(tcase,
		       dac_descriptor_has_the_upper_address_in_a_fifth_lword);
	tcase_add_test(tcase, decoding_gives_back_what_was_encoded);
	tcase_add_test(tcase, plain_decoding_does_not_read_the_fifth_lword);
	tcase_add_loop_test(tcase, each_fault_of_a_descriptor_is_found, 0,
			    COUNT(judged));
	tcase_add_test(tcase, each_fault_has_a_text);
	tcase_add_test(tcase,
		       any_memory_decodes_to_something_that_can_be_judged);
	suite_add_tcase(suite, tcase);
	return suite;
}
