/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process that claims at random. A holder moves its token to the place that
 * belongs to the channel, time and again, and finds it there; whoever isn't
 * one tries to move its own there, which must be refused while somebody else
 * holds the channel. Transfers of a constant local address, which were made
 * ready under a claim, are tried without one and must be refused always.
 */
#include "claimant-worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chance.h"

#define SRAM 0x20000000u
#define TOKENS 64u			/* words of a transfer */
#define BYTES (TOKENS * 4)
#define SECOND 1000000000

struct worker {
	struct ledger *ledger;
	struct plxdma_card *card;
	uint32_t *memory;		/* out, then in, for each channel */
	struct plxdma_channel *channels[PLXDMA_CHANNELS];
	struct plxdma_transfer *out[PLXDMA_CHANNELS];
	struct plxdma_transfer *in[PLXDMA_CHANNELS];
	struct plxdma_transfer *constant[PLXDMA_CHANNELS];
	uint32_t token;
	/* The claim of this sequence. */
	enum plxdma_claimed what;
	uint64_t lease_ms;
	uint64_t asked;
};

static void die(struct worker *worker, const char *what)
{
	ledger_note(worker->ledger, WRONG_CALL, "%s: %s", what,
		    plxdma_error(worker->card));
	_exit(1);
}

static struct plxdma_transfer *make(struct worker *worker, unsigned int channel,
				    enum plxdma_direction direction,
				    plxdma_handle handle)
{
	struct plxdma_transfer *transfer;
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = direction,
		.local = SRAM + channel * 4096,
		.handle = handle,
		.length = BYTES,
	};

	if (plxdma_transfer_new(worker->channels[channel], &request, &transfer))
		die(worker, "transfer");
	return transfer;
}

static void open_card(struct worker *worker)
{
	plxdma_handle handle;

	if (plxdma_open("daemon:a,arena=1M", &worker->card))
		die(worker, "open");
	worker->memory = plxdma_alloc_coherent(worker->card, 4 * BYTES,
					       &handle);
	if (!worker->memory)
		die(worker, "memory");
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (plxdma_channel_open(worker->card, i, &worker->channels[i]))
			die(worker, "channel");
		worker->out[i] = make(worker, i, PLXDMA_TO_CARD,
				      handle + 2 * i * BYTES);
		worker->in[i] = make(worker, i, PLXDMA_TO_HOST,
				     handle + (2 * i + 1) * BYTES);
		worker->constant[i] = NULL;
	}
}

static uint32_t *out_of(struct worker *worker, unsigned int channel)
{
	return worker->memory + 2 * channel * TOKENS;
}

static uint32_t *in_of(struct worker *worker, unsigned int channel)
{
	return worker->memory + (2 * channel + 1) * TOKENS;
}

static int run(struct plxdma_transfer *transfer)
{
	int err = plxdma_submit(transfer);

	return err ? err : plxdma_wait(transfer, 20ll * SECOND, NULL);
}

/* Is it there, and nobody else's, to the last word? */
static int token_there(struct worker *worker, unsigned int channel)
{
	for (unsigned int i = 0; i < TOKENS; i++) {
		if (in_of(worker, channel)[i] != worker->token)
			return 0;
	}
	return 1;
}

/* A transfer under the claim; 0 if it was done, 1 if the lease was over. */
static int use(struct worker *worker, struct plxdma_transfer *transfer,
	       const char *what)
{
	int err = run(transfer);

	if (!err)
		return 0;
	if ((err == -EPERM || err == -EBUSY) &&
	    ledger_may_be_over(worker->asked, worker->lease_ms)) {
		atomic_fetch_add(&worker->ledger->lapsed, 1);
		return 1;
	}
	ledger_note(worker->ledger, err == -EPERM || err == -EBUSY ?
		    WRONG_LOST : WRONG_CALL, "%s: %d, %s", what, err,
		    plxdma_error(worker->card));
	return 1;
}

static void constant_make(struct worker *worker, unsigned int channel)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_CARD,
		.local = SRAM + 8192 + channel * 4096,
		.handle = plxdma_handle_of(worker->card,
					   out_of(worker, channel)),
		.length = BYTES,
	};
	int err;

	plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1);
	err = plxdma_channel_set_mode(worker->channels[channel], mode);
	if (!err)
		err = plxdma_transfer_new(worker->channels[channel], &request,
					  &worker->constant[channel]);
	if (err && !ledger_may_be_over(worker->asked, worker->lease_ms))
		ledger_note(worker->ledger, WRONG_LOST, "constant: %s",
			    plxdma_error(worker->card));
	plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 0);
	plxdma_channel_set_mode(worker->channels[channel], mode);
	plxdma_mode_free(mode);
}

static void hold_channel(struct worker *worker, unsigned int channel)
{
	for (unsigned int i = 0; i < TOKENS; i++)
		out_of(worker, channel)[i] = worker->token;
	if (use(worker, worker->out[channel], "token out"))
		return;
	for (unsigned int i = below(4); i > 0; i--) {
		if (below(2))
			usleep(below(500));
		if (use(worker, worker->in[channel], "token in"))
			return;
		if (!token_there(worker, channel) &&
		    !ledger_may_be_over(worker->asked, worker->lease_ms))
			ledger_note(worker->ledger, WRONG_INTRUDER,
				    "channel %u: %08x instead of %08x", channel,
				    (unsigned int)in_of(worker, channel)[0],
				    (unsigned int)worker->token);
	}
	if (!worker->constant[channel])
		constant_make(worker, channel);
	else
		use(worker, worker->constant[channel], "constant");
}

static void hold_card(struct worker *worker)
{
	uint32_t value = 0;

	if (plxdma_mailbox_write(worker->card, 3, worker->token))
		return;
	usleep(below(300));
	if (!plxdma_mailbox_read(worker->card, 3, &value) &&
	    value != worker->token &&
	    !ledger_may_be_over(worker->asked, worker->lease_ms))
		ledger_note(worker->ledger, WRONG_INTRUDER,
			    "mailbox: %08x instead of %08x",
			    (unsigned int)value, (unsigned int)worker->token);
}

static void give_back(struct worker *worker)
{
	int over, err;

	ledger_strike(worker->ledger, worker->what);
	err = plxdma_claim_release(worker->card, worker->what);
	over = ledger_may_be_over(worker->asked, worker->lease_ms);
	if (err && !over)
		ledger_note(worker->ledger, WRONG_LOST, "release: %d, %s", err,
			    plxdma_error(worker->card));
}

static void hold(struct worker *worker)
{
	ledger_enter(worker->ledger, worker->what, worker->asked,
		     worker->lease_ms);
	worker->token = (uint32_t)random64() ^ (uint32_t)getpid() << 16;
	if (worker->what == PLXDMA_CLAIM_CARD)
		hold_card(worker);
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if (ledger_covers(worker->what, i))
			hold_channel(worker, i);
	}
	give_back(worker);
}

/* What must be refused to who holds nothing. */
static void intrude(struct worker *worker)
{
	unsigned int channel = below(PLXDMA_CHANNELS);
	struct ledger_sight before = ledger_see(worker->ledger, channel);
	struct plxdma_transfer *constant = worker->constant[channel];
	int err;

	for (unsigned int i = 0; i < TOKENS; i++)
		out_of(worker, channel)[i] = 0xbad0bad0;
	err = run(worker->out[channel]);
	if (!err && ledger_held_since(worker->ledger, channel, before))
		ledger_note(worker->ledger, WRONG_INTRUDER,
			    "moved data on channel %u of another's", channel);
	if (err && err != -EBUSY)
		ledger_note(worker->ledger, WRONG_CALL, "intrusion: %d, %s",
			    err, plxdma_error(worker->card));
	atomic_fetch_add(&worker->ledger->intrusions, err == -EBUSY);
	plxdma_mailbox_write(worker->card, 3, 0xbad0bad0);
	err = constant ? run(constant) : -EPERM;
	if (err != -EPERM && err != -EBUSY)
		ledger_note(worker->ledger, WRONG_INTRUDER,
			    "constant address without a claim: %d", err);
}

/* A refusal names the holder, where that is certain. */
static void name_check(struct worker *worker, const char *text,
		       const struct ledger_sight *before)
{
	int32_t holders[PLXDMA_CHANNELS];
	const char *at = strstr(text, "claimed by process ");
	unsigned int sure = 0, covered = 0;
	int named;

	if (!at || strstr(text, "being claimed"))
		return;
	named = atoi(at + strlen("claimed by process "));
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		holders[i] = ledger_held_since(worker->ledger, i, before[i]);
		if (!ledger_covers(worker->what, i))
			holders[i] = 0;
		covered += ledger_covers(worker->what, i) != 0;
		sure += holders[i] != 0;
	}
	if (sure < covered)
		return;
	atomic_fetch_add(&worker->ledger->named, 1);
	if (named != holders[0] && named != holders[1])
		ledger_note(worker->ledger, WRONG_NAME, "%d, %d hold it: %s",
			    (int)holders[0], (int)holders[1], text);
}

static void sequence(struct worker *worker)
{
	static const int64_t waits[] = { 0, 0, 2000000, 20000000, 200000000,
					 -1 };
	struct ledger_sight before[PLXDMA_CHANNELS];
	int64_t timeout = waits[below(6)];
	int err;

	worker->what = (enum plxdma_claimed)below(3);
	worker->lease_ms = below(2) ? 1 + below(12) : below(2) ? 60000 : 0;
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++)
		before[i] = ledger_see(worker->ledger, i);
	worker->asked = ledger_now();
	err = plxdma_claim(worker->card, worker->what, worker->lease_ms,
			   timeout);
	if (!err) {
		atomic_fetch_add(&worker->ledger->granted, 1);
		atomic_fetch_add(&worker->ledger->waited,
				 ledger_now() - worker->asked > 1000000);
		hold(worker);
	} else if (err == -EBUSY && timeout >= 0) {
		atomic_fetch_add(&worker->ledger->refused, 1);
		if (!timeout)
			name_check(worker, plxdma_error(worker->card), before);
	} else {
		die(worker, "claim");
	}
	if (!below(3))
		intrude(worker);
}

void claimant_run(struct ledger *ledger, uint64_t seed)
{
	struct worker worker = { .ledger = ledger };

	/* Nobody waits for ever: a wake-up that got lost is seen. */
	alarm(120);
	chance_seed(seed);
	open_card(&worker);
	while (atomic_fetch_add(&ledger->sequences, 1) < ledger->wanted) {
		if (!below(64)) {
			plxdma_close(worker.card);
			open_card(&worker);
		}
		sequence(&worker);
	}
	plxdma_close(worker.card);
	_exit(0);
}
