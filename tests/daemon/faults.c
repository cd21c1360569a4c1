/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every allocation and every system call of the daemon fails once: while it
 * starts, while a client does all that clients do, while it stops. A daemon
 * either doesn't start, and says why; or it tells its client, or ends the
 * connection, and serves the next one. Nothing is lost, nobody hangs.
 *
 * PLXDMA_FAULTS is how many uses of each call are gone through at most, evenly
 * spread (1; 0: all), PLXDMA_SEED where the spreading begins.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "fixture.h"
#include "tally.h"

#define CARD "model:pages=small"
#define SRAM 0x20000000u
#define LENGTH 8192u
#define PATIENCE_NS INT64_C(60000000000)
#define PATIENCE_MS 60000
/* Calls that a loop makes as often as it likes. */
#define LOOPED 24u

/* How a client ended. */
enum {
	CLIENT_FINE,
	CLIENT_TOLD,		/* by an error that is documented */
	CLIENT_WRONG,		/* by one that isn't, or with wrong data */
};

static const struct call {
	const char *name;
	int looped;
} calls[] = {
	{ "malloc", 0 }, { "calloc", 0 }, { "realloc", 0 }, { "strdup", 0 },
	{ "mmap", 0 }, { "ftruncate", 0 }, { "fchmod", 0 }, { "madvise", 0 },
	{ "memfd_create", 0 }, { "eventfd", 0 }, { "eventfd_write", 1 },
	{ "eventfd_read", 1 }, { "epoll_create1", 0 }, { "epoll_ctl", 0 },
	{ "epoll_pwait2", 1 }, { "socket", 0 }, { "bind", 0 }, { "listen", 0 },
	{ "accept4", 0 }, { "getsockopt", 0 }, { "sendmsg", 0 },
	{ "recvmsg", 1 }, { "signalfd", 0 }, { "read", 1 }, { "write", 0 },
	{ "pread", 0 }, { "pthread_create", 0 }, { "open", 0 }, { "fcntl", 0 },
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

static struct plxdma_card *card;
static struct plxdma_channel *channel;
static unsigned char *memory;
static plxdma_handle handle;

static int card_take(void)
{
	int err = plxdma_open("daemon:a,arena=1M", &card);

	if (err)
		return err;
	memory = plxdma_alloc_coherent(card, 2 * LENGTH, &handle);
	if (!memory)
		return strstr(plxdma_error(card), "gone away") ? -ENODEV :
								 -ENOMEM;
	return plxdma_channel_open(card, 0, &channel);
}

static int mode_take(void)
{
	struct plxdma_mode *mode = plxdma_mode_new();
	int err = plxdma_mode_set(mode, PLXDMA_MODE_WIDTH, 32);

	if (!err)
		err = plxdma_channel_set_mode(channel, mode);
	plxdma_mode_free(mode);
	return err;
}

static int moved(struct plxdma_request *request)
{
	return plxdma_transfer_once(channel, request, PATIENCE_NS, NULL);
}

static int data_move(int listed)
{
	struct plxdma_request request = {
		.size = sizeof(request), .direction = PLXDMA_TO_CARD,
		.local = SRAM, .handle = handle, .length = LENGTH,
	};
	struct plxdma_segment segments[2] = {
		{ .handle = handle + LENGTH, .length = LENGTH / 2,
		  .local = SRAM },
		{ .handle = handle + LENGTH + LENGTH / 2, .length = LENGTH / 2,
		  .local = SRAM + LENGTH / 2 },
	};
	int err;

	for (unsigned int i = 0; i < LENGTH; i++)
		memory[i] = (unsigned char)(i * 2654435761u >> 24);
	memset(memory + LENGTH, 0, LENGTH);
	err = moved(&request);
	if (err)
		return err;
	request.direction = PLXDMA_TO_HOST;
	request.handle = handle + LENGTH;
	if (listed) {
		request.segments = segments;
		request.segment_count = 2;
	}
	err = moved(&request);
	if (!err && memcmp(memory, memory + LENGTH, LENGTH))
		return -EBADMSG;
	return err;
}

static int recipe_do(void)
{
	const struct plxdma_step step = {
		.op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR2,
		.width = 32, .offset = 0x100,
	};
	struct plxdma_request request = {
		.size = sizeof(request), .local = SRAM, .handle = handle,
		.length = 64,
	};
	struct plxdma_recipe *recipe = plxdma_recipe_new();
	int err = plxdma_recipe_add(recipe, PLXDMA_BEFORE_START, &step);

	request.recipe = recipe;
	if (err >= 0)
		err = moved(&request);
	plxdma_recipe_free(recipe);
	return err;
}

static int claim_use(void)
{
	int err = plxdma_claim(card, PLXDMA_CLAIM_CARD, 60000, PATIENCE_NS);

	if (!err)
		err = recipe_do();
	return err ? err : plxdma_claim_release(card, PLXDMA_CLAIM_CARD);
}

static int registers_use(void)
{
	struct plxdma_step steps[2] = {
		{ .op = PLXDMA_STEP_WRITE, .space = PLXDMA_SPACE_BAR2,
		  .width = 32, .offset = 0x200, .value = 0x12345678 },
		{ .op = PLXDMA_STEP_READ, .space = PLXDMA_SPACE_BAR2,
		  .width = 32, .offset = 0x200 },
	};
	int err = plxdma_batch(card, steps, 2, NULL);

	return !err && steps[1].value != 0x12345678 ? -EBADMSG : err;
}

static int the_rest(void)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	struct plxdma_irq_event event = { .size = sizeof(event) };
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int err = plxdma_card_info(card, &info);

	if (!err)
		err = plxdma_irq_fd(card, PLXDMA_IRQ_DOORBELL);
	if (err >= 0)
		err = plxdma_irq_read(card, PLXDMA_IRQ_DOORBELL, &event);
	if (err >= 0)
		err = plxdma_card_report(card, fd);
	close(fd);
	return err;
}

/* All that clients do. */
static int client_work(void)
{
	int err = card_take();

	if (!err)
		err = mode_take();
	if (!err)
		err = data_move(0);
	if (!err)
		err = data_move(1);
	if (!err)
		err = registers_use();
	if (!err)
		err = claim_use();
	return err ? err : the_rest();
}

/* Out of something, or the daemon ended the connection. */
static int documented(int err)
{
	static const int codes[] = { ENOMEM, ENODEV, EMFILE, ENOSPC, EAGAIN,
				     EPERM, ENOBUFS, EIO, EINTR };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (err == -codes[i])
			return 1;
	}
	return 0;
}

static int client_run(int told)
{
	int err = client_work();
	const char *text = plxdma_error(card);

	if (!err)
		plxdma_close(card);
	if (!err)
		return CLIENT_FINE;
	if (!documented(err) || !*text) {
		printf("# %d: %s\n", err, text);
		return CLIENT_WRONG;
	}
	if (!told)
		printf("# the next client: %d: %s\n", err, text);
	plxdma_close(card);
	return CLIENT_TOLD;
}

static double longest;

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* A client as a child; CLIENT_WRONG if it hangs. */
static int client(int told)
{
	double began = now();
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = client_run(told);
		fflush(stdout);
		_exit(status);
	}
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
		status = -1;
		settle(1);
	}
	if (status == -1) {
		printf("# a client hangs\n");
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return CLIENT_WRONG;
	}
	if (now() - began > longest)
		longest = now() - began;
	return WIFEXITED(status) ? WEXITSTATUS(status) : CLIENT_WRONG;
}

static struct fixture fixture;

static int log_says(const char *word)
{
	char line[512];
	int says = 0;
	FILE *log = fopen(fixture.log, "re");

	while (log && !says && fgets(line, sizeof(line), log))
		says = strstr(line, word) != NULL;
	if (log)
		fclose(log);
	return says;
}

/* Does it listen, though the line that says so was what failed? */
static int answers(void)
{
	char name[1][PLXDMA_NAME];

	return log_says("fault hit") && plxdma_list(name, 1) == 1;
}

/* 1: it listens, 0: it has ended. Counts what the daemon calls only where
 * nothing more will fail. */
static int comes_up(void)
{
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (log_says("listening on") || answers())
			return 1;
		if (!fixture_alive(&fixture))
			return 0;
		settle(1);
	}
	return 0;
}

/* Its exit status, or -1: it hung, or was killed. */
static int ended(void)
{
	double began = now();
	int status = -1;

	for (int i = 0; i < PATIENCE_MS; i++) {
		if (waitpid(fixture.pid, &status, WNOHANG) == fixture.pid)
			break;
		status = -1;
		settle(1);
	}
	if (status == -1) {
		kill(fixture.pid, SIGKILL);
		waitpid(fixture.pid, NULL, 0);
	}
	if (now() - began > longest)
		longest = now() - began;
	return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The daemon's descriptors once its clients are gone. */
static int fds_left(int expected)
{
	int fds = fixture_fds(&fixture);

	for (int i = 0; i < PATIENCE_MS / 10 && expected && fds > expected;
	     i++) {
		settle(10);
		fds = fixture_fds(&fixture);
	}
	return fds;
}

struct counts {
	unsigned int faults, starts, told, wrong, next, fds, ends;
};

static void served(int expected_fds, struct counts *counts)
{
	int outcome = CLIENT_FINE, fds;

	for (int i = 0; i < 2; i++) {
		int hit = log_says("fault hit");

		outcome = client(!hit);
		if (hit)
			break;
		counts->told += outcome == CLIENT_TOLD;
		counts->wrong += outcome == CLIENT_WRONG;
		if (outcome != CLIENT_FINE)
			outcome = client(0);
		if (outcome != CLIENT_FINE)
			break;
	}
	counts->next += outcome != CLIENT_FINE;
	fds = fds_left(expected_fds);
	if (fds > expected_fds && expected_fds) {
		printf("# %d descriptors instead of %d\n", fds, expected_fds);
		counts->fds++;
	}
}

static const char *const more[] = { "--test-faults", NULL };

/* One run with one fault. Was it hit? */
static int run(const char *fault, int expected_fds, struct counts *counts)
{
	unsigned int before = counts->wrong + counts->next + counts->fds +
			      counts->ends;
	int status, up, hit, is_stop_fault;

	setenv("PLXDMA_FAIL", fault, 1);
	unlink(fixture.log);
	fixture_again(&fixture, FAULTY, CARD, more);
	up = comes_up();
	if (up)
		served(expected_fds, counts);
	is_stop_fault = up && !log_says("fault hit");
	kill(fixture.pid, SIGTERM);
	status = ended();
	hit = log_says("fault hit");
	counts->faults += (unsigned int)hit;
	counts->starts += !up;
	/* Who can't start says why; a sanitizer's status is its own. */
	if (up ? status && !(is_stop_fault && status == 1) :
		 status != 1 || !log_says("<3>"))
		counts->ends++;
	if (counts->wrong + counts->next + counts->fds + counts->ends !=
	    before) {
		printf("# %s: up %d, exit status %d\n", fault, up, status);
		fixture_print_log(&fixture);
	}
	return hit;
}

/* How often the daemon uses a call in such a run: halving finds it. */
static unsigned int uses(const struct call *call, int fds,
			 struct counts *counts)
{
	unsigned int low = 0, high = 1;
	char fault[64];

	if (call->looped)
		return LOOPED;
	for (;;) {
		snprintf(fault, sizeof(fault), "%s:%u", call->name, high);
		if (!run(fault, fds, counts))
			break;
		low = high;
		high *= 4;
	}
	return low ? high - 1 : 0;
}

static void call_fails(const struct call *call, unsigned long most, int fds,
		       struct counts *counts)
{
	unsigned int count = uses(call, fds, counts), step = 1;
	unsigned int first = 1;
	char fault[64];

	if (most && count > most) {
		step = count / (unsigned int)most;
		first = 1 + (unsigned int)number_of("PLXDMA_SEED", 1) % step;
	}
	for (unsigned int i = first; i <= count; i += step) {
		snprintf(fault, sizeof(fault), "%s:%u", call->name, i);
		/* Once a count is passed, there are no more. */
		if (!run(fault, fds, counts) && !call->looped)
			break;
	}
}

int main(int argc, char **argv)
{
	const unsigned long most = number_of("PLXDMA_FAULTS", 1);
	struct counts counts = { 0 }, none = { 0 };
	int fds;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (fixture_start(&fixture, FAULTY, CARD, more))
		give_up("no daemon");
	if (client(0) != CLIENT_FINE)
		give_up("a client fails without any fault");
	fds = fds_left(0);
	settle(200);
	fds = fds_left(0) < fds ? fds_left(0) : fds;
	kill(fixture.pid, SIGTERM);
	if (ended())
		give_up("the daemon fails without any fault");
	run("nothing:1", fds, &none);
	if (argc > 1)
		run(argv[1], fds, &counts);
	for (size_t i = 0; argc == 1 && i < CALLS; i++)
		call_fails(&calls[i], most, fds, &counts);
	printf("# %u faults: %u daemons didn't start, %u clients were told; the "
	       "longest wait took %.2f s\n", counts.faults, counts.starts,
	       counts.told, longest);
	tell(!none.wrong && !none.next && !none.fds && !none.ends &&
	     !none.faults, "without a fault all is well");
	tell(argc > 1 || (counts.faults && counts.starts && counts.told),
	     "some faults kept the daemon from starting, some were told");
	tell(!counts.wrong, "clients are told by a documented error");
	tell(!counts.next, "the next client is served");
	tell(!counts.fds, "no descriptor is lost");
	tell(!counts.ends, "every daemon ends in order, with nothing leaked");
	unlink(fixture.log);
	unlink(fixture.socket);
	rmdir(fixture.directory);
	return tally_end();
}
