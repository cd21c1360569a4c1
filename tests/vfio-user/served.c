/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "served.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#define STEP_US	 2000
#define PATIENCE (60 * 1000000 / STEP_US)
#define WORDS	 32

static const char *program(void)
{
	const char *named = getenv("PLXDMA_MODEL");

	return named ? named : MODEL_PROGRAM;
}

static _Noreturn void become(const struct served *served,
			     const char *const *options)
{
	const char *words[WORDS] = {
		program(), "--socket", served->socket, "--stats",
		served->stats,
	};
	int log = open(served->log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	size_t n = 5;

	while (options && *options && n < WORDS - 1)
		words[n++] = *options++;
	dup2(log, STDERR_FILENO);
	/* A test that fails doesn't come to tear anything down. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execv(words[0], (char *const *)(uintptr_t)words);
	_exit(127);
}

static bool listens(const struct served *served)
{
	struct stat st;

	return !stat(served->socket, &st) &&
	       served_said(served, "waiting for a client");
}

void served_start(struct served *served, const char *const *options)
{
	*served = (struct served){ .status = -1 };
	(void)snprintf(served->folder, sizeof(served->folder),
		       "%s/plxdma-model-XXXXXX",
		       getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(served->folder));
	(void)snprintf(served->socket, sizeof(served->socket), "%s/socket",
		       served->folder);
	(void)snprintf(served->stats, sizeof(served->stats), "%s/stats",
		       served->folder);
	(void)snprintf(served->log, sizeof(served->log), "%s/log",
		       served->folder);
	served->pid = fork();
	ck_assert_int_ge(served->pid, 0);
	if (!served->pid)
		become(served, options);
	for (int i = 0; i < PATIENCE && !listens(served); i++) {
		ck_assert_msg(served_lives(served),
			      "plxdma-model didn't start");
		usleep(STEP_US);
	}
	ck_assert(listens(served));
}

bool served_lives(const struct served *served)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)served->pid, &info,
		       WEXITED | WNOHANG | WNOWAIT) && !info.si_pid;
}

bool served_ends(struct served *served)
{
	for (int i = 0; i < PATIENCE; i++) {
		if (waitpid(served->pid, &served->status, WNOHANG) > 0) {
			served->pid = 0;
			return true;
		}
		usleep(STEP_US);
	}
	return false;
}

void served_stop(struct served *served)
{
	if (!served->pid)
		return;
	kill(served->pid, SIGTERM);
	if (served_ends(served)) {
		/* Sanitizers have their say in it as well. */
		ck_assert_int_eq(served->status, 0);
		return;
	}
	kill(served->pid, SIGKILL);
	waitpid(served->pid, &served->status, 0);
	served->pid = 0;
	ck_abort_msg("SIGTERM didn't end plxdma-model");
}

void served_clean(struct served *served)
{
	if (served->pid)
		served_stop(served);
	unlink(served->stats);
	unlink(served->log);
	unlink(served->socket);
	rmdir(served->folder);
}

uint64_t served_count(const struct served *served, const char *path)
{
	struct json_object *root = json_object_from_file(served->stats);
	struct json_object *at = root;
	char keys[128], *rest = keys, *key;
	uint64_t value = UINT64_MAX;

	(void)snprintf(keys, sizeof(keys), "%s", path);
	while (at && (key = strsep(&rest, ".")))
		if (!json_object_object_get_ex(at, key, &at))
			at = NULL;
	if (at)
		value = json_object_get_uint64(at);
	json_object_put(root);
	return value;
}

bool served_said(const struct served *served, const char *text)
{
	FILE *file = fopen(served->log, "re");
	char line[256];
	bool said = false;

	while (file && fgets(line, sizeof(line), file))
		said = said || strstr(line, text);
	if (file)
		(void)fclose(file);
	return said;
}

void peer_begin(struct peer *peer, const struct served *served)
{
	ck_assert_int_eq(peer_connect(peer, served->socket), 0);
	ck_assert_int_gt(peer_version(peer, 0, 0, NULL), 4);
}

void memory_new(struct memory *memory, size_t size)
{
	memory->fd = memfd_create("guest", MFD_CLOEXEC);
	memory->size = size;
	ck_assert_int_eq(ftruncate(memory->fd, (off_t)size), 0);
	memory->bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			     memory->fd, 0);
	ck_assert_ptr_ne(memory->bytes, MAP_FAILED);
}

void memory_free(struct memory *memory)
{
	munmap(memory->bytes, memory->size);
	close(memory->fd);
}

/* Memory decoding and bus mastering on; local space as it is. */
void card_prepare(struct peer *peer)
{
	const uint16_t command = 0x0007;

	ck_assert_int_eq(peer_write(peer, CONFIG, 0x04, &command, 2), 0);
}

void card_start(struct peer *peer, uint64_t bus, uint32_t local, uint32_t size,
		uint32_t direction, bool with_irq)
{
	uint32_t intcsr = peer_read32(peer, BAR0, INTCSR) & ~0xf0u;

	/* 32 bits, READY#, burst; Done interrupt to INTA# */
	peer_write32(peer, BAR0, 0x80, 0x1c3u | (with_irq ? 0x20400u : 0));
	peer_write32(peer, BAR0, 0x84, (uint32_t)bus);
	peer_write32(peer, BAR0, 0xb4, (uint32_t)(bus >> 32));
	peer_write32(peer, BAR0, 0x88, local);
	peer_write32(peer, BAR0, 0x8c, size);
	peer_write32(peer, BAR0, 0x90, direction);
	if (with_irq)
		peer_write32(peer, BAR0, INTCSR, intcsr | 0x040100u);
	peer_write8(peer, BAR0, DMACSR0, 0x01);
	peer_write8(peer, BAR0, DMACSR0, 0x03);
}

bool card_done(struct peer *peer)
{
	for (int i = 0; i < 120000; i++) {
		uint8_t status = 0;

		if (peer_read(peer, BAR0, DMACSR0, &status, 1))
			return false;
		if (status & 0x10)
			return true;
		if (i > 100)
			usleep(500);
	}
	return false;
}

uint32_t pattern(uint32_t index)
{
	return index * 2654435761u;
}
