// SPDX-License-Identifier: ISC
/*
 * cmd_export.c: the register to standard output or a file. A file is written beside its target and renamed over it, so that
 * nobody finds half of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/buffer.h"
#include "gen/cmd_share.h"
#include "gen/export.h"

/* Which format was asked for. */
static enum status
read_format(const struct call *call, enum export_format *format)
{
	const char *text = call_value(call, OPTION_FORMAT);

	if (text == NULL || strcmp(text, "csv") == 0)
		*format = EXPORT_CSV;
	else if (strcmp(text, "json") == 0)
		*format = EXPORT_JSON;
	else
		return call_fail(call, ST_USAGE, "--format “%s” is neither csv nor json. Nothing was written.", text);
	return ST_OK;
}

/* Say why `path` could not be written; `error` is of errno. */
static enum status
fail_write(const struct call *call, const char *path, int error)
{
	return call_fail(call, error == ENOSPC || error == EDQUOT ? ST_FULL : ST_FAULT,
	    "%s could not be written: %s. What was there before is untouched. Make room, or choose another place.", path,
	    strerror(error));
}

/* Export into `part`, an open file called so, and put it in the place of `path`. */
static enum status
fill_file(const struct call *call, const struct register_filter *filter, enum export_format format, FILE *part,
    const char *part_path, const char *path, size_t *lines)
{
	enum status status = export_attendance(call->store, filter, format, part, lines);
	int error = errno;

	if (status == ST_OK && fsync(fileno(part)) != 0 && errno != EINVAL) {	/* EINVAL: a pipe or the like */
		error = errno;
		status = ST_FAULT;
	}
	if (fclose(part) != 0 && status == ST_OK) {
		error = errno;
		status = ST_FAULT;
	}
	if (status == ST_OK && rename(part_path, path) != 0) {
		error = errno;
		status = ST_FAULT;
	}
	if (status == ST_OK)
		return ST_OK;
	(void)unlink(part_path);
	if (status == ST_FULL || status == ST_FAULT)
		return fail_write(call, path, error);
	return call_fail_store(call, status, "Nothing was written.");
}

static enum status
export_to(const struct call *call, const struct register_filter *filter, enum export_format format, const char *path, size_t *lines)
{
	struct buffer part_path = { 0 };
	FILE *part;
	enum status status;
	int file;

	buffer_format(&part_path, "%s.part-XXXXXX", path);
	buffer_text(&part_path);
	file = mkstemp(part_path.data);
	part = file < 0 ? NULL : fdopen(file, "w");
	if (part == NULL) {
		status = fail_write(call, path, errno);
		if (file >= 0) {
			(void)close(file);
			(void)unlink(part_path.data);
		}
	} else {
		status = fill_file(call, filter, format, part, part_path.data, path, lines);
	}
	buffer_clear(&part_path);
	return status;
}

enum status
command_export(struct call *call)
{
	char from[WALL_DATE_SIZE], to[WALL_DATE_SIZE];
	struct register_filter filter = { 0 };
	const char *path = call_value(call, OPTION_OUTPUT);
	enum export_format format = EXPORT_CSV;
	size_t lines = 0;
	enum status status = read_format(call, &format);

	if (status == ST_OK)
		status = share_group(call, OPTION_GROUP, &filter.group_id);
	if (status == ST_OK)
		status = share_date(call, OPTION_FROM, from);
	if (status == ST_OK)
		status = share_date(call, OPTION_TO, to);
	if (status != ST_OK)
		return status;
	filter.from = call_has(call, OPTION_FROM) ? from : NULL;
	filter.to = call_has(call, OPTION_TO) ? to : NULL;
	if (path != NULL && strcmp(path, "-") != 0) {
		status = export_to(call, &filter, format, path, &lines);
		if (status == ST_OK)
			call_tell(call, "%zu lines in %s.", lines, path);
		return status;
	}
	status = export_attendance(call->store, &filter, format, stdout, &lines);
	if (status == ST_FULL || status == ST_FAULT)
		return call_fail(call, status, "standard output could not be written: %s. What was printed is not whole.",
		    strerror(errno));
	return status == ST_OK ? ST_OK : call_fail_store(call, status, "What was printed is not whole.");
}
