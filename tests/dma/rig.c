/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making and breaking the rig. */
#include <check.h>
#include <string.h>

#include "rig.h"

/* The linker's --wrap sends the driver here for its time. */
static uint64_t stopped;

uint64_t __real_clock_ns(void);
uint64_t __wrap_clock_ns(void);

uint64_t __wrap_clock_ns(void)
{
	return stopped ? stopped : __real_clock_ns();
}

void rig_clock_stop(void)
{
	stopped = __real_clock_ns();
}

void rig_make(struct rig *rig, uint32_t hidr, const char *options,
	      const uint64_t *bus, size_t pages)
{
	struct error error = { "" };

	memset(rig, 0, sizeof(*rig));
	rig->fake = fake_new(hidr);
	rig->fake->bus = bus;
	rig->card = fake_open(rig->fake, options);
	rig->arena = fake_arena(pages);
	ck_assert_msg(!dma_attach(rig->card, rig->arena, &rig->map, &error),
		      "%s", error.text);
	rig->channel = dma_card_channel(rig->card, 0);
	rig->request = (struct dma_request){
		.map = rig->map,
		.direction = PLXDMA_TO_HOST,
		.quiet = 1,
		.local = 0x20000000,
		.length = 256,
	};
	fake_forget(rig->fake);
}

void rig_break(struct rig *rig)
{
	stopped = 0;
	if (rig->map)
		ck_assert_int_eq(dma_detach(rig->map), 0);
	dma_card_close(rig->card);
	ck_assert_int_eq(rig->fake->closed, 1);
	fake_arena_free(rig->arena);
	fake_free(rig->fake);
}

struct dma_transfer *rig_transfer_on(struct rig *rig, unsigned int channel)
{
	struct dma_transfer *transfer;
	struct error error = { "" };

	ck_assert_msg(!dma_transfer_new(dma_card_channel(rig->card, channel),
					&rig->request, &transfer, &error),
		      "%s", error.text);
	return transfer;
}

struct dma_transfer *rig_transfer(struct rig *rig)
{
	return rig_transfer_on(rig, 0);
}

void rig_refuses(struct rig *rig, int code, const char *text)
{
	struct dma_transfer *transfer = NULL;
	struct error error = { "" };

	ck_assert_int_eq(dma_transfer_new(rig->channel, &rig->request,
					  &transfer, &error), code);
	ck_assert_ptr_null(transfer);
	ck_assert_msg(strstr(error.text, text) != NULL, "\"%s\" lacks \"%s\"",
		      error.text, text);
}

void rig_submit(struct dma_transfer *transfer)
{
	ck_assert_int_eq(dma_transfer_submit(transfer), 0);
	ck_assert_int_eq(dma_transfer_status(transfer), PLXDMA_RUNNING);
	/* However slow the machine is, the closer look is rig_late()'s. */
	if (transfer->channel->running == transfer)
		transfer->channel->look = UINT64_MAX;
}

void rig_runs(struct rig *rig, struct dma_transfer *transfer,
	      enum plxdma_status status)
{
	rig_submit(transfer);
	ck_assert_uint_eq(dma_channel_progress(rig->channel), 1);
	ck_assert_int_eq(dma_transfer_status(transfer), status);
	ck_assert_ptr_eq(dma_channel_take(rig->channel), transfer);
}

struct plxdma_result rig_result(const struct dma_transfer *transfer)
{
	struct plxdma_result result;

	dma_transfer_result(transfer, &result);
	return result;
}

void rig_late(struct dma_channel *channel)
{
	channel->look = 0;
}

static struct plxdma_step bar2_step(enum plxdma_step_op op, uint32_t offset)
{
	return (struct plxdma_step){
		.op = op, .space = PLXDMA_SPACE_BAR2, .width = 32,
		.offset = offset,
	};
}

struct plxdma_step rig_write(uint32_t offset, uint32_t value)
{
	struct plxdma_step step = bar2_step(PLXDMA_STEP_WRITE, offset);

	step.value = value;
	return step;
}

struct plxdma_step rig_read(uint32_t offset)
{
	return bar2_step(PLXDMA_STEP_READ, offset);
}

struct plxdma_step rig_poll(uint32_t offset, uint32_t mask, uint32_t want,
			    uint32_t timeout_us)
{
	struct plxdma_step step = bar2_step(PLXDMA_STEP_POLL, offset);

	step.mask = mask;
	step.want = want;
	step.timeout_us = timeout_us;
	return step;
}
