/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The meta file, by SigMF's core namespace and one of ours.
 */
#include "record/recording.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "config.h"

static void text(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

static void number(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

static struct json_object *extensions(void)
{
	struct json_object *list = json_object_new_array();
	struct json_object *ours = json_object_new_object();

	text(ours, "name", "plxdma");
	text(ours, "version", PACKAGE_VERSION);
	json_object_object_add(ours, "optional", json_object_new_boolean(1));
	json_object_array_add(list, ours);
	return list;
}

static struct json_object *global(const struct recording *recording,
				  const char *why)
{
	const struct recording_about *about = &recording->about;
	struct json_object *object = json_object_new_object();

	text(object, "core:datatype", "ru32_le");
	text(object, "core:version", "1.0.0");
	text(object, "core:recorder", "plxdma " PACKAGE_VERSION);
	json_object_object_add(object, "core:extensions", extensions());
	text(object, "plxdma:card", about->card);
	text(object, "plxdma:chip", about->chip);
	number(object, "plxdma:channel", about->channel);
	number(object, "plxdma:run", about->run);
	number(object, "plxdma:block_bytes", about->block_bytes);
	json_object_object_add(object, "plxdma:tai_offset_ns",
			       json_object_new_int64(about->tai_offset_ns));
	text(object, "plxdma:state", why ? "closed" : "open");
	if (!why)
		return object;
	text(object, "plxdma:ended", why);
	number(object, "plxdma:blocks", recording->safe_blocks);
	number(object, "plxdma:bytes", recording->safe_bytes);
	number(object, "plxdma:dropped", recording->dropped);
	return object;
}

static struct json_object *captures(const struct recording *recording)
{
	struct json_object *list = json_object_new_array();
	struct json_object *capture = json_object_new_object();
	time_t seconds = (time_t)(recording->first_time / 1000000000u);
	char when[40], stamp[64];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(stamp, sizeof(stamp), "%s.%09uZ", when,
		       (unsigned int)(recording->first_time % 1000000000u));
	number(capture, "core:sample_start", 0);
	text(capture, "core:datetime", stamp);
	json_object_array_add(list, capture);
	return list;
}

int recording_meta(const struct recording *recording, const char *why)
{
	struct json_object *meta = json_object_new_object();
	char path[RECORD_PATH], fresh[RECORD_PATH] = "";
	int result = recording_path(path, recording->about.name, RECORD_META);

	if (!result)
		result = recording_path(fresh, recording->about.name,
					RECORD_META ".new");
	json_object_object_add(meta, "global", global(recording, why));
	json_object_object_add(meta, "captures", captures(recording));
	json_object_object_add(meta, "annotations", json_object_new_array());
	if (!result && json_object_to_file_ext(fresh, meta,
					       JSON_C_TO_STRING_PRETTY))
		result = errno ? -errno : -EIO;
	if (!result && rename(fresh, path))
		result = -errno;
	if (result)
		unlink(fresh);
	json_object_put(meta);
	return result;
}
