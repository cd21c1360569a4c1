/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file with a text of the test's, for what reads files. */
#ifndef SCRATCH_H
#define SCRATCH_H

/* The path of a new file that holds @text; gone with the test's process. */
const char *scratch_file(const char *text);

#endif
