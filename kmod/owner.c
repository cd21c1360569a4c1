// SPDX-License-Identifier: GPL-2.0-only
/*
 * The companion device: one open file owns the card.
 *
 * Everything that could outlive the owner hangs on this file and is taken back
 * in one order when it ends, whether by close, kill, unbind or the card's
 * disappearance: channels, bus mastering, interrupts, mappings, memory.
 */
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "card.h"

static bool reset;
module_param(reset, bool, 0644);
MODULE_PARM_DESC(reset, "owners may reset chip and board");

#ifdef PLX9054_TEST_UNSAFE
static unsigned int quiesce_delay_ms;
module_param(quiesce_delay_ms, uint, 0644);
#else
#define quiesce_delay_ms 0
#endif

/* Holds the card's mutex. */
void owner_end(struct card *card)
{
	int rc;

	if (quiesce_delay_ms)
		msleep(quiesce_delay_ms);
	rc = card_quiesce(card);
	sources_end(card);
	holdings_release(card, !rc);
	iput(card->inode);
	card->inode = NULL;
	card->owned = false;
}

int face_claim(struct card *card, enum face face)
{
	return atomic_cmpxchg(&card->face, FACE_NONE, face) ? -EBUSY : 0;
}

static int owner_begin(struct card *card, struct inode *inode)
{
	card->ones = alloc_pages(GFP_KERNEL_ACCOUNT, 1);
	if (!card->ones)
		return -ENOMEM;
	memset(page_address(card->ones), 0xff, 2 * PAGE_SIZE);
	kref_get(&card->kref);
	ihold(inode);
	card->inode = inode;
	card->owned = true;
	/* Behind a shutdown he has a card that is gone. */
	if (!card->gone) {
		card_settle(card);
		sources_begin(card);
	}
	return 0;
}

static int owner_open(struct inode *inode, struct file *file)
{
	struct card *card = container_of(file->private_data, struct card, misc);
	int rc = face_claim(card, FACE_OWNER);

	if (rc)
		return rc;
	mutex_lock(&card->mutex);
	rc = owner_begin(card, inode);
	mutex_unlock(&card->mutex);
	if (rc)
		atomic_set(&card->face, FACE_NONE);
	file->private_data = card;
	return rc;
}

/* No mapping is left that shows the pages of ones: each holds the file. */
static int owner_release(struct inode *inode, struct file *file)
{
	struct card *card = file->private_data;

	mutex_lock(&card->mutex);
	if (card->owned)
		owner_end(card);
	__free_pages(card->ones, 1);
	mutex_unlock(&card->mutex);
	atomic_set(&card->face, FACE_NONE);
	kref_put(&card->kref, card_free);
	return 0;
}

static int owner_mmap(struct file *file, struct vm_area_struct *vma)
{
	return view_mmap(file->private_data, vma,
			 (u64)vma->vm_pgoff << PAGE_SHIFT);
}

static void bar_info(struct pci_dev *pdev, unsigned int number,
		     struct plx9054_bar *bar)
{
	unsigned long flags = pci_resource_flags(pdev, number);

	bar->size = pci_resource_len(pdev, number);
	if (!bar->size)
		return;
	bar->flags = flags & IORESOURCE_IO ? PLX9054_BAR_IO :
					     PLX9054_BAR_MEMORY;
	if (flags & IORESOURCE_PREFETCH)
		bar->flags |= PLX9054_BAR_PREFETCH;
	if (flags & IORESOURCE_MEM)
		bar->offset = offset_in_page(pci_resource_start(pdev, number));
}

static int owner_info(struct card *card, void *data)
{
	struct plx9054_info *arg = data;
	u32 size = arg->size;

	memset(arg, 0, sizeof(*arg));
	arg->size = size;
	arg->abi = PLX9054_ABI;
	arg->hard_id = card->hard_id;
	arg->flags = (card->translated ? PLX9054_TRANSLATED : 0) |
		     (card->dac ? PLX9054_DAC : 0) |
		     (card->pdev->is_busmaster ? PLX9054_MASTER : 0) |
		     (reset ? PLX9054_RESET_ALLOWED : 0) |
		     (card_stuck(card) ? PLX9054_OUT_OF_SERVICE : 0);
	arg->numa_node = dev_to_node(&card->pdev->dev);
	spin_lock_irq(&card->lock);
	arg->interrupts = card->interrupts;
	arg->strangers = card->strangers;
	spin_unlock_irq(&card->lock);
	arg->pinned = holdings_size(&card->holdings, MAP);
	arg->coherent = holdings_size(&card->holdings, BLOCK);
	arg->quarantined = card_quarantined(card);
	for (unsigned int i = 0; i < PLX9054_BARS; i++)
		bar_info(card->pdev, i, &arg->bars[i]);
	return 0;
}

static int owner_master(struct card *card, void *data)
{
	struct plx9054_value *arg = data;

	if (arg->value > 1)
		return -EINVAL;
	if (!arg->value) {
		pci_clear_master(card->pdev);
		return 0;
	}
	if (card_recover(card))
		return -EBUSY;
	pci_set_master(card->pdev);
	return 0;
}

static int owner_quiesce(struct card *card, void *data)
{
	return card_quiesce(card);
}

/* Nobody looks at a card that is being reset: who touches it waits. */
static int owner_reset(struct card *card, void *data)
{
	int rc;

	if (!reset)
		return -EPERM;
	down_write(&card->views_lock);
	views_zap(card);
	rc = card_reset(card);
	up_write(&card->views_lock);
	if (!rc)
		quarantine_release(card);
	return rc;
}

/* Cache line size, latency timer, VPD's address and data (chip ref. 1.3). */
static int config_write(struct pci_dev *pdev, const struct plx9054_access *arg)
{
	int vpd = pci_find_capability(pdev, PCI_CAP_ID_VPD);
	int rc = PCIBIOS_SET_FAILED;

	if (arg->width == 8 && (arg->offset == PCI_CACHE_LINE_SIZE ||
				arg->offset == PCI_LATENCY_TIMER))
		rc = pci_write_config_byte(pdev, arg->offset, arg->value);
	else if (vpd && arg->width == 16 && arg->offset == vpd + PCI_VPD_ADDR)
		rc = pci_write_config_word(pdev, arg->offset, arg->value);
	else if (vpd && arg->width == 32 && arg->offset == vpd + PCI_VPD_DATA)
		rc = pci_write_config_dword(pdev, arg->offset, arg->value);
	return rc ? -EPERM : 0;
}

static int port_write(void __iomem *at, const struct plx9054_access *arg)
{
	if (arg->width == 8)
		iowrite8(arg->value, at);
	else if (arg->width == 16)
		iowrite16(arg->value, at);
	else
		iowrite32(arg->value, at);
	return 0;
}

/* Read by whole Lwords: nothing minds, and that goes for all widths. */
static int owner_access(struct card *card, void *data)
{
	struct plx9054_access *arg = data;
	bool ports = arg->space == PLX9054_SPACE_IO;
	u64 size = ports && card->ports ? pci_resource_len(card->pdev, 1) :
					  PCI_CFG_SPACE_SIZE;
	u32 value;

	if (arg->space > PLX9054_SPACE_IO || arg->write > 1 ||
	    (arg->width != 8 && arg->width != 16 && arg->width != 32) ||
	    arg->offset >= size || arg->offset % (arg->width / 8))
		return -EINVAL;
	if (ports && !card->ports)
		return -ENXIO;
	if (arg->write)
		return ports ? port_write(card->ports + arg->offset, arg) :
			       config_write(card->pdev, arg);
	if (ports)
		value = ioread32(card->ports + (arg->offset & ~3));
	else
		pci_read_config_dword(card->pdev, arg->offset & ~3, &value);
	arg->value = value >> (arg->offset % 4 * 8) & GENMASK(arg->width - 1, 0);
	return 0;
}

union argument {
	u32 size;
	struct plx9054_info info;
	struct plx9054_map map;
	struct plx9054_handle handle;
	struct plx9054_coherent coherent;
	struct plx9054_window window;
	struct plx9054_channel channel;
	struct plx9054_value value;
	struct plx9054_eventfd eventfd;
	struct plx9054_enable enable;
	struct plx9054_event event;
	struct plx9054_access access;
};

static const struct operation {
	unsigned int command;
	size_t size;
	int (*run)(struct card *card, void *data);
} operations[] = {
	{ PLX9054_QUIESCE, 0, owner_quiesce },
	{ PLX9054_RESET, 0, owner_reset },
	{ PLX9054_INFO, sizeof(struct plx9054_info), owner_info },
	{ PLX9054_MAP, sizeof(struct plx9054_map), owner_map },
	{ PLX9054_COHERENT, sizeof(struct plx9054_coherent), owner_coherent },
	{ PLX9054_WINDOW, sizeof(struct plx9054_window), owner_window },
	{ PLX9054_FREE, sizeof(struct plx9054_handle), owner_free },
	{ PLX9054_CHANNEL, sizeof(struct plx9054_channel), owner_channel },
	{ PLX9054_SET_MASTER, sizeof(struct plx9054_value), owner_master },
	{ PLX9054_CLEAR_STATUS, sizeof(struct plx9054_value),
	  owner_clear_status },
	{ PLX9054_EVENTFD, sizeof(struct plx9054_eventfd), owner_eventfd },
	{ PLX9054_ENABLE, sizeof(struct plx9054_enable), owner_enable },
	{ PLX9054_EVENT, sizeof(struct plx9054_event), owner_event },
	{ PLX9054_ACCESS, sizeof(struct plx9054_access), owner_access },
};

static const struct operation *operation_find(unsigned int command)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].command == command)
			return &operations[i];
	return NULL;
}

/* There is no older ABI that knew shorter structures. */
static int argument_get(const struct operation *operation,
			union argument *argument, void __user *user)
{
	u32 size;

	if (!operation->size)
		return 0;
	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < operation->size)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(argument, operation->size, user, size);
}

static long owner_ioctl(struct file *file, unsigned int command,
			unsigned long address)
{
	const struct operation *operation = operation_find(command);
	void __user *user = (void __user *)address;
	struct card *card = file->private_data;
	union argument argument;
	int rc;

	if (!operation)
		return -ENOTTY;
	rc = argument_get(operation, &argument, user);
	if (rc)
		return rc;
	mutex_lock(&card->mutex);
	rc = card->gone ? -ENODEV : operation->run(card, &argument);
	mutex_unlock(&card->mutex);
	if ((!rc || rc == -ENOSPC) && operation->size &&
	    copy_to_user(user, &argument, operation->size))
		rc = -EFAULT;
	return rc;
}

static const struct file_operations owner_operations = {
	.owner = THIS_MODULE,
	.open = owner_open,
	.release = owner_release,
	.mmap = owner_mmap,
	.unlocked_ioctl = owner_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

int owner_register(struct card *card)
{
	snprintf(card->name, sizeof(card->name), "plx9054-%s",
		 pci_name(card->pdev));
	snprintf(card->node, sizeof(card->node), "plx9054/%s",
		 pci_name(card->pdev));
	card->misc = (struct miscdevice){
		.minor = MISC_DYNAMIC_MINOR,
		.name = card->name,
		.nodename = card->node,
		.mode = 0660,
		.parent = &card->pdev->dev,
		.fops = &owner_operations,
	};
	return misc_register(&card->misc);
}
