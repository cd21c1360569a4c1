/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening a card: which front door a spec means. */
#include <errno.h>
#include <plxdma/card.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/deadline.h"
#include "api/failure.h"
#include "api/front.h"
#include "api/names.h"

#define SPEC_LENGTH 512
/* Of what auto says, the daemon's part. */
#define DAEMON_TEXT 80
/* How often a daemon that is to come back is asked for. */
#define AGAIN_NS 2000000

static int starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* The daemon's only card, with the options that followed "auto". */
static int auto_daemon_open(const char *options, struct plxdma_card **card,
			    struct error *error)
{
	char name[1][PLXDMA_NAME], spec[SPEC_LENGTH];
	int cards, length;

	cards = front_daemon_list(name, 1, error);
	if (cards < 0)
		return cards;
	if (!cards)
		return error_set(error, -ENODEV, "plxdmad holds no card");
	if (cards > 1)
		return error_set(error, -ENOTUNIQ,
				 "auto: plxdmad holds %d cards; say which, as "
				 "daemon:NAME (plxdma list names them)",
				 cards);
	length = snprintf(spec, sizeof(spec), "daemon:%s%s%s", name[0],
			  *options ? "," : "", options);
	if (length >= (int)sizeof(spec))
		return error_set(error, -EINVAL, "auto: too many options");
	return front_daemon_open(spec, NULL, card, error);
}

/* What fits, and no half sentence. */
static void text_shorten(char *text, size_t room)
{
	if (strlen(text) < room)
		return;
	do {
		text[--room] = '\0';
	} while (room && !strchr(",;:.", text[room - 1]));
	if (room)
		text[room - 1] = '\0';
}

/* The stub's only card, likewise. */
static int auto_hardware_open(const char *options, struct plxdma_card **card,
			      struct error *error)
{
	char found[PLXDMA_NAME], spec[SPEC_LENGTH];
	int length, result;

	result = front_hardware_find(found, sizeof(found), error);
	if (result)
		return result;
	length = snprintf(spec, sizeof(spec), "%s%s%s", found,
			  *options ? "," : "", options);
	if (length >= (int)sizeof(spec))
		return error_set(error, -EINVAL, "auto: too many options");
	return front_direct_open(spec, NULL, card, error);
}

/* Daemon, then hardware; never the software card, which would turn a missing
 * card into data that nobody measured. */
static int auto_open(const char *options, struct plxdma_card **card,
		     struct error *error)
{
	struct error daemon, hardware;
	int result;

	failure_begin(&daemon);
	result = auto_daemon_open(options, card, &daemon);
	if (!result)
		return 0;
	if (result == -ENOTUNIQ || result == -EINVAL)
		return error_set(error, result, "%s", daemon.text);
	if (!daemon.text[0])
		error_set(&daemon, result, "%s", strerror(-result));
	failure_begin(&hardware);
	result = auto_hardware_open(options, card, &hardware);
	if (!result)
		return 0;
	if (result != -ENODEV)
		return error_set(error, result, "%s", hardware.text);
	text_shorten(daemon.text, DAEMON_TEXT);
	return error_set(error, -ENODEV,
			 "auto: no card.  Hardware: %.180s.  plxdmad: %s.  "
			 "Software card: model:", hardware.text, daemon.text);
}

/*
 * @beside: NULL, or the card whose memory is shared; its own door sees whether
 * it came through that one.
 */
static int spec_open(const char *spec, struct plxdma_card *beside,
		     struct plxdma_card **card, struct error *error)
{
	if (starts_with(spec, "daemon:"))
		return front_daemon_open(spec, beside, card, error);
	if (strcmp(spec, "auto") != 0 && !starts_with(spec, "auto:"))
		return front_direct_open(spec, beside, card, error);
	if (beside)
		return error_set(error, -EINVAL,
				 "auto: name the card that shares another's "
				 "memory");
	return auto_open(spec[4] ? spec + strlen("auto:") : "", card, error);
}

static int name_open(const char *name, struct plxdma_card *beside,
		     struct plxdma_card **card, struct error *error)
{
	char spec[SPEC_LENGTH];
	int result = names_resolve(name, spec, sizeof(spec), error);

	if (!result)
		result = spec_open(spec, beside, card, error);
	if (!result)
		(void)snprintf((*card)->alias, sizeof((*card)->alias), "%s",
			       name);
	return result;
}

static int any_open(const char *text, struct plxdma_card *beside,
		    struct plxdma_card **card, struct error *error)
{
	char *copy = strdup(text);
	int result;

	if (!copy)
		return error_set(error, -ENOMEM, "no memory for a card");
	result = names_is_name(text) ? name_open(text, beside, card, error)
				     : spec_open(text, beside, card, error);
	if (result)
		free(copy);
	else
		(*card)->text = copy;
	return result;
}

int plxdma_open(const char *spec, struct plxdma_card **card)
{
	struct error error;

	if (!spec || !card)
		return failure_argument(NULL, __func__,
					"needs a spec such as \"model:\" and a "
					"place for the card");
	*card = NULL;
	failure_begin(&error);
	return failure_end(NULL, any_open(spec, NULL, card, &error), &error,
			   __func__);
}

int plxdma_open_beside(const char *spec, struct plxdma_card *beside,
		       struct plxdma_card **card)
{
	struct error error;

	if (!spec || !beside || !card)
		return failure_argument(NULL, __func__,
					"needs a spec, the card whose memory "
					"is shared, and a place for the card");
	*card = NULL;
	failure_begin(&error);
	return failure_end(NULL, any_open(spec, beside, card, &error),
			   &error, __func__);
}

/* No daemon yet, or one that is just coming up or going down. */
static int comes_back(int result)
{
	return result == -ENOENT || result == -ECONNREFUSED ||
	       result == -ENODEV || result == -EAGAIN;
}

static int lent_reopen(const char *text, uint64_t deadline,
		       struct plxdma_card **again, struct error *error)
{
	const struct timespec pause = { .tv_nsec = AGAIN_NS };
	int result = any_open(text, NULL, again, error);

	while (comes_back(result) && deadline_left(deadline)) {
		nanosleep(&pause, NULL);
		result = any_open(text, NULL, again, error);
	}
	return result;
}

int plxdma_reopen(struct plxdma_card *card, int64_t timeout_ns,
		  struct plxdma_card **again)
{
	struct error error;
	int result;

	if (!card || !again)
		return failure_argument(NULL, __func__,
					"needs a card and a place for the one "
					"that takes its place");
	*again = NULL;
	failure_begin(&error);
	if (card->ops->lent)
		result = lent_reopen(card->text, deadline_after(timeout_ns),
				     again, &error);
	else
		result = error_set(&error, -EOPNOTSUPP, "%s: only the daemon's "
				   "cards are opened again while they are open: "
				   "close it first", card->text);
	return failure_end(NULL, result, &error, __func__);
}

void plxdma_close(struct plxdma_card *card)
{
	char *text;

	if (!card)
		return;
	text = card->text;
	card->ops->close(card);
	free(text);
}

int plxdma_list(char (*names)[PLXDMA_NAME], unsigned int count)
{
	struct error error;

	if (!names && count)
		return failure_argument(NULL, __func__,
					"needs a place for the names");
	failure_begin(&error);
	return failure_end(NULL, front_daemon_list(names, count, &error),
			   &error, __func__);
}

int plxdma_daemon_tell(enum plxdma_told what, uint64_t after, int fd)
{
	struct error error;

	if ((unsigned int)what > PLXDMA_TOLD_TRACE)
		return failure_argument(NULL, __func__,
					"knows no such thing to tell");
	failure_begin(&error);
	return failure_end(NULL, front_daemon_tell(what, after, fd, &error),
			   &error, __func__);
}

const char *plxdma_error(const struct plxdma_card *card)
{
	return failure_text(card);
}
