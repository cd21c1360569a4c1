/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the daemon tells of itself, as verbs take it. */
#ifndef CLI_TOLD_H
#define CLI_TOLD_H

#include "cli/cli.h"

/* The JSON object that the daemon tells, json_object_put() frees it. Return: an
 * exit code, after saying what is wrong. */
int told_get(enum plxdma_told what, uint64_t after,
	     struct json_object **object);

/* Members of it; 0, "" and NULL where there is none. */
uint64_t told_number(struct json_object *object, const char *key);
const char *told_text(struct json_object *object, const char *key);
bool told_flag(struct json_object *object, const char *key);
struct json_object *told_member(struct json_object *object, const char *key);
/* Of an array. */
size_t told_count(struct json_object *array);
struct json_object *told_at(struct json_object *array, size_t index);

#endif
