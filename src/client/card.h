/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card that plxdmad holds, as a program sees it.
 */
#ifndef CLIENT_CARD_H
#define CLIENT_CARD_H

#include "api/front.h"
#include "client/share.h"
#include "wire/batch.h"

struct client_channel;

/* The way to the registers; no area before the first access. */
struct client_batches {
	pthread_mutex_t lock;
	struct batch_client client;
	int wakes_daemon;
	int wakes_client;
};

#define CLIENT_WINDOWS 2

struct client_window {
	void *address;		/* NULL: not mapped */
	size_t size;
};

struct client_card {
	struct plxdma_card front;
	struct client_share *share;
	uint32_t number;		/* what the daemon calls it */
	pthread_mutex_t lock;		/* of what follows */
	struct client_channel *channels[PLXDMA_CHANNELS];
	struct client_batches batches;
	struct client_window windows[CLIENT_WINDOWS];	/* BAR2, BAR3 */
	int irqs[PLXDMA_IRQ_SOURCES];	/* eventfds, -1: not asked for */
};

static inline struct client_card *client_card(struct plxdma_card *card)
{
	return (struct client_card *)card;
}

/* ops of a card: memory.c, registers.c, interrupts.c, channel.c, transfer.c */
int client_memory(struct plxdma_card *card, struct error *error);
int client_map_sg(struct plxdma_card *card, uint64_t offset, size_t size,
		  uint32_t local, struct plxdma_segment *segments,
		  unsigned int count, struct error *error);

int client_info(struct plxdma_card *card, struct plxdma_card_info *info,
		struct error *error);
int client_counters(struct plxdma_card *card, struct plxdma_counters *counters,
		    struct error *error);
int client_reset(struct plxdma_card *card, struct error *error);
int client_verify(struct plxdma_card *card, struct error *error);
int client_fault(struct plxdma_card *card, const char *fault,
		 struct error *error);
int client_claim(struct plxdma_card *card, enum plxdma_claimed what,
		 uint64_t lease_ms, int64_t timeout_ns, struct error *error);
int client_claim_release(struct plxdma_card *card, enum plxdma_claimed what,
			 struct error *error);
int client_claim_holder(struct plxdma_card *card, enum plxdma_claimed what,
			struct plxdma_holder *holder, struct error *error);
/* Refuses a transfer on a channel that is somebody else's. */
int client_claim_foreign(struct client_card *card, unsigned int channel,
			 struct error *error);

int client_report(struct plxdma_card *card, int fd, struct error *error);
int client_tuning_get(struct plxdma_card *card, struct plxdma_tuning *tuning,
		      struct error *error);
int client_tuning_set(struct plxdma_card *card,
		      const struct plxdma_tuning *tuning, struct error *error);
int client_window_map(struct plxdma_card *card, unsigned int bar,
		      volatile void **address, size_t *size,
		      struct error *error);
int client_window_unmap(struct plxdma_card *card, unsigned int bar,
			struct error *error);
void client_windows_close(struct client_card *card);
int client_batch(struct plxdma_card *card, struct plxdma_step *steps,
		 unsigned int count, unsigned int *done, struct error *error);
void client_batches_init(struct client_card *card);
void client_batches_close(struct client_card *card);
int client_reg(struct plxdma_card *card, int write, unsigned int offset,
	       unsigned int width, uint32_t *value, struct error *error);
int client_bar(struct plxdma_card *card, int write, unsigned int bar,
	       uint64_t offset, unsigned int width, uint32_t *value,
	       struct error *error);
int client_config(struct plxdma_card *card, int write, unsigned int offset,
		  unsigned int width, uint32_t *value, struct error *error);
int client_eeprom(struct plxdma_card *card, int write, unsigned int offset,
		  uint16_t *words, unsigned int count, struct error *error);

int client_irq_fd(struct plxdma_card *card, enum plxdma_irq_source source,
		  struct error *error);
int client_irq_read(struct plxdma_card *card, enum plxdma_irq_source source,
		    struct plxdma_irq_event *event, struct error *error);
int client_irq_enable(struct plxdma_card *card, enum plxdma_irq_source source,
		      int on, struct error *error);

#endif
