/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Observers: checks, and the front door. */
#include <plxdma/observer.h>

#include <errno.h>

#include "api/failure.h"
#include "api/front.h"
#include "api/sized.h"

static const char no_observer[] = "needs an observer";

static int observer_make(struct plxdma_card *card, unsigned int channel,
			 unsigned int watermark,
			 struct plxdma_observer **observer, struct error *error)
{
	int result;

	if (!card->ops->observer_open)
		return error_set(error, -ENOTSUP, "only cards of plxdmad's can "
				 "be observed: this process has opened the "
				 "card itself");
	if (channel >= PLXDMA_CHANNELS)
		return error_set(error, -EINVAL, "a card has channels 0 and 1");
	if (watermark > PLXDMA_STREAM_BLOCKS / 2)
		return error_set(error, -EINVAL, "watermark %u is more than "
				 "%u", watermark, PLXDMA_STREAM_BLOCKS / 2);
	result = card->ops->observer_open(card, channel, observer, error);
	if (!result)
		(*observer)->watermark = watermark ? watermark : 1;
	return result;
}

int plxdma_observer_open(struct plxdma_card *card, unsigned int channel,
			 unsigned int watermark,
			 struct plxdma_observer **observer)
{
	struct error error;

	if (!card || !observer)
		return failure_argument(card, __func__, "needs a card and a "
					"place for the observer");
	*observer = NULL;
	failure_begin(&error);
	return failure_end(card,
			   observer_make(card, channel, watermark, observer,
					 &error),
			   &error, __func__);
}

void plxdma_observer_close(struct plxdma_observer *observer)
{
	if (observer)
		observer->ops->observer_close(observer);
}

int plxdma_observer_take(struct plxdma_observer *observer, int64_t timeout_ns,
			 struct plxdma_block *block)
{
	struct plxdma_block known;
	struct error error;
	int result;

	if (!observer || !block || !sized_room(block))
		return failure_argument(observer ? observer->card : NULL,
					__func__,
					"needs an observer, and a block with "
					"its size member set to its sizeof");
	failure_begin(&error);
	result = observer->ops->observer_take(observer, observer->watermark,
					      timeout_ns, &known, &error);
	if (!result)
		sized_give(block, &known, sizeof(known));
	if (result != -ENODEV)
		return result;
	return failure_end(observer->card, result, &error, __func__);
}

int plxdma_observer_give(struct plxdma_observer *observer)
{
	int result;

	if (!observer)
		return failure_argument(NULL, __func__, no_observer);
	result = observer->ops->observer_give(observer);
	if (result == -EINVAL)
		return failure_argument(observer->card, __func__,
					"no block is taken");
	return result;
}

int plxdma_observer_fd(struct plxdma_observer *observer)
{
	return observer ? observer->ops->observer_fd(observer)
			: failure_argument(NULL, __func__, no_observer);
}

int plxdma_observer_stats(struct plxdma_observer *observer,
			  struct plxdma_observer_stats *stats)
{
	struct plxdma_observer_stats known;

	if (!observer || !stats || !sized_room(stats))
		return failure_argument(observer ? observer->card : NULL,
					__func__,
					"needs an observer, and stats with "
					"their size member set to their sizeof");
	observer->ops->observer_stats(observer, &known);
	sized_give(stats, &known, sizeof(known));
	return 0;
}
