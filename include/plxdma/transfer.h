/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transfers.
 *
 * A channel is one of the chip's two DMA engines, opened; a transfer is a
 * request on it, checked and prepared once and submitted as often as one
 * likes.  Transfers of a channel run in the order in which they were
 * submitted.  A submitted transfer ends exactly once: it is taken by
 * plxdma_wait(), plxdma_poll() or plxdma_channel_reap(), whichever is first.
 *
 * While a transfer is queued or running, its memory belongs to the card.  It
 * comes back when the transfer has been taken, and then the engine is known
 * to have let go of it: a wait that times out has *not* ended the transfer.
 *
 * Threads: a channel and its transfers belong to one thread at a time; the
 * channels of a card may belong to different threads.
 */
#ifndef PLXDMA_TRANSFER_H
#define PLXDMA_TRANSFER_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/card.h>
#include <plxdma/memory.h>
#include <plxdma/mode.h>
#include <plxdma/recipe.h>

#ifdef __cplusplus
extern "C" {
#endif

struct plxdma_channel;
struct plxdma_transfer;

enum plxdma_direction {
	PLXDMA_TO_HOST = 0,
	PLXDMA_TO_CARD = 1,
};

/**
 * enum plxdma_form - how the chip is told
 * @PLXDMA_FORM_AUTO:	block where one descriptor's worth suffices, else chain
 * @PLXDMA_FORM_BLOCK:	block mode or -EMSGSIZE
 * @PLXDMA_FORM_CHAIN:	a chain, be it of one descriptor
 * @PLXDMA_FORM_LINKED:	likewise, and the engine goes on by itself from one of
 *			this form to the next, if they have the same mode and
 *			neither a recipe nor end-of-transfer.  A fault ends all
 *			that were linked, and so does a cancel, unless it is of
 *			one that the engine isn't near yet
 */
enum plxdma_form {
	PLXDMA_FORM_AUTO = 0,
	PLXDMA_FORM_BLOCK = 1,
	PLXDMA_FORM_CHAIN = 2,
	PLXDMA_FORM_LINKED = 3,
};

/**
 * enum plxdma_waiting - how a channel learns that a transfer ended
 * @PLXDMA_WAIT_EVENT:	spin for at most 20 us, then sleep on the interrupt
 * @PLXDMA_WAIT_SPIN:	poll; no interrupt is asked for.  Costs a CPU, and the
 *			descriptor of plxdma_channel_fd() stays silent
 */
enum plxdma_waiting {
	PLXDMA_WAIT_EVENT = 0,
	PLXDMA_WAIT_SPIN = 1,
};

/**
 * enum plxdma_status - how a transfer ended
 * @PLXDMA_DONE:	every byte moved
 * @PLXDMA_RUNNING:	it has not ended: queued or running
 * @PLXDMA_EOT:		the board ended it (EOT#)
 * @PLXDMA_CANCELLED:	plxdma_cancel(), or its channel or client went away, or it
 *			hung for 5 s on a channel of plxdmad's that others
 *			waited for
 * @PLXDMA_TIMED_OUT:	a call with its own deadline aborted it
 * @PLXDMA_MASTER_ABORT: nobody answered on the PCI bus
 * @PLXDMA_TARGET_ABORT: the memory's side refused
 * @PLXDMA_STUCK:	the engine can't be stopped: card out of service, and
 *			the memory stays pinned and lost
 * @PLXDMA_GONE:	the card reads all ones
 * @PLXDMA_RESET:	somebody reset the card
 * @PLXDMA_POLL_TIMED_OUT: a poll of its recipe didn't come true; the engine is
 *			stopped, or was never started
 */
enum plxdma_status {
	PLXDMA_DONE = 0,
	PLXDMA_RUNNING = 1,
	PLXDMA_EOT = 2,
	PLXDMA_CANCELLED = 3,
	PLXDMA_TIMED_OUT = 4,
	PLXDMA_MASTER_ABORT = 5,
	PLXDMA_TARGET_ABORT = 6,
	PLXDMA_STUCK = 7,
	PLXDMA_GONE = 8,
	PLXDMA_RESET = 9,
	PLXDMA_POLL_TIMED_OUT = 10,
};

/**
 * struct plxdma_result - how a transfer ended
 * @size:	sizeof(struct plxdma_result), set by the caller
 * @status:	enum plxdma_status
 * @bytes:	bytes known to have moved
 * @bytes_exact: 1 if @bytes is exact, 0 if it is a lower bound
 * @reserved:	0
 * @time_ns:	CLOCK_MONOTONIC when its end was seen by who drives the card,
 *		this process or plxdmad: right after the interrupt, where one
 *		told of it
 */
struct plxdma_result {
	uint32_t size;
	uint32_t status;
	uint64_t bytes;
	uint32_t bytes_exact;
	uint32_t reserved;
	int64_t time_ns;
};

/**
 * struct plxdma_request - what a transfer shall do
 * @size:	sizeof(struct plxdma_request), set by the caller
 * @direction:	enum plxdma_direction
 * @form:	enum plxdma_form
 * @local:	local address of the first byte
 * @handle:	handle of the first byte in the card's memory
 * @length:	bytes, 0 included
 * @segments:	a list instead of @handle, @local and @length; NULL for none.
 *		Only read during the call
 * @segment_count: pieces in @segments
 * @reserved:	0
 * @recipe:	register steps around it, copied; NULL for none
 */
struct plxdma_request {
	uint32_t size;
	uint32_t direction;
	uint32_t form;
	uint32_t local;
	plxdma_handle handle;
	uint64_t length;
	const struct plxdma_segment *segments;
	uint32_t segment_count;
	uint32_t reserved;
	const struct plxdma_recipe *recipe;
};

/**
 * plxdma_channel_open - open a DMA channel
 * @card: an open card
 * @index: 0 or 1
 * @channel: receives the channel
 *
 * Return: 0; -EBUSY if it is open already, or another negative errno.
 */
int plxdma_channel_open(struct plxdma_card *card, unsigned int index,
			struct plxdma_channel **channel);

/**
 * plxdma_channel_close - cancel what is left, confirm it, close the channel
 * @channel: may be NULL; its transfers are freed
 */
void plxdma_channel_close(struct plxdma_channel *channel);

/**
 * plxdma_channel_set_mode - set how the channel talks to the local bus
 * @channel: a channel with no transfer queued or running
 * @mode: copied
 *
 * Transfers that were prepared before keep the mode they were prepared with.
 *
 * Return: 0; -EBUSY while transfers are under way; -EINVAL for a mode that
 * this chip lacks (demand mode on channel 1 of a 9054, chip ref. 3.8).
 */
int plxdma_channel_set_mode(struct plxdma_channel *channel,
			    const struct plxdma_mode *mode);

/**
 * plxdma_channel_set_waiting - choose between interrupts and polling
 * @channel: a channel with no transfer queued or running
 * @waiting: enum plxdma_waiting
 *
 * Return: 0, -EBUSY or -EINVAL.
 */
int plxdma_channel_set_waiting(struct plxdma_channel *channel,
			       enum plxdma_waiting waiting);

/**
 * plxdma_channel_fd - descriptor that is readable when a transfer ended
 * @channel: a channel
 *
 * For the caller's own poll loop: when readable, call plxdma_channel_reap()
 * until it gives no more.  It may be readable when nothing has ended yet, and
 * plxdma_channel_reap() then gives none.  The descriptor stays the library's,
 * and only the library reads from it.
 *
 * Return: the descriptor or a negative errno.
 */
int plxdma_channel_fd(struct plxdma_channel *channel);

/**
 * plxdma_channel_reap - take the next transfer that has ended
 * @channel: a channel
 * @result: filled in, may be NULL
 *
 * Never sleeps.
 *
 * Return: the transfer, or NULL if none has ended.
 */
struct plxdma_transfer *plxdma_channel_reap(struct plxdma_channel *channel,
					    struct plxdma_result *result);

/**
 * plxdma_transfer_new - check and prepare a transfer
 * @channel: the channel that it shall run on
 * @request: what it shall do
 * @transfer: receives the transfer; freed by plxdma_transfer_free() or with
 *	      its channel
 *
 * Return: 0; -EINVAL, -ERANGE (memory that is not the card's), -EMSGSIZE (too
 * long for the form), -ENXIO (this chip can't reach the memory); the text
 * tells more.
 */
int plxdma_transfer_new(struct plxdma_channel *channel,
			const struct plxdma_request *request,
			struct plxdma_transfer **transfer);

/**
 * plxdma_transfer_change - give a prepared transfer another request
 * @transfer: one that is not under way
 * @request: as in plxdma_transfer_new()
 *
 * Cheaper than a new one.  On an error the old request stands.
 *
 * Return: as plxdma_transfer_new(); -EBUSY while it is under way.
 */
int plxdma_transfer_change(struct plxdma_transfer *transfer,
			   const struct plxdma_request *request);

/**
 * plxdma_transfer_free - free a transfer
 * @transfer: may be NULL; cancelled first if it is under way
 */
void plxdma_transfer_free(struct plxdma_transfer *transfer);

/**
 * plxdma_transfer_set_user, plxdma_transfer_user - a pointer of the caller's
 * @transfer: a transfer
 * @user: anything
 */
void plxdma_transfer_set_user(struct plxdma_transfer *transfer, void *user);
void *plxdma_transfer_user(const struct plxdma_transfer *transfer);

/**
 * plxdma_transfer_value - what a step of its recipe has read
 * @transfer: a transfer that has been taken
 * @step: index of a read or a poll, from plxdma_recipe_add()
 * @value: receives it
 *
 * Return: 0; -EINVAL for a step that isn't there or doesn't read; -ENODATA if
 * it was not done.
 */
int plxdma_transfer_value(const struct plxdma_transfer *transfer,
			  unsigned int step, uint32_t *value);

/**
 * plxdma_submit - start a transfer, or queue it behind others
 * @transfer: a prepared transfer that is not under way
 *
 * Costs posted register writes; no register read and no system call.  Of a
 * recipe, what comes before the start and right after it is done as well if
 * the channel is free, polls included; if it isn't, and for steps after the
 * end, by whichever call sees the transfer before end, or this one.
 *
 * A register that the same thread writes after it is written after the start,
 * if the channel was free: a board's trigger may follow by plxdma_poke().
 *
 * Return: 0; -EBUSY if it is under way, or if others' recipes and batches have
 * held the card for longer than PLXDMA_POLL_MAX_US, or if somebody else has
 * claimed the channel; -EPERM if it needs a claim, see claim.h; -EAGAIN if the
 * queue is full; -ENODEV, -ESHUTDOWN if the card is gone or out of service.  A
 * claim may end at this very moment: then plxdma_wait() tells so.
 */
int plxdma_submit(struct plxdma_transfer *transfer);

/**
 * plxdma_poll - has a transfer ended?
 * plxdma_wait - wait until it has
 * @transfer: a submitted transfer
 * @timeout_ns: nanoseconds to wait, negative for ever
 * @result: filled in, may be NULL
 *
 * On -ETIMEDOUT, -EAGAIN (plxdma_poll()) and -EINTR the transfer goes on and
 * the memory is still the card's: wait again, or cancel.
 *
 * Return: 0 if it ended with every byte moved or by EOT#; -ECANCELED,
 * -EFAULT (master abort), -EREMOTEIO (target abort), -ESHUTDOWN (stuck),
 * -ENODEV (gone), -ECONNRESET (reset), -ETIME (a poll of its recipe) if it
 * ended otherwise; -EINVAL if it was not submitted.
 */
int plxdma_poll(struct plxdma_transfer *transfer, struct plxdma_result *result);
int plxdma_wait(struct plxdma_transfer *transfer, int64_t timeout_ns,
		struct plxdma_result *result);

/**
 * plxdma_cancel - end a transfer now
 * @transfer: a transfer
 *
 * A running one is aborted, and the abort confirmed, before this returns; it
 * then still is to be taken, as PLXDMA_CANCELLED, or as PLXDMA_DONE if it
 * was.
 *
 * Return: 0; -EINVAL if it was not under way; -ESHUTDOWN if the engine can't
 * be stopped.
 */
int plxdma_cancel(struct plxdma_transfer *transfer);

/**
 * plxdma_transfer_once - prepare, submit, wait, free
 * @channel: a channel
 * @request: what to do
 * @timeout_ns: nanoseconds, negative for ever
 * @result: filled in, may be NULL
 *
 * At the deadline the transfer is aborted and the abort confirmed:
 * PLXDMA_TIMED_OUT and -ETIMEDOUT then mean that the memory is back.  A signal
 * doesn't end it: a transfer cut short in a FIFO has lost its data.
 *
 * A transfer that was refused is PLXDMA_CANCELLED, or PLXDMA_GONE if the card
 * is, with no bytes: the memory is the caller's in any case.
 *
 * Return: as plxdma_transfer_new() and plxdma_wait().
 */
int plxdma_transfer_once(struct plxdma_channel *channel,
			 const struct plxdma_request *request,
			 int64_t timeout_ns, struct plxdma_result *result);

/**
 * plxdma_read - move local memory to any memory of the caller's
 * plxdma_write - move any memory of the caller's to local memory
 * @card: an open card
 * @local: local address of the first byte
 * @data: the memory, of any kind and alignment
 * @size: its bytes
 * @timeout_ns: nanoseconds for the whole, negative for ever
 *
 * Uses a channel that nobody has opened; while both are open it waits until
 * one is closed, since a channel belongs to who opened it.  Memory outside the
 * arena goes through a bounce buffer, in two pieces at a time.
 *
 * Return: 0 or a negative errno as plxdma_transfer_once(); -EBUSY if both
 * channels were open up to the deadline.
 */
int plxdma_read(struct plxdma_card *card, uint32_t local, void *data,
		size_t size, int64_t timeout_ns);
int plxdma_write(struct plxdma_card *card, uint32_t local, const void *data,
		 size_t size, int64_t timeout_ns);

#ifdef __cplusplus
}
#endif
#endif
