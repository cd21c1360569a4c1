/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon and its clients find their socket by PLXDMA_SOCKET, so a test
 * neither meets nor disturbs a daemon of the machine.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "daemon-child.h"

#define TRIES 1000		/* of 10 ms */

static void pause_10ms(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

static void be_daemon(const char *name, const char *spec)
{
	char card[600];

	/* Not even a test that crashes leaves a daemon behind. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	snprintf(card, sizeof(card), "%s=%s", name, spec);
	execl(PLXDMAD_FILE, "plxdmad", "--card", card, (char *)NULL);
	_exit(127);
}

static int wait_until_it_answers(const struct daemon_child *child)
{
	char names[1][PLXDMA_NAME];

	for (int i = 0; i < TRIES; i++) {
		if (plxdma_list(names, 1) >= 1)
			return 0;
		if (waitpid(child->pid, NULL, WNOHANG) != 0)
			return -ECHILD;
		pause_10ms();
	}
	return -ETIMEDOUT;
}

int daemon_child_start(struct daemon_child *child, const char *name,
		       const char *spec)
{
	char socket[sizeof(child->directory) + 16];
	int error;

	strcpy(child->directory, "/tmp/plxdma-test-XXXXXX");
	if (!mkdtemp(child->directory))
		return -errno;
	snprintf(socket, sizeof(socket), "%s/socket", child->directory);
	setenv("PLXDMA_SOCKET", socket, 1);
	fflush(NULL);
	child->pid = fork();
	if (child->pid == 0)
		be_daemon(name, spec);
	error = child->pid < 0 ? -errno : wait_until_it_answers(child);
	if (error == -ECHILD)
		child->pid = 0;
	if (error)
		daemon_child_stop(child);
	return error;
}

void daemon_child_stop(struct daemon_child *child)
{
	char socket[sizeof(child->directory) + 16];

	if (child->pid > 0) {
		kill(child->pid, SIGTERM);
		for (int i = 0; i < TRIES; i++) {
			if (waitpid(child->pid, NULL, WNOHANG) != 0)
				break;
			if (i == TRIES - 1) {
				fprintf(stderr, "plxdmad ignores SIGTERM\n");
				kill(child->pid, SIGKILL);
				waitpid(child->pid, NULL, 0);
			}
			pause_10ms();
		}
	}
	child->pid = 0;
	if (child->directory[0]) {
		snprintf(socket, sizeof(socket), "%s/socket",
			 child->directory);
		unlink(socket);
		rmdir(child->directory);
		child->directory[0] = 0;
	}
}
