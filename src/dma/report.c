/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See report.h. */
#include "dma/report.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "config.h"

#include "chip/tuning.h"
#include "dma/card.h"

#define PATIENCE_MS 1000

/* Registers that a report shows, and which of their bits: what holds an
 * address keeps its flags only.  Mailboxes and doorbells are the program's
 * data, and queue ports pop at a read. */
static const struct {
	const char *name;
	uint16_t offset;
	uint8_t width;
	uint32_t shown;
} registers[] = {
	{ "LAS0RR", PLX_LAS0RR, 32, UINT32_MAX },
	{ "LAS0BA", PLX_LAS0BA, 32, PLX_LASBA_ENABLE },
	{ "MARBR", PLX_MARBR, 32, UINT32_MAX },
	{ "BIGEND", PLX_BIGEND, 8, UINT32_MAX },
	{ "LMISC", PLX_LMISC, 8, UINT32_MAX },
	{ "LBRD0", PLX_LBRD0, 32, UINT32_MAX },
	{ "INTCSR", PLX_INTCSR, 32, UINT32_MAX },
	{ "CNTRL", PLX_CNTRL, 32, UINT32_MAX },
	{ "PCIHIDR", PLX_PCIHIDR, 32, UINT32_MAX },
	{ "PCIHREV", PLX_PCIHREV, 8, UINT32_MAX },
	{ "DMAMODE0", PLX_DMAMODE0, 32, UINT32_MAX },
	{ "DMASIZ0", PLX_DMASIZ0, 32, UINT32_MAX },
	{ "DMADPR0", PLX_DMADPR0, 32, PLX_DMADPR_FLAGS_MASK },
	{ "DMAMODE1", PLX_DMAMODE1, 32, UINT32_MAX },
	{ "DMASIZ1", PLX_DMASIZ1, 32, UINT32_MAX },
	{ "DMADPR1", PLX_DMADPR1, 32, PLX_DMADPR_FLAGS_MASK },
	{ "DMACSR0", PLX_DMACSR0, 8, UINT32_MAX },
	{ "DMACSR1", PLX_DMACSR1, 8, UINT32_MAX },
	{ "DMATHR", PLX_DMATHR, 32, UINT32_MAX },
	{ "QSR", PLX_QSR, 32, UINT32_MAX },
	{ "LAS1RR", PLX_LAS1RR, 32, UINT32_MAX },
	{ "LAS1BA", PLX_LAS1BA, 32, PLX_LASBA_ENABLE },
	{ "LBRD1", PLX_LBRD1, 32, UINT32_MAX },
};

static const struct {
	const char *name;
	uint8_t offset;
	uint8_t width;
} configs[] = {
	{ "command", PLX_CFG_COMMAND, 16 },
	{ "status", PLX_CFG_STATUS, 16 },
	{ "revision", PLX_CFG_REVISION, 8 },
	{ "cache line", PLX_CFG_CACHE_LINE, 8 },
	{ "latency timer", PLX_CFG_LATENCY, 8 },
	{ "interrupt pin", PLX_CFG_INT_PIN, 8 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A name as JSON wants it; what isn't printable ASCII is a question mark. */
static void put_text(FILE *file, const char *key, const char *text)
{
	fprintf(file, "\t\t\"%s\": \"", key);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', file);
		fputc(*text < ' ' || *text > '~' ? '?' : *text, file);
	}
	fprintf(file, "\",\n");
}

static void put_number(FILE *file, const char *key, uint64_t value)
{
	fprintf(file, "\t\t\"%s\": %" PRIu64 ",\n", key, value);
}

static void put_hex(FILE *file, const char *key, uint32_t value,
		    unsigned int width)
{
	fprintf(file, "\t\t\"%s\": \"0x%0*" PRIx32 "\",\n", key,
		(int)width / 4, value);
}

static void object_begin(FILE *file, const char *key)
{
	fprintf(file, "\t\"%s\": {\n", key);
}

/* Closes with a member that every object has, so that no comma is left. */
static void object_end(FILE *file, const char *key, uint64_t value)
{
	fprintf(file, "\t\t\"%s\": %" PRIu64 "\n\t},\n", key, value);
}

static void put_head(FILE *file, const char *why)
{
	struct utsname name = { .release = "" };
	const time_t now = time(NULL);
	struct tm utc;
	char date[32] = "";

	uname(&name);
	if (gmtime_r(&now, &utc))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &utc);
	fprintf(file, "{\n\t\"schema\": \"plxdma.report/1\",\n");
	fprintf(file, "\t\"plxdma\": \"%s\",\n", PACKAGE_VERSION);
	fprintf(file, "\t\"kernel\": \"%s %s %s\",\n", name.sysname,
		name.release, name.machine);
	fprintf(file, "\t\"date\": \"%s\",\n\t\"why\": \"%s\",\n", date, why);
}

static void put_card(FILE *file, struct dma_card *card)
{
	struct plxdma_card_info info;
	unsigned int n;
	char key[16];

	dma_card_info(card, &info);
	object_begin(file, "card");
	put_text(file, "name", info.name);
	put_text(file, "chip_name", info.chip_name);
	put_hex(file, "chip", info.chip, 32);
	put_hex(file, "revision", info.revision, 8);
	put_hex(file, "vendor_device", info.vendor_device, 32);
	put_hex(file, "subsystem", info.subsystem, 32);
	put_text(file, "transport", info.transport);
	put_text(file, "pci", info.pci);
	put_number(file, "pin", info.pin);
	put_number(file, "iommu", info.iommu);
	put_number(file, "dac", info.dac);
	for (n = 0; n < PLXDMA_BARS; n++) {
		snprintf(key, sizeof(key), "bar%u_size", n);
		put_number(file, key, info.bars[n].size);
	}
	put_number(file, "resets", atomic_load(&card->resets));
	object_end(file, "in_service", info.in_service);
}

static void put_counters(FILE *file, struct dma_card *card)
{
	struct plxdma_counters counters;

	dma_card_counters(card, &counters);
	object_begin(file, "counters");
	put_number(file, "reg_reads", counters.reg_reads);
	put_number(file, "reg_writes", counters.reg_writes);
	put_number(file, "descriptors", counters.descriptors);
	put_number(file, "bytes_to_host", counters.bytes_to_host);
	put_number(file, "bytes_to_card", counters.bytes_to_card);
	put_number(file, "transfers", counters.transfers);
	put_number(file, "faults", counters.faults);
	put_number(file, "interrupts", counters.interrupts);
	object_end(file, "violations", counters.violations);
}

static void put_registers(FILE *file, struct dma_card *card)
{
	struct transport *transport = card->transport;
	uint32_t value;
	size_t i;

	object_begin(file, "registers");
	for (i = 0; i < COUNT(registers); i++) {
		value = transport->ops->reg_read(transport,
						 registers[i].offset,
						 registers[i].width);
		put_hex(file, registers[i].name, value & registers[i].shown,
			registers[i].width);
	}
	object_end(file, "count", COUNT(registers));
	object_begin(file, "configuration");
	for (i = 0; i < COUNT(configs); i++) {
		value = transport->ops->config_read(
			transport, configs[i].offset, configs[i].width);
		put_hex(file, configs[i].name, value, configs[i].width);
	}
	object_end(file, "count", COUNT(configs));
}

static void put_tuning(FILE *file, struct dma_card *card)
{
	const struct tuning_field *field;
	struct plxdma_tuning tuning;
	unsigned int asked = 0;

	pthread_mutex_lock(&card->lock);
	tuning = card->tuning;
	pthread_mutex_unlock(&card->lock);
	object_begin(file, "tuning_asked_for");
	for (field = tuning_fields; field->name; field++) {
		uint32_t value = tuning_get(&tuning, field);

		if (value == PLXDMA_TUNING_KEEP)
			continue;
		put_number(file, field->name, value);
		asked++;
	}
	object_end(file, "count", asked);
}

char *report_text(struct dma_card *card, const char *why, int requests,
		  size_t *length)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, length);

	if (!file)
		return NULL;
	put_head(file, why);
	put_card(file, card);
	put_counters(file, card);
	put_registers(file, card);
	put_tuning(file, card);
	report_requests(file, card, requests);
	if (!fclose(file))
		return text;
	free(text);
	return NULL;
}

/* Who reads slowly from a descriptor that doesn't wait is waited for. */
static int writable_soon(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLOUT };

	return errno == EAGAIN && poll(&wanted, 1, PATIENCE_MS) == 1;
}

int report_write(int fd, const char *text, size_t length)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < length; done += (size_t)n) {
		n = write(fd, text + done, length - done);
		if (n < 0 && (errno == EINTR || writable_soon(fd)))
			n = 0;
		else if (n <= 0)
			return n && errno != EAGAIN ? -errno : -EIO;
	}
	return 0;
}

int dma_card_report(struct dma_card *card, int requests, int fd,
		    struct error *error)
{
	size_t length = 0;
	char *text;
	int result;

	if (turn_access_begin(card))
		return error_set(error, -EAGAIN,
				 "%s: a recipe's steps or a batch are under "
				 "way", card->name);
	text = report_text(card, "asked for", requests, &length);
	turn_access_end(card);
	if (!text)
		return error_set(error, -ENOMEM, "%s: no memory for a report",
				 card->name);
	result = report_write(fd, text, length);
	free(text);
	if (result)
		return error_set(error, result,
				 "%s: the report can't be written", card->name);
	return 0;
}
