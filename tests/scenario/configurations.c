/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every personality below, above and across 4 GiB; every switch that changes
 * how data moves, with data on either side.
 */
#include <stddef.h>

#include "configurations.h"

#define BELOW "iova=0x10000000"
#define ABOVE "iova=0x140000000"
/* 16 of the 40 MiB lie below. */
#define ACROSS "iova=0xff000000"

/* Name, options of the card, and what is special. */
#define ROW(a_name, a_options, ...) \
	{ .name = (a_name), .options = (a_options), ##__VA_ARGS__ }

const struct configuration configurations[] = {
	ROW("9054ac", "chip=9054ac," BELOW, .whole = 1),
	ROW("9054ac above", "chip=9054ac," ABOVE, .whole = 1, .wide = 1),
	ROW("9054ac across", "chip=9054ac," ACROSS, .whole = 1, .seam = 1),
	ROW("9054ab", "chip=9054ab," BELOW),
	ROW("9054ab above", "chip=9054ab," ABOVE, .wide = 1),
	ROW("9054aa", "chip=9054aa," BELOW),
	ROW("9054aa above", "chip=9054aa," ABOVE, .wide = 1),
	ROW("9056", "chip=9056," BELOW),
	ROW("9056 above", "chip=9056," ABOVE, .wide = 1),
	ROW("9056 across", "chip=9056," ACROSS, .seam = 1),
	ROW("9656", "chip=9656," BELOW),
	ROW("9656 above", "chip=9656," ABOVE, .wide = 1),
	ROW("8311", "chip=8311," BELOW),
	ROW("8311 above", "chip=8311," ABOVE, .wide = 1),
	ROW("9080", "chip=9080," BELOW),
	ROW("9080 above", "chip=9080," ABOVE, .unreachable = 1),
	ROW("posted", "posted=on," BELOW),
	ROW("posted above", "posted=on," ABOVE, .wide = 1),
	ROW("posted 9080", "posted=on,chip=9080," BELOW),
	ROW("prefetch", "prefetch=32," BELOW),
	ROW("prefetch across", "prefetch=32," ACROSS, .seam = 1),
	ROW("thread", "engine=thread," BELOW),
	ROW("thread posted", "engine=thread,posted=on,prefetch=32," ABOVE,
	    .wide = 1),
	ROW("inline", "engine=inline," BELOW),
	ROW("rate", "rate=4e9," BELOW),
	ROW("rate inline", "rate=4e9,engine=inline," BELOW),
	ROW("hugepages", BELOW, .host = HOST_HUGE),
	ROW("true frames", "iommu=off", .host = HOST_FRAMES),
	ROW("frames posted", "iommu=off,posted=on,chip=9056",
	    .host = HOST_FRAMES),
	ROW("daemon", BELOW, .host = HOST_DAEMON),
	ROW("daemon above", "posted=on,chip=9656," ABOVE,
	    .host = HOST_DAEMON, .wide = 1),
	ROW(NULL, NULL)
};
