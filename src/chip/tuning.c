/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the bus tuning's fields take (chip ref. 1.3, 2.3, 3.6, 8.1).
 *
 * All chips of the family have all of these registers.  What differs: a 9080
 * strands data with one threshold at 0 (E11).  FIFO depths are known of the
 * 9080 only (chip ref. 12, question 4), so its limit on thresholds stands for
 * all: a deeper FIFO takes them as well.
 */
#include "chip/tuning.h"

#include <errno.h>

#include "chip/family.h"
#include "chip/plx9054.h"

/* Memory write and invalidate is the mode's to ask for, since it needs whole
 * cache lines (chip ref. 3.6): as a fixed command it would break PCI's rules. */
#define COMMAND_BIT(command) (1u << (command))
#define READ_COMMANDS                                                          \
	(COMMAND_BIT(PLX_PCI_READ) | COMMAND_BIT(PLX_PCI_READ_MULTIPLE) |      \
	 COMMAND_BIT(PLX_PCI_READ_LINE))
#define WRITE_COMMANDS COMMAND_BIT(PLX_PCI_WRITE)

/* (almost full + 1) + (almost empty + 1) entries, or pairs of them on the
 * deeper channel 0, fit into the FIFO: 16 either way (chip ref. 2.3, 3.6). */
#define THRESHOLD_SUM 14u

static int keeps(uint32_t value)
{
	return value == PLXDMA_TUNING_KEEP;
}

static int ranges_check(const struct plxdma_tuning *tuning,
			struct error *error)
{
	const struct tuning_field *field;

	for (field = tuning_fields; field->name; field++) {
		uint32_t value = tuning_get(tuning, field);

		if (!keeps(value) && value > field->largest)
			return error_set(error, -EINVAL,
					 "tuning: %s takes 0 to %u, not %u",
					 field->name, field->largest, value);
	}
	return 0;
}

static int commands_check(const struct plxdma_tuning *tuning,
			  struct error *error)
{
	if (!keeps(tuning->read_command) &&
	    !(COMMAND_BIT(tuning->read_command) & READ_COMMANDS))
		return error_set(error, -EINVAL,
				 "tuning: read_command takes 0x6 (memory "
				 "read), 0xc (read multiple) or 0xe (read "
				 "line), not %#x", tuning->read_command);
	if (!keeps(tuning->write_command) &&
	    !(COMMAND_BIT(tuning->write_command) & WRITE_COMMANDS))
		return error_set(error, -EINVAL,
				 "tuning: write_command takes 0x7 (memory "
				 "write), not %#x; write and invalidate is "
				 "asked for by a mode", tuning->write_command);
	return 0;
}

static unsigned int nibble(uint32_t threshold, unsigned int shift)
{
	return threshold >> shift & PLX_DMATHR_FIELD;
}

static int threshold_check(uint32_t threshold, const struct family *family,
			   struct error *error)
{
	unsigned int n;

	for (n = 0; n < 2; n++) {
		unsigned int to_card =
			nibble(threshold, PLX_DMATHR_PLAF_SHIFT(n)) +
			nibble(threshold, PLX_DMATHR_PLAE_SHIFT(n));
		unsigned int to_host =
			nibble(threshold, PLX_DMATHR_LPAF_SHIFT(n)) +
			nibble(threshold, PLX_DMATHR_LPAE_SHIFT(n));

		if (to_card > THRESHOLD_SUM || to_host > THRESHOLD_SUM)
			return error_set(error, -EINVAL,
					 "tuning: threshold %#010x is more than "
					 "channel %u's FIFO holds: \"almost "
					 "full\" and \"almost empty\" of a "
					 "direction together are at most %u",
					 threshold, n, THRESHOLD_SUM);
	}
	if (family->errata_9080 &&
	    !nibble(threshold, PLX_DMATHR_LPAF_SHIFT(0)))
		return error_set(error, -EINVAL,
				 "tuning: threshold %#010x: on a %s bits 11:8 "
				 "must not be 0, or demand mode strands data "
				 "(erratum 11)", threshold, family->name);
	return 0;
}

int tuning_check(const struct plxdma_tuning *tuning,
		 const struct family *family, struct error *error)
{
	int result = ranges_check(tuning, error);

	if (!result)
		result = commands_check(tuning, error);
	if (!result && !keeps(tuning->threshold))
		result = threshold_check(tuning->threshold, family, error);
	return result;
}
