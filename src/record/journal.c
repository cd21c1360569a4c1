/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a journal's entries say of each other. */
#include "record/verify.h"

#include <errno.h>

int journal_follow(struct journal *journal, const struct record_entry *entry,
		   struct verdict *verdict)
{
	uint64_t gap = journal->begun ? entry->sequence - journal->next
				      : entry->dropped;

	/* Sequences rise, data has no holes. */
	if ((journal->begun && entry->sequence < journal->next) ||
	    entry->offset != journal->offset ||
	    entry->sequence == UINT64_MAX ||
	    entry->bytes > UINT64_MAX - entry->offset)
		return -EBADMSG;
	verdict->dropped += entry->dropped < gap ? entry->dropped : gap;
	verdict->missing += entry->dropped < gap ? gap - entry->dropped : 0;
	journal->begun = true;
	journal->next = entry->sequence + 1;
	journal->offset += entry->bytes;
	return 0;
}
