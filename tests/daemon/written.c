/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files are made elsewhere and moved into place, as an editor would.
 */
#include "written.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void written_make(struct written *written)
{
	strcpy(written->folder, "/tmp/plxdmad-conf-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(written->folder));
	ck_assert_int_eq(chmod(written->folder, 0755), 0);
	snprintf(written->path, sizeof(written->path), "%s/plxdmad.conf",
		 written->folder);
	written_put(written, "");
}

static void file_put(const struct written *written, const char *path,
		     const char *text)
{
	char made[128];
	FILE *file;

	snprintf(made, sizeof(made), "%s/made", written->folder);
	file = fopen(made, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(rename(made, path), 0);
}

void written_put(const struct written *written, const char *text)
{
	file_put(written, written->path, text);
}

void written_beside(const struct written *written, const char *name,
		    const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "%s.d", written->path);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s.d/%s", written->path, name);
	file_put(written, path, text);
}

static void folder_remove(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char path[512];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

void written_end(const struct written *written)
{
	char path[128];

	snprintf(path, sizeof(path), "%s.d", written->path);
	folder_remove(path);
	folder_remove(written->folder);
}
