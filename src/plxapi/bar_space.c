/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is behind a BAR, by calls: a buffer's worth of accesses of one width.
 *
 * A local address that the BAR's window doesn't show is reached by a transfer:
 * the SDK moves the window there and back, under the feet of everybody who
 * has it mapped.
 */
#include "plxapi/device.h"

#define STEPS 64u
#define SECOND_NS INT64_C(1000000000)
#define CONFIG_BAR0 0x10
#define IO_BAR 1

struct span {
	struct crate_card *card;
	unsigned int space; /* enum plxdma_space */
	uint64_t offset;
	char *data;
	U32 size;
	unsigned int bytes; /* of an access */
	int write;
};

static PLX_STATUS width_check(PLX_ACCESS_TYPE type, uint64_t offset, U32 size,
			      unsigned int *bytes)
{
	if ((unsigned int)type > BitSize32)
		return PLX_STATUS_INVALID_ACCESS;
	*bytes = 1u << type;
	if (offset % *bytes)
		return PLX_STATUS_INVALID_ADDR;
	return !size || size % *bytes ? PLX_STATUS_INVALID_SIZE
				      : PLX_STATUS_OK;
}

static unsigned int steps_fill(const struct span *span, U32 from,
			       struct plxdma_step *steps)
{
	unsigned int count;

	for (count = 0; count < STEPS && from < span->size; count++) {
		struct plxdma_step *step = &steps[count];

		memset(step, 0, sizeof(*step));
		step->op = span->write ? PLXDMA_STEP_WRITE : PLXDMA_STEP_READ;
		step->space = (uint8_t)span->space;
		step->width = (uint8_t)(8 * span->bytes);
		step->offset = (uint32_t)(span->offset + from);
		if (span->write)
			memcpy(&step->value, span->data + from, span->bytes);
		from += span->bytes;
	}
	return count;
}

static PLX_STATUS span_move(const char *call, const struct span *span)
{
	struct plxdma_step steps[STEPS];
	unsigned int count, i;
	U32 from = 0;
	int result;

	while (from < span->size) {
		count = steps_fill(span, from, steps);
		result = plxdma_batch(span->card->card, steps, count, NULL);
		if (result)
			return status_failed(call, span->card->card, result);
		for (i = 0; i < count; i++, from += span->bytes) {
			if (!span->write)
				memcpy(span->data + from, &steps[i].value,
				       span->bytes);
		}
	}
	return PLX_STATUS_OK;
}

/* --- local spaces ----------------------------------------------------- */

static PLX_STATUS local_move(const char *call, struct span *span, U32 local)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	const struct plxdma_bar_info *bar = &info.bars[span->space];
	struct plxdma_card *card = span->card->card;
	int result = plxdma_card_info(card, &info);

	/* The window may have been moved since. */
	if (result)
		return status_failed(call, card, result);
	if (local >= bar->local && local - bar->local < bar->size &&
	    span->size <= bar->size - (local - bar->local)) {
		span->offset = local - bar->local;
		return span_move(call, span);
	}
	result = span->write ? plxdma_write(card, local, span->data, span->size,
					    SECOND_NS)
			     : plxdma_read(card, local, span->data, span->size,
					   SECOND_NS);
	return status_failed(call, card, result);
}

static PLX_STATUS space_move(const char *call, const PLX_DEVICE_OBJECT *object,
			     U8 index, U32 offset, PLX_ACCESS_TYPE type,
			     int as_local, struct span *span)
{
	const struct plxdma_bar_info *bar;
	struct device *device;
	PLX_STATUS status;

	if (!span->data)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(object, &device);
	if (status != PLX_STATUS_OK)
		return status;
	if (index >= PLXDMA_BARS)
		return PLX_STATUS_INVALID_DATA;
	status = width_check(type, offset, span->size, &span->bytes);
	if (status != PLX_STATUS_OK)
		return status;
	bar = &device->card->info.bars[index];
	if (bar->space < 0 || bar->io || !bar->size)
		return status_refuse(call, PLX_STATUS_INVALID_ACCESS,
				     "BAR%u is no local space", index);
	span->card = device->card;
	span->space = index;
	span->offset = offset;
	if (as_local)
		return local_move(call, span, offset);
	if (offset >= bar->size || span->size > bar->size - offset)
		return PLX_STATUS_INVALID_SIZE;
	return span_move(call, span);
}

PLX_STATUS PlxPci_PciBarSpaceRead(PLX_DEVICE_OBJECT *pDevice, U8 BarIndex,
				  U32 offset, VOID *pBuffer, U32 ByteCount,
				  PLX_ACCESS_TYPE AccessType,
				  BOOLEAN bOffsetAsLocalAddr)
{
	struct span span = { .data = pBuffer, .size = ByteCount };

	return space_move("PciBarSpaceRead", pDevice, BarIndex, offset,
			  AccessType, bOffsetAsLocalAddr, &span);
}

PLX_STATUS PlxPci_PciBarSpaceWrite(PLX_DEVICE_OBJECT *pDevice, U8 BarIndex,
				   U32 offset, VOID *pBuffer, U32 ByteCount,
				   PLX_ACCESS_TYPE AccessType,
				   BOOLEAN bOffsetAsLocalAddr)
{
	struct span span = { .data = pBuffer, .size = ByteCount, .write = 1 };

	return space_move("PciBarSpaceWrite", pDevice, BarIndex, offset,
			  AccessType, bOffsetAsLocalAddr, &span);
}

/* --- I/O ports: the card's own, which are its chip's registers --------- */

static PLX_STATUS port_move(const char *call, const PLX_DEVICE_OBJECT *object,
			    U64 port, PLX_ACCESS_TYPE type, struct span *span)
{
	const struct plxdma_bar_info *bar;
	struct device *device;
	uint32_t base = 0;
	PLX_STATUS status;

	if (!span->data)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(object, &device);
	if (status != PLX_STATUS_OK)
		return status;
	status = width_check(type, port, span->size, &span->bytes);
	if (status != PLX_STATUS_OK)
		return status;
	bar = &device->card->info.bars[IO_BAR];
	plxdma_config_read(device->card->card, CONFIG_BAR0 + 4 * IO_BAR, 32,
			   &base);
	base &= ~UINT32_C(3);
	if (!base || !bar->io || port < base || port - base >= bar->size ||
	    span->size > bar->size - (port - base))
		return status_refuse(call, PLX_STATUS_INVALID_SIZE,
				     "port %#llx isn't this card's",
				     (unsigned long long)port);
	span->card = device->card;
	span->space = PLXDMA_SPACE_CHIP;
	span->offset = port - base;
	return span_move(call, span);
}

PLX_STATUS PlxPci_IoPortRead(PLX_DEVICE_OBJECT *pDevice, U64 port,
			     VOID *pBuffer, U32 ByteCount,
			     PLX_ACCESS_TYPE AccessType)
{
	struct span span = { .data = pBuffer, .size = ByteCount };

	return port_move("IoPortRead", pDevice, port, AccessType, &span);
}

PLX_STATUS PlxPci_IoPortWrite(PLX_DEVICE_OBJECT *pDevice, U64 port,
			      VOID *pBuffer, U32 ByteCount,
			      PLX_ACCESS_TYPE AccessType)
{
	struct span span = { .data = pBuffer, .size = ByteCount, .write = 1 };

	return port_move("IoPortWrite", pDevice, port, AccessType, &span);
}
