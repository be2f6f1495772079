// SPDX-License-Identifier: ISC
/*
 * cmd_output.h: where the files of a sub-command go. A file is written beside its target and
 * renamed over it, so that nobody finds half of it.
 */
#ifndef TURNOUT_CMD_OUTPUT_H
#define TURNOUT_CMD_OUTPUT_H

#include <stdio.h>

#include "gen/buffer.h"
#include "gen/command.h"

/*
 * What --output means, into `path`: a file; of a folder (or a name with a slash at its end) the
 * file `name` in it. "" is standard output: for "-", and without the option where `is_text`; what
 * is not text goes to `name` in the current folder.
 */
void		output_path(const struct call *call, const char *name, bool is_text,
		    struct buffer *path);

/*
 * Have `fill` write to `path` ("": standard output). It returns ST_OK, ST_FULL or ST_FAULT with
 * errno, or anything else after saying why. A failure is said; a file that was there before is then
 * untouched.
 */
enum status	output_write(const struct call *call, const char *path,
		    enum status (*fill)(void *handle, FILE *out), void *handle);

/*
 * Keep in the history of exports what was written, and who did it: as --by says, or the login name
 * of this process. A failure is said.
 */
enum status	output_note(const struct call *call, const char *kind, const char *format,
		    const struct register_filter *filter, size_t lines);

#endif
