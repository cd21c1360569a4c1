/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See sized.h. */
#include "api/sized.h"

#include <errno.h>
#include <string.h>

size_t sized_room(const void *result)
{
	uint32_t size;

	memcpy(&size, result, sizeof(size));
	return size >= 2 * sizeof(size) && size <= SIZED_MAX ? size : 0;
}

void sized_give(void *result, const void *known, size_t size)
{
	const size_t head = sizeof(uint32_t);
	size_t room = sized_room(result);
	char *to = result;

	if (room > size) {
		memset(to + size, 0, room - size);
		room = size;
	}
	memcpy(to + head, (const char *)known + head, room - head);
}

int sized_take(void *known, size_t size, size_t first, const void *request)
{
	const char *from = request;
	size_t room = sized_room(request), i;

	if (!room || room < first)
		return -EINVAL;
	for (i = size; i < room; i++)
		if (from[i])
			return -EINVAL;
	memset(known, 0, size);
	memcpy(known, request, room < size ? room : size);
	return 0;
}
