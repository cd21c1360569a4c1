// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of what an owner holds: of BARs and coherent blocks, and of windows
 * on one of them, by whoever was handed their descriptor.
 *
 * Every holding has its own range of offsets in the address space of the
 * companion device's inode, which windows share.  So one call takes it back
 * from every process.  Pages are put in only when they are touched, below the
 * lock that taking back holds: no mapping made at that very moment escapes.
 */
#include <linux/anon_inodes.h>
#include <linux/dma-map-ops.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "card.h"

struct window {
	struct card *card;
	struct inode *inode;
	u64 offset;
	u64 size;
};

/* Under views_lock.  A card that is gone has only its owner's BARs, of ones. */
static struct holding *view_find(struct card *card, u64 offset)
{
	struct holding *holding;

	list_for_each_entry(holding, &card->holdings, list)
		if (holding->kind != MAP &&
		    offset - holding->offset < holding->size &&
		    (!card->gone || holding->kind == BAR))
			return holding;
	return NULL;
}

/* What the owner has mapped of a card that is gone, and may still use, are pages
 * of ones: for BARs, and for what else there was, which he may write. */
static unsigned long view_pfn(struct card *card, const struct holding *holding,
			      u64 offset)
{
	void *cpu;

	if (card->gone)
		return page_to_pfn(card->ones) + !holding;
	offset -= holding->offset;
	if (holding->shows)
		holding = holding->shows;
	if (!holding->cpu)
		return PHYS_PFN(holding->bar + offset);
	cpu = holding->cpu + offset;
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
	struct holding *holding;

	down_read(&card->views_lock);
	holding = view_find(card, first);
	if (card->gone ? vma->vm_file->f_op == &window_operations : !holding)
		goto out;
	/* All of it: a loop over registers is to fault once. */
	for (unsigned long at = vma->vm_start; at < vma->vm_end;
	     at += PAGE_SIZE) {
		rc = vmf_insert_pfn(vma, at, view_pfn(card, holding, first +
						      (at - vma->vm_start)));
		if (rc != VM_FAULT_NOPAGE)
			break;
	}
out:
	up_read(&card->views_lock);
	return rc;
}

static void view_open(struct vm_area_struct *vma)
{
	struct card *card = vma->vm_private_data;

	kref_get(&card->kref);
}

static void view_close(struct vm_area_struct *vma)
{
	struct card *card = vma->vm_private_data;

	kref_put(&card->kref, card_free);
}

static const struct vm_operations_struct view_operations = {
	.open = view_open,
	.close = view_close,
	.fault = view_fault,
};

static pgprot_t view_protection(struct card *card,
				const struct holding *holding,
				pgprot_t protection)
{
	if (holding->shows)
		holding = holding->shows;
	if (holding->kind == BAR)
		return pgprot_noncached(protection);
	if (dev_is_dma_coherent(&card->pdev->dev))
		return protection;
	return pgprot_dmacoherent(protection);
}

int view_mmap(struct card *card, struct vm_area_struct *vma, u64 offset)
{
	u64 length = vma->vm_end - vma->vm_start;
	struct holding *holding;
	int rc = 0;

	/* No private mapping, which would be a copy. */
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
		return -EINVAL;
	down_read(&card->views_lock);
	holding = view_find(card, offset);
	if (card->gone)
		rc = -ENODEV;
	else if (!holding ||
		 length > holding->size - (offset - holding->offset))
		rc = -EINVAL;
	else
		vma->vm_page_prot = view_protection(card, holding,
						    vma->vm_page_prot);
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

/* The owner's, and windows; under the mutex, as inode is. */
void views_zap(struct card *card)
{
	if (card->inode)
		unmap_mapping_range(card->inode->i_mapping, 0, 0, 1);
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
	kref_put(&window->card->kref, card_free);
	kfree(window);
	return 0;
}

static const struct file_operations window_operations = {
	.owner = THIS_MODULE,
	.mmap = window_mmap,
	.release = window_release,
};

static int window_file(struct card *card, const struct holding *view)
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
	kref_get(&card->kref);
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

int owner_window(struct card *card, void *data)
{
	struct plx9054_window *arg = data;
	struct holding *shown, *window;

	if (arg->reserved || arg->kind > PLX9054_WINDOW_COHERENT)
		return -EINVAL;
	if (arg->kind == PLX9054_WINDOW_BAR && !bar_alone(card, arg->what))
		return -EPERM;
	shown = arg->kind == PLX9054_WINDOW_BAR ?
		view_find(card, PLX9054_MMAP_BAR(arg->what)) :
		holding_find(card, arg->what);
	if (!shown || shown->kind == MAP || shown->kind == WINDOW)
		return -ENOENT;
	window = holding_new(card, WINDOW, shown->size);
	if (!window)
		return -ENOMEM;
	window->shows = shown;
	arg->fd = window_file(card, window);
	if (arg->fd < 0) {
		holding_free(card, window);
		return arg->fd;
	}
	arg->handle = holding_add(card, window);
	return 0;
}
