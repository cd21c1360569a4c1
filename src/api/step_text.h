/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A step of a recipe, as people write it (<plxdma/board_file.h>):
 *
 *   write SPACE OFFSET VALUE
 *   read SPACE OFFSET
 *   poll SPACE OFFSET mask MASK want VALUE within MICROSECONDS
 *   count SPACE OFFSET UNIT
 *
 * with a SPACE such as bar2 or bar3.16.
 */
#ifndef STEP_TEXT_H
#define STEP_TEXT_H

#include <plxdma/registers.h>

#include "error/error.h"

/* *count_unit receives the unit of a count, which is a read, else 0.  0, or
 * -EINVAL with a text. */
int step_text_parse(const char *text, struct plxdma_step *step,
		    unsigned int *count_unit, struct error *error);

#endif
