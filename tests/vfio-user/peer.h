/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A vfio-user client for tests, typed from the protocol document once more: it
 * shares no header with the server, so a misreading there isn't agreed with.
 */
#ifndef PEER_H
#define PEER_H

#include <stddef.h>
#include <stdint.h>

enum { /* the table of commands */
	VERSION = 1, DMA_MAP, DMA_UNMAP, DEVICE_GET_INFO, GET_REGION_INFO,
	GET_REGION_IO_FDS, GET_IRQ_INFO, SET_IRQS, REGION_READ, REGION_WRITE,
	DMA_READ, DMA_WRITE, DEVICE_RESET, DIRTY_PAGES, WRITE_MULTI,
	DEVICE_FEATURE, MIG_DATA_READ, MIG_DATA_WRITE
};

enum { BAR0, BAR1, BAR2, BAR3, BAR4, BAR5, ROM, CONFIG, VGA };

#define HEADER	 16
#define NO_REPLY 0x10u
#define PEER_MAX (HEADER + 16 + (1 << 20))
#define GONE	 (-1000) /* the server closed the connection */
#define SILENT	 (-1001) /* it didn't answer in time */

struct peer {
	int fd;
	uint16_t id;
	uint32_t flags;	/* of the next command */
	uint8_t *in, *out;
};

void put16(uint8_t *to, uint16_t value);
void put32(uint8_t *to, uint32_t value);
void put64(uint8_t *to, uint64_t value);
uint32_t get32(const uint8_t *from);
uint64_t get64(const uint8_t *from);

/* 0 or -errno. */
int peer_connect(struct peer *peer, const char *path);
void peer_close(struct peer *peer);

/* Raw: bytes with descriptors, and whatever comes back. */
int peer_send(struct peer *peer, const void *bytes, size_t size,
	      const int *fds, unsigned int count);
/* Size of the next message, in peer->in; GONE or SILENT. */
long peer_receive(struct peer *peer);

/* A command and its answer's payload, peer->in + HEADER. Return: its size, the
 * error as -errno, GONE or SILENT. With a fault in id, command or flags of the
 * answer: -EBADMSG. */
long peer_call(struct peer *peer, unsigned int command, const void *payload,
	       size_t size, int fd);

long peer_version(struct peer *peer, unsigned int major, unsigned int minor,
		  const char *json);
long peer_map(struct peer *peer, uint64_t address, uint64_t size,
	      uint64_t offset, unsigned int flags, int fd);
long peer_unmap(struct peer *peer, uint64_t address, uint64_t size);
long peer_read(struct peer *peer, unsigned int region, uint64_t offset,
	       void *data, uint32_t count);
long peer_write(struct peer *peer, unsigned int region, uint64_t offset,
		const void *data, uint32_t count);
uint32_t peer_read32(struct peer *peer, unsigned int region, uint64_t offset);
void peer_write32(struct peer *peer, unsigned int region, uint64_t offset,
		  uint32_t value);
void peer_write8(struct peer *peer, unsigned int region, uint64_t offset,
		 uint8_t value);
/* flags: one of data (1 none, 2 bool, 4 eventfd), one of action (8 mask, 10h
 * unmask, 20h trigger). */
long peer_irqs(struct peer *peer, uint32_t index, uint32_t flags,
	       uint32_t start, uint32_t count, int fd);

#endif
