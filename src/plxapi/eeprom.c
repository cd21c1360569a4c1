/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration EEPROM, and vital product data, which is the same part
 * seen through another door.
 *
 * The SDK's 32-bit values are an Lword with its high word first, as it is
 * stored; its 16-bit ones are halves of such a value (chip ref. 6).
 */
#include <errno.h>

#include "plxapi/device.h"

#define NOTHING UINT32_MAX
/* CNTRL: the chip saw an EEPROM at power-up (chip ref. 2.2). */
#define CNTRL 0x6c
#define CNTRL_EEPROM_PRESENT (UINT32_C(1) << 28)
#define BLANK 0xffffffff

static PLX_STATUS eeprom_failed(const char *call, struct plxdma_card *card,
				int result)
{
	PLX_STATUS status = status_failed(call, card, result);

	switch (result) {
	case -ENODEV:
	case -EIO:
		return PLX_STATUS_UNSUPPORTED;
	case -ERANGE:
	case -EINVAL:
		return PLX_STATUS_INVALID_OFFSET;
	default:
		return status;
	}
}

static PLX_STATUS lword_get(const char *call, const PLX_DEVICE_OBJECT *object,
			    U32 offset, U32 *value)
{
	struct device *device;
	PLX_STATUS status = device_of(object, &device);
	uint16_t words[2];
	int result;

	if (status != PLX_STATUS_OK)
		return status;
	if (offset & 3)
		return PLX_STATUS_INVALID_OFFSET;
	result = plxdma_eeprom_read(device->card->card, offset, words, 2);
	if (result)
		return eeprom_failed(call, device->card->card, result);
	*value = (U32)words[0] << 16 | words[1];
	return PLX_STATUS_OK;
}

static PLX_STATUS lword_put(const char *call, const PLX_DEVICE_OBJECT *object,
			    U32 offset, U32 value)
{
	const uint16_t words[2] = { (uint16_t)(value >> 16), (uint16_t)value };
	struct device *device;
	PLX_STATUS status = device_of(object, &device);
	int result;

	if (status != PLX_STATUS_OK)
		return status;
	if (offset & 3)
		return PLX_STATUS_INVALID_OFFSET;
	result = plxdma_eeprom_write(device->card->card, offset, words, 2,
				     PLXDMA_EEPROM_I_MEAN_IT);
	return eeprom_failed(call, device->card->card, result);
}

/* --- is there one? ---------------------------------------------------- */

PLX_EEPROM_STATUS PlxPci_EepromPresent(PLX_DEVICE_OBJECT *pDevice,
				       PLX_STATUS *pStatus)
{
	struct device *device;
	PLX_STATUS status = device_of(pDevice, &device);
	uint32_t value = 0;
	U32 first;

	if (status == PLX_STATUS_OK)
		status = status_failed("EepromPresent", device->card->card,
				       plxdma_reg_read(device->card->card,
						       CNTRL, 32, &value));
	status_give(pStatus, status);
	if (status != PLX_STATUS_OK || !(value & CNTRL_EEPROM_PRESENT))
		return PLX_EEPROM_STATUS_NONE;
	if (lword_get("EepromPresent", pDevice, 0, &first) == PLX_STATUS_OK &&
	    first == BLANK)
		return PLX_EEPROM_STATUS_BLANK;
	return PLX_EEPROM_STATUS_VALID;
}

/* The SDK finds out by writing; reading does no harm. */
BOOLEAN PlxPci_EepromProbe(PLX_DEVICE_OBJECT *pDevice, PLX_STATUS *pStatus)
{
	PLX_STATUS status;

	return PlxPci_EepromPresent(pDevice, pStatus ? pStatus : &status) !=
	       PLX_EEPROM_STATUS_NONE;
}

/* --- words ------------------------------------------------------------ */

PLX_STATUS PlxPci_EepromReadByOffset(PLX_DEVICE_OBJECT *pDevice, U32 offset,
				     U32 *pValue)
{
	if (!pValue)
		return PLX_STATUS_NULL_PARAM;
	*pValue = 0;
	return lword_get("EepromReadByOffset", pDevice, offset, pValue);
}

PLX_STATUS PlxPci_EepromWriteByOffset(PLX_DEVICE_OBJECT *pDevice, U32 offset,
				      U32 value)
{
	return lword_put("EepromWriteByOffset", pDevice, offset, value);
}

PLX_STATUS PlxPci_EepromReadByOffset_16(PLX_DEVICE_OBJECT *pDevice, U32 offset,
					U16 *pValue)
{
	PLX_STATUS status;
	U32 lword;

	if (!pValue)
		return PLX_STATUS_NULL_PARAM;
	*pValue = 0;
	if (offset & 1)
		return PLX_STATUS_INVALID_OFFSET;
	status = lword_get("EepromReadByOffset_16", pDevice, offset & ~3u,
			   &lword);
	if (status == PLX_STATUS_OK)
		*pValue = (U16)(offset & 2 ? lword >> 16 : lword);
	return status;
}

PLX_STATUS PlxPci_EepromWriteByOffset_16(PLX_DEVICE_OBJECT *pDevice, U32 offset,
					 U16 value)
{
	PLX_STATUS status;
	U32 lword;

	if (offset & 1)
		return PLX_STATUS_INVALID_OFFSET;
	status = lword_get("EepromWriteByOffset_16", pDevice, offset & ~3u,
			   &lword);
	if (status != PLX_STATUS_OK)
		return status;
	if (offset & 2)
		lword = (lword & 0xffff) | (U32)value << 16;
	else
		lword = (lword & 0xffff0000) | value;
	return lword_put("EepromWriteByOffset_16", pDevice, offset & ~3u,
			 lword);
}

/* --- what these chips don't have -------------------------------------- */

static PLX_STATUS without(const PLX_DEVICE_OBJECT *object)
{
	struct device *device;
	PLX_STATUS status = device_of(object, &device);

	return status == PLX_STATUS_OK ? PLX_STATUS_UNSUPPORTED : status;
}

PLX_STATUS PlxPci_EepromGetAddressWidth(PLX_DEVICE_OBJECT *pDevice, U8 *pWidth)
{
	if (!pWidth)
		return PLX_STATUS_NULL_PARAM;
	*pWidth = 0;
	return without(pDevice);
}

PLX_STATUS PlxPci_EepromSetAddressWidth(PLX_DEVICE_OBJECT *pDevice, U8 width)
{
	(void)width;
	return without(pDevice);
}

PLX_STATUS PlxPci_EepromCrcUpdate(PLX_DEVICE_OBJECT *pDevice, U32 *pCrc,
				  BOOLEAN bUpdateEeprom)
{
	(void)bUpdateEeprom;
	if (!pCrc)
		return PLX_STATUS_NULL_PARAM;
	*pCrc = 0;
	return without(pDevice);
}

PLX_STATUS PlxPci_EepromCrcGet(PLX_DEVICE_OBJECT *pDevice, U32 *pCrc,
			       U8 *pCrcStatus)
{
	if (!pCrc || !pCrcStatus)
		return PLX_STATUS_NULL_PARAM;
	*pCrc = 0;
	*pCrcStatus = PLX_CRC_UNSUPPORTED;
	return without(pDevice);
}

/* --- vital product data ----------------------------------------------- */

U32 PlxPci_VpdRead(PLX_DEVICE_OBJECT *pDevice, U16 offset, PLX_STATUS *pStatus)
{
	U32 value = NOTHING;
	PLX_STATUS status = lword_get("VpdRead", pDevice, offset, &value);

	status_give(pStatus, status);
	return status == PLX_STATUS_OK ? value : NOTHING;
}

PLX_STATUS PlxPci_VpdWrite(PLX_DEVICE_OBJECT *pDevice, U16 offset, U32 value)
{
	return lword_put("VpdWrite", pDevice, offset, value);
}
