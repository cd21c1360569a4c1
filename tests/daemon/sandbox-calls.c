/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Filters by libseccomp, which systemd uses as well. What a directive forbids is
 * taken from systemd.exec(5); the errors are those that it promises.
 */
#include "sandbox-calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "sandbox-groups.h"

/* Starts a filter that lets all pass. */
static scmp_filter_ctx filter_new(uint32_t action)
{
	scmp_filter_ctx filter = seccomp_init(action);

	/* The launcher has said so already. */
	if (filter)
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	return filter;
}

static int filter_load(scmp_filter_ctx filter, int err)
{
	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

static int forbid(scmp_filter_ctx filter, int code, const char *name)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned int)code),
				seccomp_syscall_resolve_name(name), 0);
}

/* Where all bits of @mask in argument @number are @value. */
static int forbid_bits(scmp_filter_ctx filter, const char *name,
		       unsigned int number, uint64_t mask, uint64_t value)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
				seccomp_syscall_resolve_name(name), 1,
				SCMP_CMP64(number, SCMP_CMP_MASKED_EQ, mask,
					   value));
}

static int filter_families(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
				SCMP_SYS(socket), 1,
				SCMP_A0_32(SCMP_CMP_NE, AF_UNIX, 0));
}

static int filter_namespaces(scmp_filter_ctx filter)
{
	static const uint64_t kinds[] = {
		CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS,
		CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWUTS,
	};
	/* Its flags lie in memory: glibc falls back to clone(). */
	int err = forbid(filter, ENOSYS, "clone3");

	if (!err)
		err = forbid(filter, EPERM, "setns");
	for (size_t i = 0; !err && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		err = forbid_bits(filter, "clone", 0, kinds[i], kinds[i]);
		if (!err)
			err = forbid_bits(filter, "unshare", 0, kinds[i],
					  kinds[i]);
	}
	return err;
}

static int filter_realtime(scmp_filter_ctx filter)
{
	static const unsigned int policies[] = {
		SCHED_FIFO, SCHED_RR, 6 /* SCHED_DEADLINE */
	};
	int err = forbid(filter, EPERM, "sched_setattr");

	for (int i = 0; !err && i < 3; i++)
		err = forbid_bits(filter, "sched_setscheduler", 1, 7,
				  policies[i]);
	return err;
}

static int filter_set_id(scmp_filter_ctx filter)
{
	static const struct {
		const char *name;
		unsigned int number;	/* of the argument that is a mode */
	} calls[] = {
		{ "chmod", 1 }, { "fchmod", 1 }, { "fchmodat", 2 },
		{ "mkdir", 1 }, { "mkdirat", 2 }, { "mknod", 1 },
		{ "mknodat", 2 }, { "creat", 1 }, { "open", 2 },
		{ "openat", 3 },
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(calls) / sizeof(calls[0]); i++) {
		err = forbid_bits(filter, calls[i].name, calls[i].number,
				  S_ISUID, S_ISUID);
		if (!err)
			err = forbid_bits(filter, calls[i].name,
					  calls[i].number, S_ISGID, S_ISGID);
	}
	return err;
}

static int filter_personality(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
				SCMP_SYS(personality), 1,
				SCMP_A0_32(SCMP_CMP_NE, 0, 0));
}

static int filter_executable(scmp_filter_ctx filter)
{
	const uint64_t both = PROT_EXEC | PROT_WRITE;
	int err = forbid_bits(filter, "mmap", 2, both, both);

	if (!err)
		err = forbid_bits(filter, "mprotect", 2, PROT_EXEC, PROT_EXEC);
	if (!err)
		err = forbid_bits(filter, "pkey_mprotect", 2, PROT_EXEC,
				  PROT_EXEC);
	return err ? err : forbid_bits(filter, "shmat", 2, SHM_EXEC, SHM_EXEC);
}

static int filter_hostname(scmp_filter_ctx filter)
{
	int err = forbid(filter, EPERM, "sethostname");

	return err ? err : forbid(filter, EPERM, "setdomainname");
}

static int filter_log(scmp_filter_ctx filter)
{
	return forbid(filter, EPERM, "syslog");
}

static const struct {
	const char *key, *value;
	int (*fill)(scmp_filter_ctx filter);
} directives[] = {
	{ "RestrictAddressFamilies", "AF_UNIX", filter_families },
	{ "RestrictNamespaces", "yes", filter_namespaces },
	{ "RestrictRealtime", "yes", filter_realtime },
	{ "RestrictSUIDSGID", "yes", filter_set_id },
	{ "LockPersonality", "yes", filter_personality },
	{ "MemoryDenyWriteExecute", "yes", filter_executable },
	{ "ProtectHostname", "yes", filter_hostname },
	{ "ProtectKernelLogs", "yes", filter_log },
};

static int directive_apply(struct unit *unit, size_t i)
{
	const char *value = unit_value(unit, directives[i].key);
	scmp_filter_ctx filter;

	if (!*value)
		return 0;
	/* Another value would want another filter. */
	if (strcmp(value, directives[i].value))
		return -ENOTSUP;
	filter = filter_new(SCMP_ACT_ALLOW);
	return filter ? filter_load(filter, directives[i].fill(filter)) :
			-ENOMEM;
}

/* What SystemCallFilter= leaves, its lines one after the other. */
static int calls_allowed(struct unit *unit, const struct groups *groups,
			 struct call_set *set)
{
	const char *line;
	unsigned int at = 0;
	int err = groups_apply(groups, "@default", 1, set);

	while (!err && (line = unit_next(unit, "SystemCallFilter", &at))) {
		char words[256], *word, *rest = words;
		int allow = *line != '~';

		strcpy(words, line + !allow);
		while (!err && (word = strsep(&rest, " ")))
			err = groups_apply(groups, word, allow, set);
	}
	return err;
}

static int calls_apply(struct unit *unit, const struct groups *groups)
{
	static struct call_set set;
	scmp_filter_ctx filter;
	int err;

	/* Both only as the unit has them. */
	if (!unit_is(unit, "SystemCallErrorNumber", "EPERM") ||
	    !unit_is(unit, "SystemCallArchitectures", "native"))
		return -ENOTSUP;
	err = calls_allowed(unit, groups, &set);
	filter = filter_new(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return -ENOMEM;
	for (int i = 0; !err && i < CALLS; i++) {
		if (set.allowed[i])
			err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, i, 0);
	}
	return filter_load(filter, err);
}

/* Whole groups that other directives forbid. */
static int group_apply(struct unit *unit, const struct groups *groups,
		       const char *key, const char *group)
{
	static struct call_set set;
	scmp_filter_ctx filter;
	int err;

	if (!unit_is(unit, key, "yes"))
		return 0;
	memset(&set, 0, sizeof(set));
	err = groups_apply(groups, group, 1, &set);
	filter = filter_new(SCMP_ACT_ALLOW);
	if (!filter)
		return -ENOMEM;
	for (int i = 0; !err && i < CALLS; i++) {
		if (set.allowed[i])
			err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					       i, 0);
	}
	return filter_load(filter, err);
}

int calls_filter(struct unit *unit, const struct groups *groups)
{
	int err = 0;

	for (size_t i = 0;
	     !err && i < sizeof(directives) / sizeof(directives[0]); i++)
		err = directive_apply(unit, i);
	if (!err)
		err = group_apply(unit, groups, "ProtectClock", "@clock");
	if (!err)
		err = group_apply(unit, groups, "ProtectKernelModules",
				  "@module");
	/* Last, for it may forbid to load another. */
	if (!err)
		err = calls_apply(unit, groups);
	return err;
}
