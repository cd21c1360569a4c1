/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a byte costs on a channel, in ns of bus time, by direction and mode: the
 * sum of the times of what ended over the sum of its bytes, old ones fading.
 *
 * A sum, since the time of one transfer alone says little: the daemon may look
 * late at its end, and then the next one seems so much shorter. For the same
 * reason a client is charged by this figure and not by its own transfer's
 * time, and a direction or mode has a figure of its own only once it clearly
 * differs from that of all.
 */
#ifndef DAEMON_PACE_H
#define DAEMON_PACE_H

#include <stdint.h>

struct plxdma_mode;

#define PACE_KINDS 16u

struct pace_sum {
	double bytes;
	double ns;
	unsigned int count;		/* of samples */
};

struct pace {
	struct pace_sum all;
	struct pace_sum kinds[PACE_KINDS];
};

void pace_init(struct pace *pace);
/* The kind that a direction and a mode (NULL: the default) belong to; modes
 * that differ may share one. */
unsigned int pace_kind(unsigned int direction, const struct plxdma_mode *mode);
/* So many bytes took so long. */
void pace_learn(struct pace *pace, unsigned int kind, uint64_t bytes,
		uint64_t ns);
/* How long so many bytes will take. */
uint64_t pace_cost(const struct pace *pace, unsigned int kind, uint64_t bytes);
/* How many bytes can be had in that time, as far as one may rely on it. */
uint64_t pace_bytes(const struct pace *pace, unsigned int kind, uint64_t ns);

#endif
