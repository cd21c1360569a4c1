/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client's memory: what is mapped the card reaches, and nothing else, and
 * that only for as long.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "served.h"
#include "suites.h"

#define PAGE  4096u
#define SIZE  (1u << 20)
#define READ  1
#define WRITE 2
#define RW    3
#define MASTER_ABORT 0x2000u
#define TARGET_ABORT 0x1000u

#ifdef __SANITIZE_THREAD__
static const bool with_tsan = true;
#else
static const bool with_tsan = false;
#endif

static struct served served;
static struct peer peer;
static struct memory memory;

static void begin(const char *const *options)
{
	served_start(&served, options);
	peer_begin(&peer, &served);
	card_prepare(&peer);
	memory_new(&memory, SIZE);
}

static void set_up(void)
{
	begin(NULL);
}

static void tear_down(void)
{
	peer_close(&peer);
	memory_free(&memory);
	served_clean(&served);
}

static void map(uint64_t bus)
{
	ck_assert_int_eq(peer_map(&peer, bus, SIZE, 0, RW, memory.fd), 0);
}

static uint32_t word(size_t offset)
{
	return get32(memory.bytes + offset);
}

static bool holds_pattern(size_t from, size_t size)
{
	for (size_t i = 0; i < size; i += 4)
		if (word(from + i) != pattern((uint32_t)i / 4))
			return false;
	return true;
}

static uint16_t aborts(void)
{
	uint16_t status = 0;

	ck_assert_int_eq(peer_read(&peer, CONFIG, 6, &status, 2), 0);
	return status & (MASTER_ABORT | TARGET_ABORT);
}

static uint64_t violations(void)
{
	served_stop(&served);
	return served_count(&served, "card.violations_total");
}

static const uint64_t buses[] = { 0, 0x100000, 0xffe00000,
				  UINT64_C(0x100000000),
				  UINT64_C(0x4000000000) };

START_TEST(a_block_comes_in_by_dma)
{
	map(buses[_i]);
	card_start(&peer, buses[_i] + 0x1000, PATTERN, 65536, TO_HOST, false);
	ck_assert(card_done(&peer));
	ck_assert(holds_pattern(0x1000, 65536));
	ck_assert_uint_eq(word(0xffc), 0);
	ck_assert_uint_eq(word(0x11000), 0);
	ck_assert_uint_eq(violations(), 0);
	ck_assert_uint_eq(served_count(&served, "card.bytes_to_host"), 65536);
	ck_assert_uint_eq(served_count(&served, "card.starts"), 1);
}
END_TEST

START_TEST(a_block_goes_out_by_dma)
{
	map(0);
	for (uint32_t i = 0; i < 4096; i += 4)
		put32(memory.bytes + i, ~i);
	card_start(&peer, 0, SRAM + 0x800, 4096, 0, false);
	ck_assert(card_done(&peer));
	for (uint32_t i = 0; i < 4096; i += 4)
		ck_assert_uint_eq(peer_read32(&peer, BAR2, 0x800 + i), ~i);
	ck_assert_uint_eq(violations(), 0);
}
END_TEST

START_TEST(mappings_name_their_place_in_the_file)
{
	/* The file's second page below its first, as a guest's IOMMU may. */
	ck_assert_int_eq(peer_map(&peer, 0x10000, PAGE, PAGE, RW, memory.fd),
			 0);
	ck_assert_int_eq(peer_map(&peer, 0x11000, PAGE, 0, RW, memory.fd), 0);
	card_start(&peer, 0x10000, PATTERN, 2 * PAGE, TO_HOST, false);
	ck_assert(card_done(&peer));
	ck_assert(holds_pattern(PAGE, PAGE));
	ck_assert_uint_eq(word(0), pattern(PAGE / 4));
	ck_assert_uint_eq(violations(), 0);
}
END_TEST

START_TEST(what_is_not_mapped_is_a_master_abort)
{
	map(0x100000);
	card_start(&peer, 0x300000, PATTERN, 64, TO_HOST, false);
	ck_assert_uint_eq(aborts(), MASTER_ABORT);
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served,
				       "card.violations.wild-address"), 1);
}
END_TEST

START_TEST(memory_without_a_descriptor_is_accepted_and_never_reached)
{
	ck_assert_int_eq(peer_map(&peer, 0xf0000, 0x10000, 0, RW, -1), 0);
	ck_assert_int_eq(peer_map(&peer, 0xf0000, 0x1000, 0, RW, -1), -EEXIST);
	card_start(&peer, 0xf0000, PATTERN, 64, TO_HOST, false);
	ck_assert_uint_eq(aborts(), MASTER_ABORT);
	ck_assert_int_eq(peer_unmap(&peer, 0xf0000, 0x10000), 24);
}
END_TEST

START_TEST(memory_for_reading_is_not_written)
{
	ck_assert_int_eq(peer_map(&peer, 0, SIZE, 0, READ, memory.fd), 0);
	card_start(&peer, 0, PATTERN, 64, TO_HOST, false);
	ck_assert_uint_ne(aborts(), 0);
	ck_assert_uint_eq(word(0), 0);
	ck_assert_uint_eq(word(4), 0);
}
END_TEST

START_TEST(mapping_over_a_mapping_is_refused)
{
	map(0x100000);
	ck_assert_int_eq(peer_map(&peer, 0x100000, SIZE, 0, RW, memory.fd),
			 -EEXIST);
	ck_assert_int_eq(peer_map(&peer, 0x1ff000, 2 * PAGE, 0, RW, memory.fd),
			 -EEXIST);
	ck_assert_int_eq(peer_map(&peer, 0xff000, 2 * PAGE, 0, RW, memory.fd),
			 -EEXIST);
	ck_assert_int_eq(peer_map(&peer, 0x200000, PAGE, 0, RW, memory.fd), 0);
	ck_assert_int_eq(peer_map(&peer, 0xff000, PAGE, 0, RW, memory.fd), 0);
}
END_TEST

static const struct {
	uint64_t address, size, offset;
	unsigned int flags;
} bad_maps[] = {
	{ 0, 0, 0, RW },
	{ 1, PAGE, 0, RW },
	{ 0, PAGE + 1, 0, RW },
	{ 0, PAGE, 8, RW },
	{ 0, PAGE, 0, 0 },
	{ 0, PAGE, 0, 4 },
	{ 0, PAGE, 0, RW | 8 },
	{ 0, SIZE + PAGE, 0, RW },
	{ 0, SIZE, PAGE, RW },
	{ 0, PAGE, SIZE, RW },
	{ 0, PAGE, UINT64_MAX - PAGE + 1, RW },
	{ 0, PAGE, UINT64_C(1) << 63, RW },
	{ 0, UINT64_C(1) << 63, 0, RW },
	{ UINT64_MAX - PAGE + 1, PAGE, 0, RW },
	{ UINT64_MAX - PAGE + 1, 2 * PAGE, 0, RW },
	{ PAGE, UINT64_MAX - PAGE + 1, 0, RW },
};

START_TEST(maps_that_cannot_be_are_refused)
{
	ck_assert_int_eq(peer_map(&peer, bad_maps[_i].address,
				  bad_maps[_i].size, bad_maps[_i].offset,
				  bad_maps[_i].flags, memory.fd), -EINVAL);
	map(0);
	card_start(&peer, 0, PATTERN, 64, TO_HOST, false);
	ck_assert(card_done(&peer));
}
END_TEST

START_TEST(only_files_are_memory)
{
	int pair[2], empty;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert_int_eq(peer_map(&peer, 0, PAGE, 0, RW, pair[0]), -EINVAL);
	close(pair[0]);
	close(pair[1]);
	empty = memfd_create("empty", 0);
	ck_assert_int_eq(peer_map(&peer, 0, PAGE, 0, RW, empty), -EINVAL);
	close(empty);
}
END_TEST

START_TEST(a_file_that_may_only_be_read_is_not_mapped_for_writing)
{
	char path[64];
	int read_only;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", memory.fd);
	read_only = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(read_only, 0);
	ck_assert_int_eq(peer_map(&peer, 0, PAGE, 0, RW, read_only), -EACCES);
	ck_assert_int_eq(peer_map(&peer, 0, PAGE, 0, READ, read_only), 0);
	close(read_only);
	/* And that view of it doesn't serve for writing. */
	ck_assert_int_eq(peer_map(&peer, PAGE, PAGE, 0, RW, memory.fd), 0);
	card_start(&peer, PAGE, PATTERN, 64, TO_HOST, false);
	ck_assert(card_done(&peer));
	ck_assert_uint_eq(word(4), pattern(1));
}
END_TEST

START_TEST(an_unmapped_range_is_gone)
{
	map(0x100000);
	ck_assert_int_eq(peer_unmap(&peer, 0x100000, SIZE), 24);
	ck_assert_uint_eq(get64(peer.in + HEADER + 8), 0x100000);
	ck_assert_uint_eq(get64(peer.in + HEADER + 16), SIZE);
	card_start(&peer, 0x100000, PATTERN, 64, TO_HOST, false);
	ck_assert_uint_eq(aborts(), MASTER_ABORT);
	ck_assert_uint_eq(word(0), 0);
	ck_assert_int_eq(peer_unmap(&peer, 0x100000, SIZE), -ENOENT);
}
END_TEST

START_TEST(unmapping_takes_whole_mappings)
{
	ck_assert_int_eq(peer_map(&peer, 0x10000, PAGE, 0, RW, memory.fd), 0);
	ck_assert_int_eq(peer_map(&peer, 0x20000, 4 * PAGE, 0, RW, memory.fd),
			 0);
	ck_assert_int_eq(peer_unmap(&peer, 0x20000, PAGE), -EINVAL);
	ck_assert_int_eq(peer_unmap(&peer, 0x21000, 3 * PAGE), -EINVAL);
	ck_assert_int_eq(peer_unmap(&peer, 0x21000, PAGE), -EINVAL);
	ck_assert_int_eq(peer_unmap(&peer, 0x10000, 0x13000), -EINVAL);
	ck_assert_int_eq(peer_unmap(&peer, 0x30000, PAGE), -ENOENT);
	/* Two at once, with a gap. */
	ck_assert_int_eq(peer_unmap(&peer, 0, 0x100000), 24);
	ck_assert_int_eq(peer_unmap(&peer, 0x10000, PAGE), -ENOENT);
}
END_TEST

START_TEST(everything_can_be_unmapped_at_once)
{
	uint8_t payload[24] = { 24, 0, 0, 0, 2 };

	map(0x100000);
	map(0x800000);
	ck_assert_int_eq(peer_call(&peer, DMA_UNMAP, payload, 24, -1), 24);
	ck_assert_int_eq(peer_unmap(&peer, 0x100000, SIZE), -ENOENT);
	put64(payload + 16, PAGE);
	ck_assert_int_eq(peer_call(&peer, DMA_UNMAP, payload, 24, -1), -EINVAL);
	/* Dirty pages are nothing that this card tells. */
	payload[4] = 1;
	ck_assert_int_eq(peer_call(&peer, DMA_UNMAP, payload, 24, -1), -EINVAL);
}
END_TEST

/* The answer to UNMAP is the promise: not a byte after it. */
static void unmap_during_a_transfer(const char *engine)
{
	const char *const options[] = { engine, "rate=4e6", NULL };
	static uint8_t after[SIZE];

	begin(options);
	map(0x100000);
	card_start(&peer, 0x100000, PATTERN, SIZE, TO_HOST, false);
	while (!word(PAGE))
		(void)peer_read32(&peer, BAR0, DMACSR0);
	ck_assert_int_eq(peer_unmap(&peer, 0x100000, SIZE), 24);
	memcpy(after, memory.bytes, SIZE);
	ck_assert_uint_eq(get32(after + SIZE - 4), 0);
	for (int i = 0; i < 100; i++) {
		(void)peer_read32(&peer, BAR0, DMACSR0);
		usleep(1000);
	}
	ck_assert_int_eq(memcmp(after, memory.bytes, SIZE), 0);
	ck_assert_uint_eq(aborts(), MASTER_ABORT);
	served_stop(&served);
	ck_assert_uint_eq(served_count(&served,
				       "card.violations.exit-busy"), 1);
	tear_down();
}

START_TEST(nothing_is_written_after_an_unmap_was_answered)
{
	unmap_during_a_transfer(_i ? "engine=thread" : "engine=inline");
}
END_TEST

START_TEST(memory_that_is_truncated_is_a_target_abort)
{
	map(0);
	ck_assert_int_eq(ftruncate(memory.fd, 2 * PAGE), 0);
	card_start(&peer, PAGE, PATTERN, 4 * PAGE, TO_HOST, false);
	ck_assert_uint_eq(aborts(), TARGET_ABORT);
	ck_assert(served_lives(&served));
	ck_assert_uint_eq(word(PAGE), pattern(0));
	/* A descriptor that isn't there any more. */
	peer_write8(&peer, BAR0, DMACSR0, 0x00);
	peer_write8(&peer, BAR0, DMACSR0, 0x04);
	ck_assert(card_done(&peer));
	peer_write32(&peer, CONFIG, 4, 0x38000007);
	ck_assert_uint_eq(aborts(), 0);
	peer_write32(&peer, BAR0, 0x80, 0x3c3);
	peer_write32(&peer, BAR0, 0x90, 0x8000 | 1);
	peer_write8(&peer, BAR0, DMACSR0, 0x01);
	peer_write8(&peer, BAR0, DMACSR0, 0x03);
	ck_assert_uint_eq(aborts(), TARGET_ABORT);
	ck_assert(served_lives(&served));
}
END_TEST

START_TEST(there_is_an_end_to_how_many_files_are_mapped)
{
	struct memory one;
	int i;

	for (i = 0; i < 300; i++) {
		long ret;

		memory_new(&one, PAGE);
		ret = peer_map(&peer, 0x1000000 + (uint64_t)i * PAGE, PAGE, 0,
			       RW, one.fd);
		memory_free(&one);
		if (ret) {
			ck_assert_int_eq(ret, -ENOSPC);
			break;
		}
	}
	ck_assert_int_eq(i, 256);
	ck_assert_int_eq(peer_unmap(&peer, 0x1000000, PAGE), 24);
	map(0);
}
END_TEST

START_TEST(a_file_larger_than_all_memory_is_refused)
{
	struct memory huge = { .fd = memfd_create("huge", 0) };

	if (ftruncate(huge.fd, INT64_MAX & ~(int64_t)0xffff)) {
		close(huge.fd);
		return;
	}
	ck_assert_int_eq(peer_map(&peer, 0x100000000, PAGE, 0, RW, huge.fd),
			 -ENOSPC);
	close(huge.fd);
}
END_TEST

START_TEST(pages_of_a_guest_s_iommu_are_many)
{
	/* Every second page, so that none joins its neighbour. */
	for (uint64_t i = 0; i < 5000; i++)
		ck_assert_int_eq(peer_map(&peer, 0x10000000 + i * 2 * PAGE,
					  PAGE, i % 256 * PAGE, RW,
					  memory.fd), 0);
	card_start(&peer, 0x10000000 + UINT64_C(4999) * 2 * PAGE, PATTERN,
		   PAGE, TO_HOST, false);
	ck_assert(card_done(&peer));
	ck_assert(holds_pattern(4999 % 256 * PAGE, PAGE));
	ck_assert_int_eq(peer_unmap(&peer, 0x10000000, UINT64_C(10000) * PAGE),
			 24);
}
END_TEST

START_TEST(descriptors_that_nobody_asked_for_are_refused)
{
	uint8_t payload[32] = { 16 };

	ck_assert_int_eq(peer_call(&peer, DEVICE_GET_INFO, payload, 16,
				   memory.fd), -EINVAL);
	ck_assert_int_eq(peer_call(&peer, DEVICE_RESET, NULL, 0, memory.fd),
			 -EINVAL);
}
END_TEST

static unsigned int open_files(void)
{
	char path[64], entry[96];
	unsigned int count = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", served.pid);
	for (int fd = 0; fd < 1024; fd++) {
		(void)snprintf(entry, sizeof(entry), "%s/%d", path, fd);
		count += access(entry, F_OK) == 0 || faccessat(-1, entry, F_OK,
				AT_SYMLINK_NOFOLLOW) == 0;
	}
	return count;
}

START_TEST(no_descriptor_is_left_open)
{
	unsigned int before = open_files();
	int many[64];
	uint8_t frame[HEADER] = { 0 };

	map(0x100000);
	for (int i = 0; i < 50; i++) {
		(void)peer_map(&peer, 0x100000, SIZE, 0, RW, memory.fd);
		(void)peer_call(&peer, DEVICE_RESET, NULL, 0, memory.fd);
		(void)peer_irqs(&peer, 0, 0x24, 0, 1, memory.fd);
	}
	ck_assert_uint_eq(open_files(), before);
	for (int i = 0; i < 64; i++)
		many[i] = memory.fd;
	put16(frame + 2, DEVICE_RESET);
	put32(frame + 4, HEADER);
	ck_assert_int_eq(peer_send(&peer, frame, HEADER, many, 9), 0);
	ck_assert_int_eq(peer_receive(&peer), GONE);
	peer_close(&peer);
	peer_begin(&peer, &served);
	ck_assert_uint_eq(open_files(), before);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *memory_suite(void)
{
	Suite *suite = suite_create("memory");
	TCase *tcase = tcase_create("memory");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, a_block_comes_in_by_dma, 0, COUNT(buses));
	tcase_add_test(tcase, a_block_goes_out_by_dma);
	tcase_add_test(tcase, mappings_name_their_place_in_the_file);
	tcase_add_test(tcase, what_is_not_mapped_is_a_master_abort);
	tcase_add_test(tcase,
		memory_without_a_descriptor_is_accepted_and_never_reached);
	tcase_add_test(tcase, memory_for_reading_is_not_written);
	tcase_add_test(tcase, mapping_over_a_mapping_is_refused);
	tcase_add_loop_test(tcase, maps_that_cannot_be_are_refused, 0,
			    COUNT(bad_maps));
	tcase_add_test(tcase, only_files_are_memory);
	tcase_add_test(tcase,
		       a_file_that_may_only_be_read_is_not_mapped_for_writing);
	tcase_add_test(tcase, an_unmapped_range_is_gone);
	tcase_add_test(tcase, unmapping_takes_whole_mappings);
	tcase_add_test(tcase, everything_can_be_unmapped_at_once);
	/* ThreadSanitizer's memcpy() keeps SIGBUS from the server's guard. */
	if (!with_tsan)
		tcase_add_test(tcase,
			       memory_that_is_truncated_is_a_target_abort);
	tcase_add_test(tcase, there_is_an_end_to_how_many_files_are_mapped);
	tcase_add_test(tcase, a_file_larger_than_all_memory_is_refused);
	tcase_add_test(tcase, pages_of_a_guest_s_iommu_are_many);
	tcase_add_test(tcase, descriptors_that_nobody_asked_for_are_refused);
	tcase_add_test(tcase, no_descriptor_is_left_open);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("transfer");
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase,
			    nothing_is_written_after_an_unmap_was_answered, 0,
			    2);
	suite_add_tcase(suite, tcase);
	return suite;
}
