/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What observers cost the owners of a crate: thirteen cards on one bus, each
 * with an owner who reads blocks from its FIFO as fast as the bus lets, eight
 * observers and two register monitors, through one daemon.  Each observer and
 * monitor is a process of its own; ten times a second an observer asks for the
 * card's state and reads one chip register, a monitor reads sixteen of the
 * board's registers in one batch.  The owners' rate alone is measured in turns
 * with their rate beside them, so that a machine that changes its speed changes
 * both.  Run by scripts/bench.
 *
 *   observers PREFIX
 *
 * The daemon's cards are PREFIX-0 to PREFIX-12.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <plxdma/plxdma.h>

#include "digitizer.h"
#include "report.h"

#define OBSERVERS 8
#define MONITORS 2
#define STRANGERS (CARDS * (OBSERVERS + MONITORS))
#define LENGTH 32768u
#define INTCSR 0x68u
#define READS 16u
#define PERIOD_NS 100000000L
#define READY_S 60.0
#define LIFE_S 300u
#define ROUNDS 5
#define ROUND_S 1.0

/* Between this program and its strangers. */
struct stage {
	atomic_uint ready;
	atomic_uint looking;	/* do they look, or only wait */
	atomic_ulong looks;
};

static struct stage *stage_new(void)
{
	void *stage = mmap(NULL, sizeof(struct stage), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (stage == MAP_FAILED)
		die("stage", NULL);
	return stage;
}

static void observe(struct plxdma_card *card)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	uint32_t value;

	if (plxdma_card_info(card, &info) ||
	    plxdma_reg_read(card, INTCSR, 32, &value))
		die("observer", card);
}

static void monitor(struct plxdma_card *card)
{
	struct plxdma_step steps[READS];

	for (unsigned int i = 0; i < READS; i++)
		steps[i] = (struct plxdma_step){
			.op = PLXDMA_STEP_READ,
			.space = PLXDMA_SPACE_BAR3,
			.width = 32,
			.offset = 4 * i,
		};
	if (plxdma_batch(card, steps, READS, NULL))
		die("monitor", card);
}

/* One process; it ends when its parent does, or is told to. */
static void stranger(struct stage *stage, const char *spec, int monitors,
		     unsigned int index)
{
	/* Not all at the same moment. */
	const struct timespec first = {
		.tv_nsec = PERIOD_NS / STRANGERS * (long)index,
	};
	const struct timespec period = { .tv_nsec = PERIOD_NS };
	struct plxdma_card *card;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIFE_S);
	if (plxdma_open(spec, &card))
		die(spec, NULL);
	atomic_fetch_add(&stage->ready, 1);
	nanosleep(&first, NULL);
	for (;;) {
		nanosleep(&period, NULL);
		if (!atomic_load(&stage->looking))
			continue;
		if (monitors)
			monitor(card);
		else
			observe(card);
		atomic_fetch_add(&stage->looks, 1);
	}
}

static void strangers_start(struct stage *stage, const char *prefix,
			    pid_t *pids)
{
	char spec[128];

	fflush(NULL);
	for (unsigned int i = 0; i < STRANGERS; i++) {
		snprintf(spec, sizeof(spec), "daemon:%s-%u", prefix,
			 i % CARDS);
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork", NULL);
		if (!pids[i])
			stranger(stage, spec, i / CARDS < MONITORS, i);
	}
}

static void strangers_await(struct stage *stage)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	double end = now() + READY_S * 1e9;

	while (atomic_load(&stage->ready) < STRANGERS) {
		if (waitpid(-1, NULL, WNOHANG) > 0 || now() > end) {
			fprintf(stderr, "%u of %d observers opened a card\n",
				atomic_load(&stage->ready), STRANGERS);
			exit(2);
		}
		nanosleep(&pause, NULL);
	}
}

static void strangers_end(const pid_t *pids)
{
	for (unsigned int i = 0; i < STRANGERS; i++)
		kill(pids[i], SIGKILL);
	for (unsigned int i = 0; i < STRANGERS; i++)
		waitpid(pids[i], NULL, 0);
}

/* Bytes a second of each owner. */
static void rates_take(struct digitizer *crate, double (*rates)[ROUNDS],
		       unsigned int round)
{
	double ns = crate_run(crate, ROUND_S);

	for (unsigned int i = 0; i < CARDS; i++)
		rates[i][round] = (double)crate[i].blocks * LENGTH /
				  (ns / 1e9);
}

static void show(double (*alone)[ROUNDS], double (*beside)[ROUNDS])
{
	double sum[2] = { 0, 0 }, least = 1e9, one, other;

	for (unsigned int i = 0; i < CARDS; i++) {
		one = median(alone[i], ROUNDS);
		other = median(beside[i], ROUNDS);
		sum[0] += one;
		sum[1] += other;
		if (other / one < least)
			least = other / one;
	}
	report("13 owners alone, 32 KiB blocks, sum", sum[0] / 1e6, "MB/s",
	       REPORTED, 0);
	report("beside 8 observers, 2 monitors each at 10 Hz: sum",
	       100 * sum[1] / sum[0], "%", AT_LEAST, 97);
	report("  the owner who lost most", 100 * least, "%", AT_LEAST, 97);
}

int main(int argc, char **argv)
{
	double alone[CARDS][ROUNDS], beside[CARDS][ROUNDS];
	struct digitizer crate[CARDS];
	struct stage *stage = stage_new();
	pid_t pids[STRANGERS];
	char spec[128];

	if (argc != 2) {
		fprintf(stderr, "usage: observers PREFIX\n");
		return 2;
	}
	strangers_start(stage, argv[1], pids);
	strangers_await(stage);
	for (unsigned int i = 0; i < CARDS; i++) {
		snprintf(spec, sizeof(spec), "daemon:%s-%u", argv[1], i);
		digitizer_open(&crate[i], spec, i ? crate[0].card : NULL,
			       LENGTH);
	}
	crate_run(crate, ROUND_S / 2);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		atomic_store(&stage->looking, 0);
		rates_take(crate, alone, round);
		atomic_store(&stage->looking, 1);
		rates_take(crate, beside, round);
	}
	strangers_end(pids);
	show(alone, beside);
	report("  looks at the cards in a second, 1300 asked",
	       (double)atomic_load(&stage->looks) / (ROUNDS * ROUND_S), "",
	       REPORTED, 0);
	for (unsigned int i = 0; i < CARDS; i++)
		digitizer_close(&crate[i]);
	return report_missed();
}
