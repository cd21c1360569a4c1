/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A card that this driver is bound to, and what its files offer each other.
 *
 * Locks, outermost first: mutex (the owner's ioctls, its end, remove), then
 * face_lock (who has the card; all that the UIO face does), then lock (the
 * registers, which the interrupt handler shares).  views_lock is taken below
 * the address space's lock by faults, so nothing that may fault is done under
 * it.
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

/* A block of coherent memory; views look into it. */
struct block {
	struct list_head list;
	u32 handle;
	void *cpu;
	dma_addr_t bus;
	u64 size;
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
	bool gone;		/* set under all locks */

	struct mutex face_lock;
	enum face face;
	unsigned int uio_opens;
	bool uio_master;	/* the administrator's word */

	spinlock_t lock;
	u32 wanted;		/* enables of INTCSR, as the holder asked */
	u32 masked;		/* of them, what the handler took away */
	bool queue_masked;
	bool held[PLX9054_CHANNELS];
	bool stuck[PLX9054_CHANNELS];
	u32 status;		/* PCI Status 13:11 that was cleared */
	struct source sources[PLX9054_SOURCES];
	u64 interrupts;
	u64 strangers;

	struct list_head maps;
	struct list_head blocks;
	struct list_head kept_maps;	/* quarantine */
	struct list_head kept_blocks;
	u32 last_handle;
	u64 pinned;
	u64 coherent;
	u64 quarantined;

	struct rw_semaphore views_lock;
	struct list_head views;
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

static inline void card_get(struct card *card)
{
	kref_get(&card->kref);
}

void card_free(struct kref *kref);
static inline void card_put(struct card *card)
{
	kref_put(&card->kref, card_free);
}

static inline bool card_stuck(struct card *card)
{
	return card->stuck[0] || card->stuck[1];
}

/* irq.c */
void intcsr_change(struct card *card, u32 off, u32 on);
irqreturn_t card_interrupt(int irq, void *data);
u32 card_status_take(struct card *card);
void sources_begin(struct card *card);
void sources_resume(struct card *card);
void sources_end(struct card *card);
int source_eventfd(struct card *card, struct plx9054_eventfd *arg);
int source_enable(struct card *card, struct plx9054_enable *arg);
int source_event(struct card *card, struct plx9054_event *arg);

/* channel.c */
int channel_control(struct card *card, struct plx9054_channel *arg);
bool channels_done(struct card *card);
int card_quiesce(struct card *card);
int card_settle(struct card *card);
int card_recover(struct card *card);
int card_reset(struct card *card);
void local_save(struct card *card, u32 *saved);
void local_restore(struct card *card, const u32 *saved);

/* memory.c */
int memory_map(struct card *card, struct plx9054_map *arg);
int memory_unmap(struct card *card, struct plx9054_handle *arg);
int memory_coherent(struct card *card, struct plx9054_coherent *arg);
int memory_coherent_free(struct card *card, struct plx9054_handle *arg);
void memory_release(struct card *card, bool safe);
void quarantine_release(struct card *card);
struct block *block_find(struct card *card, u32 handle);
u32 handle_new(struct card *card);

/* view.c */
int views_of_bars(struct card *card);
void views_free(struct card *card);
int view_of_block(struct card *card, struct block *block, u64 *offset);
void views_revoke(struct card *card, const struct block *block);
void views_revoke_all(struct card *card);
void views_zap(struct card *card);
int view_mmap(struct card *card, struct vm_area_struct *vma, u64 offset);
int window_make(struct card *card, struct plx9054_window *arg);
int window_revoke(struct card *card, struct plx9054_handle *arg);

/* owner.c, uio.c */
int owner_register(struct card *card);
void owner_end(struct card *card);
int uio_register(struct card *card);
void uio_unregister(struct card *card);

#endif
