/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See told.h. */
#include "cli/told.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int told_get(enum plxdma_told what, uint64_t after, struct json_object **object)
{
	int fd = memfd_create("plxdma-told", MFD_CLOEXEC), code;

	if (fd < 0) {
		cli_complain("no memory: %s", strerror(errno));
		return CLI_FAILED;
	}
	code = plxdma_daemon_tell(what, after, fd);
	if (code) {
		code = cli_failure(NULL, "plxdmad", code);
		goto out_close;
	}
	(void)lseek(fd, 0, SEEK_SET);
	*object = json_object_from_fd(fd);
	if (!*object) {
		cli_complain("what plxdmad tells isn't understood: use both of "
			     "one version");
		code = CLI_FAILED;
	}
out_close:
	(void)close(fd);
	return code;
}

struct json_object *told_member(struct json_object *object, const char *key)
{
	struct json_object *member = NULL;

	(void)json_object_object_get_ex(object, key, &member);
	return member;
}

uint64_t told_number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(told_member(object, key));
}

const char *told_text(struct json_object *object, const char *key)
{
	struct json_object *member = told_member(object, key);

	return member ? json_object_get_string(member) : "";
}

bool told_flag(struct json_object *object, const char *key)
{
	return json_object_get_boolean(told_member(object, key));
}

size_t told_count(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ?
		       json_object_array_length(array) : 0;
}

struct json_object *told_at(struct json_object *array, size_t index)
{
	return json_object_array_get_idx(array, index);
}
