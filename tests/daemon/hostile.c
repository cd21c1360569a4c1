/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client that says anything: numbers at random and at every boundary, in
 * ring entries, segment lists, indices and control messages. Whatever it says,
 * memory and local addresses that aren't its own stay as they are, nobody's
 * transfers suffer, and the daemon lives.
 *
 * PLXDMA_HOSTILE is how many ring entries (100,000), PLXDMA_SEED where the
 * random numbers begin.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <plxdma/transfer.h>

#include "chance.h"
#include "fixture.h"
#include "garbage.h"
#include "raw.h"
#include "tally.h"

#define ARENA GARBAGE_ARENA
#define SRAM 0x20000000u
#define DENIED 0x1000u		/* denying.conf: this page of the SRAM */
#define DENIED_SIZE 0x1000u
#define SCRATCH (SRAM + 0x80000)	/* the witness's own part */
#define BATCH 256

/* What must not change, and who makes sure that others go on. */
static struct raw witness;

static uint8_t witness_byte(uint32_t i)
{
	return (uint8_t)((i * 2654435761u) >> 24);
}

static uint32_t denied_word(uint32_t offset)
{
	return offset * 2246822519u + 1;
}

static int bar_access(int write, uint32_t offset, uint32_t *value)
{
	return raw_access(&witness, write, PLXDMA_SPACE_BAR2, offset, value);
}

static int claim(struct raw *raw, enum wire_type type, uint32_t what)
{
	struct packet packet = { .fd_count = 0 };

	wire_request_init(&packet.message, type, 1);
	packet.message.claim.what = what;
	return raw_ask(raw, &packet);
}

static void witness_prepare(void)
{
	uint32_t value;

	if (raw_open(&witness, ARENA, 0))
		give_up("the witness can't open the card");
	if (claim(&witness, WIRE_CLAIM, PLXDMA_CLAIM_CARD))
		give_up("the witness can't claim the card");
	for (uint32_t i = 0; i < ARENA; i++)
		witness.base[i] = (char)witness_byte(i);
	for (uint32_t i = 0; i < DENIED_SIZE; i += 4) {
		value = denied_word(i);
		if (bar_access(1, DENIED + i, &value))
			give_up("the denied page can't be filled");
	}
	claim(&witness, WIRE_CLAIM_RELEASE, PLXDMA_CLAIM_CARD);
}

static int arena_unchanged(void)
{
	for (uint32_t i = 0; i < ARENA; i++) {
		if ((uint8_t)witness.base[i] != witness_byte(i))
			return 0;
	}
	return 1;
}

static int denied_unchanged(void)
{
	uint32_t value = 0;

	for (uint32_t i = 0; i < DENIED_SIZE; i += 4) {
		if (bar_access(0, DENIED + i, &value) ||
		    value != denied_word(i))
			return 0;
	}
	return 1;
}

/* The witness moves its first page out and in again, to where it was. */
static int others_go_on(void)
{
	struct wire_submission entry = { .local = SCRATCH, .length = 4096,
					 .direction = PLXDMA_TO_CARD };
	struct wire_completion done;

	if (raw_run(&witness, &entry, &done) || done.error || done.status)
		return 0;
	entry.direction = PLXDMA_TO_HOST;
	return !raw_run(&witness, &entry, &done) && !done.error && !done.status;
}

/* All but the witness's own part: that is allowed to everybody. */
static const uint32_t places[] = {
	SRAM, SRAM + DENIED - 64, SRAM + DENIED,
	SRAM + DENIED + DENIED_SIZE - 4, 0x30000000, 0x40000000, 0x48000000,
	0, 0xffffffc0,
};
static const struct garbage garbage = {
	places, sizeof(places) / sizeof(places[0]), 0,
};

static struct raw hostile;
static unsigned int channel;

static void hostile_modes(void)
{
	struct packet packet = { .fd_count = 0 };

	for (uint32_t i = 1; i < 4; i++) {
		wire_request_init(&packet.message, WIRE_CHANNEL_MODE, i);
		packet.message.mode.index = channel;
		packet.message.mode.mode = i;
		packet.message.mode.items[PLXDMA_MODE_WIDTH] = 4u << i;
		packet.message.mode.items[PLXDMA_MODE_READY] = 1;
		packet.message.mode.items[PLXDMA_MODE_CONSTANT] = i & 1;
		raw_ask(&hostile, &packet);
	}
}

static void hostile_again(void)
{
	raw_close(&hostile);
	channel = below(2);
	if (raw_open(&hostile, ARENA, channel))
		give_up("the hostile client can't connect again");
	/* The other channel is the witness's. */
	if (channel)
		claim(&hostile, WIRE_CLAIM, channel);
	hostile_modes();
}

static struct wire_submission sent[BATCH];
static unsigned long entries, refused, accepted, missed, recipes, scribbled;

static int completions_take(unsigned int awaited)
{
	struct wire_completion done;
	unsigned int idle = 0;

	/* A pause of 50 us at every sixteenth look: a minute of them. */
	while (awaited && idle < 16u * 20000 * 60) {
		if (ring_client_take(&hostile.ring, &done) != 1) {
			if (++idle % 16 == 0)
				usleep(50);
			continue;
		}
		idle = 0;
		awaited--;
		if (done.error)
			refused++;
		else
			accepted++;
		if (!done.error && done.cookie < BATCH &&
		    sent[done.cookie].flags & WIRE_RECIPE)
			recipes++;
		if (!done.error && done.cookie < BATCH &&
		    garbage_must_be_refused(&hostile, &sent[done.cookie]))
			missed++;
	}
	return !awaited;
}

/* A batch of entries, each answered. */
static int entries_attack(void)
{
	unsigned int count;

	for (count = 0; count < BATCH; count++) {
		sent[count] = garbage_entry(&garbage, &hostile, count);
		if (ring_client_submit(&hostile.ring, &sent[count]))
			break;
	}
	raw_wake(&hostile);
	entries += count;
	return completions_take(count);
}

/* Every number at every edge, one by one. */
static int edges_attack(void)
{
	struct wire_completion done;

	for (unsigned int i = 0; i < GARBAGE_EDGES * GARBAGE_EDGES; i++) {
		struct wire_submission entry = {
			.offset = garbage_edges[i / GARBAGE_EDGES],
			.length = garbage_edges[i % GARBAGE_EDGES],
			.local = SRAM + 0x2000,
		};

		sent[0] = entry;
		if (entry.length > 0x10000 &&
		    !garbage_must_be_refused(&hostile, &entry))
			continue;
		if (raw_run(&hostile, &entry, &done))
			return 0;
		entries++;
		missed += !done.error &&
			  garbage_must_be_refused(&hostile, &entry);
	}
	return 1;
}

/* Entries and lists change while the daemon looks at them. */
static void scribble_attack(void)
{
	unsigned char *bytes = (unsigned char *)hostile.ring.area;
	const size_t first = offsetof(struct wire_area, submissions);
	const size_t size = sizeof(struct wire_area) - first;
	unsigned int count;

	for (count = 0; count < 64; count++) {
		struct wire_submission entry =
			garbage_entry(&garbage, &hostile, count);

		ring_client_submit(&hostile.ring, &entry);
	}
	raw_wake(&hostile);
	for (unsigned int i = 0; i < 2000; i++)
		bytes[first + random64() % size] ^= (unsigned char)random64();
	entries += count;
	hostile_again();
}

static void indices_attack(void)
{
	_Atomic uint32_t *const words[] = {
		&hostile.ring.area->submit_tail,
		&hostile.ring.area->complete_head,
		&hostile.ring.area->client_sleeps,
		&hostile.ring.area->submit_head,
		&hostile.ring.area->complete_tail,
		&hostile.ring.area->daemon_sleeps,
	};

	for (int i = 0; i < 4; i++) {
		*words[below(6)] = one_in(2) ? (uint32_t)random64() :
				   (uint32_t)garbage_edge();
		raw_wake(&hostile);
	}
	hostile_again();
}

/* Changes what both sides share without a pause, indices now and then. */
static _Noreturn void scribble_for_ever(int indices)
{
	unsigned char *bytes = (unsigned char *)hostile.ring.area;
	const size_t first = offsetof(struct wire_area, submissions);
	const size_t size = sizeof(struct wire_area) - first;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	chance_seed(random64());
	for (;;) {
		/* Mostly where something is: at the beginning of each. */
		size_t at = one_in(2) ? below(WIRE_RING) : random64() % size;

		bytes[first + at] ^= (unsigned char)random64();
		if (indices && one_in(5000))
			bytes[below((unsigned int)first)] =
				(unsigned char)random64();
	}
}

/* Another process scribbles while requests of this one are under way. */
static void beside_attack(void)
{
	const pid_t scribbler = fork();
	struct wire_completion done;

	if (!scribbler)
		scribble_for_ever(one_in(2));
	for (unsigned int i = 0; i < 64 && raw_alive(&hostile); i++) {
		for (unsigned int k = 0; k < 16; k++) {
			struct wire_submission entry =
				garbage_entry(&garbage, &hostile, k);

			entries += !ring_client_submit(&hostile.ring, &entry);
		}
		eventfd_write(hostile.wakes_daemon, 1);
		for (unsigned int k = 0; k < 16; k++)
			ring_client_take(&hostile.ring, &done);
		if (one_in(8))
			usleep(100);
	}
	kill(scribbler, SIGKILL);
	waitpid(scribbler, NULL, 0);
	scribbled++;
	hostile_again();
}

static void control_attack(void)
{
	unsigned char *bytes;
	struct packet packet = { .fd_count = 0 };
	unsigned int type = one_in(8) ? (unsigned int)random64() & 0xffff :
			    below(WIRE_TYPES + 1);

	wire_request_init(&packet.message, WIRE_HELLO, 1);
	packet.message.header.type = (uint16_t)type;
	packet.message.header.size = (uint32_t)wire_request_size(type);
	bytes = (unsigned char *)&packet.message.hello;
	for (unsigned int i = below(24); i > 0; i--)
		bytes[below(40)] = one_in(2) ? (unsigned char)random64() : 0;
	if (one_in(16))
		packet.message.header.size = below(sizeof(packet.message));
	if (packet.message.header.size < 16)
		packet.message.header.size = 16;
	if (!raw_ask(&hostile, &packet))
		packet_close_fds(&packet);
	hostile_again();
}

static unsigned long batches, batches_refused;

/* Batches of anything, changed while the daemon looks at them. */
static int batches_attack(void)
{
	struct plxdma_step steps[16];
	struct wire_batch *area;
	char text[ERROR_TEXT];
	uint32_t done;

	if (!hostile.batches.area && raw_batch_open(&hostile))
		return 0;
	area = hostile.batches.area;
	for (unsigned int i = 0; i < 16; i++)
		steps[i] = garbage_step(&garbage);
	/* Before it is asked: later it may be the answer that is spoilt. */
	if (one_in(8))
		area->answered = (uint32_t)random64();
	batch_client_ask(&hostile.batches, steps, 1 + below(16));
	if (one_in(4))
		area->count = one_in(2) ? (uint32_t)garbage_edge() : below(300);
	if (one_in(8))
		area->steps[below(16)].width = (uint8_t)random64();
	if (one_in(8))
		area->daemon_sleeps = (uint32_t)random64();
	if (one_in(8))
		area->asked = hostile.batches.number +=
			(uint32_t)random64() | 1;
	if (raw_batch_wait(&hostile))
		return 0;
	batches++;
	batches_refused += batch_client_take(&hostile.batches, steps, 16, &done,
					     text) != 0;
	return 1;
}

static void attack(unsigned long wanted)
{
	int answered = edges_attack();

	for (unsigned long round = 1; answered && entries < wanted; round++) {
		answered = entries_attack() && batches_attack();
		if (round % 7 == 0)
			control_attack();
		if (round % 31 == 0)
			indices_attack();
		if (round % 37 == 0)
			scribble_attack();
		if (round % 41 == 0)
			beside_attack();
		if (round % 64 == 0 && !others_go_on())
			give_up("the witness is held up");
	}
	tell(answered, "every entry is answered");
}

int main(void)
{
	static const char *const more[] = { "--config", DENYING, NULL };
	struct packet packet = { .fd_count = 0 };
	struct fixture fixture;

	setvbuf(stdout, NULL, _IOLBF, 0);
	chance_seed(number_of("PLXDMA_SEED", 1));
	if (fixture_start(&fixture, NULL, "model:pages=small", more))
		give_up("no daemon");
	witness_prepare();
	if (raw_open(&hostile, ARENA, channel))
		give_up("the hostile client can't connect");
	hostile_modes();
	attack(number_of("PLXDMA_HOSTILE", 100000));
	printf("# %lu entries, %lu refused, %lu accepted, %lu of these with a "
	       "recipe\n", entries, refused, accepted, recipes);
	printf("# %lu times somebody scribbled beside\n", scribbled);
	tell(!missed, "no number that can't be right was accepted");
	tell(refused && accepted && recipes,
	     "some were accepted, some refused");
	printf("# %lu batches, %lu refused\n", batches, batches_refused);
	tell(batches_refused && batches > batches_refused,
	     "some batches were done, some refused");
	raw_close(&hostile);
	tell(fixture_alive(&fixture), "the daemon lives");
	tell(others_go_on(), "others go on");
	tell(arena_unchanged(), "memory of others is as it was");
	tell(denied_unchanged(), "denied local addresses are as they were");
	wire_request_init(&packet.message, WIRE_COUNTERS, 1);
	tell(!raw_ask(&witness, &packet) &&
	     !packet.message.counters.violations,
	     "the driver did nothing that it must not");
	raw_close(&witness);
	tell(fixture_stop(&fixture) == 0, "the daemon stops when told");
	return tally_end();
}
