/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The [Service] section of a unit of systemd. Whoever applies a directive asks
 * for it; what nobody has asked for in the end is a directive that the sandbox
 * of the tests doesn't know, and an error: test and unit can't drift.
 */
#ifndef TESTS_DAEMON_SANDBOX_UNIT_H
#define TESTS_DAEMON_SANDBOX_UNIT_H

#define UNIT_LINES 128

struct unit {
	struct unit_line {
		char key[64];
		char value[256];
		int heard;
	} lines[UNIT_LINES];
	unsigned int count;
};

/* 0 or a negative errno. */
int unit_read(struct unit *unit, const char *path);
/* The directive's last value, or "" if it isn't there. */
const char *unit_value(struct unit *unit, const char *key);
int unit_is(struct unit *unit, const char *key, const char *value);
/* Its next value from *@at on, which starts at 0, or NULL. */
const char *unit_next(struct unit *unit, const char *key, unsigned int *at);
/* A directive that nobody asked for, or NULL. */
const char *unit_unheard(const struct unit *unit);

#endif
