/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shared area as a file. It is ordinary memory, sealed against shrinking
 * and growing so that no side can be hit by SIGBUS in it: pages of shmem that
 * are punched out read as zeros again.
 */
#include "area.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static int area_mmap(int fd, struct wire_area **area)
{
	void *at = mmap(NULL, sizeof(struct wire_area), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	*area = at;
	return 0;
}

int wire_area_new(struct wire_area **area)
{
	int err;
	int fd = memfd_create("plxdma-ring",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)sizeof(struct wire_area)) ||
	    fchmod(fd, 0600) || fcntl(fd, F_ADD_SEALS, SEALS)) {
		err = -errno;
		goto out_close;
	}
	err = area_mmap(fd, area);
	if (err)
		goto out_close;
	return fd;

out_close:
	close(fd);
	return err;
}

int wire_area_map(int fd, struct wire_area **area)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & SEALS) != SEALS)
		return -EPROTO;
	if (fstat(fd, &st))
		return -errno;
	if (st.st_size != (off_t)sizeof(struct wire_area))
		return -EPROTO;
	return area_mmap(fd, area);
}

void wire_area_unmap(struct wire_area *area)
{
	if (area)
		munmap(area, sizeof(*area));
}
