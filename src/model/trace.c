/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card's log.  While it is off an event costs one look.
 *
 * What concerns the chip is told under the card's lock, what reaches the board
 * under the board's, so the order of the events is the order in which they
 * took effect.  A lock of the log's own, taken last, numbers them.
 */
#include "model/card.h"

static void trace_tell(struct model *m, struct model_event *event)
{
	struct trace *trace = &m->trace;

	event->time = timing_now(m);
	latch_take(&trace->lock);
	event->sequence = trace->sequence++;
	if (trace->fn)
		trace->fn(trace->context, event);
	if (trace->file.fd >= 0)
		trace_put(&trace->file, event);
	latch_give(&trace->lock);
}

void trace_access(struct model *m, enum model_trace_kind kind, int where,
		  unsigned int offset, unsigned int width, uint32_t value)
{
	if (trace_on(&m->trace))
		trace_tell(m, &(struct model_event){
			.kind = kind,
			.where = where,
			.offset = offset,
			.width = width,
			.value = value,
		});
}

void trace_level(struct model *m, enum model_trace_kind kind, bool level)
{
	if (trace_on(&m->trace))
		trace_tell(m, &(struct model_event){ .kind = kind,
						     .value = level });
}

void trace_dreq(struct model *m, unsigned int channel, bool level)
{
	if (trace_on(&m->trace))
		trace_tell(m, &(struct model_event){
			.kind = MODEL_TRACE_DREQ,
			.channel = channel,
			.value = level,
		});
}

void trace_start(struct model *m, const struct channel *ch)
{
	if (trace_on(&m->trace))
		trace_tell(m, &(struct model_event){
			.kind = MODEL_TRACE_START,
			.channel = ch->index,
			.mode = ch->mode,
			.bus = ch->pci,
			.local = ch->local,
			.size = ch->left,
			.next = ch->next,
		});
}

void trace_fetch(struct model *m, const struct channel *ch)
{
	if (trace_on(&m->trace))
		trace_tell(m, &(struct model_event){
			.kind = MODEL_TRACE_FETCH,
			.channel = ch->index,
			.bus = ch->pci,
			.local = ch->local,
			.size = ch->left,
			.next = ch->next,
			.here = ch->here,
		});
}

/* END, EARLY or CRASH: bus time is when the last data phase was over. */
void trace_end(struct model *m, const struct channel *ch,
	       enum model_trace_kind kind)
{
	if (trace_on(&m->trace))
		trace_tell(m, &(struct model_event){
			.kind = kind,
			.channel = ch->index,
			.bytes = ch->total,
			.bus_time = timing_end(m, ch),
		});
}

void model_set_trace(struct model *m, model_trace_fn *fn, void *context)
{
	struct trace *trace = &m->trace;

	model_enter(m);
	latch_take(&trace->lock);
	trace->fn = fn;
	trace->context = context;
	atomic_store(&trace->on, fn || trace->file.fd >= 0);
	latch_give(&trace->lock);
	model_leave(m);
}
