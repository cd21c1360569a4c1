/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where kernels differ.  Kbuild compiles probe.c against the kernel's headers
 * and defines HAVE_ and the name of what goes through: version numbers lie
 * where a distribution has taken newer code back.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <linux/eventfd.h>
#include <linux/mm.h>

/* eventfd_signal() had a count up to 6.7. */
static inline void compat_eventfd_signal(struct eventfd_ctx *ctx)
{
#ifdef HAVE_EVENTFD_SIGNAL_COUNTLESS
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

/* A plain field up to 6.2. */
static inline void compat_vm_flags_set(struct vm_area_struct *vma,
				       unsigned long flags)
{
#ifdef HAVE_VM_FLAGS_SET
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

#endif
