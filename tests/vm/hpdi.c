/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In the guest: data through Linux's own driver of a board with a 9080, by
 * comedi's interface, and every word of it checked.
 *
 *   hpdi SECONDS BYTES-PER-SECOND
 *
 * The first half second comes by read(), the rest through the mapped buffer.
 * Word number n is n * 2654435761 (hpdi_board.c).
 */
#include <fcntl.h>
#include <linux/comedi.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define BUFFER (8u << 20)
#define LINES  32

static uint32_t next;
static uint64_t words, wrong;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void check(const uint32_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++, words++, next++) {
		if (from[i] == next * 2654435761u)
			continue;
		/* 244002641 is the inverse: go on from the word that it is. */
		if (!wrong++)
			printf("word %u comes where %u was expected\n",
			       from[i] * 244002641u, next);
		next = from[i] * 244002641u;
	}
}

static void start(int fd)
{
	unsigned int lines[LINES];
	struct comedi_cmd cmd = {
		.start_src = TRIG_NOW,
		.scan_begin_src = TRIG_EXT,
		.convert_src = TRIG_NOW,
		.scan_end_src = TRIG_COUNT,
		.scan_end_arg = LINES,
		.stop_src = TRIG_NONE,
		.chanlist = lines,
		.chanlist_len = LINES,
	};

	for (unsigned int i = 0; i < LINES; i++)
		lines[i] = CR_PACK(i, 0, 0);
	if (ioctl(fd, COMEDI_CMD, &cmd))
		die("COMEDI_CMD");
}

static void by_read(int fd, double until)
{
	static uint32_t some[4096];
	size_t have = 0;
	ssize_t got;

	while (seconds() < until || have % 4) {
		got = read(fd, (char *)some + have, sizeof(some) - have);
		if (got <= 0)
			die("read");
		have += (size_t)got;
		if (have % 4)
			continue;
		check(some, have / 4);
		have = 0;
	}
}

static unsigned int arrived(int fd, unsigned int taken)
{
	struct comedi_bufinfo info = { .bytes_read = taken };

	if (ioctl(fd, COMEDI_BUFINFO, &info))
		die("COMEDI_BUFINFO");
	return info.buf_write_count - info.buf_read_count;
}

static void by_map(int fd, const uint32_t *buffer, unsigned int at,
		   double until)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	unsigned int got = arrived(fd, 0) & ~3u, part;

	while (seconds() < until) {
		if (!got && poll(&readable, 1, 2000) <= 0)
			die("no data for 2 s");
		part = got < BUFFER - at ? got : BUFFER - at;
		check(buffer + at / 4, part / 4);
		at = (at + part) % BUFFER;
		got = arrived(fd, part) & ~3u;
	}
}

int main(int argc, char **argv)
{
	struct comedi_devinfo device = { 0 };
	struct comedi_bufconfig size = { .maximum_size = BUFFER,
					 .size = BUFFER };
	int fd = open("/dev/comedi0", O_RDWR | O_CLOEXEC);
	double begin, span, rate;
	const uint32_t *buffer;

	if (argc < 3 || fd < 0)
		die("/dev/comedi0");
	if (ioctl(fd, COMEDI_DEVINFO, &device))
		die("COMEDI_DEVINFO");
	if (ioctl(fd, COMEDI_BUFCONFIG, &size) || size.size != BUFFER)
		die("COMEDI_BUFCONFIG");
	buffer = mmap(NULL, BUFFER, PROT_READ, MAP_SHARED, fd, 0);
	if (buffer == MAP_FAILED)
		die("mmap");
	begin = seconds();
	start(fd);
	by_read(fd, begin + 0.5);
	by_map(fd, buffer, (unsigned int)(words * 4 % BUFFER),
	       begin + atof(argv[1]));
	span = seconds() - begin;
	rate = (double)words * 4 / span;
	if (ioctl(fd, COMEDI_CANCEL, 0))
		die("COMEDI_CANCEL");
	printf("%s, %s: %.1f s, %llu words, %.2f MB/s\n", device.driver_name,
	       device.board_name, span, (unsigned long long)words, rate / 1e6);
	printf("%sok - words that are wrong: %llu\n", wrong ? "not " : "",
	       (unsigned long long)wrong);
	printf("%sok - as fast as is asked\n",
	       rate < atof(argv[2]) ? "not " : "");
	return wrong || rate < atof(argv[2]);
}
