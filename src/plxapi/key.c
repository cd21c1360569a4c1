/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See key.h. */
#include "plxapi/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Configuration space: the revision that the EEPROM gives. */
#define CONFIG_REVISION 0x08

static int byte_fits(U8 wanted, U8 is)
{
	return wanted == (U8)PCI_FIELD_IGNORE || wanted == is;
}

static int word_fits(U16 wanted, U16 is)
{
	return wanted == (U16)PCI_FIELD_IGNORE || wanted == is;
}

int key_fits(const PLX_DEVICE_KEY *criteria, const PLX_DEVICE_KEY *key)
{
	return byte_fits(criteria->domain, key->domain) &&
	       byte_fits(criteria->bus, key->bus) &&
	       byte_fits(criteria->slot, key->slot) &&
	       byte_fits(criteria->function, key->function) &&
	       byte_fits(criteria->Revision, key->Revision) &&
	       word_fits(criteria->VendorId, key->VendorId) &&
	       word_fits(criteria->DeviceId, key->DeviceId) &&
	       word_fits(criteria->SubVendorId, key->SubVendorId) &&
	       word_fits(criteria->SubDeviceId, key->SubDeviceId);
}

/*
 * A card that sits nowhere gets a place of its own at the end of the bus
 * numbers: programs tell cards apart by their places.
 */
static void place_of_card(const struct plxdma_card_info *info,
			  unsigned int index, PLX_DEVICE_KEY *key)
{
	unsigned int domain, bus, slot, function;

	if (sscanf(info->pci, "%x:%x:%x.%x", &domain, &bus, &slot, &function) !=
	    4) {
		domain = 0;
		bus = 0xfe - index / 32;
		slot = index % 32;
		function = 0;
	}
	key->domain = (U8)domain;
	key->bus = (U8)bus;
	key->slot = (U8)slot;
	key->function = (U8)function;
}

/* The SDK's chip types read as the chips' names: "PCI 9054" is 0x9054. */
static U16 chip_type(const char *name)
{
	const char *digits = strpbrk(name, "0123456789");

	return digits ? (U16)strtoul(digits, NULL, 16) : 0;
}

/* As the SDK tells revisions of a 9054 (chip ref. 1.1): the chip's own can't
 * tell AA from AB, by convention the EEPROM's does. */
static U8 chip_revision(const PLX_DEVICE_KEY *key, uint32_t revision)
{
	if (key->PlxChip == 0x8311)
		return 0xaa;
	if (key->PlxChip != 0x9054)
		return (U8)revision;
	switch (revision) {
	case 0xa:
		return key->Revision == 0x0b ? 0xab : 0xaa;
	case 0xc:
		return 0xac;
	default:
		return (U8)revision;
	}
}

void key_of_card(struct plxdma_card *card, const struct plxdma_card_info *info,
		 unsigned int index, PLX_DEVICE_KEY *key)
{
	uint32_t revision = 0;

	memset(key, 0, sizeof(*key));
	plxdma_config_read(card, CONFIG_REVISION, 8, &revision);
	place_of_card(info, index, key);
	key->IsValidTag = PLX_TAG_VALID;
	key->VendorId = (U16)info->vendor_device;
	key->DeviceId = (U16)(info->vendor_device >> 16);
	key->SubVendorId = (U16)info->subsystem;
	key->SubDeviceId = (U16)(info->subsystem >> 16);
	key->Revision = (U8)revision;
	key->PlxChip = chip_type(info->chip_name);
	key->ChipID = key->PlxChip;
	key->PlxRevision = chip_revision(key, info->revision);
	key->PlxFamily = PLX_FAMILY_BRIDGE_P2L;
	key->DeviceNumber = (U16)index;
	key->ApiMode = PLX_API_MODE_PCI;
	key->PlxPortType = PLX_SPEC_PORT_LEGACY_EP;
	key->DeviceMode = PLX_CHIP_MODE_LEGACY_ADAPTER;
}
