/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card on the kernel stub: shared by its files.
 *
 * The companion device's open file is the card: as long as it is open the card
 * is this process's, and when it is closed, however that comes, the stub
 * quiesces the card before it lets any page go.  Everything that it maps is
 * kept from children, since a mapping holds the file open.
 */
#ifndef UIO_TRANSPORT_H
#define UIO_TRANSPORT_H

#include <pthread.h>

#include "transport/sysfs.h"
#include "transport/transport.h"
#include "uio_plx9054.h"

/* Where the stub puts its companion devices. */
#define UIO_DEVICES "/dev/plx9054"

struct uio_map;
struct uio_coherent;

struct uio_bar {
	void *map;		/* NULL: not mapped */
	size_t map_size;
	volatile uint8_t *base;	/* its first byte */
};

struct uio_card {
	struct transport transport;	/* first: what ops are given */
	int fd;
	char address[SYSFS_ADDRESS];
	struct plx9054_info info;
	struct uio_bar bars[PLX9054_BARS];
	pthread_mutex_t lock;		/* of the two lists */
	struct uio_map *maps;
	struct uio_coherent *coherent;
	int source_fds[PLXDMA_IRQ_SOURCES];
	pthread_mutex_t source_lock;
	uint64_t taken[PLXDMA_IRQ_SOURCES];	/* of the stub's counts */
};

static inline struct uio_card *uio_card_of(struct transport *transport)
{
	return (struct uio_card *)transport;
}

int transport_uio_open(const char *options, struct transport **transport,
		       struct error *error);

/* An ioctl, begun again if a signal came in between.  0 or -errno. */
int uio_ioctl(const struct uio_card *card, unsigned long request,
	      void *argument);

/* Why the companion device can't be opened, and what mends it (uio_refusal.c).
 * Return: the error code for that. */
int uio_refusal(const char *address, int code, struct error *error);

/* BARs and configuration space, uio_registers.c. */
int uio_bars_map(struct uio_card *card, struct error *error);
void uio_bars_unmap(struct uio_card *card);
uint32_t uio_reg_read(struct transport *transport, unsigned int offset,
		      unsigned int width);
void uio_reg_write(struct transport *transport, unsigned int offset,
		   unsigned int width, uint32_t value);
uint32_t uio_bar_read(struct transport *transport, unsigned int bar,
		      uint64_t offset, unsigned int width);
void uio_bar_write(struct transport *transport, unsigned int bar,
		   uint64_t offset, unsigned int width, uint32_t value);
uint64_t uio_bar_size(struct transport *transport, unsigned int bar,
		      uint32_t *flags);
uint32_t uio_config_read(struct transport *transport, unsigned int offset,
			 unsigned int width);
void uio_config_write(struct transport *transport, unsigned int offset,
		      unsigned int width, uint32_t value);
int uio_window(struct transport *transport, unsigned int bar, void **address,
	       size_t *size);

int uio_window_lend(struct transport *transport, unsigned int bar, int *fd,
		    uint32_t *handle);
void uio_window_end(struct transport *transport, uint32_t handle);

/* Bus mappings, uio_memory.c. */
int uio_memory_map(struct transport *transport, const struct arena *arena,
		   uint64_t *bus, struct error *error);
void uio_memory_unmap(struct transport *transport, const struct arena *arena,
		      const uint64_t *bus);
int uio_coherent_alloc(struct transport *transport, size_t size, void **cpu,
		       uint64_t *bus, struct error *error);
void uio_coherent_free(struct transport *transport, size_t size, void *cpu,
		       uint64_t bus);
/* Forgets what is still there; the stub gives it up when the file closes. */
void uio_memory_end(struct uio_card *card);

/* An arena below 4 GiB, uio_below.c. */
int uio_arena_below(struct transport *transport, size_t size,
		    struct arena **arena, struct error *error);
int uio_below_lend(struct transport *transport, const struct arena *arena,
		   size_t page, int *fd);
int uio_below_map(struct uio_card *card, const struct arena *arena,
		  uint64_t *bus, struct error *error);

/* Interrupts and what the stub's lock covers, uio_interrupt.c. */
int uio_sources_open(struct uio_card *card, struct error *error);
void uio_sources_close(struct uio_card *card);
int uio_irq_fd(struct transport *transport, enum plxdma_irq_source source);
int uio_irq_read(struct transport *transport, enum plxdma_irq_source source,
		 struct plxdma_irq_event *event);
int uio_irq_enable(struct transport *transport, enum plxdma_irq_source source,
		   int on);
int uio_channel_control(struct transport *transport, unsigned int channel,
			enum transport_control control);
int uio_clear_status(struct transport *transport, uint16_t *status);

#endif
