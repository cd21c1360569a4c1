/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See soak-account.h. */
#include "soak-account.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"
#include "soak-block.h"

struct soak *soak_new(enum soak_plant plant)
{
	struct soak *soak = mmap(NULL, sizeof(*soak), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (soak == MAP_FAILED)
		return NULL;
	soak->plant = plant;
	for (unsigned int i = 0; i < SOAK_CLIENTS; i++)
		soak->clients[i].next = 1;
	return soak;
}

void soak_free(struct soak *soak)
{
	munmap(soak, sizeof(*soak));
}

static void say(const char *verdict, unsigned int client, uint64_t expected,
		uint64_t found)
{
	printf("# client %u: block %llu is %s (found %llu)\n", client,
	       (unsigned long long)expected, verdict,
	       (unsigned long long)found);
}

int soak_receive(struct soak *soak, unsigned int client, const void *memory,
		 uint32_t length, uint64_t expected)
{
	uint64_t found = 0;
	enum block_found what = block_check(memory, length, client, &found);

	if (what == BLOCK_RIGHT && found == expected)
		return 1;
	if (what == BLOCK_CORRUPT) {
		say("corrupt", client, expected, found);
		atomic_fetch_add(&soak->corrupt, 1);
		return 0;
	}
	say("lost", client, expected, found);
	atomic_fetch_add(&soak->lost, 1);
	/* Instead of it there is one that came before. */
	atomic_fetch_add(&soak->doubled, what == BLOCK_RIGHT);
	return 0;
}

int soak_goes_on(struct soak *soak, unsigned int client)
{
	struct soak_client *own = &soak->clients[client];

	atomic_fetch_add(&own->rounds, 1);
	while (atomic_load(&soak->census) && !atomic_load(&soak->over)) {
		atomic_store(&own->parked, 1);
		settle(1);
	}
	atomic_store(&own->parked, 0);
	return !atomic_load(&soak->over);
}

_Noreturn void soak_give_up(struct soak *soak, unsigned int client,
			    const char *what, const char *why)
{
	printf("# client %u: %s: %s\n", client, what, why);
	atomic_fetch_add(&soak->failed, 1);
	_exit(1);
}

uint64_t soak_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A fault, somebody's claim, or the daemon's own limit. */
int soak_may_retry(int err)
{
	switch (-err) {
	case EAGAIN:
	case EBUSY:
	case ECANCELED:
	case EFAULT:
	case EINTR:
	case EREMOTEIO:
	case ETIMEDOUT:
		return 1;
	default:
		return 0;
	}
}
