/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One ring for the process, with a sparse table of buffers: a slot for each
 * GiB that is pinned, since a registered buffer can't be larger.  The ring is
 * global because it stands for a privilege that the process had when it was
 * made; nothing is ever submitted to it.  A fork's child makes its own.
 */
#include "pin.h"

#include <errno.h>
#include <liburing.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 1024
#define SLOT_BYTES ((size_t)1 << 30)
#define SETTLE_MS 1500

struct pin {
	pid_t owner;
	unsigned int count;
	unsigned int slots[];
};

static pthread_mutex_t pin_lock = PTHREAD_MUTEX_INITIALIZER;
static struct io_uring pin_ring;
static pid_t pin_owner;
static uint8_t pin_used[SLOTS];
static uint64_t pin_freed_ms;	/* when one was freed last */

static int ring_error(struct error *error, int code)
{
	switch (code) {
	case -ENOSYS:
		return error_set(error, -ENOTSUP, "pin: this kernel (or a seccomp "
			"filter) has no io_uring; allow it, or open with "
			"`unpinned` where frames need not stay");
	case -EPERM:
		return error_set(error, -EPERM, "pin: io_uring is forbidden; as "
			"root: echo 0 > /proc/sys/kernel/io_uring_disabled, or "
			"open with `unpinned` where frames need not stay");
	default:
		return error_set(error, code, "pin: no io_uring: %s",
				 strerror(-code));
	}
}

/* With the lock held. */
static int ring_make(struct error *error)
{
	int rc;

	if (pin_owner == getpid())
		return 0;
	if (pin_owner)
		io_uring_queue_exit(&pin_ring);
	pin_owner = 0;
	memset(pin_used, 0, sizeof(pin_used));
	rc = io_uring_queue_init(1, &pin_ring, 0);
	if (rc)
		return ring_error(error, rc);
	rc = io_uring_register_buffers_sparse(&pin_ring, SLOTS);
	if (rc) {
		io_uring_queue_exit(&pin_ring);
		return error_set(error, rc == -EINVAL ? -ENOTSUP : rc,
			"pin: no sparse io_uring buffers: %s (Linux 5.19 or "
			"later has them); or open with `unpinned`",
			strerror(-rc));
	}
	pin_owner = getpid();
	return 0;
}

int pin_prepare(struct error *error)
{
	int rc;

	pthread_mutex_lock(&pin_lock);
	rc = ring_make(error);
	pthread_mutex_unlock(&pin_lock);
	return rc;
}

static int slot_set(unsigned int slot, void *base, size_t size)
{
	const struct iovec vector = { .iov_base = base, .iov_len = size };
	int rc;

	rc = io_uring_register_buffers_update_tag(&pin_ring, slot, &vector,
						  NULL, 1);
	return rc < 0 ? rc : 0;
}

static int slot_find(void)
{
	int slot;

	for (slot = 0; slot < SLOTS; slot++)
		if (!pin_used[slot])
			return slot;
	return -ENOSPC;
}

static int slot_take(struct pin *pin, void *base, size_t size)
{
	int slot = slot_find(), rc;

	if (slot < 0)
		return slot;
	rc = slot_set((unsigned int)slot, base, size);
	if (rc)
		return rc;
	pin_used[slot] = 1;
	pin->slots[pin->count++] = (unsigned int)slot;
	return 0;
}

static void slots_give_back(struct pin *pin)
{
	/* A fork's child has no business with its parent's slots. */
	if (pin->owner != getpid())
		return;
	while (pin->count) {
		unsigned int slot = pin->slots[--pin->count];

		(void)slot_set(slot, NULL, 0);
		pin_used[slot] = 0;
	}
}

static int slots_take(struct pin *pin, char *base, size_t size)
{
	size_t done, piece;
	int rc;

	for (done = 0; done < size; done += piece) {
		piece = size - done < SLOT_BYTES ? size - done : SLOT_BYTES;
		rc = slot_take(pin, base + done, piece);
		if (rc) {
			slots_give_back(pin);
			return rc;
		}
	}
	return 0;
}

static int slots_error(struct error *error, int code, size_t size)
{
	switch (code) {
	case -ENOMEM:
		return error_set(error, code, "pin: %zu KiB are more than "
			"RLIMIT_MEMLOCK lets this user pin; raise it (ulimit -l "
			"%zu, LimitMEMLOCK= in a unit) or give the program "
			"CAP_IPC_LOCK", size >> 10, size >> 10);
	case -ENOSPC:
		return error_set(error, code, "pin: %d arenas or GiB are pinned "
			"already by this process; close some", SLOTS);
	default:
		return error_set(error, code, "pin: io_uring can't register "
			"%zu KiB: %s", size >> 10, strerror(-code));
	}
}

int pin_new(void *base, size_t size, struct pin **pin, struct error *error)
{
	size_t slots = (size - 1) / SLOT_BYTES + 1;
	struct pin *made;
	int rc;

	made = calloc(1, sizeof(*made) + slots * sizeof(made->slots[0]));
	if (!made)
		return error_set(error, -ENOMEM, "pin: out of memory");
	pthread_mutex_lock(&pin_lock);
	rc = ring_make(error);
	if (rc)
		goto out_free;
	made->owner = pin_owner;
	rc = slots_take(made, base, size);
	if (rc) {
		rc = slots_error(error, rc, size);
		goto out_free;
	}
	pthread_mutex_unlock(&pin_lock);
	*pin = made;
	return 0;

out_free:
	pthread_mutex_unlock(&pin_lock);
	free(made);
	return rc;
}

static uint64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int kernel_is_slow(void)
{
	struct utsname name;
	int major, minor;

	if (uname(&name) || sscanf(name.release, "%d.%d", &major, &minor) != 2)
		return 0;
	return major < 6 || (major == 6 && minor < 4);
}

int pin_settling(void)
{
	uint64_t freed;

	pthread_mutex_lock(&pin_lock);
	freed = pin_freed_ms;
	pthread_mutex_unlock(&pin_lock);
	return freed && clock_ms() - freed < SETTLE_MS && kernel_is_slow();
}

void pin_free(struct pin *pin)
{
	if (!pin)
		return;
	pthread_mutex_lock(&pin_lock);
	slots_give_back(pin);
	pin_freed_ms = clock_ms();
	pthread_mutex_unlock(&pin_lock);
	free(pin);
}
