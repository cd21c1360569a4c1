/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma eeprom: the configuration EEPROM as a dump, decoded, as a file, and
 * from a file.
 *
 * A wrong image can make a card vanish from the bus: writing
 * wants --yes-i-mean-it, and keeps what was there in a file first.
 */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chip/names.h"
#include "cli/eeprom_image.h"

static const char doc[] =
	"read [FILE]: dump the EEPROM, or save it to FILE.\n"
	"decode: show what it loads into which register.\n"
	"write FILE: write it from FILE, and read it back.\v"
	"write asks for --yes-i-mean-it: a wrong image can make a card vanish "
	"from the bus. What was there is kept in a backup file first, whose "
	"name is printed.";

enum option_key {
	KEY_MEANT = 0x100,
	KEY_BACKUP,
};

static const struct argp_option options[] = {
	{ "size", 's', "BYTES", 0, "How much of it (what the chip loads)", 0 },
	{ "yes-i-mean-it", KEY_MEANT, 0, 0, "Do write", 0 },
	{ "backup", KEY_BACKUP, "FILE", 0,
	  "Where to keep what was there (plxdma-eeprom-TIME.bin)", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct request {
	struct cli_common common;
	const char *action;
	const char *path;
	const char *backup;
	unsigned int size; /* bytes, 0: what the chip loads */
	bool meant;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 's':
		request->size = (unsigned int)cli_number_arg(
			state, "--size", arg, EEPROM_WORDS * 2u);
		if (request->size % 4)
			argp_error(state, "--size is a multiple of 4");
		return 0;
	case KEY_MEANT:
		request->meant = true;
		return 0;
	case KEY_BACKUP:
		request->backup = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			request->common.spec = arg;
		else if (state->arg_num == 1)
			request->action = arg;
		else if (state->arg_num == 2)
			request->path = arg;
		else
			argp_error(state, "'%s' is one argument too many", arg);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_usage(state);
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static const struct argp argp = {
	options, parse, "SPEC read|decode|write [FILE]", doc, 0, 0, 0
};

static void print_dump(const struct eeprom_image *image)
{
	unsigned int i;

	for (i = 0; i < image->count; i++)
		(void)printf("%s%04x", i % 8 ? " " :
			     i	     ? "\n" :
				       "", image->words[i]);
	(void)puts("");
}

static struct json_object *field_values(const struct names_register *reg,
					const struct eeprom_image *image)
{
	struct json_object *fields = json_object_new_object();
	uint32_t value = eeprom_image_dword(image, reg->offset);
	const struct names_field *field;

	for (field = reg->fields; field && field->name; field++)
		if (field->chips & image->chips)
			cli_json_number(fields, field->name,
					names_extract(field, value));
	return fields;
}

static void print_json(const struct eeprom_image *image)
{
	struct json_object *object = cli_json_new("plxdma.eeprom/1");
	struct json_object *array = json_object_new_array();
	const struct names_register *reg;

	cli_json_flag(object, "blank", image->words[0] == 0xffff);
	for (reg = names_eeprom; reg->name; reg++) {
		struct json_object *row;

		if (!(reg->chips & image->chips) ||
		    reg->offset + 4u > image->count * 2)
			continue;
		row = json_object_new_object();
		cli_json_text(row, "name", reg->name);
		cli_json_number(row, "offset", reg->offset);
		cli_json_hex(row, "value",
			     eeprom_image_dword(image, reg->offset), 32);
		(void)json_object_object_add(row, "fields",
					     field_values(reg, image));
		(void)json_object_array_add(array, row);
	}
	(void)json_object_object_add(object, "dwords", array);
	cli_json_print(object);
}

static void print_decoded(const struct eeprom_image *image)
{
	const struct names_register *reg;
	const struct names_field *field;

	if (image->words[0] == 0xffff)
		(void)puts("blank: the chip keeps its own defaults");
	for (reg = names_eeprom; reg->name; reg++) {
		uint32_t value;

		if (!(reg->chips & image->chips) ||
		    reg->offset + 4u > image->count * 2)
			continue;
		value = eeprom_image_dword(image, reg->offset);
		(void)printf("%02x  %-10s %08x  %s\n", reg->offset, reg->name,
			     value, reg->meaning);
		for (field = reg->fields; field && field->name; field++)
			if (field->chips & image->chips)
				(void)printf("%24s%-28s %x\n", "", field->name,
					     names_extract(field, value));
	}
}

static int do_read(struct plxdma_card *card, const struct request *request)
{
	struct eeprom_image image;
	int code = eeprom_image_read(card, request->size, &image);

	if (code)
		return code;
	if (request->path)
		code = eeprom_image_save(&image, request->path, false);
	if (code == CLI_OK && request->common.json)
		print_json(&image);
	else if (code == CLI_OK && !request->path)
		print_dump(&image);
	return code;
}

static int do_decode(struct plxdma_card *card, const struct request *request)
{
	struct eeprom_image image;
	int code = eeprom_image_read(card, request->size, &image);

	if (code)
		return code;
	if (request->common.json)
		print_json(&image);
	else
		print_decoded(&image);
	return CLI_OK;
}

static int keep_backup(const struct eeprom_image *old,
		       const struct request *request)
{
	char name[64];
	const char *path = request->backup;
	int code;

	if (!path) {
		struct tm now;
		time_t seconds = time(NULL);

		if (!gmtime_r(&seconds, &now) ||
		    !strftime(name, sizeof(name),
			      "plxdma-eeprom-%Y%m%dT%H%M%SZ.bin", &now))
			return CLI_FAILED;
		path = name;
	}
	/* Never over an older backup. */
	code = eeprom_image_save(old, path, true);
	if (code == CLI_OK && !request->common.json)
		(void)printf("kept what was there in %s\n", path);
	return code;
}

static int do_write(struct plxdma_card *card, const struct request *request)
{
	struct eeprom_image old, image;
	int code = eeprom_image_load(&image, request->path);

	if (code)
		return code;
	code = eeprom_image_read(card, image.count * 2, &old);
	if (code)
		return code;
	image.chips = old.chips;
	code = keep_backup(&old, request);
	if (code)
		return code;
	code = plxdma_eeprom_write(card, 0, image.words, image.count,
				   PLXDMA_EEPROM_I_MEAN_IT);
	if (code)
		return cli_failure(card, "EEPROM", code);
	if (request->common.json)
		print_json(&image);
	else
		(void)printf("wrote %u bytes and read them back; the chip "
			     "loads them at its next reset\n",
			     image.count * 2);
	return CLI_OK;
}

static int check_write(const struct request *request)
{
	if (!request->path) {
		cli_complain("eeprom write: from which file?");
		return CLI_USAGE;
	}
	if (request->meant)
		return CLI_OK;
	cli_complain("a wrong image can make a card vanish from the bus; if "
		     "you are sure: --yes-i-mean-it");
	return CLI_USAGE;
}

int verb_eeprom(int argc, char **argv)
{
	int (*action)(struct plxdma_card *, const struct request *);
	struct request request = { .size = 0 };
	struct plxdma_card *card;
	int code = CLI_OK;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	if (strcmp(request.action, "read") == 0) {
		action = do_read;
	} else if (strcmp(request.action, "decode") == 0) {
		action = do_decode;
	} else if (strcmp(request.action, "write") == 0) {
		action = do_write;
		code = check_write(&request);
	} else {
		cli_complain("eeprom can read, decode and write, not '%s'",
			     request.action);
		code = CLI_USAGE;
	}
	if (code)
		return code;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	code = action(card, &request);
	plxdma_close(card);
	return code;
}
