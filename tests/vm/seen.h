/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests/vm/returns, in a module that only tests have: each place of the
 * source where an error is returned says so when it is first reached, calls of
 * the kernel's fail when told to, and registers read ones or zeros.
 * tests/vm/modules makes it of a copy of kmod, in which every -Exxx that
 * nothing is compared with has become SEEN(-Exxx).
 *
 * fail=N: the Nth call from now on fails; -N: it and all behind it do.
 * reads=N: registers read all ones from the Nth read on; -N: zeros.
 */
#ifndef SEEN_H
#define SEEN_H

#include <linux/anon_inodes.h>
#include <linux/dma-mapping.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

/* In driver.c. */
extern int seen_fail, seen_reads;

static inline bool seen_due(int *number)
{
	if (*number > 0)
		return !--*number;
	if (*number < -1)
		++*number;
	return *number == -1;
}

/* The place is found in the module's file, and in the log. */
#define SITE(what) do {							\
	static const char site_[] =					\
		"site " __FILE_NAME__ ":" __stringify(__LINE__) " " what; \
	static bool told_;						\
	if (!told_)							\
		pr_info("%s\n", site_);					\
	told_ = true;							\
} while (0)

#define SEEN(error) ({ SITE(#error); (error); })

#define CALL_INT(name, call, failure) ({				\
	int rc_ = seen_due(&seen_fail) ? (failure) : (int)(call);	\
	if (rc_ < 0)							\
		SITE(name);						\
	rc_;								\
})
#define CALL_POINTER(name, call, failure) ({				\
	typeof(call) rc_ = seen_due(&seen_fail) ?			\
		(typeof(call))(failure) : (call);			\
	if (IS_ERR_OR_NULL(rc_))					\
		SITE(name);						\
	rc_;								\
})

/* What may be a macro in the kernel. */
static inline void *seen_kzalloc(size_t size, gfp_t flags)
{
	return kzalloc(size, flags);
}
#undef kzalloc
#define kzalloc(...)							\
	CALL_POINTER("kzalloc", seen_kzalloc(__VA_ARGS__), NULL)

static inline void *seen_kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags);
}
#undef kvmalloc_array
#define kvmalloc_array(...)						\
	CALL_POINTER("kvmalloc_array", seen_kvmalloc_array(__VA_ARGS__), NULL)

static inline struct page *seen_alloc_pages(gfp_t flags, unsigned int order)
{
	return alloc_pages(flags, order);
}
#undef alloc_pages
#define alloc_pages(...)						\
	CALL_POINTER("alloc_pages", seen_alloc_pages(__VA_ARGS__), NULL)

static inline int seen_add_action(struct device *dev, void (*action)(void *),
				  void *data)
{
	if (seen_due(&seen_fail)) {
		action(data);
		return -ENOMEM;
	}
	return devm_add_action_or_reset(dev, action, data);
}
#undef devm_add_action_or_reset
#define devm_add_action_or_reset(...) ({				\
	int rc_ = seen_add_action(__VA_ARGS__);				\
	if (rc_)							\
		SITE("devm_add_action_or_reset");			\
	rc_;								\
})

static inline int seen_uio_register(struct device *dev, struct uio_info *info)
{
	return uio_register_device(dev, info);
}
#undef uio_register_device
#define uio_register_device(...)					\
	CALL_INT("uio_register_device", seen_uio_register(__VA_ARGS__), -EIO)

static inline dma_addr_t seen_sg_dma_address(struct scatterlist *sg)
{
	return sg_dma_address(sg) + (seen_due(&seen_fail) ? PAGE_SIZE : 0);
}
#undef sg_dma_address
#define sg_dma_address seen_sg_dma_address

static inline void *seen_coherent(struct device *dev, size_t size,
				  dma_addr_t *bus, gfp_t flags)
{
	return dma_alloc_coherent(dev, size, bus, flags);
}
#undef dma_alloc_coherent
#define dma_alloc_coherent(...)						\
	CALL_POINTER("dma_alloc_coherent", seen_coherent(__VA_ARGS__), NULL)

/* Functions. */
#define anon_inode_getfile(...) CALL_POINTER("anon_inode_getfile",	\
	anon_inode_getfile(__VA_ARGS__), ERR_PTR(-ENFILE))
#define copy_struct_from_user(...) CALL_INT("copy_struct_from_user",	\
	copy_struct_from_user(__VA_ARGS__), -EFAULT)
#define devm_request_irq(...) CALL_INT("devm_request_irq",		\
	devm_request_irq(__VA_ARGS__), -EBUSY)
#define dma_map_sgtable(...) CALL_INT("dma_map_sgtable",		\
	dma_map_sgtable(__VA_ARGS__), -ENOMEM)
#define dma_set_coherent_mask(...) CALL_INT("dma_set_coherent_mask",	\
	dma_set_coherent_mask(__VA_ARGS__), -EIO)
#define dma_set_mask_and_coherent(...) CALL_INT("dma_set_mask_and_coherent", \
	dma_set_mask_and_coherent(__VA_ARGS__), -EIO)
#define eventfd_ctx_fdget(...) CALL_POINTER("eventfd_ctx_fdget",	\
	eventfd_ctx_fdget(__VA_ARGS__), ERR_PTR(-EBADF))
#define get_unused_fd_flags(...) CALL_INT("get_unused_fd_flags",	\
	get_unused_fd_flags(__VA_ARGS__), -EMFILE)
#define kstrtobool(...) CALL_INT("kstrtobool",				\
	kstrtobool(__VA_ARGS__), -EINVAL)
#define misc_register(...) CALL_INT("misc_register",			\
	misc_register(__VA_ARGS__), -EBUSY)
#define pcim_enable_device(...) CALL_INT("pcim_enable_device",		\
	pcim_enable_device(__VA_ARGS__), -EIO)
#define pcim_iomap(...) (seen_due(&seen_fail) ? NULL : pcim_iomap(__VA_ARGS__))
#define pci_request_regions(...) CALL_INT("pci_request_regions",	\
	pci_request_regions(__VA_ARGS__), -EBUSY)
#define pin_user_pages_fast(...) CALL_INT("pin_user_pages_fast",	\
	pin_user_pages_fast(__VA_ARGS__), -ENOMEM)
#define sg_alloc_table_from_pages_segment(...)				\
	CALL_INT("sg_alloc_table_from_pages_segment",			\
	sg_alloc_table_from_pages_segment(__VA_ARGS__), -ENOMEM)

/* These fail without an error. */
#define dma_get_mask(dev) (seen_due(&seen_fail) ? 0 : dma_get_mask(dev))
#define dma_max_mapping_size(dev)					\
	(seen_due(&seen_fail) ? 0 : dma_max_mapping_size(dev))
#define dma_set_mask(dev, mask)						\
	(seen_due(&seen_fail) ? -EIO : dma_set_mask(dev, mask))

static inline u32 seen_value(u32 value)
{
	bool zeros = seen_reads < 0;

	if (seen_reads > 1) {
		seen_reads--;
		return value;
	}
	if (seen_reads < -1) {
		seen_reads++;
		return value;
	}
	return !seen_reads ? value : zeros ? 0 : ~0u;
}

#define ioread8(at) ((u8)seen_value(ioread8(at)))
#define ioread32(at) seen_value(ioread32(at))

#endif
