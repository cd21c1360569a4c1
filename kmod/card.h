/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A card that this driver is bound to, and what its files offer each other.
 *
 * Locks, outermost first: mutex (the owner's ioctls, its end, remove), then
 * views_lock (what may be mapped), which is taken below the address space's
 * lock by faults, so nothing that may fault is done under it, then lock (the
 * registers, which the interrupt handler shares).  The UIO face has the uio
 * core's own lock, and a face excludes the other.
 */
#ifndef CARD_H
#define CARD_H

#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/uio_driver.h>

#include "compat.h"
#include "uio_plx9054.h"

/* chip ref. 2.2 */
#define L2PDBELL	0x64
#define INTCSR		0x68
#define CNTRL		0x6c
#define PCIHIDR		0x70
#define DMAMODE(n)	(0x80 + 0x14 * (n))
#define DMACSR(n)	(0xa8 + (n))
#define OPQIS		0x30
#define OPQIM		0x34
#define QSR		0xe8

#define INTCSR_PCI	BIT(8)
#define INTCSR_ENABLES	(BIT(9) | BIT(10) | BIT(11) | BIT(18) | BIT(19))
#define MODE_ROUTE_PCI	BIT(17)
#define CSR_ENABLE	0x01
#define CSR_ABORT	0x04
#define CSR_CLEAR	0x08
#define CSR_DONE	0x10
#define OPQ_BIT		BIT(3)
#define CNTRL_W1C	(BIT(20) | BIT(21))
#define CNTRL_EEPROM	BIT(28)
#define CNTRL_RELOAD	BIT(29)
#define CNTRL_RESET	BIT(30)
#define STATUS_ABORTS	(PCI_STATUS_SIG_TARGET_ABORT |			\
			 PCI_STATUS_REC_TARGET_ABORT |			\
			 PCI_STATUS_REC_MASTER_ABORT)

#define LOCAL_REGISTERS 24
#define ID_9080		0x908010b5

enum face { FACE_NONE, FACE_OWNER, FACE_UIO };

struct source {
	struct eventfd_ctx *eventfd;
	u32 bits;
	u64 count;
	u64 time_ns;
};

/* What there is to hold; holding.c. */
enum kind { BAR, MAP, BLOCK, WINDOW };

struct holding {
	struct list_head list;
	enum kind kind;
	u32 handle;
	u64 size;
	u64 offset;		/* for mmap() */
	phys_addr_t bar;
	void *cpu;		/* of a block */
	dma_addr_t bus;
	struct holding *shows;	/* a window: a BAR or block */
	struct mm_struct *mm;	/* who pays for a map; may have died */
	struct page **pages;
	unsigned long count;
	bool pinned;
	struct sg_table table;
};

struct card {
	struct kref kref;
	struct pci_dev *pdev;
	void __iomem *regs;	/* BAR0, or BAR1 where that is not decoded */
	void __iomem *ports;	/* BAR1 */
	u32 hard_id;
	bool dac;
	bool translated;

	struct mutex mutex;
	bool gone;		/* set under all three locks */
	bool owned;

	atomic_t face;
	unsigned int uio_opens;
	bool uio_master;	/* the administrator's word */

	spinlock_t lock;
	u32 wanted;		/* enables of INTCSR, as the holder asked */
	u32 masked;		/* of them, what the handler took away */
	bool held[PLX9054_CHANNELS];
	bool stuck[PLX9054_CHANNELS];
	u32 status;		/* PCI Status 13:11 that was cleared */
	struct source sources[PLX9054_SOURCES];
	u64 interrupts;
	u64 strangers;

	struct rw_semaphore views_lock;
	struct list_head holdings;
	struct list_head kept;	/* quarantine */
	u32 last_handle;
	u64 next_offset;
	struct inode *inode;	/* of the owner's file */
	struct page *ones;	/* two, what a card that is gone reads */
	struct inode *uio_inode;
	u32 saved[LOCAL_REGISTERS];	/* while suspended */

	char name[32];
	char node[48];
	struct miscdevice misc;
	struct uio_info uio;
};

static inline u32 reg_read(struct card *card, unsigned int offset)
{
	return ioread32(card->regs + offset);
}

static inline void reg_write(struct card *card, unsigned int offset, u32 value)
{
	iowrite32(value, card->regs + offset);
}

static inline u8 csr_read(struct card *card, unsigned int channel)
{
	return ioread8(card->regs + DMACSR(channel));
}

static inline void csr_write(struct card *card, unsigned int channel, u8 value)
{
	iowrite8(value, card->regs + DMACSR(channel));
}

/* driver.c */
void card_free(struct kref *kref);

static inline bool card_stuck(struct card *card)
{
	return card->stuck[0] || card->stuck[1];
}

/* irq.c */
void intcsr_change(struct card *card, u32 off, u32 on);
irqreturn_t card_interrupt(int irq, void *data);
void sources_begin(struct card *card);
void sources_resume(struct card *card);
void sources_end(struct card *card);
int owner_eventfd(struct card *card, void *data);
int owner_enable(struct card *card, void *data);
int owner_event(struct card *card, void *data);
int owner_clear_status(struct card *card, void *data);

/* channel.c */
int owner_channel(struct card *card, void *data);
bool channels_done(struct card *card);
int card_quiesce(struct card *card);
int card_settle(struct card *card);
int card_recover(struct card *card);
int card_reset(struct card *card);
void local_save(struct card *card, u32 *saved);
void local_restore(struct card *card, const u32 *saved);

/* holding.c */
struct holding *holding_new(struct card *card, enum kind kind, u64 size);
u32 holding_add(struct card *card, struct holding *holding);
void holding_free(struct card *card, struct holding *holding);
struct holding *holding_find(struct card *card, u32 handle);
u64 holdings_size(const struct list_head *holdings, enum kind kind);
int holdings_begin(struct card *card);
void holdings_release(struct card *card, bool safe);
void holdings_end(struct card *card);
u64 card_quarantined(struct card *card);
void quarantine_release(struct card *card);
int owner_coherent(struct card *card, void *data);
int owner_free(struct card *card, void *data);

/* memory.c */
int owner_map(struct card *card, void *data);
void map_free(struct card *card, struct holding *map);

/* view.c */
int view_mmap(struct card *card, struct vm_area_struct *vma, u64 offset);
void views_zap(struct card *card);
int owner_window(struct card *card, void *data);

/* owner.c, uio.c */
int owner_register(struct card *card);
void owner_end(struct card *card);
int face_claim(struct card *card, enum face face);
int uio_register(struct card *card);
void uio_unregister(struct card *card);

#endif
