/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plxdma-model under test, and a client's machine in front of it.
 */
#ifndef SERVED_H
#define SERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "peer.h"

struct served {
	pid_t pid;
	char folder[64];
	char socket[96];
	char stats[96];
	char log[96];
	int status;	/* of its end */
};

/* The program (PLXDMA_MODEL names another one) with more options, a list that
 * ends with NULL; listens when this returns. */
void served_start(struct served *served, const char *const *options);
/* SIGTERM; it must end by itself. Its counters are there until clean. */
void served_stop(struct served *served);
/* It ends without being told. Return: whether it did, in time. */
bool served_ends(struct served *served);
void served_clean(struct served *served);
bool served_lives(const struct served *served);
/* A counter by its path, as "card.violations.wild address"; UINT64_MAX if it
 * isn't there. */
uint64_t served_count(const struct served *served, const char *path);
/* Whether a line of its log holds the text. */
bool served_said(const struct served *served, const char *text);

/* A client that has agreed on the version. */
void peer_begin(struct peer *peer, const struct served *served);

/* Guest memory: @size bytes of a memfd, mapped here and at bus @address. */
struct memory {
	int fd;
	uint8_t *bytes;
	size_t size;
};
void memory_new(struct memory *memory, size_t size);
void memory_free(struct memory *memory);

/* What a driver does, by the registers' numbers (chip reference). */
#define INTCSR	0x68
#define DMACSR0 0xa8
#define SRAM	0x20000000u
#define PATTERN 0x40000000u
#define TO_HOST 0x8u
void card_prepare(struct peer *peer);
/* Programs channel 0 and starts it; with_irq: Done raises INTx. */
void card_start(struct peer *peer, uint64_t bus, uint32_t local, uint32_t size,
		uint32_t direction, bool with_irq);
/* Reads DMACSR0 until Done is set. Return: whether it came to be. */
bool card_done(struct peer *peer);
uint32_t pattern(uint32_t index);

#endif
