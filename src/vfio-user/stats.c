/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What it all means: model.h of the card, the man page of the rest. */
#include "vfio-user/stats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "config.h"

#define FORMAT (JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED)

static void number(struct json_object *object, const char *key, uint64_t value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_uint64(value));
}

static struct json_object *part(struct json_object *object, const char *key)
{
	struct json_object *child = json_object_new_object();

	(void)json_object_object_add(object, key, child);
	return child;
}

/* Registers that were touched, by their offset. */
static void registers(struct json_object *object, const char *key,
		      const uint64_t *counts, size_t size)
{
	struct json_object *list = part(object, key);
	char offset[16];

	for (size_t i = 0; i < size; i++) {
		if (!counts[i])
			continue;
		(void)snprintf(offset, sizeof(offset), "0x%02zx", 4 * i);
		number(list, offset, counts[i]);
	}
}

static void card(struct json_object *object,
		 const struct model_counters *counters)
{
	struct json_object *violations;
	uint64_t total = 0;

	number(object, "config_reads", counters->config_reads);
	number(object, "config_writes", counters->config_writes);
	number(object, "local_reads", counters->local_reads);
	number(object, "local_writes", counters->local_writes);
	number(object, "starts", counters->starts);
	number(object, "descriptors", counters->descriptors);
	number(object, "bytes_to_host", counters->bytes_to_host);
	number(object, "bytes_to_card", counters->bytes_to_card);
	number(object, "interrupts", counters->interrupts);
	number(object, "master_aborts", counters->master_aborts);
	number(object, "target_aborts", counters->target_aborts);
	number(object, "bus_ns", counters->bus_ns);
	number(object, "prefetched", counters->prefetched);
	registers(object, "register_reads", counters->reg_reads,
		  sizeof(counters->reg_reads) / sizeof(uint64_t));
	registers(object, "register_writes", counters->reg_writes,
		  sizeof(counters->reg_writes) / sizeof(uint64_t));
	violations = part(object, "violations");
	for (unsigned int i = 0; i < MODEL_VIOLATIONS; i++) {
		number(violations, model_violation_name(i),
		       counters->violations[i]);
		total += counters->violations[i];
	}
	number(object, "violations_total", total);
}

static void served(struct json_object *object, struct device *device)
{
	struct line *line = &device->line;

	number(object, "clients", device->clients);
	number(object, "messages", device->messages);
	number(object, "refused", device->refused);
	number(object, "resets", device->resets);
	number(object, "mapped", device->guest.mapped);
	number(object, "unmapped", device->guest.unmapped);
	number(object, "unreachable", device->guest.unreachable);
	/* The card's engine may be counting. */
	pthread_mutex_lock(&line->lock);
	number(object, "intx_signals", line->signals);
	number(object, "intx_withdrawn", line->withdrawn);
	pthread_mutex_unlock(&line->lock);
}

static struct json_object *collect(struct device *device)
{
	struct json_object *object = json_object_new_object();
	struct model_counters counters;

	model_get_counters(device->model, &counters);
	(void)json_object_object_add(
		object, "schema",
		json_object_new_string("plxdma-model-stats-1"));
	(void)json_object_object_add(object, "plxdma",
				     json_object_new_string(PACKAGE_VERSION));
	card(part(object, "card"), &counters);
	served(part(object, "server"), device);
	return object;
}

static int store(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	int bad;

	if (!file)
		return -errno;
	bad = fputs(text, file) < 0 || fputc('\n', file) < 0;
	bad |= fclose(file) != 0;
	return bad ? -EIO : 0;
}

static int replace(const char *path, const char *text)
{
	char *draft;
	int ret;

	if (asprintf(&draft, "%s.new", path) < 0)
		return -ENOMEM;
	ret = store(draft, text);
	if (!ret && rename(draft, path))
		ret = -errno;
	if (ret)
		unlink(draft);
	free(draft);
	return ret;
}

int stats_write(const char *path, struct device *device,
		struct error *error)
{
	struct json_object *object = collect(device);
	const char *text = json_object_to_json_string_ext(object, FORMAT);
	int ret;

	if (!strcmp(path, "-"))
		ret = puts(text) < 0 || fflush(stdout) ? -EIO : 0;
	else
		ret = replace(path, text);
	json_object_put(object);
	if (ret)
		return error_set(error, ret, "can't write counters to %s: %s",
				 path, strerror(-ret));
	return 0;
}
