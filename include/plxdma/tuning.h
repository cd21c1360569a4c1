/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bus tuning: what decides between 17 and 76 MB/s on one and the same card.
 *
 * Shown by `plxdma info`, set here, by `plxdma tune` or by options of the
 * card's spec; kept across resets of the card.
 */
#ifndef PLXDMA_TUNING_H
#define PLXDMA_TUNING_H

#include <stdint.h>

#include <plxdma/card.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A field of struct plxdma_tuning that shall stay, or isn't there. */
#define PLXDMA_TUNING_KEEP UINT32_MAX

/**
 * struct plxdma_tuning - bus tuning of a card
 * @size:	sizeof(struct plxdma_tuning), set by the caller
 * @pci_latency: PCI latency timer, 0 to 255 PCI clocks (configuration 0Dh)
 * @cache_line:	PCI cache line size, 0 to 255 Lwords (configuration 0Ch); with
 *		8 or 16 modes with PLXDMA_MODE_WRITE_INVALIDATE do so
 * @local_latency: local bus latency timer, 0 to 255 local clocks (MARBR[7:0])
 * @local_pause: local bus pause timer, likewise; for DMA only (MARBR[15:8])
 * @local_latency_on: 1 if the first is in force (MARBR[16])
 * @local_pause_on: 1 if the second is (MARBR[17])
 * @read_command: PCI command of DMA reads: 6h memory read, Eh read line, the
 *		chip's own, or Ch read multiple, faster behind bridges
 *		(CNTRL[3:0])
 * @write_command: PCI command of DMA writes: 7h memory write (CNTRL[7:4])
 * @threshold:	DMATHR, both channels (B0h): nibbles C0PLAF, C0LPAE, C0LPAF,
 *		C0PLAE from the lowest on, then those of channel 1.  Of each
 *		direction's two the sum is at most 14, and on a 9080 C0LPAF is
 *		at least 1 (erratum 11)
 *
 * The fields and their values: chip ref. 1.3 and 2.3; FIFOs: 3.6; what they
 * bring: 8.1.  All chips of the family have all of them.
 */
struct plxdma_tuning {
	uint32_t size;
	uint32_t pci_latency;
	uint32_t cache_line;
	uint32_t local_latency;
	uint32_t local_pause;
	uint32_t local_latency_on;
	uint32_t local_pause_on;
	uint32_t read_command;
	uint32_t write_command;
	uint32_t threshold;
};

/**
 * plxdma_tuning_get - read the bus tuning
 * plxdma_tuning_set - change it
 * @card: an open card
 * @tuning: fields; PLXDMA_TUNING_KEEP leaves one as it is
 *
 * Fields of the spec have names like these: tune.pci_latency=64.
 *
 * Return: 0; -EBUSY while a transfer is under way; -EINVAL for a value that a
 * field doesn't take or that this chip lacks (nothing was changed then);
 * -EPERM where the daemon's policy refuses; another negative errno.
 */
int plxdma_tuning_get(struct plxdma_card *card, struct plxdma_tuning *tuning);
int plxdma_tuning_set(struct plxdma_card *card,
		      const struct plxdma_tuning *tuning);

#ifdef __cplusplus
}
#endif
#endif
