/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon says to its administrator: lines on stderr, each with the
 * <N> that syslog and journald read as its priority. Never an address.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <syslog.h>

void log_print(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...) log_print(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_print(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_print(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_print(LOG_INFO, __VA_ARGS__)

#endif
