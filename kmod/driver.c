// SPDX-License-Identifier: GPL-2.0-only
/*
 * uio_plx9054: what a program needs of the kernel to drive a card with a
 * bridge of PLX's PCI 9054 family, and no more: registers, interrupts, memory
 * that stays where it is as long as the card may write to it.
 *
 * There is no ID table: 10b5:9054 is on many boards that have drivers of their
 * own.  A card is bound by driver_override, and taken only if the ID that its
 * chip has hard-wired says what it is (chip ref. 1.1).
 */
#include <linux/dma-mapping.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "card.h"

static bool force;
module_param(force, bool, 0644);
MODULE_PARM_DESC(force, "take chips whose hard-wired ID is unknown");
static bool dac = true;
module_param(dac, bool, 0644);
MODULE_PARM_DESC(dac, "bridges forward dual-address cycles");

#define REGISTERS_SIZE 0x100

static bool chip_known(u32 id)
{
	return id == ID_9080 || id == 0x905410b5 || id == 0x905610b5 ||
	       id == 0x965610b5;
}

void card_free(struct kref *kref)
{
	struct card *card = container_of(kref, struct card, kref);

	holdings_end(card);
	pci_dev_put(card->pdev);
	kfree(card);
}

static void card_unbind(void *data)
{
	struct card *card = data;

	kref_put(&card->kref, card_free);
}

/* It goes when the driver, the owner and the last mapping have let it go. */
static struct card *card_new(struct pci_dev *pdev)
{
	struct card *card = kzalloc(sizeof(*card), GFP_KERNEL);

	if (!card)
		return NULL;
	kref_init(&card->kref);
	card->pdev = pci_dev_get(pdev);
	mutex_init(&card->mutex);
	spin_lock_init(&card->lock);
	init_rwsem(&card->views_lock);
	INIT_LIST_HEAD(&card->holdings);
	INIT_LIST_HEAD(&card->kept);
	if (devm_add_action_or_reset(&pdev->dev, card_unbind, card))
		return NULL;
	return card;
}

/*
 * Whoever comes now finds nothing behind his file, and registers of ones before
 * its channels are stopped: he mustn't take that for the end of a transfer.
 */
static void card_gone(struct card *card)
{
	down_write(&card->views_lock);
	spin_lock_irq(&card->lock);
	card->gone = true;
	spin_unlock_irq(&card->lock);
	up_write(&card->views_lock);
	views_zap(card);
}

/* BAR0, or the I/O BAR where memory isn't decoded. */
static int registers_map(struct card *card)
{
	struct pci_dev *pdev = card->pdev;

	if (pci_resource_flags(pdev, 1) & IORESOURCE_IO &&
	    pci_resource_len(pdev, 1) >= REGISTERS_SIZE)
		card->ports = pcim_iomap(pdev, 1, 0);
	card->regs = card->ports;
	if (pci_resource_flags(pdev, 0) & IORESOURCE_MEM &&
	    pci_resource_len(pdev, 0) >= REGISTERS_SIZE)
		card->regs = pcim_iomap(pdev, 0, 0);
	return card->regs ? 0 : -ENODEV;
}

static int card_identify(struct card *card)
{
	card->hard_id = reg_read(card, PCIHIDR);
	if (chip_known(card->hard_id) || force)
		return 0;
	dev_err(&card->pdev->dev,
		"hard-wired ID %08x is no PCI 9080, 9054, 9056 or 9656; force=1 takes it\n",
		card->hard_id);
	return -ENODEV;
}

static int card_masks(struct card *card)
{
	struct device *dev = &card->pdev->dev;
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	card->translated = domain && domain->type != IOMMU_DOMAIN_IDENTITY;
	card->dac = dac && card->hard_id != ID_9080;
	dma_set_max_seg_size(dev, UINT_MAX);
	if (card->dac && !card->translated &&
	    !dma_set_mask(dev, DMA_BIT_MASK(64)))
		return dma_set_coherent_mask(dev, DMA_BIT_MASK(32));
	return dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));
}

static int card_start(struct card *card)
{
	struct pci_dev *pdev = card->pdev;
	int rc = registers_map(card);

	if (!rc)
		rc = card_identify(card);
	if (!rc)
		rc = card_masks(card);
	if (!rc)
		rc = holdings_begin(card);
	if (rc)
		return rc;
	if (card_settle(card))
		dev_err(&pdev->dev, "a channel doesn't end: out of service\n");
	if (pdev->irq)
		rc = devm_request_irq(&pdev->dev, pdev->irq, card_interrupt,
				      IRQF_SHARED, "uio_plx9054", card);
	return rc;
}

/* An owner may still hold his file; from here on it has nothing behind it. */
static void card_hide(struct card *card)
{
	mutex_lock(&card->mutex);
	card_gone(card);
	if (card->owned)
		owner_end(card);
	mutex_unlock(&card->mutex);
	uio_unregister(card);
	card_quiesce(card);
	if (!card_stuck(card))
		quarantine_release(card);
	else if (card_quarantined(card))
		dev_err(&card->pdev->dev, "%llu bytes stay pinned for good\n",
			card_quarantined(card));
}

static int card_show(struct card *card)
{
	int rc = uio_register(card);

	if (rc)
		return rc;
	rc = owner_register(card);
	if (rc)
		card_hide(card);
	return rc;
}

static int card_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct card *card = card_new(pdev);
	int rc;

	if (!card)
		return -ENOMEM;
	pci_set_drvdata(pdev, card);
	rc = pcim_enable_device(pdev);
	if (!rc)
		rc = pci_request_regions(pdev, "uio_plx9054");
	if (rc)
		return rc;
	rc = card_start(card);
	if (!rc)
		rc = card_show(card);
	if (rc)
		pci_release_regions(pdev);
	return rc;
}

/* Not under the mutex, which who opens the node meanwhile wants. */
static void card_remove(struct pci_dev *pdev)
{
	struct card *card = pci_get_drvdata(pdev);

	misc_deregister(&card->misc);
	card_hide(card);
	pci_release_regions(pdev);
}

/* For good: nobody turns bus mastering on any more. */
static void card_shutdown(struct pci_dev *pdev)
{
	struct card *card = pci_get_drvdata(pdev);

	mutex_lock(&card->mutex);
	card_gone(card);
	card_quiesce(card);
	mutex_unlock(&card->mutex);
}

/*
 * A transfer that is cut off would look like one that has ended, so there is no
 * sleep while one runs.  Programs are frozen by now, so that none starts behind
 * this.  It isn't left to card_suspend(): where one device's fails beside those
 * of others, Linux 6.12 may wait for ever.
 */
static int card_prepare(struct device *dev)
{
	return channels_done(dev_get_drvdata(dev)) ? 0 : -EBUSY;
}

/*
 * The local registers come back as they were, interrupts too, and bus mastering
 * when the owner asks for it again.
 */
static int card_suspend(struct device *dev)
{
	struct card *card = dev_get_drvdata(dev);

	card_quiesce(card);
	local_save(card, card->saved);
	return 0;
}

static int card_resume(struct device *dev)
{
	struct card *card = dev_get_drvdata(dev);

	local_restore(card, card->saved);
	sources_resume(card);
	return 0;
}

static const struct dev_pm_ops card_pm = {
	.prepare = card_prepare,
	SYSTEM_SLEEP_PM_OPS(card_suspend, card_resume)
};

static ssize_t uio_bus_master_show(struct device *dev,
				   struct device_attribute *attr, char *text)
{
	struct card *card = dev_get_drvdata(dev);

	return sysfs_emit(text, "%d\n", card->uio_master);
}

static ssize_t uio_bus_master_store(struct device *dev,
				    struct device_attribute *attr,
				    const char *text, size_t length)
{
	struct card *card = dev_get_drvdata(dev);
	int rc = kstrtobool(text, &card->uio_master);

	return rc ? rc : length;
}
static DEVICE_ATTR_RW(uio_bus_master);

static struct attribute *card_attrs[] = {
	&dev_attr_uio_bus_master.attr,
	NULL
};
ATTRIBUTE_GROUPS(card);

static const struct pci_device_id none[] = { { } };

static struct pci_driver card_driver = {
	.name = "uio_plx9054",
	.id_table = none,
	.probe = card_probe,
	.remove = card_remove,
	.shutdown = card_shutdown,
	.driver.pm = pm_sleep_ptr(&card_pm),
	.dev_groups = card_groups,
};
module_pci_driver(card_driver);

MODULE_DESCRIPTION("PLX PCI 9054 family for user space");
MODULE_LICENSE("GPL");
