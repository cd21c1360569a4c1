/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The software card: made from its options, in the order in which a machine
 * is switched on, and taken apart when nothing can reach it any more.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/options.h"

static int model_power_on(struct model *m, const struct options *o,
			  struct error *error)
{
	int ret;

	m->bus = timing_bus_get(o->bus, o->rate);
	if (!m->bus) {
		free(m->board.file);
		return error_set(error, -ENOMEM, "model: no memory");
	}
	m->rate = m->bus->rate;
	m->threaded = options_threaded(o, m->rate);
	ret = trace_open(&m->trace.file, o->trace, error);
	if (ret)
		goto out_board;
	atomic_store(&m->trace.on, m->trace.file.fd >= 0);
	ret = board_find(m, error);
	if (!ret)
		ret = eeprom_open(m, o->eeprom, error);
	if (ret)
		goto out_board;
	reset_power_on(m);
	ret = board_open(m, (const char *const *)o->board, error);
	if (ret)
		goto out_board;
	if (o->fault)
		ret = fault_add(m, o->fault, error);
	if (!ret)
		ret = engine_open(m, error);
	if (!ret)
		return 0;
out_board:
	board_close(m);
	trace_close(&m->trace.file);
	pci_bus_leave(m->bus, &m->user, timing_now(m));
	timing_bus_put(m->bus);
	return ret;
}

int model_new(const char *options, struct model **model, struct error *error)
{
	struct model *m = aligned_alloc(CACHE_LINE, sizeof(*m));
	struct options parsed = { 0 };
	int ret;

	if (!m)
		return error_set(error, -ENOMEM, "model: no memory");
	memset(m, 0, sizeof(*m));
	ret = options_parse(m, &parsed, options ? options : "", error);
	if (ret)
		free(m->board.file);
	else
		ret = model_power_on(m, &parsed, error);
	options_free(&parsed);
	if (ret) {
		free(m);
		return ret;
	}
	*model = m;
	return 0;
}

const char *model_slot(const struct model *m)
{
	return m->slot;
}

/* Safe while the engine runs: after this it touches no memory of the host. */
void model_free(struct model *m)
{
	if (!m)
		return;
	engine_close(m);
	board_close(m);
	pci_bus_leave(m->bus, &m->user, timing_now(m));
	timing_bus_put(m->bus);
	trace_close(&m->trace.file);
	free(m->ranges.v);
	free(m);
}
