/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Capabilities by the kernel's own calls: there are two of them, which is no
 * reason for a library.
 */
#include "privilege.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int privilege_drop(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = 0 },
	};
	struct __user_cap_data_struct had[_LINUX_CAPABILITY_U32S_3];

	/* Whoever may not raise it has the limit that was set up for it. */
	(void)setrlimit(RLIMIT_MEMLOCK, &unlimited);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	/* A service manager may have dropped them, and forbidden the call. */
	if (!syscall(SYS_capget, &header, had) &&
	    !memcmp(had, none, sizeof(had)))
		return 0;
	return syscall(SYS_capset, &header, none) ? -errno : 0;
}
