/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's list of free hugepages is last-in-first-out.  So pages that are
 * punched out of the file from the highest to the lowest frame come back from
 * the lowest to the highest when the holes are faulted in ascending file
 * order.  Pages that are where they belong stay.  The kernel zeroes a page at
 * each fault, which is all that this costs.
 */
#include "order.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mem/arena.h"
#include "mem/pagemap.h"

#define ATTEMPTS 3

struct place {
	uint64_t frame;
	size_t page;		/* in the file */
};

static int by_frame(const void *a, const void *b)
{
	const struct place *left = a, *right = b;

	return (left->frame > right->frame) - (left->frame < right->frame);
}

static void places_sort(struct place *places, const uint64_t *frames,
			size_t pages)
{
	size_t i;

	for (i = 0; i < pages; i++)
		places[i] = (struct place){ .frame = frames[i], .page = i };
	qsort(places, pages, sizeof(*places), by_frame);
}

int order_populate(const struct order_file *file)
{
	size_t size = file->pages << file->page_shift;

	if (madvise(file->base, size, MADV_POPULATE_WRITE))
		return -errno;
	return 0;
}

static int pages_punch(const struct order_file *file, size_t first,
		       size_t count)
{
	if (fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      (off_t)(first << file->page_shift),
		      (off_t)(count << file->page_shift)))
		return -errno;
	return 0;
}

/*
 * Punches what is not in its place, the highest frame first.  A punched range
 * is freed in file order, so neighbours in the file whose frames descend, as
 * a fresh pool gives them, go in one call.
 */
static int places_punch(const struct order_file *file,
			const struct place *places)
{
	size_t rank = file->pages, first, count;
	int rc;

	while (rank) {
		rank--;
		if (places[rank].page == rank)
			continue;
		first = places[rank].page;
		count = 1;
		while (rank && places[rank - 1].page == first + count &&
		       places[rank - 1].page != rank - 1) {
			count++;
			rank--;
		}
		rc = pages_punch(file, first, count);
		if (rc)
			return rc;
	}
	return 0;
}

/* How often the file goes down instead of up, and how many runs it has. */
static size_t steps_down(const uint64_t *frames, size_t pages)
{
	size_t i, down = 0;

	for (i = 1; i < pages; i++)
		down += frames[i] < frames[i - 1];
	return down;
}

/* Are the runs of the file those of the set?  Only they matter. */
static int runs_are_best(const struct order_file *file, const uint64_t *frames,
			 const struct place *places, uint64_t *sorted)
{
	size_t page_size = (size_t)1 << file->page_shift;
	size_t runs, best, i;

	for (i = 0; i < file->pages; i++)
		sorted[i] = places[i].frame;
	return arena_longest_run(sorted, file->pages, page_size, &best) ==
	       arena_longest_run(frames, file->pages, page_size, &runs) &&
	       runs == best;
}

static int order_once(const struct order_file *file,
		      const struct place *places, uint64_t *frames)
{
	int rc = places_punch(file, places);

	if (!rc)
		rc = order_populate(file);
	if (!rc)
		rc = pagemap_frames(file->base, file->pages, file->page_shift,
				    frames);
	return rc;
}

/*
 * Again only if others spoilt it and there is hope: an attempt costs a zeroing
 * of every page.  There is none where the last one brought nothing, and no
 * need where the runs are as they should be (pages of several nodes never
 * come in order, since each node has its own list).
 */
static int order_attempts(const struct order_file *file, uint64_t *frames,
			  struct place *places, uint64_t *sorted)
{
	size_t down = steps_down(frames, file->pages), former;
	int attempt, rc;

	for (attempt = 0; down && attempt < ATTEMPTS; attempt++) {
		places_sort(places, frames, file->pages);
		if (attempt && runs_are_best(file, frames, places, sorted))
			return 0;
		rc = order_once(file, places, frames);
		if (rc)
			return rc;
		former = down;
		down = steps_down(frames, file->pages);
		if (down >= former)
			break;
	}
	return down > 0;
}

int order_frames(const struct order_file *file, uint64_t *frames)
{
	struct place *places = calloc(file->pages, sizeof(*places));
	uint64_t *sorted = calloc(file->pages, sizeof(*sorted));
	int rc = -ENOMEM;

	if (places && sorted)
		rc = order_attempts(file, frames, places, sorted);
	free(sorted);
	free(places);
	return rc;
}

void order_give_back(const struct order_file *file)
{
	size_t page;

	for (page = file->pages; page-- > 0; )
		if (pages_punch(file, page, 1))
			return;
}
