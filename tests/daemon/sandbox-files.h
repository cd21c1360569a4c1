/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file system and the network as a unit lets its service see them, in
 * namespaces of the process's own.
 */
#ifndef TESTS_DAEMON_SANDBOX_FILES_H
#define TESTS_DAEMON_SANDBOX_FILES_H

#include <sys/types.h>

#include "sandbox-unit.h"

#define FOLDERS 16

/* What stays in sight where the unit would hide it, as tests keep it there. */
struct sight {
	struct folder {
		char path[256];
		int writable;	/* stands in for RuntimeDirectory= */
		int tree;
	} folders[FOLDERS];
	unsigned int count;
};

/* The folder that @path is in; a second time is no harm. */
void sight_add(struct sight *sight, const char *path, int writable);
/* Writable ones become @user's and @group's. 0 or a negative errno. */
int files_hide(struct unit *unit, struct sight *sight, uid_t user,
	       gid_t group);

#endif
