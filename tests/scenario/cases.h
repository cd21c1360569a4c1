/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which transfers are made: the product of all parameters, or the few of it
 * in which every pair of values occurs.
 */
#ifndef CASES_H
#define CASES_H

#include <stddef.h>
#include <stdint.h>

struct transfer_case {
	uint8_t form;		/* enum plxdma_form */
	uint8_t direction;	/* enum plxdma_direction */
	uint8_t channel;
	uint8_t host_align, local_align;
	uint32_t size;
};

#define CASES_SIZES 12
extern const uint32_t cases_sizes[CASES_SIZES];

/* What the byte count register holds (chip ref. 2.3). */
#define CASES_BLOCK_MAX (8u * 1024 * 1024 - 1)

#define CASES_MAX (2 * 2 * 2 * CASES_SIZES * 4 * 4)

/* Fills cases[CASES_MAX], ordered by size; returns how many. */
size_t cases_product(struct transfer_case *cases);
/* Every value of each parameter together with every value of each other. */
size_t cases_pairwise(struct transfer_case *cases);

#endif
