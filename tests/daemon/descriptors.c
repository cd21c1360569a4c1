/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every descriptor that a client is given x everything that can be done to it,
 * with transfers under way and the daemon's bells about to ring: what a seal is
 * there for is refused, and whatever isn't, others go on beside it, and so does
 * the daemon.
 *
 * Each case is a process, which may well die of what it has done.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/transfer.h>

#include "fixture.h"
#include "raw.h"
#include "tally.h"

#define CARD "model:pages=small,rate=60e6"
#define ARENA (1u << 20)
#define SRAM 0x20000000u
#define OWN_SRAM (SRAM + 0x40000)	/* the bystander's */
#define LENGTH 4096u
#define PATIENCE_MS 60000
#define UNDER_WAY 8u
#define BOARD_CONTROL 0x04
#define BOARD_DOORBELL 0x18
#define BOARD_RING 0x10u

/* What the bystander tells. */
struct account {
	_Atomic unsigned long rounds, corrupt, failed;
	_Atomic int over;
};

static struct account *account;

/* A client that wants nothing but its transfers, every byte of which it looks
 * at. */
static int round_trip(struct raw *raw, unsigned long round)
{
	struct wire_submission entry = { .local = OWN_SRAM, .length = LENGTH,
					 .direction = PLXDMA_TO_CARD };
	struct wire_completion done;

	for (uint32_t i = 0; i < LENGTH; i++)
		raw->base[i] = (char)((round + i) * 2654435761u >> 24);
	memset(raw->base + LENGTH, 0, LENGTH);
	if (raw_run(raw, &entry, &done) || done.error || done.status)
		return -1;
	entry.direction = PLXDMA_TO_HOST;
	entry.offset = LENGTH;
	if (raw_run(raw, &entry, &done) || done.error || done.status)
		return -1;
	if (memcmp(raw->base, raw->base + LENGTH, LENGTH))
		account->corrupt++;
	return 0;
}

static _Noreturn void bystander_run(void)
{
	struct raw raw;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (raw_open(&raw, ARENA, 0))
		account->failed++;
	while (!account->over && !account->failed) {
		if (round_trip(&raw, account->rounds))
			account->failed++;
		account->rounds++;
	}
	_exit(0);
}

static int others_go_on(void)
{
	const unsigned long before = account->rounds;

	for (int i = 0; i < PATIENCE_MS && !account->failed; i++) {
		if (account->rounds > before + 3)
			return 1;
		settle(1);
	}
	return 0;
}

/* What a client is given. */

enum given {
	ARENA_FILE, RING_FILE, BATCH_FILE, WAKES_DAEMON, WAKES_CLIENT,
	BATCH_WAKES_DAEMON, BATCH_WAKES_CLIENT, INTERRUPT, TICKET, REPORT,
	GIVENS,
};

static const char *const given_names[GIVENS] = {
	"the arena", "the ring", "the batches", "the ring's bell to the daemon",
	"the ring's bell to the client", "the batches' bell to the daemon",
	"the batches' bell to the client", "an interrupt's bell",
	"a claim's ticket", "a report",
};

struct attacker {
	struct raw raw, holder;		/* the second has the claim */
	int fds[GIVENS];
	uint32_t ticket;
};

static int is_file(enum given given)
{
	return given <= BATCH_FILE || given == REPORT;
}

static int packet_ask(struct raw *raw, struct packet *packet)
{
	int err = raw_ask(raw, packet);

	if (err)
		printf("# request %u: %s\n",
		       (unsigned int)packet->message.header.type,
		       strerror(-err));
	return err;
}

static int batches_open(struct attacker *attacker)
{
	struct packet packet = { .fd_count = 0 };
	struct raw *raw = &attacker->raw;
	int err;

	wire_request_init(&packet.message, WIRE_BATCH_OPEN, 5);
	err = packet_ask(raw, &packet);
	if (err)
		return err;
	attacker->fds[BATCH_FILE] = packet.fds[0];
	attacker->fds[BATCH_WAKES_DAEMON] = packet.fds[1];
	attacker->fds[BATCH_WAKES_CLIENT] = packet.fds[2];
	raw->batch_wakes = packet.fds[1];
	return wire_batch_map(packet.fds[0], &raw->batches.area);
}

static int one_fd(struct attacker *attacker, enum given given,
		  struct packet *packet)
{
	int err = packet_ask(&attacker->raw, packet);

	if (!err)
		attacker->fds[given] = packet->fds[0];
	return err;
}

/* Everything there is to be had. Channel 1: the bystander is on the other. */
static int attacker_open(struct attacker *attacker)
{
	struct raw *raw = &attacker->raw;
	struct packet packet = { .fd_count = 0 };
	int err = raw_open(raw, ARENA, 1);

	if (err)
		return err;
	attacker->fds[ARENA_FILE] = raw->arena_fd;
	attacker->fds[RING_FILE] = raw->area_fd;
	attacker->fds[WAKES_DAEMON] = raw->wakes_daemon;
	attacker->fds[WAKES_CLIENT] = raw->wakes_client;
	err = batches_open(attacker);
	if (err)
		return err;
	wire_request_init(&packet.message, WIRE_IRQ_OPEN, 6);
	packet.message.irq.source = PLXDMA_IRQ_DOORBELL;
	err = one_fd(attacker, INTERRUPT, &packet);
	if (err)
		return err;
	wire_request_init(&packet.message, WIRE_REPORT, 7);
	return one_fd(attacker, REPORT, &packet);
}

/* A ticket for what another connection has claimed. */
static int ticket_take(struct attacker *attacker)
{
	struct packet packet = { .fd_count = 0 };
	int err = raw_open(&attacker->holder, ARENA, 1);

	wire_request_init(&packet.message, WIRE_CLAIM, 8);
	packet.message.claim.what = PLXDMA_CLAIM_CHANNEL1;
	if (!err)
		err = packet_ask(&attacker->holder, &packet);
	wire_request_init(&packet.message, WIRE_CLAIM_WAIT, 9);
	packet.message.claim.what = PLXDMA_CLAIM_CHANNEL1;
	packet.message.claim.timeout_ns = -1;
	if (!err)
		err = one_fd(attacker, TICKET, &packet);
	attacker->ticket = packet.message.ticket.ticket;
	return err;
}

/* What can be done to a descriptor: 0 or a negative errno. */

static int result_of(int result)
{
	return result < 0 ? -errno : 0;
}

static int deed_shrink(int fd)
{
	return result_of(ftruncate(fd, 0));
}

static int deed_grow(int fd)
{
	return result_of(ftruncate(fd, 64 << 20));
}

static int deed_seal(int fd)
{
	return result_of(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK));
}

static int deed_seal_future(int fd)
{
	return result_of(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
}

static int deed_punch(int fd)
{
	return result_of(fallocate(fd, FALLOC_FL_PUNCH_HOLE |
				   FALLOC_FL_KEEP_SIZE, 0, 1 << 20));
}

static int deed_zero(int fd)
{
	return result_of(fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 4096));
}

static int deed_write(int fd)
{
	static const char junk[65536] = { 0x5a, 0x5a, 0x5a };
	ssize_t written = pwrite(fd, junk, sizeof(junk), 0);

	return written < 0 ? -errno : 0;
}

static int deed_fill(int fd)
{
	return result_of(eventfd_write(fd, UINT64_MAX - 1));
}

/* Emptied, so that a read waits. */
static int deed_block_reads(int fd)
{
	eventfd_t value;

	eventfd_read(fd, &value);
	return result_of(fcntl(fd, F_SETFL, 0));
}

/* Filled, so that a write waits. */
static int deed_block_writes(int fd)
{
	eventfd_write(fd, UINT64_MAX - 1);
	return result_of(fcntl(fd, F_SETFL, 0));
}

static int deed_close(int fd)
{
	return result_of(close(fd));
}

static int deed_replace(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	return result_of(dup2(null, fd));
}

static int deed_forbid(int fd)
{
	return result_of(fchmod(fd, 0));
}

static int deed_unreadable(int fd)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	return result_of(mprotect(at, 4096, PROT_NONE));
}

static int deed_remove(int fd)
{
	void *at = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	return result_of(madvise(at, 65536, MADV_REMOVE));
}

static int deed_reopen(int fd)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR | O_TRUNC | O_CLOEXEC);
	return result_of(again);
}

#define MAY 0			/* whatever comes of it */
#define FILES (1u << ARENA_FILE | 1u << RING_FILE | 1u << BATCH_FILE | \
	       1u << REPORT)
#define AREAS (1u << RING_FILE | 1u << BATCH_FILE)
#define LENT (AREAS | 1u << ARENA_FILE)
#define BELLS (~FILES & ((1u << GIVENS) - 1))
#define ALL (FILES | BELLS)

static const struct {
	const char *name;
	int (*deed)(int fd);
	unsigned int on;		/* what it is done to */
	unsigned int refused;		/* and what mustn't allow it */
} deeds[] = {
	{ "shrunk", deed_shrink, FILES, AREAS },
	{ "grown", deed_grow, FILES, LENT },
	{ "sealed", deed_seal, FILES, LENT },
	{ "sealed against later writes", deed_seal_future, FILES, LENT },
	{ "punched", deed_punch, FILES, MAY },
	{ "zeroed", deed_zero, FILES, MAY },
	{ "written over", deed_write, FILES, MAY },
	{ "truncated by another open", deed_reopen, FILES, AREAS },
	{ "made unreadable", deed_unreadable, FILES, MAY },
	{ "removed from memory", deed_remove, FILES, MAY },
	{ "filled", deed_fill, BELLS, MAY },
	{ "emptied, to wait", deed_block_reads, BELLS, MAY },
	{ "filled, to wait", deed_block_writes, BELLS, MAY },
	{ "closed", deed_close, ALL, MAY },
	{ "replaced", deed_replace, ALL, MAY },
	{ "forbidden", deed_forbid, ALL, MAY },
};
#define DEEDS (sizeof(deeds) / sizeof(deeds[0]))

/* Transfers under way, in both directions. */
static void busy(struct raw *raw)
{
	for (unsigned int i = 0; i < UNDER_WAY; i++) {
		struct wire_submission entry = {
			.cookie = i, .slot = i, .local = SRAM,
			.offset = i * 65536, .length = 65536,
			.direction = (uint8_t)(i & 1),
		};

		ring_client_submit(&raw->ring, &entry);
	}
	raw_wake(raw);
}

/* The daemon has reasons to ring each bell, and to hear those it hears. */
static void ring_all(struct attacker *attacker)
{
	struct raw *raw = &attacker->raw;
	struct packet packet = { .fd_count = 0 };
	struct plxdma_step steps[] = {
		{ .op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR3,
		  .width = 32, .offset = BOARD_DOORBELL, .value = 1 },
		{ .op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR3,
		  .width = 32, .offset = BOARD_CONTROL, .value = BOARD_RING },
	};

	ring_client_sleep(&raw->ring);
	batch_client_sleep(&raw->batches);
	eventfd_write(raw->wakes_daemon, 1);
	batch_client_ask(&raw->batches, steps, 2);
	eventfd_write(raw->batch_wakes, 1);
	settle(5);
	wire_request_init(&packet.message, WIRE_IRQ_READ, 10);
	packet.message.irq.source = PLXDMA_IRQ_DOORBELL;
	packet_send(raw->fd, &packet, 0);
	packet_send(raw->fd, &packet, 0);
}

enum verdict { AS_EXPECTED, NOT_REFUSED, NOT_GIVEN };

static _Noreturn void attack(unsigned int given, unsigned int deed)
{
	static struct attacker attacker;
	struct raw *raw = &attacker.raw;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (attacker_open(&attacker) ||
	    (given == TICKET && ticket_take(&attacker)))
		_exit(NOT_GIVEN);
	busy(raw);
	/* The daemon's writing end of it could wait for this one. */
	if (!is_file((enum given)given))
		ring_client_sleep(&raw->ring);
	err = deeds[deed].deed(attacker.fds[given]);
	if (!err && deeds[deed].refused & 1u << given)
		_exit(NOT_REFUSED);
	ring_all(&attacker);
	busy(raw);
	if (given == TICKET)
		raw_close(&attacker.holder);
	/* Some of what was begun ends meanwhile; the rest with this process. */
	settle(20);
	_exit(AS_EXPECTED);
}

/* Nobody is held up, be the attacker there still or dead. */
static int one_case(unsigned int given, unsigned int deed)
{
	int status = 0, went_on;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		attack(given, deed);
	went_on = others_go_on();
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
		settle(1);
		if (i == PATIENCE_MS - 1) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
		}
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_REFUSED)
		printf("# it wasn't refused\n");
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_GIVEN)
		printf("# it wasn't given\n");
	if (!went_on)
		printf("# others were held up\n");
	return went_on && others_go_on() &&
	       (!WIFEXITED(status) || WEXITSTATUS(status) == AS_EXPECTED);
}

/* ThreadSanitizer's memcpy() keeps SIGBUS from the daemon's guard. */
#ifdef __SANITIZE_THREAD__
#define GUARDED 0
#else
#define GUARDED 1
#endif

static int left_out(unsigned int given, unsigned int deed)
{
	return !GUARDED && given == ARENA_FILE &&
	       (deeds[deed].deed == deed_shrink ||
		deeds[deed].deed == deed_reopen);
}

static void cases_of(unsigned int deed)
{
	unsigned int bad = 0, count = 0;
	char text[96];

	for (unsigned int i = 0; i < GIVENS; i++) {
		if (!(deeds[deed].on & 1u << i) || left_out(i, deed))
			continue;
		count++;
		if (one_case(i, deed))
			continue;
		printf("# %s is %s\n", given_names[i], deeds[deed].name);
		bad++;
		if (account->failed)
			break;
	}
	snprintf(text, sizeof(text), "%u descriptors are %s, others go on",
		 count, deeds[deed].name);
	tell(!bad, text);
}

int main(void)
{
	struct fixture fixture;
	pid_t bystander;
	int fds;

	setvbuf(stdout, NULL, _IOLBF, 0);
	account = mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (account == MAP_FAILED || fixture_start(&fixture, NULL, CARD, NULL))
		give_up("no daemon");
	bystander = fork();
	if (!bystander)
		bystander_run();
	tell(others_go_on(), "others are at work");
	fds = fixture_fds(&fixture);
	for (unsigned int i = 0; i < DEEDS && !account->failed; i++)
		cases_of(i);
	tell(!account->failed, "no transfer of theirs failed");
	tell(!account->corrupt, "every byte of theirs is right");
	tell(fixture_alive(&fixture), "the daemon lives");
	for (int i = 0; i < PATIENCE_MS / 10 && fixture_fds(&fixture) > fds;
	     i++)
		settle(10);
	tell(fixture_fds(&fixture) <= fds, "no descriptor is lost");
	account->over = 1;
	kill(bystander, SIGKILL);
	waitpid(bystander, NULL, 0);
	tell(fixture_stop(&fixture) == 0, "the daemon stops when told");
	return tally_end();
}
