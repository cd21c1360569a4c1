/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See account.h; the trace is src/model/model.h's. */
#include "account.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SRAM 0x20000000u
#define MIB 20
#define FETCH 16
#define CHAIN 0x200u			/* DMAMODE bit 9 */

int account_open(struct account *account, const char *trace)
{
	memset(account, 0, sizeof(*account));
	account->watched = ACCOUNT_OWNERS;
	account->fd = open(trace, O_RDONLY | O_CLOEXEC);
	return account->fd < 0 ? -1 : 0;
}

void account_close(struct account *account)
{
	close(account->fd);
}

void account_reset(struct account *account)
{
	memset(account->bytes, 0, sizeof(account->bytes));
	memset(account->starts, 0, sizeof(account->starts));
}

uint64_t account_sum(const struct account *account)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < ACCOUNT_OWNERS; i++)
		sum += account->bytes[i];
	return sum;
}

void account_watch(struct account *account, unsigned int owner)
{
	account->watched = owner;
	account->before = UINT64_MAX;
}

static unsigned long number_after(const char *line, const char *word)
{
	const char *at = strstr(line, word);

	return at ? strtoul(at + strlen(word), NULL, 0) : 0;
}

static unsigned int owner_of(const char *line)
{
	unsigned long local = number_after(line, " local ");
	unsigned long index = (local - SRAM) >> MIB;

	return local < SRAM || index > ACCOUNT_ELSE ? ACCOUNT_ELSE :
						      (unsigned int)index;
}

static void owner_set(struct account *account, unsigned int channel,
		      unsigned int owner)
{
	account->owner[channel] = owner;
	if (owner == account->watched) {
		account->before = account_sum(account);
		account->watched = ACCOUNT_OWNERS;
	}
}

static void event_take(struct account *account, const char *line)
{
	const char *at = strstr(line, " dma");
	unsigned int channel;

	/* Registers that are read and written are most of a trace. */
	if (!at)
		return;
	channel = at[4] == '1';
	if (strstr(line, " start ")) {
		account->owner[channel] = ACCOUNT_OWNERS;
		if (number_after(line, " mode ") & CHAIN)
			return;
		owner_set(account, channel, owner_of(line));
		account->starts[account->owner[channel]]++;
	} else if (strstr(line, " fetch ")) {
		unsigned int owner = owner_of(line);

		if (account->owner[channel] == ACCOUNT_OWNERS)
			account->starts[owner]++;
		owner_set(account, channel, owner);
		account->bytes[owner] += FETCH;
	} else if (strstr(line, " bytes ") &&
		   account->owner[channel] < ACCOUNT_OWNERS) {
		account->bytes[account->owner[channel]] +=
			number_after(line, " bytes ");
	}
}

void account_read(struct account *account)
{
	static char text[65536];
	char *line, *end;
	ssize_t got;

	do {
		got = pread(account->fd, text, sizeof(text) - 1, account->at);
		if (got <= 0)
			return;
		text[got] = 0;
		/* What follows the last line are null bytes. */
		for (line = text; (end = strchr(line, '\n')); line = end + 1) {
			*end = 0;
			event_take(account, line);
		}
		account->at += line - text;
	} while (line != text);
}
