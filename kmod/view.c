// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may be mapped: BARs and coherent blocks, by the owner, and windows on
 * one of them, by whoever was handed their descriptor.
 *
 * Every view has its own range of offsets, never used twice, in the address
 * space of the companion device's inode, which windows share.  So one call
 * takes a view back from every process.  Pages are put in only when they are
 * touched, below the lock that taking back holds: no mapping made at that very
 * moment escapes.
 */
#include <linux/anon_inodes.h>
#include <linux/dma-map-ops.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "card.h"

struct view {
	struct list_head list;
	u64 offset;
	u64 size;
	struct block *block;	/* NULL: a BAR */
	phys_addr_t bar;
	u32 handle;		/* of a window, or 0 */
};

struct window {
	struct card *card;
	struct inode *inode;
	u64 offset;
	u64 size;
};

/* The owner's own view of a BAR, which never goes: it shows ones at last. */
static bool view_stays(const struct view *view)
{
	return !view->block && !view->handle;
}

/* Under views_lock. */
static struct view *view_find(struct card *card, u64 offset)
{
	struct view *view;

	list_for_each_entry(view, &card->views, list)
		if (offset - view->offset < view->size &&
		    (!card->gone || view_stays(view)))
			return view;
	return NULL;
}

/* What the owner has mapped of a card that is gone, and may still use: pages of
 * ones, for registers and for what else there was, which he may write. */
static unsigned long gone_pfn(struct card *card, struct view *view)
{
	return page_to_pfn(card->ones) + !view;
}

static unsigned long view_pfn(struct card *card, struct view *view, u64 offset)
{
	void *cpu;

	if (card->gone)
		return gone_pfn(card, view);
	offset -= view->offset;
	if (!view->block)
		return PHYS_PFN(view->bar + offset);
	cpu = view->block->cpu + offset;
	return is_vmalloc_addr(cpu) ? vmalloc_to_pfn(cpu) :
				      PHYS_PFN(virt_to_phys(cpu));
}

static const struct file_operations window_operations;

static vm_fault_t view_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct card *card = vma->vm_private_data;
	u64 first = (u64)vma->vm_pgoff << PAGE_SHIFT;
	vm_fault_t rc = VM_FAULT_SIGBUS;
	struct view *view;

	down_read(&card->views_lock);
	view = view_find(card, first);
	if (!view && (!card->gone || vma->vm_file->f_op == &window_operations))
		goto out;
	/* All of it: a loop over registers is to fault once. */
	for (unsigned long at = vma->vm_start; at < vma->vm_end;
	     at += PAGE_SIZE) {
		u64 offset = first + (at - vma->vm_start);

		rc = vmf_insert_pfn(vma, at, view_pfn(card, view, offset));
		if (rc != VM_FAULT_NOPAGE)
			break;
	}
out:
	up_read(&card->views_lock);
	return rc;
}

static void view_open(struct vm_area_struct *vma)
{
	card_get(vma->vm_private_data);
}

static void view_close(struct vm_area_struct *vma)
{
	card_put(vma->vm_private_data);
}

static const struct vm_operations_struct view_operations = {
	.open = view_open,
	.close = view_close,
	.fault = view_fault,
};

static pgprot_t view_protection(struct card *card, struct view *view,
				pgprot_t protection)
{
	if (!view->block)
		return pgprot_noncached(protection);
	if (dev_is_dma_coherent(&card->pdev->dev))
		return protection;
	return pgprot_dmacoherent(protection);
}

int view_mmap(struct card *card, struct vm_area_struct *vma, u64 offset)
{
	u64 length = vma->vm_end - vma->vm_start;
	struct view *view;
	int rc = -EINVAL;

	/* No private mapping, which would be a copy. */
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
		return -EINVAL;
	down_read(&card->views_lock);
	view = view_find(card, offset);
	if (view && length <= view->size - (offset - view->offset)) {
		vma->vm_page_prot = view_protection(card, view,
						    vma->vm_page_prot);
		rc = 0;
	}
	if (card->gone)
		rc = -ENODEV;
	up_read(&card->views_lock);
	if (rc)
		return rc;
	compat_vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND |
				 VM_DONTDUMP | VM_DONTCOPY);
	vma->vm_pgoff = offset >> PAGE_SHIFT;
	vma->vm_private_data = card;
	vma->vm_ops = &view_operations;
	view_open(vma);
	return 0;
}

static struct view *view_add(struct card *card, u64 size, struct block *block,
			     phys_addr_t bar)
{
	struct view *view = kzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);

	if (!view)
		return NULL;
	view->size = size;
	view->block = block;
	view->bar = bar;
	down_write(&card->views_lock);
	view->offset = card->next_offset;
	card->next_offset += size;
	list_add(&view->list, &card->views);
	up_write(&card->views_lock);
	return view;
}

static void view_remove(struct card *card, struct view *view)
{
	down_write(&card->views_lock);
	list_del(&view->list);
	up_write(&card->views_lock);
	if (card->inode)
		unmap_mapping_range(card->inode->i_mapping, view->offset,
				    view->size, 1);
	kfree(view);
}

/* The owner's, at PLX9054_MMAP_BAR(). */
int views_of_bars(struct card *card)
{
	for (unsigned int i = 0; i < PLX9054_BARS; i++) {
		phys_addr_t start = pci_resource_start(card->pdev, i);
		u64 size = pci_resource_len(card->pdev, i);

		card->next_offset = PLX9054_MMAP_BAR(i);
		if (size &&
		    pci_resource_flags(card->pdev, i) & IORESOURCE_MEM &&
		    !view_add(card, PAGE_ALIGN(offset_in_page(start) + size),
			      NULL, start & PAGE_MASK))
			return -ENOMEM;
	}
	card->next_offset = PLX9054_MMAP_BAR(PLX9054_BARS);
	return 0;
}

int view_of_block(struct card *card, struct block *block, u64 *offset)
{
	struct view *view = view_add(card, block->size, block, 0);

	if (!view)
		return -ENOMEM;
	*offset = view->offset;
	return 0;
}

/* All that look into the block. */
void views_revoke(struct card *card, const struct block *block)
{
	struct view *view, *next;

	list_for_each_entry_safe(view, next, &card->views, list)
		if (view->block == block)
			view_remove(card, view);
}

/* All but the owner's of BARs, which come with the card. */
void views_revoke_all(struct card *card)
{
	struct view *view, *next;

	list_for_each_entry_safe(view, next, &card->views, list)
		if (!view_stays(view))
			view_remove(card, view);
	views_zap(card);
}

void views_free(struct card *card)
{
	struct view *view, *next;

	list_for_each_entry_safe(view, next, &card->views, list)
		kfree(view);
}

void views_zap(struct card *card)
{
	if (card->inode)
		unmap_mapping_range(card->inode->i_mapping, 0, 0, 1);
	if (card->uio_inode)
		unmap_mapping_range(card->uio_inode->i_mapping, 0, 0, 1);
}

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct window *window = file->private_data;
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;

	if (vma->vm_pgoff >= window->size >> PAGE_SHIFT)
		return -EINVAL;
	return view_mmap(window->card, vma, window->offset + offset);
}

static int window_release(struct inode *inode, struct file *file)
{
	struct window *window = file->private_data;

	iput(window->inode);
	card_put(window->card);
	kfree(window);
	return 0;
}

static const struct file_operations window_operations = {
	.owner = THIS_MODULE,
	.mmap = window_mmap,
	.release = window_release,
};

static int window_file(struct card *card, struct view *view)
{
	struct window *window = kzalloc(sizeof(*window), GFP_KERNEL_ACCOUNT);
	struct file *file;
	int fd;

	if (!window)
		return -ENOMEM;
	window->card = card;
	window->inode = card->inode;
	window->offset = view->offset;
	window->size = view->size;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		goto out_free;
	file = anon_inode_getfile("[plx9054]", &window_operations, window,
				  O_RDWR | O_CLOEXEC);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
		goto out_free;
	}
	card_get(card);
	ihold(window->inode);
	file->f_mapping = window->inode->i_mapping;
	fd_install(fd, file);
	return fd;

out_free:
	kfree(window);
	return fd;
}

/* A BAR that shares a page would show somebody else's registers, too. */
static bool bar_alone(struct card *card, u32 bar)
{
	return bar >= 2 && bar < PLX9054_BARS &&
	       pci_resource_flags(card->pdev, bar) & IORESOURCE_MEM &&
	       pci_resource_len(card->pdev, bar) &&
	       !offset_in_page(pci_resource_start(card->pdev, bar) |
			       pci_resource_len(card->pdev, bar));
}

int window_make(struct card *card, struct plx9054_window *arg)
{
	struct block *block = NULL;
	struct view *view;

	if (arg->reserved || arg->kind > PLX9054_WINDOW_COHERENT)
		return -EINVAL;
	if (arg->kind == PLX9054_WINDOW_COHERENT) {
		block = block_find(card, arg->what);
		if (!block)
			return -ENOENT;
		view = view_add(card, block->size, block, 0);
	} else {
		if (!bar_alone(card, arg->what))
			return -EPERM;
		view = view_add(card, pci_resource_len(card->pdev, arg->what),
				NULL,
				pci_resource_start(card->pdev, arg->what));
	}
	if (!view)
		return -ENOMEM;
	view->handle = handle_new(card);
	arg->handle = view->handle;
	arg->fd = window_file(card, view);
	if (arg->fd >= 0)
		return 0;
	view_remove(card, view);
	return arg->fd;
}

int window_revoke(struct card *card, struct plx9054_handle *arg)
{
	struct view *view;

	list_for_each_entry(view, &card->views, list)
		if (arg->handle && view->handle == arg->handle) {
			view_remove(card, view);
			return 0;
		}
	return -ENOENT;
}
