/* SPDX-License-Identifier: MIT */
/*
 * The throughput benchmark: what is measured, and what came out.
 *
 * A cell is one combination of card, direction, form, waiting and size; a row
 * is a cell with its figures. The benchmark is an ordinary client of the
 * library: whatever it reaches, any program can.
 */
#ifndef THROUGHPUT_H
#define THROUGHPUT_H

#include <stdbool.h>
#include <stdint.h>

#include <plxdma/plxdma.h>

#define SPECS_MAX 4
#define SIZES_MAX 32
#define LANES_MAX PLXDMA_CHANNELS

enum side {
	SIDE_TO_HOST,
	SIDE_TO_CARD,
	SIDE_BOTH, /* channel 0 to the host, channel 1 to the card */
};

struct cell {
	unsigned int spec;
	enum side side;
	enum plxdma_form form;
	enum plxdma_waiting waiting;
	uint64_t size;
};

struct row {
	struct cell cell;
	char why[240]; /* why there are no figures, or what went wrong */
	uint64_t transfers;
	uint64_t bytes;
	uint64_t elapsed_ns;
	uint64_t cpu_ns;
	uint64_t p50_ns;
	uint64_t p99_ns;
	uint64_t verified; /* bytes */
	uint64_t errors;   /* wrong words and failed transfers */
	double reg_reads;  /* per transfer, negative: not known */
	double reg_writes;
	double syscalls;
};

/* A card under measurement, as the command line has it. */
struct source {
	const char *spec;
	char full[256]; /* with the arena and memory that the sizes need */
	char label[24];
	double rate; /* of its bus in bytes per second, 0: not set */
};

struct plan {
	struct source sources[SPECS_MAX];
	unsigned int source_count;
	uint64_t sizes[SIZES_MAX];
	unsigned int size_count;
	bool sides[3];
	bool forms[3];	  /* by enum plxdma_form */
	bool waitings[2]; /* by enum plxdma_waiting */
	unsigned int depth;
	uint64_t row_ns; /* time under way that a row aims at */
	uint64_t room;	 /* bytes that a lane needs on either side */
	bool has_local;
	uint32_t local;
	double rate;
	const char *csv;
	const char *json;
	const char *plot;
	struct row *rows;
	unsigned int row_count;
};

/* plan.c: reads the command line.  Return: 0, or an exit code. */
int plan_read(struct plan *plan, int argc, char **argv);
void plan_free(struct plan *plan);

/* names.c: words for tables and files. */
const char *side_name(enum side side);
const char *form_name(enum plxdma_form form);
const char *waiting_name(enum plxdma_waiting waiting);
/* "64 KiB" or "100 B".  Return: @text. */
const char *size_text(uint64_t size, char text[24]);
/* Megabytes (10^6) per second. */
double row_rate(const struct row *row);
/* CPU time of the calling thread, microseconds for a MiB. */
double row_cpu(const struct row *row);
/* Share of the bus, negative where no rate is set. */
double row_share(const struct plan *plan, const struct row *row);

/* The whole benchmark.  Return: exit code. */
int throughput_main(int argc, char **argv);

#endif
