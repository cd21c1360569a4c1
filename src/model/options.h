/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the option string said, as far as it isn't part of the card's state.
 */
#ifndef MODEL_OPTIONS_H
#define MODEL_OPTIONS_H

#include "model/card.h"

enum options_engine { ENGINE_DEFAULT, ENGINE_THREAD, ENGINE_INLINE };

struct options {
	enum options_engine engine;
	uint64_t rate;
	char *bus;
	char *eeprom;
	char *fault;
	char *trace;
	char **board;
	unsigned int board_count;
};

int options_parse(struct model *m, struct options *o, const char *options,
		  struct error *error);
bool options_threaded(const struct options *o, uint64_t rate);
void options_free(struct options *o);

/* option_table.c */
int option_parse(struct model *m, struct options *o, const char *name,
		 const char *value, struct error *error);
int option_refuse(struct error *error, const char *name, const char *value,
		  const char *wanted);

#endif
