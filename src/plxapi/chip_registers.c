/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Registers one at a time: configuration space, the chip's own, mailboxes.
 * What libplxdma doesn't let programs write (-EPERM: what its engines and
 * interrupts live by) is PLX_STATUS_INVALID_ACCESS.
 */
#include <errno.h>

#include "plxapi/device.h"

#define NOTHING UINT32_MAX
#define CONFIG_BYTES 256u
#define CHIP_BAR 0
#define MAILBOXES 8

/* --- configuration space ---------------------------------------------- */

static PLX_STATUS config_access(const char *call, struct plxdma_card *card,
				U16 offset, int write, uint32_t *value)
{
	int result;

	if (offset >= CONFIG_BYTES || offset & 3)
		return PLX_STATUS_INVALID_OFFSET;
	result = write ? plxdma_config_write(card, offset, 32, *value)
		       : plxdma_config_read(card, offset, 32, value);
	if (result == -EPERM || result == -EACCES || !result)
		return status_failed(call, card, result);
	status_failed(call, card, result);
	return PLX_STATUS_FAILED;
}

/* A place on the bus; its card may have been opened by nobody. */
static PLX_STATUS place_access(const char *call, const PLX_DEVICE_KEY *place,
			       U16 offset, int write, uint32_t *value)
{
	PLX_DEVICE_KEY key = *place;
	struct crate_card *card;
	PLX_STATUS status = crate_take(&key, &card);

	if (status == PLX_STATUS_INVALID_OBJECT)
		return status_refuse(call, PLX_STATUS_FAILED,
				     "no card at %02x:%02x.%x", place->bus,
				     place->slot, place->function);
	if (status != PLX_STATUS_OK)
		return status;
	status = config_access(call, card->card, offset, write, value);
	crate_release(card);
	return status;
}

static void place_fill(U8 bus, U8 slot, U8 function, PLX_DEVICE_KEY *key)
{
	memset(key, 0xff, sizeof(*key));
	key->bus = bus;
	key->slot = slot;
	key->function = function;
}

U32 PlxPci_PciRegisterRead(U8 bus, U8 slot, U8 function, U16 offset,
			   PLX_STATUS *pStatus)
{
	uint32_t value = NOTHING;
	PLX_DEVICE_KEY place;
	PLX_STATUS status;

	place_fill(bus, slot, function, &place);
	status = place_access("PciRegisterRead", &place, offset, 0, &value);
	status_give(pStatus, status);
	return status == PLX_STATUS_OK ? value : NOTHING;
}

PLX_STATUS PlxPci_PciRegisterWrite(U8 bus, U8 slot, U8 function, U16 offset,
				   U32 value)
{
	PLX_DEVICE_KEY place;
	uint32_t written = value;

	place_fill(bus, slot, function, &place);
	return place_access("PciRegisterWrite", &place, offset, 1, &written);
}

U32 PlxPci_PciRegisterReadFast(PLX_DEVICE_OBJECT *pDevice, U16 offset,
			       PLX_STATUS *pStatus)
{
	uint32_t value = NOTHING;
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);

	if (status == PLX_STATUS_OK)
		status = config_access("PciRegisterReadFast",
				       device->card->card, offset, 0, &value);
	status_give(pStatus, status);
	return status == PLX_STATUS_OK ? value : NOTHING;
}

PLX_STATUS PlxPci_PciRegisterWriteFast(PLX_DEVICE_OBJECT *pDevice, U16 offset,
				       U32 value)
{
	uint32_t written = value;
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);

	if (status != PLX_STATUS_OK)
		return status;
	return config_access("PciRegisterWriteFast", device->card->card,
			     offset, 1, &written);
}

/* Nobody goes past the kernel here. */
U32 PlxPci_PciRegisterRead_BypassOS(U8 bus, U8 slot, U8 function, U16 offset,
				    PLX_STATUS *pStatus)
{
	(void)bus;
	(void)slot;
	(void)function;
	(void)offset;
	status_give(pStatus, PLX_STATUS_UNSUPPORTED);
	return NOTHING;
}

PLX_STATUS PlxPci_PciRegisterWrite_BypassOS(U8 bus, U8 slot, U8 function,
					    U16 offset, U32 value)
{
	(void)bus;
	(void)slot;
	(void)function;
	(void)offset;
	(void)value;
	return PLX_STATUS_UNSUPPORTED;
}

/* --- the chip's own --------------------------------------------------- */

static PLX_STATUS chip_access(const char *call,
			      const PLX_DEVICE_OBJECT *object, U32 offset,
			      int write, uint32_t *value)
{
	struct device *device;
	PLX_STATUS status = device_of(object, &device);
	struct crate_card *card;

	if (status != PLX_STATUS_OK)
		return status;
	card = device->card;
	if (offset & 3 || offset >= card->info.bars[CHIP_BAR].size)
		return PLX_STATUS_INVALID_OFFSET;
	return status_failed(call, card->card,
			     write ? plxdma_reg_write(card->card, offset, 32,
						      *value)
				   : plxdma_reg_read(card->card, offset, 32,
						     value));
}

U32 PlxPci_PlxRegisterRead(PLX_DEVICE_OBJECT *pDevice, U32 offset,
			   PLX_STATUS *pStatus)
{
	uint32_t value = NOTHING;
	PLX_STATUS status = chip_access("PlxRegisterRead", pDevice, offset, 0,
					&value);

	status_give(pStatus, status);
	return status == PLX_STATUS_OK ? value : NOTHING;
}

PLX_STATUS PlxPci_PlxRegisterWrite(PLX_DEVICE_OBJECT *pDevice, U32 offset,
				   U32 value)
{
	uint32_t written = value;

	return chip_access("PlxRegisterWrite", pDevice, offset, 1, &written);
}

/* There are no ports here that an offset could be adjusted for. */
U32 PlxPci_PlxMappedRegisterRead(PLX_DEVICE_OBJECT *pDevice, U32 offset,
				 PLX_STATUS *pStatus)
{
	return PlxPci_PlxRegisterRead(pDevice, offset, pStatus);
}

PLX_STATUS PlxPci_PlxMappedRegisterWrite(PLX_DEVICE_OBJECT *pDevice, U32 offset,
					 U32 value)
{
	return PlxPci_PlxRegisterWrite(pDevice, offset, value);
}

U32 PlxPci_PlxMailboxRead(PLX_DEVICE_OBJECT *pDevice, U16 mailbox,
			  PLX_STATUS *pStatus)
{
	uint32_t value = 0;
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);

	if (status == PLX_STATUS_OK && mailbox >= MAILBOXES)
		status = PLX_STATUS_INVALID_DATA;
	if (status == PLX_STATUS_OK)
		status = status_failed("PlxMailboxRead", device->card->card,
				       plxdma_mailbox_read(device->card->card,
							   mailbox, &value));
	status_give(pStatus, status);
	return status == PLX_STATUS_OK ? value : 0;
}

PLX_STATUS PlxPci_PlxMailboxWrite(PLX_DEVICE_OBJECT *pDevice, U16 mailbox,
				  U32 value)
{
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);

	if (status != PLX_STATUS_OK)
		return status;
	if (mailbox >= MAILBOXES)
		return PLX_STATUS_INVALID_DATA;
	return status_failed("PlxMailboxWrite", device->card->card,
			     plxdma_mailbox_write(device->card->card, mailbox,
						  value));
}
