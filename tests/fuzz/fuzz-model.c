/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The software card under a driver that has lost its mind: any register,
 * configuration and local access, in any order and width, with faults.
 *
 * The input is a personality and then operations of 8 bytes.  Values are
 * taken from a table of addresses and words that mean something half of the
 * time, so that transfers do start.  The card may call it a violation; it may
 * not crash, hang, or touch memory that was not mapped for it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

#define OPERATIONS 64
#define MEMORY 8192u
#define LOW 0x10000000u
#define HIGH UINT64_C(0xfffff000)	/* half of it above 4 GiB */
#define GUARD 0xd7u

struct operation {
	uint8_t code;
	uint8_t offset;
	uint8_t width;		/* bits 1:0; bit 7: value is an index */
	uint8_t more;
	uint32_t value;
};

/* Quick to make. */
#define SMALL "engine=inline,sram=64K,fifo=1024,"

static const char *const personalities[] = {
	SMALL "chip=9054ac", SMALL "chip=9054aa",
	SMALL "chip=9080", SMALL "chip=9056",
	SMALL "chip=9656,posted=on", SMALL "chip=8311",
	SMALL "prefetch=32", SMALL "eeprom=blank",
	SMALL "eeprom=none,posted=on", SMALL "rate=1e9",
	"engine=inline,sram=64K,fifo=4", "engine=inline,fifo=4,sram=4K",
};
#define PERSONALITIES (sizeof(personalities) / sizeof(personalities[0]))

static const char *const faults[] = {
	"none", "master-abort@data:16", "target-abort@data:4",
	"stuck@start:0", "hang@data:8", "lost-irq@irq:0", "late-irq@irq:0",
	"storm@irq:0", "gone@data:100", "reset@data:12",
	"target-abort@descriptor:1", "master-abort@random:3x0",
};
#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static const uint32_t words[] = {
	0, 1, 2, 3, 4, 9, 0x40, 0xff, 0x300, 0x20c3, 0x40d43, 0x60dc3,
	0x0f000503, 0x0f010900, 0xffffffff, 0x7fffff, 0x800000, 0x10000,
	LOW, LOW + 16, LOW + 32, LOW + 1, LOW + 8 + 1, LOW + MEMORY - 16,
	LOW + MEMORY, 0xfffff000, 0xfffffff0, 0x20000000, 0x200ffffc,
	0x30000000, 0x40000000, 0x43fffffc, 0x48000000, 0x60000000,
	0x60000004, 0x20000003,
};
#define WORDS (sizeof(words) / sizeof(words[0]))

struct machine {
	struct model *model;
	unsigned char *memory;	/* guard, low, guard, high, guard */
	int depth;
};

static unsigned char *low_memory(struct machine *machine)
{
	return machine->memory + MEMORY;
}

static unsigned char *high_memory(struct machine *machine)
{
	return machine->memory + 3 * MEMORY;
}

/* Plays an interrupt handler, which may look at the card. */
static void intx(void *context, int level)
{
	struct machine *machine = context;

	if (!level || machine->depth++ > 0)
		return;
	model_bar_read(machine->model, 0, 0x68, 32);
	model_bar_write(machine->model, 0, 0xa8, 8, 0x09);
	model_bar_write(machine->model, 0, 0xa9, 8, 0x09);
	machine->depth--;
}

static void start(struct machine *machine, uint8_t personality)
{
	struct model *model;

	if (model_new(personalities[personality % PERSONALITIES],
		      &machine->model, NULL) != 0)
		abort();
	model = machine->model;
	machine->memory = malloc(5 * MEMORY);
	if (!machine->memory)
		abort();
	memset(machine->memory, GUARD, 5 * MEMORY);
	memset(low_memory(machine), 0, MEMORY);
	memset(high_memory(machine), 0, MEMORY);
	model_map(model, LOW, low_memory(machine), MEMORY,
		  MODEL_READ | MODEL_WRITE);
	model_map(model, HIGH, high_memory(machine), MEMORY,
		  MODEL_READ | MODEL_WRITE);
	model_set_intx(model, intx, machine);
	model_config_write(model, 0x04, 16, 0x0006);
}

static void check_guards(const struct machine *machine)
{
	unsigned char guard[MEMORY];

	memset(guard, GUARD, MEMORY);
	for (size_t i = 0; i < 5; i += 2)
		if (memcmp(machine->memory + i * MEMORY, guard, MEMORY) != 0)
			abort();
}

static void finish(struct machine *machine)
{
	model_unmap(machine->model, LOW, MEMORY);
	model_unmap(machine->model, HIGH, MEMORY);
	check_guards(machine);
	model_free(machine->model);
	free(machine->memory);
}

static void operate(struct machine *machine, const struct operation *op)
{
	static const unsigned int widths[] = { 32, 8, 16, 32 };
	unsigned int width = widths[op->width & 3];
	uint32_t value = op->width & 0x80 ? words[op->value % WORDS] :
			 op->value;
	unsigned int offset = op->offset | (op->more & 1u) << 8;
	struct model *model = machine->model;
	unsigned char data[64] = { 0 };

	switch (op->code % 16) {
	case 0:
	case 1:
	case 2:
	case 3:
		model_bar_write(model, 0, offset, width, value);
		break;
	case 4:
		model_bar_read(model, 0, offset, width);
		break;
	case 5:
		model_config_write(model, op->offset, width, value);
		break;
	case 6:
		model_config_read(model, op->offset, width);
		break;
	case 7:
		model_bar_write(model, op->more % 6, value, width, offset);
		break;
	case 8:
		model_bar_read(model, op->more % 6, value, width);
		break;
	case 9:
		model_local_reg_write(model, offset, width, value);
		break;
	case 10:
		model_local_reg_read(model, offset, width);
		break;
	case 11:
		model_local_write(model, value, data, op->offset % 65);
		break;
	case 12:
		model_local_read(model, value, data, op->offset % 65);
		break;
	case 13:
		/* A word of a descriptor. */
		memcpy(low_memory(machine) + op->offset * 4, &value, 4);
		break;
	case 14:
		model_fault(model, faults[value % FAULTS], NULL);
		break;
	default:
		model_service(model);
		model_bar_size(model, op->more % 6, NULL);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine machine = { 0 };
	struct operation op;

	if (size < 1 + sizeof(op))
		return 0;
	start(&machine, data[0]);
	for (size_t i = 1, n = 0; i + sizeof(op) <= size && n < OPERATIONS;
	     i += sizeof(op), n++) {
		memcpy(&op, data + i, sizeof(op));
		operate(&machine, &op);
	}
	finish(&machine);
	return 0;
}
