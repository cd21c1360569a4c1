/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The property that all of the daemon's checks are there for: whatever a
 * client asks for, no byte outside (its own arena x its allowed windows)
 * changes, and none from there comes to it.
 *
 * A tenant with a small window asks for anything at random, through the ring
 * and in batches. Now and then it stops, and a witness, who may do all, looks
 * at what must be as it was, by hash: another client's arena and what that
 * shares with the daemon, the SRAM outside the window, the board's and the
 * chip's registers, configuration space, the EEPROM, the tuning. What lies
 * outside is full of a mark that must never appear in the tenant's arena.
 *
 * PLXDMA_WALLS is how many requests (100,000), PLXDMA_SEED where the random
 * numbers begin. Needs root, for there have to be two users.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/transfer.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "chance.h"
#include "fixture.h"
#include "garbage.h"
#include "raw.h"
#include "tally.h"

#define TENANT 4001
#define SRAM 0x20000000u
#define SRAM_BYTES (1u << 20)
#define WINDOW 0x20000u		/* walls.conf, from the SRAM's beginning */
#define WINDOW_BYTES 0x10000u
#define HOLE 0x24000u		/* within */
#define HOLE_BYTES 0x1000u
#define WITNESS_ARENA (2 * SRAM_BYTES)
#define MARK UINT64_C(0x7e57ed5ec2e7f00d)
#define BATCH 256u
#define LOOKS 8u		/* while all that goes on */

/* What the tenant's process tells. */
struct account {
	_Atomic unsigned long entries, accepted, recipes, batches, granted;
	_Atomic unsigned long wrong;
	_Atomic int stopped, go, unanswered;
};

static struct account *account;

/* The tenant. */

static const uint32_t places[] = {
	SRAM + WINDOW, SRAM + WINDOW + 0x1000, SRAM + WINDOW + 0x8000,
	SRAM + WINDOW - 1024, SRAM + HOLE - 1024, SRAM + HOLE + HOLE_BYTES - 64,
	SRAM + WINDOW + WINDOW_BYTES - 1024, 0x30000000, 0x40000000, 0x48000000,
	0x60000000, 0, 0xfffff000,
};
static const struct garbage garbage = {
	places, sizeof(places) / sizeof(places[0]), WINDOW,
};

static void ask(struct raw *raw, enum wire_type type, uint32_t number)
{
	struct packet packet = { .fd_count = 0 };

	wire_request_init(&packet.message, type, 1);
	packet.message.claim.what = number;
	raw_ask(raw, &packet);
}

static void constant_mode(struct raw *raw, unsigned int channel)
{
	struct packet packet = { .fd_count = 0 };

	for (uint32_t i = 1; i < 4; i++) {
		wire_request_init(&packet.message, WIRE_CHANNEL_MODE, i);
		packet.message.mode.index = channel;
		packet.message.mode.mode = i;
		packet.message.mode.items[PLXDMA_MODE_WIDTH] = 4u << i;
		packet.message.mode.items[PLXDMA_MODE_READY] = 1;
		packet.message.mode.items[PLXDMA_MODE_CONSTANT] = i & 1;
		raw_ask(raw, &packet);
	}
}

/* Half of them are right, but for what they say last. */
static struct wire_submission any_entry(struct raw *raw, uint64_t cookie)
{
	struct wire_submission entry = garbage_entry(&garbage, raw, cookie);

	if (one_in(2))
		return entry;
	return (struct wire_submission){
		.cookie = cookie, .slot = below(WIRE_SLOTS),
		.direction = (uint8_t)below(2), .form = (uint8_t)below(3),
		.offset = below(GARBAGE_ARENA - 4096), .length = below(4096),
		.local = places[below(7)] + below(4096),
		.mode = (uint8_t)(one_in(8) ? below(4) : 0),
	};
}

static int answers_take(struct raw *raw, const struct wire_submission *sent,
			unsigned int awaited)
{
	struct wire_completion done;
	unsigned int idle = 0;

	while (awaited && idle < 16u * 20000 * 60) {
		if (ring_client_take(&raw->ring, &done) != 1) {
			if (++idle % 16 == 0)
				usleep(50);
			continue;
		}
		idle = 0;
		awaited--;
		if (done.error || done.cookie >= BATCH)
			continue;
		account->accepted++;
		account->recipes += (sent[done.cookie].flags &
				     WIRE_RECIPE) != 0;
		if (garbage_must_be_refused(raw, &sent[done.cookie]))
			account->wrong++;
	}
	if (awaited)
		printf("# %u entries have no answer\n", awaited);
	return !awaited;
}

static int entries_round(struct raw *raw)
{
	struct wire_submission sent[BATCH];
	unsigned int count;

	for (count = 0; count < BATCH; count++) {
		sent[count] = any_entry(raw, count);
		if (ring_client_submit(&raw->ring, &sent[count]))
			break;
	}
	raw_wake(raw);
	account->entries += count;
	return answers_take(raw, sent, count);
}

static int batches_round(struct raw *raw)
{
	struct plxdma_step steps[8];
	char text[ERROR_TEXT];
	uint32_t done, count;
	int err;

	for (unsigned int i = 0; i < 16; i++) {
		count = 1 + below(one_in(2) ? 1 : 8);
		for (uint32_t k = 0; k < count; k++)
			steps[k] = garbage_step(&garbage);
		err = raw_batch(raw, steps, count, &done, text);
		/* A poll's time may be over as well. */
		if (err == -ENODEV || !batch_client_answered(&raw->batches)) {
			printf("# a batch: %s\n", strerror(-err));
			return 0;
		}
		account->batches++;
		account->granted += !err;
	}
	return 1;
}

/* One connection, with a channel that it may have claimed. */
static int tenant_connection(unsigned long until)
{
	const unsigned int channel = below(2);
	const uint64_t mark = MARK;
	struct raw raw;
	int fine = 1, err = raw_open(&raw, GARBAGE_ARENA, channel);

	if (err) {
		printf("# the tenant can't open the card: %s\n",
		       strerror(-err));
		return 0;
	}
	if (one_in(2))
		ask(&raw, WIRE_CLAIM, channel);
	constant_mode(&raw, channel);
	for (int i = 0; fine && i < 32 && account->entries < until; i++)
		fine = entries_round(&raw) && batches_round(&raw);
	/* What isn't the tenant's has not come here either. */
	account->wrong += memmem(raw.base, raw.size, &mark,
				 sizeof(mark)) != NULL;
	raw_close(&raw);
	return fine;
}

static _Noreturn void tenant_run(unsigned long wanted)
{
	unsigned long until;
	int fine = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (setresgid(TENANT, TENANT, TENANT) ||
	    setresuid(TENANT, TENANT, TENANT))
		_exit(1);
	for (unsigned int look = 1; fine && look <= LOOKS; look++) {
		until = wanted / LOOKS * look;
		while (fine && account->entries < until)
			fine = tenant_connection(until);
		account->stopped = 1;
		while (fine && !account->go)
			settle(1);
		account->go = 0;
	}
	account->unanswered = !fine;
	account->stopped = 1;
	_exit(0);
}

/* The witness. */

enum {
	SEEN_ARENA, SEEN_RING, SEEN_SRAM, SEEN_HOLE, SEEN_BOARD, SEEN_CHIP,
	SEEN_CONFIG, SEEN_EEPROM, SEEN_TUNING, SEEN,
};

static const char *const seen_names[SEEN] = {
	"another client's arena is as it was",
	"what another client shares with the daemon is as it was",
	"the SRAM outside the window is as it was",
	"the hole within the window is as it was",
	"the board's registers are as they were",
	"the chip's registers are as they were",
	"configuration space is as it was",
	"the EEPROM is as it was",
	"the tuning is as it was",
};

struct sight {
	uint64_t hashes[SEEN];
};

static struct raw witness, bystander;

static void marks_fill(char *to, size_t size)
{
	const uint64_t mark = MARK;

	for (size_t i = 0; i < size; i += sizeof(mark))
		memcpy(to + i, &mark, sizeof(mark));
}

/* Waits for claims of a tenant that has just gone. */
static void witness_move(enum plxdma_direction direction, uint64_t offset)
{
	struct wire_submission entry = {
		.local = SRAM, .length = SRAM_BYTES, .offset = offset,
		.direction = (uint8_t)direction,
	};
	struct wire_completion done = { .error = -EBUSY };

	for (int i = 0; i < 6000 && done.error == -EBUSY; i++) {
		if (raw_run(&witness, &entry, &done))
			break;
		if (done.error)
			settle(10);
	}
	if (done.error || done.status)
		give_up("the witness can't move the SRAM");
}

static uint64_t registers_hash(uint8_t space, uint32_t first, uint32_t last)
{
	struct plxdma_step steps[PLXDMA_BATCH];
	uint32_t values[PLXDMA_BATCH], done, count = 0;
	char text[ERROR_TEXT];

	for (uint32_t i = first; i <= last; i += 4)
		steps[count++] = (struct plxdma_step){
			.op = PLXDMA_STEP_READ, .space = space, .width = 32,
			.offset = i,
		};
	if (raw_batch(&witness, steps, count, &done, text))
		give_up("the witness can't read registers");
	for (uint32_t i = 0; i < count; i++)
		values[i] = steps[i].value;
	return XXH3_64bits(values, count * sizeof(values[0]));
}

static uint64_t answer_hash(enum wire_type type)
{
	struct packet packet;

	memset(&packet, 0, sizeof(packet));
	wire_request_init(&packet.message, type, 1);
	if (type == WIRE_EEPROM)
		packet.message.eeprom.count = 64;
	if (raw_ask(&witness, &packet))
		give_up("the witness can't ask");
	return XXH3_64bits(&packet.message.hello, wire_answer_size(type) -
			   sizeof(packet.message.header));
}

/* But for whether the daemon sleeps. */
static uint64_t ring_hash(void)
{
	static struct wire_area copy;

	memcpy(&copy, bystander.ring.area, sizeof(copy));
	copy.daemon_sleeps = 0;
	return XXH3_64bits(&copy, sizeof(copy));
}

/* The tenant's claims, which others are told of, end with its connection. */
static void claims_wait(void)
{
	for (int i = 0; i < 60000 &&
	     (ring_client_claim(&witness.ring) != WIRE_UNCLAIMED ||
	      ring_client_claim(&bystander.ring) != WIRE_UNCLAIMED); i++)
		settle(1);
}

static struct sight look(void)
{
	char *sram = witness.base + SRAM_BYTES;
	struct sight now;

	claims_wait();
	witness_move(PLXDMA_TO_HOST, SRAM_BYTES);
	now.hashes[SEEN_HOLE] = XXH3_64bits(sram + HOLE, HOLE_BYTES);
	memset(sram + WINDOW, 0, WINDOW_BYTES);
	now.hashes[SEEN_SRAM] = XXH3_64bits(sram, SRAM_BYTES);
	now.hashes[SEEN_ARENA] = XXH3_64bits(bystander.base, bystander.size);
	now.hashes[SEEN_RING] = ring_hash();
	now.hashes[SEEN_BOARD] = registers_hash(PLXDMA_SPACE_BAR3, 0, 0x28);
	now.hashes[SEEN_CHIP] = registers_hash(PLXDMA_SPACE_CHIP, 0, 0x5c);
	now.hashes[SEEN_CONFIG] = registers_hash(PLXDMA_SPACE_CONFIG, 0, 0xfc);
	now.hashes[SEEN_EEPROM] = answer_hash(WIRE_EEPROM);
	now.hashes[SEEN_TUNING] = answer_hash(WIRE_TUNING_GET);
	return now;
}

static void prepare(void)
{
	if (raw_open(&witness, WITNESS_ARENA, 0) ||
	    raw_open(&bystander, GARBAGE_ARENA, 1))
		give_up("the witness can't open the card");
	marks_fill(witness.base, WITNESS_ARENA);
	marks_fill(bystander.base, GARBAGE_ARENA);
	/* Nothing of it may be where the tenant may read. */
	memset(witness.base + WINDOW, 0, HOLE - WINDOW);
	memset(witness.base + HOLE + HOLE_BYTES, 0,
	       WINDOW + WINDOW_BYTES - HOLE - HOLE_BYTES);
	witness_move(PLXDMA_TO_CARD, 0);
}

static void tenant_watch(unsigned int *changed)
{
	const struct sight before = look();
	struct sight now;

	for (unsigned int i = 0; i < LOOKS && !account->unanswered; i++) {
		/* Minutes, where seconds will do. */
		for (int k = 0; k < 300000 && !account->stopped; k++)
			settle(1);
		if (!account->stopped)
			give_up("the tenant doesn't get on");
		account->stopped = 0;
		now = look();
		for (unsigned int k = 0; k < SEEN; k++)
			changed[k] += now.hashes[k] != before.hashes[k];
		account->go = 1;
	}
}

static int violations(void)
{
	struct packet packet = { .fd_count = 0 };

	wire_request_init(&packet.message, WIRE_COUNTERS, 1);
	return raw_ask(&witness, &packet) ||
	       packet.message.counters.violations;
}

static void told(const unsigned int *changed)
{
	printf("# %lu entries, %lu accepted, %lu of these with a recipe; %lu "
	       "batches, %lu done\n", account->entries, account->accepted,
	       account->recipes, account->batches, account->granted);
	tell(!account->unanswered, "every request is answered");
	tell(account->accepted && account->granted &&
	     account->accepted < account->entries &&
	     account->granted < account->batches,
	     "some were granted, some refused");
	tell(!account->wrong, "nothing that can't be right was granted, and "
	     "nothing from outside came in");
	for (unsigned int i = 0; i < SEEN; i++)
		tell(!changed[i], seen_names[i]);
	tell(!violations(), "the driver did nothing that it must not");
}

int main(void)
{
	static const char *const more[] = { "--config", WALLS, NULL };
	unsigned int changed[SEEN] = { 0 };
	struct fixture fixture;
	pid_t tenant;

	setvbuf(stdout, NULL, _IOLBF, 0);
	chance_seed(number_of("PLXDMA_SEED", 1));
	if (geteuid()) {
		printf("1..0 # SKIP needs root, to be somebody else\n");
		return 77;
	}
	account = mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (account == MAP_FAILED ||
	    fixture_start(&fixture, NULL, "model:pages=small", more) ||
	    chmod(fixture.directory, 0755) || chmod(fixture.socket, 0666))
		give_up("no daemon");
	prepare();
	tenant = fork();
	if (!tenant)
		tenant_run(number_of("PLXDMA_WALLS", 100000));
	tenant_watch(changed);
	waitpid(tenant, NULL, 0);
	told(changed);
	raw_close(&witness);
	raw_close(&bystander);
	tell(fixture_stop(&fixture) == 0, "the daemon stops when told");
	return tally_end();
}
