/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transfers: what must be right of every request, and who ends them. */
#include <plxdma/transfer.h>

#include <errno.h>
#include <time.h>

#include "api/deadline.h"
#include "api/failure.h"
#include "api/front.h"
#include "api/sized.h"

/* Up to and with `reserved'. */
#define REQUEST_FIRST 48

static const char no_transfer[] = "needs a transfer";
static const char no_result[] =
	"set the result's size member to its sizeof, or give no result";

static int request_take(const struct plxdma_request *from,
			struct plxdma_request *request, struct error *error)
{
	if (sized_take(request, sizeof(*request), REQUEST_FIRST, from))
		return error_set(error, -EINVAL,
				 "request: set its size member to its sizeof "
				 "and what you don't use to 0");
	if (request->reserved)
		return error_set(error, -EINVAL, "request: reserved must be 0");
	if (request->direction > PLXDMA_TO_CARD)
		return error_set(error, -EINVAL,
				 "request: direction %u is neither "
				 "PLXDMA_TO_HOST nor PLXDMA_TO_CARD",
				 request->direction);
	if (request->form > PLXDMA_FORM_LINKED)
		return error_set(error, -EINVAL,
				 "request: form %u is none of enum plxdma_form",
				 request->form);
	if (!request->segments != !request->segment_count)
		return error_set(error, -EINVAL,
				 "request: segments and segment_count go "
				 "together");
	return 0;
}

static int transfer_make(struct plxdma_channel *channel,
			 const struct plxdma_request *from,
			 struct plxdma_transfer **transfer, struct error *error)
{
	struct plxdma_request request;
	int result = request_take(from, &request, error);

	if (result)
		return result;
	return channel->ops->transfer_new(channel, &request, transfer, error);
}

int plxdma_transfer_new(struct plxdma_channel *channel,
			const struct plxdma_request *request,
			struct plxdma_transfer **transfer)
{
	struct error error;

	if (!channel || !request || !transfer)
		return failure_argument(channel ? channel->card : NULL,
					__func__,
					"needs a channel, a request and a "
					"place for the transfer");
	*transfer = NULL;
	failure_begin(&error);
	return failure_end(channel->card,
			   transfer_make(channel, request, transfer, &error),
			   &error, __func__);
}

static int transfer_remake(struct plxdma_transfer *transfer,
			   const struct plxdma_request *from,
			   struct error *error)
{
	struct plxdma_request request;
	int result = request_take(from, &request, error);

	if (result)
		return result;
	return transfer->ops->transfer_change(transfer, &request, error);
}

int plxdma_transfer_change(struct plxdma_transfer *transfer,
			   const struct plxdma_request *request)
{
	struct error error;

	if (!transfer || !request)
		return failure_argument(
			transfer ? transfer->channel->card : NULL, __func__,
			"needs a transfer and a request");
	failure_begin(&error);
	return failure_end(transfer->channel->card,
			   transfer_remake(transfer, request, &error), &error,
			   __func__);
}

void plxdma_transfer_free(struct plxdma_transfer *transfer)
{
	if (transfer)
		transfer->ops->transfer_free(transfer);
}

int plxdma_transfer_value(const struct plxdma_transfer *transfer,
			  unsigned int step, uint32_t *value)
{
	if (!transfer || !value)
		return failure_argument(transfer ? transfer->channel->card
						 : NULL,
					__func__,
					"needs a transfer and a place for the "
					"value");
	return transfer->ops->transfer_value(transfer, step, value);
}

void plxdma_transfer_set_user(struct plxdma_transfer *transfer, void *user)
{
	if (transfer)
		transfer->user = user;
}

void *plxdma_transfer_user(const struct plxdma_transfer *transfer)
{
	return transfer ? transfer->user : NULL;
}

int plxdma_submit(struct plxdma_transfer *transfer)
{
	struct error error;

	if (!transfer)
		return failure_argument(NULL, __func__, no_transfer);
	failure_begin(&error);
	return failure_end(transfer->channel->card,
			   transfer->ops->submit(transfer, &error), &error,
			   __func__);
}

/* Not having ended is no failure whose text anybody wants: polling is hot. */
static int not_ended(int result)
{
	return result == -ETIMEDOUT || result == -EAGAIN || result == -EINTR;
}

static int transfer_wait(struct plxdma_transfer *transfer, int64_t timeout_ns,
			 struct plxdma_result *result, const char *function)
{
	struct plxdma_result known = {.size = sizeof(known),
				      .status = PLXDMA_RUNNING};
	struct error error;
	int code;

	failure_begin(&error);
	code = transfer->ops->wait(transfer, timeout_ns, &known, &error);
	if (result)
		sized_give(result, &known, sizeof(known));
	if (not_ended(code))
		return code;
	return failure_end(transfer->channel->card, code, &error, function);
}

int plxdma_poll(struct plxdma_transfer *transfer, struct plxdma_result *result)
{
	int code;

	if (!transfer)
		return failure_argument(NULL, __func__, no_transfer);
	if (result && !sized_room(result))
		return failure_argument(transfer->channel->card, __func__,
					no_result);
	code = transfer_wait(transfer, 0, result, __func__);
	return not_ended(code) ? -EAGAIN : code;
}

int plxdma_wait(struct plxdma_transfer *transfer, int64_t timeout_ns,
		struct plxdma_result *result)
{
	int code;

	if (!transfer)
		return failure_argument(NULL, __func__, no_transfer);
	if (result && !sized_room(result))
		return failure_argument(transfer->channel->card, __func__,
					no_result);
	code = transfer_wait(transfer, timeout_ns, result, __func__);
	return code == -EAGAIN ? -ETIMEDOUT : code;
}

int plxdma_cancel(struct plxdma_transfer *transfer)
{
	struct error error;

	if (!transfer)
		return failure_argument(NULL, __func__, no_transfer);
	failure_begin(&error);
	return failure_end(
		transfer->channel->card,
		transfer->ops->cancel(transfer, PLXDMA_CANCELLED, &error),
		&error, __func__);
}

/* It never ran, so its memory is the caller's: not PLXDMA_RUNNING. */
static void refused(struct plxdma_result *result, int code)
{
	result->status = code == -ENODEV ? PLXDMA_GONE : PLXDMA_CANCELLED;
	result->bytes_exact = 1;
}

static int transfer_run(struct plxdma_channel *channel,
			const struct plxdma_request *request,
			int64_t timeout_ns, struct plxdma_result *result,
			struct error *error)
{
	struct plxdma_transfer *transfer;
	int code = transfer_make(channel, request, &transfer, error);

	if (code) {
		refused(result, code);
		return code;
	}
	code = transfer->ops->submit(transfer, error);
	if (code)
		refused(result, code);
	else
		code = transfer_finish(transfer, deadline_after(timeout_ns),
				       result, error);
	transfer->ops->transfer_free(transfer);
	return code;
}

int plxdma_transfer_once(struct plxdma_channel *channel,
			 const struct plxdma_request *request,
			 int64_t timeout_ns, struct plxdma_result *result)
{
	struct plxdma_result known = {.size = sizeof(known),
				      .status = PLXDMA_RUNNING};
	struct error error;
	int code;

	if (!channel || !request || (result && !sized_room(result)))
		return failure_argument(channel ? channel->card : NULL,
					__func__,
					"needs a channel, a request, and a "
					"result with its size member set to "
					"its sizeof or none");
	failure_begin(&error);
	code = transfer_run(channel, request, timeout_ns, &known, &error);
	if (result)
		sized_give(result, &known, sizeof(known));
	return failure_end(channel->card, code, &error, __func__);
}
