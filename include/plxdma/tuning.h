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
 * @pci_latency: PCI latency timer, clocks (configuration 0Dh)
 * @cache_line:	PCI cache line size, Lwords (configuration 0Ch)
 * @local_latency: local bus latency timer, clocks (MARBR[7:0])
 * @local_pause: local bus pause timer, clocks (MARBR[15:8])
 * @local_latency_on: 1 if the first is in force (MARBR[16])
 * @local_pause_on: 1 if the second is (MARBR[17])
 * @read_command: PCI command of DMA reads, 4 bits (CNTRL[3:0])
 * @write_command: PCI command of DMA writes, 4 bits (CNTRL[7:4])
 * @threshold:	DMATHR, both channels (B0h)
 *
 * Sources: chip ref. 2.1, 2.2, 2.3 and 2.5.
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
