/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Information and EEPROM of a card. Nothing that is told holds a bus or
 * physical address.
 */
#include "registry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "server.h"
#include "transport/transport.h"

/* The arena that the client sees is its own, not the daemon's total. */
static void info(struct tenant *tenant, struct plxdma_card_info *info)
{
	const struct arena *arena = tenant->client->arena;
	uint64_t longest = 0;

	info->size = sizeof(*info);
	dma_card_info(tenant->card->dma, info);
	snprintf(info->transport, sizeof(info->transport), "daemon");
	snprintf(info->name, sizeof(info->name), "%s", tenant->card->name);
	info->memory_kept = tenant->card->kept;
	if (!arena)
		return;
	info->arena_size = arena->size;
	info->arena_page = arena->page_size;
	info->arena_node = arena->node;
	info->arena_runs = (uint32_t)dma_map_runs(tenant->map, &longest);
	info->arena_longest = longest;
	if (info->pin < (uint32_t)arena->pin)
		info->pin = (uint32_t)arena->pin;
	info->frames_known = arena->frames_known != 0;
	info->frames_moved = (uint32_t)arena_moved(arena);
}

static int verify(const struct tenant *tenant, struct wire_count *count,
		  struct error *error)
{
	int result;

	if (!tenant->client->arena)
		return 0;
	result = arena_verify(tenant->client->arena, NULL);
	if (result == -ENODATA)
		return error_set(error, result, "plxdmad can't read frames: "
				 "it needs CAP_SYS_ADMIN when it starts");
	if (result < 0)
		return result;
	count->count = (uint32_t)result;
	return 0;
}

static int fault(const struct tenant *tenant, const char *text,
		 struct error *error)
{
	struct transport *transport = tenant->card->transport;

	if (!tenant->client->server->settings->test_faults)
		return error_set(error, -EOPNOTSUPP, "faults are armed on a "
				 "software card that was opened as model:");
	return transport->ops->fault(transport, text, error);
}

/* Is the card somebody else's? */
static int change_check(const struct tenant *tenant, struct error *error)
{
	return claims_permit_change(&tenant->card->claims,
				    &tenant->claimant.party, error);
}

static int reset(const struct tenant *tenant, struct error *error)
{
	int err = grant_check_reset(&tenant->grant, tenant->card->name, error);

	if (!err)
		err = claims_permit_reset(&tenant->card->claims,
					  &tenant->claimant.party, error);
	if (!err)
		err = dma_card_reset(tenant->card->dma, error);
	if (!err)
		card_end_windows(tenant->card);
	return err;
}

static int eeprom(const struct tenant *tenant, const struct wire_eeprom *asked,
		  struct wire_words *words, struct error *error)
{
	int err = asked->write ? change_check(tenant, error) : 0;

	if (err)
		return err;
	if (asked->write && !tenant->grant.eeprom_writable)
		return error_set(error, -EPERM, "card %s: a wrong EEPROM can "
				 "make it unbootable; plxdmad lets it be "
				 "written with eeprom=writable in its "
				 "configuration", tenant->card->name);
	memcpy(words->words, asked->words, sizeof(words->words));
	return dma_card_eeprom(tenant->card->dma, (int)asked->write,
			       asked->offset, words->words, asked->count,
			       error);
}

/* What decides between 17 and 76 MB/s for everybody is not everybody's. */
static int tune(const struct tenant *tenant, const struct plxdma_tuning *wanted,
		struct error *error)
{
	const struct card *card = tenant->card;
	struct plxdma_tuning tuning = *wanted;
	int err = change_check(tenant, error);

	if (err)
		return err;
	err = grant_check_tuning(&tenant->grant, card->name,
				 claims_owns_card(&card->claims,
						  &tenant->claimant.party),
				 error);
	if (err)
		return err;
	tuning.size = sizeof(tuning);
	return dma_card_tuning_set(card->dma, &tuning, error);
}

/* Lengths of the stretches that are contiguous on the bus; a client that
 * wants to know more than fit asks again behind them. */
static int runs(const struct tenant *tenant, const struct wire_range *range,
		struct wire_runs *runs, struct error *error)
{
	uint64_t offset = range->offset, size = range->size, left, next;
	uint64_t arena = tenant->client->arena ?
			 tenant->client->arena->size : 0;

	if (offset > arena || size > arena - offset)
		return error_set(error, -ERANGE, "the range lies outside the "
				 "card's memory");
	while (size && runs->count < WIRE_STRETCHES) {
		dma_map_bus(tenant->map, offset, &left);
		next = left < size ? left : size;
		if (next > UINT32_MAX)
			next = UINT64_C(1) << 31;
		runs->lengths[runs->count++] = (uint32_t)next;
		offset += next;
		size -= next;
	}
	return 0;
}

int registry_answer(struct tenant *tenant, const struct wire_message *request,
		    struct wire_message *answer, struct error *error)
{
	switch (request->header.type) {
	case WIRE_INFO:
		info(tenant, &answer->info);
		return 0;
	case WIRE_COUNTERS:
		answer->counters.size = sizeof(answer->counters);
		dma_card_counters(tenant->card->dma, &answer->counters);
		return 0;
	case WIRE_VERIFY:
		return verify(tenant, &answer->count, error);
	case WIRE_RESET:
		return reset(tenant, error);
	case WIRE_FAULT:
		return fault(tenant, request->fault.fault, error);
	case WIRE_TUNING_GET:
		answer->tuned.size = sizeof(answer->tuned);
		return dma_card_tuning_get(tenant->card->dma, &answer->tuned,
					   error);
	case WIRE_TUNING_SET:
		return tune(tenant, &request->tuning.tuning, error);
	case WIRE_EEPROM:
		return eeprom(tenant, &request->eeprom, &answer->words, error);
	default:
		return runs(tenant, &request->range, &answer->runs, error);
	}
}
