/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Histograms in external memory, parameters in the DSP's. */
#include "module.h"

#include <stdlib.h>

#define POLLS 100000
#define DSP_WORDS 300
#define DSP_AT 0x1000
#define DSP_DMA_STATUS 0x37
#define DSP_DMA_GO 0x905
#define DSP_DMA_STOP 0x904

/* What the board fills its external memory with. */
static uint32_t expected(uint32_t address)
{
	return address * 2654435761u;
}

static int words_compare(struct module *module, const uint32_t *words,
			 uint32_t address, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (words[i] != expected(address + (uint32_t)i))
			return module_fail(module,
					   "external memory at %#zx is %#x, "
					   "not %#x", address + i, words[i],
					   expected(address + (uint32_t)i));
	}
	return 0;
}

int memory_check(struct module *module, uint32_t address, size_t count)
{
	uint32_t *words = calloc(count, sizeof(*words));
	uint32_t csr = module_read(module, CSR);
	int result;

	if (!words)
		return module_fail(module, "no memory");
	module_write(module, CSR, csr | CSR_PCI_ACTIVE);
	module_write(module, MEMORY_ADDRESS, address);
	/* The logic wants a read after the address, and forgets it again. */
	(void)module_read(module, MEMORY_PORT);
	module_write(module, MEMORY_READ, 0);
	result = module_dma(module, LOCAL_MEMORY, words, count);
	module_write(module, CSR, csr);
	if (!result)
		result = words_compare(module, words, address, count);
	free(words);
	return result;
}

static void dsp_write(struct module *module)
{
	uint32_t i;

	module_write(module, BUS_REQUEST, 0);
	module_write(module, DSP_ADDRESS, DSP_AT);
	for (i = 0; i < DSP_WORDS; i++)
		module_write(module, DSP_DATA, i * 2246822519u);
	module_write(module, BUS_DONE, 0);
}

static void dsp_dma_prepare(struct module *module)
{
	module_write(module, BUS_REQUEST, 0);
	module_write(module, DSP_ADDRESS, DSP_DMA_STATUS);
	(void)module_read(module, DSP_DATA);
	module_write(module, DSP_DMA_INDEX, DSP_AT);
	module_write(module, DSP_DMA_COUNT, DSP_WORDS);
	module_write(module, DSP_DMA_STRIDE, 1);
	module_write(module, DSP_DMA_OUTSIDE, DSP_WORDS);
	module_write(module, DSP_DMA_CONTROL, DSP_DMA_GO);
	module_write(module, LEVEL, DSP_WORDS / 2);
	module_write(module, BUS_DONE, 0);
	module_write(module, DSP_READ, 0);
}

static int dsp_ready(struct module *module)
{
	unsigned int i;

	for (i = 0; i < POLLS; i++) {
		if (module_read(module, CSR) & CSR_READY)
			return 0;
	}
	return module_fail(module, "the DSP's FIFO isn't ready");
}

int dsp_check(struct module *module)
{
	uint32_t words[DSP_WORDS];
	uint32_t i;
	int result;

	dsp_write(module);
	dsp_dma_prepare(module);
	result = dsp_ready(module);
	if (!result)
		result = module_dma(module, LOCAL_DSP, words, DSP_WORDS);
	module_write(module, BUS_REQUEST, 0);
	module_write(module, DSP_DMA_CONTROL, DSP_DMA_STOP);
	module_write(module, BUS_DONE, 0);
	module_write(module, LEVEL, 0);
	for (i = 0; !result && i < DSP_WORDS; i++) {
		if (words[i] != i * 2246822519u)
			result = module_fail(module, "DSP word %u is %#x", i,
					     words[i]);
	}
	return result;
}
