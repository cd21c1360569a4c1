/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one error convention: 0 or a negative errno, and a text that names the
 * object, the cause and the remedy.
 *
 * Whatever can fail with more to say than its errno takes a struct error *,
 * which may be NULL.  The text is for people; code looks at the errno.
 */
#ifndef ERROR_H
#define ERROR_H

#define ERROR_TEXT 320

struct error {
	char text[ERROR_TEXT];
};

/* Sets the text and returns @code, so that one can `return error_set(...)`. */
int error_set(struct error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
