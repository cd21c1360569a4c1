/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Stripping the driver's own options from a spec such as
 * "model:chip=9080,dac=no".  Unknown ones are not judged here: only the
 * transport knows its own.
 */
#include "dma/options.h"

#include <errno.h>
#include <string.h>

#include "chip/tuning.h"

struct own {
	const char *key;
	const char *value;
	size_t flag;
};

static const struct own own[] = {
	{"reset", "allowed", offsetof(struct card_options, reset_allowed)},
	{"dac", "no", offsetof(struct card_options, no_dac)},
	{"quirk", "zero", offsetof(struct card_options, zero_chain)},
};

static int key_is(const char *option, size_t length, const char *key)
{
	size_t n = strlen(key);

	return length > n && !strncmp(option, key, n) && option[n] == '=';
}

static const char tune[] = "tune.";

/* "tune.FIELD=VALUE"; whether this chip takes it is seen when it is known. */
static int tune_take(const char *option, size_t length,
		     struct plxdma_tuning *tuning, struct error *error)
{
	const char *name = option + strlen(tune);
	const char *equals = memchr(option, '=', length);
	const struct tuning_field *field = NULL;
	int result;

	if (equals)
		field = tuning_find(name, (size_t)(equals - name));
	if (!field)
		return error_set(error, -EINVAL,
				 "option \"%.*s\": give tune.FIELD=VALUE with a "
				 "field of the bus tuning; plxdma tune shows "
				 "them", (int)length, option);
	result = tuning_parse(field, equals + 1,
			      length - (size_t)(equals + 1 - option), tuning,
			      error);
	return result ? result : 1;
}

static const char report[] = "report=";

static int report_take(const char *option, size_t length, char *path,
		       struct error *error)
{
	const size_t n = length - strlen(report);

	if (!n || n >= OPTION_REPORT)
		return error_set(error, -EINVAL,
				 "option \"%.*s\": give report=DIR with a "
				 "directory of less than %d bytes",
				 (int)length, option, OPTION_REPORT);
	memcpy(path, option + strlen(report), n);
	path[n] = '\0';
	return 1;
}

/* 1 if the option was the driver's, 0 if it isn't, -EINVAL. */
static int option_take(const char *option, size_t length,
		       struct card_options *options, struct error *error)
{
	size_t i, n;

	if (length >= strlen(tune) && !strncmp(option, tune, strlen(tune)))
		return tune_take(option, length, &options->tuning, error);
	if (length >= strlen(report) &&
	    !strncmp(option, report, strlen(report)))
		return report_take(option, length, options->report, error);
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (!key_is(option, length, own[i].key))
			continue;
		n = strlen(own[i].key) + 1;
		if (length - n != strlen(own[i].value) ||
		    strncmp(option + n, own[i].value, length - n))
			return error_set(error, -EINVAL,
					 "option \"%.*s\": %s= takes \"%s\" "
					 "only", (int)length, option,
					 own[i].key, own[i].value);
		*(int *)((char *)options + own[i].flag) = 1;
		return 1;
	}
	return 0;
}

static size_t append(char *rest, size_t at, const char *text, size_t length)
{
	memcpy(rest + at, text, length);
	rest[at + length] = '\0';
	return at + length;
}

int options_strip(const char *spec, struct card_options *options, char *rest,
		  size_t room, struct error *error)
{
	const char *colon = strchr(spec, ':');
	size_t head = colon ? (size_t)(colon - spec) + 1 : strlen(spec);
	const char *option;
	size_t at, length;
	int result;

	*options = (struct card_options){0};
	tuning_init(&options->tuning);
	if (strlen(spec) >= room)
		return error_set(error, -ENAMETOOLONG,
				 "the spec is longer than %zu bytes", room - 1);
	at = append(rest, 0, spec, head);
	for (option = spec + head; *option; option += length) {
		option += *option == ',';
		length = strcspn(option, ",");
		result = option_take(option, length, options, error);
		if (result < 0)
			return result;
		if (result || !length)
			continue;
		if (at > head)
			at = append(rest, at, ",", 1);
		at = append(rest, at, option, length);
	}
	return 0;
}
