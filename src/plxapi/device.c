/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices: found, opened, closed; see device.h. */
#include "plxapi/device.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* As many as PLX_DEVICE_OBJECTs are open at a time. */
#define DEVICES 256

/* Numbers never come again soon: a stale copy of an object is found out. */
static struct {
	pthread_mutex_t lock;
	struct device *devices[DEVICES];
	int next;
} table = { .lock = PTHREAD_MUTEX_INITIALIZER, .next = DEVICES };

static PLX_STATUS table_add(struct device *device)
{
	PLX_STATUS status = PLX_STATUS_INSUFFICIENT_RES;
	int i;

	pthread_mutex_lock(&table.lock);
	for (i = 0; i < DEVICES && status != PLX_STATUS_OK; i++) {
		int number = table.next;

		table.next = number == INT_MAX ? DEVICES : number + 1;
		if (table.devices[number % DEVICES])
			continue;
		table.devices[number % DEVICES] = device;
		device->number = number;
		status = PLX_STATUS_OK;
	}
	pthread_mutex_unlock(&table.lock);
	return status;
}

static struct device *table_find(int number, int take)
{
	struct device *device = NULL;

	if (number < 0)
		return NULL;
	pthread_mutex_lock(&table.lock);
	device = table.devices[number % DEVICES];
	if (device && device->number != number)
		device = NULL;
	if (device && take)
		table.devices[number % DEVICES] = NULL;
	pthread_mutex_unlock(&table.lock);
	return device;
}

PLX_STATUS device_of(const PLX_DEVICE_OBJECT *object, struct device **device)
{
	if (!object)
		return PLX_STATUS_NULL_PARAM;
	if (!IsObjectValid(object))
		return PLX_STATUS_INVALID_OBJECT;
	*device = table_find(object->hDevice, 0);
	return *device ? PLX_STATUS_OK : PLX_STATUS_INVALID_OBJECT;
}

PLX_STATUS PlxPci_DeviceFind(PLX_DEVICE_KEY *pKey, U16 DeviceNumber)
{
	return pKey ? crate_find(pKey, DeviceNumber) : PLX_STATUS_NULL_PARAM;
}

PLX_STATUS PlxPci_DeviceFindEx(PLX_DEVICE_KEY *pKey, U16 DeviceNumber,
			       PLX_API_MODE ApiMode, PLX_MODE_PROP *pModeProp)
{
	(void)pModeProp;
	if (!pKey)
		return PLX_STATUS_NULL_PARAM;
	switch (ApiMode) {
	case PLX_API_MODE_PCI:
		return crate_find(pKey, DeviceNumber);
	case PLX_API_MODE_I2C_AARDVARK:
	case PLX_API_MODE_MDIO_SPLICE:
	case PLX_API_MODE_SDB:
		return status_refuse("DeviceFindEx", PLX_STATUS_NO_DRIVER,
				     "cards are found on PCI only");
	case PLX_API_MODE_TCP:
		return PLX_STATUS_UNSUPPORTED;
	default:
		return PLX_STATUS_INVALID_ACCESS;
	}
}

PLX_STATUS PlxPci_DeviceOpen(PLX_DEVICE_KEY *pKey, PLX_DEVICE_OBJECT *pDevice)
{
	struct device *device, *open;
	PLX_STATUS status;

	if (!pKey || !pDevice)
		return PLX_STATUS_NULL_PARAM;
	/* An object that is open; one that only looks so is taken as it is:
	 * nobody has to clear it first. */
	if (device_of(pDevice, &open) == PLX_STATUS_OK)
		return PLX_STATUS_INVALID_OBJECT;
	device = calloc(1, sizeof(*device));
	if (!device)
		return PLX_STATUS_INSUFFICIENT_RES;
	memset(pDevice, 0, sizeof(*pDevice));
	ObjectInvalidate(pDevice);
	status = crate_take(pKey, &device->card);
	if (status != PLX_STATUS_OK)
		goto out_free;
	status = table_add(device);
	if (status != PLX_STATUS_OK)
		goto out_release;
	pDevice->Key = *pKey;
	pDevice->hDevice = device->number;
	ObjectValidate(pDevice);
	return PLX_STATUS_OK;

out_release:
	crate_release(device->card);
out_free:
	free(device);
	return status;
}

PLX_STATUS PlxPci_DeviceClose(PLX_DEVICE_OBJECT *pDevice)
{
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);
	unsigned int i;

	if (status != PLX_STATUS_OK)
		return status;
	if (!table_find(device->number, 1))
		return PLX_STATUS_INVALID_OBJECT;
	events_device_close(device);
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		channel_device_close(&device->card->channels[i], device);
	memory_device_close(device);
	crate_release(device->card);
	free(device);
	memset(pDevice->PciBarVa, 0, sizeof(pDevice->PciBarVa));
	memset(pDevice->BarMapRef, 0, sizeof(pDevice->BarMapRef));
	ObjectInvalidate(pDevice);
	ObjectInvalidate(&pDevice->Key);
	return PLX_STATUS_OK;
}

/*
 * A reset takes the board with it.  Programs call this to get rid of a
 * transfer that hangs; that much is done in any case.
 */
PLX_STATUS PlxPci_DeviceReset(PLX_DEVICE_OBJECT *pDevice)
{
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);
	unsigned int i;
	int result;

	if (status != PLX_STATUS_OK)
		return status;
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		channel_device_abort(&device->card->channels[i], device);
	result = plxdma_card_reset(device->card->card);
	if (result == -EPERM)
		return status_refuse("DeviceReset", PLX_STATUS_UNSUPPORTED,
				     "%s; transfers were aborted",
				     plxdma_error(device->card->card));
	return status_failed("DeviceReset", device->card->card, result);
}
