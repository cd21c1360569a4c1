/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdmad: holds cards by name and lends them to programs.
 *
 * Everything that needs privilege happens before the first client is let in.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf_files.h"
#include "error/guard.h"
#include "log.h"
#include "mem/arena.h"
#include "model/model.h"
#include "privilege.h"
#include "server.h"
#include "service.h"
#include "settings.h"

#define CONFIGURATION SYSCONFDIR "/plxdma/plxdmad.conf"

const char *argp_program_version = "plxdmad " PACKAGE_VERSION;

enum {
	OPTION_CHECK = 256,
	OPTION_FOREGROUND,
	OPTION_SPIN,
	OPTION_TEST_FAULTS,
};

static const struct argp_option options[] = {
	{ "card", 'c', "NAME=SPEC", 0,
	  "Hold the card SPEC (uio:ADDRESS, model:OPTIONS) under NAME; may be "
	  "repeated", 0 },
	{ "config", 'f', "FILE", 0,
	  "Read FILE and FILE.d/*.conf first (" CONFIGURATION " unless there "
	  "is --card); other options override them", 0 },
	{ "socket", 's', "PATH", 0,
	  "Listen on PATH (/run/plxdma/plxdmad.sock, or $PLXDMA_SOCKET)", 0 },
	{ "spin-us", OPTION_SPIN, "N", 0,
	  "Look for N microseconds before sleeping (50)", 0 },
	{ "check-config", OPTION_CHECK, NULL, 0,
	  "Show the settings that would be used, or what is wrong with them, "
	  "and exit", 0 },
	{ "foreground", OPTION_FOREGROUND, NULL, 0,
	  "Stay in the foreground: what it always does", 0 },
	{ "test-faults", OPTION_TEST_FAULTS, NULL, 0,
	  "Let clients arm faults of software cards: for tests", 0 },
	{ 0 }
};

struct arguments {
	const char *config;
	const char *socket;
	const char *spin;
	const char *cards[SETTINGS_CARDS];
	unsigned int card_count;
	int check;
	int test_faults;
};

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'c':
		if (arguments->card_count == SETTINGS_CARDS)
			argp_error(state, "at most %d cards", SETTINGS_CARDS);
		arguments->cards[arguments->card_count++] = value;
		return 0;
	case 'f':
		arguments->config = value;
		return 0;
	case 's':
		arguments->socket = value;
		return 0;
	case OPTION_SPIN:
		arguments->spin = value;
		return 0;
	case OPTION_CHECK:
		arguments->check = 1;
		return 0;
	case OPTION_FOREGROUND:
		return 0;
	case OPTION_TEST_FAULTS:
		arguments->test_faults = 1;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = argument_parse,
	.doc = "Holds PLX PCI 9054-class cards and lends them to programs.\v"
	       "A program opens a card that plxdmad holds as daemon:NAME.  "
	       "See plxdmad(8).",
};

static void on_wrong(void *context, const char *text)
{
	(void)context;
	log_error("settings", "%s", text);
}

static void on_file(void *context, const char *path)
{
	if (((const struct arguments *)context)->check)
		printf("# %s\n", path);
}

/* The files: those that were named, or else, unless the command line says which
 * cards, those of the system. */
static int files_load(const struct arguments *arguments,
		      struct settings *settings)
{
	struct arguments context = *arguments;
	const struct conf_ear ear = {
		.wrong = on_wrong, .file = on_file, .context = &context,
	};

	if (arguments->config)
		return conf_files_load(settings, arguments->config, 1, &ear);
	if (arguments->card_count)
		return 0;
	return conf_files_load(settings, CONFIGURATION, 0, &ear);
}

static int options_apply(const struct arguments *arguments,
			 struct settings *settings, struct error *error)
{
	int err = 0;

	if (arguments->socket)
		err = settings_set(settings, "daemon", "socket",
				   arguments->socket, error);
	if (!err && arguments->spin)
		err = settings_set(settings, "daemon", "spin-us",
				   arguments->spin, error);
	for (unsigned int i = 0; !err && i < arguments->card_count; i++)
		err = settings_add_card(settings, arguments->cards[i], error);
	settings->test_faults = arguments->test_faults;
	return err;
}

/* Everything that is wrong is told. */
static int settings_make(const void *context, struct settings *settings)
{
	const struct arguments *arguments = context;
	struct error error;
	int err, result;

	settings_init(settings);
	err = files_load(arguments, settings);
	result = options_apply(arguments, settings, &error);
	if (result)
		log_error("settings", "%s", error.text);
	/* What is left out above would be missed here. */
	if (!err && !result)
		err = settings_check(settings, on_wrong, NULL);
	return err ? err : result;
}

static void say_reloading(void)
{
	struct timespec now;
	char text[64];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	service_tell(text);
}

static int settings_load(const void *arguments, struct settings *settings)
{
	int err;

	say_reloading();
	err = settings_make(arguments, settings);
	/* The old ones hold if the new ones can't. */
	service_tell("READY=1");
	return err;
}

static int serve(const struct arguments *arguments,
		 const struct settings *settings)
{
	/* Outlives main(): what had to be kept for ever hangs on it. */
	static struct server server;
	struct error error = { "" };
	int err;

	/* Whoever reads the log may end before this does. */
	signal(SIGPIPE, SIG_IGN);
	err = guard_install();
	if (!err)
		model_set_copy(guard_copy);
	if (!err && arena_prepare(&error))
		log_warning("frames", "%s", error.text);
	if (!err)
		err = server_open(&server, settings, &error);
	if (err) {
		log_error("start", "%s", error.text[0] ? error.text :
			  strerror(-err));
		return EXIT_FAILURE;
	}
	err = privilege_drop();
	if (err)
		log_warning("capabilities", "capabilities are kept: %s",
			    strerror(-err));
	log_notice("listening", "listening on %s with %u cards",
		   server.door_passed ? "the service manager's socket" :
		   settings->socket, settings->card_count);
	server.load = settings_load;
	server.load_context = arguments;
	service_tell("READY=1");
	server_run(&server);
	service_tell("STOPPING=1");
	err = server_close(&server);
	log_catch_up(UINT64_MAX);
	log_notice("stopped", "stopped");
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static struct settings settings;
	static struct arguments arguments;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (settings_make(&arguments, &settings))
		return EXIT_FAILURE;
	if (arguments.check) {
		settings_print(&settings, stdout);
		printf("# settings are right: %u cards, socket %s\n",
		       settings.card_count, settings.socket);
		return EXIT_SUCCESS;
	}
	return serve(&arguments, &settings);
}
