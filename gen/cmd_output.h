// SPDX-License-Identifier: ISC
/*
 * cmd_output.h: where a sub-command writes its files. A file is written beside its target and
 * renamed over it, so that nobody finds half of one.
 */
#ifndef TURNOUT_CMD_OUTPUT_H
#define TURNOUT_CMD_OUTPUT_H

#include <stdio.h>

#include "gen/buffer.h"
#include "gen/command.h"
#include "gen/export.h"

/*
 * Read --paper (A4 without it), and --format, where *format holds what it is without that; a format
 * that this program lacks is left to turnout-export (call_elsewhere). ST_USAGE (said).
 */
enum status	output_paper(const struct call *call, bool *is_letter);
enum status	output_form(const struct call *call, enum export_format *format, bool *is_letter);

/*
 * Add to `path` the file that --output means: one of that name, or, when it names a folder or ends
 * with a slash, the file `name` in that folder. Add nothing for standard output: with "-", or
 * without the option where `is_text`. Without the option, what is not text goes to `name` in the
 * current folder.
 */
void		output_path(const struct call *call, const char *name, bool is_text,
		    struct buffer *path);

/*
 * Have `fill` write to `path` ("": standard output). It returns ST_OK; ST_FULL or ST_FAULT, with
 * errno; or any other status, having said why itself. Returns that status, or ST_FULL or ST_FAULT
 * when the file cannot be made, synced or renamed. Every failure is said, and leaves a file that
 * was there before untouched.
 */
enum status	output_write(const struct call *call, const char *path,
		    enum status (*fill)(void *handle, FILE *out), void *handle);

/*
 * Record in the history of exports what was written and who did it: whoever --by names, else the
 * login name of this process. A failure is said.
 */
enum status	output_note(const struct call *call, const char *kind, const char *format,
		    const struct register_filter *filter, size_t lines);

#endif
