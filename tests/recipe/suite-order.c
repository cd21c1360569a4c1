/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Order and atomicity under load: two users with recipes, one a channel, and
 * two register monitors, all at once, as threads of a program that owns the
 * card and as clients of a daemon.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "log.h"
#include "suites.h"
#include "tests/daemon/fixture.h"

#define TRANSFERS 300u
#define LOOKS 1500u
#define PLAYERS 4
#define OPTIONS "model:engine=%s,trace=%s"

struct player {
	struct plxdma_card *card;
	unsigned int number;
	int outcome;
};

static int play(struct plxdma_card *card, const char *spec,
		unsigned int number)
{
	return number < PLXDMA_CHANNELS
		? actor_play(card, spec, number, TRANSFERS)
		: monitor_play(card, spec, LOOKS);
}

static void judged(const char *path)
{
	struct log_verdict verdict;

	log_judge(path, &verdict);
	ck_assert_str_eq(verdict.wrong, "");
	ck_assert_uint_eq(verdict.groups, 2 * TRANSFERS);
	ck_assert_uint_eq(verdict.ends, 2 * TRANSFERS);
	ck_assert_uint_eq(verdict.starts, 2 * TRANSFERS);
	ck_assert_uint_eq(verdict.monitored, 2 * 4 * LOOKS);
	unlink(path);
}

static void trace_name(char *path)
{
	int fd;

	strcpy(path, "/tmp/plxdma-trace-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void *player_run(void *context)
{
	struct player *player = context;

	player->outcome = play(player->card, NULL, player->number);
	return NULL;
}

static const char *const engines[] = { "inline", "thread" };

START_TEST(nothing_comes_between_the_steps_of_threads)
{
	struct player players[PLAYERS];
	pthread_t threads[PLAYERS];
	char path[32], spec[128];
	struct plxdma_card *card;
	unsigned int i;

	trace_name(path);
	snprintf(spec, sizeof(spec), OPTIONS, engines[_i], path);
	ck_assert_int_eq(plxdma_open(spec, &card), 0);
	for (i = 0; i < PLAYERS; i++) {
		players[i] = (struct player){ card, i, 0 };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, player_run,
						&players[i]), 0);
	}
	for (i = 0; i < PLAYERS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < PLAYERS; i++)
		ck_assert_msg(!players[i].outcome, "player %u: %d", i,
			      players[i].outcome);
	plxdma_close(card);
	judged(path);
}
END_TEST

static pid_t player_fork(unsigned int number)
{
	pid_t pid = fork();

	if (!pid)
		_exit(-play(NULL, "daemon:a,arena=2M", number));
	return pid;
}

START_TEST(nothing_comes_between_the_steps_of_clients)
{
	char path[32], spec[128];
	struct fixture fixture;
	pid_t pids[PLAYERS];
	int status;
	unsigned int i;

	trace_name(path);
	snprintf(spec, sizeof(spec), OPTIONS, engines[_i], path);
	ck_assert_int_eq(fixture_start(&fixture, NULL, spec, NULL), 0);
	for (i = 0; i < PLAYERS; i++)
		pids[i] = player_fork(i);
	for (i = 0; i < PLAYERS; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status),
			      "player %u: %d", i, WEXITSTATUS(status));
	}
	ck_assert_int_eq(fixture_stop(&fixture), 0);
	judged(path);
}
END_TEST

#define TRIGGERS 500u

/* Submits, then writes a mark, as boards want it that are triggered. */
static void triggers_play(struct plxdma_card *card)
{
	struct plxdma_request request = {
		.size = sizeof(request),
		.direction = PLXDMA_TO_HOST,
		.local = SRAM,
		.length = LENGTH,
	};
	struct plxdma_transfer *transfer;
	struct plxdma_channel *channel;
	unsigned int n;

	ck_assert_int_eq(plxdma_channel_open(card, 0, &channel), 0);
	ck_assert_ptr_nonnull(plxdma_alloc_coherent(card, LENGTH,
						    &request.handle));
	ck_assert_int_eq(plxdma_transfer_new(channel, &request, &transfer), 0);
	for (n = 0; n < TRIGGERS; n++) {
		ck_assert_int_eq(plxdma_submit(transfer), 0);
		ck_assert_int_eq(plxdma_poke(card, 3, SCRATCH, 32, n), 0);
		ck_assert_int_eq(plxdma_wait(transfer, INT64_C(10000000000),
					     NULL), 0);
	}
}

/* Each mark has as many starts before it as it says. */
static unsigned int triggers_early(const char *path)
{
	unsigned int starts = 0, early = 0, seen = 0, value;
	FILE *file = fopen(path, "r");
	char line[512];

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file) && line[0]) {
		starts += strstr(line, " start dma0") != NULL;
		if (sscanf(line, "%*u %*u write bar3+0x28/32 0x%x", &value)
		    != 1)
			continue;
		seen++;
		early += starts != value + 1;
	}
	fclose(file);
	ck_assert_uint_eq(seen, TRIGGERS);
	return early;
}

START_TEST(a_trigger_never_overtakes_the_start)
{
	char path[32], spec[128];
	struct plxdma_card *card;
	struct fixture fixture;

	trace_name(path);
	snprintf(spec, sizeof(spec), OPTIONS, engines[_i / 2], path);
	if (_i % 2) {
		ck_assert_int_eq(fixture_start(&fixture, NULL, spec, NULL), 0);
		strcpy(spec, "daemon:a,arena=2M");
	}
	ck_assert_int_eq(plxdma_open(spec, &card), 0);
	triggers_play(card);
	plxdma_close(card);
	if (_i % 2)
		ck_assert_int_eq(fixture_stop(&fixture), 0);
	ck_assert_uint_eq(triggers_early(path), 0);
	unlink(path);
}
END_TEST

Suite *order_suite(void)
{
	Suite *suite = suite_create("order");
	TCase *tcase = tcase_create("order");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, nothing_comes_between_the_steps_of_threads,
			    0, 2);
	tcase_add_loop_test(tcase, nothing_comes_between_the_steps_of_clients,
			    0, 2);
	tcase_add_loop_test(tcase, a_trigger_never_overtakes_the_start, 0, 4);
	suite_add_tcase(suite, tcase);
	return suite;
}
