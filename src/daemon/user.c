/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counting by uid.
 */
#include "user.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static struct user *user_find(const struct users *users, uid_t uid)
{
	struct user *user;

	for (user = TAILQ_FIRST(users); user; user = TAILQ_NEXT(user, link)) {
		if (user->uid == uid)
			return user;
	}
	return NULL;
}

struct user *user_get(struct users *users, uid_t uid)
{
	struct user *user = user_find(users, uid);

	if (!user) {
		user = calloc(1, sizeof(*user));
		if (!user)
			return NULL;
		user->uid = uid;
		TAILQ_INSERT_TAIL(users, user, link);
	}
	user->uses++;
	return user;
}

void user_put(struct users *users, struct user *user)
{
	if (--user->uses)
		return;
	TAILQ_REMOVE(users, user, link);
	free(user);
}

/* Whose limit it is. */
static const char *section(const struct grant *grant)
{
	return grant->section[0] ? grant->section : "[daemon]";
}

int user_check_client(const struct users *users, uid_t uid,
		      const struct grant *grant, struct error *error)
{
	const struct user *user = user_find(users, uid);

	if (!user || user->clients < grant->max_user_clients)
		return 0;
	return error_set(error, -EAGAIN, "user %u has %u programs connected "
			 "already, and may have %u (max-user-clients, %s in "
			 "plxdmad.conf): end one", (unsigned int)uid,
			 user->clients, grant->max_user_clients,
			 section(grant));
}

int user_check_arena(const struct user *user, const struct grant *grant,
		     uint64_t size, struct error *error)
{
	if (size > grant->max_arena)
		return error_set(error, -EDQUOT, "an arena of %" PRIu64
				 " bytes is more than the %" PRIu64
				 " that a program may have (max-arena, %s in "
				 "plxdmad.conf): ask for less", size,
				 grant->max_arena, section(grant));
	if (user->arena > grant->max_user_arena ||
	    size > grant->max_user_arena - user->arena)
		return error_set(error, -EDQUOT, "%" PRIu64 " bytes more than "
				 "the %" PRIu64 " of this user's programs are "
				 "beyond the %" PRIu64 " that it may have "
				 "(max-user-arena, %s in plxdmad.conf): end "
				 "one, or ask for less", size, user->arena,
				 grant->max_user_arena, section(grant));
	return 0;
}

int user_check_transfer(const struct user *user, const struct grant *grant,
			struct error *error)
{
	if (user->in_flight < grant->max_user_in_flight)
		return 0;
	return error_set(error, -EDQUOT, "%u transfers of this user are under "
			 "way, and it may have %u (max-user-in-flight, %s in "
			 "plxdmad.conf): wait for one", user->in_flight,
			 grant->max_user_in_flight, section(grant));
}
