/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sequencer as a plug-in: its options, its addresses.
 */
#include "boards/sequencer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "boards/lwords.h"
#include "boards/options.h"

#define WORDS_MAX (8u << 18) /* of a block: 8 MiB */

static int settings_parse(struct sequencer_settings *set,
			  const char *const *options, char *why,
			  size_t why_size)
{
	const struct board_option table[] = {
		{ "card", 0, 31, &set->card, NULL },
		{ "block", 0, WORDS_MAX, &set->low, &set->high },
		{ "seed", 0, 0xffffffff, &set->seed, NULL },
		{ "delay", 0, 1e9, &set->delay, NULL },
		{ "word_rate", 0, 1e9, &set->word_rate, NULL },
		{ "bells", 0, 0xffffffff, &set->bells, NULL },
		{ "strict", 0, 1, &set->strict, NULL },
		{ NULL, 0, 0, NULL, NULL },
	};

	*set = (struct sequencer_settings){
		.card = 1,
		.low = WORDS_MAX,
		.high = WORDS_MAX,
		.seed = 1,
		.strict = 1,
	};
	return board_options(options, table, why, why_size);
}

static int sequencer_open(const struct plxdma_board_host *host,
			  const char *const *options, void **board, char *why,
			  size_t why_size)
{
	struct sequencer *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	s->host = host;
	ret = settings_parse(&s->set, options, why, why_size);
	if (ret)
		goto out_free;
	s->remote = mmap(NULL, SEQUENCER_REMOTE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->remote == MAP_FAILED) {
		ret = -ENOMEM;
		goto out_free;
	}
	s->random = s->set.seed * 2654435761u + 1;
	*board = s;
	return 0;

out_free:
	free(s);
	return ret;
}

static void sequencer_close(void *board)
{
	struct sequencer *s = board;

	munmap(s->remote, SEQUENCER_REMOTE_SIZE);
	free(s);
}

/* The words' sequence and the far side's memory outlive it. */
void sequencer_reset(void *board)
{
	struct sequencer *s = board;

	s->dropped += s->left;
	s->produced += s->left - s->there;
	s->left = s->there = 0;
	s->busy = false;
	s->control = s->status = s->header = s->modifier = 0;
	s->address = s->count = s->error = s->balance = s->moved = 0;
	memset(s->mailbox, 0, sizeof(s->mailbox));
	block_settle(s);
}

static uint64_t sequencer_time(void *board, uint64_t now)
{
	struct sequencer *s = board;

	(void)now;
	block_advance(s);
	block_settle(s);
	return 0;
}

static void *sequencer_direct(void *board, uint32_t address, size_t *size)
{
	struct sequencer *s = board;
	uint32_t offset = address - SEQUENCER_REMOTE;

	if (offset >= SEQUENCER_REMOTE_SIZE)
		return NULL;
	*size = SEQUENCER_REMOTE_SIZE - offset;
	return s->remote + offset;
}

/* DMA on the port takes words; there is nothing there for the host. */
static size_t port_read(struct sequencer *s, uint8_t *to, size_t size,
			const struct plxdma_board_access *access)
{
	if (access->channel != 0) {
		memset(to, 0xff, size);
		return size;
	}
	return 4 * block_read(s, to, size / 4);
}

static size_t sequencer_read(void *board, uint32_t address, void *data,
			     size_t size,
			     const struct plxdma_board_access *access)
{
	struct sequencer *s = board;
	size_t plain = 0, got = size;
	void *remote = sequencer_direct(s, address, &plain);

	if (remote) {
		got = size < plain ? size : plain;
		memcpy(data, remote, got);
		return got;
	}
	block_advance(s);
	if (address - SEQUENCER_REGISTERS < SEQUENCER_SIZE)
		lwords_read(s, address - SEQUENCER_REGISTERS, data, size,
			    sequencer_get);
	else if (address - SEQUENCER_PORT < SEQUENCER_SIZE)
		got = port_read(s, data, size, access);
	else
		memset(data, 0xff, size);
	block_settle(s);
	return got;
}

static size_t sequencer_write(void *board, uint32_t address, const void *data,
			      size_t size,
			      const struct plxdma_board_access *access)
{
	struct sequencer *s = board;
	size_t plain = 0;
	void *remote = sequencer_direct(s, address, &plain);

	(void)access;
	if (remote) {
		size = size < plain ? size : plain;
		memcpy(remote, data, size);
		return size;
	}
	block_advance(s);
	if (address - SEQUENCER_REGISTERS < SEQUENCER_SIZE)
		lwords_write(s, address - SEQUENCER_REGISTERS, data, size,
			     sequencer_get, sequencer_set);
	block_settle(s);
	return size;
}

/* The card's own IDs: whoever looks for 10b5:9054 doesn't find it. */
static const struct plxdma_board_identity sequencer_identity = {
	.id = 0x00011796,
	.space = {
		{ SEQUENCER_REGISTERS, SEQUENCER_SIZE, 32 },
		{ SEQUENCER_REMOTE, SEQUENCER_REMOTE_SIZE, 32 },
	},
};

static const struct plxdma_board_ops sequencer_ops = {
	.version = PLXDMA_BOARD_VERSION,
	.name = "sequencer",
	.open = sequencer_open,
	.close = sequencer_close,
	.reset = sequencer_reset,
	.read = sequencer_read,
	.write = sequencer_write,
	.direct = sequencer_direct,
	.time = sequencer_time,
	.identity = &sequencer_identity,
};

const struct plxdma_board_ops *plxdma_board(void)
{
	return &sequencer_ops;
}
