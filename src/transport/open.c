/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which transport a spec means. */
#include <errno.h>
#include <string.h>

#include "transport/model_transport.h"
#include "transport/uio_transport.h"

static const struct {
	const char *prefix;
	int (*open)(const char *options, struct transport **transport,
		    struct error *error);
} transports[] = {
	{"model:", transport_model_open},
	{"uio:", transport_uio_open},
};

int transport_open(const char *spec, struct transport **transport,
		   struct error *error)
{
	size_t i;

	for (i = 0; i < sizeof(transports) / sizeof(transports[0]); i++) {
		size_t length = strlen(transports[i].prefix);

		if (!strncmp(spec, transports[i].prefix, length))
			return transports[i].open(spec + length, transport,
						  error);
	}
	return error_set(error, -ENOTSUP,
			 "\"%s\": this library has no such transport; it has "
			 "model: (the software card) and uio: (a card on "
			 "the kernel module uio_plx9054)",
			 spec);
}
