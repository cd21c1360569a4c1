/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Figures without their machine are worth nothing. */
#include "bench/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/cli.h"

static void processor_read(struct machine *machine)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];

	(void)snprintf(machine->processor, sizeof(machine->processor),
		       "unknown");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "model name : %95[^\n]",
			   machine->processor) == 1)
			break;
	(void)fclose(file);
}

static void hugepages_read(struct machine *machine)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		(void)sscanf(line, "HugePages_Total: %lu", &machine->hugepages);
		(void)sscanf(line, "HugePages_Free: %lu",
			     &machine->hugepages_free);
		(void)sscanf(line, "Hugepagesize: %lu", &machine->hugepage_kib);
	}
	(void)fclose(file);
}

void machine_read(struct machine *machine)
{
	struct utsname name;

	memset(machine, 0, sizeof(*machine));
	processor_read(machine);
	hugepages_read(machine);
	machine->processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (!uname(&name))
		(void)snprintf(machine->kernel, sizeof(machine->kernel),
			       "%s %s %s", name.sysname, name.release,
			       name.machine);
}

void machine_print(const struct machine *machine)
{
	printf("%ld x %s, %s, %lu hugepages of %lu KiB (%lu free)\n",
	       machine->processors, machine->processor, machine->kernel,
	       machine->hugepages, machine->hugepage_kib,
	       machine->hugepages_free);
}

struct json_object *machine_json(const struct machine *machine)
{
	struct json_object *object = json_object_new_object();

	cli_json_text(object, "processor", machine->processor);
	cli_json_number(object, "processors", (uint64_t)machine->processors);
	cli_json_text(object, "kernel", machine->kernel);
	cli_json_number(object, "hugepages", machine->hugepages);
	cli_json_number(object, "hugepages_free", machine->hugepages_free);
	cli_json_number(object, "hugepage_kib", machine->hugepage_kib);
	return object;
}
