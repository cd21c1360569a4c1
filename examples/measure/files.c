/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

static int file_end(FILE *file)
{
	int bad = ferror(file);

	/* The rest is written only now. */
	return fclose(file) || bad ? -EIO : 0;
}

static double per_second(const struct row *row)
{
	return row->elapsed_ns ? (double)row->transfers * 1e9 /
					 (double)row->elapsed_ns :
				 0;
}

int files_write_csv(const struct plan *plan, const char *path)
{
	FILE *file = fopen(path, "we");
	unsigned int i;

	if (!file)
		return -errno;
	(void)fputs("via,direction,form,wait,size,transfers,mb_per_s,"
		    "bus_share,transfers_per_s,p50_us,p99_us,cpu_us_per_mib,"
		    "reg_writes,reg_reads,syscalls,verified_bytes,errors\n",
		    file);
	for (i = 0; i < plan->row_count; i++) {
		const struct row *row = &plan->rows[i];
		const struct cell *cell = &row->cell;

		if (!row->transfers && !row->errors)
			continue;
		(void)fprintf(file,
			      "%s,%s,%s,%s,%llu,%llu,%.3f,%.4f,%.1f,%.3f,"
			      "%.3f,%.3f,%.3f,%.3f,%.3f,%llu,%llu\n",
			      plan->sources[cell->spec].label,
			      side_name(cell->side), form_name(cell->form),
			      waiting_name(cell->waiting),
			      (unsigned long long)cell->size,
			      (unsigned long long)row->transfers,
			      row_rate(row), row_share(plan, row),
			      per_second(row), (double)row->p50_ns / 1e3,
			      (double)row->p99_ns / 1e3, row_cpu(row),
			      row->reg_writes, row->reg_reads, row->syscalls,
			      (unsigned long long)row->verified,
			      (unsigned long long)row->errors);
	}
	return file_end(file);
}

static void add_text(struct json_object *object, const char *key,
		     const char *value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_string(value));
}

static void add_count(struct json_object *object, const char *key,
		      uint64_t value)
{
	(void)json_object_object_add(object, key,
				     json_object_new_uint64(value));
}

/* Negative: not known, null. */
static void add_figure(struct json_object *object, const char *key,
		       double value)
{
	(void)json_object_object_add(
		object, key, value < 0 ? NULL : json_object_new_double(value));
}

static struct json_object *row_json(const struct plan *plan,
				    const struct row *row)
{
	struct json_object *object = json_object_new_object();
	const struct cell *cell = &row->cell;

	add_text(object, "via", plan->sources[cell->spec].label);
	add_text(object, "direction", side_name(cell->side));
	add_text(object, "form", form_name(cell->form));
	add_text(object, "wait", waiting_name(cell->waiting));
	add_count(object, "size", cell->size);
	add_count(object, "transfers", row->transfers);
	add_figure(object, "mb_per_s", row_rate(row));
	add_figure(object, "bus_share", row_share(plan, row));
	add_figure(object, "transfers_per_s", per_second(row));
	add_figure(object, "p50_us", (double)row->p50_ns / 1e3);
	add_figure(object, "p99_us", (double)row->p99_ns / 1e3);
	add_figure(object, "cpu_us_per_mib", row_cpu(row));
	add_figure(object, "reg_writes", row->reg_writes);
	add_figure(object, "reg_reads", row->reg_reads);
	add_figure(object, "syscalls", row->syscalls);
	add_count(object, "verified_bytes", row->verified);
	add_count(object, "errors", row->errors);
	if (row->why[0])
		add_text(object, "why", row->why);
	return object;
}

static struct json_object *head_json(const struct plan *plan,
				     const struct machine *machine)
{
	struct json_object *object = json_object_new_object();
	struct json_object *box = json_object_new_object();
	struct json_object *cards = json_object_new_object();
	unsigned int i;

	add_text(object, "schema", "plxdma.throughput/1");
	add_text(box, "cpu", machine->cpu);
	add_count(box, "cpus", (uint64_t)machine->cpus);
	add_text(box, "kernel", machine->kernel);
	add_text(box, "date", machine->date);
	(void)json_object_object_add(object, "machine", box);
	for (i = 0; i < plan->source_count; i++)
		add_text(cards, plan->sources[i].label, plan->sources[i].full);
	(void)json_object_object_add(object, "cards", cards);
	add_count(object, "depth", plan->depth);
	return object;
}

int files_write_json(const struct plan *plan, const struct machine *machine,
		     const char *path)
{
	struct json_object *object = head_json(plan, machine);
	struct json_object *rows = json_object_new_array();
	FILE *file = fopen(path, "we");
	unsigned int i;

	for (i = 0; i < plan->row_count; i++)
		(void)json_object_array_add(rows,
					    row_json(plan, &plan->rows[i]));
	(void)json_object_object_add(object, "rows", rows);
	if (file)
		(void)fprintf(file, "%s\n",
			      json_object_to_json_string_ext(
				      object, JSON_C_TO_STRING_PRETTY |
						      JSON_C_TO_STRING_SPACED));
	(void)json_object_put(object);
	return file ? file_end(file) : -errno;
}
