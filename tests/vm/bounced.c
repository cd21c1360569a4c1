/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether the stub maps pages that the kernel would bounce: one small page,
 * which swiotlb always has room for.
 *
 *	bounced DEVICE
 *
 * Exit code: 0 mapped where it isn't, 1 refused as bounced, 2 anything else.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "uio_plx9054.h"

#define PAGE 4096

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct plx9054_run run = {0};
	struct plx9054_map map = {
		.size = sizeof(map),
		.address = (uintptr_t)page,
		.length = PAGE,
		.granule = PAGE,
		.runs = (uintptr_t)&run,
		.run_count = 1,
	};

	if (fd < 0 || page == MAP_FAILED) {
		perror("bounced");
		return 2;
	}
	if (!ioctl(fd, PLX9054_MAP, &map))
		return 0;
	(void)printf("%s\n", strerror(errno));
	return errno == EACCES ? 1 : 2;
}
