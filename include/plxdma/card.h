/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card, and what is known of it.
 *
 * A card is opened by a spec string; everything after that is the same code
 * for every transport:
 *
 *   model:[OPTION=VALUE,...]   the software card inside this process
 *   uio:ADDRESS[,OPTION=...]   a card that the kernel module uio_plx9054 has,
 *                              by its place: uio:0000:05:0d.0
 *   daemon:NAME[,OPTION=...]   a card that plxdmad holds under that name
 *   auto[:OPTION=...]          the daemon's card if it holds just one, else
 *                              the only one that the kernel module has; never
 *                              the software card
 *   NAME                       what the names file makes of it: lines
 *                              "NAME = SPEC" in /etc/plxdma/names, or in the
 *                              file that PLXDMA_NAMES names; a name has
 *                              letters, digits, dots, hyphens, underscores
 *
 * The daemon's NAME may also be a PCI path (0000:05:0d.0) or #INDEX, counted
 * from 0 in the order of plxdma_list().
 *
 * Options that every transport takes: arena=SIZE (64M), pages=2M|1G|small,
 * node=N, unpinned, reset=allowed.  plxdma(1) lists those of the software card.
 *
 * A card of the kernel module's that is unplugged or unbound reads all ones,
 * and what runs on it ends as PLXDMA_GONE.
 *
 * The daemon may die or be restarted under its clients.  Transfers under way
 * then end as PLXDMA_GONE, and every call that needs the daemon returns
 * -ENODEV; the card's memory stays readable and writable until plxdma_close(),
 * though nothing moves it any more.  plxdma_reopen() waits for the next daemon.
 * Claims, channels, transfers and memory are the dead daemon's: they are to be
 * made anew on the new card.
 *
 * Threads: a card may be used by many threads at once, except that
 * plxdma_close() must be the last call on it.  A channel and its transfers
 * belong to one thread at a time.  Forking with an open card is not
 * supported: the child must not call the library on it, nor keep it open
 * (every descriptor is close-on-exec).
 */
#ifndef PLXDMA_CARD_H
#define PLXDMA_CARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plxdma_card;

#define PLXDMA_CHANNELS 2
#define PLXDMA_BARS 6
/* Bytes of a card's name, with the zero byte at its end. */
#define PLXDMA_NAME 64

/**
 * struct plxdma_bar_info - one base address register
 * @size:	bytes that the register decodes, 0 if it is not there
 * @local:	local address that offset 0 of the BAR reaches, where it is a
 *		local space
 * @io:		1 for an I/O space, 0 for memory
 * @space:	local space behind it (0 or 1), -1 for the chip's registers or
 *		nothing
 */
struct plxdma_bar_info {
	uint64_t size;
	uint32_t local;
	uint8_t io;
	int8_t space;
	uint8_t reserved[2];
};

/**
 * enum plxdma_pin - what keeps the arena's frames where they are
 * @PLXDMA_PIN_NONE:	nothing: hardware refuses it unless told `unpinned`
 * @PLXDMA_PIN_MIGRATION: registered with io_uring: frames don't move, but are
 *			  free soon after their owner's death
 * @PLXDMA_PIN_OWNER:	held by whoever quiesces the card, as the kernel module
 *			does
 */
enum plxdma_pin {
	PLXDMA_PIN_NONE = 0,
	PLXDMA_PIN_MIGRATION = 1,
	PLXDMA_PIN_OWNER = 2,
};

/**
 * struct plxdma_card_info - what is known of a card
 * @size:	sizeof(struct plxdma_card_info), set by the caller before the
 *		call; nothing beyond it is written
 * @chip:	hard-wired identity, e.g. 0x905410b5 (chip ref. 1.1)
 * @revision:	hard-wired revision, e.g. 0x0a or 0x0c
 * @chip_name:	"PCI 9054", "PCI 9080", ...
 * @transport:	"model", "uio", "daemon", ...
 * @name:	the spec or the name that the card was opened by
 * @vendor_device: configuration dword 0: device id in the upper half
 * @subsystem:	configuration dword 2Ch
 * @numa_node:	node of the card, -1 if it has none
 * @pin:	pin in force, enum plxdma_pin
 * @iommu:	1 if bus addresses are translated, 0 if they are physical
 * @dac:	1 if the card reaches memory above 4 GiB
 * @in_service:	0 once a channel could not be stopped
 * @bars:	the base address registers
 * @arena_size:	bytes of the arena, 0 before the first allocation
 * @arena_page:	its page size in bytes
 * @arena_node:	node that its pages were found on, -1 if unknown
 * @arena_runs:	how many stretches are contiguous on the bus
 * @arena_longest: bytes of the longest of them
 * @frames_known: 1 if physical frames could be read
 * @frames_moved: pages in quarantine since their frame changed
 * @descriptors: where descriptors live, and why, as a sentence
 * @memory_kept: bytes of ended programs' arenas that are kept pinned, because a
 *		channel that may still write to them can't be stopped
 * @pci:	where it sits, "0000:05:0d.0"; "" if nowhere (a software card is
 *		told by slot=)
 */
struct plxdma_card_info {
	uint32_t size;
	uint32_t chip;
	uint32_t revision;
	char chip_name[20];
	char transport[16];
	char name[PLXDMA_NAME];
	uint32_t vendor_device;
	uint32_t subsystem;
	int32_t numa_node;
	uint32_t pin;
	uint32_t iommu;
	uint32_t dac;
	uint32_t in_service;
	struct plxdma_bar_info bars[PLXDMA_BARS];
	uint64_t arena_size;
	uint64_t arena_page;
	int32_t arena_node;
	uint32_t arena_runs;
	uint64_t arena_longest;
	uint32_t frames_known;
	uint32_t frames_moved;
	char descriptors[128];
	uint64_t memory_kept;
	char pci[16];
};

/**
 * struct plxdma_counters - what the library and the card have counted
 * @size:	sizeof(struct plxdma_counters), set by the caller
 * @violations:	software card: how often a driver did what a correct one
 *		never does; 0 elsewhere
 * @reg_reads:	reads of the chip's registers since the card was opened
 * @reg_writes:	writes of the chip's registers
 * @descriptors: descriptors that the card fetched (software card), else built
 * @bytes_to_host: bytes moved by completed transfers
 * @bytes_to_card: likewise
 * @transfers:	transfers that ended, however
 * @faults:	transfers that ended by a fault
 * @interrupts:	interrupts handled
 *
 * On the software card the register counts are the card's own.
 */
struct plxdma_counters {
	uint32_t size;
	uint32_t violations;
	uint64_t reg_reads;
	uint64_t reg_writes;
	uint64_t descriptors;
	uint64_t bytes_to_host;
	uint64_t bytes_to_card;
	uint64_t transfers;
	uint64_t faults;
	uint64_t interrupts;
};

/**
 * plxdma_open - open a card
 * @spec: see the top of this file
 * @card: receives the card; owned by the caller until plxdma_close()
 *
 * Nothing is allocated on the card's behalf before the first allocation or
 * transfer: registers can be read on a machine without hugepages.
 *
 * Return: 0 or a negative errno; plxdma_error(NULL) then tells the calling
 * thread what is wrong and what mends it.
 */
int plxdma_open(const char *spec, struct plxdma_card **card);

/**
 * plxdma_open_beside - open a card that shares another card's memory
 * @spec: a spec of the same kind as @beside's: both direct or both daemon:
 * @beside: an open card, of this crate
 * @card: receives the card
 *
 * What was allocated on one of them can be given to transfers of all of them,
 * by the same handles.  The memory lives until the last of them is closed.
 * The spec's own memory options (arena=, pages=, node=) are refused.
 *
 * Return: as plxdma_open(); -EINVAL for cards that can't share.
 */
int plxdma_open_beside(const char *spec, struct plxdma_card *beside,
		       struct plxdma_card **card);

/**
 * plxdma_reopen - open a card of the daemon's again, which has lost its daemon
 * @card: the card as it was opened; stays as it is, memory included
 * @timeout_ns: how long to wait for a daemon that has the card, in nanoseconds;
 *		0 to try once, negative for ever
 * @again: receives a new card, by the same spec
 *
 * The caller copies what it wants to keep out of the old card's memory, and
 * closes that when it likes.  A card that was opened beside another is opened
 * with memory of its own: use plxdma_open_beside() to have it otherwise.
 *
 * Return: 0; -EOPNOTSUPP for a card that is not the daemon's: close it and open
 * it again; else what plxdma_open() returned last.  plxdma_error(NULL) tells
 * more.
 */
int plxdma_reopen(struct plxdma_card *card, int64_t timeout_ns,
		  struct plxdma_card **again);

/**
 * plxdma_close - stop what still runs, confirm it, and let the card go
 * @card: may be NULL
 *
 * Frees the card's channels, transfers and memory as well.
 */
void plxdma_close(struct plxdma_card *card);

/**
 * plxdma_list - names of the cards that the daemon holds
 * @names: receives up to @count names, each ended by a zero byte
 * @count: room in @names
 *
 * A card of the list is opened as daemon:NAME.  Names only: whoever wants to
 * know more opens the card and asks it.
 *
 * Return: number of cards, which may be more than @count; -ENOENT or
 * -ECONNREFUSED where no daemon listens, or another negative errno;
 * plxdma_error(NULL) tells more.
 */
int plxdma_list(char (*names)[PLXDMA_NAME], unsigned int count);

/**
 * enum plxdma_told - what the daemon tells of itself
 * @PLXDMA_TOLD_STATUS: cards, channels and clients as they are now: one JSON
 *			object, schema plxdma.status/1
 * @PLXDMA_TOLD_METRICS: counters, in Prometheus' text format
 * @PLXDMA_TOLD_TRACE:	requests that have ended since somebody looks: one JSON
 *			object, schema plxdma.trace/1
 */
enum plxdma_told {
	PLXDMA_TOLD_STATUS = 0,
	PLXDMA_TOLD_METRICS = 1,
	PLXDMA_TOLD_TRACE = 2,
};

/**
 * plxdma_daemon_tell - what the daemon tells of itself
 * @what: enum plxdma_told
 * @after: of a trace: only requests after this one; 0: all that are kept.  The
 *	   first call makes the daemon keep them, until it hasn't been asked for
 *	   ten seconds
 * @fd: where the text is written to; a descriptor open for writing
 *
 * Requests of other users' programs are traced for root, the daemon's own user
 * and members of plxdma-hw only.  No text holds a bus or physical address.
 *
 * Return: 0; -ENOENT or -ECONNREFUSED where no daemon listens, or another
 * negative errno; plxdma_error(NULL) tells more.
 */
int plxdma_daemon_tell(enum plxdma_told what, uint64_t after, int fd);

/**
 * plxdma_error - the text of the last error
 * @card: the card that the failed call was about, or NULL for plxdma_open()
 *
 * Return: a sentence that names the object, the cause and the remedy; "" if
 * the calling thread's last error was about another card.  Valid until the
 * thread's next call of the library.
 */
const char *plxdma_error(const struct plxdma_card *card);

/**
 * plxdma_card_info - what is known of a card
 * @card: an open card
 * @info: filled in, @info->size must be set
 *
 * Return: 0 or a negative errno.
 */
int plxdma_card_info(struct plxdma_card *card, struct plxdma_card_info *info);

/**
 * plxdma_card_counters - what was counted since the card was opened
 * @card: an open card
 * @counters: filled in, @counters->size must be set
 *
 * Return: 0 or a negative errno.
 */
int plxdma_card_counters(struct plxdma_card *card,
			 struct plxdma_counters *counters);

/**
 * plxdma_card_reset - software reset of chip and board
 * @card: an open card
 *
 * Resets the *board* too (LRESETo#).  Refused with -EPERM unless the card was
 * opened with reset=allowed.  Registers that a reset destroys are restored
 * (chip ref. 5.3).  Transfers under way end as PLXDMA_RESET.
 *
 * Return: 0 or a negative errno.
 */
int plxdma_card_reset(struct plxdma_card *card);

/**
 * plxdma_card_verify - compare the arena's frames with those it began with
 * @card: an open card
 *
 * Return: pages whose frame has changed (they are in quarantine from now on),
 * or a negative errno; -ENODATA if frames can't be read.
 */
int plxdma_card_verify(struct plxdma_card *card);

/**
 * plxdma_card_fault - arm a fault on a software card
 * @card: a card opened as model:
 * @fault: as the option fault= of the software card, see plxdma(1)
 *
 * Return: 0, -EOPNOTSUPP on a card that is real or the daemon's, or -EINVAL.
 */
int plxdma_card_fault(struct plxdma_card *card, const char *fault);

/**
 * plxdma_card_report - what a bug report needs, in one text
 * @card: an open card
 * @fd: where to write it
 *
 * The card, its registers by name, and the last thousand requests with how
 * they ended.  No address and no data is in it.  Through the daemon the
 * requests, which are everybody's, are told to root, to the daemon's user and
 * to members of plxdma-hw; to others the report says that they were left out.
 *
 * Return: 0 or a negative errno.
 */
int plxdma_card_report(struct plxdma_card *card, int fd);

#ifdef __cplusplus
}
#endif
#endif
