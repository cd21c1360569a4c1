/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An arena's set-up against the kernel's own zeroing of as many pages, taken
 * in turns; and the runs of its frames as the kernel gave them, after the
 * arena put them in order, and as the set of frames contains them, the last
 * by code of its own.
 *
 * Every round begins with a pool in disorder: pages given back by the round
 * before would come in order by themselves, and the arena look cheaper than
 * it is.
 */
#include "bench/memory.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cli.h"
#include "mem/arena.h"
#include "mem/pagemap.h"

#define SHIFT 21
#define PAGE ((size_t)1 << SHIFT)
#define ROUNDS_MAX 64
#define RATIO_AT_MOST 2.3

/* Steps through the pages of a file; prime, so it reaches all of them. */
#define STRIDE 7919

struct rounds {
	double zeroing[ROUNDS_MAX], set_up[ROUNDS_MAX];
	size_t given;		/* longest run of the first plain file */
	size_t ordered, contained;
	int frames_known;
	char why[64];
};

static int by_frame(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* Longest stretch of adjacent frames in a set, whatever its order. */
static size_t longest_of_set(const uint64_t *frames, size_t pages)
{
	uint64_t *sorted = malloc(pages * sizeof(*sorted));
	size_t i, from = 0, longest = 0;

	if (!sorted)
		return 0;
	memcpy(sorted, frames, pages * sizeof(*sorted));
	qsort(sorted, pages, sizeof(*sorted), by_frame);
	for (i = 0; i < pages; i++) {
		if (sorted[i] - sorted[from] != (i - from) * PAGE)
			from = i;
		if (i - from + 1 > longest)
			longest = i - from + 1;
	}
	free(sorted);
	return longest;
}

/* Longest run of a plain file's pages, in file order. */
static size_t longest_given(const char *base, size_t pages)
{
	uint64_t *frames = malloc(pages * sizeof(*frames));
	size_t longest = 0;

	if (frames && !pagemap_frames(base, pages, SHIFT, frames))
		longest = arena_longest_run(frames, pages, PAGE, NULL);
	free(frames);
	return longest;
}

struct file {
	int fd;
	char *base;
	size_t pages;
	double took;		/* ns in which the kernel took and zeroed */
};

static int file_open(struct file *file, size_t pages)
{
	size_t size = pages * PAGE;
	void *base = MAP_FAILED;
	uint64_t began;

	*file = (struct file){ .pages = pages };
	file->fd = memfd_create("bench", MFD_HUGETLB | MFD_CLOEXEC);
	if (file->fd >= 0 && !ftruncate(file->fd, (off_t)size))
		base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			    file->fd, 0);
	if (base == MAP_FAILED)
		return -1;
	file->base = base;
	began = cli_now();
	if (madvise(base, size, MADV_POPULATE_WRITE))
		return -1;
	file->took = (double)(cli_now() - began);
	return 0;
}

static void file_close(const struct file *file)
{
	if (file->base)
		munmap(file->base, file->pages * PAGE);
	if (file->fd >= 0)
		close(file->fd);
}

/* Gives its pages back one by one, in an order that is no order. */
static void file_scatter(const struct file *file)
{
	size_t i, page;

	for (i = 0; i < file->pages; i++) {
		page = i * STRIDE % file->pages;
		(void)fallocate(file->fd,
				FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				(off_t)(page * PAGE), (off_t)PAGE);
	}
}

/* Nanoseconds of the kernel, 0 if it has not so many; leaves disorder. */
static double zeroing_once(struct rounds *rounds, size_t pages)
{
	struct file file;
	double took = 0;

	if (!file_open(&file, pages)) {
		took = file.took;
		if (!rounds->given)
			rounds->given = longest_given(file.base, pages);
		file_scatter(&file);
	}
	file_close(&file);
	return took;
}

static double set_up_once(struct rounds *rounds, size_t pages)
{
	const struct arena_options options = {
		.size = pages * PAGE, .page_size = PAGE, .node = -1,
	};
	struct arena *arena;
	struct error error;
	uint64_t began = cli_now();
	double took;

	if (arena_new(&options, &arena, &error)) {
		memcpy(rounds->why, error.text, sizeof(rounds->why) - 1);
		return 0;
	}
	took = (double)(cli_now() - began);
	rounds->frames_known = arena->frames_known;
	rounds->ordered = arena_longest_run(arena->frames, pages, PAGE, NULL);
	rounds->contained = longest_of_set(arena->frames, pages);
	arena_free(arena);
	return took;
}

/* The disorder is ours: leave the pages as one likes to find them. */
static void pages_tidy(size_t pages)
{
	const struct arena_options options = {
		.size = pages * PAGE, .page_size = PAGE, .node = -1,
		.flags = ARENA_UNPINNED,
	};
	struct arena *arena;

	if (!arena_new(&options, &arena, NULL))
		arena_destroy(arena);
}

static int rounds_run(struct rounds *rounds, size_t pages, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		rounds->zeroing[i] = zeroing_once(rounds, pages);
		rounds->set_up[i] = set_up_once(rounds, pages);
		(void)zeroing_once(rounds, pages);
		if (rounds->zeroing[i] <= 0 || rounds->set_up[i] <= 0)
			return -1;
	}
	pages_tidy(pages);
	return 0;
}

static void costs_add(struct figures *figures, struct rounds *rounds,
		      size_t pages, unsigned int count)
{
	double zeroing = figure_median(rounds->zeroing, count);
	double set_up = figure_median(rounds->set_up, count);
	struct figure *figure;

	figure = figure_add(figures, "us/page", "kernel: zeroing, %zu pages",
			    pages);
	figure->value = zeroing / 1e3 / (double)pages;
	figure = figure_add(figures, "us/page", "arena: set-up, %zu pages",
			    pages);
	figure->value = set_up / 1e3 / (double)pages;
	figure = figure_add(figures, "times", "arena: set-up / zeroing, %zu "
			    "pages", pages);
	figure->value = set_up / zeroing;
	figure->at_most = RATIO_AT_MOST;
}

static void runs_add(struct figures *figures, const struct rounds *rounds,
		     size_t pages)
{
	struct figure *figure;

	figure = figure_add(figures, "pages", "longest run as given, %zu "
			    "pages", pages);
	figure->value = (double)rounds->given;
	figure->missing = !rounds->frames_known;
	figure = figure_add(figures, "pages", "longest run in order, %zu "
			    "pages", pages);
	figure->value = (double)rounds->ordered;
	figure->at_least = (double)rounds->contained;
	figure->missing = !rounds->frames_known;
	if (rounds->frames_known)
		figure_note(figure, "as long as the set of frames contains");
	else
		figure_note(figure, "frames are hidden without CAP_SYS_ADMIN");
}

void bench_arena(struct figures *figures, size_t pages, unsigned int count)
{
	struct rounds rounds = { .given = 0 };
	struct figure *figure;

	if (count > ROUNDS_MAX)
		count = ROUNDS_MAX;
	if (rounds_run(&rounds, pages, count)) {
		figure = figure_add(figures, "times", "arena: set-up / "
				    "zeroing, %zu pages", pages);
		figure->missing = 1;
		figure_note(figure, "%s", rounds.why);
		return;
	}
	costs_add(figures, &rounds, pages, count);
	runs_add(figures, &rounds, pages);
}
