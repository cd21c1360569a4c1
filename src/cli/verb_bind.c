/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma bind, plxdma unbind: which cards the kernel module has.
 *
 * Each address is a card of its own: one that fails doesn't keep the others
 * of a crate from being bound, but makes the exit code.
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/bind_rule.h"
#include "cli/binding.h"

#define CARDS_MAX 64
#define VENDOR_PLX 0x10b5

enum { OPTION_FORCE = 256, OPTION_LIKE };

struct request {
	struct cli_common common;
	bool persist;
	bool force;
	const char *like;
	const char *texts[CARDS_MAX];
	unsigned int count;
};

struct outcome {
	struct sysfs_card card;	/* as it was */
	const char *result;
	int code;		/* enum cli_exit */
};

static const char bind_doc[] =
	"Give cards to the kernel module uio_plx9054.\v"
	"A card that another driver has is taken from it.  plxdma unbind gives "
	"it back.";
static const char unbind_doc[] =
	"Take cards from the kernel module uio_plx9054 again.\v"
	"The kernel then looks for another driver.  A card that a process has "
	"open is left alone unless --force is given.";

static const struct argp_option bind_options[] = {
	{ "persist", 'p', 0, 0, "At each start as well: write a udev rule", 0 },
	{ "all-like", OPTION_LIKE, "ADDRESS", 0,
	  "All cards with the ids of this one", 0 },
	{ "force", OPTION_FORCE, 0, 0, "Devices without PLX's ids, too", 0 },
	CLI_OPTIONS,
	{ 0 }
};

static const struct argp_option unbind_options[] = {
	{ "persist", 'p', 0, 0, "Remove the udev rule as well", 0 },
	{ "all-like", OPTION_LIKE, "ADDRESS", 0,
	  "All cards with the ids of this one", 0 },
	{ "force", OPTION_FORCE, 0, 0, "Cards that are open, too", 0 },
	CLI_OPTIONS,
	{ 0 }
};

static void address_take(struct request *request, const char *text,
			 struct argp_state *state)
{
	if (request->count == CARDS_MAX)
		argp_error(state, "at most %d cards", CARDS_MAX);
	else
		request->texts[request->count++] = text;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'p':
		request->persist = true;
		return 0;
	case OPTION_FORCE:
		request->force = true;
		return 0;
	case OPTION_LIKE:
		request->like = arg;
		return 0;
	case ARGP_KEY_ARG:
		address_take(request, arg, state);
		return 0;
	case ARGP_KEY_NO_ARGS:
		return 0;
	case ARGP_KEY_END:
		if (!request->count == !request->like)
			argp_error(state, "give addresses such as "
				   "0000:05:00.0, or --all-like ADDRESS; "
				   "plxdma list shows them");
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static int card_find(const char *text, struct sysfs_card *card)
{
	char address[SYSFS_ADDRESS];

	/* As a spec as well. */
	if (!strncmp(text, "uio:", 4))
		text += 4;
	if (sysfs_address(text, address)) {
		cli_complain("%s: an address is written 0000:05:00.0", text);
		return CLI_USAGE;
	}
	if (sysfs_card_read(address, card)) {
		cli_complain("%s: there is no PCI device at that address; "
			     "plxdma list shows the cards", address);
		return CLI_ABSENT;
	}
	return CLI_OK;
}

/* Return: an exit code; @outcomes receives a row for each card. */
static int cards_find(const struct request *request, struct outcome *outcomes,
		      unsigned int *count)
{
	struct sysfs_card like, cards[CARDS_MAX];
	unsigned int i, found;
	int code;

	*count = 0;
	for (i = 0; i < request->count; i++) {
		code = card_find(request->texts[i], &outcomes[i].card);
		if (code)
			return code;
	}
	*count = request->count;
	if (!request->like)
		return CLI_OK;
	code = card_find(request->like, &like);
	if (code)
		return code;
	found = sysfs_cards(&like, cards, CARDS_MAX);
	*count = found < CARDS_MAX ? found : CARDS_MAX;
	for (i = 0; i < *count; i++)
		outcomes[i].card = cards[i];
	return CLI_OK;
}

/* Sub-vendors put their own ids on boards whose chip is PLX's. */
static int looks_like_plx(const struct sysfs_card *card)
{
	return sysfs_is_plx(card) || card->subsystem_vendor == VENDOR_PLX;
}

static void card_bind(const struct request *request, struct outcome *outcome)
{
	const struct sysfs_card *card = &outcome->card;

	outcome->result = "failed";
	outcome->code = CLI_FAILED;
	if (!looks_like_plx(card) && !request->force) {
		cli_complain("%s: %04x:%04x isn't an id of PLX's: if the board "
			     "has such a chip all the same, --force (the "
			     "module looks at the chip itself before it takes "
			     "it)", card->address, card->vendor, card->device);
		return;
	}
	if (sysfs_is_stub(card))
		outcome->result = "bound already";
	else if (binding_make(card))
		return;
	else
		outcome->result = "bound";
	if (request->persist && bind_rule_set(card->address, card))
		return;
	outcome->code = CLI_OK;
}

static void card_unbind(const struct request *request, struct outcome *outcome)
{
	const struct sysfs_card *card = &outcome->card;

	outcome->result = "failed";
	outcome->code = CLI_FAILED;
	if (sysfs_is_stub(card) && !request->force && binding_in_use(card)) {
		cli_complain("%s: a process has it open (fuser -v "
			     "/dev/plx9054/%s); end that first, or --force",
			     card->address, card->address);
		return;
	}
	if (!sysfs_is_stub(card))
		outcome->result = "not bound";
	else if (binding_undo(card))
		return;
	else
		outcome->result = "unbound";
	if (request->persist && bind_rule_set(card->address, NULL))
		return;
	if (!request->persist && bind_rule_there(card->address))
		cli_complain("%s: at the next start it is bound again, by a "
			     "udev rule; --persist removes that",
			     card->address);
	outcome->code = CLI_OK;
}

static void print_text(const struct outcome *outcomes, unsigned int count,
		       const char *rule)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		const struct sysfs_card *card = &outcomes[i].card;

		(void)printf("%s  %04x:%04x  %s", card->address, card->vendor,
			     card->device, outcomes[i].result);
		if (card->driver[0] && !sysfs_is_stub(card))
			(void)printf(" (was %s's)", card->driver);
		(void)puts("");
	}
	if (rule)
		(void)printf("rules in %s\n", rule);
}

static void print_json(const char *schema, const struct outcome *outcomes,
		       unsigned int count, const char *rule)
{
	struct json_object *object = cli_json_new(schema);
	struct json_object *cards = json_object_new_array();
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct json_object *card = json_object_new_object();

		cli_json_text(card, "address", outcomes[i].card.address);
		cli_json_text(card, "was", outcomes[i].card.driver);
		cli_json_text(card, "result", outcomes[i].result);
		(void)json_object_array_add(cards, card);
	}
	(void)json_object_object_add(object, "cards", cards);
	if (rule)
		cli_json_text(object, "rules", rule);
	cli_json_print(object);
}

static int run(const struct request *request, const char *schema,
	       void (*act)(const struct request *, struct outcome *))
{
	struct outcome outcomes[CARDS_MAX] = { 0 };
	char rule[BIND_RULE_PATH];
	unsigned int count, i;
	int code = cards_find(request, outcomes, &count);

	if (code)
		return code;
	for (i = 0; i < count; i++) {
		act(request, &outcomes[i]);
		if (outcomes[i].code)
			code = outcomes[i].code;
	}
	bind_rule_path(rule);
	if (request->common.json)
		print_json(schema, outcomes, count,
			   request->persist ? rule : NULL);
	else
		print_text(outcomes, count, request->persist ? rule : NULL);
	return code;
}

int verb_bind(int argc, char **argv)
{
	const struct argp argp = { bind_options, parse, "ADDRESS...", bind_doc,
				   0, 0, 0 };
	struct request request = { .persist = false };

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	return run(&request, "plxdma.bind/1", card_bind);
}

int verb_unbind(int argc, char **argv)
{
	const struct argp argp = { unbind_options, parse, "ADDRESS...",
				   unbind_doc, 0, 0, 0 };
	struct request request = { .persist = false };

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	return run(&request, "plxdma.unbind/1", card_unbind);
}
