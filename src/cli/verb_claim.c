/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma claim: who holds a card or a channel, and keeping others off it while
 * a command runs.
 *
 * The claim is this program's: what the command itself does through the daemon
 * is kept off as well.  It is for work on the hardware and on what isn't the
 * daemon's, and for scripts that must not run twice.
 */
#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define SECOND_NS INT64_C(1000000000)

extern char **environ;

static const char doc[] =
	"Show who holds a card and its channels, or claim the card, or its "
	"channel N, while COMMAND runs.\v"
	"Until COMMAND ends nobody else gets what is claimed, COMMAND "
	"included. The exit code then is COMMAND's.";

static const struct argp_option options[] = {
	{ "wait", 'w', "SECONDS", 0, "Wait for another's claim to end (0)", 0 },
	CLI_OPTIONS,
	{ 0 }
};

struct request {
	struct cli_common common;
	bool channel; /* "channel" was said */
	bool named;   /* and which */
	enum plxdma_claimed what;
	int64_t wait_ns;
	char **command;
};

static void parse_argument(struct request *request, char *arg,
			   struct argp_state *state)
{
	/* What follows "--". */
	if (state->quoted && state->next > state->quoted) {
		request->command = &state->argv[state->next - 1];
		state->next = state->argc;
	} else if (!request->common.spec) {
		request->common.spec = arg;
	} else if (!request->channel && strcmp(arg, "channel") == 0) {
		request->channel = true;
	} else if (request->channel && !request->named) {
		request->what = (enum plxdma_claimed)cli_number_arg(
			state, "channel", arg, PLXDMA_CHANNELS - 1);
		request->named = true;
	} else {
		argp_error(state, "'%s' is one argument too many; a command "
			   "comes after --", arg);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'w':
		request->wait_ns = SECOND_NS *
				   (int64_t)cli_number_arg(state, "--wait", arg,
							   86400);
		return 0;
	case ARGP_KEY_ARG:
		parse_argument(request, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (!request->common.spec)
			argp_error(state, "which card?");
		if (request->channel && !request->named)
			argp_error(state, "which channel? 0 or 1");
		return 0;
	default:
		return cli_option(key, arg, state);
	}
}

static const struct argp argp = {
	options, parse, "SPEC [channel N] [-- COMMAND...]", doc, 0, 0, 0
};

static const char *const names[] = { "channel 0", "channel 1", "card" };

static struct json_object *holder_json(const struct plxdma_holder *holder,
				       enum plxdma_claimed what)
{
	struct json_object *object = json_object_new_object();

	cli_json_text(object, "what", names[what]);
	cli_json_flag(object, "held", holder->pid != 0);
	if (!holder->pid)
		return object;
	cli_json_signed(object, "pid", holder->pid);
	cli_json_number(object, "uid", holder->uid);
	cli_json_text(object, "name", holder->name);
	cli_json_flag(object, "own", holder->own);
	cli_json_number(object, "lease_ms", holder->lease_ms);
	return object;
}

static void print_holder(const struct plxdma_holder *holder,
			 enum plxdma_claimed what)
{
	(void)printf("%-10s ", names[what]);
	if (!holder->pid)
		(void)printf("free");
	else
		(void)printf("held by %s, pid %d, uid %u", holder->name,
			     holder->pid, holder->uid);
	if (holder->pid && holder->lease_ms)
		(void)printf(", for %.1f s more",
			     (double)holder->lease_ms / 1e3);
	(void)putchar('\n');
}

static int holder_show(struct plxdma_card *card, enum plxdma_claimed what,
		       struct json_object *array)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };
	int code = plxdma_claim_holder(card, what, &holder);

	if (code)
		return cli_failure(card, names[what], code);
	if (array)
		(void)json_object_array_add(array, holder_json(&holder, what));
	else
		print_holder(&holder, what);
	return CLI_OK;
}

static int show(struct plxdma_card *card, const struct request *request,
		struct json_object *array)
{
	int what, code = CLI_OK;

	if (request->channel)
		return holder_show(card, request->what, array);
	for (what = PLXDMA_CLAIM_CARD; code == CLI_OK && what >= 0; what--)
		code = holder_show(card, (enum plxdma_claimed)what, array);
	return code;
}

/* The command's exit code, as a shell tells it. */
static int command_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return CLI_FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 128 + WTERMSIG(status);
}

static int command_run(char **command)
{
	pid_t pid;
	int why = posix_spawnp(&pid, command[0], NULL, NULL, command, environ);

	if (why) {
		cli_complain("%s: %s", command[0], strerror(why));
		return why == ENOENT ? CLI_ABSENT : CLI_FAILED;
	}
	/* Ctrl-C is the command's: the claim lasts until that has ended. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
	return command_wait(pid);
}

static int claim_while(struct plxdma_card *card, const struct request *request)
{
	int code = plxdma_claim(card, request->what, 0, request->wait_ns);

	if (code)
		return cli_failure(card, names[request->what], code);
	code = command_run(request->command);
	(void)plxdma_claim_release(card, request->what);
	return code;
}

int verb_claim(int argc, char **argv)
{
	struct request request = { .what = PLXDMA_CLAIM_CARD };
	struct json_object *array = NULL;
	struct plxdma_card *card;
	int code;

	/* In order: the command's options are its own. */
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &request))
		return CLI_USAGE;
	if (request.command && request.common.json) {
		cli_complain("--json and a command both want the standard "
			     "output");
		return CLI_USAGE;
	}
	code = cli_open(request.common.spec, &card);
	if (code)
		return code;
	if (request.common.json)
		array = json_object_new_array();
	code = request.command ? claim_while(card, &request)
			       : show(card, &request, array);
	plxdma_close(card);
	if (array) {
		struct json_object *object = cli_json_new("plxdma.claim/1");

		(void)json_object_object_add(object, "claims", array);
		cli_json_print(object);
	}
	return code;
}
