/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * EPICS devlib2's own PCI file for Linux, by the table that it registers, and
 * what it wants of EPICS besides (epics/epics.h). Built where DEVLIB2 names
 * devlib2's sources, see devlib2.build.
 */
#include "devlib2.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "devLibPCIImpl.h"

/* What else of devlib2 its file wants. */
int devPCIDebug;
static devLibPCI *driver;

static const epicsPCIDevice *device;
static sem_t interrupts;
static _Atomic uint32_t came;

int devLibPCIRegisterDriver2(devLibPCI *table, size_t size)
{
	driver = size == sizeof(*table) ? table : NULL;
	return 0;
}

int devLibPCIMatch(const epicsPCIID *wanted, const epicsPCIID *is)
{
	return wanted->vendor == is->vendor;
}

static void isr(void *argument)
{
	(void)argument;
	atomic_fetch_add(&came, 1);
	sem_post(&interrupts);
}

/* 1: this is it, look no further. */
static int found(void *address, const epicsPCIDevice *candidate)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%04x:%02x:%02x.%x",
		       candidate->domain, candidate->bus, candidate->device,
		       candidate->function);
	if (strcmp(text, address) != 0)
		return 0;
	device = candidate;
	return 1;
}

int device_open(const char *address)
{
	static const epicsPCIID plx[] = {
		DEVPCI_DEVICE_VENDOR(DEVPCI_ANY_DEVICE, 0x10b5), DEVPCI_END
	};

	sem_init(&interrupts, 0, 0);
	devLibPCIRegisterBaseDefault();
	if (!driver || driver->pDevInit() ||
	    driver->pDevPCIFind(plx, found, (void *)(uintptr_t)address, 0) ||
	    !device)
		return -1;
	return driver->pDevPCIConnectInterrupt(device, isr, NULL, 0);
}

volatile uint32_t *device_bar(unsigned int bar)
{
	volatile void *base;

	return driver->pDevPCIToLocalAddr(device, bar, &base, 0) ? NULL : base;
}

void device_arm(void)
{
	if (driver->pDevPCISwitchInterrupt(device, 0))
		perror("devPCIEnableInterrupt");
}

int device_comes(int timeout_ms, uint32_t *count)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	if (sem_timedwait(&interrupts, &until))
		return 0;
	*count = atomic_load(&came);
	return 1;
}
