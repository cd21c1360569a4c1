/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A configuration as a test writes it, and writes it again.
 */
#ifndef TESTS_DAEMON_WRITTEN_H
#define TESTS_DAEMON_WRITTEN_H

struct written {
	char folder[64];
	char path[96];		/* plxdmad.conf in it */
};

/* A folder of its own, world readable, with an empty file. */
void written_make(struct written *written);
void written_put(const struct written *written, const char *text);
/* A file beside it, in plxdmad.conf.d. */
void written_beside(const struct written *written, const char *name,
		    const char *text);
/* Removes all of it. */
void written_end(const struct written *written);

#endif
