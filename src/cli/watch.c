/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See watch.h. */
#include "cli/watch.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"

#define CLEAR "\033[H\033[2J"

struct screen {
	bool drawn;			/* the output is a terminal */
	bool keys;			/* so is the input */
	struct termios before;
	int signals;
};

/* Keys come one by one, and unseen. */
static void screen_open(struct screen *screen)
{
	struct termios now;
	sigset_t set;

	screen->drawn = isatty(STDOUT_FILENO);
	screen->keys = screen->drawn && isatty(STDIN_FILENO) &&
		       tcgetattr(STDIN_FILENO, &screen->before) == 0;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	screen->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (!screen->keys)
		return;
	now = screen->before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &now);
}

static void screen_close(const struct screen *screen)
{
	if (screen->keys)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &screen->before);
	(void)close(screen->signals);
}

/* Until the interval is over. Is it to end? */
static bool screen_wait(const struct screen *screen, uint64_t interval_ms)
{
	struct pollfd fds[2] = {
		{ .fd = screen->signals, .events = POLLIN },
		{ .fd = screen->keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	const uint64_t until = cli_now() + interval_ms * 1000000;
	uint64_t now;
	char key;

	while ((now = cli_now()) < until) {
		if (poll(fds, 2, (int)((until - now) / 1000000) + 1) <= 0)
			continue;
		if (fds[0].revents)
			return true;
		if (fds[1].revents && (read(STDIN_FILENO, &key, 1) != 1 ||
				       key == 'q' || key == 'Q'))
			return true;
	}
	return false;
}

int watch_run(const struct watch *watch, int (*show)(void *context),
	      void *context)
{
	struct screen screen;
	uint64_t round;
	int code = CLI_OK;

	screen_open(&screen);
	for (round = 1; code == CLI_OK; round++) {
		if (screen.drawn)
			(void)fputs(CLEAR, stdout);
		else if (round > 1)
			(void)putchar('\n');
		code = show(context);
		if (fflush(stdout) == EOF)
			code = CLI_FAILED;
		if (round == watch->rounds ||
		    screen_wait(&screen, watch->interval_ms))
			break;
	}
	screen_close(&screen);
	return code;
}
