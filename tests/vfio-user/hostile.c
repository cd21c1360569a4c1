/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client that says anything: frames at random and with every number at its
 * boundary, with descriptors of all kinds, cut off anywhere.  Whatever it
 * says, the server answers in form or leaves it, memory that was not mapped
 * stays as it is, nothing piles up, and the next client is served.
 *
 * PLXDMA_FRAMES is how many frames (100,000), PLXDMA_SEED where the random
 * numbers begin.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "served.h"

#define SIZE	 (1u << 20)
#define FIRST	 0x40000u /* the stretch of the witness that is mapped */
#define STRETCH	 0x40000u
#define ADDRESS	 0x00100000u
#define RSS_MAX	 (96u << 10) /* KiB; sanitizers have their own idea */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t state;

static uint64_t random64(void)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned int below(size_t bound)
{
	return (unsigned int)(random64() % bound);
}

static bool one_in(unsigned int n)
{
	return below(n) == 0;
}

static struct served served;
static struct peer peer;
static struct memory witness, other;
static int kinds[6]; /* of descriptors */

static uint8_t witness_byte(uint32_t i)
{
	return (uint8_t)((i * 2654435761u) >> 24);
}

static void witness_check(void)
{
	for (uint32_t i = 0; i < SIZE; i++)
		if ((i < FIRST || i >= FIRST + STRETCH) &&
		    witness.bytes[i] != witness_byte(i))
			ck_abort_msg("byte %#x of the witness changed", i);
}

static void connect_again(void)
{
	if (peer.fd >= 0)
		peer_close(&peer);
	peer_begin(&peer, &served);
	card_prepare(&peer);
	ck_assert_int_eq(peer_map(&peer, ADDRESS, STRETCH, FIRST, 3,
				  witness.fd), 0);
}

/* Numbers that somebody may have forgotten. */
static const uint64_t edges[] = {
	0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 20, 24, 31, 32, 33, 85, 255, 256, 257,
	4095, 4096, 4097, ADDRESS, ADDRESS + STRETCH, STRETCH, SIZE, SIZE + 1,
	SIZE + 16, SIZE + 32, 0x7fffffff, 0x80000000, 0xfffff000, 0xfffffffc,
	0xffffffff, UINT64_C(0x100000000), UINT64_C(0x7fffffffffffffff),
	UINT64_C(0x7ffffffffffff000), UINT64_C(0x8000000000000000),
	UINT64_MAX - 4095, UINT64_MAX - 1, UINT64_MAX, UINT64_MAX / 24 + 1,
};

static uint64_t edge(void)
{
	uint64_t value = edges[below(COUNT(edges))];

	return one_in(4) ? value + random64() % 5 - 2 : value;
}

/* Where fields lie in each command's payload, and what is there by rights. */
struct field {
	unsigned int offset, size;
	uint64_t value;
};

struct shape {
	unsigned int command, size;
	struct field fields[6];
};

static const struct shape shapes[] = {
	{ VERSION, 4, { { 0, 2, 0 }, { 2, 2, 0 } } },
	{ DMA_MAP, 32, { { 0, 4, 32 }, { 4, 4, 3 }, { 8, 8, 0 },
			 { 16, 8, 0x40000000 }, { 24, 8, 4096 } } },
	{ DMA_UNMAP, 24, { { 0, 4, 24 }, { 4, 4, 0 }, { 8, 8, 0x40000000 },
			   { 16, 8, 4096 } } },
	{ DEVICE_GET_INFO, 16, { { 0, 4, 16 } } },
	{ GET_REGION_INFO, 32, { { 0, 4, 32 }, { 8, 4, 0 } } },
	{ GET_IRQ_INFO, 16, { { 0, 4, 16 }, { 8, 4, 0 } } },
	{ SET_IRQS, 20, { { 0, 4, 20 }, { 4, 4, 0x24 }, { 8, 4, 0 },
			  { 12, 4, 0 }, { 16, 4, 1 } } },
	{ REGION_READ, 16, { { 0, 8, 0x40 }, { 8, 4, 0 }, { 12, 4, 4 } } },
	{ REGION_WRITE, 20, { { 0, 8, 0x84 }, { 8, 4, 0 }, { 12, 4, 4 },
			      { 16, 4, ADDRESS } } },
	{ DEVICE_RESET, 0, { { 0, 0, 0 } } },
	{ WRITE_MULTI, 32, { { 0, 8, 1 }, { 8, 8, 0xa8 }, { 16, 4, 0 },
			     { 20, 4, 4 }, { 24, 8, 3 } } },
	{ DEVICE_FEATURE, 8, { { 0, 4, 8 }, { 4, 4, 0x10001 } } },
};

static void field_put(uint8_t *payload, const struct field *field,
		      uint64_t value)
{
	if (field->size == 8)
		put64(payload + field->offset, value);
	else if (field->size == 4)
		put32(payload + field->offset, (uint32_t)value);
	else if (field->size == 2)
		put16(payload + field->offset, (uint16_t)value);
}

static size_t known_shape(uint8_t *payload, unsigned int *command)
{
	const struct shape *shape = &shapes[below(COUNT(shapes))];
	unsigned int worse = below(4);

	*command = shape->command;
	memset(payload, 0, shape->size);
	for (size_t i = 0; i < COUNT(shape->fields); i++)
		field_put(payload, &shape->fields[i], shape->fields[i].value);
	while (worse--)
		field_put(payload, &shape->fields[below(5)], edge());
	return shape->size;
}

/* What a driver might write, so that transfers start. */
static size_t register_write(uint8_t *payload, unsigned int *command)
{
	static const uint32_t offsets[] = {
		0x00, 0x04, 0x0c, 0x68, 0x6c, 0x80, 0x84, 0x88, 0x8c, 0x90,
		0xa8, 0xa9, 0xb4, 0x94, 0xc0, 0xe8, 0xf0, 0xf4,
	};
	uint32_t values[] = { ADDRESS + below(STRETCH), 3, 0x101, 0x20000000,
			      (uint32_t)random64(), below(65536), 0x303, 9 };
	uint32_t count = one_in(3) ? 1 : 4;

	*command = REGION_WRITE;
	put64(payload, offsets[below(COUNT(offsets))]);
	put32(payload + 8, BAR0);
	put32(payload + 12, count);
	put32(payload + 16, values[below(COUNT(values))]);
	return 16 + (size_t)count;
}

static size_t any_bytes(uint8_t *payload, unsigned int *command)
{
	size_t size = below(one_in(20) ? 5000 : 64);

	*command = one_in(8) ? (unsigned int)random64() & 0xffff : below(20);
	for (size_t i = 0; i < size; i++)
		payload[i] = (uint8_t)random64();
	return size;
}

static uint32_t frame_flags(void)
{
	if (!one_in(20))
		return one_in(10) ? NO_REPLY : 0;
	return one_in(2) ? 1u << below(32) : (uint32_t)random64();
}

static unsigned int some_fds(int *fds)
{
	unsigned int count = one_in(3) ? 1 : 0;

	if (one_in(200))
		count = below(20);
	for (unsigned int i = 0; i < count; i++)
		fds[i] = kinds[below(COUNT(kinds))];
	return count;
}

/* The answer's form, whatever it says. */
static void check_answer(const uint8_t *frame, long size)
{
	uint32_t flags = get32(peer.in + 8);

	ck_assert_int_eq(memcmp(peer.in, frame, 4), 0);
	ck_assert_uint_eq(flags & ~0x20u, 1);
	if (flags & 0x20) {
		ck_assert_int_eq(size, HEADER);
		ck_assert_uint_gt(get32(peer.in + 12), 0);
		ck_assert_uint_lt(get32(peer.in + 12), 4096);
	}
}

static void one_frame(void)
{
	static uint8_t frame[HEADER + 8192];
	unsigned int command, fd_count;
	size_t size;
	uint32_t flags = frame_flags(), said;
	int fds[32];
	long got;

	switch (below(3)) {
	case 0:
		size = register_write(frame + HEADER, &command);
		break;
	case 1:
		size = known_shape(frame + HEADER, &command);
		break;
	default:
		size = any_bytes(frame + HEADER, &command);
		break;
	}
	if (one_in(30) && size)
		size = below(size);
	size += HEADER;
	said = one_in(100) ? (uint32_t)edge() : (uint32_t)size;
	put16(frame, (uint16_t)random64());
	put16(frame + 2, (uint16_t)command);
	put32(frame + 4, said);
	put32(frame + 8, flags);
	put32(frame + 12, one_in(10) ? (uint32_t)random64() : 0);
	fd_count = some_fds(fds);
	if (one_in(300)) {
		(void)peer_send(&peer, frame, 1 + below(size), fds, fd_count);
		connect_again();
		return;
	}
	if (peer_send(&peer, frame, size, fds, fd_count)) {
		connect_again();
		return;
	}
	/* A length that isn't true may make the rest wait for more. */
	if (said != size) {
		shutdown(peer.fd, SHUT_WR);
		while ((got = peer_receive(&peer)) > 0)
			;
		ck_assert_int_eq(got, GONE);
		connect_again();
		return;
	}
	if (!(flags & 0xf) && fd_count <= 8 && flags & NO_REPLY)
		return;
	got = peer_receive(&peer);
	ck_assert_int_ne(got, SILENT);
	if (got == GONE) {
		ck_assert(flags & 0xf || fd_count > 8);
		connect_again();
		return;
	}
	ck_assert_int_ge(got, HEADER);
	check_answer(frame, got);
}

static unsigned int files_of(pid_t pid)
{
	char path[64];
	unsigned int count = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static unsigned long rss_of(pid_t pid)
{
	char path[64], line[128];
	unsigned long kib = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "RssAnon:", 8))
			kib = strtoul(line + 8, NULL, 10);
	(void)fclose(file);
	return kib;
}

static void open_kinds(void)
{
	int ends[2], pair[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				    pair), 0);
	kinds[0] = other.fd;
	kinds[1] = other.fd;
	kinds[2] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	kinds[3] = ends[1];
	kinds[4] = pair[0];
	kinds[5] = open("/", O_RDONLY | O_CLOEXEC);
}

static unsigned long number_of(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static void good_transfer(void)
{
	connect_again();
	ck_assert_int_eq(peer_call(&peer, DEVICE_RESET, NULL, 0, -1), 0);
	card_prepare(&peer);
	memset(witness.bytes + FIRST, 0, 64);
	card_start(&peer, ADDRESS, PATTERN, 64, TO_HOST, false);
	ck_assert(card_done(&peer));
	ck_assert_uint_eq(get32(witness.bytes + FIRST + 60), pattern(15));
}

START_TEST(whatever_a_client_says_the_next_one_is_served)
{
	const char *const options[] = { "engine=inline", NULL };
	unsigned long frames = number_of("PLXDMA_FRAMES", 100000);
	unsigned int before;

	state = number_of("PLXDMA_SEED", 4);
	peer.fd = -1;
	served_start(&served, options);
	memory_new(&witness, SIZE);
	memory_new(&other, SIZE);
	open_kinds();
	for (uint32_t i = 0; i < SIZE; i++)
		witness.bytes[i] = witness_byte(i);
	good_transfer();
	before = files_of(served.pid);
	for (unsigned long i = 0; i < frames; i++) {
		one_frame();
		if (i % 10000 == 0)
			witness_check();
	}
	good_transfer();
	witness_check();
	ck_assert_uint_eq(files_of(served.pid), before);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	ck_assert_uint_lt(rss_of(served.pid), RSS_MAX);
#else
	(void)rss_of;
#endif
	peer_close(&peer);
	served_stop(&served);
	ck_assert(served.status == 0);
	printf("%lu frames, %lu refused, %lu clients, %lu transfers\n", frames,
	       (unsigned long)served_count(&served, "server.refused"),
	       (unsigned long)served_count(&served, "server.clients"),
	       (unsigned long)served_count(&served, "card.starts"));
	served_clean(&served);
	memory_free(&witness);
	memory_free(&other);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hostile");
	TCase *tcase = tcase_create("hostile");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 600);
	tcase_add_test(tcase, whatever_a_client_says_the_next_one_is_served);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
