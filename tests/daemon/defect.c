/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plxdmad with a planted defect: it gives a dead client's pages back without
 * aborting its transfers first. Linked into plxdmad-defect by --wrap; what
 * kill-clients must catch.
 *
 * A real card writes to frames, whoever has them now. The software card writes
 * through a mapping, so the defect puts the checker's pages, which are the ones
 * that were freed, under that mapping.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/client.h"
#include "daemon/lane.h"

int __wrap_client_leave(struct client *client);
int __wrap_lane_free(struct lane *lane);
int __wrap_dma_detach(struct dma_map *map);
void __wrap_arena_destroy(struct arena *arena);

int __wrap_client_leave(struct client *client)
{
	(void)client;
	return 0;
}

int __wrap_lane_free(struct lane *lane)
{
	(void)lane;
	return 0;
}

int __wrap_dma_detach(struct dma_map *map)
{
	(void)map;
	return 0;
}

void __wrap_arena_destroy(struct arena *arena)
{
	const char *path = getenv("PLXDMA_CHECKER");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

	if (ftruncate(arena->fd, 0) || fd < 0)
		return;
	mmap(arena->base, arena->size, PROT_READ | PROT_WRITE,
	     MAP_SHARED | MAP_FIXED | MAP_NORESERVE, fd, 0);
	close(fd);
}
