/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one uid has of the daemon, over all its connections, and the limits of
 * that: nobody gets more by starting more programs.
 */
#ifndef DAEMON_USER_H
#define DAEMON_USER_H

#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "error/error.h"
#include "grant.h"

struct user {
	uid_t uid;
	unsigned int clients;
	uint64_t arena;			/* bytes */
	unsigned int in_flight;		/* transfers under way */
	unsigned int uses;		/* connections, and memory kept */
	TAILQ_ENTRY(user) link;
};
TAILQ_HEAD(users, user);

/* The one of that uid, made if there is none. NULL without memory. */
struct user *user_get(struct users *users, uid_t uid);
/* Goes with the last who had it. */
void user_put(struct users *users, struct user *user);

/* May there be one more? 0, -EAGAIN or -EDQUOT, with a text that names the
 * limit. @user may be NULL: it has nothing yet. */
int user_check_client(const struct users *users, uid_t uid,
		      const struct grant *grant, struct error *error);
int user_check_arena(const struct user *user, const struct grant *grant,
		     uint64_t size, struct error *error);
int user_check_transfer(const struct user *user, const struct grant *grant,
			struct error *error);

#endif
