/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Board files: sections become modes and recipes, found by name. */
#include <plxdma/board_file.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/failure.h"
#include "api/ini_file.h"
#include "api/step_text.h"
#include "chip/mode.h"
#include "chip/recipe.h"

enum kind { KIND_MODE, KIND_RECIPE };

struct part {
	struct part *next;
	enum kind kind;
	char name[INI_FILE_NAME + 1];
	unsigned int set; /* a mode's items, one bit each */
	union {
		struct plxdma_mode mode;
		struct plxdma_recipe recipe;
	};
};

struct plxdma_board_file {
	struct part *parts;
	struct part *current;
	char section[INI_FILE_NAME + 1]; /* that it came from */
};

static const char *const items[MODE_ITEMS] = {
	[PLXDMA_MODE_WIDTH] = "width",
	[PLXDMA_MODE_WAIT_STATES] = "wait_states",
	[PLXDMA_MODE_READY] = "ready",
	[PLXDMA_MODE_BTERM] = "bterm",
	[PLXDMA_MODE_BURST] = "burst",
	[PLXDMA_MODE_CONSTANT] = "constant",
	[PLXDMA_MODE_DEMAND] = "demand",
	[PLXDMA_MODE_EOT] = "eot",
	[PLXDMA_MODE_FAST_TERMINATE] = "fast_terminate",
	[PLXDMA_MODE_WRITE_INVALIDATE] = "write_invalidate",
	[PLXDMA_MODE_BIG_ENDIAN] = "big_endian",
};

static const struct {
	const char *key;
	enum plxdma_moment moment;
} moments[] = {
	{ "before", PLXDMA_BEFORE_START },
	{ "started", PLXDMA_AFTER_START },
	{ "ended", PLXDMA_AFTER_END },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct part *part_find(const struct plxdma_board_file *file,
			      enum kind kind, const char *name)
{
	struct part *part = file->parts;

	while (part && (part->kind != kind || strcmp(part->name, name)))
		part = part->next;
	return part;
}

/* "mode NAME" or "recipe NAME". */
static int section_split(const char *section, enum kind *kind,
			 const char **name)
{
	static const char *const words[] = {
		[KIND_MODE] = "mode ", [KIND_RECIPE] = "recipe "
	};
	unsigned int i;

	for (i = 0; i < COUNT(words); i++) {
		size_t length = strlen(words[i]);

		if (strncmp(section, words[i], length))
			continue;
		*kind = (enum kind)i;
		*name = section + length + strspn(section + length, " \t");
		return **name ? 0 : -EINVAL;
	}
	return -EINVAL;
}

static int on_section(void *context, const char *section, struct error *error)
{
	struct plxdma_board_file *file = context;
	struct part *part;
	const char *name;
	enum kind kind;

	if (section_split(section, &kind, &name))
		return error_set(error, -EINVAL,
				 "[%s]: sections are [mode NAME] and [recipe "
				 "NAME]", section);
	if (part_find(file, kind, name))
		return error_set(error, -EEXIST,
				 "[%s] is there already: one section a name",
				 section);
	part = calloc(1, sizeof(*part));
	if (!part)
		return error_set(error, -ENOMEM, "out of memory");
	part->kind = kind;
	strcpy(part->name, name);
	if (kind == KIND_MODE)
		mode_init(&part->mode);
	else
		recipe_init(&part->recipe);
	part->next = file->parts;
	file->parts = part;
	file->current = part;
	strcpy(file->section, section);
	return 0;
}

static int flag_parse(const char *text, unsigned int *value)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || number > 255)
		return -EINVAL;
	*value = (unsigned int)number;
	return 0;
}

static const char *item_takes(unsigned int item)
{
	return item == PLXDMA_MODE_WIDTH	 ? "8, 16 or 32"
	       : item == PLXDMA_MODE_WAIT_STATES ? "0 to 15"
						 : "0 or 1";
}

static int mode_entry(struct part *part, const char *key, const char *text,
		      struct error *error)
{
	unsigned int item, value;

	for (item = 0; item < MODE_ITEMS && strcmp(items[item], key); item++)
		;
	if (item == MODE_ITEMS)
		return error_set(error, -EINVAL,
				 "[mode %s] has no %s: a mode's fields are "
				 "those of enum plxdma_mode_item, in small "
				 "letters", part->name, key);
	if (part->set & 1u << item)
		return error_set(error, -EEXIST, "%s is said twice", key);
	if (flag_parse(text, &value) ||
	    mode_set(&part->mode, (enum plxdma_mode_item)item, value))
		return error_set(error, -EINVAL, "%s = %s: it takes %s", key,
				 text, item_takes(item));
	part->set |= 1u << item;
	return 0;
}

static int recipe_entry(struct part *part, const char *key, const char *text,
			struct error *error)
{
	struct plxdma_step step;
	unsigned int i, unit;
	int index, result;

	for (i = 0; i < COUNT(moments) && strcmp(moments[i].key, key); i++)
		;
	if (i == COUNT(moments))
		return error_set(error, -EINVAL,
				 "[recipe %s] has no %s: before, started and "
				 "ended", part->name, key);
	result = step_text_parse(text, &step, &unit, error);
	if (result)
		return result;
	if (unit && part->recipe.count_step != RECIPE_NO_COUNT)
		return error_set(error, -EEXIST,
				 "a recipe has one count, and this is its "
				 "second");
	index = recipe_add(&part->recipe, moments[i].moment, &step, error);
	if (index < 0 || !unit)
		return index < 0 ? index : 0;
	return recipe_count(&part->recipe, (unsigned int)index, unit, error);
}

static int on_entry(void *context, const char *section, const char *key,
		    const char *value, struct error *error)
{
	struct plxdma_board_file *file = context;
	struct part *part = file->current;

	/* An indented [SECTION] is inih's, and no section to us. */
	if (part && strcmp(section, file->section) != 0)
		return error_set(error, -EINVAL,
				 "[%s] begins at the start of its line",
				 section);
	if (!part)
		return error_set(error, -EINVAL,
				 "%s before the first [mode NAME] or [recipe "
				 "NAME]", key);
	return part->kind == KIND_MODE ? mode_entry(part, key, value, error)
				       : recipe_entry(part, key, value, error);
}

static int board_file_read(const char *path, struct plxdma_board_file **made,
			   struct error *error)
{
	static const struct ini_file_handlers handlers = {
		.section = on_section,
		.entry = on_entry,
	};
	struct plxdma_board_file *file = calloc(1, sizeof(*file));
	int result;

	if (!file)
		return error_set(error, -ENOMEM, "out of memory");
	result = ini_file_read(path, &handlers, file, error);
	if (result)
		plxdma_board_file_free(file);
	else
		*made = file;
	return result;
}

int plxdma_board_file_read(const char *path, struct plxdma_board_file **file)
{
	struct error error;

	if (!path || !file)
		return failure_argument(NULL, __func__,
					"needs a path and a place for the "
					"file");
	*file = NULL;
	failure_begin(&error);
	return failure_end(NULL, board_file_read(path, file, &error), &error,
			   __func__);
}

void plxdma_board_file_free(struct plxdma_board_file *file)
{
	struct part *part, *next;

	if (!file)
		return;
	for (part = file->parts; part; part = next) {
		next = part->next;
		free(part);
	}
	free(file);
}

const struct plxdma_mode *
plxdma_board_file_mode(const struct plxdma_board_file *file, const char *name)
{
	struct part *part =
		file && name ? part_find(file, KIND_MODE, name) : NULL;

	return part ? &part->mode : NULL;
}

const struct plxdma_recipe *
plxdma_board_file_recipe(const struct plxdma_board_file *file,
			 const char *name)
{
	struct part *part =
		file && name ? part_find(file, KIND_RECIPE, name) : NULL;

	return part ? &part->recipe : NULL;
}
