/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What chip, what driver, what version. */
#include <stdio.h>
#include <string.h>

#include "plxapi/device.h"

/* There is one library and no driver of its own: both have one version. */
static void version_give(U8 *major, U8 *minor, U8 *revision)
{
	*major = PLX_SDK_VERSION_MAJOR;
	*minor = PLX_SDK_VERSION_MINOR;
	*revision = 0;
}

PLX_STATUS PlxPci_ApiVersion(U8 *pVersionMajor, U8 *pVersionMinor,
			     U8 *pVersionRevision)
{
	if (!pVersionMajor || !pVersionMinor || !pVersionRevision)
		return PLX_STATUS_NULL_PARAM;
	version_give(pVersionMajor, pVersionMinor, pVersionRevision);
	return PLX_STATUS_OK;
}

PLX_STATUS PlxPci_DriverVersion(PLX_DEVICE_OBJECT *pDevice, U8 *pVersionMajor,
				U8 *pVersionMinor, U8 *pVersionRevision)
{
	struct device *device;
	PLX_STATUS status;

	if (!pVersionMajor || !pVersionMinor || !pVersionRevision)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status == PLX_STATUS_OK)
		version_give(pVersionMajor, pVersionMinor, pVersionRevision);
	return status;
}

PLX_STATUS PlxPci_DriverProperties(PLX_DEVICE_OBJECT *pDevice,
				   PLX_DRIVER_PROP *pDriverProp)
{
	struct device *device;
	PLX_STATUS status;

	if (!pDriverProp)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	memset(pDriverProp, 0, sizeof(*pDriverProp));
	pDriverProp->Version = PLX_SDK_VERSION_MAJOR << 16 |
			       PLX_SDK_VERSION_MINOR << 8;
	snprintf(pDriverProp->Name, sizeof(pDriverProp->Name), "plxdma");
	snprintf(pDriverProp->FullName, sizeof(pDriverProp->FullName),
		 "libplxdma, %s", device->card->info.transport);
	return PLX_STATUS_OK;
}

/* Nothing is cached that a rescan would make true again. */
PLX_STATUS PlxPci_DriverScheduleRescan(PLX_DEVICE_OBJECT *pDevice)
{
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);

	return status == PLX_STATUS_OK ? PLX_STATUS_UNSUPPORTED : status;
}

PLX_STATUS PlxPci_ChipTypeGet(PLX_DEVICE_OBJECT *pDevice, U16 *pChipType,
			      U8 *pRevision)
{
	struct device *device;
	PLX_STATUS status;

	if (!pChipType || !pRevision)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	*pChipType = pDevice->Key.PlxChip;
	*pRevision = pDevice->Key.PlxRevision;
	return PLX_STATUS_OK;
}

/*
 * The chip is known by its hard-wired number, so there is nothing to force:
 * what is so can be said, anything else is refused.
 */
PLX_STATUS PlxPci_ChipTypeSet(PLX_DEVICE_OBJECT *pDevice, U16 ChipType,
			      U8 Revision)
{
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);
	const PLX_DEVICE_KEY *key;

	if (status != PLX_STATUS_OK)
		return status;
	key = &device->card->key;
	if (ChipType == key->PlxChip &&
	    (Revision == 0xff || Revision == key->PlxRevision))
		return PLX_STATUS_OK;
	return status_refuse("ChipTypeSet", PLX_STATUS_INVALID_DATA,
			     "the chip says that it is a %04x, revision %02x",
			     key->PlxChip, key->PlxRevision);
}

/* A device on conventional PCI has no link. */
PLX_STATUS PlxPci_GetPortProperties(PLX_DEVICE_OBJECT *pDevice,
				    PLX_PORT_PROP *pPortProp)
{
	struct device *device;
	PLX_STATUS status;

	if (!pPortProp)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	memset(pPortProp, 0, sizeof(*pPortProp));
	pPortProp->PortType = PLX_PORT_ENDPOINT;
	pPortProp->bNonPcieDevice = TRUE;
	return PLX_STATUS_OK;
}
