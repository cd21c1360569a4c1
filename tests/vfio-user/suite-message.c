/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The codec alone: messages as bytes, cut at every length.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "peer.h"
#include "suites.h"
#include "vfio-user/message.h"

/* A good payload of each command: words of 32 bits. */
static const struct {
	unsigned int command;
	size_t size;	/* the shortest that is accepted */
	bool exact;	/* and nothing longer is */
	uint32_t words[10];
} good[] = {
	{ VERSION, 4, false, { 0 } },
	{ DMA_MAP, 32, true, { 32, 3, 0, 0, 0x1000, 0, 0x1000, 0 } },
	{ DMA_UNMAP, 24, true, { 24, 0, 0x1000, 0, 0x1000, 0 } },
	{ DEVICE_GET_INFO, 16, false, { 16 } },
	{ GET_REGION_INFO, 32, false, { 32, 0, 7 } },
	{ GET_IRQ_INFO, 16, false, { 16, 0, 0 } },
	{ SET_IRQS, 20, false, { 20, 0x21, 0, 0, 1 } },
	{ REGION_READ, 16, true, { 0, 0, 0, 4 } },
	{ REGION_WRITE, 20, true, { 0, 0, 0, 4, 1 } },
	{ DEVICE_RESET, 0, true, { 0 } },
	{ WRITE_MULTI, 32, false, { 1, 0, 0, 0, 0, 4, 1 } },
};

static size_t frame_put(uint8_t *frame, int index, size_t size)
{
	memset(frame, 0, HEADER + size);
	put16(frame, 1);
	put16(frame + 2, (uint16_t)good[index].command);
	put32(frame + 4, (uint32_t)(HEADER + size));
	memcpy(frame + HEADER, good[index].words,
	       size < sizeof(good[0].words) ? size : sizeof(good[0].words));
	return HEADER + size;
}

START_TEST(each_command_knows_its_length)
{
	uint8_t frame[HEADER + 64];
	struct request request;

	for (size_t size = 0; size <= 64; size++) {
		size_t whole = frame_put(frame, _i, size);
		bool ok = good[_i].exact ? size == good[_i].size :
					   size >= good[_i].size;

		ck_assert_int_eq(message_decode(frame, whole, &request),
				 ok ? 0 : -EINVAL);
		ck_assert_uint_eq(request.header.command, good[_i].command);
	}
}
END_TEST

START_TEST(argsz_covers_the_fixed_part)
{
	uint8_t frame[HEADER + 64];
	struct request request;
	size_t whole = frame_put(frame, _i, good[_i].size);
	uint32_t argsz = good[_i].words[0];

	if (good[_i].command == VERSION || good[_i].command > SET_IRQS)
		return;
	put32(frame + HEADER, argsz - 1);
	ck_assert_int_eq(message_decode(frame, whole, &request), -EINVAL);
	put32(frame + HEADER, 0xffffffff);
	ck_assert_int_eq(message_decode(frame, whole, &request), 0);
}
END_TEST

START_TEST(flags_that_have_no_meaning_are_refused)
{
	uint8_t frame[HEADER + 64];
	struct request request;
	size_t whole = frame_put(frame, _i, good[_i].size);

	put32(frame + 8, 0x10);
	ck_assert_int_eq(message_decode(frame, whole, &request), 0);
	put32(frame + 8, 0x20);
	ck_assert_int_eq(message_decode(frame, whole, &request), -EINVAL);
	put32(frame + 8, 0x80000000);
	ck_assert_int_eq(message_decode(frame, whole, &request), -EINVAL);
}
END_TEST

START_TEST(headers_are_checked_before_anything_is_read)
{
	struct message_header header = { .command = 1, .size = 16 };

	ck_assert_int_eq(message_header_check(&header), 0);
	header.size = 15;
	ck_assert_int_eq(message_header_check(&header), -EPROTO);
	header.size = 16 + 16 + (1 << 20);
	ck_assert_int_eq(message_header_check(&header), 0);
	header.size++;
	ck_assert_int_eq(message_header_check(&header), -EPROTO);
	header.size = 16;
	header.flags = 1;
	ck_assert_int_eq(message_header_check(&header), -EPROTO);
}
END_TEST

START_TEST(a_version_without_its_end_is_refused)
{
	uint8_t frame[HEADER + 8] = { 0 };
	struct request request;

	put16(frame + 2, VERSION);
	put32(frame + 4, sizeof(frame));
	memcpy(frame + HEADER + 4, "{}{}", 4);
	ck_assert_int_eq(message_decode(frame, sizeof(frame), &request),
			 -EINVAL);
}
END_TEST

START_TEST(descriptors_go_with_two_commands)
{
	uint8_t frame[HEADER + 64];
	struct request request;
	size_t whole = frame_put(frame, _i, good[_i].size);

	ck_assert_int_eq(message_decode(frame, whole, &request), 0);
	ck_assert_uint_eq(message_fds(&request),
			  good[_i].command == DMA_MAP);
	if (good[_i].command != SET_IRQS)
		return;
	put32(frame + HEADER + 4, 0x24);
	ck_assert_int_eq(message_decode(frame, whole, &request), 0);
	ck_assert_uint_eq(message_fds(&request), 1);
}
END_TEST

#define GOOD ((int)(sizeof(good) / sizeof(good[0])))

Suite *message_suite(void)
{
	Suite *suite = suite_create("message");
	TCase *tcase = tcase_create("message");

	tcase_add_loop_test(tcase, each_command_knows_its_length, 0, GOOD);
	tcase_add_loop_test(tcase, argsz_covers_the_fixed_part, 0, GOOD);
	tcase_add_loop_test(tcase, flags_that_have_no_meaning_are_refused, 0,
			    GOOD);
	tcase_add_test(tcase, headers_are_checked_before_anything_is_read);
	tcase_add_test(tcase, a_version_without_its_end_is_refused);
	tcase_add_loop_test(tcase, descriptors_go_with_two_commands, 0, GOOD);
	suite_add_tcase(suite, tcase);
	return suite;
}
