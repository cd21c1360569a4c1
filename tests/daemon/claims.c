/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims under sixteen processes that claim, use, wait and are killed at
 * random; then the same with daemons that have a defect each, which must be
 * caught.
 *
 * PLXDMA_CLAIMS is how many sequences (2000), PLXDMA_SEED where the random
 * numbers begin.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chance.h"
#include "claimant-worker.h"
#include "fixture.h"
#include "tally.h"

/* Its transfers take some ten microseconds, so that many are under way. */
#define CARD "model:pages=small,rate=20e6"
#define DEFECT_SEQUENCES 1500

static pid_t worker_start(struct ledger *ledger)
{
	uint64_t seed = random64();
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		claimant_run(ledger, seed);
	if (pid < 0)
		give_up("can't fork");
	return pid;
}

/* Kills one, wherever it is, and puts another in its place. */
static void worker_kill(struct ledger *ledger, pid_t *pids, unsigned int which)
{
	atomic_store(&ledger->doomed[which], pids[which]);
	kill(pids[which], SIGKILL);
	waitpid(pids[which], NULL, 0);
	ledger_bury(ledger, pids[which]);
	pids[which] = worker_start(ledger);
}

static unsigned int play(struct ledger *ledger, unsigned long *kills)
{
	pid_t pids[LEDGER_WORKERS];
	unsigned int failed = 0;
	int status;

	for (unsigned int i = 0; i < LEDGER_WORKERS; i++)
		pids[i] = worker_start(ledger);
	while (atomic_load(&ledger->sequences) < ledger->wanted) {
		usleep(below(60000));
		if (waitpid(-1, &status, WNOHANG | WNOWAIT) > 0 && status)
			break;
		worker_kill(ledger, pids, below(LEDGER_WORKERS));
		++*kills;
	}
	for (unsigned int i = 0; i < LEDGER_WORKERS; i++)
		failed += waitpid(pids[i], &status, 0) != pids[i] || status;
	return failed;
}

static int nobody_holds(void)
{
	struct plxdma_holder holder = { .size = sizeof(holder) };
	struct plxdma_card *card;
	int fine = !plxdma_open("daemon:a", &card);

	for (int i = 0; fine && i <= PLXDMA_CLAIM_CARD; i++)
		fine = !plxdma_claim_holder(card, (enum plxdma_claimed)i,
					    &holder) && !holder.pid;
	fine = fine && !plxdma_claim(card, PLXDMA_CLAIM_CARD, 0, 0);
	plxdma_close(card);
	return fine;
}

static int no_violations(void)
{
	struct plxdma_counters counters = { .size = sizeof(counters) };
	struct plxdma_card *card;
	int fine = !plxdma_open("daemon:a", &card) &&
		   !plxdma_card_counters(card, &counters) &&
		   !counters.violations;

	plxdma_close(card);
	return fine;
}

static void claims_hold(unsigned long wanted)
{
	struct ledger *ledger = ledger_new();
	struct fixture fixture;
	unsigned long kills = 0;
	unsigned int failed;

	if (!ledger || fixture_start(&fixture, NULL, CARD, NULL))
		give_up("no daemon");
	ledger->wanted = (uint32_t)wanted;
	failed = play(ledger, &kills);
	printf("# %lu sequences, %lu kills, %u granted (%u waited), %u "
	       "refused (%u names checked), %u intrusions refused, %u leases "
	       "over\n", wanted, kills, atomic_load(&ledger->granted),
	       atomic_load(&ledger->waited), atomic_load(&ledger->refused),
	       atomic_load(&ledger->named), atomic_load(&ledger->intrusions),
	       atomic_load(&ledger->lapsed));
	tell(!failed, "every process came to its end, no wake-up was lost");
	for (unsigned int i = 0; i < WRONGS; i++)
		tell(!atomic_load(&ledger->wrong[i]), ledger_wrongs[i]);
	tell(atomic_load(&ledger->waited) && atomic_load(&ledger->named) &&
	     atomic_load(&ledger->intrusions) && atomic_load(&ledger->lapsed),
	     "there were waits, names, intrusions and leases that ended");
	tell(nobody_holds(), "in the end nobody holds anything");
	tell(no_violations(), "the driver did nothing that it must not");
	tell(fixture_stop(&fixture) == 0, "the daemon stops when told");
}

static const struct {
	const char *name;
	enum ledger_wrong wrong;
} defects[] = {
	{ "two-holders", WRONG_TWO_HOLDERS },
	{ "short-leases", WRONG_LOST },
	{ "open-door", WRONG_INTRUDER },
	{ "wrong-name", WRONG_NAME },
};

static void defect_is_caught(unsigned int which)
{
	struct ledger *ledger = ledger_new();
	struct fixture fixture;
	unsigned long kills = 0;
	char text[80];

	setenv("PLXDMA_DEFECT", defects[which].name, 1);
	if (!ledger || fixture_start(&fixture, DEFECT, CARD, NULL))
		give_up("no daemon with a defect");
	ledger->wanted = DEFECT_SEQUENCES;
	play(ledger, &kills);
	snprintf(text, sizeof(text), "a daemon with %s is caught",
		 defects[which].name);
	tell(atomic_load(&ledger->wrong[defects[which].wrong]) != 0, text);
	fixture_stop(&fixture);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	chance_seed(number_of("PLXDMA_SEED", 1));
	claims_hold(number_of("PLXDMA_CLAIMS", 2000));
	if (!number_of("PLXDMA_DEFECTS", 1))
		return tally_end();
	for (unsigned int i = 0; i < sizeof(defects) / sizeof(defects[0]); i++)
		defect_is_caught(i);
	return tally_end();
}
