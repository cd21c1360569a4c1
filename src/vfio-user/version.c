/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Capabilities are JSON, and the answer's have to be a subset of the
 * proposal's: those that the client named and this server has.
 */
#include "vfio-user/version.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <json-c/json.h>

#define TEXT_MAX  65536	/* nobody has that much to say */
#define DEPTH_MAX 8

/* Their values here; write_multiple is a boolean. */
static const struct {
	const char *name;
	int value;
} capabilities[] = {
	{ "max_msg_fds", MESSAGE_FDS },
	{ "max_data_xfer_size", MESSAGE_DATA_MAX },
	{ "max_dma_maps", VERSION_DMA_MAPS },
	{ "pgsizes", MESSAGE_PAGE },
};

static struct json_object *parse(const char *text, size_t size)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *object;

	if (!tokener)
		return NULL;
	object = json_tokener_parse_ex(tokener, text, (int)size);
	if (json_tokener_get_error(tokener) != json_tokener_success) {
		json_object_put(object);
		object = NULL;
	}
	json_tokener_free(tokener);
	return object;
}

static void choose(struct json_object *proposed, struct json_object *chosen)
{
	struct json_object *multi;

	for (size_t i = 0; i < sizeof(capabilities) / sizeof(*capabilities);
	     i++) {
		if (!json_object_object_get_ex(proposed, capabilities[i].name,
					       NULL))
			continue;
		(void)json_object_object_add(
			chosen, capabilities[i].name,
			json_object_new_int(capabilities[i].value));
	}
	if (json_object_object_get_ex(proposed, "write_multiple", &multi))
		(void)json_object_object_add(
			chosen, "write_multiple",
			json_object_new_boolean(json_object_get_boolean(multi)));
}

/* Return: the answer, or NULL if the proposal is none. */
static struct json_object *negotiate(const struct request *request)
{
	struct json_object *proposal = NULL, *proposed, *answer, *chosen;
	bool named;

	if (request->size > TEXT_MAX)
		return NULL;
	if (request->size) {
		proposal = parse((const char *)request->data, request->size);
		if (!json_object_is_type(proposal, json_type_object))
			goto out_proposal;
	}
	named = proposal && json_object_object_get_ex(proposal, "capabilities",
						      &proposed);
	if (named && !json_object_is_type(proposed, json_type_object))
		goto out_proposal;
	answer = json_object_new_object();
	chosen = json_object_new_object();
	if (named)
		choose(proposed, chosen);
	(void)json_object_object_add(answer, "capabilities", chosen);
	json_object_put(proposal);
	return answer;

out_proposal:
	json_object_put(proposal);
	return NULL;
}

long version_answer(const struct request *request, uint8_t *payload,
		    size_t room)
{
	struct message_version version = { .major = 0, .minor = 0 };
	struct json_object *answer;
	const char *text;
	long size = -EINVAL;
	size_t length;

	if (request->version.major != version.major)
		return -EPROTONOSUPPORT;
	answer = negotiate(request);
	if (!answer)
		return -EINVAL;
	text = json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN);
	length = strlen(text) + 1;
	if (sizeof(version) + length <= room) {
		memcpy(payload, &version, sizeof(version));
		memcpy(payload + sizeof(version), text, length);
		size = (long)(sizeof(version) + length);
	}
	json_object_put(answer);
	return size;
}
