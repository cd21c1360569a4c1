/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The end of a transfer through the daemon: waited for, brought about, told.
 */
#include "client/transfer.h"

#include <errno.h>

#define SPIN_NS 20000
#define LAST_STEPS_NS UINT64_C(3000000000)

/* The errno that goes with how it ended, and why, for people. */
static int outcome(const struct client_transfer *transfer, struct error *error)
{
	static const struct {
		int code;
		const char *text;
	} outcomes[] = {
		[PLXDMA_DONE] = { 0, "" },
		[PLXDMA_EOT] = { 0, "" },
		[PLXDMA_CANCELLED] = { -ECANCELED, "was cancelled" },
		[PLXDMA_TIMED_OUT] = { -ETIMEDOUT, "was aborted at its "
				       "deadline" },
		[PLXDMA_MASTER_ABORT] = { -EFAULT, "ended by a master abort: "
					  "nobody answered on the PCI bus" },
		[PLXDMA_TARGET_ABORT] = { -EREMOTEIO, "ended by a target "
					  "abort: the memory's side refused; "
					  "are there holes in the arena?" },
		[PLXDMA_STUCK] = { -ESHUTDOWN, "can't be stopped, or was "
				   "refused: the card is out of service" },
		[PLXDMA_GONE] = { -ENODEV, "is lost: the card, or plxdmad, "
				  "has gone" },
		[PLXDMA_RESET] = { -ECONNRESET, "is lost: the card was reset" },
		[PLXDMA_POLL_TIMED_OUT] = { -ETIME, "was stopped: a poll of "
			"its recipe didn't come true" },
	};
	uint32_t status = transfer->result.status;

	if (transfer->error)
		return channel_text(transfer_channel(transfer), transfer->error,
				    error);
	if (status >= sizeof(outcomes) / sizeof(outcomes[0]) ||
	    !outcomes[status].text)
		return error_set(error, -EPROTO, "plxdmad tells of an unknown "
				 "status %u", status);
	if (!outcomes[status].code)
		return 0;
	return error_set(error, outcomes[status].code, "the transfer %s",
			 outcomes[status].text);
}

/* 0 once it ended. */
static int ended_wait(struct client_transfer *transfer, int64_t timeout_ns)
{
	struct client_channel *channel = transfer_channel(transfer);
	uint64_t now = channel_now();
	uint64_t deadline = channel_deadline(timeout_ns, now);
	uint64_t spin_until = now + SPIN_NS;
	int err;

	if (channel->waiting == PLXDMA_WAIT_SPIN || spin_until > deadline)
		spin_until = deadline;
	for (;;) {
		err = channel_wait(channel, spin_until, deadline);
		channel_look(channel);
		if (transfer->state == TRANSFER_ENDED)
			return 0;
		if (err)
			return err;
		if (channel_now() >= deadline)
			return -ETIMEDOUT;
	}
}

int client_wait(struct plxdma_transfer *front, int64_t timeout_ns,
		struct plxdma_result *result, struct error *error)
{
	struct client_transfer *transfer = client_transfer(front);
	struct client_channel *channel = transfer_channel(transfer);
	int err = 0;

	if (transfer->state == TRANSFER_IDLE)
		return error_set(error, -EINVAL, "the transfer was not "
				 "submitted");
	channel_look(channel);
	if (transfer->state != TRANSFER_ENDED)
		err = timeout_ns ? ended_wait(transfer, timeout_ns) : -EAGAIN;
	if (!err) {
		client_transfer_take(transfer, result);
		err = outcome(transfer, error);
	}
	channel_pass_on(channel);
	return err;
}

/* The engine has let go of it; its recipe's last steps may poll, and wait for
 * the card's turn, both for a while and no longer. */
static void last_steps_wait(struct client_transfer *transfer)
{
	uint64_t end = channel_now() + LAST_STEPS_NS;

	while (transfer->state != TRANSFER_ENDED && channel_now() < end)
		ended_wait(transfer, (int64_t)(end - channel_now()));
}

int client_cancel(struct plxdma_transfer *front, enum plxdma_status status,
		  struct error *error)
{
	struct client_transfer *transfer = client_transfer(front);
	struct client_channel *channel = transfer_channel(transfer);
	struct wire_submission entry = {
		.op = WIRE_CANCEL,
		.slot = transfer->entry.slot,
		.status = (uint8_t)status,
	};
	int err;

	channel_look(channel);
	if (transfer->state == TRANSFER_IDLE)
		return error_set(error, -EINVAL, "the transfer is not under "
				 "way");
	if (transfer->state == TRANSFER_ENDED)
		return 0;
	err = channel_ask(channel, &entry, error);
	if (!err)
		last_steps_wait(transfer);
	/* It ended while this was on its way, or with the daemon. */
	return transfer->state == TRANSFER_ENDED && err != -ESHUTDOWN ? 0 : err;
}
