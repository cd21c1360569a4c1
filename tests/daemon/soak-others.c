/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clients of a soak that don't move blocks through the card's memory: one
 * writes registers in batches, one has the FIFO under a claim, one looks on,
 * one arms faults, and one does all that it must not.
 */
#include "soak-account.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "chance.h"
#include "fixture.h"
#include "soak-block.h"

#define WORDS 32u		/* of a batch, read, written, read again */
#define FIFO 0x30000000u
#define FIFO_BYTES 2048u
#define BOARD 3			/* its BAR, and there: */
#define BOARD_CONTROL 0x04
#define BOARD_EMPTY 2u
#define PATTERN 0x40000000u
#define LEASE_MS 300
#define SECOND INT64_C(1000000000)

static struct plxdma_card *card_open(struct soak *soak, unsigned int client,
				     const char *spec)
{
	struct plxdma_card *card;

	if (plxdma_open(spec, &card))
		soak_give_up(soak, client, "open", plxdma_error(NULL));
	return card;
}

static void steps_make(struct plxdma_step *steps, uint32_t sequence)
{
	for (uint32_t i = 0; i < 3 * WORDS; i++)
		steps[i] = (struct plxdma_step){
			.op = i / WORDS == 1 ? PLXDMA_STEP_WRITE :
					       PLXDMA_STEP_READ,
			.space = PLXDMA_SPACE_BAR2, .width = 32,
			.offset = i % WORDS * 4,
			.value = sequence * 2654435761u + i % WORDS,
		};
}

static int words_are(const struct plxdma_step *steps, uint32_t sequence)
{
	for (uint32_t i = 0; i < WORDS; i++) {
		if (steps[i].value != sequence * 2654435761u + i)
			return 0;
	}
	return 1;
}

/* What the batch before wrote is there, and then what this one writes. A
 * predecessor's last may have been done or not. */
static void batch_check(struct soak *soak, struct soak_client *own,
			const struct plxdma_step *steps, uint64_t sequence,
			int first)
{
	int before = words_are(steps, (uint32_t)sequence - 1) ||
		     (first && words_are(steps, (uint32_t)sequence)) ||
		     sequence == 1;

	if (!before)
		printf("# batch %llu: what the one before it wrote is lost\n",
		       (unsigned long long)sequence);
	atomic_fetch_add(&soak->lost, !before);
	if (!words_are(steps + 2 * WORDS, (uint32_t)sequence)) {
		printf("# batch %llu reads not what it wrote\n",
		       (unsigned long long)sequence);
		atomic_fetch_add(&soak->corrupt, 1);
	}
	atomic_fetch_add(&own->blocks, 1);
	atomic_store(&own->next, sequence + 1);
}

_Noreturn void soak_batcher_run(struct soak *soak, unsigned int client)
{
	struct soak_client *own = &soak->clients[client];
	struct plxdma_card *card = card_open(soak, client, "daemon:a");
	struct plxdma_step steps[3 * WORDS];
	uint64_t sequence;
	int err, first = 1;

	while (soak_goes_on(soak, client)) {
		sequence = atomic_load(&own->next);
		steps_make(steps, (uint32_t)sequence);
		err = plxdma_batch(card, steps, 3 * WORDS, NULL);
		if (err && !soak_may_retry(err))
			soak_give_up(soak, client, "batch",
				     plxdma_error(card));
		atomic_fetch_add(&own->again, err != 0);
		if (!err) {
			batch_check(soak, own, steps, sequence, first);
			first = 0;
		}
		settle(1);
	}
	plxdma_close(card);
	_exit(0);
}

struct claimant {
	struct soak *soak;
	unsigned int number;
	struct plxdma_card *card;
	struct plxdma_channel *channel;
	char *memory;			/* out, then in */
	uint64_t asked;
};

/* The lease may be over at any moment from here on. */
static int lease_may_be_over(const struct claimant *claimant)
{
	return soak_now() - claimant->asked > LEASE_MS * 1000000ull;
}

static int constant_set(struct claimant *claimant)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	int err;

	plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1);
	err = plxdma_channel_set_mode(claimant->channel, mode);
	plxdma_mode_free(mode);
	return err;
}

static int fifo_move(struct claimant *claimant,
		     enum plxdma_direction direction, void *memory)
{
	struct plxdma_request request = {
		.size = sizeof(request), .direction = direction, .local = FIFO,
		.length = FIFO_BYTES,
		.handle = plxdma_handle_of(claimant->card, memory),
	};

	return plxdma_transfer_once(claimant->channel, &request, 2 * SECOND,
				    NULL);
}

/* Through the FIFO and back, all of it ours. */
static int fifo_pass(struct claimant *claimant, uint64_t sequence)
{
	struct soak *soak = claimant->soak;
	char *in = claimant->memory + FIFO_BYTES;
	int err = plxdma_poke(claimant->card, BOARD, BOARD_CONTROL, 32,
			      BOARD_EMPTY);

	block_make(claimant->memory, FIFO_BYTES, claimant->number, sequence);
	block_blank(in, FIFO_BYTES);
	if (!err)
		err = fifo_move(claimant, PLXDMA_TO_CARD, claimant->memory);
	if (!err)
		err = fifo_move(claimant, PLXDMA_TO_HOST, in);
	if (err || lease_may_be_over(claimant))
		return err ? err : -EBUSY;
	soak_receive(soak, claimant->number, in, FIFO_BYTES, sequence);
	atomic_fetch_add(&soak->clients[claimant->number].blocks, 1);
	atomic_fetch_add(&soak->clients[claimant->number].next, 1);
	return 0;
}

static void claim_and_use(struct claimant *claimant)
{
	struct soak_client *own = &claimant->soak->clients[claimant->number];
	int err;

	/* After the wait once more, for a lease whose beginning is known. */
	err = plxdma_claim(claimant->card, PLXDMA_CLAIM_CARD, LEASE_MS,
			   10 * SECOND);
	claimant->asked = soak_now();
	if (!err)
		err = plxdma_claim(claimant->card, PLXDMA_CLAIM_CARD, LEASE_MS,
				   0);
	if (!err)
		err = constant_set(claimant);
	for (int i = 0; !err && i < 4; i++)
		err = fifo_pass(claimant, atomic_load(&own->next));
	/* A lease that is over refuses the rest. */
	if (err && !soak_may_retry(err) && !lease_may_be_over(claimant))
		soak_give_up(claimant->soak, claimant->number, "claim",
			     plxdma_error(claimant->card));
	atomic_fetch_add(&own->again, err != 0);
	plxdma_claim_release(claimant->card, PLXDMA_CLAIM_CARD);
}

_Noreturn void soak_claimant_run(struct soak *soak, unsigned int client)
{
	struct claimant claimant = {
		.soak = soak, .number = client,
		.card = card_open(soak, client, "daemon:a,arena=2M"),
	};

	claimant.memory = plxdma_alloc_coherent(claimant.card, 2 * FIFO_BYTES,
						NULL);
	if (!claimant.memory ||
	    plxdma_channel_open(claimant.card, 0, &claimant.channel))
		soak_give_up(soak, client, "memory and channel",
			     plxdma_error(claimant.card));
	while (soak_goes_on(soak, client)) {
		claim_and_use(&claimant);
		settle(below(100));
	}
	plxdma_close(claimant.card);
	_exit(0);
}

static int look(struct plxdma_card *card, int file)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_counters counters = { .size = sizeof(counters) };
	struct plxdma_holder holder = { .size = sizeof(holder) };
	uint32_t value;
	int err = plxdma_card_info(card, &info);

	if (!err)
		err = plxdma_card_counters(card, &counters);
	if (!err)
		err = plxdma_claim_holder(card, PLXDMA_CLAIM_CARD, &holder);
	if (!err)
		err = plxdma_peek(card, BOARD, 0, 32, &value);
	for (int i = PLXDMA_TOLD_STATUS; !err && i <= PLXDMA_TOLD_TRACE; i++)
		err = plxdma_daemon_tell((enum plxdma_told)i, 0, file);
	if (!err)
		err = plxdma_card_report(card, file);
	return err ? err : ftruncate(file, 0);
}

_Noreturn void soak_observer_run(struct soak *soak, unsigned int client)
{
	struct plxdma_card *card = card_open(soak, client, "daemon:a");
	int file = memfd_create("told", MFD_CLOEXEC);
	int err;

	while (soak_goes_on(soak, client)) {
		err = look(card, file);
		if (err && !soak_may_retry(err))
			soak_give_up(soak, client, "look", plxdma_error(card));
		settle(10 + below(50));
	}
	plxdma_close(card);
	_exit(0);
}

/*
 * Those that a card gets over by itself, or with a cancel. Without reset: that
 * also takes the local spaces from whoever reads registers just then.
 */
static const struct {
	const char *kind;
	unsigned int places;
} faults[] = {
	{ "master-abort@data", 8192 }, { "target-abort@data", 8192 },
	{ "hang@data", 8192 }, { "retry@data", 8192 },
	{ "master-abort@descriptor", 3 }, { "target-abort@descriptor", 3 },
	{ "hang@start", 1 }, { "lost-irq@irq", 1 }, { "late-irq@irq", 1 },
	{ "storm@irq", 1 },
};

_Noreturn void soak_armer_run(struct soak *soak, unsigned int client)
{
	struct plxdma_card *card = card_open(soak, client, "daemon:a");
	unsigned int which;
	uint64_t next = 0;
	char fault[64];

	while (soak_goes_on(soak, client)) {
		if (soak_now() < next) {
			settle(10);
			continue;
		}
		next = soak_now() + SECOND;
		which = below(sizeof(faults) / sizeof(faults[0]));
		snprintf(fault, sizeof(fault), "%s:%u", faults[which].kind,
			 below(faults[which].places));
		/* Those that have struck keep their places until then. */
		if (plxdma_card_fault(card, "none") ||
		    plxdma_card_fault(card, fault))
			soak_give_up(soak, client, fault, plxdma_error(card));
		atomic_fetch_add(&soak->faults, 1);
	}
	plxdma_card_fault(card, "none");
	plxdma_close(card);
	_exit(0);
}

_Noreturn void soak_dumb_run(int ready)
{
	struct plxdma_request request = {
		.size = sizeof(request), .local = PATTERN, .length = 65536,
	};
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	struct plxdma_card *card;
	int err = 0;

	if (plxdma_open("daemon:a,arena=2M", &card) ||
	    !plxdma_alloc_coherent(card, 65536, &request.handle))
		_exit(1);
	for (unsigned int i = 0; i < 32; i++) {
		if (!(i % 16) && plxdma_channel_open(card, i / 16, &channel))
			_exit(1);
		err = plxdma_transfer_new(channel, &request, &transfer);
		if (!err)
			err = plxdma_submit(transfer);
		if (err && !soak_may_retry(err))
			_exit(1);
	}
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}
