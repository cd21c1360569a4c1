/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bus tuning as people and scripts see it: plxdma tune and plxdma info. */
#ifndef CLI_TUNING_H
#define CLI_TUNING_H

#include <json-c/json.h>

#include "chip/tuning.h"

/* A line a field. */
void cli_tuning_print(const struct plxdma_tuning *tuning);
/* A number a field, by its name. */
void cli_tuning_json(struct json_object *object,
		     const struct plxdma_tuning *tuning);

#endif
