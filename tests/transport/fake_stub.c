/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See fake_stub.h. */
#include "fake_stub.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <check.h>

#define COHERENT_OFFSET ((uint64_t)1 << 52)
#define PATH "/dev/plx9054/" FAKE_STUB_ADDRESS

struct fake_stub fake_stub;

int __real_open(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

static off_t place(unsigned int bar, unsigned int offset)
{
	return (off_t)(PLX9054_MMAP_BAR(bar) +
		       fake_stub.info.bars[bar].offset + offset);
}

void fake_stub_reset(void)
{
	unsigned int bar;

	memset(&fake_stub, 0, sizeof(fake_stub));
	fake_stub.fd = -1;
	fake_stub.info.abi = PLX9054_ABI;
	fake_stub.info.flags = PLX9054_DAC;
	fake_stub.info.numa_node = -1;
	fake_stub.info.interrupts = 77;
	/* The registers lie in the middle of a page, as they may. */
	fake_stub.info.bars[0] = (struct plx9054_bar){
		.size = 256, .offset = 0x100, .flags = PLX9054_BAR_MEMORY };
	fake_stub.info.bars[1] = (struct plx9054_bar){
		.size = 256, .flags = PLX9054_BAR_IO };
	for (bar = 2; bar < 4; bar++)
		fake_stub.info.bars[bar] = (struct plx9054_bar){
			.size = 8192, .flags = PLX9054_BAR_MEMORY };
}

void fake_stub_put(unsigned int bar, unsigned int offset, uint32_t value)
{
	ck_assert_int_eq(pwrite(fake_stub.fd, &value, 4, place(bar, offset)),
			 4);
}

uint32_t fake_stub_get(unsigned int bar, unsigned int offset)
{
	uint32_t value;

	ck_assert_int_eq(pread(fake_stub.fd, &value, 4, place(bar, offset)),
			 4);
	return value;
}

unsigned int fake_stub_request(unsigned long request)
{
	return (unsigned int)request & (FAKE_STUB_REQUESTS - 1);
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (strcmp(path, PATH) != 0)
		return __real_open(path, flags, mode);
	ck_assert_int_eq(flags, O_RDWR | O_CLOEXEC);
	if (fake_stub.open_error) {
		errno = fake_stub.open_error;
		return -1;
	}
	fake_stub.fd = memfd_create("stub", MFD_CLOEXEC);
	ck_assert_int_ge(fake_stub.fd, 0);
	ck_assert_int_eq(ftruncate(fake_stub.fd,
				   (off_t)(COHERENT_OFFSET + (1 << 20))), 0);
	return fake_stub.fd;
}

static void map(struct plx9054_map *asked)
{
	struct plx9054_run *runs = (struct plx9054_run *)(uintptr_t)asked->runs;

	fake_stub.mapped = *asked;
	ck_assert_uint_le(fake_stub.run_count, asked->run_count);
	memcpy(runs, fake_stub.runs, fake_stub.run_count * sizeof(*runs));
	asked->run_count = fake_stub.run_count;
	asked->handle = 7;
}

static void coherent(struct plx9054_coherent *asked)
{
	ck_assert_uint_eq(asked->length % 4096, 0);
	asked->handle = 9;
	asked->bus = 0x1000000;
	asked->offset = COHERENT_OFFSET;
}

static void answer(unsigned long request, void *argument)
{
	struct plx9054_event *event = argument;
	struct plx9054_eventfd *eventfd = argument;
	struct plx9054_access *access = argument;
	uint32_t size;

	switch (request) {
	case PLX9054_INFO:
		size = *(uint32_t *)argument;
		ck_assert_uint_eq(size, sizeof(fake_stub.info));
		memcpy(argument, &fake_stub.info, size);
		break;
	case PLX9054_MAP:
		map(argument);
		break;
	case PLX9054_FREE:
		fake_stub.unmapped = ((struct plx9054_handle *)argument)->handle;
		break;
	case PLX9054_COHERENT:
		coherent(argument);
		break;
	case PLX9054_CHANNEL:
		fake_stub.channel = *(struct plx9054_channel *)argument;
		break;
	case PLX9054_SET_MASTER:
		fake_stub.master = ((struct plx9054_value *)argument)->value;
		break;
	case PLX9054_CLEAR_STATUS:
		((struct plx9054_value *)argument)->value = fake_stub.status;
		fake_stub.status = 0;
		break;
	case PLX9054_EVENTFD:
		fake_stub.fds[eventfd->source] = eventfd->fd;
		break;
	case PLX9054_EVENT:
		size = event->source;
		*event = fake_stub.events[size];
		fake_stub.events[size].bits = 0;
		break;
	case PLX9054_ACCESS:
		fake_stub.access = *access;
		access->value = fake_stub.access_value;
		break;
	}
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	const unsigned int n = fake_stub_request(request);
	va_list args;
	void *argument;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	if (fd != fake_stub.fd || fake_stub.fd < 0)
		return __real_ioctl(fd, request, argument);
	fake_stub.calls[n]++;
	if (fake_stub.errors[n]) {
		errno = fake_stub.errors[n];
		return -1;
	}
	answer(request, argument);
	return 0;
}
