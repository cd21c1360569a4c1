/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One transfer, played on a stage and judged: the right bytes arrived, the
 * source is as it was, and nothing around either of them changed.
 */
#ifndef ACT_H
#define ACT_H

#include "cases.h"
#include "stage.h"

enum verdict {
	VERDICT_MOVED,
	VERDICT_REFUSED,	/* as it had to be */
	VERDICT_WRONG,
};

/* Ways of a program to make a transfer; they take turns. */
enum act_way {
	ACT_ONCE,		/* plxdma_transfer_once() */
	ACT_WAIT,		/* new, submit, wait, free */
	ACT_POLL,		/* new, submit, poll in a loop, free */
	ACT_REAP,		/* sleep on the channel's descriptor, reap */
	ACT_WAYS
};

struct act {
	struct stage *stage;
	struct transfer_case what;
	size_t host_start;	/* where alignment 0 lies, see act_host_start() */
	int fifo;		/* the channel holds its local address */
	int expect;		/* 0, or the errno of the refusal */
	char text[512];		/* what is wrong */
};

enum verdict act_play(struct act *act);
/* Both channels' mode, before acts with or without @fifo. */
int act_set_mode(struct stage *stage, int fifo);

/* Runs a request in one of the ways.  Return: as plxdma_transfer_once(). */
int act_run(struct stage *stage, unsigned int channel,
	    const struct plxdma_request *request, enum act_way way,
	    struct plxdma_result *result);

/* Where the transfers of a size lie in the host's and in local memory: over
 * the seam if there is one. */
size_t act_host_start(const struct stage *stage, uint32_t size);
#define ACT_LOCAL_START ((size_t)STAGE_GUARD)

#endif
