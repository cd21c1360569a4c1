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

static int shared_mmap(int fd, size_t size, void **at)
{
	*at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_POPULATE, fd, 0);
	return *at == MAP_FAILED ? -errno : 0;
}

int wire_shared_new(size_t size, void **at)
{
	int err;
	int fd = memfd_create("plxdma-ring",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) || fchmod(fd, 0600) ||
	    fcntl(fd, F_ADD_SEALS, SEALS)) {
		err = -errno;
		goto out_close;
	}
	err = shared_mmap(fd, size, at);
	if (err)
		goto out_close;
	return fd;

out_close:
	close(fd);
	return err;
}

int wire_shared_map(int fd, size_t size, void **at)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & SEALS) != SEALS)
		return -EPROTO;
	if (fstat(fd, &st))
		return -errno;
	return st.st_size == (off_t)size ? shared_mmap(fd, size, at) : -EPROTO;
}

void wire_shared_unmap(void *at, size_t size)
{
	if (at)
		munmap(at, size);
}

int wire_area_new(struct wire_area **area)
{
	void *at;
	int fd = wire_shared_new(sizeof(**area), &at);

	if (fd >= 0)
		*area = at;
	return fd;
}

int wire_area_map(int fd, struct wire_area **area)
{
	void *at;
	int err = wire_shared_map(fd, sizeof(**area), &at);

	if (!err)
		*area = at;
	return err;
}

void wire_area_unmap(struct wire_area *area)
{
	wire_shared_unmap(area, sizeof(*area));
}
