/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card and its host memory.  Accessors go through the model's public seam
 * only, as a host bridge and a local processor would.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "card.h"

uint8_t *pages_new(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(pages, MAP_FAILED);
	return pages;
}

void pages_free(uint8_t *pages, size_t size)
{
	munmap(pages, size);
}

void pages_map(struct card *card, uint64_t bus, uint8_t *pages, size_t size,
	       unsigned int access)
{
	ck_assert_int_eq(model_map(card->model, bus, pages, size, access), 0);
}

struct card *card_new(const char *options, ...)
{
	struct card *card = calloc(1, sizeof(*card));
	struct error error = {0};
	char text[512];
	va_list args;
	size_t used;

	ck_assert_ptr_nonnull(card);
	va_start(args, options);
	vsnprintf(text, sizeof(text), options, args);
	va_end(args);
	used = strlen(text);
	if (!strstr(text, "iommu="))
		snprintf(text + used, sizeof(text) - used, "%siommu=off",
			 used ? "," : "");
	ck_assert_msg(!model_new(text, &card->model, &error), "%s: %s", text,
		      error.text);
	card->host = pages_new(HOST_SIZE);
	card->sram = pages_new(SRAM_MAX);
	ck_assert_int_eq(model_map(card->model, HOST, card->host, HOST_SIZE,
				   MODEL_READ | MODEL_WRITE),
			 0);
	config16_set(card, PCI_COMMAND, COMMAND_ALL);
	return card;
}

void card_free(struct card *card)
{
	model_free(card->model);
	pages_free(card->host, HOST_SIZE);
	pages_free(card->sram, SRAM_MAX);
	free(card);
}

const char *engine(int index)
{
	return index ? "engine=thread" : "engine=inline";
}

uint32_t reg(struct card *card, unsigned int offset)
{
	return model_bar_read(card->model, 0, offset, 32);
}

void reg_set(struct card *card, unsigned int offset, uint32_t value)
{
	model_bar_write(card->model, 0, offset, 32, value);
}

uint8_t reg8(struct card *card, unsigned int offset)
{
	return (uint8_t)model_bar_read(card->model, 0, offset, 8);
}

void reg8_set(struct card *card, unsigned int offset, unsigned int value)
{
	model_bar_write(card->model, 0, offset, 8, value);
}

void interrupt_enable(struct card *card, uint32_t bits)
{
	reg_set(card, INTCSR, reg(card, INTCSR) | bits);
}

void interrupt_disable(struct card *card, uint32_t bits)
{
	reg_set(card, INTCSR, reg(card, INTCSR) & ~bits);
}

uint32_t config(struct card *card, unsigned int offset)
{
	return model_config_read(card->model, offset, 32);
}

void config_set(struct card *card, unsigned int offset, uint32_t value)
{
	model_config_write(card->model, offset, 32, value);
}

uint16_t config16(struct card *card, unsigned int offset)
{
	return (uint16_t)model_config_read(card->model, offset, 16);
}

void config16_set(struct card *card, unsigned int offset, unsigned int value)
{
	model_config_write(card->model, offset, 16, value);
}

uint32_t local_reg(struct card *card, unsigned int offset)
{
	return model_local_reg_read(card->model, offset, 32);
}

void local_reg_set(struct card *card, unsigned int offset, uint32_t value)
{
	model_local_reg_write(card->model, offset, 32, value);
}

uint32_t local32(struct card *card, uint32_t address)
{
	uint32_t value = 0;

	ck_assert_int_eq(model_local_read(card->model, address, &value, 4), 0);
	return value;
}

void local32_set(struct card *card, uint32_t address, uint32_t value)
{
	ck_assert_int_eq(model_local_write(card->model, address, &value, 4), 0);
	if (address >= SRAM && address - SRAM < SRAM_MAX)
		memcpy(card->sram + (address - SRAM), &value, 4);
}

uint32_t host32(struct card *card, unsigned int offset)
{
	uint32_t value;

	memcpy(&value, card->host + offset, 4);
	return value;
}

void host32_set(struct card *card, unsigned int offset, uint32_t value)
{
	memcpy(card->host + offset, &value, 4);
}

void pattern_fill(uint8_t *bytes, size_t size, unsigned int seed)
{
	uint32_t state = seed * 2654435761u + 12345;
	size_t i;

	for (i = 0; i < size; i++) {
		state = state * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(state >> 24);
	}
}

void sram_fill(struct card *card, uint32_t address, size_t size,
	       unsigned int seed)
{
	uint8_t *bytes = card->sram + (address - SRAM);

	pattern_fill(bytes, size, seed);
	ck_assert_int_eq(model_local_write(card->model, address, bytes, size),
			 0);
}

bool sram_is(struct card *card, uint32_t address, const uint8_t *bytes,
	     size_t size)
{
	uint8_t *found = malloc(size + 1);
	bool same;

	ck_assert_ptr_nonnull(found);
	ck_assert_int_eq(model_local_read(card->model, address, found, size),
			 0);
	same = memcmp(found, bytes, size) == 0;
	free(found);
	return same;
}

bool sram_gave(struct card *card, uint32_t address, const uint8_t *bytes,
	       size_t size)
{
	const uint8_t *put = card->sram + (address - SRAM);

	return memcmp(bytes, put, size) == 0 &&
	       sram_is(card, address, put, size);
}

bool sram_took(struct card *card, uint32_t address, const uint8_t *bytes,
	       size_t size)
{
	const uint8_t *put = card->sram + (address - SRAM);

	return sram_is(card, address, bytes, size) &&
	       (!size || memcmp(bytes, put, size) != 0);
}

bool all_bytes_are(const uint8_t *bytes, size_t size, uint8_t value)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

struct model_counters counters(struct card *card)
{
	struct model_counters found;

	model_get_counters(card->model, &found);
	return found;
}

uint64_t violations(struct card *card, enum model_violation violation)
{
	return counters(card).violations[violation];
}

uint64_t violations_total(struct card *card)
{
	struct model_counters found = counters(card);
	uint64_t sum = 0;
	int i;

	for (i = 0; i < MODEL_VIOLATIONS; i++)
		sum += found.violations[i];
	return sum;
}

void fault(struct card *card, const char *text)
{
	struct error error = {0};

	ck_assert_msg(!model_fault(card->model, text, &error), "%s: %s", text,
		      error.text);
}
