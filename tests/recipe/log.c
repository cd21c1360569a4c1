/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See log.h.  A group begins with an actor's first mark and ends with the look
 * at its third; the steps after the end are a group of their own.  Inside of
 * one, board registers are the actor's alone, and so are starts.  The chip's
 * registers are the driver's and not looked at.
 */
#include "log.h"

#include <stdio.h>
#include <string.h>

#include "actor.h"

#define NOBODY UINT32_MAX
#define ACTORS 16

struct judge {
	struct log_verdict *verdict;
	uint32_t inside;	/* mark of the group under way */
	int started;		/* has it started its channel? */
	unsigned int next[ACTORS];	/* transfer that each actor is at */
	int running[ACTORS];
};

static void wrong(struct judge *judge, const char *what, const char *line)
{
	if (!judge->verdict->wrong[0])
		snprintf(judge->verdict->wrong, sizeof(judge->verdict->wrong),
			 "%s: %.160s", what, line);
}

/* A mark that was written: does it follow the one before? */
static void mark_written(struct judge *judge, uint32_t mark, const char *line)
{
	unsigned int actor = mark_actor(mark);
	enum point point = mark_point(mark);

	if (judge->inside != NOBODY && mark_actor(judge->inside) != actor)
		wrong(judge, "a stranger's mark inside of a group", line);
	if (mark_n(mark) != judge->next[actor])
		wrong(judge, "a mark of another transfer", line);
	switch (point) {
	case POINT_FIRST:
		if (judge->inside != NOBODY || judge->running[actor])
			wrong(judge, "a recipe begins inside of one", line);
		judge->started = 0;
		break;
	case POINT_ARMED:
		if (judge->inside != mark_of(actor, mark_n(mark), POINT_FIRST))
			wrong(judge, "armed out of turn", line);
		break;
	case POINT_STARTED:
		if (!judge->started)
			wrong(judge, "the trigger came before the start",
			      line);
		break;
	case POINT_ENDED:
		if (judge->inside != NOBODY || judge->running[actor])
			wrong(judge, "the end's step came before the end",
			      line);
		break;
	}
	judge->inside = mark;
}

/* The look at a mark ends its group. */
static void mark_read(struct judge *judge, uint32_t mark, const char *line)
{
	if (mark != judge->inside) {
		wrong(judge, "a look saw a stranger's mark", line);
		return;
	}
	if (mark_point(mark) == POINT_STARTED) {
		judge->verdict->groups++;
		judge->inside = NOBODY;
	} else if (mark_point(mark) == POINT_ENDED) {
		judge->verdict->ends++;
		judge->next[mark_actor(mark)]++;
		judge->inside = NOBODY;
	}
}

static void board_access(struct judge *judge, int write, unsigned int offset,
			 uint32_t value, const char *line)
{
	if (offset == SCRATCH && mark_is(value)) {
		if (write)
			mark_written(judge, value, line);
		else
			mark_read(judge, value, line);
		return;
	}
	if (judge->inside != NOBODY)
		wrong(judge, "a stranger's access inside of a group", line);
	judge->verdict->monitored += offset == MONITORED;
}

static void channel_start(struct judge *judge, unsigned int channel,
			  const char *line)
{
	judge->verdict->starts++;
	if (judge->inside == NOBODY || mark_actor(judge->inside) != channel ||
	    mark_point(judge->inside) != POINT_ARMED || judge->started)
		wrong(judge, "a start outside of its group", line);
	judge->started = 1;
	judge->running[channel] = 1;
}

static void line_judge(struct judge *judge, const char *line)
{
	unsigned int bar, offset, width, channel;
	unsigned long value;
	char kind[16];

	if (sscanf(line, "%*u %*u %15s", kind) != 1)
		return;
	if (sscanf(line, "%*u %*u %*s bar%u+0x%x/%u 0x%lx", &bar, &offset,
		   &width, &value) == 4 && (bar == 2 || bar == 3))
		board_access(judge, !strcmp(kind, "write"), offset,
			     (uint32_t)value, line);
	if (sscanf(line, "%*u %*u %*s dma%u", &channel) != 1 || channel > 1)
		return;
	if (!strcmp(kind, "start"))
		channel_start(judge, channel, line);
	if (!strcmp(kind, "end") || !strcmp(kind, "early") ||
	    !strcmp(kind, "crash"))
		judge->running[channel] = 0;
}

void log_judge(const char *path, struct log_verdict *verdict)
{
	struct judge judge = { .verdict = verdict, .inside = NOBODY };
	FILE *file = fopen(path, "r");
	char line[512];

	memset(verdict, 0, sizeof(*verdict));
	if (!file) {
		wrong(&judge, "no log", path);
		return;
	}
	while (fgets(line, sizeof(line), file) && line[0])
		line_judge(&judge, line);
	fclose(file);
}

unsigned long log_count(const char *path, const char *words)
{
	unsigned long count = 0;
	FILE *file = fopen(path, "r");
	char line[512];
	int skip;

	while (file && fgets(line, sizeof(line), file) && line[0]) {
		skip = 0;
		sscanf(line, "%*u %*u %n", &skip);
		count += skip && !strncmp(line + skip, words, strlen(words));
	}
	if (file)
		fclose(file);
	return count;
}
