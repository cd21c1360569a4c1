/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a client learns of the card, and how it reads and writes it.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "served.h"
#include "suites.h"

static struct served served;
static struct peer peer;

static void set_up(void)
{
	served_start(&served, NULL);
	ck_assert_int_eq(peer_connect(&peer, served.socket), 0);
}

static void set_up_agreed(void)
{
	served_start(&served, NULL);
	peer_begin(&peer, &served);
}

static void tear_down(void)
{
	if (peer.fd >= 0)
		peer_close(&peer);
	served_clean(&served);
}

static const char *answer_text(void)
{
	return (const char *)peer.in + HEADER + 4;
}

START_TEST(the_answer_names_capabilities_that_were_proposed_and_no_others)
{
	long size = peer_version(&peer, 0, 0,
				 "{\"capabilities\":{\"max_msg_fds\":4,"
				 "\"pgsizes\":4096,\"write_multiple\":true,"
				 "\"twin_socket\":{\"supported\":true}}}");

	ck_assert_int_gt(size, 4);
	ck_assert_int_eq(peer.in[HEADER + size - 1], 0);
	ck_assert_uint_eq(get32(peer.in + HEADER), 0);
	ck_assert_ptr_nonnull(strstr(answer_text(), "\"capabilities\":{"));
	ck_assert_ptr_nonnull(strstr(answer_text(), "\"max_msg_fds\":8"));
	ck_assert_ptr_nonnull(strstr(answer_text(), "\"pgsizes\":4096"));
	ck_assert_ptr_nonnull(strstr(answer_text(), "\"write_multiple\":true"));
	ck_assert_ptr_null(strstr(answer_text(), "twin_socket"));
	ck_assert_ptr_null(strstr(answer_text(), "max_data_xfer_size"));
}
END_TEST

START_TEST(a_newer_minor_version_is_brought_down)
{
	ck_assert_int_gt(peer_version(&peer, 0, 7, "{}"), 4);
	ck_assert_uint_eq(get32(peer.in + HEADER), 0);
}
END_TEST

static const struct {
	unsigned int major;
	const char *json;
} bad_versions[] = {
	{ 1, NULL },
	{ 0, "no json" },
	{ 0, "[]" },
	{ 0, "{\"capabilities\":7}" },
	{ 0, "{\"capabilities\":{\"a\":" },
	{ 0, "[[[[[[[[[[[[[[[[[[[[" },
};

START_TEST(a_version_that_is_none_ends_the_connection)
{
	ck_assert_int_eq(peer_version(&peer, bad_versions[_i].major, 0,
				      bad_versions[_i].json), GONE);
	ck_assert(served_lives(&served));
}
END_TEST

START_TEST(nothing_goes_before_the_version)
{
	uint16_t value;

	ck_assert_int_eq(peer_read(&peer, CONFIG, 0, &value, 2), GONE);
}
END_TEST

START_TEST(the_version_is_agreed_once)
{
	ck_assert_int_gt(peer_version(&peer, 0, 0, NULL), 0);
	ck_assert_int_eq(peer_version(&peer, 0, 0, NULL), -EINVAL);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0), 0x905410b5);
}
END_TEST

START_TEST(it_is_a_pci_device_that_can_be_reset)
{
	uint8_t payload[16] = { 16 };

	ck_assert_int_eq(peer_call(&peer, DEVICE_GET_INFO, payload, 16, -1),
			 16);
	ck_assert_uint_eq(get32(peer.in + HEADER), 16);
	ck_assert_uint_eq(get32(peer.in + HEADER + 4), 3);
	ck_assert_uint_eq(get32(peer.in + HEADER + 8), 9);
	ck_assert_uint_eq(get32(peer.in + HEADER + 12), 3);
}
END_TEST

static uint64_t region_size(uint32_t index)
{
	uint8_t payload[32] = { 32 };

	put32(payload + 8, index);
	ck_assert_int_eq(peer_call(&peer, GET_REGION_INFO, payload, 32, -1),
			 32);
	ck_assert_uint_eq(get32(peer.in + HEADER), 32);
	ck_assert_uint_eq(get32(peer.in + HEADER + 8), index);
	ck_assert_uint_eq(get32(peer.in + HEADER + 12), 0);
	/* Read and write, never mmap. */
	ck_assert_uint_eq(get32(peer.in + HEADER + 4),
			  !get64(peer.in + HEADER + 16) ? 0 :
			  index == ROM			? 1 : 3);
	return get64(peer.in + HEADER + 16);
}

START_TEST(regions_are_the_bars_and_configuration_space)
{
	static const uint64_t sizes[] = { 256, 256, 1 << 20, 4096, 0, 0,
					  2048, 256, 0 };
	uint8_t payload[32] = { 32 };

	for (uint32_t i = 0; i < 9; i++)
		ck_assert_uint_eq(region_size(i), sizes[i]);
	put32(payload + 8, 9);
	ck_assert_int_eq(peer_call(&peer, GET_REGION_INFO, payload, 32, -1),
			 -EINVAL);
}
END_TEST

/* As firmware and the kernel do it. */
START_TEST(bars_are_sized_by_writing_ones)
{
	static const uint32_t masks[] = { 0xffffff00, 0xffffff01, 0xfff00000,
					  0xfffff000, 0, 0 };

	for (unsigned int i = 0; i < 6; i++) {
		uint64_t bar = 0x10 + 4 * i;
		uint32_t before = peer_read32(&peer, CONFIG, bar);

		peer_write32(&peer, CONFIG, bar, 0xffffffff);
		ck_assert_uint_eq(peer_read32(&peer, CONFIG, bar), masks[i]);
		peer_write32(&peer, CONFIG, bar, before);
		ck_assert_uint_eq(peer_read32(&peer, CONFIG, bar), before);
	}
}
END_TEST

START_TEST(configuration_space_is_what_a_kernel_expects)
{
	uint8_t config[256];
	unsigned int capability, hops = 0;

	ck_assert_int_eq(peer_read(&peer, CONFIG, 0, config, 256), 0);
	ck_assert_uint_eq(get32(config), 0x905410b5);
	ck_assert_uint_eq(get32(config + 8), 0x0680000c);
	ck_assert_uint_eq(config[0x0e], 0);	/* an endpoint */
	ck_assert_uint_eq(config[0x3d], 1);	/* INTA# */
	ck_assert_uint_eq(config[0x06] & 0x10, 0x10);
	/* Power management, hot swap, VPD; the list ends. */
	for (capability = config[0x34]; capability; hops++) {
		ck_assert_uint_eq(config[capability],
				  hops == 0 ? 1 : hops == 1 ? 6 : 3);
		capability = config[capability + 1];
	}
	ck_assert_uint_eq(hops, 3);
}
END_TEST

START_TEST(accesses_of_all_widths_reach_the_same_register)
{
	uint8_t bytes[4] = { 0x78, 0x56, 0x34, 0x12 };
	uint8_t byte;
	uint16_t word;

	ck_assert_int_eq(peer_write(&peer, BAR0, 0x48, bytes, 4), 0);
	ck_assert_uint_eq(peer_read32(&peer, BAR0, 0x48), 0x12345678);
	ck_assert_int_eq(peer_read(&peer, BAR0, 0x49, &byte, 1), 0);
	ck_assert_uint_eq(byte, 0x56);
	ck_assert_int_eq(peer_read(&peer, BAR0, 0x4a, &word, 2), 0);
	ck_assert_uint_eq(word, 0x1234);
	/* Through the I/O BAR as well, and across Lwords. */
	ck_assert_uint_eq(peer_read32(&peer, BAR1, 0x48), 0x12345678);
	peer_write32(&peer, BAR0, 0x4c, 0xaabbccdd);
	ck_assert_uint_eq(peer_read32(&peer, BAR0, 0x49), 0xdd123456);
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served, "card.violations_total"), 0);
}
END_TEST

START_TEST(long_accesses_move_a_whole_space)
{
	static uint8_t out[65536], in[65536];

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 7 + i / 251);
	ck_assert_int_eq(peer_write(&peer, BAR2, 12, out, sizeof(out)), 0);
	ck_assert_int_eq(peer_read(&peer, BAR2, 12, in, sizeof(in)), 0);
	ck_assert_int_eq(memcmp(in, out, sizeof(out)), 0);
}
END_TEST

START_TEST(beyond_a_bar_there_is_nobody)
{
	ck_assert_uint_eq(peer_read32(&peer, BAR0, 0x100), 0xffffffff);
	ck_assert_uint_eq(peer_read32(&peer, BAR2, 1 << 20), 0xffffffff);
	ck_assert_uint_eq(peer_read32(&peer, BAR3, 0xfffffffc), 0xffffffff);
}
END_TEST

START_TEST(the_rom_is_empty)
{
	uint32_t address = peer_read32(&peer, CONFIG, 0x30);

	ck_assert_uint_eq(region_size(ROM), 2048);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0x30), address);
	ck_assert_uint_eq(peer_read32(&peer, ROM, 0), 0xffffffff);
}
END_TEST

static const struct {
	unsigned int region;
	uint64_t offset;
	uint32_t count;
} bad_accesses[] = {
	{ BAR4, 0, 4 }, { BAR5, 0, 4 }, { ROM, 1 << 24, 1 }, { VGA, 0, 4 },
	{ 9, 0, 4 }, { 0xffffffff, 0, 4 }, { CONFIG, 253, 4 },
	{ CONFIG, 256, 1 }, { CONFIG, 0, 257 }, { CONFIG, UINT64_MAX, 1 },
	{ BAR0, 0, 0 }, { BAR0, 0xfffffffd, 4 }, { BAR0, UINT64_MAX - 2, 4 },
	{ BAR0, UINT64_C(1) << 32, 4 }, { BAR2, 0, (1 << 20) + 1 },
	{ BAR2, 0, 0xffffffff },
};

START_TEST(accesses_to_nowhere_are_refused)
{
	uint8_t payload[16];

	put64(payload, bad_accesses[_i].offset);
	put32(payload + 8, bad_accesses[_i].region);
	put32(payload + 12, bad_accesses[_i].count);
	ck_assert_int_eq(peer_call(&peer, REGION_READ, payload, 16, -1),
			 -EINVAL);
	ck_assert_int_eq(peer_call(&peer, REGION_WRITE, payload, 16, -1),
			 -EINVAL);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0), 0x905410b5);
}
END_TEST

START_TEST(many_writes_come_in_one_message_and_in_order)
{
	uint8_t payload[8 + 4 * 24] = { 0 };

	put64(payload, 3); /* one more is room only */
	for (unsigned int i = 0; i < 3; i++) {
		uint8_t *one = payload + 8 + 24 * (size_t)i;

		put64(one, i == 2 ? 0x48 : 0x48 + 4 * i);
		put32(one + 8, BAR0);
		put32(one + 12, i == 2 ? 1 : 4);
		put32(one + 16, 0x11111111 * (i + 1));
	}
	ck_assert_int_eq(peer_call(&peer, WRITE_MULTI, payload,
				   sizeof(payload), -1), 8);
	ck_assert_uint_eq(get64(peer.in + HEADER), 3);
	ck_assert_uint_eq(peer_read32(&peer, BAR0, 0x48), 0x11111133);
	ck_assert_uint_eq(peer_read32(&peer, BAR0, 0x4c), 0x22222222);
	put64(payload, 5);
	ck_assert_int_eq(peer_call(&peer, WRITE_MULTI, payload,
				   sizeof(payload), -1), -EINVAL);
	put64(payload, UINT64_MAX / 24 + 2);
	ck_assert_int_eq(peer_call(&peer, WRITE_MULTI, payload,
				   sizeof(payload), -1), -EINVAL);
}
END_TEST

START_TEST(who_wants_no_reply_gets_none)
{
	const uint32_t value = 0x600df00d;

	peer.flags = NO_REPLY;
	ck_assert_int_eq(peer_write(&peer, BAR0, 0x48, &value, 4), 0);
	ck_assert_int_eq(peer_write(&peer, BAR5, 0, &value, 4), 0);
	peer.flags = 0;
	/* The next answer is the next question's. */
	ck_assert_uint_eq(peer_read32(&peer, BAR0, 0x48), value);
}
END_TEST

START_TEST(a_reset_brings_back_what_power_on_brought)
{
	card_prepare(&peer);
	peer_write32(&peer, CONFIG, 0x10, 0xfe000000);
	peer_write32(&peer, BAR0, INTCSR, 0x00000900);
	peer_write32(&peer, BAR0, 0x48, 1);
	peer_write32(&peer, BAR0, 0x04, 0);
	ck_assert_uint_eq(peer_read32(&peer, BAR2, 0), 0xffffffff);
	ck_assert_int_eq(peer_call(&peer, DEVICE_RESET, NULL, 0, -1), 0);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0x04) & 7, 0);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0x10), 0);
	ck_assert_uint_eq(peer_read32(&peer, BAR0, INTCSR) & 0x900, 0x100);
	ck_assert_uint_eq(peer_read32(&peer, BAR0, 0x48), 0);
	ck_assert_uint_eq(peer_read32(&peer, BAR2, 0), 0);
	ck_assert_int_eq(peer_call(&peer, DEVICE_RESET, "1234", 4, -1),
			 -EINVAL);
}
END_TEST

static const unsigned int unsupported[] = {
	GET_REGION_IO_FDS, DMA_READ, DMA_WRITE, DIRTY_PAGES, DEVICE_FEATURE,
	MIG_DATA_READ, MIG_DATA_WRITE, 0, 19, 0xffff,
};

START_TEST(commands_that_it_does_not_know_are_said_so)
{
	uint8_t payload[64] = { 64 };

	ck_assert_int_eq(peer_call(&peer, unsupported[_i], payload,
				   sizeof(payload), -1), -EOPNOTSUPP);
	ck_assert_int_eq(peer_call(&peer, unsupported[_i], NULL, 0, -1),
			 -EOPNOTSUPP);
	ck_assert_uint_eq(peer_read32(&peer, CONFIG, 0), 0x905410b5);
}
END_TEST

START_TEST(a_frame_in_crumbs_is_still_one)
{
	uint8_t frame[HEADER + 16] = { 0 };

	put16(frame, 77);
	put16(frame + 2, REGION_READ);
	put32(frame + 4, sizeof(frame));
	put32(frame + HEADER + 8, CONFIG);
	put32(frame + HEADER + 12, 4);
	for (size_t i = 0; i < sizeof(frame); i++) {
		ck_assert_int_eq(peer_send(&peer, frame + i, 1, NULL, 0), 0);
		usleep(300);
	}
	ck_assert_int_eq(peer_receive(&peer), HEADER + 20);
	ck_assert_uint_eq(get32(peer.in + HEADER + 16), 0x905410b5);
}
END_TEST

START_TEST(many_frames_at_once_are_answered_in_order)
{
	enum { FRAMES = 500, SIZE = HEADER + 16 };
	static uint8_t frames[FRAMES * SIZE];

	for (unsigned int i = 0; i < FRAMES; i++) {
		uint8_t *frame = frames + (size_t)i * SIZE;

		put16(frame, (uint16_t)i);
		put16(frame + 2, REGION_READ);
		put32(frame + 4, SIZE);
		put64(frame + HEADER, 4 * (i % 16));
		put32(frame + HEADER + 8, CONFIG);
		put32(frame + HEADER + 12, 4);
	}
	ck_assert_int_eq(peer_send(&peer, frames, sizeof(frames), NULL, 0), 0);
	for (unsigned int i = 0; i < FRAMES; i++) {
		ck_assert_int_eq(peer_receive(&peer), SIZE + 4);
		ck_assert_uint_eq(get32(peer.in) & 0xffff, i);
	}
}
END_TEST

static const struct {
	uint32_t size, flags;
} bad_headers[] = {
	{ 0, 0 }, { 15, 0 }, { PEER_MAX + 1, 0 }, { 0xffffffff, 0 },
	{ 16, 1 }, { 16, 2 }, { 16, 15 },
};

START_TEST(a_stream_that_cannot_be_followed_is_left)
{
	uint8_t frame[HEADER] = { 0 };

	put16(frame + 2, DEVICE_RESET);
	put32(frame + 4, bad_headers[_i].size);
	put32(frame + 8, bad_headers[_i].flags);
	ck_assert_int_eq(peer_send(&peer, frame, sizeof(frame), NULL, 0), 0);
	ck_assert_int_eq(peer_receive(&peer), GONE);
	ck_assert(served_lives(&served));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *session_suite(void)
{
	Suite *suite = suite_create("session");
	TCase *tcase = tcase_create("version");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase,
		the_answer_names_capabilities_that_were_proposed_and_no_others);
	tcase_add_test(tcase, a_newer_minor_version_is_brought_down);
	tcase_add_loop_test(tcase, a_version_that_is_none_ends_the_connection,
			    0, COUNT(bad_versions));
	tcase_add_test(tcase, nothing_goes_before_the_version);
	tcase_add_test(tcase, the_version_is_agreed_once);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("card");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up_agreed, tear_down);
	tcase_add_test(tcase, it_is_a_pci_device_that_can_be_reset);
	tcase_add_test(tcase, regions_are_the_bars_and_configuration_space);
	tcase_add_test(tcase, bars_are_sized_by_writing_ones);
	tcase_add_test(tcase, configuration_space_is_what_a_kernel_expects);
	tcase_add_test(tcase, accesses_of_all_widths_reach_the_same_register);
	tcase_add_test(tcase, long_accesses_move_a_whole_space);
	tcase_add_test(tcase, beyond_a_bar_there_is_nobody);
	tcase_add_test(tcase, the_rom_is_empty);
	tcase_add_loop_test(tcase, accesses_to_nowhere_are_refused, 0,
			    COUNT(bad_accesses));
	tcase_add_test(tcase, many_writes_come_in_one_message_and_in_order);
	tcase_add_test(tcase, who_wants_no_reply_gets_none);
	tcase_add_test(tcase, a_reset_brings_back_what_power_on_brought);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("frames");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up_agreed, tear_down);
	tcase_add_loop_test(tcase, commands_that_it_does_not_know_are_said_so,
			    0, COUNT(unsupported));
	tcase_add_test(tcase, a_frame_in_crumbs_is_still_one);
	tcase_add_test(tcase, many_frames_at_once_are_answered_in_order);
	tcase_add_loop_test(tcase, a_stream_that_cannot_be_followed_is_left, 0,
			    COUNT(bad_headers));
	suite_add_tcase(suite, tcase);
	return suite;
}
