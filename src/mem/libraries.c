/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one place that loads libnuma and libhugetlbfs.  They stay loaded until
 * the process ends: libhugetlbfs can't be unloaded safely (its constructor
 * hooks the allocator where the environment asks for that).
 */
#include "libraries.h"

#include <dlfcn.h>
#include <pthread.h>

static struct libraries libraries;
static pthread_once_t libraries_once = PTHREAD_ONCE_INIT;

static void libraries_load(void)
{
	void *numa = dlopen("libnuma.so.1", RTLD_NOW | RTLD_LOCAL);
	void *huge = dlopen("libhugetlbfs.so.0", RTLD_NOW | RTLD_LOCAL);

	if (numa) {
		libraries.bind = dlsym(numa, "mbind");
		libraries.policy = dlsym(numa, "get_mempolicy");
	}
	if (huge) {
		libraries.page_sizes = dlsym(huge, "gethugepagesizes");
		libraries.unlinked_fd =
			dlsym(huge, "hugetlbfs_unlinked_fd_for_size");
	}
}

const struct libraries *libraries_get(void)
{
	pthread_once(&libraries_once, libraries_load);
	return &libraries;
}
