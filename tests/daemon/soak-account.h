/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the clients of a soak have sent and received, in memory that all its
 * processes share: it outlives each of them, so that a client's successor
 * knows which blocks its predecessor had in the card's memory for certain.
 */
#ifndef TESTS_DAEMON_SOAK_ACCOUNT_H
#define TESTS_DAEMON_SOAK_ACCOUNT_H

#include <stdatomic.h>
#include <stdint.h>

#define SOAK_MOVERS 6u		/* verified transfers */
#define SOAK_BATCHERS 1u	/* verified batches of register accesses */
#define SOAK_CLAIMANTS 1u	/* the FIFO, under a claim */
#define SOAK_OBSERVERS 1u
#define SOAK_ARMERS 1u		/* arms a fault a second */
#define SOAK_CLIENTS (SOAK_MOVERS + SOAK_BATCHERS + SOAK_CLAIMANTS + \
		      SOAK_OBSERVERS + SOAK_ARMERS)
#define SOAK_SLOTS 8u		/* of each client in the card's memory */
#define SOAK_PATIENCE_S 120	/* for what takes milliseconds */

/* What the movers do wrong on purpose, each about every hundredth time. */
enum soak_plant {
	PLANT_NOTHING,
	PLANT_LOSS,		/* a block isn't written */
	PLANT_DOUBLE,		/* one is written over its follower */
	PLANT_CORRUPT,		/* a bit of one changes */
};

struct soak_client {
	_Atomic uint64_t rounds;	/* others see that it goes on */
	_Atomic uint64_t blocks;	/* sent and received */
	_Atomic uint64_t again;		/* tries that failed */
	_Atomic int parked;
	/* Of each slot: the block that was begun, and that was seen whole. */
	_Atomic uint64_t begun[SOAK_SLOTS];
	_Atomic uint64_t certain[SOAK_SLOTS];
	_Atomic uint64_t next;		/* sequence */
};

struct soak {
	struct soak_client clients[SOAK_CLIENTS];
	enum soak_plant plant;
	_Atomic uint64_t lost, doubled, corrupt;
	_Atomic uint64_t failed;	/* clients that had to give up */
	_Atomic uint64_t faults;	/* armed */
	_Atomic int census;		/* all park between two rounds */
	_Atomic int over;
};

struct soak *soak_new(enum soak_plant plant);
void soak_free(struct soak *soak);

/* A block came where @expected was to be. 1 if it is the one. */
int soak_receive(struct soak *soak, unsigned int client, const void *memory,
		 uint32_t length, uint64_t expected);
/* Between two rounds: waits out a census. 0 when it is all over. */
int soak_goes_on(struct soak *soak, unsigned int client);
/* A client can't go on: says why and ends it. */
_Noreturn void soak_give_up(struct soak *soak, unsigned int client,
			    const char *what, const char *why);
uint64_t soak_now(void);

/* May a call that failed so be tried again? */
int soak_may_retry(int err);

/* What a process does, to the end. */
_Noreturn void soak_mover_run(struct soak *soak, unsigned int client);
_Noreturn void soak_batcher_run(struct soak *soak, unsigned int client);
_Noreturn void soak_claimant_run(struct soak *soak, unsigned int client);
_Noreturn void soak_observer_run(struct soak *soak, unsigned int client);
_Noreturn void soak_armer_run(struct soak *soak, unsigned int client);
/* Fills both channels' queues and takes nothing back; writes a byte then. */
_Noreturn void soak_dumb_run(int ready);

#endif
