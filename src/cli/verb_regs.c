/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma regs: the chip's registers, decoded by name and field.
 *
 * 40h and 44h are not read: with the I2O queues on, a read there pops a queue
 * (chip ref. 2.4); mailboxes 0 and 1 are shown from where they never do that.
 */
#include "cli/cli.h"

#include <stdio.h>

#include "chip/names.h"

static const char doc[] =
	"Show the chip's registers, decoded; only the one called NAME, where "
	"one is given.\v"
	"Reading changes nothing on the card.";

static const struct argp_option options[] = {
	{ "brief", 'b', 0, 0, "One line a register, no fields", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct request {
	struct cli_common common;
	const char *name;
	bool brief;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	if (key == 'b') {
		request->brief = true;
		return 0;
	}
	if (key == ARGP_KEY_ARG && state->arg_num == 1) {
		request->name = arg;
		return 0;
	}
	return cli_option(key, arg, state);
}

static const struct argp argp = { options, parse, "SPEC [NAME]", doc, 0, 0, 0 };

static void print_register(const struct names_register *reg, uint32_t value,
			   unsigned int chips, bool brief)
{
	const struct names_field *field;

	(void)printf("%03x  %-10s %*s%0*x  %s\n", reg->offset, reg->name,
		     8 - reg->width / 4, "", reg->width / 4, value,
		     reg->meaning);
	for (field = reg->fields; !brief && field && field->name; field++) {
		char bits[8];

		if (!(field->chips & chips))
			continue;
		if (field->low == field->high)
			(void)snprintf(bits, sizeof(bits), "%u", field->low);
		else
			(void)snprintf(bits, sizeof(bits), "%u:%u", field->high,
				       field->low);
		(void)printf("%16s%8s  %-28s %x\n", "", bits, field->name,
			     names_extract(field, value));
	}
}

static struct json_object *register_json(const struct names_register *reg,
					 uint32_t value, unsigned int chips)
{
	struct json_object *object = json_object_new_object();
	struct json_object *fields = json_object_new_object();
	const struct names_field *field;

	cli_json_text(object, "name", reg->name);
	cli_json_hex(object, "offset", reg->offset, 16);
	cli_json_number(object, "width", reg->width);
	cli_json_hex(object, "value", value, reg->width);
	for (field = reg->fields; field && field->name; field++)
		if (field->chips & chips)
			cli_json_number(fields, field->name,
					names_extract(field, value));
	(void)json_object_object_add(object, "fields", fields);
	return object;
}

static int show(struct plxdma_card *card, const struct names_register *reg,
		unsigned int chips, const struct request *request,
		struct json_object *array)
{
	uint32_t value;
	int code = plxdma_reg_read(card, reg->offset, reg->width, &value);

	if (code)
		return cli_failure(card, reg->name, code);
	if (array)
		(void)json_object_array_add(array,
					    register_json(reg, value, chips));
	else
		print_register(reg, value, chips, request->brief);
	return CLI_OK;
}

static int show_all(struct plxdma_card *card, unsigned int chips,
		    const struct request *request, struct json_object *array)
{
	const struct names_register *reg;
	int code;

	for (reg = names_registers; reg->name; reg++) {
		if (!(reg->chips & chips))
			continue;
		code = show(card, reg, chips, request, array);
		if (code)
			return code;
	}
	return CLI_OK;
}

static int show_one(struct plxdma_card *card, unsigned int chips,
		    const struct request *request, struct json_object *array)
{
	const struct names_register *reg = names_find(request->name, chips);

	if (!reg) {
		cli_complain("this chip has no register '%s'", request->name);
		return CLI_ABSENT;
	}
	return show(card, reg, chips, request, array);
}

int verb_regs(int argc, char **argv)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct request request = { .name = NULL };
	struct json_object *array = NULL;
	struct plxdma_card *card;
	int code;

	if (cli_parse(&argp, argc, argv, &request))
		return CLI_USAGE;
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	code = plxdma_card_info(card, &info);
	if (code) {
		code = cli_failure(card, "info", code);
		goto out_close;
	}
	if (request.common.json)
		array = json_object_new_array();
	code = (request.name ? show_one : show_all)(
		card, names_chip(info.chip), &request, array);
	if (array && code == CLI_OK) {
		struct json_object *object = cli_json_new("plxdma.regs/1");

		cli_json_text(object, "chip_name", info.chip_name);
		(void)json_object_object_add(object, "registers", array);
		cli_json_print(object);
	} else {
		(void)json_object_put(array);
	}
out_close:
	plxdma_close(card);
	return code;
}
