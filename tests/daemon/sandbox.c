/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a program as systemd would run the service of a unit: its user without
 * capabilities, its file system, network, devices, limits and filters of system
 * calls. For tests where systemd isn't process 1:
 *
 *   sandbox UNIT GROUPS PROGRAM ARGUMENT...
 *
 * GROUPS is what `systemd-analyze syscall-filter` prints. The program keeps its
 * process number. Folders of the build, and those that its arguments name, stay
 * in sight; one that a test made in /tmp stands in for RuntimeDirectory=. Exits 125
 * where a sandbox can't be made.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox-calls.h"
#include "sandbox-files.h"
#include "sandbox-unit.h"

#define IMPOSSIBLE 125
#define FOLDER "/tmp/plxdma"	/* so begin those that tests make */
/* Users that the machine doesn't have, among those that systemd makes up. */
#define STAND_IN 61184
/* So many of them: what one has locked isn't another's. */
#define STAND_INS 4096

struct identity {
	uid_t user;
	gid_t group, more;
};

static void __attribute__((noreturn, format(printf, 2, 3)))
give_up(int err, const char *format, ...)
{
	va_list list;

	fprintf(stderr, "sandbox: ");
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fprintf(stderr, "%s%s\n", err ? ": " : "", err ? strerror(-err) : "");
	exit(IMPOSSIBLE);
}

static gid_t group_of(const char *name, gid_t stand_in)
{
	const struct group *group = getgrnam(name);

	return group ? group->gr_gid : stand_in;
}

static void identity_find(struct unit *unit, struct identity *identity)
{
	const struct passwd *user = getpwnam(unit_value(unit, "User"));

	identity->user = user ? user->pw_uid :
				STAND_IN + (uid_t)(getpid() % STAND_INS);
	identity->group = group_of(unit_value(unit, "Group"), STAND_IN + 1);
	identity->more = group_of(unit_value(unit, "SupplementaryGroups"),
				  STAND_IN + 2);
}

static void sight_find(struct sight *sight, char **arguments)
{
	const char *ear = getenv("NOTIFY_SOCKET");

	sight_add(sight, SOURCES "/.", 0);
	sight_add(sight, BUILD "/.", 0);
	if (ear)
		sight_add(sight, ear, 1);
	for (int i = 1; arguments[i]; i++)
		sight_add(sight, arguments[i],
			  !strncmp(arguments[i], FOLDER, strlen(FOLDER)));
}

/* Limits in the unit are numbers, or none. Where root may not raise one, as in
 * many a container, it is as high as it may be. */
static void limit_set(struct unit *unit, const char *key, int which)
{
	const char *value = unit_value(unit, key);
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	if (!*value)
		return;
	if (strcmp(value, "infinity"))
		limit.rlim_cur = limit.rlim_max = strtoul(value, NULL, 10);
	if (!setrlimit((__rlimit_resource_t)which, &limit))
		return;
	if (errno != EPERM || getrlimit((__rlimit_resource_t)which, &limit))
		give_up(-errno, "%s=%s", key, value);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit((__rlimit_resource_t)which, &limit);
}

static void capabilities_drop(struct unit *unit)
{
	if (*unit_value(unit, "CapabilityBoundingSet") ||
	    *unit_value(unit, "AmbientCapabilities"))
		give_up(0, "only empty sets of capabilities are known");
	for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0))
			give_up(-errno, "CapabilityBoundingSet=");
}

/* The rest of them goes with the user. */
static void identity_take(const struct identity *identity)
{
	int signal = 0;

	prctl(PR_GET_PDEATHSIG, &signal);
	if (setgroups(1, &identity->more) ||
	    setresgid(identity->group, identity->group, identity->group) ||
	    setresuid(identity->user, identity->user, identity->user))
		give_up(-errno, "User=");
	/* Another user's process loses this: tests end with their daemons. */
	prctl(PR_SET_PDEATHSIG, signal);
}

static void process_restrict(struct unit *unit)
{
	const char *mask = unit_value(unit, "UMask");

	if (*mask)
		umask((mode_t)strtoul(mask, NULL, 8));
	if (unit_is(unit, "KeyringMode", "private"))
		(void)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
	if (!unit_is(unit, "NoNewPrivileges", "yes") ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		give_up(-errno, "NoNewPrivileges=");
}

/* Nothing that would restrict a single process that systemd didn't start. */
static void others_hear(struct unit *unit)
{
	static const char *const others[] = {
		"Type", "ExecStartPre", "ExecStart", "ExecReload", "Restart",
		"RestartSec", "WatchdogSec", "TimeoutStopSec",
		"RuntimeDirectory", "RuntimeDirectoryMode",
		"RuntimeDirectoryPreserve",
		/* At the service's end. */
		"RemoveIPC",
		/* There is no network, and no socket for one. */
		"IPAddressDeny",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		(void)unit_value(unit, others[i]);
}

int main(int argc, char **argv)
{
	static struct unit unit;
	static struct sight sight;
	struct identity identity;
	struct groups groups;
	int err;

	if (argc < 4)
		give_up(0, "usage: sandbox UNIT GROUPS PROGRAM ARGUMENT...");
	err = unit_read(&unit, argv[1]);
	if (err)
		give_up(err, "%s", argv[1]);
	err = groups_read(&groups, argv[2]);
	if (err)
		give_up(err, "%s", argv[2]);
	if (geteuid())
		give_up(0, "needs root");
	identity_find(&unit, &identity);
	sight_find(&sight, argv + 3);
	limit_set(&unit, "LimitMEMLOCK", RLIMIT_MEMLOCK);
	limit_set(&unit, "LimitNOFILE", RLIMIT_NOFILE);
	err = files_hide(&unit, &sight, identity.user, identity.group);
	if (err)
		give_up(err, "file system, network or devices");
	capabilities_drop(&unit);
	identity_take(&identity);
	process_restrict(&unit);
	others_hear(&unit);
	err = calls_filter(&unit, &groups);
	if (err)
		give_up(err, "system calls");
	if (unit_unheard(&unit))
		give_up(0, "the unit's %s= is not known here: apply it",
			unit_unheard(&unit));
	execvp(argv[3], argv + 3);
	give_up(-errno, "%s", argv[3]);
}
