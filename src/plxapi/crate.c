/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See crate.h. */
#include "plxapi/crate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plxapi/key.h"

#define CARDS 64
#define SEPARATORS " \t\n;"

/* Memory of a card that wasn't asked for by a spec of one's own: bounce
 * buffers and what programs allocate. */
#define LISTED_OPTIONS "arena=8M"

/* The crate of the process, see crate.h. */
static struct {
	pthread_mutex_t lock;
	struct crate_card *cards[CARDS];
	unsigned int count;
	/* Which of them there are now, in order. */
	struct crate_card *present[CARDS];
	unsigned int present_count;
} crate = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct crate_card *card_new(const char *spec, unsigned int twin)
{
	struct crate_card *card;
	unsigned int i;

	if (crate.count == CARDS)
		return NULL;
	card = calloc(1, sizeof(*card));
	if (!card)
		return NULL;
	snprintf(card->spec, sizeof(card->spec), "%s", spec);
	card->twin = twin;
	for (i = 0; i < PLXDMA_CHANNELS; i++)
		channel_init(&card->channels[i], i, &card->events);
	windows_init(card->windows);
	memory_init(&card->memory);
	events_init(&card->events);
	crate.cards[crate.count++] = card;
	return card;
}

/* A card of the crate; the second of a spec is another card. */
static void card_present(const char *spec)
{
	struct crate_card *card = NULL;
	unsigned int twin = 0, i;

	if (crate.present_count == CARDS || strlen(spec) >= CRATE_SPEC)
		return;
	for (i = 0; i < crate.present_count; i++)
		twin += !strcmp(crate.present[i]->spec, spec);
	for (i = 0; i < crate.count && !card; i++) {
		if (crate.cards[i]->twin == twin &&
		    !strcmp(crate.cards[i]->spec, spec))
			card = crate.cards[i];
	}
	if (!card)
		card = card_new(spec, twin);
	if (card)
		crate.present[crate.present_count++] = card;
}

static void specs_present(const char *specs)
{
	char *list = strdup(specs), *rest = NULL, *spec;

	if (!list)
		return;
	for (spec = strtok_r(list, SEPARATORS, &rest); spec;
	     spec = strtok_r(NULL, SEPARATORS, &rest))
		card_present(spec);
	free(list);
}

static PLX_STATUS daemon_present(void)
{
	char names[CARDS][PLXDMA_NAME];
	char spec[CRATE_SPEC];
	int count = plxdma_list(names, CARDS);
	int i;

	if (count < 0) {
		status_failed("DeviceFind", NULL, count);
		return PLX_STATUS_NO_DRIVER;
	}
	for (i = 0; i < count && i < CARDS; i++) {
		snprintf(spec, sizeof(spec), "daemon:%.*s," LISTED_OPTIONS,
			 PLXDMA_NAME, names[i]);
		card_present(spec);
	}
	return PLX_STATUS_OK;
}

static PLX_STATUS crate_refresh(void)
{
	const char *specs = getenv("PLXDMA_CRATE");

	crate.present_count = 0;
	if (!specs || !*specs)
		return daemon_present();
	specs_present(specs);
	return PLX_STATUS_OK;
}

/* A card is opened once to learn its key. */
static PLX_STATUS card_know(struct crate_card *card, unsigned int index)
{
	struct plxdma_card *opened = card->card;
	int result = 0;

	if (card->known)
		return PLX_STATUS_OK;
	if (!opened)
		result = plxdma_open(card->spec, &opened);
	if (result)
		return status_failed("DeviceFind", NULL, result);
	card->info.size = sizeof(card->info);
	result = plxdma_card_info(opened, &card->info);
	if (!result)
		key_of_card(opened, &card->info, index, &card->key);
	card->known = !result;
	if (opened != card->card)
		plxdma_close(opened);
	return status_of(result);
}

static unsigned int card_index(const struct crate_card *card)
{
	unsigned int i;

	for (i = 0; i < crate.count && crate.cards[i] != card; i++)
		;
	return i;
}

static PLX_STATUS find(const PLX_DEVICE_KEY *key, unsigned int number,
		       struct crate_card **found)
{
	PLX_STATUS status = crate_refresh(), last = PLX_STATUS_OK;
	unsigned int matches = 0, opened = 0, i;

	if (status != PLX_STATUS_OK)
		return status;
	for (i = 0; i < crate.present_count; i++) {
		struct crate_card *card = crate.present[i];

		status = card_know(card, card_index(card));
		if (status != PLX_STATUS_OK) {
			last = status;
			continue;
		}
		opened++;
		if (!key_fits(key, &card->key) || matches++ != number)
			continue;
		*found = card;
		return PLX_STATUS_OK;
	}
	/* No card can be reached at all: that is the SDK's missing driver. */
	return opened || last == PLX_STATUS_OK ? PLX_STATUS_INVALID_OBJECT
					       : PLX_STATUS_NO_DRIVER;
}

PLX_STATUS crate_find(PLX_DEVICE_KEY *key, unsigned int number)
{
	struct crate_card *card;
	PLX_STATUS status;

	pthread_mutex_lock(&crate.lock);
	status = find(key, number, &card);
	if (status == PLX_STATUS_OK)
		*key = card->key;
	pthread_mutex_unlock(&crate.lock);
	return status;
}

/* A key that was found names its card by number; places and identities are
 * compared all the same, it may have been written by anybody. */
static struct crate_card *card_of_key(const PLX_DEVICE_KEY *key)
{
	struct crate_card *card;

	if (!IsObjectValid(key) || key->DeviceNumber >= crate.count)
		return NULL;
	card = crate.cards[key->DeviceNumber];
	return card->known && key_fits(key, &card->key) ? card : NULL;
}

static PLX_STATUS card_use(struct crate_card *card)
{
	int result;

	if (!card->users) {
		result = plxdma_open(card->spec, &card->card);
		if (result)
			return status_failed("DeviceOpen", NULL, result);
	}
	card->users++;
	return PLX_STATUS_OK;
}

PLX_STATUS crate_take(PLX_DEVICE_KEY *key, struct crate_card **taken)
{
	struct crate_card *card;
	PLX_STATUS status = PLX_STATUS_OK;

	pthread_mutex_lock(&crate.lock);
	card = card_of_key(key);
	if (!card)
		status = find(key, 0, &card);
	if (status == PLX_STATUS_OK)
		status = card_use(card);
	if (status == PLX_STATUS_OK) {
		*key = card->key;
		*taken = card;
	}
	pthread_mutex_unlock(&crate.lock);
	return status;
}

void crate_release(struct crate_card *card)
{
	struct plxdma_card *closed = NULL;

	pthread_mutex_lock(&crate.lock);
	if (--card->users == 0) {
		closed = card->card;
		memory_close(&card->memory);
		windows_close(card->windows, closed);
		plxdma_close(closed);
		card->card = NULL;
	}
	pthread_mutex_unlock(&crate.lock);
}
