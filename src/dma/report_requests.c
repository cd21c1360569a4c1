/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The requests of a report: what the recorders of both channels hold, in the
 * order of their starts.
 */
#include "dma/report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "dma/card.h"

/* Records of both channels together. */
#define REQUESTS 1000u

static const char *const statuses[] = {
	[PLXDMA_DONE] = "done",
	[PLXDMA_RUNNING] = "running",
	[PLXDMA_EOT] = "EOT",
	[PLXDMA_CANCELLED] = "cancelled",
	[PLXDMA_TIMED_OUT] = "timed out",
	[PLXDMA_MASTER_ABORT] = "master abort",
	[PLXDMA_TARGET_ABORT] = "target abort",
	[PLXDMA_STUCK] = "stuck",
	[PLXDMA_GONE] = "gone",
	[PLXDMA_RESET] = "reset",
	[PLXDMA_POLL_TIMED_OUT] = "poll timed out",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *report_status(enum plxdma_status status)
{
	return (unsigned int)status < COUNT(statuses) ? statuses[status] : "?";
}

/* The local spaces as the card shows them now. */
struct spaces {
	uint32_t base[2];
	uint64_t size[2];
};

static void spaces_get(struct dma_card *card, struct spaces *spaces)
{
	struct plxdma_card_info info;
	unsigned int n;

	dma_card_info(card, &info);
	for (n = 0; n < 2; n++) {
		spaces->base[n] = info.bars[2 + n].local;
		spaces->size[n] = info.bars[2 + n].size;
	}
}

static void put_local(FILE *file, const struct spaces *spaces, uint32_t local)
{
	unsigned int n;

	for (n = 0; n < 2; n++)
		if (local - spaces->base[n] < spaces->size[n]) {
			fprintf(file, "\"local\": \"space%u+0x%" PRIx32 "\"", n,
				local - spaces->base[n]);
			return;
		}
	fprintf(file, "\"local\": \"elsewhere\"");
}

static void put_saw(FILE *file, const struct recorder_record *record,
		    uint32_t flag, const char *name, uint32_t value)
{
	if (record->valid & flag)
		fprintf(file, ", \"%s\": \"0x%08" PRIx32 "\"", name, value);
}

static void put_record(FILE *file, const struct spaces *spaces,
		       const struct recorder_record *record)
{
	fprintf(file, "\t\t{ \"started_ns\": %" PRIu64 ", ", record->started);
	if (record->ended)
		fprintf(file, "\"ended_ns\": %" PRIu64 ", ", record->ended);
	fprintf(file, "\"channel\": %u, \"direction\": \"%s\", ",
		record->channel,
		record->direction == PLXDMA_TO_HOST ? "to-host" : "to-card");
	fprintf(file, "\"form\": \"%s\", ", record->chain ? "chain" : "block");
	put_local(file, spaces, record->local);
	fprintf(file, ", \"length\": %" PRIu64 ", \"status\": \"%s\", "
		"\"bytes\": %" PRIu64 ", \"bytes_exact\": %u",
		record->length,
		report_status((enum plxdma_status)record->status),
		record->bytes, record->exact);
	put_saw(file, record, RECORDER_SAW_CSR, "DMACSR", record->csr);
	put_saw(file, record, RECORDER_SAW_MODE, "DMAMODE", record->mode);
	put_saw(file, record, RECORDER_SAW_SIZ, "DMASIZ", record->siz);
	put_saw(file, record, RECORDER_SAW_DPR, "DMADPR", record->dpr);
	put_saw(file, record, RECORDER_SAW_INTCSR, "INTCSR", record->intcsr);
	put_saw(file, record, RECORDER_SAW_STATUS, "status_command",
		record->pci_status);
	fprintf(file, " }");
}

static int by_start(const void *a, const void *b)
{
	const struct recorder_record *first = a, *second = b;

	return (first->started > second->started) -
	       (first->started < second->started);
}

/* What was never started keeps its place among its channel's. */
static void starts_fill(struct recorder_record *records, unsigned int count)
{
	unsigned int i;

	for (i = 1; i < count; i++)
		if (!records[i].started)
			records[i].started = records[i - 1].started;
}

void report_requests(FILE *file, struct dma_card *card, int all)
{
	struct recorder_record *records;
	unsigned int n, i, count = 0;
	struct spaces spaces;

	fprintf(file, "\t\"requests_left_out\": %s,\n", all ? "false" : "true");
	fprintf(file, "\t\"requests\": [\n");
	records = calloc(PLXDMA_CHANNELS * RECORDER_SLOTS, sizeof(*records));
	for (n = 0; all && records && n < PLXDMA_CHANNELS; n++) {
		unsigned int more = recorder_copy(card->channels[n].recorder,
						  records + count);

		starts_fill(records + count, more);
		count += more;
	}
	if (count)
		qsort(records, count, sizeof(*records), by_start);
	spaces_get(card, &spaces);
	for (i = count > REQUESTS ? count - REQUESTS : 0; i < count; i++) {
		put_record(file, &spaces, &records[i]);
		fprintf(file, "%s\n", i + 1 < count ? "," : "");
	}
	fprintf(file, "\t]\n}\n");
	free(records);
}
