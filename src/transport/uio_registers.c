/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers and local spaces of a card on the stub: loads and stores in the
 * BARs that the companion device maps.
 *
 * Where BAR0 can't be mapped (memory decoding is off, or a board without it)
 * the chip's registers are reached through the I/O BAR, which shows the same
 * ones (chip ref. 2.2), an ioctl for each access.
 *
 * A card that is gone shows a page of ones instead of its registers, and that
 * page keeps what is written to it.  Nobody writes AAh and ABh, which read 0
 * on every chip of the family (chip ref. 2.2), so DMACSR is always read with
 * them: whoever waits for Done learns that there is nobody to wait for.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chip/plx9054.h"
#include "transport/uio_transport.h"

#define REGISTER_BAR 0
#define IO_BAR	     1
#define CSR_GONE     UINT32_C(0xffff0000)

static int bar_there(const struct uio_card *card, unsigned int bar)
{
	return bar < PLX9054_BARS && card->info.bars[bar].size != 0;
}

static int bar_map(struct uio_card *card, unsigned int bar)
{
	const struct plx9054_bar *about = &card->info.bars[bar];
	struct uio_bar *mapped = &card->bars[bar];
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (about->offset + (size_t)about->size + page - 1) &
		      ~(page - 1);
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 card->fd, (off_t)PLX9054_MMAP_BAR(bar));

	if (map == MAP_FAILED)
		return -errno;
	/* A child's mapping would keep the card from its next owner. */
	(void)madvise(map, size, MADV_DONTFORK);
	mapped->map = map;
	mapped->map_size = size;
	mapped->base = (volatile uint8_t *)map + about->offset;
	return 0;
}

int uio_bars_map(struct uio_card *card, struct error *error)
{
	unsigned int bar;
	int result;

	for (bar = 0; bar < PLX9054_BARS; bar++) {
		if (!bar_there(card, bar) ||
		    !(card->info.bars[bar].flags & PLX9054_BAR_MEMORY))
			continue;
		result = bar_map(card, bar);
		if (!result || (bar == REGISTER_BAR && bar_there(card, IO_BAR)))
			continue;
		uio_bars_unmap(card);
		return error_set(error, result, "uio:%s: BAR%u can't be "
				 "mapped: %s", card->address, bar,
				 strerror(-result));
	}
	return 0;
}

void uio_bars_unmap(struct uio_card *card)
{
	unsigned int bar;

	for (bar = 0; bar < PLX9054_BARS; bar++)
		if (card->bars[bar].map)
			munmap(card->bars[bar].map, card->bars[bar].map_size);
}

static uint32_t ones(unsigned int width)
{
	return UINT32_MAX >> (32 - width);
}

static uint32_t load(const volatile uint8_t *at, unsigned int width)
{
	switch (width) {
	case 8:
		return *at;
	case 16:
		return *(const volatile uint16_t *)at;
	default:
		return *(const volatile uint32_t *)at;
	}
}

static void store(volatile uint8_t *at, unsigned int width, uint32_t value)
{
	switch (width) {
	case 8:
		*at = (uint8_t)value;
		break;
	case 16:
		*(volatile uint16_t *)at = (uint16_t)value;
		break;
	default:
		*(volatile uint32_t *)at = value;
	}
}

static int access_through_stub(const struct uio_card *card,
			       struct plx9054_access *access)
{
	access->size = sizeof(*access);
	return uio_ioctl(card, PLX9054_ACCESS, access);
}

static uint32_t stub_read(const struct uio_card *card, uint32_t space,
			  unsigned int offset, unsigned int width)
{
	struct plx9054_access access = {
		.space = space,
		.offset = offset,
		.width = width,
	};

	return access_through_stub(card, &access) ? ones(width) : access.value;
}

/* What may not be written is what a bus drops as well. */
static void stub_write(const struct uio_card *card, uint32_t space,
		       unsigned int offset, unsigned int width, uint32_t value)
{
	struct plx9054_access access = {
		.space = space,
		.offset = offset,
		.width = width,
		.write = 1,
		.value = value,
	};

	(void)access_through_stub(card, &access);
}

static int bar_holds(const struct uio_card *card, unsigned int bar,
		     uint64_t offset, unsigned int width)
{
	return bar_there(card, bar) &&
	       offset + width / 8 <= card->info.bars[bar].size;
}

uint32_t uio_bar_read(struct transport *transport, unsigned int bar,
		      uint64_t offset, unsigned int width)
{
	struct uio_card *card = uio_card_of(transport);

	if (!bar_holds(card, bar, offset, width))
		return ones(width);
	if (card->bars[bar].base)
		return load(card->bars[bar].base + offset, width);
	if (bar == IO_BAR || bar == REGISTER_BAR)
		return stub_read(card, PLX9054_SPACE_IO, (unsigned int)offset,
				 width);
	return ones(width);
}

void uio_bar_write(struct transport *transport, unsigned int bar,
		   uint64_t offset, unsigned int width, uint32_t value)
{
	struct uio_card *card = uio_card_of(transport);

	if (!bar_holds(card, bar, offset, width))
		return;
	if (card->bars[bar].base)
		store(card->bars[bar].base + offset, width, value);
	else if (bar == IO_BAR || bar == REGISTER_BAR)
		stub_write(card, PLX9054_SPACE_IO, (unsigned int)offset, width,
			   value);
}

/* DMACSR of both channels, with the two bytes beside them that tell. */
static uint32_t csr_read(struct transport *transport, unsigned int offset,
			 unsigned int width)
{
	uint32_t both = uio_bar_read(transport, REGISTER_BAR, PLX_DMACSR0, 32);

	if ((both & CSR_GONE) == CSR_GONE)
		return ones(width);
	return both >> 8 * (offset - PLX_DMACSR0) & ones(width);
}

uint32_t uio_reg_read(struct transport *transport, unsigned int offset,
		      unsigned int width)
{
	if ((offset & ~3u) == PLX_DMACSR0)
		return csr_read(transport, offset, width);
	return uio_bar_read(transport, REGISTER_BAR, offset, width);
}

void uio_reg_write(struct transport *transport, unsigned int offset,
		   unsigned int width, uint32_t value)
{
	uio_bar_write(transport, REGISTER_BAR, offset, width, value);
}

uint64_t uio_bar_size(struct transport *transport, unsigned int bar,
		      uint32_t *flags)
{
	const struct uio_card *card = uio_card_of(transport);

	if (bar >= PLX9054_BARS)
		return 0;
	*flags = (card->info.bars[bar].flags & PLX9054_BAR_IO) != 0;
	return card->info.bars[bar].size;
}

uint32_t uio_config_read(struct transport *transport, unsigned int offset,
			 unsigned int width)
{
	return stub_read(uio_card_of(transport), PLX9054_SPACE_CONFIG, offset,
			 width);
}

void uio_config_write(struct transport *transport, unsigned int offset,
		      unsigned int width, uint32_t value)
{
	stub_write(uio_card_of(transport), PLX9054_SPACE_CONFIG, offset, width,
		   value);
}

int uio_window(struct transport *transport, unsigned int bar, void **address,
	       size_t *size)
{
	struct uio_card *card = uio_card_of(transport);

	if (bar >= PLX9054_BARS || !card->bars[bar].map)
		return -EOPNOTSUPP;
	*address = (char *)card->bars[bar].map + card->info.bars[bar].offset;
	*size = (size_t)card->info.bars[bar].size;
	return 0;
}

int uio_window_lend(struct transport *transport, unsigned int bar, int *fd,
		    uint32_t *handle)
{
	struct plx9054_window window = {
		.size = sizeof(window),
		.kind = PLX9054_WINDOW_BAR,
		.what = bar,
	};
	int result = uio_ioctl(uio_card_of(transport), PLX9054_WINDOW,
			       &window);

	*fd = window.fd;
	*handle = window.handle;
	return result;
}

void uio_window_end(struct transport *transport, uint32_t handle)
{
	struct plx9054_handle argument = {
		.size = sizeof(argument),
		.handle = handle,
	};

	(void)uio_ioctl(uio_card_of(transport), PLX9054_FREE, &argument);
}
