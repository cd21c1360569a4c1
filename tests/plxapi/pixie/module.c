/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module opened, booted, closed. */
#include "module.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define PLX_VENDOR 0x10b5
#define PLX_9054 0x9054
#define TIMEOUT_MS (5 * 1000)
#define SPEED_READS 5000
#define POLLS 1000
#define DSP_BOOT_PORT 0x04
#define DSP_BOOT_WORDS 768
#define DSP_RUNNING 0x4a000

double seconds_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int module_fail(struct module *module, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(module->why, sizeof(module->why), format, arguments);
	va_end(arguments);
	return -1;
}

static int failed(struct module *module, const char *what, PLX_STATUS status)
{
	return module_fail(module, "%s: PLX (%d)", what, (int)status);
}

/* --- the SDK's calls -------------------------------------------------- */

static int device_open(struct module *module)
{
	PLX_STATUS status;
	U8 major, minor, revision;
	U16 type;

	memset(&module->key, PCI_FIELD_IGNORE, sizeof(module->key));
	module->key.VendorId = PLX_VENDOR;
	module->key.DeviceId = PLX_9054;
	status = PlxPci_DeviceFind(&module->key, (U16)module->number);
	if (status != PLX_STATUS_OK)
		return failed(module, "find", status);
	status = PlxPci_DeviceOpen(&module->key, &module->device);
	if (status != PLX_STATUS_OK)
		return failed(module, "open", status);
	status = PlxPci_DriverVersion(&module->device, &major, &minor,
				      &revision);
	if (status != PLX_STATUS_OK)
		return failed(module, "driver version", status);
	status = PlxPci_ChipTypeGet(&module->device, &type, &revision);
	if (status != PLX_STATUS_OK || type != PLX_9054)
		return failed(module, "chip type", status);
	return 0;
}

static int device_prepare(struct module *module)
{
	PLX_STATUS status;

	status = PlxPci_PciBarMap(&module->device, 2, &module->address);
	if (status != PLX_STATUS_OK)
		return failed(module, "BAR map", status);
	memset(&module->dma, 0, sizeof(module->dma));
	module->dma.ReadyInput = 1;
	module->dma.Burst = 1;
	module->dma.BurstInfinite = 1;
	module->dma.ConstAddrLocal = 1;
	module->dma.LocalBusWidth = 2;
	status = PlxPci_DmaChannelOpen(&module->device, 0, &module->dma);
	if (status == PLX_STATUS_INVALID_ACCESS)
		return module_fail(module, "in use by another process");
	if (status != PLX_STATUS_OK)
		return failed(module, "DMA open", status);
	return 0;
}

int module_dma(struct module *module, U32 local, uint32_t *words, size_t count)
{
	PLX_DMA_PARAMS parameters;
	PLX_STATUS status;

	memset(&parameters, 0, sizeof(parameters));
	parameters.UserVa = PLX_PTR_TO_INT(words);
	parameters.Direction = PLX_DMA_LOC_TO_PCI;
	parameters.LocalAddr = local;
	parameters.ByteCount = (U32)(count * sizeof(*words));
	status = PlxPci_DmaTransferUserBuffer(&module->device, 0, &parameters,
					      TIMEOUT_MS);
	return status == PLX_STATUS_OK ? 0 : failed(module, "DMA read", status);
}

/* --- what the module says of itself ----------------------------------- */

static void speed_measure(struct module *module)
{
	double start = seconds_now();
	unsigned int i;

	for (i = 0; i < SPEED_READS; i++)
		(void)module_read(module, LINE);
	module->read_us = (seconds_now() - start) * 1e6 / SPEED_READS;
}

static int identify(struct module *module)
{
	unsigned char port = 0;

	if (wires_port(module, &port))
		return -1;
	if (!port)
		return module_fail(module, "invalid presence value");
	module->slot = port >> 3;
	if ((module_read(module, VERSION) & 0xffff) == 0xffff)
		return module_fail(module, "no board revision");
	if (wires_eeprom(module, module->eeprom, EEPROM_BYTES))
		return -1;
	module->serial = module->eeprom[0] | (unsigned)module->eeprom[1] << 8;
	return 0;
}

int module_open(struct module *module, unsigned int number)
{
	memset(module, 0, sizeof(*module));
	module->number = number;
	if (device_open(module) || device_prepare(module))
		return -1;
	speed_measure(module);
	return identify(module);
}

int module_close(struct module *module)
{
	PLX_STATUS channel, unmapped = PLX_STATUS_OK, closed;

	channel = PlxPci_DmaChannelClose(&module->device, 0);
	if (channel == PLX_STATUS_IN_PROGRESS) {
		PlxPci_DeviceReset(&module->device);
		channel = PlxPci_DmaChannelClose(&module->device, 0);
	}
	if (module->address)
		unmapped = PlxPci_PciBarUnmap(&module->device,
					      &module->address);
	closed = PlxPci_DeviceClose(&module->device);
	if (channel != PLX_STATUS_OK)
		return failed(module, "DMA close", channel);
	if (unmapped != PLX_STATUS_OK)
		return failed(module, "BAR unmap", unmapped);
	return closed == PLX_STATUS_OK ? 0 : failed(module, "close", closed);
}

/* --- boot -------------------------------------------------------------- */

/* Logic is cleared, made ready, loaded, and says that it is. */
static int logic_load(struct module *module, uint32_t mask, uint32_t clear,
		      uint32_t ready, uint32_t done)
{
	unsigned int i;

	module_write(module, CONFIG_CONTROL, clear);
	for (i = 0; (module_read(module, CONFIG_STATUS) & mask) != clear; i++) {
		if (i == POLLS)
			return module_fail(module, "logic %#x isn't cleared",
					   mask);
	}
	module_write(module, CONFIG_CONTROL, ready);
	for (i = 0; i < 64; i++)
		module_write(module, CONFIG_DATA, i);
	for (i = 0; (module_read(module, CONFIG_STATUS) & mask) != done; i++) {
		if (i == POLLS)
			return module_fail(module, "logic %#x isn't loaded",
					   mask);
	}
	return 0;
}

static int dsp_load(struct module *module)
{
	unsigned int i;
	uint32_t running;

	module_write(module, CSR, CSR_DSP_RESET);
	module_write(module, BUS_REQUEST, 0);
	module_write(module, DSP_ADDRESS, DSP_BOOT_PORT);
	for (i = 0; i < DSP_BOOT_WORDS; i++)
		module_write(module, DSP_DATA, i * 3);
	module_write(module, DSP_ADDRESS, DSP_RUNNING);
	running = module_read(module, DSP_DATA);
	module_write(module, BUS_DONE, 0);
	return running == 1 ? 0 : module_fail(module, "the DSP isn't running");
}

int module_boot(struct module *module)
{
	if (logic_load(module, 0x00f, 0x001, 0x003, 0x003) ||
	    logic_load(module, 0x0f0, 0x050, 0x0f0, 0x0a0) ||
	    logic_load(module, 0xf00, 0x500, 0xf00, 0xa00))
		return -1;
	module_write(module, FIFO_CLEAR, 0);
	return dsp_load(module);
}
