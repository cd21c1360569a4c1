/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Everything becomes read-only, then what the directives name is hidden, then
 * what has to stay in sight is put back in its place. DevicePolicy= is a device
 * folder with the allowed ones alone, which is stricter than a device that can't
 * be opened.
 */
#include "sandbox-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MISC 10			/* major number of char-misc */
#define MEMORY 1		/* of null, zero, full, random and urandom */
#define FIRST_DEVICES 64

void sight_add(struct sight *sight, const char *path, int writable)
{
	struct folder *folder = &sight->folders[sight->count];
	const char *slash = strrchr(path, '/');

	if (sight->count == FOLDERS || *path != '/' || slash == path)
		return;
	if ((size_t)(slash - path) >= sizeof(folder->path))
		return;
	memcpy(folder->path, path, (size_t)(slash - path));
	folder->path[slash - path] = 0;
	folder->writable = writable;
	sight->count += !access(folder->path, F_OK);
}

static int sight_hold(struct sight *sight, uid_t user, gid_t group)
{
	for (unsigned int i = 0; i < sight->count; i++) {
		struct folder *folder = &sight->folders[i];
		struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

		if (folder->writable && chown(folder->path, user, group))
			return -errno;
		folder->tree = open_tree(AT_FDCWD, folder->path,
					 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		if (folder->tree < 0)
			return -errno;
		if (!folder->writable &&
		    mount_setattr(folder->tree, "", AT_EMPTY_PATH, &attr,
				  sizeof(attr)))
			return -errno;
	}
	return 0;
}

/* All folders on the way to a path. */
static void folders_make(const char *path)
{
	char part[256];

	for (const char *at = path + 1; *at; at++) {
		if (*at == '/') {
			snprintf(part, sizeof(part), "%.*s", (int)(at - path),
				 path);
			mkdir(part, 0755);
		}
	}
	mkdir(path, 0755);
}

static int sight_restore(struct sight *sight)
{
	for (unsigned int i = 0; i < sight->count; i++) {
		folders_make(sight->folders[i].path);
		if (move_mount(sight->folders[i].tree, "", AT_FDCWD,
			       sight->folders[i].path, MOVE_MOUNT_F_EMPTY_PATH |
			       MOVE_MOUNT_T_SYMLINKS))
			return -errno;
		close(sight->folders[i].tree);
	}
	return 0;
}

static int read_only(const char *path, int deep)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

	return mount_setattr(AT_FDCWD, path, deep ? AT_RECURSIVE : 0, &attr,
			     sizeof(attr)) ? -errno : 0;
}

/* Where there is such a path. */
static int read_only_part(const char *path)
{
	if (access(path, F_OK))
		return 0;
	if (mount(path, path, NULL, MS_BIND | MS_REC, NULL))
		return -errno;
	return read_only(path, 1);
}

static int empty(const char *path, const char *mode)
{
	if (access(path, F_OK))
		return 0;
	return mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, mode) ?
	       -errno : 0;
}

static int nothing_there(const char *path)
{
	if (access(path, F_OK))
		return 0;
	return mount("/dev/null", path, NULL, MS_BIND, NULL) ? -errno : 0;
}

static int system_protect(struct unit *unit)
{
	struct mount_attr writable = { .attr_clr = MOUNT_ATTR_RDONLY };
	int err;

	if (!unit_is(unit, "ProtectSystem", "strict"))
		return -ENOTSUP;
	err = read_only("/", 1);
	/* These it leaves; of the others, see below. */
	if (!err && mount_setattr(AT_FDCWD, "/proc", 0, &writable,
				  sizeof(writable)))
		err = -errno;
	if (!err && unit_is(unit, "PrivateTmp", "yes"))
		err = empty("/tmp", "mode=1777");
	if (!err && unit_is(unit, "PrivateTmp", "yes"))
		err = empty("/var/tmp", "mode=1777");
	return err;
}

/* Homes can be passed through, as a tree of sources may lie in one. */
static int home_protect(struct unit *unit)
{
	int err;

	if (!unit_is(unit, "ProtectHome", "yes"))
		return 0;
	err = empty("/home", "mode=0711");
	if (!err)
		err = empty("/root", "mode=0711");
	return err ? err : empty("/run/user", "mode=0700");
}

static int kernel_protect(struct unit *unit)
{
	static const char *const tunables[] = {
		"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus",
		"/proc/acpi", "/proc/fs",
	};
	int err = 0;

	for (size_t i = 0; unit_is(unit, "ProtectKernelTunables", "yes") &&
	     !err && i < sizeof(tunables) / sizeof(tunables[0]); i++)
		err = read_only_part(tunables[i]);
	/* /sys is read-only as everything is, its control groups as well. */
	if (!err && !unit_is(unit, "ProtectControlGroups", "yes"))
		err = -ENOTSUP;
	if (!err && unit_is(unit, "ProtectKernelModules", "yes"))
		err = empty("/usr/lib/modules", "mode=0");
	if (!err && unit_is(unit, "ProtectKernelLogs", "yes"))
		err = nothing_there("/proc/kmsg");
	return err;
}

struct devices {
	struct device {
		char path[300];
		struct stat is;
	} list[FIRST_DEVICES];
	unsigned int count;
};

/* Whether a service with DeviceAllow=char-misc may open it. */
static int device_allowed(const struct stat *is)
{
	return S_ISCHR(is->st_mode) && (major(is->st_rdev) == MISC ||
					(major(is->st_rdev) == MEMORY &&
					 minor(is->st_rdev) >= 3));
}

static void devices_find(struct devices *devices, const char *folder, int deep)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)) &&
	       devices->count < FIRST_DEVICES) {
		struct device *device = &devices->list[devices->count];

		if (*entry->d_name == '.')
			continue;
		if (snprintf(device->path, sizeof(device->path), "%s/%s",
			     folder, entry->d_name) >=
		    (int)sizeof(device->path) ||
		    lstat(device->path, &device->is))
			continue;
		if (device_allowed(&device->is)) {
			devices->count++;
		} else if (deep && S_ISDIR(device->is.st_mode)) {
			char inner[300];

			strcpy(inner, device->path);
			devices_find(devices, inner, 0);
		}
	}
	if (dir)
		closedir(dir);
}

static int device_make(const struct device *device)
{
	char folder[300];

	strcpy(folder, device->path);
	*strrchr(folder, '/') = 0;
	folders_make(folder);
	if (mknod(device->path, device->is.st_mode, device->is.st_rdev) ||
	    chown(device->path, device->is.st_uid, device->is.st_gid) ||
	    chmod(device->path, device->is.st_mode & 0777))
		return -errno;
	return 0;
}

static int devices_protect(struct unit *unit)
{
	static struct devices devices;
	int err = 0;

	if (!unit_is(unit, "DevicePolicy", "closed") ||
	    !unit_is(unit, "DeviceAllow", "char-misc rw"))
		return -ENOTSUP;
	devices_find(&devices, "/dev", 1);
	if (mount("tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC,
		  "mode=0755"))
		return -errno;
	for (unsigned int i = 0; !err && i < devices.count; i++)
		err = device_make(&devices.list[i]);
	mkdir("/dev/shm", 01777);
	return err;
}

int files_hide(struct unit *unit, struct sight *sight, uid_t user, gid_t group)
{
	int err;

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -errno;
	if (unit_is(unit, "PrivateNetwork", "yes") && unshare(CLONE_NEWNET))
		return -errno;
	if (unit_is(unit, "ProtectHostname", "yes") && unshare(CLONE_NEWUTS))
		return -errno;
	err = sight_hold(sight, user, group);
	if (!err)
		err = system_protect(unit);
	if (!err)
		err = home_protect(unit);
	if (!err)
		err = kernel_protect(unit);
	if (!err)
		err = devices_protect(unit);
	return err ? err : sight_restore(sight);
}
