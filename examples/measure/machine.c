/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void find_cpu(char cpu[96])
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];

	(void)strcpy(cpu, "unknown CPU");
	while (file && fgets(line, sizeof(line), file)) {
		char *colon = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || !colon)
			continue;
		colon[strcspn(colon, "\n")] = '\0';
		(void)snprintf(cpu, 96, "%.95s", colon + 2);
		break;
	}
	if (file)
		(void)fclose(file);
}

void machine_describe(struct machine *machine)
{
	struct utsname name;
	time_t now = time(NULL);
	struct tm utc;

	find_cpu(machine->cpu);
	machine->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	(void)strcpy(machine->kernel, "unknown kernel");
	if (uname(&name) == 0)
		(void)snprintf(machine->kernel, sizeof(machine->kernel),
			       "%.20s %.50s %.20s", name.sysname, name.release,
			       name.machine);
	machine->date[0] = '\0';
	if (gmtime_r(&now, &utc))
		(void)strftime(machine->date, sizeof(machine->date),
			       "%Y-%m-%d %H:%M UTC", &utc);
}
