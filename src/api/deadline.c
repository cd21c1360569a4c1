/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See deadline.h. */
#include "api/deadline.h"

#include <errno.h>
#include <time.h>

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t deadline_after(int64_t timeout_ns)
{
	return timeout_ns < 0 ? DEADLINE_NEVER
			      : now_ns() + (uint64_t)timeout_ns;
}

int64_t deadline_left(uint64_t deadline)
{
	uint64_t now;

	if (deadline == DEADLINE_NEVER)
		return -1;
	now = now_ns();
	return deadline > now ? (int64_t)(deadline - now) : 0;
}

static int interrupted_or_early(int code, int64_t left)
{
	return code == -EINTR ||
	       ((code == -ETIMEDOUT || code == -EAGAIN) && left != 0);
}

int transfer_end(struct plxdma_transfer *transfer, enum plxdma_status status,
		 struct plxdma_result *result, struct error *error)
{
	int code = transfer->ops->cancel(transfer, status, error);

	/* It ended meanwhile, or the engine can't be stopped: taking it tells
	 * which. */
	if (code && code != -EINVAL && code != -ESHUTDOWN)
		return code;
	return transfer->ops->wait(transfer, 0, result, error);
}

static int timed_out(struct plxdma_transfer *transfer,
		     struct plxdma_result *result, struct error *error)
{
	int code = transfer_end(transfer, PLXDMA_TIMED_OUT, result, error);

	if (result->status != PLXDMA_TIMED_OUT)
		return code;
	return error_set(error, -ETIMEDOUT,
			 "the transfer had not ended at the deadline; it was "
			 "aborted, and the memory is yours again (%llu bytes "
			 "are known to have moved)",
			 (unsigned long long)result->bytes);
}

int transfer_finish(struct plxdma_transfer *transfer, uint64_t deadline,
		    struct plxdma_result *result, struct error *error)
{
	int64_t left;
	int code;

	do {
		left = deadline_left(deadline);
		code = transfer->ops->wait(transfer, left, result, error);
	} while (interrupted_or_early(code, left));
	if (code != -ETIMEDOUT && code != -EAGAIN)
		return code;
	return timed_out(transfer, result, error);
}
