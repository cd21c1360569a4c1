/* SPDX-License-Identifier: MIT */
/* Words and derived figures, the same in the table, the files and the plot. */
#include <stdio.h>

#include "throughput.h"

const char *side_name(enum side side)
{
	static const char *const names[] = { "to-host", "to-card", "both" };

	return names[side];
}

const char *form_name(enum plxdma_form form)
{
	static const char *const names[] = { "auto", "block", "chain" };

	return names[form];
}

const char *waiting_name(enum plxdma_waiting waiting)
{
	return waiting == PLXDMA_WAIT_SPIN ? "spin" : "event";
}

const char *size_text(uint64_t size, char text[24])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB" };
	unsigned int unit = 0;

	while (unit < 3 && size >= 1024 && size % 1024 == 0) {
		size /= 1024;
		unit++;
	}
	(void)snprintf(text, 24, "%llu %s", (unsigned long long)size,
		       units[unit]);
	return text;
}

double row_rate(const struct row *row)
{
	if (!row->elapsed_ns)
		return 0;
	return (double)row->bytes * 1e3 / (double)row->elapsed_ns;
}

double row_cpu(const struct row *row)
{
	if (!row->bytes)
		return 0;
	return (double)row->cpu_ns / 1e3 / ((double)row->bytes / (1 << 20));
}

double row_share(const struct plan *plan, const struct row *row)
{
	double rate = plan->sources[row->cell.spec].rate;

	return rate > 0 ? row_rate(row) * 1e6 / rate : -1;
}
