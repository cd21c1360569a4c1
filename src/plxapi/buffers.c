/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The SDK's calls for physical buffers and the common buffer.
 */
#include "plxapi/allocation.h"
#include "plxapi/device.h"

/* Of the SDK's driver: the size of the common buffer, and the granule in
 * which programs expect buffers to shrink. */
#define COMMON_BUFFER (UINT32_C(64) << 10)
#define SMALLEST UINT32_C(4096)

static void info_fill(const struct allocation *allocation,
		      PLX_PHYSICAL_MEM *info)
{
	info->UserAddr = 0;
	info->PhysicalAddr = allocation->handle;
	info->CpuPhysical = allocation->handle;
	info->Size = allocation->size;
}

/* --- physical buffers ------------------------------------------------- */

static struct allocation *allocate(struct device *device, U32 size,
				   int smaller)
{
	struct allocation *allocation = NULL;

	for (;;) {
		allocation = allocation_add(device->card, device, size);
		if (allocation || !smaller || size / 2 < SMALLEST)
			return allocation;
		size /= 2;
	}
}

PLX_STATUS PlxPci_PhysicalMemoryAllocate(PLX_DEVICE_OBJECT *pDevice,
					 PLX_PHYSICAL_MEM *pMemoryInfo,
					 BOOLEAN bSmallerOk)
{
	struct allocation *allocation;
	struct device *device;
	PLX_STATUS status;

	if (!pMemoryInfo)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	pMemoryInfo->UserAddr = 0;
	pMemoryInfo->PhysicalAddr = 0;
	pMemoryInfo->CpuPhysical = 0;
	if (!pMemoryInfo->Size)
		return status_refuse("PhysicalMemoryAllocate",
				     PLX_STATUS_INSUFFICIENT_RES,
				     "a buffer of no bytes");
	pthread_mutex_lock(&device->card->memory.lock);
	allocation = allocate(device, pMemoryInfo->Size, bSmallerOk);
	if (allocation)
		info_fill(allocation, pMemoryInfo);
	pthread_mutex_unlock(&device->card->memory.lock);
	if (allocation)
		return PLX_STATUS_OK;
	return status_refuse("PhysicalMemoryAllocate",
			     PLX_STATUS_INSUFFICIENT_RES, "%s",
			     plxdma_error(device->card->card));
}

PLX_STATUS PlxPci_PhysicalMemoryFree(PLX_DEVICE_OBJECT *pDevice,
				     PLX_PHYSICAL_MEM *pMemoryInfo)
{
	struct allocation **place, *allocation = NULL;
	struct device *device;
	PLX_STATUS status;

	if (!pMemoryInfo)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	pthread_mutex_lock(&device->card->memory.lock);
	place = allocation_find(&device->card->memory, device,
				pMemoryInfo->PhysicalAddr);
	if (place)
		allocation = allocation_unlink(place);
	pthread_mutex_unlock(&device->card->memory.lock);
	memset(pMemoryInfo, 0, sizeof(*pMemoryInfo));
	if (!allocation)
		return status_refuse("PhysicalMemoryFree",
				     PLX_STATUS_INVALID_DATA,
				     "no buffer of this device");
	allocation_free(device->card, allocation);
	return PLX_STATUS_OK;
}

static PLX_STATUS memory_map(struct device *device, const struct device *owner,
			     PLX_PHYSICAL_MEM *info, int map)
{
	struct allocation **place;
	PLX_STATUS status = PLX_STATUS_OK;

	pthread_mutex_lock(&device->card->memory.lock);
	place = allocation_find(&device->card->memory, owner,
				info->PhysicalAddr);
	if (!place || (*place)->size < info->Size || !info->Size) {
		status = PLX_STATUS_INVALID_DATA;
	} else if (map) {
		(*place)->mapped = 1;
		info->UserAddr = PLX_PTR_TO_INT((*place)->cpu);
	} else if (!(*place)->mapped ||
		   info->UserAddr != PLX_PTR_TO_INT((*place)->cpu)) {
		status = PLX_STATUS_INVALID_ADDR;
	} else {
		(*place)->mapped = 0;
		info->UserAddr = 0;
	}
	pthread_mutex_unlock(&device->card->memory.lock);
	return status;
}

PLX_STATUS PlxPci_PhysicalMemoryMap(PLX_DEVICE_OBJECT *pDevice,
				    PLX_PHYSICAL_MEM *pMemoryInfo)
{
	struct device *device;
	PLX_STATUS status;

	if (!pMemoryInfo)
		return PLX_STATUS_NULL_PARAM;
	pMemoryInfo->UserAddr = 0;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	return memory_map(device, device, pMemoryInfo, 1);
}

PLX_STATUS PlxPci_PhysicalMemoryUnmap(PLX_DEVICE_OBJECT *pDevice,
				      PLX_PHYSICAL_MEM *pMemoryInfo)
{
	struct device *device;
	PLX_STATUS status;

	if (!pMemoryInfo)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	return memory_map(device, device, pMemoryInfo, 0);
}

/* --- the common buffer ------------------------------------------------ */

/* Made when it is first asked for; one for all devices of the card. */
static PLX_STATUS common_buffer(struct device *device, PLX_PHYSICAL_MEM *info)
{
	struct memory *memory = &device->card->memory;
	struct allocation *allocation;

	pthread_mutex_lock(&memory->lock);
	for (allocation = memory->first; allocation && allocation->owner;
	     allocation = allocation->next)
		;
	if (!allocation)
		allocation = allocation_add(device->card, NULL, COMMON_BUFFER);
	if (allocation)
		info_fill(allocation, info);
	pthread_mutex_unlock(&memory->lock);
	return allocation ? PLX_STATUS_OK
			  : status_refuse("CommonBuffer", PLX_STATUS_FAILED,
					  "%s",
					  plxdma_error(device->card->card));
}

PLX_STATUS PlxPci_CommonBufferProperties(PLX_DEVICE_OBJECT *pDevice,
					 PLX_PHYSICAL_MEM *pMemoryInfo)
{
	struct device *device;
	PLX_STATUS status;

	if (!pMemoryInfo)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	memset(pMemoryInfo, 0, sizeof(*pMemoryInfo));
	return common_buffer(device, pMemoryInfo);
}

PLX_STATUS PlxPci_CommonBufferMap(PLX_DEVICE_OBJECT *pDevice, VOID **pVa)
{
	struct device *device;
	PLX_PHYSICAL_MEM info;
	PLX_STATUS status;

	if (!pVa)
		return PLX_STATUS_NULL_PARAM;
	*pVa = NULL;
	status = device_of(pDevice, &device);
	if (status == PLX_STATUS_OK)
		status = common_buffer(device, &info);
	if (status == PLX_STATUS_OK)
		status = memory_map(device, NULL, &info, 1);
	if (status != PLX_STATUS_OK)
		return status;
	pDevice->CommonBuffer = info;
	*pVa = PLX_INT_TO_PTR(info.UserAddr);
	return PLX_STATUS_OK;
}

/* Other devices of the card may still have it: their mapping is the same. */
PLX_STATUS PlxPci_CommonBufferUnmap(PLX_DEVICE_OBJECT *pDevice, VOID **pVa)
{
	struct device *device;
	PLX_STATUS status;

	if (!pVa)
		return PLX_STATUS_NULL_PARAM;
	if (!*pVa)
		return PLX_STATUS_INVALID_ADDR;
	status = device_of(pDevice, &device);
	if (status != PLX_STATUS_OK)
		return status;
	if (pDevice->CommonBuffer.UserAddr != PLX_PTR_TO_INT(*pVa))
		return PLX_STATUS_INVALID_ADDR;
	pDevice->CommonBuffer.UserAddr = 0;
	*pVa = NULL;
	return PLX_STATUS_OK;
}
