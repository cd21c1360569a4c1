/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the matrix. */
#ifndef CONFIGURATIONS_H
#define CONFIGURATIONS_H

enum configuration_host {
	HOST_SMALL,		/* 4 KiB pages, no privilege */
	HOST_HUGE,		/* hugepages */
	HOST_FRAMES,		/* hugepages, and their true addresses */
	HOST_DAEMON,		/* hugepages of a daemon */
};

struct configuration {
	const char *name;
	const char *options;	/* of the software card */
	enum configuration_host host;
	unsigned int whole : 1;		/* the full product */
	unsigned int seam : 1;		/* memory crosses 4 GiB */
	unsigned int wide : 1;		/* chains have 32-byte descriptors */
	unsigned int unreachable : 1;	/* refused: -ENXIO */
};

/* Ends with a NULL name. */
extern const struct configuration configurations[];

#endif
