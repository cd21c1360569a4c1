/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Switching interrupts on and off.
 *
 * Of the sources a program may switch, these chips' boards have two; the
 * channels', the aborts' and the main switch are the library's, and stay as
 * it needs them.
 */
#include "plxapi/device.h"
#include "plxapi/notify.h"

static PLX_STATUS interrupts_switch(const char *call,
				    const PLX_DEVICE_OBJECT *object,
				    const PLX_INTERRUPT *which, int on)
{
	struct device *device;
	PLX_STATUS status;
	int result = 0;

	if (!which)
		return PLX_STATUS_NULL_PARAM;
	status = device_of(object, &device);
	if (status != PLX_STATUS_OK)
		return status;
	if (which->Doorbell)
		result = plxdma_irq_enable(device->card->card,
					   PLXDMA_IRQ_DOORBELL, on);
	if (!result && which->LocalToPci & LINT)
		result = plxdma_irq_enable(device->card->card, PLXDMA_IRQ_LINT,
					   on);
	return status_failed(call, device->card->card, result);
}

PLX_STATUS PlxPci_InterruptEnable(PLX_DEVICE_OBJECT *pDevice,
				  PLX_INTERRUPT *pPlxIntr)
{
	return interrupts_switch("InterruptEnable", pDevice, pPlxIntr, 1);
}

PLX_STATUS PlxPci_InterruptDisable(PLX_DEVICE_OBJECT *pDevice,
				   PLX_INTERRUPT *pPlxIntr)
{
	return interrupts_switch("InterruptDisable", pDevice, pPlxIntr, 0);
}
