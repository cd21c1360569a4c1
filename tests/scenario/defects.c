/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Planted defects: what a driver could get wrong, done to the card between
 * the driver and its transport.  PLXDMA_DEFECT=N chooses one, =list lists all.
 *
 * The driver under test is the one that is shipped; it carries no hooks.  The
 * linker sends its transport_open() here (--wrap).  Whatever the driver writes
 * to registers is passed on, but for the defect chosen, and a chain is spoilt
 * where it lies, just before it is started (chip ref. 2.2, 3.3).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chip/plx9054.h"
#include "transport/transport.h"

enum {
	SWAPPED_SEGMENTS,
	LOST_LAST_LWORD,
	DROPPED_CARRY,
	NO_CONSTANT_ADDRESS,
	WRONG_DIRECTION,
	COUNT_OFF_BY_ONE,
	LOCAL_NOT_ADVANCED,
	CUT_INSIDE_LWORD,
	EARLY_END,
	STALE_DAC,
	NO_DAC_MODE,
	LOST_HOST_ALIGNMENT,
	LOST_LOCAL_ALIGNMENT,
	WRONG_CHANNEL_DAC,
	BLOCK_LENGTH_SHORT,
	BLOCK_DIRECTION,
	HIGH_LOCAL_BITS,
	LAST_PIECE_TWICE,
	ABORT_FORGOTTEN,
};

static const struct defect {
	const char *name;
	const char *configuration;	/* of the matrix, that must catch it;
					 * else a suite of check-faults */
} defects[] = {
	[SWAPPED_SEGMENTS] = { "two segments swapped", "9054ac" },
	[LOST_LAST_LWORD] = { "last Lword of a chain lost", "9054ac" },
	[DROPPED_CARRY] = { "carry into the upper 32 bits dropped",
			    "9054ac across" },
	[NO_CONSTANT_ADDRESS] = { "constant address bit missing", "9054ac" },
	[WRONG_DIRECTION] = { "one descriptor in the wrong direction",
			      "9054ac" },
	[COUNT_OFF_BY_ONE] = { "a byte more than asked for", "9054ac" },
	[LOCAL_NOT_ADVANCED] = { "local address not advanced after a cut",
				 "9054ac" },
	[CUT_INSIDE_LWORD] = { "cut inside an Lword", "9054ac" },
	[EARLY_END] = { "end of chain one descriptor early", "9054ac" },
	[STALE_DAC] = { "upper 32 bits of the last transfer stay",
			"9054ac across" },
	[NO_DAC_MODE] = { "wide descriptors without their mode bit",
			  "9054ac above" },
	[LOST_HOST_ALIGNMENT] = { "host address rounded down", "9054ac" },
	[LOST_LOCAL_ALIGNMENT] = { "local address rounded down", "9054ac" },
	[WRONG_CHANNEL_DAC] = { "upper 32 bits in the other channel",
				"9054ac above" },
	[BLOCK_LENGTH_SHORT] = { "block one byte short", "9054ac" },
	[BLOCK_DIRECTION] = { "block in the wrong direction", "9054ac" },
	[HIGH_LOCAL_BITS] = { "local address of the cut in Lwords", "9054ac" },
	[LAST_PIECE_TWICE] = { "a segment moved in another's place",
			       "9054ac" },
	[ABORT_FORGOTTEN] = { "memory given back without an abort",
			      "endings" },
};
#define DEFECTS ((int)(sizeof(defects) / sizeof(defects[0])))

#define BLOCKS 256
#define CHAIN_MAX 20000

/* State of one card; the tests open one at a time, twice for "own". */
static struct {
	int number;
	struct transport_ops ops;
	const struct transport_ops *real;
	struct {
		char *cpu;
		uint64_t bus;
		size_t size;
	} blocks[BLOCKS];
	uint32_t mode[2], first[2];
	int blind;		/* every channel looks done */
} planted = { .number = -1 };

__attribute__((constructor)) static void plant(void)
{
	const char *chosen = getenv("PLXDMA_DEFECT");

	if (!chosen)
		return;
	if (strcmp(chosen, "list") == 0) {
		for (int i = 0; i < DEFECTS; i++)
			printf("%d\t%s\t%s\n", i, defects[i].configuration,
			       defects[i].name);
		exit(0);
	}
	planted.number = atoi(chosen);
}

static struct plx_descriptor_dac *descriptor_at(uint32_t bus)
{
	for (int i = 0; i < BLOCKS; i++) {
		uint64_t offset = bus - planted.blocks[i].bus;

		if (planted.blocks[i].cpu && bus >= planted.blocks[i].bus &&
		    offset < planted.blocks[i].size)
			return (void *)(planted.blocks[i].cpu + offset);
	}
	return NULL;
}

static unsigned int walk(uint32_t first, struct plx_descriptor_dac **chain)
{
	uint32_t next = first & PLX_DMADPR_NEXT_MASK;
	unsigned int count = 0;

	while (count < CHAIN_MAX) {
		struct plx_descriptor_dac *at = descriptor_at(next);

		if (!at)
			break;
		chain[count++] = at;
		if (at->next & PLX_DMADPR_END)
			break;
		next = at->next & PLX_DMADPR_NEXT_MASK;
	}
	return count;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t kept = *a;

	*a = *b;
	*b = kept;
}

/* Defects that need two descriptors or more. */
static void spoil_pair(struct plx_descriptor_dac **chain, unsigned int count,
		       int wide, int constant)
{
	struct plx_descriptor_dac *first = chain[0], *second = chain[1];

	switch (planted.number) {
	case SWAPPED_SEGMENTS:
		swap(&first->pci_low, &second->pci_low);
		if (wide)
			swap(&first->pci_high, &second->pci_high);
		break;
	case DROPPED_CARRY:
		for (unsigned int i = 1; i < count && wide; i++)
			chain[i]->pci_high = first->pci_high;
		break;
	case LOCAL_NOT_ADVANCED:
		second->local = first->local;
		break;
	case CUT_INSIDE_LWORD:
		if (!constant || first->size < 4)
			break;
		first->size -= 2;
		second->size += 2;
		second->pci_low -= 2;
		break;
	case EARLY_END:
		chain[count - 2]->next |= PLX_DMADPR_END;
		break;
	case HIGH_LOCAL_BITS:
		second->local = first->local + first->size / 4;
		break;
	case LAST_PIECE_TWICE:
		second->pci_low = first->pci_low;
		break;
	}
}

static void spoil_chain(unsigned int channel)
{
	static struct plx_descriptor_dac *chain[CHAIN_MAX];
	int wide = (planted.mode[channel] & PLX_DMAMODE_DAC_CHAIN) != 0;
	int constant = (planted.mode[channel] & PLX_DMAMODE_CONSTANT) != 0;
	unsigned int count = walk(planted.first[channel], chain);
	struct plx_descriptor_dac *last;

	if (count == 0)
		return;
	last = chain[count - 1];
	switch (planted.number) {
	case LOST_LAST_LWORD:
		last->size -= last->size < 4 ? last->size : 4;
		break;
	case WRONG_DIRECTION:
		last->next ^= PLX_DMADPR_TO_HOST;
		break;
	case COUNT_OFF_BY_ONE:
		last->size++;
		break;
	case LOST_HOST_ALIGNMENT:
		chain[0]->pci_low &= ~3u;
		break;
	case LOST_LOCAL_ALIGNMENT:
		chain[0]->local &= ~3u;
		break;
	default:
		if (count > 1)
			spoil_pair(chain, count, wide, constant);
	}
}

/* Return: 0 if the write is to be forgotten. */
static int spoil_write(unsigned int *offset, uint32_t *value)
{
	unsigned int channel = *offset >= PLX_DMAMODE1 &&
			       *offset <= PLX_DMADPR1;

	switch (*offset) {
	case PLX_DMAMODE0:
	case PLX_DMAMODE1:
		planted.mode[channel] = *value;
		if (planted.number == NO_CONSTANT_ADDRESS)
			*value &= ~PLX_DMAMODE_CONSTANT;
		if (planted.number == NO_DAC_MODE)
			*value &= ~PLX_DMAMODE_DAC_CHAIN;
		break;
	case PLX_DMASIZ0:
	case PLX_DMASIZ1:
		if (planted.number == BLOCK_LENGTH_SHORT && *value)
			--*value;
		break;
	case PLX_DMADPR0:
	case PLX_DMADPR1:
		planted.first[channel] = *value;
		if (planted.number == BLOCK_DIRECTION &&
		    !(planted.mode[channel] & PLX_DMAMODE_CHAIN))
			*value ^= PLX_DMADPR_TO_HOST;
		break;
	case PLX_DMADAC0:
	case PLX_DMADAC1:
		if (planted.number == STALE_DAC && *value == 0)
			return 0;
		if (planted.number == WRONG_CHANNEL_DAC)
			*offset ^= PLX_DMADAC0 ^ PLX_DMADAC1;
		break;
	}
	return 1;
}

static void reg_write(struct transport *transport, unsigned int offset,
		      unsigned int width, uint32_t value)
{
	unsigned int channel = offset == PLX_DMACSR1;

	if (planted.number >= 0) {
		if (!spoil_write(&offset, &value))
			return;
		if ((offset == PLX_DMACSR0 || offset == PLX_DMACSR1) &&
		    value & PLX_DMACSR_START &&
		    planted.mode[channel] & PLX_DMAMODE_CHAIN)
			spoil_chain(channel);
	}
	planted.real->reg_write(transport, offset, width, value);
}

/* A driver that believes what it would like to: nothing is aborted, and the
 * channel looks done. */
static int channel_control(struct transport *transport, unsigned int channel,
			   enum transport_control control)
{
	if (planted.number == ABORT_FORGOTTEN && control == TRANSPORT_ABORT) {
		planted.blind = 1;
		return 0;
	}
	return planted.real->channel_control(transport, channel, control);
}

static uint32_t reg_read(struct transport *transport, unsigned int offset,
			 unsigned int width)
{
	uint32_t value = planted.real->reg_read(transport, offset, width);

	if (planted.blind && (offset == PLX_DMACSR0 || offset == PLX_DMACSR1))
		value |= PLX_DMACSR_DONE | PLX_DMACSR_DONE << 8;
	return value;
}

static int coherent_alloc(struct transport *transport, size_t size, void **cpu,
			  uint64_t *bus, struct error *error)
{
	int result = planted.real->coherent_alloc(transport, size, cpu, bus,
						  error);

	for (int i = 0; i < BLOCKS && result == 0; i++) {
		if (planted.blocks[i].cpu)
			continue;
		planted.blocks[i].cpu = *cpu;
		planted.blocks[i].bus = *bus;
		planted.blocks[i].size = size;
		break;
	}
	return result;
}

static void coherent_free(struct transport *transport, size_t size, void *cpu,
			  uint64_t bus)
{
	for (int i = 0; i < BLOCKS; i++)
		if (planted.blocks[i].cpu == cpu)
			planted.blocks[i].cpu = NULL;
	planted.real->coherent_free(transport, size, cpu, bus);
}

int __real_transport_open(const char *spec, struct transport **transport,
			  struct error *error);
int __wrap_transport_open(const char *spec, struct transport **transport,
			  struct error *error);
int __wrap_transport_open(const char *spec, struct transport **transport,
			  struct error *error)
{
	int result = __real_transport_open(spec, transport, error);

	if (result)
		return result;
	planted.real = (*transport)->ops;
	planted.ops = *planted.real;
	planted.ops.reg_read = reg_read;
	planted.ops.reg_write = reg_write;
	planted.ops.channel_control = channel_control;
	planted.ops.coherent_alloc = coherent_alloc;
	planted.ops.coherent_free = coherent_free;
	(*transport)->ops = &planted.ops;
	return 0;
}
