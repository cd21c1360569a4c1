/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See device.h. */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>

#define CASES 32

PLX_DEVICE_OBJECT device;
struct fixture lender;
static int lent;

void ok(PLX_STATUS status)
{
	gives(status, PLX_STATUS_OK);
}

void gives(PLX_STATUS status, PLX_STATUS expected)
{
	ck_assert_msg(status == expected, "%#x instead of %#x", status,
		      expected);
}

static void first_open(void)
{
	PLX_DEVICE_KEY key;

	memset(&key, PCI_FIELD_IGNORE, sizeof(key));
	memset(&device, 0, sizeof(device));
	ok(PlxPci_DeviceFind(&key, 0));
	ok(PlxPci_DeviceOpen(&key, &device));
}

void model_open(const char *options)
{
	char specs[256];

	snprintf(specs, sizeof(specs), "model:pages=small,arena=4M%s%s",
		 *options ? "," : "", options);
	setenv("PLXDMA_CRATE", specs, 1);
	lent = 0;
	first_open();
}

void daemon_open(const char *options)
{
	static const char *const more[] = { "--test-faults", NULL };
	char spec[256];

	snprintf(spec, sizeof(spec), "model:pages=small%s%s",
		 *options ? "," : "", options);
	ck_assert_int_eq(fixture_start(&lender, NULL, spec, more), 0);
	unsetenv("PLXDMA_CRATE");
	lent = 1;
	first_open();
}

void device_close(void)
{
	if (IsObjectValid(&device))
		ok(PlxPci_DeviceClose(&device));
	if (lent)
		ck_assert_int_eq(fixture_stop(&lender), 0);
}

void model_fast(void)
{
	model_open("");
}

void daemon_fast(void)
{
	daemon_open("");
}

void model_slow(void)
{
	model_open("rate=500e3,engine=thread");
}

void daemon_slow(void)
{
	daemon_open("rate=500e3,engine=thread");
}

static void add_case(Suite *suite, const char *where, const char *name,
		     SFun setup, void (*add)(TCase *))
{
	/* Check keeps the pointer. */
	static char names[CASES][64];
	static unsigned int count;
	TCase *tests;

	if (count == CASES)
		abort();
	snprintf(names[count], sizeof(names[count]), "%s, %s", name, where);
	tests = tcase_create(names[count++]);
	tcase_add_checked_fixture(tests, setup, device_close);
	tcase_set_timeout(tests, 60);
	add(tests);
	suite_add_tcase(suite, tests);
}

void both(Suite *suite, const char *name, void (*add)(TCase *))
{
	add_case(suite, "model", name, model_fast, add);
	add_case(suite, "daemon", name, daemon_fast, add);
}

void both_slow(Suite *suite, const char *name, void (*add)(TCase *))
{
	add_case(suite, "slow model", name, model_slow, add);
	add_case(suite, "slow daemon", name, daemon_slow, add);
}

void channel_open(int constant)
{
	PLX_DMA_PROP properties;

	memset(&properties, 0, sizeof(properties));
	properties.ReadyInput = 1;
	properties.Burst = 1;
	properties.BurstInfinite = 1;
	properties.LocalBusWidth = 2;
	properties.ConstAddrLocal = !!constant;
	ok(PlxPci_DmaChannelOpen(&device, 0, &properties));
}

static PLX_DMA_PARAMS parameters(U32 local, void *data, U32 size,
				 PLX_DMA_DIR direction)
{
	PLX_DMA_PARAMS p;

	memset(&p, 0, sizeof(p));
	p.UserVa = PLX_PTR_TO_INT(data);
	p.LocalAddr = local;
	p.ByteCount = size;
	p.Direction = (U8)direction;
	return p;
}

PLX_DMA_PARAMS to_host(U32 local, void *data, U32 size)
{
	return parameters(local, data, size, PLX_DMA_LOC_TO_PCI);
}

PLX_DMA_PARAMS to_card(U32 local, void *data, U32 size)
{
	return parameters(local, data, size, PLX_DMA_PCI_TO_LOC);
}

U32 pattern(U32 offset)
{
	return offset / 4 * 2654435761u;
}

U32 board_get(U32 offset)
{
	U32 value = 0;

	ok(PlxPci_PciBarSpaceRead(&device, BOARD_BAR, offset, &value,
				  sizeof(value), BitSize32, FALSE));
	return value;
}

void board_put(U32 offset, U32 value)
{
	ok(PlxPci_PciBarSpaceWrite(&device, BOARD_BAR, offset, &value,
				   sizeof(value), BitSize32, FALSE));
}
