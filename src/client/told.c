/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See told.h. */
#include "client/told.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api/front.h"
#include "client/connection.h"

int told_copy(int from, int to)
{
	char bytes[4096];
	off_t at = 0;
	ssize_t got, put;

	while ((got = pread(from, bytes, sizeof(bytes), at)) > 0) {
		for (ssize_t done = 0; done < got; done += put) {
			put = write(to, bytes + done, (size_t)(got - done));
			if (put < 0 && errno == EINTR)
				put = 0;
			else if (put <= 0)
				return put ? -errno : -EIO;
		}
		at += got;
	}
	return got ? -errno : 0;
}

int front_daemon_tell(enum plxdma_told what, uint64_t after, int fd,
		      struct error *error)
{
	struct connection connection;
	struct packet packet;
	int err = connection_open(NULL, &connection, error);

	if (err)
		return err;
	connection_request(&packet, WIRE_TELL);
	packet.message.tell.what = what;
	packet.message.tell.after = after;
	err = connection_ask(&connection, &packet, 1, error);
	if (!err) {
		err = told_copy(packet.fds[0], fd);
		packet_close_fds(&packet);
		if (err)
			error_set(error, err, "what plxdmad tells can't be "
				  "written: %s", strerror(-err));
	}
	connection_close(&connection);
	return err;
}
