/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vfio-user messages: their layout, and what a server may believe of one.
 *
 * Pure: bytes in, a request with checked numbers out; no descriptor, no card.
 * The protocol is QEMU's docs/interop/vfio-user.rst, version 0.0; numbers are
 * in the host's byte order there. Layouts of requests that VFIO knows as ioctls
 * are those of <linux/vfio.h>.
 */
#ifndef VFIO_USER_MESSAGE_H
#define VFIO_USER_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

enum message_command {
	MESSAGE_VERSION = 1,
	MESSAGE_DMA_MAP = 2,
	MESSAGE_DMA_UNMAP = 3,
	MESSAGE_DEVICE_GET_INFO = 4,
	MESSAGE_GET_REGION_INFO = 5,
	MESSAGE_GET_REGION_IO_FDS = 6,
	MESSAGE_GET_IRQ_INFO = 7,
	MESSAGE_SET_IRQS = 8,
	MESSAGE_REGION_READ = 9,
	MESSAGE_REGION_WRITE = 10,
	MESSAGE_DMA_READ = 11,
	MESSAGE_DMA_WRITE = 12,
	MESSAGE_DEVICE_RESET = 13,
	MESSAGE_DIRTY_PAGES = 14,
	MESSAGE_REGION_WRITE_MULTI = 15,
	MESSAGE_DEVICE_FEATURE = 16,
	MESSAGE_MIG_DATA_READ = 17,
	MESSAGE_MIG_DATA_WRITE = 18,
};

#define MESSAGE_TYPE	 0x0fu
#define MESSAGE_REPLY	 0x01u
#define MESSAGE_NO_REPLY 0x10u
#define MESSAGE_ERROR	 0x20u

struct message_header {
	uint16_t id;
	uint16_t command;
	uint32_t size;	/* with this header */
	uint32_t flags;
	uint32_t error;
};

struct message_version {
	uint16_t major;
	uint16_t minor;
};

struct message_dma_map {
	uint32_t argsz;
	uint32_t flags;	/* 1 readable, 2 writable */
	uint64_t offset;
	uint64_t address;
	uint64_t size;
};

struct message_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t address;
	uint64_t size;
};

struct message_device_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t regions;
	uint32_t irqs;
};

struct message_region_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t cap_offset;
	uint64_t size;
	uint64_t offset;
};

struct message_irq_info {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t count;
};

struct message_irq_set {
	uint32_t argsz;
	uint32_t flags;
	uint32_t index;
	uint32_t start;
	uint32_t count;
};

struct message_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
};

struct message_write {
	struct message_access access;
	uint8_t data[8];
};

_Static_assert(sizeof(struct message_header) == 16, "protocol: header");
_Static_assert(sizeof(struct message_version) == 4, "protocol: version");
_Static_assert(sizeof(struct message_dma_map) == 32, "protocol: DMA_MAP");
_Static_assert(sizeof(struct message_dma_unmap) == 24, "protocol: DMA_UNMAP");
_Static_assert(sizeof(struct message_device_info) == 16, "protocol: info");
_Static_assert(sizeof(struct message_region_info) == 32, "protocol: region");
_Static_assert(offsetof(struct message_region_info, size) == 16,
	       "protocol: size of a region");
_Static_assert(sizeof(struct message_irq_info) == 16, "protocol: irq info");
_Static_assert(sizeof(struct message_irq_set) == 20, "protocol: irq set");
_Static_assert(sizeof(struct message_access) == 16, "protocol: access");
_Static_assert(sizeof(struct message_write) == 24, "protocol: one of many");

/* What a peer that says nothing may send in one message (the protocol's
 * default), and how long a message can be with it. */
#define MESSAGE_DATA_MAX    (1u << 20)
#define MESSAGE_PAYLOAD_MAX (sizeof(struct message_access) + MESSAGE_DATA_MAX)
#define MESSAGE_MAX	    (sizeof(struct message_header) + MESSAGE_PAYLOAD_MAX)
/* Descriptors in one message: INTx takes one, so does a piece of memory. */
#define MESSAGE_FDS 8

/* Flags of DMA_MAP and DMA_UNMAP. */
#define MESSAGE_MAP_READ  0x1u
#define MESSAGE_MAP_WRITE 0x2u
#define MESSAGE_UNMAP_ALL 0x2u
#define MESSAGE_PAGE	  4096u

/* Flags of SET_IRQS: one of each group. */
#define MESSAGE_IRQ_NONE    0x01u
#define MESSAGE_IRQ_BOOL    0x02u
#define MESSAGE_IRQ_EVENTFD 0x04u
#define MESSAGE_IRQ_DATA    0x07u
#define MESSAGE_IRQ_MASK    0x08u
#define MESSAGE_IRQ_UNMASK  0x10u
#define MESSAGE_IRQ_TRIGGER 0x20u
#define MESSAGE_IRQ_ACTION  0x38u

/* Indices that VFIO gives to regions and interrupts of PCI devices.  Behind
 * INTx, MSI and MSI-X there are two more types, which a legacy device may not
 * have: QEMU asks, and warns where there are none of them. */
enum {
	MESSAGE_REGION_BARS = 6,
	MESSAGE_REGION_ROM = 6,
	MESSAGE_REGION_CONFIG = 7,
	MESSAGE_REGION_VGA = 8,
	MESSAGE_REGIONS = 9,
	MESSAGE_IRQ_INTX = 0,
	MESSAGE_IRQS = 3,
};

/* Payloads are copied out, so that nothing is read from where it isn't aligned.
 * @data points into the message and lives as long. */
struct request {
	struct message_header header;
	union {
		struct message_version version;
		struct message_dma_map map;
		struct message_dma_unmap unmap;
		struct message_device_info device;
		struct message_region_info region;
		struct message_irq_info irq;
		struct message_irq_set irqs;
		struct message_access access;
		uint64_t writes; /* of WRITE_MULTI */
	};
	const uint8_t *data;	/* what follows the above */
	size_t size;		/* of it */
};

/* Of the first 16 bytes: 0, or -EPROTO: the stream can't be followed. */
int message_header_check(const struct message_header *header);
/* A whole message that passed message_header_check(). Return: 0, -EINVAL (a
 * number in it is wrong) or -EOPNOTSUPP; header is set in any case. */
int message_decode(const void *message, size_t size, struct request *request);
/* How many descriptors a request may bring. */
unsigned int message_fds(const struct request *request);

#endif
