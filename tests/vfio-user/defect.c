/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma-model with one planted defect, named by PLXDMA_DEFECT: what the tests
 * must notice.  The linker puts these functions before the real ones.
 */
#include <stdlib.h>
#include <string.h>

#include "error/guard.h"
#include "vfio-user/connection.h"
#include "vfio-user/device.h"
#include "vfio-user/region.h"

static bool planted(const char *name)
{
	const char *defect = getenv("PLXDMA_DEFECT");

	return defect && !strcmp(defect, name);
}

/* An unmap is answered before it is done, and then isn't. */
int __real_guest_unmap(struct guest *guest,
		       const struct message_dma_unmap *unmap);
int __wrap_guest_unmap(struct guest *guest,
		       const struct message_dma_unmap *unmap);
int __wrap_guest_unmap(struct guest *guest,
		       const struct message_dma_unmap *unmap)
{
	return planted("unmap") ? 0 : __real_guest_unmap(guest, unmap);
}

/* A client that is gone keeps its memory in the card's reach. */
void __real_guest_release(struct guest *guest);
void __wrap_guest_release(struct guest *guest);
void __wrap_guest_release(struct guest *guest)
{
	if (!planted("release"))
		__real_guest_release(guest);
}

/* A level that falls isn't taken back. */
void __real_line_set_level(struct line *line, bool level);
void __wrap_line_set_level(struct line *line, bool level);
void __wrap_line_set_level(struct line *line, bool level)
{
	if (level || !planted("withdraw"))
		__real_line_set_level(line, level);
}

/* Signalled once, and never again. */
void __real_line_unmask(struct line *line);
void __wrap_line_unmask(struct line *line);
void __wrap_line_unmask(struct line *line)
{
	if (!planted("unmask"))
		__real_line_unmask(line);
}

/* Truncated memory kills. */
int __real_guard_copy(void *to, const void *from, size_t size);
int __wrap_guard_copy(void *to, const void *from, size_t size);
int __wrap_guard_copy(void *to, const void *from, size_t size)
{
	if (!planted("guard"))
		return __real_guard_copy(to, from, size);
	memcpy(to, from, size);
	return 0;
}

/* Lengths are believed. */
int __real_message_header_check(const struct message_header *header);
int __wrap_message_header_check(const struct message_header *header);
int __wrap_message_header_check(const struct message_header *header)
{
	return planted("header") ? 0 : __real_message_header_check(header);
}

/* Descriptors that nobody asked for are taken for good. */
unsigned int __real_message_fds(const struct request *request);
unsigned int __wrap_message_fds(const struct request *request);
unsigned int __wrap_message_fds(const struct request *request)
{
	return planted("asked") ? MESSAGE_FDS : __real_message_fds(request);
}

/* They stay open. */
void __real_connection_consume(struct connection *connection);
void __wrap_connection_consume(struct connection *connection);
void __wrap_connection_consume(struct connection *connection)
{
	if (planted("leak"))
		connection->fd_count = 0;
	__real_connection_consume(connection);
}

/* A reset resets nothing. */
void __real_model_reset(struct model *model);
void __wrap_model_reset(struct model *model);
void __wrap_model_reset(struct model *model)
{
	if (!planted("reset"))
		__real_model_reset(model);
}

/* Accesses beyond configuration space reach what lies there. */
int __real_region_read(struct model *model,
		       const struct message_access *access, uint8_t *data);
int __wrap_region_read(struct model *model,
		       const struct message_access *access, uint8_t *data);
int __wrap_region_read(struct model *model,
		       const struct message_access *access, uint8_t *data)
{
	struct message_access near = *access;

	if (planted("bounds") && near.region == MESSAGE_REGION_CONFIG)
		near.offset &= 0xff;
	return __real_region_read(model, &near, data);
}
