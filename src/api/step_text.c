/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See step_text.h. */
#include "api/step_text.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chip/recipe.h"

#define BLANKS " \t"
#define WORD 24

struct words {
	const char *next;
	char word[WORD];
};

/* 1, 0 at the end; a word that is longer than any is cut, and unknown. */
static int word_next(struct words *words)
{
	const char *from = words->next + strspn(words->next, BLANKS);
	size_t length = strcspn(from, BLANKS);
	size_t kept = length < WORD ? length : WORD - 1;

	memcpy(words->word, from, kept);
	words->word[kept] = '\0';
	words->next = from + length;
	return length != 0;
}

static int number_next(struct words *words, const char *what, uint32_t *number,
		       struct error *error)
{
	unsigned long long value;
	char *end;

	if (!word_next(words))
		return error_set(error, -EINVAL, "it ends before its %s",
				 what);
	value = strtoull(words->word, &end,
			 !strncmp(words->word, "0x", 2) ? 16 : 10);
	if (words->word[0] < '0' || words->word[0] > '9' || *end ||
	    value > UINT32_MAX)
		return error_set(error, -EINVAL,
				 "%s \"%s\" is no number of 32 bits", what,
				 words->word);
	*number = (uint32_t)value;
	return 0;
}

static int keyword_next(struct words *words, const char *keyword,
			struct error *error)
{
	if (word_next(words) && !strcmp(words->word, keyword))
		return 0;
	return error_set(error, -EINVAL,
			 "\"%s\" where \"%s\" belongs: poll SPACE OFFSET mask "
			 "MASK want VALUE within MICROSECONDS", words->word,
			 keyword);
}

static const struct {
	const char *name;
	uint8_t space;
} spaces[] = {
	{ "bar0", PLXDMA_SPACE_CHIP },
	{ "bar2", PLXDMA_SPACE_BAR2 },
	{ "bar3", PLXDMA_SPACE_BAR3 },
	{ "config", PLXDMA_SPACE_CONFIG },
};

static int space_find(const char *name, size_t length, uint8_t *space)
{
	size_t i;

	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (strlen(spaces[i].name) == length &&
		    !strncmp(spaces[i].name, name, length)) {
			*space = spaces[i].space;
			return 0;
		}
	return -EINVAL;
}

/* "bar3.16"; without a width it is 32. */
static int space_next(struct words *words, struct plxdma_step *step,
		      struct error *error)
{
	const char *word = words->word, *width;
	size_t length;

	word_next(words);
	length = strcspn(word, ".");
	width = word[length] ? word + length + 1 : "32";
	step->width = (uint8_t)(!strcmp(width, "8")    ? 8
				: !strcmp(width, "16") ? 16
				: !strcmp(width, "32") ? 32
						       : 0);
	if (!step->width || space_find(word, length, &step->space))
		return error_set(error, -EINVAL,
				 "\"%s\" is no space: bar0, bar2, bar3 or "
				 "config, with a width of 8 or 16 after a dot "
				 "or without for 32", word);
	return number_next(words, "offset", &step->offset, error);
}

static int fits(const struct plxdma_step *step, uint32_t value,
		const char *what, struct error *error)
{
	if (!((uint64_t)value >> step->width))
		return 0;
	return error_set(error, -EINVAL, "%s %#x is more than %u bits", what,
			 value, step->width);
}

static int write_parse(struct words *words, struct plxdma_step *step,
		       unsigned int *unit, struct error *error)
{
	int result = number_next(words, "value", &step->value, error);

	(void)unit;
	step->op = PLXDMA_STEP_WRITE;
	return result ? result : fits(step, step->value, "value", error);
}

static int read_parse(struct words *words, struct plxdma_step *step,
		      unsigned int *unit, struct error *error)
{
	(void)words;
	(void)unit;
	(void)error;
	step->op = PLXDMA_STEP_READ;
	return 0;
}

static int count_parse(struct words *words, struct plxdma_step *step,
		       unsigned int *unit, struct error *error)
{
	uint32_t number = 0;
	int result = number_next(words, "unit", &number, error);

	step->op = PLXDMA_STEP_READ;
	if (!result && !number)
		return error_set(error, -EINVAL,
				 "the unit of a count is at least 1 byte");
	*unit = number;
	return result;
}

static int poll_parse(struct words *words, struct plxdma_step *step,
		      unsigned int *unit, struct error *error)
{
	const struct {
		const char *keyword;
		uint32_t *number;
	} parts[] = {
		{ "mask", &step->mask },
		{ "want", &step->want },
		{ "within", &step->timeout_us },
	};
	unsigned int i;
	int result = 0;

	(void)unit;
	step->op = PLXDMA_STEP_POLL;
	for (i = 0; !result && i < sizeof(parts) / sizeof(parts[0]); i++) {
		result = keyword_next(words, parts[i].keyword, error);
		if (!result)
			result = number_next(words, parts[i].keyword,
					     parts[i].number, error);
	}
	return result ? result : fits(step, step->mask, "mask", error);
}

static const struct {
	const char *name;
	int (*parse)(struct words *words, struct plxdma_step *step,
		     unsigned int *unit, struct error *error);
} verbs[] = {
	{ "write", write_parse },
	{ "read", read_parse },
	{ "poll", poll_parse },
	{ "count", count_parse },
};

static int step_parse(struct words *words, struct plxdma_step *step,
		      unsigned int *unit, struct error *error)
{
	size_t i;
	int result;

	word_next(words);
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(words->word, verbs[i].name))
			continue;
		result = space_next(words, step, error);
		return result ? result
			      : verbs[i].parse(words, step, unit, error);
	}
	return error_set(error, -EINVAL,
			 "\"%s\" is no step: write, read, poll or count",
			 words->word);
}

int step_text_parse(const char *text, struct plxdma_step *step,
		    unsigned int *count_unit, struct error *error)
{
	struct words words = { .next = text };
	int result;

	*step = (struct plxdma_step){ 0 };
	*count_unit = 0;
	result = step_parse(&words, step, count_unit, error);
	if (result)
		return result;
	if (word_next(&words))
		return error_set(error, -EINVAL,
				 "\"%s\" is more than the step takes",
				 words.word);
	return step_check(step, error);
}
