/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Faults that somebody asked for: where they strike, how often.
 *
 * A spec is KIND[@WHERE:N][xCOUNT].  A fault counts the opportunities of its
 * own place; random ones draw once per descriptor (striking at a random byte
 * of it) or, if they concern interrupts, once per interrupt.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/card.h"

static const struct {
	const char *name;
	enum fault_kind kind;
	enum fault_where where; /* if the spec doesn't say */
} kinds[] = {
	{ "master-abort", FAULT_MASTER_ABORT, FAULT_DATA },
	{ "target-abort", FAULT_TARGET_ABORT, FAULT_DATA },
	{ "stuck", FAULT_STUCK, FAULT_START },
	{ "hang", FAULT_HANG, FAULT_START },
	{ "drag", FAULT_DRAG, FAULT_START },
	{ "retry", FAULT_RETRY, FAULT_DATA },
	{ "parity", FAULT_PARITY, FAULT_DATA },
	{ "lost-irq", FAULT_LOST_IRQ, FAULT_IRQ },
	{ "late-irq", FAULT_LATE_IRQ, FAULT_IRQ },
	{ "storm", FAULT_STORM, FAULT_IRQ },
	{ "gone", FAULT_GONE, FAULT_START },
	{ "reset", FAULT_RESET, FAULT_START },
};

static const struct {
	const char *name;
	enum fault_where where;
} places[] = {
	{ "data", FAULT_DATA },	  { "descriptor", FAULT_DESCRIPTOR },
	{ "irq", FAULT_IRQ },	  { "start", FAULT_START },
	{ "random", FAULT_RANDOM },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool parse_kind(const char **text, struct fault *fault)
{
	size_t size = strcspn(*text, "@x+");

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (strlen(kinds[i].name) != size ||
		    memcmp(kinds[i].name, *text, size))
			continue;
		fault->kind = kinds[i].kind;
		fault->where = kinds[i].where;
		*text += size;
		return true;
	}
	return false;
}

static bool parse_digits(const char **text, uint64_t *number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*number = strtoull(*text, &end, 10);
	*text = end;
	return !errno;
}

static bool parse_place(const char **text, struct fault *fault)
{
	size_t size;

	if (**text != '@')
		return true;
	(*text)++;
	size = strcspn(*text, ":x+");
	for (size_t i = 0; i < COUNT(places); i++) {
		if (strlen(places[i].name) != size ||
		    memcmp(places[i].name, *text, size))
			continue;
		fault->where = places[i].where;
		*text += size;
		if (**text != ':')
			return false;
		(*text)++;
		return parse_digits(text, &fault->n);
	}
	return false;
}

static bool parse_count(const char **text, struct fault *fault)
{
	fault->count = 1;
	if (**text != 'x')
		return true;
	(*text)++;
	if (!parse_digits(text, &fault->count))
		return false;
	fault->forever = fault->count == 0;
	return true;
}

static bool is_irq(enum fault_kind kind)
{
	return kind == FAULT_LOST_IRQ || kind == FAULT_LATE_IRQ ||
	       kind == FAULT_STORM;
}

static bool sensible(const struct fault *fault)
{
	if (fault->where == FAULT_RANDOM)
		return fault->n > 0;
	return is_irq(fault->kind) == (fault->where == FAULT_IRQ) ||
	       (fault->where == FAULT_IRQ &&
		(fault->kind == FAULT_GONE || fault->kind == FAULT_RESET));
}

int fault_add(struct model *m, const char *spec, struct error *error)
{
	struct faults parsed = m->faults;
	const char *text = spec;
	bool more = *spec;

	if (!strcmp(spec, "none")) {
		m->faults.count = 0;
		for (unsigned int i = 0; i < 2; i++)
			channel_release(m, &m->channel[i]);
		return 0;
	}
	while (more) {
		struct fault fault = { .kind = FAULT_NONE };

		if (!parse_kind(&text, &fault) ||
		    !parse_place(&text, &fault) ||
		    !parse_count(&text, &fault) || (*text && *text != '+') ||
		    !sensible(&fault))
			return error_set(error, -EINVAL,
					 "model: fault \"%s\": "
					 "KIND[@WHERE:N][xCOUNT], joined by +; "
					 "see model.h", spec);
		if (parsed.count == MODEL_FAULTS)
			return error_set(error, -ENOSPC,
					 "model: more than %d faults: clear "
					 "with fault \"none\"", MODEL_FAULTS);
		parsed.v[parsed.count++] = fault;
		more = *text++ == '+';
	}
	m->faults = parsed;
	return 0;
}

/* xorshift64*: repeatable by seed=. */
static uint64_t draw(struct model *m)
{
	uint64_t x = m->faults.random ? m->faults.random : 1;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	m->faults.random = x;
	return x * 2685821657736338717u >> 16;
}

static bool spent(const struct fault *fault)
{
	return !fault->forever && !fault->count;
}

static enum fault_kind strike(struct fault *fault)
{
	if (!fault->forever)
		fault->count--;
	return fault->kind;
}

/*
 * The fault of an opportunity, @n of its place: of a descriptor its place in
 * the chain; interrupts and starts are counted here, also by those faults
 * that another one forestalls.
 */
enum fault_kind fault_fires(struct model *m, enum fault_where where,
			    uint64_t n)
{
	enum fault_kind kind = FAULT_NONE;

	for (unsigned int i = 0; i < m->faults.count; i++) {
		struct fault *fault = &m->faults.v[i];

		if (fault->where == FAULT_RANDOM && where == FAULT_IRQ &&
		    is_irq(fault->kind) && kind == FAULT_NONE &&
		    !spent(fault) && draw(m) % fault->n == 0)
			kind = strike(fault);
		if (fault->where != where || spent(fault))
			continue;
		if (where == FAULT_IRQ || where == FAULT_START)
			n = fault->seen++;
		if (kind != FAULT_NONE)
			continue;
		if (where == FAULT_DESCRIPTOR ? n == fault->n : n >= fault->n)
			kind = strike(fault);
	}
	return kind;
}

/* A descriptor begins: do random faults strike in it, and where? */
void fault_draw(struct model *m, struct channel *ch)
{
	ch->fault_at = MODEL_NEVER;
	ch->fault_kind = FAULT_NONE;
	for (unsigned int i = 0; i < m->faults.count; i++) {
		struct fault *fault = &m->faults.v[i];

		if (fault->where != FAULT_RANDOM || is_irq(fault->kind) ||
		    spent(fault) || draw(m) % fault->n)
			continue;
		ch->fault_kind = strike(fault);
		ch->fault_at = ch->total + draw(m) % ((uint64_t)ch->left + 1);
		return;
	}
}

/* How many bytes the channel may move before a fault of data is due. */
uint64_t fault_distance(const struct model *m, const struct channel *ch)
{
	uint64_t at = ch->fault_at;

	for (unsigned int i = 0; i < m->faults.count; i++) {
		const struct fault *fault = &m->faults.v[i];

		if (fault->where == FAULT_DATA && !spent(fault) &&
		    fault->n >= ch->data_seen && fault->n < at)
			at = fault->n;
	}
	return at == MODEL_NEVER ? at : at - ch->total;
}

/* The fault that is due at the byte where the channel stands. */
enum fault_kind fault_data(struct model *m, struct channel *ch)
{
	if (ch->fault_at == ch->total) {
		ch->fault_at = MODEL_NEVER;
		return ch->fault_kind;
	}
	for (unsigned int i = 0; i < m->faults.count; i++) {
		struct fault *fault = &m->faults.v[i];

		if (fault->where == FAULT_DATA && !spent(fault) &&
		    fault->n == ch->total && ch->data_seen <= ch->total) {
			ch->data_seen = ch->total + 1;
			return strike(fault);
		}
	}
	return FAULT_NONE;
}

int model_fault(struct model *m, const char *fault, struct error *error)
{
	int ret;

	model_enter(m);
	ret = fault_add(m, fault, error);
	model_leave(m);
	return ret;
}
