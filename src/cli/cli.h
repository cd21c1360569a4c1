/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the verbs of plxdma share: their table, how they end, how they read
 * their arguments, how they print JSON.
 *
 * A verb is one file with one function that looks like a main(): it reads its
 * own arguments by argp, does its work through the public headers alone, and
 * returns an exit code.
 */
#ifndef CLI_H
#define CLI_H

#include <argp.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include <plxdma/plxdma.h>

/* How a verb ends; a promise to scripts, see plxdma(1). */
enum cli_exit {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,
	CLI_ABSENT = 3,	  /* no such card, no daemon */
	CLI_SKIPPED = 77, /* this card can't do that */
};

struct cli_verb {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

int verb_list(int argc, char **argv);
int verb_info(int argc, char **argv);
int verb_regs(int argc, char **argv);
int verb_peek(int argc, char **argv);
int verb_poke(int argc, char **argv);
int verb_read(int argc, char **argv);
int verb_write(int argc, char **argv);
int verb_bench(int argc, char **argv);
int verb_selftest(int argc, char **argv);
int verb_eeprom(int argc, char **argv);
int verb_pool(int argc, char **argv);
int verb_irq(int argc, char **argv);
int verb_claim(int argc, char **argv);
int verb_tune(int argc, char **argv);
int verb_status(int argc, char **argv);
int verb_metrics(int argc, char **argv);
int verb_trace(int argc, char **argv);
int verb_report(int argc, char **argv);
int verb_bind(int argc, char **argv);
int verb_unbind(int argc, char **argv);
int verb_record(int argc, char **argv);
int verb_verify(int argc, char **argv);

/*
 * Arguments.  Every verb's options end with the row CLI_OPTIONS, and its
 * parser hands what it doesn't know to cli_option(); its input begins with a
 * struct cli_common.  A verb whose only argument is a card's SPEC lets
 * cli_option() take that as well.
 */
struct cli_common {
	bool json;
	const char *spec;
};

#define CLI_OPTIONS                                                            \
	{                                                                      \
		"json", 'j', 0, 0, "Print one JSON object", 100                \
	}

int cli_option(int key, char *arg, struct argp_state *state);

/* Parses argv by the verb's argp.  Return: 0 or CLI_USAGE. */
int cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/* Numbers as people write them: 4096, 0x1000, 64K, 1M, 2G.  Return: 0 or
 * -EINVAL. */
int cli_number(const char *text, uint64_t *value);
/* The same for an argument of a verb; on nonsense, or beyond @max, ends by
 * argp_error(). */
uint64_t cli_number_arg(const struct argp_state *state, const char *what,
			const char *text, uint64_t max);

/* Prints "plxdma: ..." to the standard error. */
void cli_complain(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
/* Says why the last call failed.  Return: the exit code that fits. */
int cli_failure(const struct plxdma_card *card, const char *what, int code);
/* Opens a card, or says why not.  Return: an exit code. */
int cli_open(const char *spec, struct plxdma_card **card);

/*
 * JSON: one object a run, of the named schema.  Prints the object and drops
 * it.
 */
struct json_object *cli_json_new(const char *schema);
void cli_json_print(struct json_object *object);

void cli_json_text(struct json_object *object, const char *key,
		   const char *value);
void cli_json_number(struct json_object *object, const char *key,
		     uint64_t value);
void cli_json_signed(struct json_object *object, const char *key,
		     int64_t value);
void cli_json_double(struct json_object *object, const char *key,
		     double value);
void cli_json_flag(struct json_object *object, const char *key, bool value);
/* A number as people of the bus read it: "0x0f010100". */
void cli_json_hex(struct json_object *object, const char *key, uint32_t value,
		  unsigned int width);

/* Sizes for people: "64 KiB", "8388607 B".  Return: @text. */
#define CLI_SIZE_TEXT 24
const char *cli_size(uint64_t bytes, char text[CLI_SIZE_TEXT]);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t cli_now(void);

#endif
