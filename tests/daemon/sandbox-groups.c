/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A group's name stands at the start of a line, what is in it, calls and other
 * groups, follows indented; a # begins a comment.
 */
#include "sandbox-groups.h"

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE 262144
#define DEPTH 8

int groups_read(struct groups *groups, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t length;

	if (!file)
		return -errno;
	groups->text = calloc(1, SIZE + 1);
	length = groups->text ? fread(groups->text, 1, SIZE, file) : 0;
	fclose(file);
	if (!groups->text)
		return -ENOMEM;
	if (length && length < SIZE)
		return 0;
	groups_free(groups);
	return -EINVAL;
}

void groups_free(struct groups *groups)
{
	free(groups->text);
}

/* The lines after a group's name, or NULL. */
static const char *group_find(const struct groups *groups, const char *name)
{
	size_t length = strlen(name);
	const char *at = groups->text;

	while (at && (strncmp(at, name, length) || at[length] != '\n')) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return at ? at + length + 1 : NULL;
}

static int name_apply(const struct groups *groups, const char *name, int allow,
		      struct call_set *set, int depth)
{
	const char *at;
	int call, err = 0;

	if (*name != '@') {
		call = seccomp_syscall_resolve_name(name);
		/* Groups hold calls of other processors as well. */
		if (call >= 0 && call < CALLS)
			set->allowed[call] = (char)allow;
		return call == __NR_SCMP_ERROR && !depth ? -ENOENT : 0;
	}
	at = group_find(groups, name);
	if (!at || depth == DEPTH)
		return -ENOENT;
	while (!err && *at == ' ') {
		char inner[64];

		if (sscanf(at, " %63s", inner) == 1 && *inner != '#')
			err = name_apply(groups, inner, allow, set, depth + 1);
		at = strchr(at, '\n');
		at = at ? at + 1 : "";
	}
	return err;
}

int groups_apply(const struct groups *groups, const char *name, int allow,
		 struct call_set *set)
{
	return name_apply(groups, name, allow, set, 0);
}
