/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon as a child; it dies with the test that started it.
 */
#include "fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARGUMENTS 48
#define WORDS 8			/* of what is put before a daemon */
#define WRAPPER_BYTES 1024
#define PATIENCE_MS 60000	/* for what takes milliseconds */

void settle(unsigned int milliseconds)
{
	struct timespec pause = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = (long)(milliseconds % 1000) * 1000000,
	};

	nanosleep(&pause, NULL);
}

/* The wrapper's words, and how many there are. */
static int wrapper_words(char *text, char **words)
{
	const char *wrapper = getenv("PLXDMA_DAEMON_WRAPPER");
	int count = 0;
	char *word;

	if (!wrapper || strlen(wrapper) >= WRAPPER_BYTES)
		return 0;
	strcpy(text, wrapper);
	while (count < WORDS && (word = strsep(&text, " ")))
		words[count++] = word;
	return count;
}

void fixture_exec(const char *program, char *const *arguments)
{
	char text[WRAPPER_BYTES], *words[WORDS + ARGUMENTS + 1];
	int count = wrapper_words(text, words);

	words[count++] = (char *)(uintptr_t)program;
	for (int i = 1; arguments[i] && count < WORDS + ARGUMENTS; i++)
		words[count++] = arguments[i];
	words[count] = NULL;
	execv(words[0], words);
	_exit(127);
}

static void child_run(const struct fixture *fixture, const char *program,
		      const char *card, const char *const *more)
{
	char *arguments[ARGUMENTS];
	char named[512];
	int count = 0, log;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(named, sizeof(named), "a=%s", card);
	arguments[count++] = (char *)(uintptr_t)program;
	arguments[count++] = (char[]){ "--socket" };
	arguments[count++] = (char *)(uintptr_t)fixture->socket;
	arguments[count++] = (char[]){ "--card" };
	arguments[count++] = named;
	while (more && *more && count < ARGUMENTS - 1)
		arguments[count++] = (char *)(uintptr_t)*more++;
	arguments[count] = NULL;
	log = open(fixture->log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(log, STDERR_FILENO);
	fixture_exec(program, arguments);
}

static int answers(const struct fixture *fixture)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int result;

	strcpy(address.sun_path, fixture->socket);
	result = connect(fd, (struct sockaddr *)&address, sizeof(address));
	close(fd);
	return !result;
}

static void directory_remove(struct fixture *fixture)
{
	unlink(fixture->socket);
	unlink(fixture->log);
	rmdir(fixture->directory);
}

void fixture_again(struct fixture *fixture, const char *program,
		   const char *card, const char *const *more)
{
	fixture->pid = fork();
	if (!fixture->pid)
		child_run(fixture, program ? program : PLXDMAD, card, more);
}

int fixture_start(struct fixture *fixture, const char *program,
		  const char *card, const char *const *more)
{
	strcpy(fixture->directory, "/tmp/plxdmad-test-XXXXXX");
	if (!mkdtemp(fixture->directory))
		return -1;
	snprintf(fixture->socket, sizeof(fixture->socket), "%s/socket",
		 fixture->directory);
	snprintf(fixture->log, sizeof(fixture->log), "%s/log",
		 fixture->directory);
	setenv("PLXDMA_SOCKET", fixture->socket, 1);
	fixture_again(fixture, program, card, more);
	for (int i = 0; i < PATIENCE_MS / 10 && fixture_alive(fixture); i++) {
		if (answers(fixture))
			return 0;
		settle(10);
	}
	fixture_print_log(fixture);
	fixture_stop(fixture);
	return -1;
}

int fixture_stop(struct fixture *fixture)
{
	int status = -1;

	kill(fixture->pid, SIGTERM);
	for (int i = 0; i < PATIENCE_MS / 10; i++) {
		if (waitpid(fixture->pid, &status, WNOHANG) == fixture->pid)
			goto out_remove;
		settle(10);
	}
	kill(fixture->pid, SIGKILL);
	waitpid(fixture->pid, &status, 0);
	status = -1;

out_remove:
	if (status)
		fixture_print_log(fixture);
	directory_remove(fixture);
	return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int fixture_alive(const struct fixture *fixture)
{
	siginfo_t info = { .si_pid = 0 };

	return !waitid(P_PID, (id_t)fixture->pid, &info,
		       WEXITED | WNOHANG | WNOWAIT) && !info.si_pid;
}

void fixture_print_log(const struct fixture *fixture)
{
	char line[512];
	FILE *log = fopen(fixture->log, "re");

	while (log && fgets(line, sizeof(line), log))
		fprintf(stderr, "  log: %s", line);
	if (log)
		fclose(log);
}

int fixture_fds(const struct fixture *fixture)
{
	char path[64];
	DIR *dir;
	int count = -2;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)fixture->pid);
	dir = opendir(path);
	if (!dir)
		return -1;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

/* The number that follows a name at the start of a line. */
static long number_in(const char *path, const char *name)
{
	char line[256];
	long number = -1;
	FILE *file = fopen(path, "re");

	while (file && number < 0 && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, name, strlen(name)))
			number = strtol(line + strlen(name), NULL, 10);
	}
	if (file)
		fclose(file);
	return number;
}

/* One of the daemon's own, in KiB. */
static long status_of(const struct fixture *fixture, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)fixture->pid);
	return number_in(path, name);
}

long fixture_anonymous(const struct fixture *fixture)
{
	return status_of(fixture, "RssAnon:");
}

long fixture_files(const struct fixture *fixture)
{
	return status_of(fixture, "RssFile:");
}

long fixture_hugepages(const struct fixture *fixture)
{
	return status_of(fixture, "HugetlbPages:");
}

#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

long hugepages_unreserved(void)
{
	return number_in(POOL "free_hugepages", "") -
	       number_in(POOL "resv_hugepages", "");
}

int hugepages_wait(long wanted)
{
	if (number_in(POOL "nr_hugepages", "") < wanted)
		return 0;
	for (int i = 0; i < PATIENCE_MS / 50 &&
	     hugepages_unreserved() < wanted; i++)
		settle(50);
	return hugepages_unreserved() >= wanted;
}
