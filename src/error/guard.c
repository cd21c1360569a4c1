/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A handler for the whole process with a place to jump to for each thread. A
 * SIGBUS outside guard_copy() is a defect and kills the program as ever.
 */
#include "guard.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

static _Thread_local sigjmp_buf *volatile armed;

static void on_bus_error(int signal_number)
{
	if (armed)
		siglongjmp(*armed, 1);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

int guard_install(void)
{
	/* Not blocked in its handler: that is left by a jump, which restores
	 * no mask, so that a copy costs no system call. */
	struct sigaction action = {
		.sa_handler = on_bus_error,
		.sa_flags = SA_NODEFER,
	};

	sigemptyset(&action.sa_mask);
	return sigaction(SIGBUS, &action, NULL) ? -errno : 0;
}

int guard_copy(void *to, const void *from, size_t size)
{
	sigjmp_buf place;

	if (sigsetjmp(place, 0)) {
		armed = NULL;
		return -EFAULT;
	}
	armed = &place;
	__asm__ __volatile__("" ::: "memory");
	memcpy(to, from, size);
	__asm__ __volatile__("" ::: "memory");
	armed = NULL;
	return 0;
}
