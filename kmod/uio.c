// SPDX-License-Identifier: GPL-2.0-only
/*
 * The UIO face, for programs that know only UIO: map N is BAR N, a read waits
 * for an interrupt, a write of 1 or 0 to the device opens or shuts INTCSR[8].
 *
 * Bus mastering stays off, as nothing pins what such a program would let the
 * card write to, unless an administrator takes that upon himself.  The uio
 * driver's own mappings outlast it, so they are zapped when the card goes.
 */
#include <linux/fs.h>

#include "card.h"

static const char *const names[] = { "BAR0", "BAR1", "BAR2", "BAR3", "BAR4" };

/* A master that was allowed where nobody pins. */
static void uio_begin(struct card *card)
{
	int rc = card_settle(card);

	spin_lock_irq(&card->lock);
	card->wanted = card->masked = 0;
	if (card->uio_master && !card->gone && !rc)
		pci_set_master(card->pdev);
	spin_unlock_irq(&card->lock);
}

/* The uio core calls for no two files at once. */
static int uio_open(struct uio_info *info, struct inode *inode)
{
	struct card *card = info->priv;
	int rc;

	if (!card->uio_opens) {
		rc = face_claim(card, FACE_UIO);
		if (rc)
			return rc;
		ihold(inode);
		card->uio_inode = inode;
		uio_begin(card);
	} else if (card->uio_inode != inode) {
		return -EBUSY;
	}
	card->uio_opens++;
	return 0;
}

static int uio_release(struct uio_info *info, struct inode *inode)
{
	struct card *card = info->priv;

	if (!--card->uio_opens) {
		card_quiesce(card);
		iput(card->uio_inode);
		card->uio_inode = NULL;
		atomic_set(&card->face, FACE_NONE);
	}
	return 0;
}

static int uio_irqcontrol(struct uio_info *info, s32 on)
{
	struct card *card = info->priv;

	spin_lock_irq(&card->lock);
	if (!on) {
		intcsr_change(card, INTCSR_PCI, 0);
	} else if (!card->gone) {
		intcsr_change(card, 0, card->masked | INTCSR_PCI);
		card->masked = 0;
	}
	spin_unlock_irq(&card->lock);
	return 0;
}

/*
 * A BAR may begin and end inside of a page.  One that is I/O, or not there, has
 * a map that can't be mapped: without it the next would have its number.
 */
static void uio_maps(struct card *card)
{
	struct uio_port *port = card->uio.port;
	int last = -1;

	for (int i = 0; i < MAX_UIO_MAPS; i++)
		if (pci_resource_len(card->pdev, i))
			last = i;
	for (int i = 0; i <= last; i++) {
		struct uio_mem *mem = &card->uio.mem[i];
		resource_size_t start = pci_resource_start(card->pdev, i);
		resource_size_t size = pci_resource_len(card->pdev, i);

		mem->name = names[i];
		mem->size = PAGE_SIZE;
		mem->memtype = UIO_MEM_NONE;
		if (size && pci_resource_flags(card->pdev, i) & IORESOURCE_IO) {
			port->name = names[i];
			port->start = start;
			port->size = size;
			port->porttype = UIO_PORT_X86;
			port++;
		} else if (size) {
			mem->memtype = UIO_MEM_PHYS;
			mem->addr = start & PAGE_MASK;
			mem->offs = offset_in_page(start);
			mem->size = PAGE_ALIGN(mem->offs + size);
		}
	}
}

int uio_register(struct card *card)
{
	card->uio.name = "uio_plx9054";
	card->uio.version = "1";
	card->uio.irq = card->pdev->irq ? UIO_IRQ_CUSTOM : UIO_IRQ_NONE;
	card->uio.irqcontrol = uio_irqcontrol;
	card->uio.open = uio_open;
	card->uio.release = uio_release;
	card->uio.priv = card;
	uio_maps(card);
	return uio_register_device(&card->pdev->dev, &card->uio);
}

/*
 * Files that are still open see the end of it, but aren't released to us any
 * more: so the inode is looked at only behind it.
 */
void uio_unregister(struct card *card)
{
	uio_unregister_device(&card->uio);
	if (!card->uio_inode)
		return;
	unmap_mapping_range(card->uio_inode->i_mapping, 0, 0, 1);
	iput(card->uio_inode);
}
