/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The card of paper: registers, script, log. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fake_card.h"

#define DONE_NOW(fake, n) ((fake)->regs[PLX_DMACSR(n)] |= PLX_DMACSR_DONE)

static struct fake *fake_of(struct transport *transport)
{
	return (struct fake *)transport;
}

uint32_t fake_reg(const struct fake *fake, unsigned int offset)
{
	uint32_t value;

	memcpy(&value, fake->regs + offset, sizeof(value));
	return value;
}

void fake_set(struct fake *fake, unsigned int offset, uint32_t value)
{
	memcpy(fake->regs + offset, &value, sizeof(value));
}

uint32_t fake_bar2(const struct fake *fake, unsigned int offset)
{
	uint32_t value;

	memcpy(&value, fake->bar2 + offset, sizeof(value));
	return value;
}

void fake_bar2_set(struct fake *fake, unsigned int offset, uint32_t value)
{
	memcpy(fake->bar2 + offset, &value, sizeof(value));
}

static void fake_note(struct fake *fake, char kind, unsigned int offset,
		      unsigned int width, uint32_t value)
{
	if (fake->logged == FAKE_LOG)
		return;
	fake->log[fake->logged++] = (struct fake_access){
		kind, (uint16_t)offset, (uint8_t)width, value
	};
}

void fake_finish(struct fake *fake, unsigned int channel)
{
	const uint64_t one = 1;

	DONE_NOW(fake, channel);
	if (fake->interrupts &&
	    fake_reg(fake, PLX_DMAMODE(channel)) & PLX_DMAMODE_DONE_INTERRUPT)
		ck_assert_int_eq(write(fake->fds[channel], &one, sizeof(one)),
				 sizeof(one));
}

void *fake_cpu(const struct fake *fake, uint32_t bus)
{
	unsigned int i;

	for (i = 0; i < fake->coherents; i++)
		if (bus >= fake->coherent[i].bus &&
		    bus < fake->coherent[i].bus + fake->coherent[i].size)
			return (char *)fake->coherent[i].cpu +
			       (bus - fake->coherent[i].bus);
	return NULL;
}

/* Loads descriptors into the registers, the first `most` of a chain. */
static void chain_load(struct fake *fake, unsigned int n, unsigned int most)
{
	uint32_t dpr = fake_reg(fake, PLX_DMADPR(n));
	const uint32_t *lwords;

	while (most-- && !(dpr & PLX_DMADPR_END)) {
		lwords = fake_cpu(fake, dpr & PLX_DMADPR_NEXT_MASK);
		ck_assert_msg(lwords != NULL, "wild descriptor %x", dpr);
		fake_set(fake, PLX_DMAPADR(n), lwords[0]);
		fake_set(fake, PLX_DMALADR(n), lwords[1]);
		fake_set(fake, PLX_DMASIZ(n), lwords[2]);
		dpr = lwords[3];
		fake_set(fake, PLX_DMADPR(n), dpr);
		if (fake_reg(fake, PLX_DMAMODE(n)) & PLX_DMAMODE_DAC_CHAIN)
			fake_set(fake, PLX_DMADAC(n), lwords[4]);
	}
}

static void dma_reset(struct fake *fake, unsigned int n)
{
	fake_set(fake, PLX_DMAMODE(n), 0x43);
	fake_set(fake, PLX_DMAPADR(n), 0);
	fake_set(fake, PLX_DMALADR(n), 0);
	fake_set(fake, PLX_DMASIZ(n), 0);
	fake_set(fake, PLX_DMADPR(n), 0);
	fake->regs[PLX_DMACSR(n)] = PLX_DMACSR_DONE;
}

static void bus_fault(struct fake *fake, unsigned int n, uint16_t status)
{
	uint32_t intcsr = fake_reg(fake, PLX_INTCSR) | 0x07000000;

	fake->status |= status;
	fake_set(fake, PLX_INTCSR, intcsr & ~PLX_INTCSR_NOT_DMA(n));
}

static void fake_start(struct fake *fake, unsigned int n)
{
	enum fake_end end = FAKE_DONE;
	int chain = (fake_reg(fake, PLX_DMAMODE(n)) & PLX_DMAMODE_CHAIN) != 0;

	if (fake->played[n] < fake->scripted[n])
		end = fake->script[n][fake->played[n]++];
	fake->fate[n] = end;
	if (chain && !n && fake->on_start) {
		fake->regs[PLX_DMACSR(n)] &= (uint8_t)~PLX_DMACSR_DONE;
		fake->on_start(fake);
		return;
	}
	fake->regs[PLX_DMACSR(n)] &= (uint8_t)~PLX_DMACSR_DONE;
	fake->left[n] = fake->looks;
	switch (end) {
	case FAKE_DONE:
		if (chain)
			chain_load(fake, n, UINT32_MAX);
		fake_finish(fake, n);
		break;
	case FAKE_LATER:
		if (chain)
			chain_load(fake, n, UINT32_MAX);
		break;
	case FAKE_EOT:
		if (chain)
			chain_load(fake, n, 1);
		fake_finish(fake, n);
		break;
	case FAKE_MASTER_ABORT:
		bus_fault(fake, n, PLX_STATUS_RECEIVED_MASTER_ABORT);
		if (chain)
			chain_load(fake, n, 2);
		break;
	case FAKE_TARGET_ABORT:
		bus_fault(fake, n, PLX_STATUS_RECEIVED_TARGET_ABORT);
		break;
	case FAKE_RESET:
		dma_reset(fake, n);
		break;
	case FAKE_RESET_SILENT:
		fake_set(fake, PLX_DMAMODE(n), 0x43);
		break;
	case FAKE_GONE:
		fake->gone = 1;
		break;
	case FAKE_HANG:
	case FAKE_STUCK:
		break;
	}
}

static uint32_t op_reg_read(struct transport *transport, unsigned int offset,
			    unsigned int width)
{
	struct fake *fake = fake_of(transport);
	uint32_t value = 0;
	unsigned int n;

	if (fake->on_access)
		fake->on_access(fake);
	pthread_mutex_lock(&fake->lock);
	if (offset == PLX_DMACSR0 && width == 32)
		fake->csr_reads++;
	else
		fake->other_reads++;
	for (n = 0; offset == PLX_DMACSR0 && n < PLXDMA_CHANNELS; n++)
		if (fake->fate[n] == FAKE_LATER && fake->left[n] &&
		    !--fake->left[n])
			fake_finish(fake, n);
	memcpy(&value, (fake->gone ? fake->ones : fake->regs) + offset,
	       width / 8);
	if (fake->reads_left && !--fake->reads_left)
		fake->gone = 1;
	pthread_mutex_unlock(&fake->lock);
	return value;
}

static void csr_write(struct fake *fake, unsigned int n, uint32_t value)
{
	uint8_t *csr = &fake->regs[PLX_DMACSR(n)];

	*csr = (uint8_t)((*csr & PLX_DMACSR_DONE) |
			 (value & PLX_DMACSR_ENABLE));
	if (value & PLX_DMACSR_START)
		fake_start(fake, n);
}

static void op_reg_write(struct transport *transport, unsigned int offset,
			 unsigned int width, uint32_t value)
{
	struct fake *fake = fake_of(transport);

	if (fake->just_before)
		fake->just_before(fake, 'W');
	if (fake->on_access)
		fake->on_access(fake);
	pthread_mutex_lock(&fake->lock);
	fake_note(fake, 'W', offset, width, value);
	if (fake->gone) {
		memcpy(fake->ones + offset, &value, width / 8);
	} else if (offset == PLX_DMACSR0 || offset == PLX_DMACSR1) {
		/* Nothing but a start is the driver's to write there. */
		if (width != 8 || (value != 1 && value != 3))
			ck_abort_msg("DMACSR: %u bits of %x", width, value);
		csr_write(fake, offset - PLX_DMACSR0, value);
	} else {
		if (offset >= PLX_INTCSR && offset < PLX_INTCSR + 4)
			ck_abort_msg("INTCSR is the handler's");
		memcpy(fake->regs + offset, &value, width / 8);
	}
	pthread_mutex_unlock(&fake->lock);
}

static uint64_t op_bar_size(struct transport *transport, unsigned int bar,
			    uint32_t *flags)
{
	(void)transport;
	*flags = bar == 1;
	return bar < 2 ? 512 : bar == 2 ? 1 << 20 : 0;
}

static uint32_t op_bar_read(struct transport *transport, unsigned int bar,
			    uint64_t offset, unsigned int width)
{
	struct fake *fake = fake_of(transport);
	uint32_t value = 0;

	ck_assert_uint_eq(bar, 2);
	if (fake->just_before)
		fake->just_before(fake, 'r');
	pthread_mutex_lock(&fake->lock);
	fake->bar_reads++;
	if (fake->on_bar_read)
		fake->on_bar_read(fake, (unsigned int)offset);
	if (offset < FAKE_BAR)
		memcpy(&value, fake->bar2 + offset, width / 8);
	if (fake->gone)
		value = UINT32_MAX >> (32 - width);
	fake_note(fake, 'r', (unsigned int)offset, width, value);
	pthread_mutex_unlock(&fake->lock);
	return value;
}

static void op_bar_write(struct transport *transport, unsigned int bar,
			 uint64_t offset, unsigned int width, uint32_t value)
{
	struct fake *fake = fake_of(transport);

	ck_assert_uint_eq(bar, 2);
	pthread_mutex_lock(&fake->lock);
	fake_note(fake, 'w', (unsigned int)offset, width, value);
	if (offset < FAKE_BAR)
		memcpy(fake->bar2 + offset, &value, width / 8);
	pthread_mutex_unlock(&fake->lock);
}

static uint32_t op_config_read(struct transport *transport,
			       unsigned int offset, unsigned int width)
{
	uint32_t value = 0;

	memcpy(&value, fake_of(transport)->config + offset, width / 8);
	return value;
}

static void op_config_write(struct transport *transport, unsigned int offset,
			    unsigned int width, uint32_t value)
{
	memcpy(fake_of(transport)->config + offset, &value, width / 8);
}

static int op_bus_master(struct transport *transport, int on)
{
	struct fake *fake = fake_of(transport);

	pthread_mutex_lock(&fake->lock);
	fake_note(fake, 'M', 0, 0, (uint32_t)on);
	pthread_mutex_unlock(&fake->lock);
	return on ? fake->master_result : 0;
}

static int op_map(struct transport *transport, const struct arena *arena,
		  uint64_t *bus, struct error *error)
{
	struct fake *fake = fake_of(transport);
	size_t i;

	if (fake->map_result)
		return error_set(error, fake->map_result, "no map");
	for (i = 0; i < arena->pages; i++)
		bus[i] = fake->bus ? fake->bus[i]
				   : 0x10000000 + i * arena->page_size;
	fake->mapped++;
	return 0;
}

static void op_unmap(struct transport *transport, const struct arena *arena,
		     const uint64_t *bus)
{
	(void)arena;
	(void)bus;
	fake_of(transport)->mapped--;
}

static int op_coherent_alloc(struct transport *transport, size_t size,
			     void **cpu, uint64_t *bus, struct error *error)
{
	struct fake *fake = fake_of(transport);
	struct fake_coherent *coherent;

	if (fake->coherent_result)
		return error_set(error, fake->coherent_result, "no memory");
	ck_assert_uint_lt(fake->coherents, FAKE_COHERENT);
	coherent = &fake->coherent[fake->coherents++];
	coherent->cpu = calloc(1, size);
	coherent->bus = fake->coherent_bus;
	coherent->size = size;
	fake->coherent_bus += size;
	*cpu = coherent->cpu;
	*bus = coherent->bus;
	return 0;
}

static void op_coherent_free(struct transport *transport, size_t size,
			     void *cpu, uint64_t bus)
{
	struct fake *fake = fake_of(transport);

	(void)size;
	(void)cpu;
	(void)bus;
	fake->coherents_freed++;
}

static int abortable(const struct fake *fake, unsigned int n)
{
	return fake->fate[n] != FAKE_STUCK ||
	       fake->regs[PLX_DMACSR(n)] & PLX_DMACSR_DONE;
}

static int op_channel_control(struct transport *transport, unsigned int n,
			      enum transport_control control)
{
	struct fake *fake = fake_of(transport);
	int result = 0;

	if (fake->on_access)
		fake->on_access(fake);
	pthread_mutex_lock(&fake->lock);
	fake_note(fake, 'C', n, 0, control);
	if (fake->gone) {
		result = -ENODEV;
	} else if (!abortable(fake, n)) {
		result = -ETIMEDOUT;
	} else {
		fake->left[n] = 0;
		DONE_NOW(fake, n);
	}
	fake->regs[PLX_DMACSR(n)] &= (uint8_t)~PLX_DMACSR_ENABLE;
	pthread_mutex_unlock(&fake->lock);
	return result;
}

static int op_clear_status(struct transport *transport, uint16_t *status)
{
	struct fake *fake = fake_of(transport);

	pthread_mutex_lock(&fake->lock);
	fake_note(fake, 'S', 0, 0, fake->status);
	*status = fake->status;
	fake->status = 0;
	pthread_mutex_unlock(&fake->lock);
	return fake->gone ? -ENODEV : 0;
}

static int op_reset(struct transport *transport)
{
	struct fake *fake = fake_of(transport);
	unsigned int n;

	pthread_mutex_lock(&fake->lock);
	fake_note(fake, 'R', 0, 0, 0);
	for (n = 0; n < PLXDMA_CHANNELS; n++)
		if (abortable(fake, n) || fake->reset_heals)
			dma_reset(fake, n);
	pthread_mutex_unlock(&fake->lock);
	return fake->reset_result;
}

static int op_irq_fd(struct transport *transport,
		     enum plxdma_irq_source source)
{
	return fake_of(transport)->fds[source];
}

static int op_irq_read(struct transport *transport,
		       enum plxdma_irq_source source,
		       struct plxdma_irq_event *event)
{
	struct fake *fake = fake_of(transport);
	uint64_t count;

	(void)event;
	fake->acks++;
	return read(fake->fds[source], &count, sizeof(count)) < 0 ? 0 : 1;
}

static int op_service_fd(struct transport *transport)
{
	return fake_of(transport)->service_fd;
}

static void op_service(struct transport *transport)
{
	struct fake *fake = fake_of(transport);

	pthread_mutex_lock(&fake->lock);
	fake->services++;
	if (fake->on_service)
		fake->on_service(fake);
	pthread_mutex_unlock(&fake->lock);
}

static void op_counters(struct transport *transport,
			struct plxdma_counters *counters)
{
	(void)transport;
	(void)counters;
}

static void op_close(struct transport *transport)
{
	fake_of(transport)->closed++;
}

static const struct transport_ops ops = {
	.reg_read = op_reg_read,
	.reg_write = op_reg_write,
	.bar_read = op_bar_read,
	.bar_write = op_bar_write,
	.bar_size = op_bar_size,
	.config_read = op_config_read,
	.config_write = op_config_write,
	.bus_master = op_bus_master,
	.map = op_map,
	.unmap = op_unmap,
	.coherent_alloc = op_coherent_alloc,
	.coherent_free = op_coherent_free,
	.channel_control = op_channel_control,
	.clear_status = op_clear_status,
	.reset = op_reset,
	.irq_fd = op_irq_fd,
	.irq_read = op_irq_read,
	.service_fd = op_service_fd,
	.service = op_service,
	.counters = op_counters,
	.close = op_close,
};

static void regs_reset(struct fake *fake, uint32_t hidr)
{
	unsigned int n;

	fake_set(fake, PLX_PCIHIDR, hidr);
	fake->regs[PLX_PCIHREV] = 0x0c;
	fake_set(fake, PLX_INTCSR, 0x0f010100);
	fake_set(fake, PLX_LAS0BA, 0x20000001);
	for (n = 0; n < PLXDMA_CHANNELS; n++) {
		fake_set(fake, PLX_DMAMODE(n), 0x43);
		fake->regs[PLX_DMACSR(n)] = PLX_DMACSR_DONE;
	}
}

struct fake *fake_new(uint32_t hidr)
{
	struct fake *fake = calloc(1, sizeof(*fake));
	const uint32_t id = 0x905410b5, subsystem = 0x123410b5;
	unsigned int i;

	ck_assert_ptr_nonnull(fake);
	fake->transport = (struct transport){
		.ops = &ops,
		.info = { .name = "fake", .numa_node = -1, .dac = 1 },
	};
	pthread_mutex_init(&fake->lock, NULL);
	fake->service_fd = -1;
	fake->coherent_bus = 0x00100000;
	for (i = 0; i < PLXDMA_IRQ_SOURCES; i++)
		fake->fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	memcpy(fake->config + PLX_CFG_ID, &id, 4);
	memcpy(fake->config + PLX_CFG_SUBSYSTEM, &subsystem, 4);
	memset(fake->ones, 0xff, sizeof(fake->ones));
	regs_reset(fake, hidr);
	return fake;
}

void fake_free(struct fake *fake)
{
	unsigned int i;

	for (i = 0; i < fake->coherents; i++)
		free(fake->coherent[i].cpu);
	for (i = 0; i < PLXDMA_IRQ_SOURCES; i++)
		close(fake->fds[i]);
	pthread_mutex_destroy(&fake->lock);
	free(fake);
}

struct dma_card *fake_open(struct fake *fake, const char *options)
{
	struct card_options parsed;
	struct dma_card *card;
	struct error error = { "" };
	char rest[256];

	ck_assert_int_eq(options_strip(options, &parsed, rest, sizeof(rest),
				       &error), 0);
	ck_assert_msg(!card_new(&fake->transport, &parsed, "fake", &card,
				&error), "%s", error.text);
	fake_forget(fake);
	return card;
}

void fake_plan(struct fake *fake, unsigned int channel, enum fake_end end)
{
	ck_assert_uint_lt(fake->scripted[channel], FAKE_SCRIPT);
	fake->script[channel][fake->scripted[channel]++] = end;
}

void fake_forget(struct fake *fake)
{
	fake->logged = 0;
	fake->csr_reads = 0;
	fake->other_reads = 0;
}

static void log_print(const char *title, const struct fake_access *log,
		      unsigned int count)
{
	unsigned int i;

	printf("%s:\n", title);
	for (i = 0; i < count; i++)
		printf("  %c %02x/%u %08x\n", log[i].kind, log[i].offset,
		       log[i].width, log[i].value);
}

int fake_wrote(const struct fake *fake, const struct fake_access *expected,
	       unsigned int count)
{
	unsigned int i;
	int same = fake->logged == count;

	for (i = 0; same && i < count; i++)
		same = fake->log[i].kind == expected[i].kind &&
		       fake->log[i].offset == expected[i].offset &&
		       fake->log[i].width == expected[i].width &&
		       fake->log[i].value == expected[i].value;
	if (!same) {
		log_print("expected", expected, count);
		log_print("got", fake->log, fake->logged);
	}
	return same;
}

unsigned int fake_writes(const struct fake *fake)
{
	return fake_calls(fake, 'W');
}

unsigned int fake_calls(const struct fake *fake, char kind)
{
	unsigned int i, calls = 0;

	for (i = 0; i < fake->logged; i++)
		calls += fake->log[i].kind == kind;
	return calls;
}

unsigned int fake_starts(const struct fake *fake, unsigned int channel)
{
	unsigned int i, starts = 0;

	for (i = 0; i < fake->logged; i++)
		starts += fake->log[i].kind == 'W' &&
			  fake->log[i].offset == PLX_DMACSR(channel) &&
			  fake->log[i].value & PLX_DMACSR_START;
	return starts;
}

struct arena *fake_arena(size_t pages)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	arena->pages = pages;
	arena->page_size = 4096;
	arena->page_shift = 12;
	arena->size = pages * 4096;
	arena->quarantine = calloc(pages, 1);
	return arena;
}

void fake_arena_free(struct arena *arena)
{
	free(arena->quarantine);
	free(arena);
}
