/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control messages: what a whole one looks like, and everything else.
 */
#include "suites.h"

#include <errno.h>
#include <string.h>

#include "wire/message.h"

static struct wire_message request, answer;

/* A request of this type that nothing is wrong with. */
static void whole(enum wire_type type)
{
	wire_request_init(&request, type, 7);
}

static int checked(void)
{
	return wire_request_check(&request, request.header.size);
}

START_TEST(whole_request_and_answer_of_every_type_pass)
{
	whole((enum wire_type)_i);
	ck_assert_int_eq(checked(), 0);
	ck_assert_uint_eq(request.header.size, wire_request_size((unsigned)_i));
	wire_answer_init(&answer, &request);
	ck_assert_uint_eq(answer.header.size, wire_answer_size((unsigned)_i));
	ck_assert_int_eq(wire_answer_check(&answer, answer.header.size,
					   &request), 0);
}
END_TEST

START_TEST(request_of_another_size_is_refused)
{
	uint32_t size;

	whole((enum wire_type)_i);
	size = request.header.size;
	ck_assert_int_eq(wire_request_check(&request, size - 1), -EPROTO);
	ck_assert_int_eq(wire_request_check(&request, 0), -EPROTO);
	ck_assert_int_eq(wire_request_check(&request, 15), -EPROTO);
	request.header.size = size + 4;
	ck_assert_int_eq(wire_request_check(&request, size), -EPROTO);
	ck_assert_int_eq(wire_request_check(&request, size + 4), -EPROTO);
	request.header.size = 0;
	ck_assert_int_eq(wire_request_check(&request, size), -EPROTO);
}
END_TEST

START_TEST(unknown_type_is_refused)
{
	static const uint16_t types[] = { 0, WIRE_TYPES, 255, 0x8000, 0xffff };

	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		whole(WIRE_HELLO);
		request.header.type = types[i];
		ck_assert_int_eq(checked(), -EPROTO);
		ck_assert_uint_eq(wire_request_size(types[i]), 0);
		ck_assert_uint_eq(wire_answer_size(types[i]), 0);
	}
}
END_TEST

START_TEST(another_version_is_told_from_nonsense)
{
	whole(WIRE_HELLO);
	request.header.version = WIRE_VERSION + 1;
	ck_assert_int_eq(checked(), -EPROTONOSUPPORT);
}
END_TEST

START_TEST(request_that_claims_an_error_is_refused)
{
	whole(WIRE_HELLO);
	request.header.error = -5;
	ck_assert_int_eq(checked(), -EPROTO);
}
END_TEST

START_TEST(strings_must_end)
{
	whole(WIRE_OPEN);
	memset(request.open.name, 'x', sizeof(request.open.name));
	ck_assert_int_eq(checked(), -EPROTO);
	request.open.name[sizeof(request.open.name) - 1] = 0;
	ck_assert_int_eq(checked(), 0);
	whole(WIRE_FAULT);
	memset(request.fault.fault, 'x', sizeof(request.fault.fault));
	ck_assert_int_eq(checked(), -EPROTO);
}
END_TEST

#define REFUSED(type, field, bad) \
	do { whole(type); request.field = bad; \
		ck_assert_int_eq(checked(), -EPROTO); } while (0)

START_TEST(fields_out_of_their_range_are_refused)
{
	REFUSED(WIRE_HELLO, hello.reserved, 1);
	REFUSED(WIRE_INFO, card.reserved, 1);
	REFUSED(WIRE_COUNTERS, card.reserved, 1);
	REFUSED(WIRE_VERIFY, card.reserved, 1);
	REFUSED(WIRE_RESET, card.reserved, 1);
	REFUSED(WIRE_BATCH_OPEN, card.reserved, 1);
	REFUSED(WIRE_CLOSE, card.reserved, 1);
	REFUSED(WIRE_EEPROM, eeprom.count, WIRE_WORDS + 1);
	REFUSED(WIRE_EEPROM, eeprom.count, UINT32_MAX);
	REFUSED(WIRE_EEPROM, eeprom.write, 2);
	REFUSED(WIRE_IRQ_OPEN, irq.source, PLXDMA_IRQ_SOURCES);
	REFUSED(WIRE_IRQ_READ, irq.source, UINT32_MAX);
	REFUSED(WIRE_IRQ_ENABLE, irq.on, 2);
	REFUSED(WIRE_IRQ_ENABLE, irq.reserved, 2);
	REFUSED(WIRE_RUNS, range.reserved, 1);
	REFUSED(WIRE_LIST, list.reserved, 1);
	for (enum wire_type type = WIRE_CLAIM; type <= WIRE_CLAIM_HOLDER;
	     type++) {
		REFUSED(type, claim.what, PLXDMA_CLAIM_CARD + 1);
		REFUSED(type, claim.what, UINT32_MAX);
		REFUSED(type, claim.reserved, 1);
	}
}
END_TEST

START_TEST(refusal_carries_its_text)
{
	char longer[2 * ERROR_TEXT];

	whole(WIRE_OPEN);
	wire_answer_init(&answer, &request);
	wire_answer_refuse(&answer, -ENODEV, "no card of that name");
	ck_assert_int_eq(wire_answer_check(&answer, answer.header.size,
					   &request), 0);
	ck_assert_int_eq(answer.header.error, -ENODEV);
	ck_assert_str_eq(answer.text.text, "no card of that name");
	memset(longer, 'y', sizeof(longer));
	longer[sizeof(longer) - 1] = 0;
	wire_answer_refuse(&answer, -ENODEV, longer);
	ck_assert_uint_eq(strlen(answer.text.text), ERROR_TEXT - 1);
	memset(&answer.text, 'x', sizeof(answer.text));
	ck_assert_int_eq(wire_answer_check(&answer, answer.header.size,
					   &request), -EPROTO);
}
END_TEST

START_TEST(answer_to_another_request_is_refused)
{
	whole(WIRE_INFO);
#define ODD(change) \
	do { wire_answer_init(&answer, &request); change; \
		ck_assert_int_eq(wire_answer_check(&answer, \
			answer.header.size, &request), -EPROTO); } while (0)
	ODD(answer.header.sequence++);
	ODD(answer.header.type = WIRE_OPEN);
	ODD(answer.header.version++);
	ODD(answer.header.size--);
	ODD(answer.header.error = 1);
	ODD(answer.header.error = -1);
	wire_answer_init(&answer, &request);
	ck_assert_int_eq(wire_answer_check(&answer, 3, &request), -EPROTO);
}
END_TEST

Suite *message_suite(void)
{
	Suite *suite = suite_create("message");
	TCase *tcase = tcase_create("message");

	tcase_add_loop_test(tcase, whole_request_and_answer_of_every_type_pass,
			    1, WIRE_TYPES);
	tcase_add_loop_test(tcase, request_of_another_size_is_refused, 1,
			    WIRE_TYPES);
	tcase_add_test(tcase, unknown_type_is_refused);
	tcase_add_test(tcase, another_version_is_told_from_nonsense);
	tcase_add_test(tcase, request_that_claims_an_error_is_refused);
	tcase_add_test(tcase, strings_must_end);
	tcase_add_test(tcase, fields_out_of_their_range_are_refused);
	tcase_add_test(tcase, refusal_carries_its_text);
	tcase_add_test(tcase, answer_to_another_request_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
