/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon says to its administrator: lines on stderr, each with the
 * <N> that syslog and journald read as its priority, and a word in brackets
 * that stays the same whatever the text says; plxdmad(8) lists these. Of one
 * word there are only so many lines in ten seconds: what a client can provoke
 * mustn't fill a disk. Never an address.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <stdint.h>
#include <syslog.h>

void log_print(int priority, const char *word, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Tells what was left out, once its ten seconds are over; all of it with
 * UINT64_MAX. */
void log_catch_up(uint64_t now);

#define log_error(...) log_print(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_print(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_print(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_print(LOG_INFO, __VA_ARGS__)

/* How much of one word is let through (log_gate.c). Pure. */
#define LOG_BURST 20
#define LOG_INTERVAL_NS UINT64_C(10000000000)

struct log_gate {
	uint64_t since;			/* of the interval */
	unsigned int passed;
	unsigned int held;		/* left out, and not yet told */
};

/* May one more pass? *told: how many were left out before, to be told now. */
int log_gate_pass(struct log_gate *gate, uint64_t now, unsigned int *told);
/* How many were left out and are to be told now. */
unsigned int log_gate_take(struct log_gate *gate, uint64_t now);

#endif
