// SPDX-License-Identifier: GPL-2.0-only
/* Compiled once for each name that Kbuild asks for; see compat.h. */
#include <linux/eventfd.h>
#include <linux/mm.h>

void probe(struct eventfd_ctx *ctx, struct vm_area_struct *vma);
void probe(struct eventfd_ctx *ctx, struct vm_area_struct *vma)
{
#ifdef PROBE_EVENTFD_SIGNAL_COUNTLESS
	eventfd_signal(ctx);
#endif
#ifdef PROBE_VM_FLAGS_SET
	vm_flags_set(vma, VM_IO);
#endif
}
