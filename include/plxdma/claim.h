/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims: one owner of a card or of a channel at a time.
 *
 * A FIFO that two programs read from is lost data.  Whoever needs a channel, or
 * the whole card, for itself claims it; the daemon keeps others off until the
 * claim is released, its lease is over, or its holder is dead.  A channel's
 * claim keeps others from transferring on it; a card's claim holds both
 * channels, and keeps others from writing registers and ringing doorbells as
 * well.  Reading registers stays open to all that policy lets read.
 *
 * What needs a claim through the daemon is refused without one (-EPERM): a
 * constant local address, demand mode, EOT#, recipes.  A program that has opened
 * the card itself owns it already: there claims always succeed.
 *
 * Threads: any.
 */
#ifndef PLXDMA_CLAIM_H
#define PLXDMA_CLAIM_H

#include <stdint.h>

#include <plxdma/card.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum plxdma_claimed - what is claimed
 * @PLXDMA_CLAIM_CHANNEL0: channel 0
 * @PLXDMA_CLAIM_CHANNEL1: channel 1
 * @PLXDMA_CLAIM_CARD:	the card with both channels
 */
enum plxdma_claimed {
	PLXDMA_CLAIM_CHANNEL0 = 0,
	PLXDMA_CLAIM_CHANNEL1 = 1,
	PLXDMA_CLAIM_CARD = 2,
};

/**
 * struct plxdma_holder - who holds a claim
 * @size:	sizeof(struct plxdma_holder), set by the caller
 * @pid:	process, 0 if nobody holds it
 * @uid:	its user
 * @own:	1 if it is the caller's own
 * @lease_ms:	what is left of the lease, 0 without one
 * @name:	its program's name
 */
struct plxdma_holder {
	uint32_t size;
	int32_t pid;
	uint32_t uid;
	uint32_t own;
	uint64_t lease_ms;
	char name[PLXDMA_NAME];
};

/**
 * plxdma_claim - take a card or a channel
 * @card: an open card; the claim belongs to it and ends with plxdma_close()
 * @what: enum plxdma_claimed
 * @lease_ms: the claim ends after so long unless it is taken again, which
 *	      renews it; 0: only by release or death
 * @timeout_ns: how long to wait for another's claim, and for transfers of
 *		others that run already; 0: don't, negative: for ever
 *
 * Who waits first gets it first.  What is held already is renewed.  A lease
 * that is over ends the claim, not a transfer that runs: the channel goes to
 * the next holder when that has ended.
 *
 * Return: 0; -EBUSY if another holds it: plxdma_error() names pid and program,
 * plxdma_claim_holder() tells both; -EINTR; another negative errno.
 */
int plxdma_claim(struct plxdma_card *card, enum plxdma_claimed what,
		 uint64_t lease_ms, int64_t timeout_ns);

/**
 * plxdma_claim_release - give it back
 * @card: the card
 * @what: as claimed
 *
 * Return: 0; -EINVAL if it is not held; -EBUSY while own transfers that need
 * it are under way.
 */
int plxdma_claim_release(struct plxdma_card *card, enum plxdma_claimed what);

/**
 * plxdma_claim_holder - who holds it?
 * @card: the card
 * @what: a channel's holder is the card's where that is claimed
 * @holder: filled in
 *
 * Return: 0 or a negative errno.
 */
int plxdma_claim_holder(struct plxdma_card *card, enum plxdma_claimed what,
			struct plxdma_holder *holder);

#ifdef __cplusplus
}
#endif
#endif
