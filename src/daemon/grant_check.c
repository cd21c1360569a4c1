/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Asking a grant. A refusal names the section and the key that would have to
 * say something else, for whoever keeps them.
 */
#include "grant.h"

#include <errno.h>

#include <plxdma/transfer.h>

#include "chip/mode.h"

static int refuse(const struct grant *grant, const char *card, const char *what,
		  const char *key, struct error *error)
{
	return error_set(error, -EACCES, "card %s: policy %s%s%s; ask whoever "
			 "keeps %s= in plxdmad.conf", card, what,
			 grant->section[0] ? " by " : "", grant->section, key);
}

static int has(uint32_t bits, unsigned int bit)
{
	return bit < 32 && bits >> bit & 1;
}

int grant_check_channel(const struct grant *grant, const char *card,
			unsigned int channel, struct error *error)
{
	if (has(grant->channels, channel))
		return 0;
	return refuse(grant, card, channel ? "refuses channel 1" :
		      "refuses channel 0", "channel", error);
}

int grant_check_direction(const struct grant *grant, const char *card,
			  unsigned int direction, struct error *error)
{
	if (has(grant->directions, direction))
		return 0;
	return refuse(grant, card, direction == PLXDMA_TO_HOST ?
		      "refuses transfers to the host" :
		      "refuses transfers to the card", "direction", error);
}

int grant_check_mode(const struct grant *grant, const char *card,
		     const struct plxdma_mode *mode, struct error *error)
{
	struct plxdma_mode usual;

	if (!mode || grant->modes == UINT32_MAX)
		return 0;
	mode_init(&usual);
	for (unsigned int i = 0; i < MODE_ITEMS; i++) {
		enum plxdma_mode_item item = (enum plxdma_mode_item)i;

		if (!has(grant->modes, i) &&
		    mode_get(mode, item) != mode_get(&usual, item))
			return refuse(grant, card, "refuses this mode", "mode",
				      error);
	}
	return 0;
}

int grant_check_local(const struct grant *grant, const char *card,
		      uint32_t local, uint64_t length, int constant,
		      struct error *error)
{
	int err = policy_check(&grant->policy, local, length, constant);

	if (err == -EACCES)
		return refuse(grant, card, "denies these local addresses",
			      "deny= and dma", error);
	if (err)
		return error_set(error, err, "the local range goes beyond "
				 "0xffffffff");
	return 0;
}

int grant_check_claim(const struct grant *grant, const char *card,
		      enum plxdma_claimed what, struct error *error)
{
	if (!grant->claim)
		return refuse(grant, card, "refuses claims", "claim", error);
	/* A claim keeps others from what it covers. */
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++) {
		if ((what == PLXDMA_CLAIM_CARD || (unsigned int)what == i) &&
		    !has(grant->channels, i))
			return refuse(grant, card, "refuses a claim of what it "
				      "refuses to use", "channel", error);
	}
	return 0;
}

int grant_check_observe(const struct grant *grant, const char *card,
			struct error *error)
{
	if (grant->observe)
		return 0;
	return refuse(grant, card, "refuses to have its streams observed",
		      "observe", error);
}

int grant_check_window(const struct grant *grant, const char *card,
		       struct error *error)
{
	if (grant->window)
		return 0;
	return refuse(grant, card, "lends no window, since it has none itself",
		      "window", error);
}

int grant_check_tuning(const struct grant *grant, const char *card, int owns,
		       struct error *error)
{
	if (grant->tuning == TUNING_REFUSED)
		return refuse(grant, card, "refuses to have its bus tuned",
			      "tuning", error);
	if (grant->tuning == TUNING_ALLOWED || owns)
		return 0;
	return error_set(error, -EPERM, "card %s: its bus is tuned by who has "
			 "claimed it: call plxdma_claim() first, or have "
			 "tuning=allowed in plxdmad.conf", card);
}

int grant_check_reset(const struct grant *grant, const char *card,
		      struct error *error)
{
	if (grant->reset)
		return 0;
	return refuse(grant, card, "refuses a reset", "reset", error);
}
