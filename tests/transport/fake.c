/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See fake.h. */
#include "fake.h"

#include <check.h>
#include <string.h>

static struct fake *fake_of(struct transport *transport)
{
	return (struct fake *)transport;
}

static uint32_t csr_read(struct fake *fake, unsigned int channel)
{
	if (fake->abort_reads > 0 && !--fake->abort_reads)
		fake->csr[channel] |= PLX_DMACSR_DONE;
	return fake->csr[channel];
}

static uint32_t fake_reg_read(struct transport *transport, unsigned int offset,
			      unsigned int width)
{
	struct fake *fake = fake_of(transport);

	fake->reads++;
	if (fake->gone)
		return width == 8 ? 0xff : UINT32_MAX;
	switch (offset) {
	case PLX_INTCSR:
		return fake->intcsr;
	case PLX_L2PDBELL:
		return fake->doorbell;
	case PLX_DMACSR0:
	case PLX_DMACSR1:
		return csr_read(fake, offset - PLX_DMACSR0);
	}
	ck_abort_msg("unexpected read of %#x", offset);
}

static void csr_write(struct fake *fake, unsigned int channel, uint32_t value)
{
	fake->csr[channel] &= (uint8_t)~PLX_DMACSR_ENABLE;
	fake->csr[channel] |= value & PLX_DMACSR_ENABLE;
	if (value & PLX_DMACSR_CLEAR)
		fake->intcsr &= ~PLX_INTCSR_DMA(channel);
}

static void intcsr_write(struct fake *fake, unsigned int byte, uint32_t value)
{
	uint32_t writable = PLX_INTCSR_WRITABLE & UINT32_C(0xff) << 8 * byte;

	fake->intcsr =
		(fake->intcsr & ~writable) | (value << 8 * byte & writable);
}

static void fake_reg_write(struct transport *transport, unsigned int offset,
			   unsigned int width, uint32_t value)
{
	struct fake *fake = fake_of(transport);

	ck_assert_uint_lt(fake->writes, FAKE_LOG);
	fake->log[fake->writes++] = (struct fake_access){offset, value};
	switch (offset) {
	case PLX_INTCSR + 1:
	case PLX_INTCSR + 2:
		ck_assert_uint_eq(width, 8);
		intcsr_write(fake, offset - PLX_INTCSR, value);
		break;
	case PLX_L2PDBELL:
		fake->doorbell &= ~value;
		if (!fake->doorbell)
			fake->intcsr &= ~PLX_INTCSR_DOORBELL;
		break;
	case PLX_DMACSR0:
	case PLX_DMACSR1:
		ck_assert_uint_eq(width, 8);
		csr_write(fake, offset - PLX_DMACSR0, value);
		break;
	default:
		ck_abort_msg("unexpected write of %#x", offset);
	}
	if (fake->meanwhile)
		fake->meanwhile(fake, offset);
}

static uint32_t fake_config_read(struct transport *transport,
				 unsigned int offset, unsigned int width)
{
	ck_assert_uint_eq(offset, PLX_CFG_STATUS);
	ck_assert_uint_eq(width, 16);
	return fake_of(transport)->status;
}

static void fake_config_write(struct transport *transport, unsigned int offset,
			      unsigned int width, uint32_t value)
{
	struct fake *fake = fake_of(transport);

	ck_assert_uint_eq(offset, PLX_CFG_STATUS);
	ck_assert_uint_eq(width, 16);
	/* Parity and SERR# bits are somebody else's to clear. */
	ck_assert_uint_eq(value & ~(uint32_t)PLX_STATUS_ABORTS, 0);
	fake->status &= (uint16_t)~value;
	if (!(fake->status & PLX_STATUS_ABORTS))
		fake->intcsr &= ~PLX_INTCSR_ABORT;
}

static const struct transport_ops fake_ops = {
	.reg_read = fake_reg_read,
	.reg_write = fake_reg_write,
	.config_read = fake_config_read,
	.config_write = fake_config_write,
};

int fake_level(struct transport *transport)
{
	const struct fake *fake = fake_of(transport);
	uint32_t pairs[][2] = {
		{PLX_INTCSR_DOORBELL, PLX_INTCSR_DOORBELL_ENABLE},
		{PLX_INTCSR_ABORT, PLX_INTCSR_ABORT_ENABLE},
		{PLX_INTCSR_LINT, PLX_INTCSR_LINT_ENABLE},
		{PLX_INTCSR_DMA0, PLX_INTCSR_DMA0_ENABLE},
		{PLX_INTCSR_DMA1, PLX_INTCSR_DMA1_ENABLE},
	};
	unsigned int i;

	if (!(fake->intcsr & PLX_INTCSR_PCI_ENABLE))
		return 0;
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (fake->intcsr & pairs[i][0] && fake->intcsr & pairs[i][1])
			return 1;
	return 0;
}

void fake_init(struct fake *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->transport.ops = &fake_ops;
	fake->intcsr = PLX_INTCSR_RESET;
	fake->csr[0] = PLX_DMACSR_RESET;
	fake->csr[1] = PLX_DMACSR_RESET;
	ck_assert_int_eq(
		interrupt_init(&fake->interrupt, &fake->transport, fake_level),
		0);
	fake->writes = 0;
	fake->reads = 0;
}

void fake_destroy(struct fake *fake)
{
	interrupt_destroy(&fake->interrupt);
}

void fake_assert(struct fake *fake, uint32_t status)
{
	int before = fake_level(&fake->transport);

	fake->intcsr |= status;
	if (!before && fake_level(&fake->transport))
		interrupt_raise(&fake->interrupt);
}

unsigned int fake_wrote(const struct fake *fake, unsigned int offset,
			uint32_t value)
{
	unsigned int i, n = 0;

	for (i = 0; i < fake->writes; i++)
		n += fake->log[i].offset == offset &&
		     fake->log[i].value == value;
	return n;
}

int fake_taken(struct fake *fake, enum plxdma_irq_source source,
	       struct plxdma_irq_event *event)
{
	struct plxdma_irq_event ignored;

	return interrupt_read(&fake->interrupt, source,
			      event ? event : &ignored);
}
