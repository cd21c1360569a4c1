/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cards that a program for the PLX SDK finds: those that PLXDMA_CRATE
 * lists by their specs, else those that the daemon holds.
 *
 * The SDK's programs know a device by a key and nothing else, and may open it
 * any number of times; a software card opened twice would be two cards.  So a
 * process has one list, an entry stays where it is once it is there, and all
 * devices of a card share one struct plxdma_card.  That is why there is a
 * variable of the process here.
 */
#ifndef PLXAPI_CRATE_H
#define PLXAPI_CRATE_H

#include <pthread.h>

#include "plxapi/channel.h"
#include "plxapi/events.h"
#include "plxapi/memory.h"
#include "plxapi/status.h"
#include "plxapi/window.h"

#define CRATE_SPEC 256

/* One card of the crate. */
struct crate_card {
	char spec[CRATE_SPEC];
	unsigned int twin; /* the how manieth of this spec */
	int known;	   /* key and info are filled in */
	PLX_DEVICE_KEY key;
	struct plxdma_card_info info;

	/* While a device of it is open. */
	struct plxdma_card *card;
	unsigned int users;
	struct channel channels[PLXDMA_CHANNELS];
	struct window windows[PLXDMA_BARS];
	struct memory memory;
	struct events events;
};

/*
 * The @number-th of the cards that match @key; fills in the whole key.
 * INVALID_OBJECT if there is none, NO_DRIVER if there is no card at all.
 */
PLX_STATUS crate_find(PLX_DEVICE_KEY *key, unsigned int number);

/* The card of a key that was found, or of the first that matches; opens it
 * if no device of it is open. */
PLX_STATUS crate_take(PLX_DEVICE_KEY *key, struct crate_card **card);
/* Closes it if no other device of it is open. */
void crate_release(struct crate_card *card);

#endif
