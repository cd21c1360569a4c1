/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which card "auto" means, of those that this process could drive itself: the
 * only one that was given to the kernel stub.  What isn't the stub's is never
 * taken, only named, with what it would take.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api/front.h"
#include "transport/sysfs.h"

#define CARDS_MAX 32
#define NAMED_MAX 3

/* "0000:05:00.0 (driver gsc_hpdi), ... " of those that the stub hasn't. */
static void cards_name(const struct sysfs_card *cards, unsigned int count,
		       char *text, size_t room)
{
	size_t at = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < count && i < NAMED_MAX && at < room; i++)
		at += (size_t)snprintf(text + at, room - at, "%s%s (%s%s)",
				       i ? ", " : "", cards[i].address,
				       cards[i].driver[0] ? "driver "
							  : "no driver",
				       cards[i].driver);
	if (count > NAMED_MAX && at < room)
		snprintf(text + at, room - at, ", %u more", count - NAMED_MAX);
}

static int unbound(const struct sysfs_card *cards, unsigned int count,
		   struct error *error)
{
	const char *load = sysfs_stub_loaded() ? "" : "modprobe " SYSFS_STUB
						      ", then ";
	char named[160];

	if (!count)
		return error_set(error, -ENODEV, "no card with PLX's ids is "
				 "there; one with ids of its own: %splxdma "
				 "bind --force ADDRESS", load);
	cards_name(cards, count, named, sizeof(named));
	return error_set(error, -ENODEV, "%s: %splxdma bind %s", named, load,
			 cards[0].address);
}

int front_hardware_find(char *spec, size_t room, struct error *error)
{
	struct sysfs_card cards[CARDS_MAX];
	unsigned int found = sysfs_cards(NULL, cards, CARDS_MAX);
	unsigned int i, bound = 0;

	if (found > CARDS_MAX)
		found = CARDS_MAX;
	for (i = 0; i < found; i++)
		if (sysfs_is_stub(&cards[i]) && !bound++)
			snprintf(spec, room, "uio:%s", cards[i].address);
	if (bound == 1)
		return 0;
	if (bound)
		return error_set(error, -ENOTUNIQ, "auto: the kernel stub has "
				 "%u cards; say which, as %s (plxdma list "
				 "names them)", bound, spec);
	return unbound(cards, found, error);
}
