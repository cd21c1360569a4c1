/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base address registers: what they are, and mapped; see window.h. */
#include <errno.h>
#include <unistd.h>

#include "plxapi/device.h"
#include "plxapi/trap.h"

#define CONFIG_BAR0 0x10
#define BAR_IO 0x1u
#define BAR_PREFETCHABLE 0x8u
#define CHIP_BAR 0

void windows_init(struct window *windows)
{
	unsigned int i;

	for (i = 0; i < PLXDMA_BARS; i++)
		pthread_mutex_init(&windows[i].lock, NULL);
}

/* Address space comes in pages. */
static size_t whole_pages(uint64_t size)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (size_t)((size + page - 1) & ~(page - 1));
}

static PLX_STATUS window_open(struct crate_card *card, unsigned int bar,
			      struct window *window)
{
	volatile void *address = NULL;
	int result = -EOPNOTSUPP;

	if (bar != CHIP_BAR)
		result = plxdma_window_map(card->card, bar, &address,
					   &window->size);
	window->trapped = result == -EOPNOTSUPP || result == -EACCES;
	if (!window->trapped) {
		window->address = (void *)(uintptr_t)address;
		return status_failed("PciBarMap", card->card, result);
	}
	window->size = whole_pages(card->info.bars[bar].size);
	result = trap_open(card->card, bar, window->size, &window->address);
	if (result == -EOPNOTSUPP)
		return status_refuse("PciBarMap", PLX_STATUS_UNSUPPORTED,
				     "%s has no window onto BAR%u, and loads "
				     "and stores can be caught on x86-64 only",
				     card->spec, bar);
	if (result)
		return status_refuse("PciBarMap", PLX_STATUS_INSUFFICIENT_RES,
				     "no address space for BAR%u", bar);
	return PLX_STATUS_OK;
}

static void window_shut(struct plxdma_card *card, unsigned int bar,
			struct window *window)
{
	if (window->trapped)
		trap_close(window->address);
	else
		plxdma_window_unmap(card, bar);
	window->address = NULL;
	window->users = 0;
}

void windows_close(struct window *windows, struct plxdma_card *card)
{
	unsigned int bar;

	for (bar = 0; bar < PLXDMA_BARS; bar++) {
		if (windows[bar].users)
			window_shut(card, bar, &windows[bar]);
	}
}

static PLX_STATUS window_take(struct crate_card *card, unsigned int bar,
			      void **address)
{
	struct window *window = &card->windows[bar];
	PLX_STATUS status = PLX_STATUS_OK;

	pthread_mutex_lock(&window->lock);
	if (!window->users)
		status = window_open(card, bar, window);
	if (status == PLX_STATUS_OK) {
		window->users++;
		*address = window->address;
	}
	pthread_mutex_unlock(&window->lock);
	return status;
}

static void window_release(struct crate_card *card, unsigned int bar)
{
	struct window *window = &card->windows[bar];

	pthread_mutex_lock(&window->lock);
	if (window->users && --window->users == 0)
		window_shut(card->card, bar, window);
	pthread_mutex_unlock(&window->lock);
}

/* --- properties ------------------------------------------------------- */

static PLX_STATUS bar_properties(struct crate_card *card, U8 bar,
				 PLX_PCI_BAR_PROP *properties)
{
	uint32_t value = 0;
	int result;

	memset(properties, 0, sizeof(*properties));
	result = plxdma_config_read(card->card, CONFIG_BAR0 + 4u * bar, 32,
				    &value);
	if (result)
		return status_failed("PciBarProperties", card->card, result);
	if (!card->info.bars[bar].size)
		return PLX_STATUS_OK;
	properties->BarValue = value;
	properties->Size = card->info.bars[bar].size;
	if (value & BAR_IO) {
		properties->Physical = value & ~UINT32_C(3);
		properties->Flags = PLX_BAR_FLAG_IO;
		return PLX_STATUS_OK;
	}
	properties->Physical = value & ~UINT32_C(15);
	properties->Flags = PLX_BAR_FLAG_MEM | PLX_BAR_FLAG_32_BIT;
	if (value & BAR_PREFETCHABLE)
		properties->Flags |= PLX_BAR_FLAG_PREFETCHABLE;
	return PLX_STATUS_OK;
}

PLX_STATUS PlxPci_PciBarProperties(PLX_DEVICE_OBJECT *pDevice, U8 BarIndex,
				   PLX_PCI_BAR_PROP *pBarProperties)
{
	struct device *device;
	PLX_STATUS status;

	if (!pBarProperties)
		return PLX_STATUS_NULL_PARAM;
	memset(pBarProperties, 0, sizeof(*pBarProperties));
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	if (BarIndex >= PLXDMA_BARS)
		return PLX_STATUS_INVALID_DATA;
	return bar_properties(device->card, BarIndex, pBarProperties);
}

/* --- mapping ---------------------------------------------------------- */

PLX_STATUS PlxPci_PciBarMap(PLX_DEVICE_OBJECT *pDevice, U8 BarIndex,
			    VOID **pVa)
{
	const struct plxdma_bar_info *bar;
	struct device *device;
	PLX_STATUS status;

	if (!pVa)
		return PLX_STATUS_NULL_PARAM;
	*pVa = NULL;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	if (BarIndex >= PLXDMA_BARS)
		return PLX_STATUS_INVALID_DATA;
	if (pDevice->BarMapRef[BarIndex]) {
		*pVa = PLX_INT_TO_PTR(pDevice->PciBarVa[BarIndex]);
		pDevice->BarMapRef[BarIndex]++;
		return PLX_STATUS_OK;
	}
	bar = &device->card->info.bars[BarIndex];
	if (!bar->size)
		return status_refuse("PciBarMap", PLX_STATUS_INVALID_SIZE,
				     "BAR%u is not there", BarIndex);
	if (bar->io)
		return status_refuse("PciBarMap", PLX_STATUS_INVALID_ADDR,
				     "BAR%u is an I/O space", BarIndex);
	status = window_take(device->card, BarIndex, pVa);
	if (status != PLX_STATUS_OK)
		return status;
	bar_properties(device->card, BarIndex, &pDevice->PciBar[BarIndex]);
	pDevice->PciBarVa[BarIndex] = PLX_PTR_TO_INT(*pVa);
	pDevice->BarMapRef[BarIndex] = 1;
	return PLX_STATUS_OK;
}

PLX_STATUS PlxPci_PciBarUnmap(PLX_DEVICE_OBJECT *pDevice, VOID **pVa)
{
	struct device *device;
	PLX_STATUS status;
	U8 bar;

	if (!pVa)
		return PLX_STATUS_NULL_PARAM;
	if (!*pVa)
		return PLX_STATUS_INVALID_ADDR;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	for (bar = 0; bar < PLXDMA_BARS; bar++) {
		if (pDevice->BarMapRef[bar] &&
		    pDevice->PciBarVa[bar] == PLX_PTR_TO_INT(*pVa))
			break;
	}
	if (bar == PLXDMA_BARS)
		return PLX_STATUS_INVALID_ADDR;
	if (--pDevice->BarMapRef[bar] == 0) {
		window_release(device->card, bar);
		pDevice->PciBarVa[bar] = 0;
	}
	*pVa = NULL;
	return PLX_STATUS_OK;
}
