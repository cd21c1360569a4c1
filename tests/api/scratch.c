/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See scratch.h. */
#include "scratch.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *scratch_file(const char *text)
{
	static char path[40];
	int fd = memfd_create("scratch", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}
