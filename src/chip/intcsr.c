/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* INTCSR: status AND enable (chip ref. 2.3, 4.1 to 4.3). */
#include "chip/intcsr.h"
#include "chip/plx9054.h"

#define ALL_ONES UINT32_MAX

static const struct {
	uint32_t status;
	uint32_t enable;
} sources[PLXDMA_IRQ_SOURCES] = {
	[PLXDMA_IRQ_DMA0] = { PLX_INTCSR_DMA0, PLX_INTCSR_DMA0_ENABLE },
	[PLXDMA_IRQ_DMA1] = { PLX_INTCSR_DMA1, PLX_INTCSR_DMA1_ENABLE },
	[PLXDMA_IRQ_DOORBELL] = { PLX_INTCSR_DOORBELL,
				  PLX_INTCSR_DOORBELL_ENABLE },
	[PLXDMA_IRQ_LINT] = { PLX_INTCSR_LINT, PLX_INTCSR_LINT_ENABLE },
	[PLXDMA_IRQ_ABORT] = { PLX_INTCSR_ABORT, PLX_INTCSR_ABORT_ENABLE },
};

unsigned int intcsr_sources(uint32_t intcsr, uint32_t mode0, uint32_t mode1)
{
	unsigned int i, active = 0;

	if (intcsr == ALL_ONES || !(intcsr & PLX_INTCSR_PCI_ENABLE))
		return 0;
	for (i = 0; i < PLXDMA_IRQ_SOURCES; i++)
		if ((intcsr & sources[i].status) &&
		    (intcsr & sources[i].enable))
			active |= 1u << i;
	if (!(mode0 & PLX_DMAMODE_PCI_INTERRUPT))
		active &= ~(1u << PLXDMA_IRQ_DMA0);
	if (!(mode1 & PLX_DMAMODE_PCI_INTERRUPT))
		active &= ~(1u << PLXDMA_IRQ_DMA1);
	return active;
}

uint32_t intcsr_enable_bit(enum plxdma_irq_source source)
{
	if ((unsigned int)source >= PLXDMA_IRQ_SOURCES)
		return 0;
	return sources[source].enable;
}

uint32_t intcsr_change(uint32_t intcsr, uint32_t set, uint32_t clear)
{
	return ((intcsr & ~clear) | set) & PLX_INTCSR_WRITABLE &
	       ~(PLX_INTCSR_PM_ENABLE | PLX_INTCSR_PARITY_ENABLE);
}

unsigned int intcsr_abort_masters(uint32_t intcsr)
{
	unsigned int masters = 0;

	if (!(intcsr & PLX_INTCSR_NOT_DMA0))
		masters |= 1;
	if (!(intcsr & PLX_INTCSR_NOT_DMA1))
		masters |= 2;
	if (!(intcsr & PLX_INTCSR_NOT_DIRECT_MASTER))
		masters |= 4;
	return masters;
}
