/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What uio_plx9054 offers the owner of a card: the ioctls of
 * /dev/plx9054/DDDD:BB:DD.F.
 *
 * One open file owns a card.  It alone turns bus mastering on, holds maps,
 * coherent memory, windows and eventfds; when it is closed, however that comes,
 * the card is quiesced before any page is released.  While it is open the UIO
 * face can't be opened, and the other way round.
 *
 * Every structure begins with its own size, which the caller sets: a shorter
 * one is an older program, a longer one is accepted as long as what this
 * kernel doesn't know is zero (-E2BIG).  Fields named reserved and flags that
 * aren't listed must be zero (-EINVAL).  Once the device is gone everything
 * answers -ENODEV.  The owner's mappings of BARs then show a page of ones that
 * is the open file's own, as a bus does that nobody answers on, and those of
 * coherent memory another: a program that loses its card is no program that has
 * to die of SIGBUS.  Windows raise SIGBUS.
 */
#ifndef UIO_PLX9054_H
#define UIO_PLX9054_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PLX9054_ABI 2

#define PLX9054_BARS	 6
#define PLX9054_CHANNELS 2

/*
 * mmap() offsets: a BAR is at PLX9054_MMAP_BAR(n), rounded down to a page (the
 * rest is in plx9054_bar.offset); coherent blocks say where they are.
 */
#define PLX9054_MMAP_SHIFT  40
#define PLX9054_MMAP_BAR(n) ((__u64)(n) << PLX9054_MMAP_SHIFT)

enum plx9054_source {
	PLX9054_DMA0,
	PLX9054_DMA1,
	PLX9054_DOORBELL,
	PLX9054_LINT,
	PLX9054_ABORT,
	PLX9054_SOURCES
};

#define PLX9054_BAR_MEMORY	1
#define PLX9054_BAR_IO		2
#define PLX9054_BAR_PREFETCH	4

struct plx9054_bar {
	__u64 size;	/* 0: not there */
	__u32 offset;	/* of its first byte in the first page of the map */
	__u32 flags;	/* PLX9054_BAR_ */
};

#define PLX9054_TRANSLATED	1	/* an IOMMU translates */
#define PLX9054_DAC		2	/* chip and path forward 64 bit addresses */
#define PLX9054_MASTER		4	/* bus mastering is on */
#define PLX9054_RESET_ALLOWED	8	/* by the module's parameter */
#define PLX9054_OUT_OF_SERVICE	16	/* a channel stands at Done = 0 */

/* Numbers since the card was bound; those of sources since it was opened. */
struct plx9054_info {
	__u32 size;
	__u32 abi;		/* PLX9054_ABI */
	__u32 hard_id;		/* PCIHIDR: device << 16 | vendor */
	__u32 flags;
	__s32 numa_node;
	__u32 reserved;
	__u64 interrupts;	/* handler calls that found something */
	__u64 strangers;	/* handler calls that found nothing of ours */
	__u64 pinned;		/* bytes of the caller's that are mapped */
	__u64 coherent;		/* bytes of coherent memory */
	__u64 quarantined;	/* bytes kept since a channel never got done */
	struct plx9054_bar bars[PLX9054_BARS];
};

/*
 * Pins [address, address + length) of the caller, of which both are multiples
 * of granule, and maps it for the card.  granule is the page size that the
 * memory is known to have: every granule must be contiguous, and be reached
 * where it is, not through a bounce buffer.  runs[] receives at most run_count
 * stretches in the memory's order (as many as granules always suffice);
 * run_count receives how many there are, also with -ENOSPC.
 *
 * -EACCES: bounced (swiotlb); -ENOMEM: RLIMIT_MEMLOCK, or no memory;
 * -ERANGE: a granule isn't contiguous; -EFAULT: not all there, or not
 * writable; -EINVAL: numbers.
 */
struct plx9054_run {
	__u64 bus;
	__u64 length;
};

struct plx9054_map {
	__u32 size;
	__u32 handle;		/* out, never 0 */
	__u64 address;
	__u64 length;
	__u64 granule;
	__u64 runs;		/* struct plx9054_run *, run_count of them */
	__u32 run_count;
	__u32 reserved;
};

/*
 * PLX9054_FREE gives back a map, a coherent block with the windows on it, or
 * revokes a window.  -ENOENT: no such handle; -EBUSY: no window, while the card
 * is out of service and a channel isn't Done.  What a channel that runs is
 * using only its owner knows: he may have other maps, and gives up this one.
 */
struct plx9054_handle {
	__u32 size;
	__u32 handle;
};

/* Zeroed memory below 4 GiB on the bus.  -ENOMEM; -EDQUOT: the module's
 * coherent_limit. */
struct plx9054_coherent {
	__u32 size;
	__u32 handle;		/* out */
	__u64 length;		/* a multiple of the page size */
	__u64 bus;		/* out */
	__u64 offset;		/* out: for mmap() */
};

/*
 * A descriptor that maps one local space or one coherent block and nothing
 * else, to be handed to another process.  After PLX9054_FREE, and when the
 * owner is gone, its mappings raise SIGBUS.  -EPERM: BAR0 and BAR1, and a BAR
 * that shares a page with anything.
 */
#define PLX9054_WINDOW_BAR	0
#define PLX9054_WINDOW_COHERENT 1

struct plx9054_window {
	__u32 size;
	__u32 kind;		/* PLX9054_WINDOW_ */
	__u32 what;		/* number of the BAR, handle of the block */
	__u32 handle;		/* out: for PLX9054_FREE */
	__s32 fd;		/* out: close-on-exec */
	__u32 reserved;
};

/*
 * DMACSR, apart from 01h and 03h, which the owner writes himself.  PAUSE keeps
 * the channel held until RESUME or ABORT.  ABORT never aborts an idle channel,
 * and waits for Done: -ETIMEDOUT after 100 ms, with the channel's Enable and
 * interrupt off.
 */
#define PLX9054_PAUSE	0	/* Enable off */
#define PLX9054_RESUME	1	/* Enable on, without Start */
#define PLX9054_ABORT_CHANNEL 2
#define PLX9054_CLEAR	3	/* clear the interrupt, Enable off */

struct plx9054_channel {
	__u32 size;
	__u32 channel;
	__u32 operation;
	__u32 reserved;
};

/* PLX9054_SET_MASTER: value 0 or 1, -EBUSY while the card is out of service;
 * PLX9054_CLEAR_STATUS: value receives PCI Status 13:11, set since the last
 * call, whoever cleared it. */
struct plx9054_value {
	__u32 size;
	__u32 value;
};

/* fd < 0: none.  It is signalled after the source was cleared or masked. */
struct plx9054_eventfd {
	__u32 size;
	__u32 source;
	__s32 fd;
	__u32 reserved;
};

/* From the open on the sources DMA0, DMA1 and ABORT are enabled. */
struct plx9054_enable {
	__u32 size;
	__u32 source;
	__u32 on;
	__u32 reserved;
};

/* What happened at a source; the bits (doorbells, or PCI Status 13:11) are
 * taken. */
struct plx9054_event {
	__u32 size;
	__u32 source;
	__u32 bits;
	__u32 reserved;
	__u64 count;
	__u64 time_ns;		/* CLOCK_MONOTONIC of the last */
};

/*
 * Configuration space, or the I/O BAR, which shows the registers where memory
 * decoding is off.  Of configuration space may be written: cache line size and
 * latency timer, and what VPD needs; else -EPERM.
 */
#define PLX9054_SPACE_CONFIG	0
#define PLX9054_SPACE_IO	1

struct plx9054_access {
	__u32 size;
	__u32 space;
	__u32 offset;
	__u32 width;		/* 8, 16 or 32 bits, naturally aligned */
	__u32 write;		/* 0 or 1 */
	__u32 value;		/* in or out */
};

/* The size is in the structure, so that a number stays when one grows. */

/* Takes no argument: what a close does, short of giving up the maps. */
#define PLX9054_QUIESCE		_IO(0xb9, 0x80)
/* Software reset of chip and board, configuration restored; -EPERM unless the
 * module's reset=1; takes no argument. */
#define PLX9054_RESET		_IO(0xb9, 0x81)
#define PLX9054_INFO		_IO(0xb9, 0x82) /* struct plx9054_info */
#define PLX9054_MAP		_IO(0xb9, 0x83) /* struct plx9054_map */
#define PLX9054_COHERENT	_IO(0xb9, 0x84) /* struct plx9054_coherent */
#define PLX9054_WINDOW		_IO(0xb9, 0x85) /* struct plx9054_window */
#define PLX9054_FREE		_IO(0xb9, 0x86) /* struct plx9054_handle */
#define PLX9054_CHANNEL		_IO(0xb9, 0x87) /* struct plx9054_channel */
#define PLX9054_SET_MASTER	_IO(0xb9, 0x88) /* struct plx9054_value */
#define PLX9054_CLEAR_STATUS	_IO(0xb9, 0x89) /* struct plx9054_value */
#define PLX9054_EVENTFD		_IO(0xb9, 0x8a) /* struct plx9054_eventfd */
#define PLX9054_ENABLE		_IO(0xb9, 0x8b) /* struct plx9054_enable */
#define PLX9054_EVENT		_IO(0xb9, 0x8c) /* struct plx9054_event */
#define PLX9054_ACCESS		_IO(0xb9, 0x8d) /* struct plx9054_access */

#endif
