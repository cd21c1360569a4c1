/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma read and plxdma write: local memory to and from a file, by DMA
 * through a block of the card's own memory.
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/board_part.h"
#include "cli/progress.h"
#include "cli/stream_file.h"

#define BLOCK	     (1u << 20)
#define TO_FILE_END  UINT64_MAX
#define SECOND_NS    1000000000

static const char read_doc[] =
	"Read SIZE bytes at local address LOCAL into FILE, - for the standard "
	"output.";
static const char write_doc[] =
	"Write SIZE bytes of FILE, - for the standard input, to local address "
	"LOCAL. SIZE may be 'all'.";

static const struct argp_option options[] = {
	{ "fifo", 'f', 0, 0, "Hold the local address: a FIFO", 0 },
	{ "channel", 'c', "N", 0, "DMA channel 0 or 1 (0)", 0 },
	{ "mode", 'm', "FILE:NAME", 0, "A mode of a board file", 0 },
	{ "recipe", 'r', "FILE:NAME", 0,
	  "A recipe of a board file, around each MiB", 0 },
	{ "timeout", 't', "SECONDS", 0, "For each MiB (10)", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct copy {
	struct cli_common common;
	enum plxdma_direction direction;
	uint32_t local;
	uint64_t size;
	struct stream_file file;
	bool fifo;
	struct board_part mode;
	struct board_part recipe;
	unsigned int channel_index;
	int64_t timeout_ns;

	struct plxdma_card *card;
	struct plxdma_channel *channel;
	void *block;
	plxdma_handle handle;
};

static void parse_argument(struct copy *copy, char *arg,
			   struct argp_state *state)
{
	switch (state->arg_num) {
	case 0:
		copy->common.spec = arg;
		return;
	case 1:
		copy->local = (uint32_t)cli_number_arg(state, "LOCAL", arg,
						       UINT32_MAX);
		return;
	case 2:
		if (copy->direction == PLXDMA_TO_CARD &&
		    strcmp(arg, "all") == 0)
			copy->size = TO_FILE_END;
		else
			copy->size = cli_number_arg(state, "SIZE", arg,
						    1ull << 40);
		return;
	case 3:
		copy->file.path = arg;
		return;
	default:
		argp_error(state, "'%s' is one argument too many", arg);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct copy *copy = state->input;

	switch (key) {
	case 'f':
		copy->fifo = true;
		return 0;
	case 'c':
		copy->channel_index =
			(unsigned int)cli_number_arg(state, "--channel", arg,
						     PLXDMA_CHANNELS - 1);
		return 0;
	case 'm':
		if (board_part_name(&copy->mode, arg))
			argp_error(state, "--mode takes FILE:NAME");
		return 0;
	case 'r':
		if (board_part_name(&copy->recipe, arg))
			argp_error(state, "--recipe takes FILE:NAME");
		return 0;
	case 't':
		copy->timeout_ns = SECOND_NS *
				   (int64_t)cli_number_arg(state, "--timeout",
							   arg, 3600);
		return 0;
	case ARGP_KEY_ARG:
		parse_argument(copy, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 4)
			argp_usage(state);
		if (copy->fifo && copy->mode.name)
			argp_error(state, "--fifo is a mode, and --mode "
				   "another");
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static int fifo_mode(struct plxdma_channel *channel)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	int code;

	if (!mode)
		return -ENOMEM;
	code = plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1);
	if (!code)
		code = plxdma_channel_set_mode(channel, mode);
	plxdma_mode_free(mode);
	return code;
}

/* Does every piece have the same local address, and need a claim? */
static bool holds_address(const struct copy *copy)
{
	return copy->fifo ||
	       (copy->mode.mode &&
		plxdma_mode_get(copy->mode.mode, PLXDMA_MODE_CONSTANT) == 1);
}

static bool wants_claim(const struct copy *copy)
{
	return holds_address(copy) || copy->recipe.recipe ||
	       (copy->mode.mode &&
		plxdma_mode_get(copy->mode.mode, PLXDMA_MODE_DEMAND) == 1);
}

static int channel_open(struct copy *copy)
{
	int code = plxdma_channel_open(copy->card, copy->channel_index,
				       &copy->channel);

	/* Two who read from a FIFO each get half of it. */
	if (!code && wants_claim(copy))
		code = plxdma_claim(copy->card,
				    (enum plxdma_claimed)copy->channel_index, 0,
				    copy->timeout_ns);
	if (!code && copy->fifo)
		code = fifo_mode(copy->channel);
	if (!code && copy->mode.mode)
		code = plxdma_channel_set_mode(copy->channel, copy->mode.mode);
	if (code)
		return cli_failure(copy->card, "channel", code);
	copy->block = plxdma_alloc_coherent(copy->card, BLOCK, &copy->handle);
	if (!copy->block)
		return cli_failure(copy->card, "memory", -errno);
	return CLI_OK;
}

static int move(struct copy *copy, uint64_t done, uint64_t size)
{
	struct plxdma_result result = { .size = sizeof(result) };
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = copy->direction,
		.local = copy->local +
			 (holds_address(copy) ? 0 : (uint32_t)done),
		.handle = copy->handle,
		.length = size,
		.recipe = copy->recipe.recipe,
	};
	char what[32];
	int code = plxdma_transfer_once(copy->channel, &request,
					copy->timeout_ns, &result);

	if (!code && result.status == PLXDMA_DONE)
		return CLI_OK;
	(void)snprintf(what, sizeof(what), "local 0x%08x", request.local);
	if (!code) {
		cli_complain("%s: the board ended the transfer after %llu "
			     "bytes", what,
			     (unsigned long long)(done + result.bytes));
		return CLI_FAILED;
	}
	(void)cli_failure(copy->card, what, code);
	return CLI_FAILED;
}

static int copy_block(struct copy *copy, uint64_t done, size_t *size)
{
	int code;

	if (copy->direction == PLXDMA_TO_CARD) {
		ssize_t got = stream_file_get(&copy->file, copy->block, *size);

		if (got < 0)
			return CLI_FAILED;
		*size = (size_t)got;
		return got ? move(copy, done, *size) : CLI_OK;
	}
	code = move(copy, done, *size);
	return code ? code : stream_file_put(&copy->file, copy->block, *size);
}

static int copy_all(struct copy *copy, uint64_t *done)
{
	uint64_t left = copy->size;
	struct progress progress;
	uint64_t took;
	int code = CLI_OK;

	progress_start(&progress, left == TO_FILE_END ? 0 : left);
	for (*done = 0; left;) {
		size_t wanted = left < BLOCK ? (size_t)left : BLOCK;
		size_t size = wanted;

		code = copy_block(copy, *done, &size);
		if (code)
			break;
		*done += size;
		left -= left == TO_FILE_END ? 0 : size;
		progress_step(&progress, *done);
		if (size < wanted)
			break;
	}
	took = progress_end(&progress);
	if (progress.shown && code == CLI_OK)
		(void)fprintf(stderr, "%llu bytes in %.3f s, %.1f MB/s\n",
			      (unsigned long long)*done, (double)took / 1e9,
			      (double)*done * 1e3 / (double)(took + 1));
	if (code == CLI_OK && left && left != TO_FILE_END) {
		cli_complain("%s: ended %llu bytes early", copy->file.path,
			     (unsigned long long)left);
		return CLI_FAILED;
	}
	return code;
}

static void print_json(const struct copy *copy, uint64_t done)
{
	int to_card = copy->direction == PLXDMA_TO_CARD;
	struct json_object *object =
		cli_json_new(to_card ? "plxdma.write/1" : "plxdma.read/1");

	cli_json_hex(object, "local", copy->local, 32);
	cli_json_number(object, "bytes", done);
	cli_json_text(object, "file", copy->file.path);
	cli_json_print(object);
}

static int run(struct copy *copy)
{
	uint64_t done = 0;
	int code = board_part_mode(&copy->mode);

	if (code == CLI_OK)
		code = board_part_recipe(&copy->recipe);
	if (code == CLI_OK)
		code = cli_open(copy->common.spec, &copy->card);
	if (code)
		goto out_parts;
	code = stream_file_open(&copy->file,
				copy->direction == PLXDMA_TO_HOST);
	if (code)
		goto out_card;
	code = channel_open(copy);
	if (!code)
		code = copy_all(copy, &done);
	code = stream_file_close(&copy->file, code);
	if (code == CLI_OK && copy->common.json)
		print_json(copy, done);
out_card:
	plxdma_close(copy->card);
out_parts:
	board_part_free(&copy->recipe);
	board_part_free(&copy->mode);
	return code;
}

int verb_read(int argc, char **argv)
{
	const struct argp argp = { options,  parse, "SPEC LOCAL SIZE FILE",
				   read_doc, 0,	    0,
				   0 };
	struct copy copy = { .direction = PLXDMA_TO_HOST,
			     .timeout_ns = 10ll * SECOND_NS };

	if (cli_parse(&argp, argc, argv, &copy))
		return CLI_USAGE;
	if (copy.common.json && strcmp(copy.file.path, "-") == 0) {
		cli_complain("--json and - both want the standard output");
		return CLI_USAGE;
	}
	return run(&copy);
}

int verb_write(int argc, char **argv)
{
	const struct argp argp = { options,   parse, "SPEC LOCAL SIZE FILE",
				   write_doc, 0,     0,
				   0 };
	struct copy copy = { .direction = PLXDMA_TO_CARD,
			     .timeout_ns = 10ll * SECOND_NS };

	if (cli_parse(&argp, argc, argv, &copy))
		return CLI_USAGE;
	return run(&copy);
}
