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
	views_revoke_all(card);
	sources_end(card);
	memory_release(card, !rc);
	iput(card->inode);
	card->inode = NULL;
}

static int face_claim(struct card *card)
{
	int rc = -EBUSY;

	mutex_lock(&card->face_lock);
	if (card->face == FACE_NONE) {
		card->face = FACE_OWNER;
		rc = 0;
	}
	mutex_unlock(&card->face_lock);
	return rc;
}

static void face_leave(struct card *card)
{
	mutex_lock(&card->face_lock);
	card->face = FACE_NONE;
	mutex_unlock(&card->face_lock);
}

static int owner_begin(struct card *card, struct inode *inode)
{
	if (card->gone)
		return -ENODEV;
	card->ones = alloc_pages(GFP_KERNEL_ACCOUNT, 1);
	if (!card->ones)
		return -ENOMEM;
	memset(page_address(card->ones), 0xff, 2 * PAGE_SIZE);
	card_get(card);
	ihold(inode);
	card->inode = inode;
	card_settle(card);
	sources_begin(card);
	return 0;
}

static int owner_open(struct inode *inode, struct file *file)
{
	struct card *card = container_of(file->private_data, struct card, misc);
	int rc = face_claim(card);

	if (rc)
		return rc;
	mutex_lock(&card->mutex);
	rc = owner_begin(card, inode);
	mutex_unlock(&card->mutex);
	if (rc)
		face_leave(card);
	file->private_data = card;
	return rc;
}

/* No mapping is left that shows the pages of ones: each holds the file. */
static int owner_release(struct inode *inode, struct file *file)
{
	struct card *card = file->private_data;

	mutex_lock(&card->mutex);
	if (!card->gone)
		owner_end(card);
	__free_pages(card->ones, 1);
	card->ones = NULL;
	mutex_unlock(&card->mutex);
	face_leave(card);
	card_put(card);
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
	arg->pinned = card->pinned;
	arg->coherent = card->coherent;
	arg->quarantined = card->quarantined;
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

static int owner_clear_status(struct card *card, void *data)
{
	struct plx9054_value *arg = data;

	arg->value = card_status_take(card);
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
	return rc;
}

/* Cache line size, latency timer, VPD's address and data (chip ref. 1.3). */
static bool config_writable(struct card *card, u32 offset, u32 width)
{
	int vpd = pci_find_capability(card->pdev, PCI_CAP_ID_VPD);

	if (offset == PCI_CACHE_LINE_SIZE)
		return width == 8 || width == 16;
	if (offset == PCI_LATENCY_TIMER)
		return width == 8;
	return vpd && ((offset == vpd + PCI_VPD_ADDR && width == 16) ||
		       (offset == vpd + PCI_VPD_DATA && width == 32));
}

static int config_access(struct card *card, struct plx9054_access *arg)
{
	u8 byte = arg->value;
	u16 word = arg->value;
	int rc;

	if (arg->write && !config_writable(card, arg->offset, arg->width))
		return -EPERM;
	if (arg->width == 8) {
		rc = arg->write ?
			pci_write_config_byte(card->pdev, arg->offset, byte) :
			pci_read_config_byte(card->pdev, arg->offset, &byte);
		arg->value = byte;
	} else if (arg->width == 16) {
		rc = arg->write ?
			pci_write_config_word(card->pdev, arg->offset, word) :
			pci_read_config_word(card->pdev, arg->offset, &word);
		arg->value = word;
	} else {
		rc = arg->write ?
			pci_write_config_dword(card->pdev, arg->offset,
					       arg->value) :
			pci_read_config_dword(card->pdev, arg->offset,
					      &arg->value);
	}
	return pcibios_err_to_errno(rc);
}

static int port_access(struct card *card, struct plx9054_access *arg)
{
	void __iomem *at = card->ports + arg->offset;

	if (!card->ports)
		return -ENXIO;
	if (arg->write && arg->width == 8)
		iowrite8(arg->value, at);
	else if (arg->write && arg->width == 16)
		iowrite16(arg->value, at);
	else if (arg->write)
		iowrite32(arg->value, at);
	else if (arg->width == 8)
		arg->value = ioread8(at);
	else if (arg->width == 16)
		arg->value = ioread16(at);
	else
		arg->value = ioread32(at);
	return 0;
}

static int owner_access(struct card *card, void *data)
{
	struct plx9054_access *arg = data;
	u64 size = arg->space == PLX9054_SPACE_IO && card->ports ?
		   pci_resource_len(card->pdev, 1) : PCI_CFG_SPACE_SIZE;

	if (arg->space > PLX9054_SPACE_IO || arg->write > 1 ||
	    (arg->width != 8 && arg->width != 16 && arg->width != 32) ||
	    arg->offset >= size || arg->offset % (arg->width / 8))
		return -EINVAL;
	return arg->space == PLX9054_SPACE_IO ? port_access(card, arg) :
						config_access(card, arg);
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

#define OPERATION(name, function, member)				\
	static int name(struct card *card, void *data)			\
	{								\
		return function(card, data);				\
	}								\
	static_assert(sizeof(((union argument *)0)->member) >= 8)

OPERATION(owner_map, memory_map, map);
OPERATION(owner_unmap, memory_unmap, handle);
OPERATION(owner_coherent, memory_coherent, coherent);
OPERATION(owner_coherent_free, memory_coherent_free, handle);
OPERATION(owner_window, window_make, window);
OPERATION(owner_revoke, window_revoke, handle);
OPERATION(owner_channel, channel_control, channel);
OPERATION(owner_eventfd, source_eventfd, eventfd);
OPERATION(owner_enable, source_enable, enable);
OPERATION(owner_event, source_event, event);

#define ENTRY(command, name, member)					\
	[_IOC_NR(PLX9054_##command) - 0x80] = {				\
		PLX9054_##command, sizeof(((union argument *)0)->member), name }

static const struct operation {
	unsigned int command;
	size_t size;
	int (*run)(struct card *card, void *data);
} operations[] = {
	[_IOC_NR(PLX9054_QUIESCE) - 0x80] = { PLX9054_QUIESCE, 0,
					      owner_quiesce },
	[_IOC_NR(PLX9054_RESET) - 0x80] = { PLX9054_RESET, 0, owner_reset },
	ENTRY(INFO, owner_info, info),
	ENTRY(MAP, owner_map, map),
	ENTRY(UNMAP, owner_unmap, handle),
	ENTRY(COHERENT, owner_coherent, coherent),
	ENTRY(COHERENT_FREE, owner_coherent_free, handle),
	ENTRY(WINDOW, owner_window, window),
	ENTRY(REVOKE, owner_revoke, handle),
	ENTRY(CHANNEL, owner_channel, channel),
	ENTRY(SET_MASTER, owner_master, value),
	ENTRY(CLEAR_STATUS, owner_clear_status, value),
	ENTRY(EVENTFD, owner_eventfd, eventfd),
	ENTRY(ENABLE, owner_enable, enable),
	ENTRY(EVENT, owner_event, event),
	ENTRY(ACCESS, owner_access, access),
};

static const struct operation *operation_find(unsigned int command)
{
	unsigned int i = _IOC_NR(command) - 0x80;

	if (i >= ARRAY_SIZE(operations) || operations[i].command != command)
		return NULL;
	return &operations[i];
}

/* ABI 1 knows no shorter structures than its own. */
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
