/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line is one write, so that lines of a daemon and of what it was started
 * from don't mix. A full disk or a closed stderr is nobody's business here.
 *
 * The gates are the process's, as stderr is: whoever logs shouldn't have to
 * carry them about. The loop's thread is the only one that logs.
 */
#include "log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"

#define WORDS 48

static struct {
	const char *word;		/* a literal */
	int priority;
	struct log_gate gate;
} gates[WORDS];

static void line_put(int priority, const char *word, const char *format,
		     va_list args) __attribute__((format(printf, 3, 0)));

/* A pipe that nobody reads, or a manager that is stuck, mustn't stop the loop:
 * what doesn't fit is left out. */
static int stderr_takes(void)
{
	struct pollfd poller = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&poller, 1, 0) == 1 && poller.revents & POLLOUT;
}

static void line_put(int priority, const char *word, const char *format,
		     va_list args)
{
	char line[512];
	int used, more;

	used = snprintf(line, sizeof(line), "<%d>plxdmad: [%s] ", priority,
			word);
	more = vsnprintf(line + used, sizeof(line) - (size_t)used - 1, format,
			 args);
	if (more < 0)
		return;
	used += more;
	if (used > (int)sizeof(line) - 2)
		used = (int)sizeof(line) - 2;
	line[used++] = '\n';
	if (!stderr_takes() || write(STDERR_FILENO, line, (size_t)used) < 0)
		return;
}

static void held_put(int priority, const char *word, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void held_put(int priority, const char *word, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line_put(priority, word, format, args);
	va_end(args);
}

static void held_tell(unsigned int i, unsigned int held)
{
	if (held)
		held_put(gates[i].priority, gates[i].word,
			 "%u more were left out", held);
}

/* The word's place, or the last one, which the rest share. */
static unsigned int place(const char *word)
{
	unsigned int i;

	for (i = 0; i < WORDS - 1 && gates[i].word; i++) {
		if (!strcmp(gates[i].word, word))
			break;
	}
	gates[i].word = word;
	return i;
}

void log_print(int priority, const char *word, const char *format, ...)
{
	unsigned int held, i = place(word);
	int passes = log_gate_pass(&gates[i].gate, loop_now(), &held);
	va_list args;

	gates[i].priority = priority;
	held_tell(i, held);
	if (!passes)
		return;
	va_start(args, format);
	line_put(priority, word, format, args);
	va_end(args);
}

void log_catch_up(uint64_t now)
{
	for (unsigned int i = 0; i < WORDS && gates[i].word; i++) {
		if (gates[i].gate.held)
			held_tell(i, log_gate_take(&gates[i].gate, now));
	}
}
