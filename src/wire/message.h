/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control messages between client and daemon: one fixed structure per type and
 * direction, one message per packet of an AF_UNIX SOCK_SEQPACKET socket.
 *
 * A client asks, the daemon answers each request once, in order, with the same
 * type and sequence. An answer with a negative error carries a text instead of
 * its body. Transfers and registers don't come here: they have memory of their
 * own (area.h, batch.h).
 *
 * Descriptors travel with these answers: WIRE_ARENA and WIRE_ARENA_PART (the
 * arena), WIRE_IRQ_OPEN and WIRE_CLAIM_WAIT (an eventfd), WIRE_REPORT and
 * WIRE_TELL (a file), WIRE_WINDOW (the space), WIRE_CHANNEL_OPEN and
 * WIRE_BATCH_OPEN (what is shared, eventfd that wakes the daemon, eventfd that
 * wakes the client), WIRE_OBSERVE (the owner's arena, the page on which its
 * stream is published, the observer's word, eventfd that wakes it). Requests
 * never carry any.
 *
 * Waiting for a claim must hold up neither the daemon nor other threads of the
 * client, so it takes two requests: WIRE_CLAIM_WAIT enters the queue and gets a
 * ticket and an eventfd that is rung when the waiting is over, WIRE_CLAIM_DONE
 * asks how it ended, and ends it if it hasn't.
 */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include <plxdma/card.h>
#include <plxdma/claim.h>
#include <plxdma/irq.h>
#include <plxdma/tuning.h>

#include "error/error.h"

#define WIRE_VERSION 5
#define WIRE_FDS 4		/* most descriptors of one message */
#define WIRE_NAME 64
#define WIRE_WORDS 128		/* of the EEPROM in one message */
#define WIRE_STRETCHES 64	/* of WIRE_RUNS in one message */
#define WIRE_FAULT_TEXT 256
#define WIRE_MODE_ITEMS 11

enum wire_type {
	WIRE_HELLO = 1,
	WIRE_OPEN,
	WIRE_ARENA,
	WIRE_INFO,
	WIRE_COUNTERS,
	WIRE_VERIFY,
	WIRE_RESET,
	WIRE_FAULT,
	WIRE_BATCH_OPEN,
	WIRE_EEPROM,
	WIRE_IRQ_OPEN,
	WIRE_IRQ_READ,
	WIRE_IRQ_ENABLE,
	WIRE_CHANNEL_OPEN,
	WIRE_CHANNEL_CLOSE,
	WIRE_CHANNEL_MODE,
	WIRE_CHANNEL_TEXT,
	WIRE_RUNS,
	WIRE_LIST,
	WIRE_CLAIM,
	WIRE_CLAIM_WAIT,
	WIRE_CLAIM_DONE,
	WIRE_CLAIM_RELEASE,
	WIRE_CLAIM_HOLDER,
	WIRE_CLOSE,
	WIRE_TUNING_GET,
	WIRE_TUNING_SET,
	WIRE_REPORT,
	WIRE_WINDOW,
	WIRE_ARENA_PART,
	WIRE_TELL,
	WIRE_PUBLISH,
	WIRE_OBSERVE,
	WIRE_OBSERVE_END,
};
#define WIRE_TYPES (WIRE_OBSERVE_END + 1)

struct wire_header {
	uint16_t version;
	uint16_t type;		/* enum wire_type */
	uint32_t sequence;
	int32_t error;		/* answers: 0 or a negative errno */
	uint32_t size;		/* of the whole message */
};

/* First message. Highest version that each side speaks. */
struct wire_hello {
	uint32_t version;
	uint32_t reserved;
};

/* A card by name; the answer's card is what later messages call it, until
 * WIRE_CLOSE. Opened twice, it is two users of it. */
struct wire_open {
	char name[WIRE_NAME];
};
struct wire_opened {
	uint32_t card;
	uint32_t small_pages;	/* takes arenas of 4 KiB pages */
};

/* The one arena of a connection; asked for again, the same one comes.  Memory
 * that a card's transport makes is of parts, with a descriptor each: this
 * answer has the first, WIRE_ARENA_PART the others. */
#define WIRE_SMALL_PAGES 4096
struct wire_arena {
	uint32_t card;		/* whose defaults */
	int32_t node;		/* -1: the card's */
	uint64_t size;		/* 0: the card's default */
	uint64_t page_size;	/* 0: likewise */
	uint64_t observed;	/* 1: for streams with observers, read only */
};
struct wire_arena_made {
	uint64_t size;
	uint64_t page_size;
	uint64_t part;		/* bytes of a part; the size, if it's of one */
};
struct wire_part {
	uint32_t card;		/* any of the connection's */
	uint32_t part;		/* from 1 on */
};

/* Requests about a card begin with it; these are about nothing else. */
struct wire_card {
	uint32_t card;
	uint32_t reserved;
};
struct wire_count {
	uint32_t count;
	uint32_t reserved;
};
struct wire_fault {
	uint32_t card;
	char fault[WIRE_FAULT_TEXT];
};

struct wire_eeprom {
	uint32_t card;
	uint32_t offset;
	uint32_t count;
	uint32_t write;
	uint16_t words[WIRE_WORDS];	/* to write */
};
struct wire_words {
	uint16_t words[WIRE_WORDS];
};

struct wire_irq {
	uint32_t card;
	uint32_t source;	/* enum plxdma_irq_source */
	uint32_t on;		/* WIRE_IRQ_ENABLE */
	uint32_t reserved;
};
struct wire_irq_event {
	struct plxdma_irq_event event;
	uint64_t since;		/* interrupts since the last read */
};

struct wire_channel {
	uint32_t card;
	uint32_t index;
};
struct wire_channel_mode {
	uint32_t card;
	uint32_t index;
	uint32_t mode;		/* which of the channel's, from 1 */
	uint32_t items[WIRE_MODE_ITEMS];	/* by enum plxdma_mode_item */
};
/* A run of the channel's stream begins, or has ended. */
struct wire_publish {
	uint32_t card;
	uint32_t index;
	uint64_t run;
	uint64_t number;	/* of its first block */
	int64_t tai_offset_ns;
	uint32_t runs;
	uint32_t reserved;
};
/* Why the last entry of this channel that was refused was. */
struct wire_text {
	char text[ERROR_TEXT];
};

/* A range cut where it isn't contiguous on the bus: lengths only. */
struct wire_range {
	uint32_t card;
	uint32_t reserved;
	uint64_t offset;
	uint64_t size;
};
struct wire_runs {
	uint32_t count;
	uint32_t lengths[WIRE_STRETCHES];
};

/* Claims; who doesn't need a field leaves it 0. */
struct wire_claim {
	uint32_t card;
	uint32_t what;		/* enum plxdma_claimed */
	uint64_t lease_ms;	/* 0: without end */
	int64_t timeout_ns;	/* WIRE_CLAIM_WAIT; negative: for ever */
	uint32_t ticket;	/* WIRE_CLAIM_DONE */
	uint32_t reserved;
};
struct wire_ticket {
	uint32_t ticket;
	uint32_t reserved;
};

struct wire_tuning {
	uint32_t card;
	uint32_t reserved;
	struct plxdma_tuning tuning;
};

/* A local space as memory: the answer has a descriptor, and its pages of 4 KiB
 * in count. */
struct wire_window {
	uint32_t card;
	uint32_t bar;
};

/* The daemon about itself, in a file that is the asker's. */
struct wire_tell {
	uint32_t what;		/* enum plxdma_told */
	uint32_t reserved;
	uint64_t after;		/* of a trace: what came after this one */
};

/* One of the names of the daemon's cards. */
struct wire_list {
	uint32_t index;
	uint32_t reserved;
};
struct wire_listed {
	uint32_t count;		/* cards there are */
	uint32_t reserved;
	char name[WIRE_NAME];	/* empty beyond the last */
};

struct wire_message {
	struct wire_header header;
	union {
		struct wire_hello hello;
		struct wire_open open;
		struct wire_opened opened;
		struct wire_arena arena;
		struct wire_arena_made arena_made;
		struct wire_part part;
		struct wire_card card;
		struct wire_count count;
		struct plxdma_card_info info;
		struct plxdma_counters counters;
		struct wire_fault fault;
		struct wire_eeprom eeprom;
		struct wire_words words;
		struct wire_irq irq;
		struct wire_irq_event irq_event;
		struct wire_channel channel;
		struct wire_channel_mode mode;
		struct wire_text text;
		struct wire_range range;
		struct wire_runs runs;
		struct wire_claim claim;
		struct wire_ticket ticket;
		struct plxdma_holder holder;
		struct wire_tuning tuning;
		struct plxdma_tuning tuned;
		struct wire_window window;
		struct wire_tell tell;
		struct wire_publish publish;
		struct wire_list list;
		struct wire_listed listed;
	};
};

_Static_assert(sizeof(struct wire_header) == 16, "layout");
_Static_assert(sizeof(struct wire_open) == 64, "layout");
_Static_assert(sizeof(struct wire_opened) == 8, "layout");
_Static_assert(sizeof(struct wire_arena) == 32, "layout");
_Static_assert(sizeof(struct wire_arena_made) == 24, "layout");
_Static_assert(sizeof(struct wire_part) == 8, "layout");
_Static_assert(sizeof(struct wire_fault) == 260, "layout");
_Static_assert(sizeof(struct wire_eeprom) == 16 + 2 * WIRE_WORDS, "layout");
_Static_assert(sizeof(struct wire_irq) == 16, "layout");
_Static_assert(sizeof(struct wire_irq_event) == 32, "layout");
_Static_assert(sizeof(struct wire_channel_mode) == 56, "layout");
_Static_assert(sizeof(struct wire_text) == 320, "layout");
_Static_assert(sizeof(struct wire_range) == 24, "layout");
_Static_assert(sizeof(struct wire_runs) == 4 + 4 * WIRE_STRETCHES, "layout");
_Static_assert(sizeof(struct wire_claim) == 32, "layout");
_Static_assert(offsetof(struct wire_claim, ticket) == 24, "layout");
_Static_assert(sizeof(struct wire_ticket) == 8, "layout");
_Static_assert(sizeof(struct plxdma_holder) == 88, "layout");
_Static_assert(sizeof(struct plxdma_tuning) == 40, "layout");
_Static_assert(offsetof(struct wire_tuning, tuning) == 8, "layout");
_Static_assert(sizeof(struct wire_window) == 8, "layout");
_Static_assert(sizeof(struct wire_tell) == 16, "layout");
_Static_assert(sizeof(struct wire_publish) == 40, "layout");
_Static_assert(sizeof(struct wire_listed) == 72, "layout");
_Static_assert(WIRE_NAME == PLXDMA_NAME, "a name fits");
_Static_assert(sizeof(struct plxdma_card_info) == 432, "layout");
_Static_assert(sizeof(struct plxdma_counters) == 72, "layout");
_Static_assert(offsetof(struct wire_message, hello) == 16, "layout");

/* Sizes of whole messages; 0 for a type that isn't one. */
size_t wire_request_size(unsigned int type);
size_t wire_answer_size(unsigned int type);

/* Starts a request, zeroed but for its header. */
void wire_request_init(struct wire_message *message, enum wire_type type,
		       uint32_t sequence);
/* Starts the answer to a request, likewise. */
void wire_answer_init(struct wire_message *message,
		      const struct wire_message *request);
/* Makes it a refusal. */
void wire_answer_refuse(struct wire_message *message, int error,
			const char *text);

/*
 * Is what came a whole request (answer to that request)? Checks everything
 * that can be checked without knowing cards: version, type, size, reserved
 * fields, enumerations, ends of strings.
 * Return: 0, -EPROTO, or for a request -EPROTONOSUPPORT (another version).
 */
int wire_request_check(const struct wire_message *message, size_t size);
int wire_answer_check(const struct wire_message *message, size_t size,
		      const struct wire_message *request);

#endif
