/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line is one write, so that lines of a daemon and of what it was started
 * from don't mix. A full disk or a closed stderr is nobody's business here.
 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void log_print(int priority, const char *format, ...)
{
	char line[512];
	va_list args;
	int used, more;

	used = snprintf(line, sizeof(line), "<%d>plxdmad: ", priority);
	va_start(args, format);
	more = vsnprintf(line + used, sizeof(line) - (size_t)used - 1, format,
			 args);
	va_end(args);
	if (more < 0)
		return;
	used += more;
	if (used > (int)sizeof(line) - 2)
		used = (int)sizeof(line) - 2;
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, (size_t)used) < 0)
		return;
}
